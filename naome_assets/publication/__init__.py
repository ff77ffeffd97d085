"""What leaves the warehouse: national headline figures, exports for analysts, the ledger's story.

Sub-national figures are written only inside the safe haven (``export``); nothing here publishes
them.
"""
