"""COSD XML, v8 to v10: one file a provider a month, of which the breast records are kept.

``layouts`` makes of the items (``contract.cosd_items``) a tree of elements for each version;
``records`` turns a record element into rows by it; ``reader`` reads the header and puts them
together, with the elements that ``sources.xml_stream`` finds in a file of any size.
"""
