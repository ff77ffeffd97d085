"""The files: layout, versions, order of elements, and a manifest that tells the truth."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nhs_number
import pytest
from lxml import etree

from naome_assets.quarters import Quarter
from naome_assets.synthetic import Manifest, generate
from naome_assets.synthetic.defects import TABLE
from naome_assets.synthetic.manifest import FILE_NAME
from naome_tests.synthetic.standard import choice_faults, faults, v9_items, v10_paths

SCALE = 0.004
PREFIX = "http://www.datadictionary.nhs.uk/messages/"
Landing = tuple[Path, Manifest]


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Landing:
    """The quarters in which v9 gives way to v10, with defects."""
    path = tmp_path_factory.mktemp("defects")
    return path, generate(path, Quarter(2024, 1), Quarter(2024, 3), scale=SCALE, workers=1)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Landing:
    """The quarters in which v8 gives way to v9, without defects."""
    path = tmp_path_factory.mktemp("clean")
    first, last = Quarter(2020, 2), Quarter(2020, 3)
    return path, generate(path, first, last, scale=SCALE, workers=1, defects=False)


def documents(landing: Path) -> Iterator[tuple[str, bytes]]:
    """Every COSD document, named as the ledger names it."""
    for file in sorted((landing / "england" / "cosd").rglob("*.*")):
        name = file.relative_to(landing).as_posix()
        if file.name.startswith("COSD_Pathology"):
            continue
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                for member in archive.namelist():
                    yield f"{name}!{member}", archive.read(member)
        else:
            yield (
                name,
                gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else (file.read_bytes()),
            )


def well_formed(landing: Landing) -> Iterator[tuple[str, etree._Element]]:
    """Documents that are not to be rejected, names without the namespace of the default one."""
    path, manifest = landing
    rejected = {row.file for row in manifest.rows if row.expected == "rejected"}
    for name, data in documents(path):
        if name not in rejected:
            yield name, etree.fromstring(data, etree.XMLParser(remove_comments=True))


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def records(root: etree._Element) -> list[etree._Element]:
    return [child for child in root if local(child).endswith("Record")]


def group(record: etree._Element) -> str:
    """The tumour group's record element, also of a wrapped record."""
    name = local(record)
    return f"{local(record[1])}Record" if name == "COSDRecord" else name


def tree_of(landing: Path) -> dict[str, bytes]:
    files = (path for path in landing.rglob("*") if path.is_file())
    return {path.relative_to(landing).as_posix(): path.read_bytes() for path in files}


def test_same_seed_same_bytes_whatever_the_workers(tmp_path: Path) -> None:
    trees, calls = [], []
    for workers in (1, 2):
        target = tmp_path / str(workers)
        generate(
            target,
            Quarter(2024, 2),
            Quarter(2024, 2),
            scale=0.002,
            workers=workers,
            progress=lambda done, total: calls.append((done, total)),
        )
        trees.append(tree_of(target))
        done, total = calls[-1]
        assert done == total == len(trees[-1]) - 1  # the manifest is no submission
    assert trees[0] == trees[1]
    generate(tmp_path / "3", Quarter(2024, 2), Quarter(2024, 2), scale=0.002, workers=1, seed=2)
    assert tree_of(tmp_path / "3").keys() != trees[0].keys()


LAYOUT = re.compile(
    r"england/cosd/(\w{3})/\d{4}-\d\d/[^/]*\1[^/]*\.(xml|xml\.gz|zip)"
    r"|england/pathology/(\w{3})/\d{4}-\d\d/COSD_Pathology_\3_\d{6}\.xml"
    r"|england/sact/\d{4}-\d\d/[^/]+\.(csv|xml)"
    r"|wales/registry/\d{4}-Q[1-4]/7A[1-7]_(tumour|treatment)\.csv"
    r"|deaths/\d{4}-\d\d/[^/]+\.csv"
)


def test_every_file_lies_in_the_layout(landing: Landing) -> None:
    path, manifest = landing
    on_disk = sorted(tree_of(path).keys() - {FILE_NAME}, key=str.encode)
    assert on_disk == manifest.files
    assert [file for file in on_disk if not LAYOUT.fullmatch(file)] == []
    kinds = Counter("/".join(file.split("/")[:2]) for file in on_disk if "deaths" not in file)
    assert kinds["england/sact"] == 9
    assert kinds["wales/registry"] == 3 * 2 * 2


