"""What the rooms agree on, said once and as data; it imports nothing of naome but itself.

``submissions`` has the tables that readers fill, ``cosd_items`` the items of COSD that they read.
"""
