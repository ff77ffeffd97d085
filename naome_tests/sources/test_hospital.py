"""Hospital data: each shape, each fault of the contract, and the models that they become."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from naome_assets.sources.hospital.codes import is_wanted, normal_icd
from naome_assets.sources.periods import first_day, last_day, nhs_year

from .hospital_files import HES, HES_HEADINGS, NUMBERS, Audit, episode, hes, key, lines
from .support import PSEUDONYMISER

EXAMPLES = Path(__file__).parent / "examples"
KEYS = "england/keys/2024-01-31/keys.csv"
RTDS = "england/rtds/2023-2024"
CWT = "england/cwt/2023-06/cwt.csv"
PEDW = "wales/pedw/2023-Q1"
DAY = date(2021, 5, 10)
OTHER = {"TOKEN_PERSON_ID": "TESTother"}
CWT_HEADINGS = (
    "NHS Number,Cancer Treatment Event Type,Treatment Start Date,Primary Diagnosis (ICD),"
    "Organisation Code (Provider)"
)


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    return Audit(tmp_path / "landing")


def person(number: str) -> str | None:
    return PSEUDONYMISER.nhs_person(number)[0]


@pytest.mark.parametrize(
    ("sent", "icd"),
    [
        ("C795", "C795"),
        ("C795D", "C795"),
        ("c79.5", "C795"),
        ("C795 ", "C795"),
        ("C80X", "C80"),
        ("C79-", "C79"),
        ("C79", "C79"),
        ("C7 95", "C795"),
        ("C79A", None),
        ("0000", None),
        ("-", None),
        ("R69X6", None),
        ("79.5", None),
    ],
)
def test_codes_in_normal_form(sent: str, icd: str | None) -> None:
    """Worked case 12, and ruling H14."""
    assert normal_icd(sent).icd == icd


@pytest.mark.parametrize("icd", ["C509", "C80", "D05", "D48", "D489", "Z853", "Z511", "Z515"])
def test_codes_that_are_wanted(icd: str) -> None:
    assert is_wanted(icd)


@pytest.mark.parametrize("icd", ["D49", "D50", "Z85", "Z854", "Z51", "Z513", "E119"])
def test_codes_that_are_not(icd: str) -> None:
    assert not is_wanted(icd)


def test_periods_of_folders() -> None:
    names = ("2021-2022", "2022-Q1", "2022-02", "2022-02-15")
    assert [last_day(name) for name in names] == [
        date(2022, 3, 31),
        date(2022, 3, 31),
        date(2022, 2, 28),
        date(2022, 2, 15),
    ]
    assert [first_day(name) for name in names] == [
        date(2021, 4, 1),
        date(2022, 1, 1),
        date(2022, 2, 1),
        date(2022, 2, 15),
    ]
    assert [nhs_year(date(1999, 4, 1)), nhs_year(date(2022, 3, 31))] == ["9900", "2122"]


def test_the_official_artificial_file(audit: Audit) -> None:
    """Its figures by section 2.4 of the contract."""
    sent = gzip.decompress((EXAMPLES / "artificial_hes_apc_0102.csv.gz").read_bytes())
    # Its own year was before the audit: the folder decides the quarter.
    name = "england/hes_apc/2021-2022/a.csv"
    audit.put(name, sent)
    received, accepted, superseded, out_of_scope, quarantined = audit.ledger()[name]
    assert received == 2075
    assert accepted + superseded + out_of_scope + quarantined == 2075
    of_year = "fyear, first_year, received, positions, has_regular_attenders"
    assert audit.rows("hes_apc_year", of_year) == [("0102", 2001, 2075, 7, True)]
    assert audit.rows("hospital_look_back") == [("England", date(2001, 4, 1), True, 7)]
    # 66 rows name a metastasis; one of them is an unfinished episode.
    count = "count(distinct position)"
    assert audit.rows("hes_apc_code", count, "icd like 'C50%'") == [(30,)]
    metastases = "substr(icd, 1, 3) in ('C77', 'C78', 'C79')"
    assert audit.rows("hes_apc_code", count, metastases) == [(65,)]
    told = "item = 'ADMIDATE' and convention = 'invalid_date'"
    assert audit.rows("submission_convention", "changed", told) == [(1,)]


def test_an_episode_and_its_codes(audit: Audit) -> None:
    """A DARS extract: DIAG_nn is read to its twentieth, DIAG_4_nn ends at the twelfth."""
    row = episode("E119", "C509", DIAG_15="C795D", DIAG_4_01="C189")
    audit.put(HES, hes(row, headings=(*HES_HEADINGS, "DIAG_4_01")))
    audit.put(KEYS, key(("HES_APC", "TESTabc123", NUMBERS[0])))
    assert audit.rows("hospital_episode", "person_id, hospital_date, provider, fyear") == [
        (person(NUMBERS[0]), DAY, "RTH", "2122")
    ]
    assert audit.rows("hospital_diagnosis", "icd, icd3, strength, is_breast") == [
        ("C509", "C50", None, True),
        ("C795", "C79", "strong", False),
        ("E119", "E11", None, False),
    ]
    assert audit.rows("hospital_look_back") == [("England", date(2021, 4, 1), False, 15)]
    assert audit.rows("hospital_available") == [("England", True), ("Wales", False)]


def test_which_code_is_strong(audit: Audit) -> None:
    strong = ["C780", "C788", "C78", "C790", "C791", "C793", "C799", "C79", "C772", "C774", "C775"]
    weak = ["C770", "C771", "C778", "C779", "C77", "C792"]
    neither = ["C773", "C776", "C777", "C789", "C80"]
    audit.put(HES, hes(episode(*strong), episode(*weak), episode(*neither)))
    told = audit.rows("hospital_diagnosis", "icd, strength")
    assert [icd for icd, strength in told if strength == "strong"] == sorted(strong)
    assert [icd for icd, strength in told if strength == "weak"] == sorted(weak)
    assert [icd for icd, strength in told if strength is None] == sorted(neither)


def test_a_date_of_admission_that_is_none(audit: Audit) -> None:
    """Worked case 13."""
    audit.put(HES, hes(episode("C780", "C509", ADMIDATE="1801-01-01")))
    assert audit.rows("hospital_episode", "hospital_date, admission_date") == [(DAY, None)]
    assert audit.rules() == [(1, "admission_date_missing", "warning")]


@pytest.mark.parametrize(
    ("items", "rule", "severity"),
    [
        ({"TOKEN_PERSON_ID": ""}, "hospital_person_missing", "error"),
        ({"TOKEN_PERSON_ID": "0000000000"}, "hospital_person_missing", "error"),
        ({"ADMIDATE": "1800-01-01", "EPISTART": "1899-12-31"}, "hospital_date_missing", "error"),
        ({"ADMIDATE": "", "EPISTART": "10/05/2021"}, "hospital_date_missing", "error"),
        ({"ADMIDATE": "2022-04-01"}, "hospital_date_after_extract", "error"),
        ({"ADMIDATE": "2021-05-11"}, "admission_after_episode", "warning"),
        ({"EPIEND": "2021-05-09"}, "episode_end_before_start", "warning"),
        ({"DISDATE": "2021-05-09"}, "discharge_before_admission", "warning"),
        ({"MYDOB": "062021"}, "birth_after_admission", "warning"),
        ({"PROCODE3": "somebody"}, "not_a_code", "warning"),
        ({"DIAG_02": "C79A"}, "not_a_code", "warning"),
    ],
)
def test_each_fault_of_a_row(audit: Audit, items: dict[str, str], rule: str, severity: str) -> None:
    audit.put(HES, hes(episode("C780"), episode("C780", **items, EPIORDER="2")))
    # The sound rows before it settle the form of each column of dates.
    assert (2, rule, severity) in audit.rules()
    accepted = 1 if severity == "error" else 2
    assert audit.ledger()[HES] == (2, accepted, 0, 0, 2 - accepted)


def test_a_key_of_two_people_and_a_person_of_two_kinds(audit: Audit) -> None:
    other = episode("C780", **OTHER, EPIORDER="2")
    again = episode("C780", **OTHER, SEX="1", EPIKEY="1", MYDOB="071951")
    audit.put(HES, hes(episode("C780"), other, again))
    assert audit.rules() == [
        (1, "episode_of_two_people", "warning"),
        (2, "episode_of_two_people", "warning"),
        (2, "person_contradicts", "warning"),
        (3, "person_contradicts", "warning"),
    ]
    assert audit.ledger()[HES] == (3, 3, 0, 0, 0)


def test_keys_of_episodes_of_nineteen_digits_differ_in_the_last(audit: Audit) -> None:
    one = episode("C780", EPIKEY="5897810072329512345")
    two = episode("C780", EPIKEY="5897810072329512346", **OTHER)
    audit.put(HES, hes(one, two))
    assert audit.rules() == []


def test_rows_that_are_not_stored_are_counted(audit: Audit) -> None:
    rows = [
        episode("C780"),
        episode("E119", "I10X"),
        episode("C780", EPISTAT="1"),
        episode("C787", EPISTAT=""),
        episode("C787", EPISTAT="3.0", EPIORDER="2"),
    ]
    audit.put(HES, hes(*rows))
    assert audit.ledger()[HES] == (5, 3, 0, 2, 0)


def test_an_equal_row_counts_once(audit: Audit) -> None:
    """EPIKEY and FYEAR say nothing of it (section 2.5)."""
    rows = [episode("C780"), episode("C780", EPIKEY="1"), episode("C780", EPIORDER="2")]
    audit.put(HES, hes(*rows))
    assert audit.ledger()[HES] == (3, 2, 1, 0, 0)


def test_the_last_delivery_of_a_year_replaces_it_whole(audit: Audit) -> None:
    """Rulings H5 and H6: the year folder after the month that ends with it, then PARTYEAR."""
    before = hes(episode("C780"), episode("C781"), episode("C782", FYEAR="2021"))
    audit.put("england/hes_apc/2022-03/a.csv", before)
    audit.put("england/hes_apc/2021-2022/z.csv", hes(episode("C783", PARTYEAR="202112")))
    audit.put("england/hes_apc/2021-2022/b.csv", hes(episode("C784", PARTYEAR="202113")))
    audit.put("england/hes_apc/2022-2023/c.csv", "no table at all\n1\n")
    assert audit.rows("hospital_diagnosis", "icd") == [("C782",), ("C784",)]
    ledger = audit.ledger()
    assert ledger["england/hes_apc/2022-03/a.csv"] == (3, 1, 2, 0, 0)
    assert ledger["england/hes_apc/2021-2022/z.csv"] == (1, 0, 1, 0, 0)


def test_a_year_in_quotes_is_a_year(audit: Audit) -> None:
    """Lines of the official file are quoted."""
    content = '"FYEAR","NEWNHSNO","EPISTAT","ADMIDATE","DIAG_01"\n'
    content += f'"2021","{NUMBERS[0]}","3","2021-05-10","C780"\n'
    audit.put("england/hes_apc/2022-2023/a.csv", content)
    assert audit.rows("hospital_episode", "fyear") == [("2021",)]
    assert audit.rows("hospital_look_back", "look_back_start")[0][0].year == 2020


def test_a_date_in_quotes_has_a_form(audit: Audit) -> None:
    """Ruling H10: the form of the first value, here eight digits."""
    rows = [f'"2122","{NUMBERS[0]}","3","{day}","C780"' for day in ("20180402", "2021-01-01")]
    content = '"FYEAR","NEWNHSNO","EPISTAT","ADMIDATE","DIAG_01"\n' + "\n".join(rows) + "\n"
    audit.put(HES, content)
    assert audit.rows("hospital_episode", "hospital_date") == [(date(2018, 4, 2),)]


def test_a_delivery_without_a_wanted_row_replaces_too(audit: Audit) -> None:
    audit.put("england/hes_apc/2022-02/a.csv", hes(episode("C780")))
    audit.put("england/hes_apc/2022-03/a.csv", hes(episode("E119")))
    assert audit.rows("hospital_episode", "count(*)") == [(0,)]


def test_a_year_in_two_files_of_one_delivery_is_told(audit: Audit) -> None:
    audit.put("england/hes_apc/2021-2022/a.csv", hes(episode("C780"), episode("C7", FYEAR="1920")))
    told = audit.rows("submission", "reason", "source = 'hes_apc'")[0][0]
    assert "year_outside_folder: FYEAR 1920" in told
    assert "several_years" in told


def test_a_year_of_the_folder_where_rows_have_none(audit: Audit) -> None:
    audit.put("england/hes_apc/2022-05/a.csv", hes(episode("C780", FYEAR="9999")))
    assert audit.rows("hospital_episode", "fyear") == [("2223",)]


@pytest.mark.parametrize(
    ("headings", "row", "codes"),
    [
        (("DIAG_3_01", "DIAG_4_01"), ("C79", "C795"), ["C795"]),
        (("DIAG_3_01",), ("C79",), ["C79"]),
        (("DIAG_4_CONCAT",), ('"C780,-,C509,E119"',), ["C509", "C780", "E119"]),
    ],
)
def test_the_columns_of_diagnoses_by_the_header(
    audit: Audit, headings: tuple[str, ...], row: tuple[str, ...], codes: list[str]
) -> None:
    """Ruling H13, in a comma file as the pilot's."""
    given = ("pseudo_hesid", " Admidate", *headings)
    content = lines(given, dict(zip(given, ("TESTx", "2021-05-10", *row), strict=True)))
    audit.put(HES, content)
    assert audit.rows("hospital_diagnosis", "icd") == [(code,) for code in codes]


