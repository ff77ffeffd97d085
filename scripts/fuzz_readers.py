"""Mutation fuzzing of every reader; run it by hand: ``nice python scripts/fuzz_readers.py 600``.

Seeds are small real documents. Each is flipped, cut, spliced, repeated or gets tokens inserted, and
is read as the pipeline reads it. A find (the reader failed instead of naming a rule, counts that do
not add up, COSD's two ways disagreeing) is saved under ``naome_tests/sources/cases``.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1]))

from naome_assets.quarters import Quarter
from naome_assets.sources import xml_stream
from naome_assets.sources.ingest import read_files
from naome_assets.sources.landing import discover
from naome_tests.sources.support import LUNG, PSEUDONYMISER, V9_BREAST, cosd

CASES = Path(__file__).parents[1] / "naome_tests" / "sources" / "cases"
_SACT = (
    "NHS_Number,Local_Patient_Identifier,Date_Of_Birth,Organisation_Identifier_Code_Of_Provider,"
    "Primary_Diagnosis,Regimen,Start_Date_Of_Regimen,Drug_Name,Administration_Date\n"
    "9434765919,Q7,1960-01-01,R0A,C50.4,FEC,2024-01-04,EPIRUBICIN,2024-01-04\n"
    '9434765919,Q8,01/02/1970,R0A,C50,"F, EC",2024-01-04,CAPECITABINE,-4714-12-31\n'
)
_DEATHS = (
    "DEC_CONF_NHS_NUMBER,REG_DATE,REG_DATE_OF_DEATH,S_UNDERLYING_COD_ICD10\n"
    "9434765919,20240105,20240100,C509\n9434765919,20240106,20240103,C509\n"
)
_TUMOUR = (
    "record_id,extract_created,nhs_number,local_patient_identifier,birth_date,sex,provider,"
    "pathway,icd10,event_date,metastatic_type,metastatic_sites\n"
    "r1,20240301T101500,9434765919,L1,19600101,F,7A1,primary,C504,20240110,03,02;04\n"
)
_TREATMENT = (
    "record_id,nhs_number,local_patient_identifier,provider,start_date,modality,intent\n"
    "r1,9434765919,L1,7A1,20240201,01,C\n"
)


def _zipped(name: str, content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


def seeds() -> list[tuple[str, bytes]]:
    """Place in the landing folder, and content."""
    xml = cosd(V9_BREAST, LUNG, V9_BREAST).encode()
    v10 = b"\xef\xbb\xbf" + xml.replace(b"v9-0-1", b"v10-0-1")
    place = "england/cosd/R0A/2024-01/"
    found = [
        (place + "a.xml", xml),
        (place + "b.xml", v10),
        (place + "c.xml", xml.decode().replace('"UTF-8"', '"UTF-16"').encode("utf-16")),
        (place + "d.xml.gz", gzip.compress(xml, mtime=0)),
        (place + "e.zip", _zipped("m.xml", xml)),
        ("england/sact/2024-01/a.csv", _SACT.encode()),
        ("england/sact/2024-01/b.csv.gz", gzip.compress(_SACT.encode(), mtime=0)),
        ("deaths/2024-01/a.csv", _DEATHS.encode()),
        ("deaths/2024-01/b.zip", _zipped("d.csv", _DEATHS.encode())),
        ("wales/registry/2024-Q1/7A1_tumour.csv", _TUMOUR.encode()),
        ("wales/registry/2024-Q1/7A1_treatment.csv", _TREATMENT.encode()),
    ]
    examples = Path(__file__).parents[1] / "naome_tests" / "sources" / "examples"
    found += [(place + path.name, path.read_bytes()) for path in sorted(examples.glob("*.xml"))]
    return found


_TOKENS = (
    b"<", b">", b"</", b"/>", b"&", b"&amp;", b"&#0;", b"&#x110000;", b"<![CDATA[", b"]]>", b"<!--",
    b"-->", b"<?x", b"?>", b"<!DOCTYPE a>", b"Record>", b"</BreastRecord>", b"<BreastRecord>",
    b"<COSDRecord>", b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xfe",
    b"\xef\xbb\xbf", b"\x1f", b"PK\x03\x04", b"\x1f\x8b", b"=cmd|' /C calc'!A0", b"9" * 40,
    b"0000-00-00", b"99999999", "\u202e\U0001f600\u0660".encode(), b"xmlns:x='y'", b" " * 70,
)  # fmt: skip


def mutate(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """One to six small harms."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content) + 1)
        to = min(len(content), at + chance.choice((1, 2, 8, 60, 500)))
        match chance.randrange(7):
            case 0:
                content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
            case 1:
                content = content[:at]
            case 2:
                content = content[:at] + content[to:]
            case 3:
                content = (
                    content[:at] + other[chance.randrange(len(other) + 1) :][:300] + content[at:]
                )
            case 4:
                content = content[:to] + content[at:to] * chance.choice((1, 3, 100)) + content[to:]
            case _:
                content = content[:at] + chance.choice(_TOKENS) + content[at:]
    return content