def namespaces(landing: Landing) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, root in well_formed(landing):
        month = name.split("/")[3]
        found.setdefault(month, set()).add(etree.QName(root).namespace.removeprefix(PREFIX))
    return found


def test_versions_by_month(landing: Landing, clean: Landing) -> None:
    early, late = namespaces(clean), namespaces(landing)
    assert {month: early[month] for month in ("2020-06", "2020-07")} == {
        "2020-06": {"COSD-v8-1", "COSD-v8-2"},
        "2020-07": {"COSD-v9-0-1"},
    }
    assert late["2024-03"] == {"COSD-v9-0-1"}
    assert late["2024-05"] <= {"COSD-v9-0-1", "COSD-v10-0-1"}
    assert late["2024-07"] == {"COSD-v10-0-1"}
    for name, data in documents(clean[0]):
        assert data.startswith(b"<?xml"), name


def prefixes(items: list[str]) -> dict[str, int]:
    """Where each element first occurs in the table."""
    order: dict[str, int] = {}
    for number, item in enumerate(items):
        parts = item.split("/")
        for depth in range(1, len(parts) + 1):
            order.setdefault("/".join(parts[:depth]), number)
    return order


def out_of_order(element: etree._Element, path: str, order: dict[str, int]) -> list[str]:
    """Paths that the table lacks, or that are before an item they must follow."""
    wrong, before = [], -1
    for child in element:
        child_path = f"{path}/{local(child)}" if path else local(child)
        place = order.get(child_path, -2)
        if place < before:
            wrong.append(child_path)
        before = place
        wrong += out_of_order(child, child_path, order)
    return wrong


def test_v9_elements_are_in_the_order_of_the_item_table(landing: Landing) -> None:
    order = prefixes(list(v9_items()))
    seen = set()
    for name, root in well_formed(landing):
        if "v9" in etree.QName(root).namespace:
            for record in records(root):
                assert out_of_order(record, "", order) == [], name
                seen.add(local(record))
    assert {"BreastRecord", "LungRecord", "UrologicalRecord"} <= seen


def test_the_order_test_sees_a_swap() -> None:
    order = prefixes(list(v9_items()))
    record = etree.fromstring("<R><Demographics/><LinkagePatientId/><Invented/></R>")
    assert out_of_order(record, "", order) == ["LinkagePatientId", "Invented"]


def test_breast_records_of_v9_are_valid_by_the_item_table(clean: Landing) -> None:
    """Cardinality, choices, formats and lists; defects are made later and by name."""
    found: Counter[str] = Counter()
    checked = 0
    for _, root in well_formed(clean):
        if "v9" in etree.QName(root).namespace:
            for record in root.iter("BreastRecord"):
                found.update(faults(record))
                found.update(choice_faults(record))
                checked += 1
    assert found == {}
    assert checked > 50


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('<PersonStatedGenderCode code="7"/>', "'7' is no value of the item"),
        ("<PersonStatedGenderCode>1</PersonStatedGenderCode>", "None is no value of the item"),
        ("<PersonBirthDate>01/02/1950</PersonBirthDate>", "Demographics/PersonBirthDate: not in"),
        ('<EthnicCategory code="A"/><EthnicCategory code="A"/>', "EthnicCategory: 2 times"),
    ],
)
def test_the_item_table_sees_a_wrong_value(wrong: str, told: str) -> None:
    record = etree.fromstring(f"<BreastRecord><Demographics>{wrong}</Demographics></BreastRecord>")
    assert any(told in fault for fault in faults(record))
    assert "LinkagePatientId" not in str(list(faults(record)))


def test_the_choices_see_both_of_two() -> None:
    """The schema has either the code of no discussion or the details of a meeting."""
    record = etree.fromstring(
        "<BreastRecord><PrimaryPathway/><MultidisciplinaryTeamMeetings>"
        '<MultidisciplinaryTeamMeetingDiscussion code="1"/><MultidisciplinaryTeamMeetingDetail/>'
        "</MultidisciplinaryTeamMeetings></BreastRecord>"
    )
    (fault,) = choice_faults(record)
    assert fault.startswith("MultidisciplinaryTeamMeetings: 2 of")


def meetings_of_two_kinds(record: etree._Element) -> list[str]:
    """v10 has the choice of v9; records with a defect may lack a pathway, never break this."""
    return [fault for fault in choice_faults(record) if fault.startswith("Multidisciplinary")]