def test_a_study_number_joins_the_registry_extract(audit: Audit) -> None:
    headings = ("STUDY_ID", "ADMIDATE", "DIAG_01")
    rows = [
        dict(zip(headings, (number, "10/05/2021", "C780"), strict=True))
        for number in ("12345.0", "99")
    ]
    audit.put(HES, lines(headings, *rows))
    audit.put(
        "england/registry/2024-02-15/av_tumour.csv",
        "PATIENTID,TUMOURID,DIAGNOSISDATEBEST,SITE_ICD10_O2_3CHAR,STAGE_BEST\n"
        "12345,1,2018-03-01,C50,2\n",
    )
    known = PSEUDONYMISER.registry("person", "12345")
    assert audit.rows("hospital_episode", "person_id, hospital_date") == [(known, DAY), (None, DAY)]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("", "not_csv"),
        ("\n\n", "not_csv"),
        ("ADMIDATE,DIAG_01\n2021-05-10,C780\n", "columns_missing"),
        ("PSEUDO_HESID,DIAG_01\n1,C780\n", "columns_missing"),
        ("PSEUDO_HESID,ADMIDATE\n1,2021-05-10\n", "columns_missing"),
        ("PSEUDO_HESID;ADMIDATE;DIAG_01\n1;2021-05-10;C780\n", "columns_missing"),
        ("PSEUDO_HESID,ADMIDATE,DIAG_01,DIAG_01\n1,2021-05-10,C780,C781\n", "columns_repeated"),
        (b"PSEUDO_HESID,ADMIDATE,DIAG_01\n1,2021-05-10,C78\xe9\n", "encoding"),
        (b"PSEUDO_HESID,ADMIDATE,DIAG_01\n1,2021-05-10," + b"x" * (1 << 20), "record_too_large"),
        ("," * 1_000 + "\n", "too_many_columns"),
    ],
)
def test_files_that_are_refused(audit: Audit, content: str | bytes, rule: str) -> None:
    audit.put(HES, content)
    assert audit.ledger()[HES] == (0, 0, 0, 0, 0)
    told = audit.rows("submission", "status, reason", "source = 'hes_apc'")
    assert [(status, reason.split(":")[0]) for status, reason in told] == [("rejected", rule)]


