"""Values of the dimensions of published tables, in the order in which readers meet them."""

from __future__ import annotations

#: Geographies that are published unchanged (method book section 7).
NATIONAL = ("england_and_wales", "nation")
PRESENTATIONS = ("all", "de_novo", "recurrent")
#: Groups of first treatments; with the untreated they make ``any``.
MODALITIES = ("surgery", "chemotherapy", "radiotherapy", "other_systemic", "endocrine", "other")