def read_one(place: str, content: bytes, folder: Path) -> list[dict[str, Any]]:
    """Submissions of one file, with the rows of its parts under ``rows``."""
    path = folder / "landing" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    spill = folder / "spill"
    spill.mkdir(exist_ok=True)
    read: list[dict[str, Any]] = []
    rows: dict[str, list[Any]] = {}
    try:
        files = discover(folder / "landing", Quarter(2024, 1))
        for part in read_files(files, PSEUDONYMISER, spill, 1):
            read += [dict(row) for row in part.submissions]
            for table, parquet in part.tables:
                rows.setdefault(table, []).extend(pq.read_table(parquet).to_pylist())
    finally:
        path.unlink()
        for left in spill.iterdir():
            left.unlink()
    for row in read:
        row["rows"] = {t: [r for r in rs if r["file"] == row["file"]] for t, rs in rows.items()}
    return read


def _exact_only(*_: Any) -> Any:
    raise xml_stream.NotCleanlyCutError
    yield


def _told(row: dict[str, Any]) -> Any:
    return row["file"] if row["status"] == "rejected" else row


_MAIN = {
    "cosd": "cosd_record",
    "sact": "sact",
    "deaths": "death_registration",
    "wales_tumour": "wales_tumour",
    "wales_treatment": "wales_treatment",
}


def complaint(place: str, content: bytes, folder: Path) -> str | None:
    """What is wrong with how this file was read."""
    try:
        submissions = read_one(place, content, folder)
    except Exception as error:
        return f"read_files raised {type(error).__name__}: {error}"
    if not submissions:
        return "no submission"
    for row in submissions:
        if "reader_error" in (row["reason"] or ""):
            return str(row["reason"])
        held = len(
            next((rs for t, rs in row["rows"].items() if t.startswith(_MAIN[row["source"]])), [])
        )
        told = row["received"] - row["other_tumour_groups"] - row["unreadable_records"]
        if held != told:
            return f"{told} rows told, {held} held"
    if "/cosd/" in place:
        with mock.patch.object(xml_stream, "fast_children", _exact_only):
            exact = read_one(place, content, folder)
        # Of two faults in one file either may be told; only that it is refused must agree.
        if [_told(row) for row in exact] != [_told(row) for row in submissions]:
            alike = (
                [(a["status"], a["reason"]) for a in submissions],
                [(a["status"], a["reason"]) for a in exact],
            )
            return f"fast and exact disagree: {alike}"
    return None


def main() -> None:
    """Fuzz for so many seconds; exit code 1 when something was found."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("seconds", type=float)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    chance = random.Random(asked.seed)  # noqa: S311
    sources = seeds()
    found: Counter[str] = Counter()
    tried = 0
    end = time.monotonic() + asked.seconds
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            place, content = chance.choice(sources)
            content = mutate(content, chance.choice(sources)[1], chance)
            tried += 1
            wrong = complaint(place, content, Path(folder))
            if wrong is None:
                continue
            found[wrong[:150]] += 1
            if found[wrong[:150]] == 1:
                print(f"{place}: {wrong}", flush=True)
                name = f"{hashlib.sha256(content).hexdigest()[:12]}-{place.replace('/', '~')}"
                (CASES / name).write_bytes(content)
    print(f"{tried:,} files, {sum(found.values()):,} finds of {len(found)} kinds")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