def test_v10_elements_are_in_the_path_table(landing: Landing) -> None:
    known = prefixes(v10_paths())
    checked = 0
    for _, root in well_formed(landing):
        if "v10" in etree.QName(root).namespace:
            for record in records(root):
                for element in record.iterdescendants():
                    steps = [local(above) for above in element.iterancestors()]
                    path = [*reversed(steps[: steps.index(local(record))]), local(element)]
                    assert "/".join(path) in known
                    checked += 1
                assert meetings_of_two_kinds(record) == []
    assert checked > 1_000


def test_some_senders_wrap_their_v8_records(clean: Landing) -> None:
    """Ruling D15: the same sections under longer names, all records of a file alike."""
    sections: dict[str, set[str]] = {"COSD-v8-1": set(), "COSD-v8-2": set()}
    for _, root in well_formed(clean):
        version = etree.QName(root).namespace.removeprefix(PREFIX)
        for record in records(root) if version in sections else ():
            assert (local(record) == "COSDRecord") == (version == "COSD-v8-1")
            if group(record) != "BreastRecord":
                continue
            if version == "COSD-v8-1":
                (core,) = record.iterfind("Breast/BreastCore")
                names = {local(section) for section in core}
                assert all(name.startswith("BreastCore") for name in names)
                sections[version] |= {name.removeprefix("BreastCore") for name in names}
            else:
                sections[version] |= {local(section) for section in record} - {"Id"}
    assert sections["COSD-v8-1"] == sections["COSD-v8-2"] >= {"LinkagePatientId", "Treatment"}


def test_most_records_are_of_other_tumour_groups(clean: Landing) -> None:
    groups = Counter(group(r) for _, root in well_formed(clean) for r in records(root))
    assert groups["BreastRecord"] / groups.total() == pytest.approx(0.15, abs=0.03)
    assert groups["UrologicalRecord"] > groups["SarcomaRecord"]


def test_record_count_agrees_but_for_the_listed_files(landing: Landing) -> None:
    listed = {row.file for row in landing[1].rows if row.defect == "record_count_disagrees"}
    found = set()
    for name, root in well_formed(landing):
        count = next(child.get("value") for child in root if local(child) == "RecordCount")
        if int(count) != len(records(root)):
            found.add(name)
    assert found == listed
    assert found


def value(record: etree._Element, item: str) -> str:
    """An item of a v9 or v10 record, wherever it stands; empty when absent."""
    for element in record.iter():
        if local(element) == item:
            return element.text if element.text else "".join(element.attrib.values())
    return ""


def event_date(record: etree._Element) -> str:
    return value(record, "DateOfPrimaryDiagnosisClinicallyAgreed") or value(
        record, "DateOfNonPrimaryCancerDiagnosisClinicallyAgreed"
    )


def icd(record: etree._Element) -> str:
    items = ("PrimaryDiagnosisIcd", "OriginalPrimaryDiagnosisIcd", "ProgressionIcd")
    return next(filter(None, (value(record, item) for item in items)), "")


TRUE_OF_RECORD = {
    "nhs_number_fails_modulus_11": lambda r: (
        not nhs_number.is_valid(value(r, "NhsNumber")) and value(r, "LocalPatientIdentifier") != ""
    ),
    "nhs_number_invalid_no_local_id": lambda r: value(r, "LocalPatientIdentifier") == "",
    "nhs_number_missing": lambda r: value(r, "NhsNumber") == "",
    "nhs_number_placeholder": lambda r: value(r, "NhsNumber") == "0000000000",
    "provider_missing": lambda r: value(r, "OrganisationIdentifierCodeOfProvider") == "",
    "birth_date_missing": lambda r: value(r, "PersonBirthDate") == "",
    "birth_after_event": lambda r: value(r, "PersonBirthDate") > event_date(r),
    "event_date_missing": lambda r: event_date(r) == "",
    "event_date_before_1900": lambda r: event_date(r) < "1900",
    "sex_missing": lambda r: value(r, "PersonStatedGenderCode") == "",
    "code_lower_case": lambda r: icd(r).startswith("c50"),
    "code_dotted": lambda r: icd(r).startswith("C50."),
    "code_retired": lambda r: value(r, "ClinicalNurseSpecialistIndicationCode") == "Y2",
    "pathway_missing": lambda r: not {"PrimaryPathway", "NonPrimaryPathway"} & {*map(local, r)},
}


