"""Linkage: who a record without an NHS number is about. Off unless NAOME_LINKAGE=on (ruling C2)."""
