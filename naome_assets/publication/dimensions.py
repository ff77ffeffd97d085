"""Values of the dimensions of published tables, in the order in which readers meet them."""

from __future__ import annotations

#: Geographies that are published unchanged (method book section 7).
NATIONAL = ("england_and_wales", "nation")
ENGLAND_AND_WALES, ENGLAND, WALES = "K04000001", "E92000001", "W92000004"
PRESENTATIONS = ("all", "de_novo", "recurrent")
#: Groups of first treatments; with the untreated they make ``any``.
MODALITIES = ("surgery", "chemotherapy", "radiotherapy", "other_systemic", "endocrine", "other")
#: Rows of ``prevalence`` for everybody, by presentation.
EVERYBODY = {"sex": "all", "age_band": "all", "years_since_mbc": "all"}