def test_manifest_positions_are_true_and_complete(landing: Landing) -> None:
    """A record has the defect exactly where the manifest says so."""
    listed: dict[str, set[tuple[str, int]]] = {defect.name: set() for defect in TABLE}
    for row in landing[1].rows:
        listed.setdefault(row.defect, set()).add((row.file, row.position))
    everywhere: dict[str, set[tuple[str, int]]] = {name: set() for name in TRUE_OF_RECORD}
    for file, root in well_formed(landing):
        for position, record in enumerate(records(root), start=1):
            if local(record) == "BreastRecord":
                for name, is_true in TRUE_OF_RECORD.items():
                    if is_true(record):
                        everywhere[name].add((file, position))
    undated = listed["event_date_missing"] | listed["pathway_missing"] | listed["pathway_empty"]
    implied = {  # one defect may look like another
        "nhs_number_invalid_no_local_id": listed["placeholder_no_local_id"],
        "nhs_number_placeholder": listed["placeholder_no_local_id"],
        "nhs_number_fails_modulus_11": listed["nhs_number_missing"],
        "event_date_missing": undated,
        "event_date_before_1900": undated,
        "birth_after_event": undated | listed["event_date_before_1900"],
    }
    for name, places in everywhere.items():
        assert places == listed[name] | implied.get(name, set()), name
    assert all(everywhere.values())


def test_every_kind_of_defect_comes_up(landing: Landing) -> None:
    found = {row.defect for row in landing[1].rows}
    wales = {defect.name for defect in TABLE if defect.scope == "wales_tumour"}
    # XML came before these quarters.
    earlier = {defect.name for defect in TABLE if defect.scope in ("sact_xml", "sact_xml_file")}
    assert {defect.name for defect in TABLE} - wales - earlier - found == set()
    assert len(wales & found) >= 5  # one a file, in turn, and there are but six such files


def test_every_kind_of_defect_of_sact_xml_comes_up(tmp_path: Path) -> None:
    """In the last quarters in which trusts send it; a record count counts records."""
    manifest = generate(tmp_path, Quarter(2020, 1), Quarter(2020, 2), scale=SCALE, workers=1)
    kinds = {defect.name for defect in TABLE if defect.scope in ("sact_xml", "sact_xml_file")}
    assert kinds - {row.defect for row in manifest.rows} == set()
    disagreeing = {r.file for r in manifest.rows if r.defect == "sact_xml_count_disagrees"}
    files = [file for file in manifest.files if re.search(r"/sact/.*\.xml$", file)]
    for file in files:
        root = etree.fromstring((tmp_path / file).read_bytes())
        assert root.tag == f"{{{PREFIX}SACT-v2-0}}SACT"
        stated = int(root.find("RecordCount").get("value"))
        assert (stated != len(root.findall("Record"))) == (file in disagreeing)
    assert len(files) == 2 * 6
    assert {
        code.get("code")
        for file in files
        for code in etree.parse(str(tmp_path / file)).iter("DrugTreatmentIntent")
    } == {"C", "P"}


def test_pathology_of_the_clean_world_has_the_shares_of_real_reports(clean: Landing) -> None:
    path, manifest = clean
    files = [path / file for file in manifest.files if "COSD_Pathology" in file]
    assert {file.parts[-4] for file in files} <= {"cosd", "pathology"}
    roots = [etree.fromstring(file.read_bytes()) for file in files]
    assert {root.tag for root in roots} == {f"{{{PREFIX}COSD_Pathology-v4-1-1}}COSD_Pathology"}
    er = Counter(e.get("code") for root in roots for e in root.iter("ErStatus"))
    her2 = Counter(e.get("code") for root in roots for e in root.iter("Her2Status"))
    assert 0.6 < er["P"] / er.total() < 0.9
    assert 0.05 < her2["P"] / her2.total() < 0.25
    assert her2["B"] > 0
    for root in roots:
        assert int(root.find("RecordCount").get("value")) == len(root.findall("Record"))


def test_rejected_files_cannot_be_read_as_cosd(landing: Landing) -> None:
    path, manifest = landing
    rejected = {row.file: row.defect for row in manifest.rows if row.expected == "rejected"}
    assert set(rejected.values()) == {"truncated", "wrong_namespace", "unknown_version"}
    for file, defect in rejected.items():
        data = (path / file).read_bytes()
        if defect == "truncated":
            with pytest.raises(etree.XMLSyntaxError):
                etree.fromstring(data)
        else:
            namespace = etree.QName(etree.fromstring(data)).namespace
            assert namespace.removeprefix(PREFIX) not in ("COSD-v9-0-1", "COSD-v10-0-1")


