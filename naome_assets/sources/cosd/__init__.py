"""COSD XML, v8 to v10: one file a provider a month, of which the breast records are kept.

``items.tsv`` says where each item stands in each version; ``contract`` reads it; ``records`` turns
a record element into rows by it; ``reader`` finds the record elements in a file of any size and
puts both together; ``documents`` writes what else follows from the table.
"""