def test_lines_that_do_not_parse_cost_themselves_alone(audit: Audit) -> None:
    """Ruling H11: also one without a wanted code, and the last one when it is cut."""
    content = (
        "PSEUDO_HESID,ADMIDATE,DIAG_01,NOTE\r\n"
        "a,2021-05-10,C780,\r\n"
        'b,2021-05-10,C781,"x\r\n'
        "c,2021-05-10,C782\r\n"
        "\r\n"
        'd,2021-05-10,"C783","x, ""y"""\r\n'
        "e,2021-05-10,E119,,\r\n"
        "f,2021-05-10,C7\x0184,\r\n"
        "g,2021-0"
    )
    audit.put(HES, content)
    assert audit.rules() == [
        (2, "stray_quote", "error"),
        (3, "ragged_row", "error"),
        (5, "ragged_row", "error"),
        (6, "control_character", "error"),
        (7, "ragged_row", "error"),
    ]
    assert audit.rows("hospital_diagnosis", "position, icd") == [(1, "C780"), (4, "C783")]
    assert audit.ledger()[HES] == (7, 2, 0, 0, 5)


def test_a_large_file_is_the_same_in_one_block_or_many(audit: Audit) -> None:
    """Rows far apart keep their positions; the form of a date is that of the first row."""
    rows = [episode("E119", EPIORDER=str(number)) for number in range(3000)]
    rows[10] = episode("C780")
    rows[2990] = episode("C781", ADMIDATE="10/05/2021")
    audit.put(HES, hes(*rows))
    assert audit.rows("hospital_diagnosis", "position, icd") == [(11, "C780"), (2991, "C781")]
    assert audit.rows("hospital_episode", "position", "admission_date is null") == [(2991,)]