def test_superseded_records_are_those_with_a_later_record_of_the_same_event(
    tmp_path: Path,
) -> None:
    """The event key of the method book, read back from the files of a world without defects."""
    first, last = Quarter(2022, 1), Quarter(2022, 3)
    manifest = generate(tmp_path, first, last, scale=SCALE, workers=1, defects=False)
    sent: dict[tuple[str, ...], list[tuple[tuple[str, ...], str, int]]] = {}
    for file, root in well_formed((tmp_path, manifest)):
        created = value(root, "FileCreationDateTime")
        end = value(root, "ReportingPeriodEndDate")
        for position, record in enumerate(records(root), start=1):
            if local(record) == "BreastRecord":
                pathway = next(
                    tag
                    for tag in ("PrimaryPathway", "Recurrence", "Progression", "Transformation")
                    if tag in {local(e) for e in record.iter()}
                )
                key = (
                    value(record, "NhsNumber"),
                    value(record, "OrganisationIdentifierCodeOfProvider"),
                    pathway,
                    event_date(record),
                    icd(record)[:3],
                )
                order = (created, end, file, f"{position:06d}")
                sent.setdefault(key, []).append((order, file, position))
    superseded = {
        (file, position)
        for several in sent.values()
        for order, file, position in several
        if order < max(several)[0]
    }
    listed = {
        (r.file, r.position)
        for r in manifest.rows
        if r.file.startswith("england/cosd") and "COSD_Pathology" not in r.file
    }
    assert listed == superseded
    assert len(superseded) > 10
    assert {row.expected for row in manifest.rows} == {"superseded"}


def test_the_first_of_two_equal_records_is_the_superseded_one(landing: Landing) -> None:
    listed = [row for row in landing[1].rows if row.defect == "record_duplicated"]
    found = dict(well_formed(landing))
    for row in listed:
        ids = [record[0].get("root") for record in records(found[row.file])]
        assert ids[row.position - 1] in ids[row.position :]
    assert listed


def test_csv_defects_are_where_the_manifest_says(landing: Landing) -> None:
    path, manifest = landing
    is_true = {
        "sact_diagnosis_missing": lambda row: row["Primary_Diagnosis"] == "",
        "sact_start_none": lambda row: row["Start_Date_Of_Regimen"] == "-4714-12-31",
        "death_number_missing": lambda row: row["DEC_CONF_NHS_NUMBER"] == "",
        "death_day_unknown": lambda row: row["REG_DATE_OF_DEATH"].endswith("00"),
        "death_after_registration": lambda row: row["REG_DATE"] < row["REG_DATE_OF_DEATH"],
        "welsh_pathway_unknown": lambda row: row["pathway"] == "relapse",
        "welsh_treatment_undated": lambda row: row["start_date"] == "",
    }
    checked = 0
    for row in manifest.rows:
        if row.defect in is_true:
            text = (path / row.file).read_text(encoding="utf-8")
            data = list(csv.DictReader(io.StringIO(text)))
            assert is_true[row.defect](data[row.position - 1]), row.defect
            checked += 1
    assert checked >= 10


def test_archives_hold_what_their_names_say(tmp_path: Path) -> None:
    """A seed whose providers include senders of archives: they read back as XML."""
    generate(tmp_path, Quarter(2023, 1), Quarter(2023, 1), scale=0.1, seed=5, workers=1)
    suffixes = {path.suffix for path in (tmp_path / "england" / "cosd").rglob("*.*")}
    assert suffixes >= {".xml", ".zip"} or suffixes >= {".xml", ".gz"}
    for name, data in documents(tmp_path):
        if ".gz" in name or "!" in name:
            etree.fromstring(data)


def test_nothing_lies_in_the_future_of_its_file(clean: Landing) -> None:
    for name, root in well_formed(clean):
        created = value(root, "FileCreationDateTime")[:10]
        for record in records(root):
            if local(record) == "BreastRecord":
                dates = [e.text for e in record.iter() if "StartDate" in local(e) and e.text]
                assert all(date <= created for date in [*dates, event_date(record)]), name
    assert dt.date.fromisoformat(created) > dt.date(2020, 4, 30)


def test_an_empty_range_or_scale_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no quarter"):
        generate(tmp_path, Quarter(2024, 2), Quarter(2024, 1))
    with pytest.raises(ValueError, match="above 0"):
        generate(tmp_path, Quarter(2024, 1), Quarter(2024, 1), scale=0.0)
