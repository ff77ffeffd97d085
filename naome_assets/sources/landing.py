"""The landing folder: which files belong to which quarter.

```
england/cosd/<provider>/<YYYY-MM>/*.xml     england/sact/<YYYY-MM>/*.csv and *.xml
england/pathology/<provider>/<YYYY-MM>/*.xml
wales/registry/<YYYY-Qn>/<health board>_tumour.csv and _treatment.csv
deaths/<YYYY-MM>/*.csv
england/registry/<YYYY-MM-DD>/*av_patient.csv, *av_tumour.csv, *sact_*.csv, *rtds_*.csv, *key.csv
```

The folder decides the quarter, never the content (ruling B14); COSD and COSD Pathology are told
apart by their content. ``.gz`` and ``.zip`` are read alike.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from naome_assets.quarters import Quarter

Source = Literal[
    "cosd",
    "wales_tumour",
    "wales_treatment",
    "sact",
    "pathology",
    "deaths",
    "registry_patient",
    "registry_tumour",
    "registry_sact_regimen",
    "registry_sact_cycle",
    "registry_sact_drug",
    "registry_sact_outcome",
    "registry_rtds_episode",
    "registry_rtds_prescription",
    "registry_key",
]

#: How the names of the files of a registry extract end, before ``.csv`` or ``.zip``.
_REGISTRY_ENDINGS: dict[str, Source] = {
    "av_patient": "registry_patient",
    "av_tumour": "registry_tumour",
    "sact_regimen": "registry_sact_regimen",
    "sact_cycle": "registry_sact_cycle",
    "sact_drug_detail": "registry_sact_drug",
    "sact_outcome": "registry_sact_outcome",
    "rtds_episode": "registry_rtds_episode",
    "rtds_prescription": "registry_rtds_prescription",
    "key": "registry_key",
}


@dataclass(frozen=True)
class LandingFile:
    """A file that landed.

    Attributes:
        path: where it is.
        name: path relative to the landing folder, with ``/``; bytes that are no UTF-8 are escaped.
        source: which reader takes it.
        quarter: ``2024-Q1``, by its folder.
        folder: the month or quarter folder, as named.
        provider: provider folder (COSD, pathology), health board of the name (Wales), else None.
        size: bytes on disk.
    """

    path: Path
    name: str
    source: Source
    quarter: str
    folder: str
    provider: str | None
    size: int


def discover(landing: Path, quarter: Quarter) -> list[LandingFile]:
    """Files of a quarter, in order of their names. Links that lead outside are not followed."""
    root = landing.resolve()
    return sorted(_files(root, quarter), key=lambda file: file.name.encode())


def _files(root: Path, quarter: Quarter) -> Iterator[LandingFile]:
    for month in quarter.months:
        for source in _BY_PROVIDER:
            for folder in sorted((root / "england" / source).glob(f"*/{month}")):
                for path in _regular_files(root, folder, _XML):
                    yield _landing_file(root, path, source, quarter, folder.parent.name)
        for path in _regular_files(root, root / "england" / "sact" / month, (*_CSV, *_XML)):
            yield _landing_file(root, path, "sact", quarter, None)
        for path in _regular_files(root, root / "deaths" / month, _CSV):
            yield _landing_file(root, path, "deaths", quarter, None)
        yield from _registry_extracts(root, month, quarter)
    for path in _regular_files(root, root / "wales" / "registry" / str(quarter), _CSV):
        health_board, _, rest = path.name.rpartition("_")
        kind = rest.split(".", 1)[0].lower()
        if kind == "tumour":
            yield _landing_file(root, path, "wales_tumour", quarter, health_board)
        elif kind == "treatment":
            yield _landing_file(root, path, "wales_treatment", quarter, health_board)


def _registry_extracts(root: Path, month: str, quarter: Quarter) -> Iterator[LandingFile]:
    """Files of the extracts dated in a month; files with other names are passed over."""
    for folder in sorted((root / "england" / "registry").glob(f"{month}-[0-3][0-9]")):
        for path in _regular_files(root, folder, _CSV):
            stem = path.name.split(".", 1)[0].lower()
            for ending, source in _REGISTRY_ENDINGS.items():
                if stem.endswith(ending):
                    yield _landing_file(root, path, source, quarter, None)


_BY_PROVIDER: tuple[Source, ...] = ("cosd", "pathology")
_XML = (".xml", ".xml.gz", ".zip")
_CSV = (".csv", ".csv.gz", ".zip")


def _regular_files(root: Path, folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    if not folder.is_dir() or not folder.resolve().is_relative_to(root):
        return
    for path in sorted(folder.iterdir()):
        if (
            path.name.lower().endswith(endings)
            and path.resolve().is_relative_to(root)
            and path.is_file()
        ):
            yield path


def _landing_file(
    root: Path, path: Path, source: Source, quarter: Quarter, provider: str | None
) -> LandingFile:
    return LandingFile(
        path=path,
        name=_readable(path.relative_to(root).as_posix()),
        source=source,
        quarter=str(quarter),
        folder=path.parent.name,
        provider=_readable(provider).upper() if provider else None,
        size=path.stat().st_size,
    )


def _readable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