def test_keys_link_a_number_to_one_person(audit: Audit) -> None:
    """Ruling H8: the newest folder that names a number decides."""
    one, two = NUMBERS[:2]
    rows = [episode("C780", TOKEN_PERSON_ID=f"p{n}", EPIKEY=str(n)) for n in range(5)]
    audit.put(HES, hes(*rows))
    audit.put(
        "england/keys/2023-01-31/k.csv",
        key(("hes_apc", "p0", one), ("hes_apc", "p1", one), ("hes_apc", "p2", one)),
    )
    audit.put(
        KEYS,
        key(
            ("hes_apc", "p1", two),
            ("hes_apc", "p2", one),
            ("hes_apc", "p2", two),
            ("hes_apc", "p3", "9434765918"),
            ("rtds", "p4", one),
            ("clinic", "p4", one),
        ),
    )
    told = audit.rows("hospital_episode", "position, person_id")
    assert told == [(1, person(one)), (2, person(two)), (3, None), (4, None), (5, None)]
    assert audit.rows("hospital_link", "count(*)") == [(3,)]
    assert [rule for _, rule, _ in audit.rules()] == [
        "key_of_two_people",
        "key_of_two_people",
        "key_number_wrong",
        "key_source_unknown",
    ]
    assert audit.ledger()["england/keys/2023-01-31/k.csv"] == (3, 1, 2, 0, 0)


