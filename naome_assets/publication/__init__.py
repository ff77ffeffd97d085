"""What readers get, from published tables: report, workbook, CSV files and headline.

``store`` keeps a publication in the warehouse and ``revision`` its vintages; ``files`` writes it.
``export`` (true counts) and ``status`` (the ledger) are for those who run the audit. What may be
published is decided in ``disclosure``, not here.
"""
