"""Hospital files for tests: rows are written as they are given, in the layouts of section 7."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..submissions import _put

Row = Mapping[str, str | None]


def sheet(
    landing: Path,
    path: str,
    rows: Iterable[Row],
    *,
    columns: Sequence[str] | None = None,
    separator: str = ",",
    quoted: bool = False,
    newline: str = "\n",
    mark: str = "",
    broken: Iterable[str] = (),
) -> str:
    """Write one file; ``broken`` are lines put after the rows as they are. Returns its path.

    A name ending in ``.gz`` is compressed; ``a.zip!b.csv`` adds a member to an archive.
    """
    rows = list(rows)
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))

    def cell(value: str | None) -> str:
        text = value or ""
        return f'"{text}"' if quoted or separator in text else text

    lines = [separator.join(f'"{name}"' if quoted else name for name in columns)]
    lines += [separator.join(cell(row.get(name)) for name in columns) for row in rows]
    text = mark + newline.join([*lines, *broken]) + newline
    folder, _, name = path.rpartition("/")
    if "!" in path:
        archive, _, member = path.partition("!")
        folder, _, name = archive.rpartition("/")
        name = f"{name}!{member}"
    return _put(landing, folder, name, ".csv", text)


def hes(
    who: str,
    day: str | None,
    *codes: str,
    key: str = "NEWNHSNO",
    provider: str = "RHU",
    diagnosis: str = "DIAG_{:02d}",
    **more: str | None,
) -> dict[str, str | None]:
    """An episode of HES: the admission, its codes in order, and any other column."""
    return {
        "FYEAR": None,
        "PARTYEAR": None,
        key: who,
        "EPISTAT": "3",
        "ADMIDATE": day,
        "EPISTART": day,
        "EPIEND": None,
        "EPIORDER": "1",
        "PROCODE3": provider,
        **{diagnosis.format(place): code for place, code in enumerate(codes, start=1)},
        **more,
    }


def pedw_wide(
    who: str, day: str | None, spell: str, *codes: str, key: str = "NHS_NUMBER", **more: str | None
) -> dict[str, str | None]:
    """An episode of PEDW in one wide file."""
    return {
        key: who,
        "PROV_UNIT_CD": "7A4",
        "SPELL_NUM": spell,
        "EPI_NUM": "1",
        "ADMIS_DT": day,
        "EPI_STR_DT": day,
        **{f"DIAG_{place:02d}": code for place, code in enumerate(codes, start=1)},
        **more,
    }


def rtds_episode(
    who: str, course: str, day: str | None, icd: str = "C509", **more: str | None
) -> dict[str, str | None]:
    """An episode of radiotherapy."""
    return {
        "PATIENTID": who,
        "ORGCODEPROVIDER": "RHU",
        "ATTENDID": f"A{course}",
        "RADIOTHERAPYEPISODEID": course,
        "RADIOTHERAPYDIAGNOSISICD": icd,
        "TREATMENTSTARTDATE": day,
        "APPTDATE": None,
        **more,
    }


def rtds_prescription(
    who: str, course: str, region: str = "M", **more: str | None
) -> dict[str, str | None]:
    """A prescription of radiotherapy."""
    return {
        "PATIENTID": who,
        "ORGCODEPROVIDER": "RHU",
        "ATTENDID": f"A{course}",
        "RADIOTHERAPYEPISODEID": course,
        "PRESCRIPTIONID": "1",
        "RTTREATMENTREGION": region,
        **more,
    }


def cwt(
    who: str, kind: str, day: str | None, icd: str | None = "C509", provider: str = "RHU"
) -> dict[str, str | None]:
    """A treatment event of cancer waiting times."""
    return {
        "NHS Number": who,
        "CANCER_TREATMENT_EVENT_TYPE": kind,
        "Treatment Start Date": day,
        "primary_diagnosis_icd": icd,
        "organisation_code_provider": provider,
        "cancer_treatment_modality": "02",
    }


def link(source: str, who: str, number: str) -> dict[str, str | None]:
    """A row of a key file."""
    return {"source": source, "source_person_id": who, "nhs_number": number}