def test_a_column_of_nhs_numbers_comes_first(audit: Audit) -> None:
    rows = [
        episode("C780", NEWNHSNO="943 476 5919", EPIKEY="1"),
        episode("C780", NEWNHSNO="9434765918", EPIKEY="2"),
        episode("C780", NEWNHSNO="", EPIKEY="3"),
    ]
    audit.put(HES, hes(*rows, headings=(*HES_HEADINGS, "NEWNHSNO")))
    audit.put(KEYS, key(("hes_apc", "TESTabc123", NUMBERS[1])))
    told = audit.rows("hospital_episode", "position, person_id")
    assert told == [(1, person(NUMBERS[0])), (2, None)]
    assert audit.rules() == [(3, "hospital_person_missing", "error")]


SPELLS = (
    "PROV_UNIT_CD,SPELL_NUM_PE,ALF_PE,ALF_STS_CD,GNDR_CD,ADMIS_DT,DISCH_DT\n"
    "7A4,1,a1,1,2,20230110,20230112\n"
    "7A3,1,a2,99,2,20230111,20230112\n"
    "7A4,2,a3,4,2,20230112,20230112\n"
    "7A4,3,a4,4,2,20230113,20230112\n"
)
EPISODES = (
    "PROV_UNIT_CD,SPELL_NUM,EPI_NUM,EPI_STR_DT,EPI_END_DT,DIAG_CD_1234\n"
    "7A4,1,01,20230110,20230112,\n"
    "7A3,1,01,20230111,20230112,C509\n"
    "7A4,2,01,20230112,20230112,\n"
    "7A4,9,01,20230112,20230112,C780\n"
)
DIAGNOSES = (
    "PROV_UNIT_CD,SPELL_NUM,EPI_NUM,DIAG_NUM,DIAG_CD,DIAG_CD_123,DIAG_CD_1234\n"
    "7A4,1,1,1,C795D,C79,C795\n"
    "7A4,1,1,2,,C50,C509\n"
    "7A3,1,1,1,E119,E11,E119\n"
    "7A4,3,1,1,C780,C78,C780\n"
)


