"""Words for nothing: what people, spreadsheets and databases write where nothing is known (I2).

The one list. A word counts whatever its case, blanks, brackets and stops: ``n/k``, ``(Not known)``
and ``#N/A`` are in it. No code of a standard is (a test holds them against every list that is
shipped), so that a code is never taken for a word.
"""

from __future__ import annotations

#: Letters and digits of each word, upper case. The empty one stands for signs alone: ``-``, ``?``.
NOTHING = frozenset(
    """
    NULL NIL NONE NAN NAT NA NK NKN NR UNK UNKN UNKNOWN UNDEFINED UNSPECIFIED UNRECORDED
    UNAVAILABLE UNCODED BLANK EMPTY MISSING VOID TBA TBC TBD DONTKNOW
    NOTKNOWN NOTYETKNOWN NOTKNOWNATPRESENT NOTCURRENTLYKNOWN NOTAPPLICABLE NOTAPPL NOTRECORDED
    NOTGIVEN NOTSTATED NOTAVAILABLE NOTSPECIFIED NOTPROVIDED NOTENTERED NOTCOLLECTED NOTCODED
    NOTREPORTED NOTSUPPLIED NOTSENT NOTSET NOTDOCUMENTED NOTCOMPLETED NOTASSESSED NOTDONE NOTTESTED
    NOTPERFORMED NOTREQUIRED NOTFOUND NOTASKED NOTDISCLOSED NOTONFILE NOTDETERMINED NOTASSIGNED
    NONERECORDED NONEKNOWN NONEGIVEN NONESTATED NONEENTERED NONESPECIFIED NONEPROVIDED
    NONEDOCUMENTED NONEAVAILABLE NONEREPORTED NILRECORDED NILKNOWN NOTHING NOTHINGRECORDED
    NOVALUE NODATA NODATE NOCODE NORECORD NOINFORMATION NOINFO NORESULT NOENTRY NOANSWER
    PENDING AWAITED AWAITING AWAITINGRESULT TOBECONFIRMED TOBEADVISED
    UNKNOWNNOTRECORDED NOTKNOWNNOTRECORDED UNKNOWNORNOTRECORDED
    """.split()  # noqa: SIM905 -- a list to read
) | {""}
#: Where a metastasis would stand, these too are nothing given, not the absence of one (I2).
NO_METASTASES = frozenset(
    f"{no}{which}{what}"
    for no in ("NO", "NIL", "NONE", "NOEVIDENCEOF", "NOKNOWN", "WITHOUT", "NOT")
    for which in ("", "DISTANT", "METASTATIC")
    for what in (
        "METASTASES",
        "METASTASIS",
        "METASTATIC",
        "METS",
        "MET",
        "DISEASE",
        "SITE",
        "SITES",
    )
)
#: A spreadsheet's own errors, and what databases print for no value.
_AS_TYPED = frozenset(
    {"\\N", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#DIV/0!", "#SPILL!", "#CALC!"}
)
#: Signs that may be in a word or alone. Not ``+``, which alone says positive.
_SIGNS = " \t\r\n\x0b\x0c\xa0-_./\\?*#~!|:;,()[]{}<>'\"`="
_TYPESET = "\u200b\u2013\u2014\u2018\u2019\u201c\u201d\ufeff"
_DROPPED = dict.fromkeys(map(ord, _SIGNS + _TYPESET))
_LONGEST = 40


def word_of(value: str) -> str:
    """Letters and digits of a value in upper case, by which words are compared."""
    return value.translate(_DROPPED).upper()


def is_nothing(value: str) -> bool:
    """Whether a value is a word for nothing; signs alone are, and so is an empty value."""
    if len(value) > _LONGEST:
        return False
    return word_of(value) in NOTHING or value.upper() in _AS_TYPED


def is_no_metastasis(value: str) -> bool:
    """Whether a value says that there is no metastasis."""
    return len(value) <= _LONGEST and word_of(value) in NO_METASTASES
