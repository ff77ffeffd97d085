"""What can be a value of an item: declared shapes, so that no free text is kept as a code.

A shape is wide enough for codes that no list has yet, and too narrow for names, numbers of people,
dates of birth and postcodes. Codes have theirs in ``contract/cosd_items.tsv`` and
``coded_columns.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import mul

#: ICD-10, with the fillers, daggers and asterisks of its coders; ICD-9 has digits alone.
_ICD = re.compile(r"[A-Z]\d\d(?:[\dX][\dX]?)?[AD+*]?|\d{3,5}")
#: CR0030 has 3 to 6 characters, CR6230 5 to 9 (COSD v9.0.1).
#: Towns and names have letters alone; so have codes of three, and of sites of the NHS (R) and
#: of others (N).
_ORGANISATION = re.compile(r"(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{3,9}|[A-Z]{3}|[RN][A-Z]{4,5}")
_SIDE = re.compile(r"[0-9A-Z]{1,2}|LEFT|RIGHT|BILATERAL|MIDLINE")
_NUMBER = re.compile(r"\d{1,3}")
#: TNM of UICC 7 and 8 with prefixes, sizes, and what is written behind: 1MI, 0(I+), 1(SN), 2A(M).
_CATEGORY = re.compile(
    r"[CPYRAM]{0,3}[TNM]?(?:\d|X|(?<![CPYRAM]{2})IS)[A-E]?(?:MIC?|I{1,3})?"
    r"(?:\([A-Z0-9+/-]{1,6}\)|(?:I|MOL)?[+-])*"
)
_STAGE = re.compile(r"(?:\d|IV|I{1,3})(?:IS|[A-E])?\d{0,2}|[XU?]")
#: British postcodes; the letters behind are of an alphabet of their own.
OUTWARD, INWARD = r"[A-Z]{1,2}\d[A-Z\d]?", r"\d[ABD-HJLNP-UW-Z]{2}"
_POSTCODE = rf"{OUTWARD}\s?{INWARD}"
_IS_POSTCODE = re.compile(_POSTCODE).fullmatch
#: What looks like the end of one: 1st, 2nd.
NO_ORDINAL = r"(?<!\dND)(?<!\dST)(?<!\dRD)(?<!\dTH)"
#: Words without a number, behind a sign; a blank alone is no sign, as in the line of an address,
#: nor is the hyphen of 1-Feb, which a spreadsheet makes of 1-2.
_WORDS = r"(?:\s+[-\u2013]|[-\u2013](?=\s*[A-Z]{4})|\s*[:=(,;])[^\d]*[A-Z][^\d]*"
_HEAD_OF_CATEGORY = r"(?:\d|X)(?:MIC?|[A-E])?"
#: UICC's letters for where a metastasis is: M1(OSS) is also written M1 OSS and M1OSS.
_METASTASIS_OF = "PUL|OSS|HEP|BRA|LYM|MAR|PLE|PER|ADR|SKI|OTH"
#: A code that words follow, as it begins (D5 and D6: how a category or a stage begins decides; B4:
#: the first letter of a side); of an organisation, one of the NHS in England or Wales.
_LABELLED: Mapping[str, re.Pattern[str]] = {
    "icd": re.compile(r"([A-Z]\d\d(?:\.?[\dX]{1,2})?[AD+*]?)\.?[\s,;:/(=|\u2020-].*", re.DOTALL),
    "organisation": re.compile(
        r"((?:R[A-Z0-9]{2}|7A[1-7])(?:[A-Z0-9]{2,3})?)[\s,;:/(=|-].*", re.DOTALL
    ),
    "tnm_category": re.compile(
        rf"([CPYRAM]{{0,3}}(?:[TNM]\s?{_HEAD_OF_CATEGORY}(?=[\s*?]|{_METASTASIS_OF}|{_WORDS})"
        rf"|{_HEAD_OF_CATEGORY}(?={_WORDS})))[^\d]*"
    ),
    "stage_group": re.compile(
        r"(?:STAGE[\s:-]*(?P<worded>(?:\d|IV|I{1,3})[A-E]?)(?![A-Z\d])[^\d]*"
        rf"|(?P<plain>(?:\d|IV|I{{1,3}})[A-E]?)(?:{_WORDS}|\s*\([A-Z\d\s,]{{2,20}}\)))"
    ),
    "laterality": re.compile(rf"(LEFT|RIGHT|BILATERAL|MIDLINE)\b[^\d/]*|([LRBM])(?:\.|{_WORDS})"),
    "code": re.compile(rf"(\d{{1,2}}(?:\.\d)?|[A-Z]\d){_WORDS}"),
    "metastasis": re.compile(rf"(\d{{1,2}}){_WORDS}"),
}
_LONGEST_NAME = 150
#: What tells of a person in a name of a drug or regimen.
_PERSONAL = re.compile(
    rf"""
    \d{{7}}                                             # an NHS number, a date, a telephone number
    | (?<!\d)\d{{3}}[^0-9A-Z]{{1,3}}\d{{3}}[^0-9A-Z]{{1,3}}\d{{4}}(?!\d)
    | (?<!\d)(?:\+44[ -]?|0)\d{{2,4}}[ -]?\d{{3,4}}[ -]?\d{{3,4}}(?!\d)
    | \d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d)         # a date
    | (?<!\d)\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:19|20)\d\d
    | (?<!\d)(?:0[1-9]|[12]\d|3[01])[-/.](?:0[1-9]|1[0-2])[-/.]\d\d(?!\d)
    | (?<!\d)(?<!\d[-/.])(?!1[-/.]8[-/.](?:15|22)\b)  # 17.4.31, not the days of a cycle
      (?:0?[1-9]|[12]\d|3[01])(?P<between>[-/.])(?:0?[1-9]|1[0-2])(?P=between)\d\d(?![-/.]?\d)
    | (?<!\d)\d{{1,2}}(?:ST|ND|RD|TH)?[ -]?
      (?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*[ ,-]*(?:19|20)?\d\d(?!\d)
    | \b{_POSTCODE}\b{NO_ORDINAL}
    | \b(?:MRS?|MISS|MS|DR|PROF)\.?\ [A-Z]{{2}}         # somebody by name
    | \b(?:DOB|D\.O\.B|NHS\ N|MRN|HOSP(?:ITAL)?\ N|PATIENT\ (?:NAME|ID|N))
    | @
    """,
    re.VERBOSE,
)
#: Digits in groups of any length.
_GROUPS_OF_DIGITS = re.compile(r"\d+(?:[^0-9A-Za-z]+\d+)+")
#: Of the ten digits of an NHS number, the check digit last.
_WEIGHTS = range(10, 0, -1)


def is_valid_nhs_number(cleaned: str) -> bool:
    """Ten digits that pass Modulus 11 (NHS Data Dictionary, NHS NUMBER)."""
    if len(cleaned) != 10 or not (cleaned.isascii() and cleaned.isdigit()):
        return False
    # The check digit makes up for the rest, so all ten together leave nothing; that the digits are
    # bytes adds 48 times the weights, which is a multiple of 11 too. A check digit of 10 does not
    # exist: such numbers are never issued.
    weighted: int = sum(map(mul, cleaned.encode(), _WEIGHTS))
    return weighted % 11 == 0


def digits_of_groups(value: str) -> list[str]:
    """Each row of groups of digits in a text (94 347-65919), as its digits."""
    return [re.sub(r"\D", "", found[0]) for found in _GROUPS_OF_DIGITS.finditer(value)]


def _is_organisation(value: str) -> bool:
    return _ORGANISATION.fullmatch(value) is not None and _IS_POSTCODE(value) is None


def _is_name(value: str) -> bool:
    """Whether a text can be the name of a drug or regimen: one line, and with nobody in it."""
    return (
        len(value) <= _LONGEST_NAME
        and value.isprintable()
        and _PERSONAL.search(value) is None
        and not any(map(is_valid_nhs_number, digits_of_groups(value)))
    )


#: Whether a comparable value can be one of its kind.
SHAPES: Mapping[str, Callable[[str], object]] = {
    "organisation": _is_organisation,
    "icd": _ICD.fullmatch,
    "laterality": _SIDE.fullmatch,
    "number": _NUMBER.fullmatch,
    "tnm_category": _CATEGORY.fullmatch,
    "stage_group": _STAGE.fullmatch,
    "name": _is_name,
}


def labelled(kind: str, sent: str) -> str | None:
    """The comparable code that a value begins with, when words follow it; None when none does."""
    pattern = _LABELLED.get(kind)
    match = pattern.fullmatch(sent.upper()) if pattern else None
    if match is None or _IS_POSTCODE(sent.upper()):
        return None
    code = next(group for group in match.groups() if group)
    return code.replace(".", "") if kind == "icd" else "".join(code.split())