def put_pedw(audit: Audit, folder: str = PEDW) -> None:
    audit.put(f"{folder}/PEDW_SPELL.csv", SPELLS)
    audit.put(f"{folder}/PEDW_EPISODE.csv", EPISODES)
    audit.put(f"{folder}/PEDW_DIAG.csv", DIAGNOSES)
    audit.put(f"{folder}/PEDW_SUPERSPELL.csv", "PROV_UNIT_CD,SPELL_NUM\n7A4,1\n")
    audit.put(f"{folder}/pedw_oper.csv", "PROV_UNIT_CD,SPELL_NUM,OPER_CD\n7A4,1,B274\n")


def test_the_tables_of_pedw_are_joined(audit: Audit) -> None:
    put_pedw(audit)
    audit.put(KEYS, key(("pedw", "a1", NUMBERS[0]), ("pedw", "a2", NUMBERS[1])))
    of_episode = "person_id, hospital_date, admission_date, provider"
    assert audit.rows("hospital_episode", of_episode) == [
        # A link that is not good leads to nobody.
        (person(NUMBERS[0]), date(2023, 1, 10), date(2023, 1, 10), "7A4"),
        (None, date(2023, 1, 11), date(2023, 1, 11), "7A3"),
    ]
    assert audit.rows("hospital_diagnosis", "icd") == [("C509",), ("C509",), ("C795",)]
    assert audit.rows("hospital_look_back") == [("Wales", date(2023, 1, 1), False, 2)]
    assert audit.rows("hospital_available") == [("England", False), ("Wales", True)]
    rule = "pedw_without_partner"
    faults = audit.rows("quarantine", "file, position", f"rule = '{rule}'")
    assert faults == [
        (f"{PEDW}/PEDW_DIAG.csv", 4),
        (f"{PEDW}/PEDW_EPISODE.csv", 4),
        (f"{PEDW}/PEDW_SPELL.csv", 4),
    ]
    ledger = audit.ledger()
    assert ledger[f"{PEDW}/PEDW_SPELL.csv"] == (4, 2, 0, 1, 1)
    assert ledger[f"{PEDW}/PEDW_EPISODE.csv"] == (4, 2, 0, 1, 1)
    assert ledger[f"{PEDW}/PEDW_DIAG.csv"] == (4, 2, 0, 1, 1)
    assert ledger[f"{PEDW}/PEDW_SUPERSPELL.csv"] == (1, 0, 0, 1, 0)
    assert ledger[f"{PEDW}/pedw_oper.csv"] == (1, 0, 0, 1, 0)


def test_a_later_folder_replaces_a_spell_whole(audit: Audit) -> None:
    """Ruling H7; the wide file has one row an episode."""
    put_pedw(audit)
    later = "wales/pedw/2023-Q2/pedw_all.txt"
    headings = ("PROV_UNIT_CD", "SPELL_NUM", "ALF_E", "ADMIS_DT", "DIAG_01", "DIAG_02")
    rows = [
        ("7A4", "1", "a1", "2023-01-10", "C787", "E119"),
        ("7A4", "1", "a1", "2023-01-10", "C788", ""),
        ("7A5", "1", "a9", "2023-01-10", "E119", ""),
        ("7A5", "2", "", "2023-01-10", "C787", ""),
    ]
    audit.put(
        later,
        lines(headings, *(dict(zip(headings, row, strict=True)) for row in rows), separator="\t"),
    )
    assert audit.rows("hospital_diagnosis", "icd") == [("C509",), ("C787",), ("C788",), ("E119",)]
    spells = audit.rows("hospital_episode", "count(distinct spell_id), count(*)")
    assert spells == [(2, 3)]
    ledger = audit.ledger()
    assert ledger[later] == (4, 2, 0, 1, 1)
    assert ledger[f"{PEDW}/PEDW_SPELL.csv"] == (4, 1, 1, 1, 1)
    assert ledger[f"{PEDW}/PEDW_DIAG.csv"] == (4, 0, 2, 1, 1)


def test_a_file_of_pedw_that_its_name_does_not_tell(audit: Audit) -> None:
    audit.put(f"{PEDW}/table1.csv", SPELLS)
    told = audit.rows("submission", "reason", "source = 'pedw'")
    assert told[0][0].startswith("unknown_kind: ")


def rtds_person(number: str) -> str | None:
    return PSEUDONYMISER.source_person("rtds", number)


def test_episodes_and_prescriptions_are_courses(audit: Audit) -> None:
    """Ruling H21, in the dates and numbers of an extract for a study."""
    audit.put(
        f"{RTDS}/rtds_episode.csv",
        "PSEUDO_PATIENTID,ORGCODEPROVIDER,ATTENDID,RADIOTHERAPYEPISODEID,"
        "RADIOTHERAPYDIAGNOSISICD,TREATMENTSTARTDATE,APPTDATE\n"
        "11.0,RTH,a1,1,,01/06/2023,02/06/2023\n"
        "11.0,RTH,a2,1,C50.9,01/06/2023,03/06/2023\n"
        "12,RTH,a1,1,C61X,,04/06/2023\n"
        "13,RTH,a1,1,somewhere,,05/06/2023\n"
        "14,RTH,a1,1,C509,,\n",
    )
    audit.put(
        f"{RTDS}/rtds_prescription.csv",
        "PSEUDO_PATIENTID,ORGCODEPROVIDER,ATTENDID,RADIOTHERAPYEPISODEID,RTTREATMENTREGION\n"
        "11.0,RTH,a1,1,P\n"
        "11.0,RTH,a2,1, m\n"
        "12,RTH,a1,1,PR\n"
        "13,RTH,a1,1,Q\n"
        "15,RTH,a1,1,M\n",
    )
    audit.put(KEYS, key(("rtds", "11", NUMBERS[0])))
    course = "person_id, source_person_id, provider, diagnosis, is_metastasis, start_date"
    assert sorted(audit.rows("radiotherapy_course", course), key=lambda row: row[5]) == [
        (person(NUMBERS[0]), rtds_person("11"), "RTH", "C509", True, date(2023, 6, 1)),
        (None, rtds_person("12"), "RTH", "C61", False, date(2023, 6, 4)),
        (None, rtds_person("13"), "RTH", None, False, date(2023, 6, 5)),
    ]
    assert [(rule, severity) for _, rule, severity in audit.rules()] == [
        ("not_a_code", "warning"),
        ("rtds_region_unknown", "warning"),
        ("hospital_date_missing", "error"),
        ("rtds_without_partner", "warning"),
        ("rtds_without_partner", "warning"),
    ]


def test_a_combined_table_and_a_later_one(audit: Audit) -> None:
    """As the Simulacrum has it: no diagnosis. A later folder replaces the rows of its keys."""
    heading = "PATIENTID,PRESCRIPTIONID,RTTREATMENTREGION,RADIOTHERAPYEPISODEID,APPTDATE,ATTENDID\n"
    before, after = f"{RTDS}/sim_rtds_combined.csv", "england/rtds/2024-04/sim_rtds_combined.csv"
    audit.put(before, heading + "1,1,M,1,2023-06-01,1\n2,1,M,1,2023-06-02,1\n")
    audit.put(after, heading + "1,1,P,1,2023-06-03,1\n")
    assert audit.rows("radiotherapy_course", "is_metastasis, start_date, provider") == [
        (False, date(2023, 6, 3), None),
        (True, date(2023, 6, 2), None),
    ]
    assert audit.ledger()[before] == (2, 1, 1, 0, 0)
    assert audit.ledger()[after] == (1, 1, 0, 0, 0)


def test_treatments_of_waiting_times(audit: Audit) -> None:
    rows = [
        f"{NUMBERS[0]},5,2023-06-01,C50.9,RTH",
        f"{NUMBERS[0]},12,2023-06-02,,89997",
        f"{NUMBERS[0]},01,2023-06-03,C61,RTH",
        f"{NUMBERS[0]},13,2023-06-04,C509,RTH",
        f"{NUMBERS[0]},05,1800-01-01,C509,RTH",
        f"{NUMBERS[0]},05,2023-07-01,C509,RTH",
        ",05,2023-06-01,C509,RTH",
    ]
    audit.put(CWT, "\n".join([CWT_HEADINGS, *rows]) + "\n")
    event = "person_id, event_type, icd, treatment_date, provider"
    assert audit.rows("waiting_times_event", event) == [
        (person(NUMBERS[0]), "05", "C509", date(2023, 6, 1), "RTH"),
        (person(NUMBERS[0]), "12", None, date(2023, 6, 2), "89997"),
    ]
    assert audit.rules() == [
        (4, "waiting_times_event_unknown", "error"),
        (5, "hospital_date_missing", "error"),
        (6, "hospital_date_after_extract", "error"),
        (7, "hospital_person_missing", "error"),
    ]
    assert audit.ledger()[CWT] == (7, 2, 0, 1, 4)


def test_rapid_registrations_are_counted(audit: Audit) -> None:
    name = "england/rcrd/2023-06-30/rcrd.csv"
    audit.put(name, "INDIVIDUAL_ID,DIAGNOSISDATE,TUMOUR_SITE\n1,2023-01-01,C50\n2\n")
    assert audit.ledger()[name] == (2, 0, 0, 1, 1)


def test_nothing_is_there_where_nothing_was_sent(audit: Audit) -> None:
    for name in (
        *("hospital_episode", "hospital_diagnosis", "radiotherapy_course", "waiting_times_event"),
        "hospital_look_back",
    ):
        assert audit.rows(name) == []
    assert audit.rows("hospital_available") == [("England", False), ("Wales", False)]
