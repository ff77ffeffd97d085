"""Where the source of an asset is: its SQL or CSV file and its Python file.

On the machine of a developer they are files, which the UI shows with a button to copy their path.
Where ``NAOME_SOURCE_URL`` names the folder of the deployed version on a web server, they are links
there; a container's own paths lead nobody anywhere. Nothing of a machine is written to a file.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from pathlib import Path

import dagster as dg

from naome_assets.figures.made_of import COMPUTED_FROM
from naome_assets.orchestration.dagster_internals import step_of
from naome_assets.transform.project import Project

#: The folder that the paths of rules and of code references are within.
ROOT = Path(__file__).resolve().parents[2]


def source_url(path: str) -> str:
    """Web address of a file of the repository; empty where none is named."""
    base = os.environ.get("NAOME_SOURCE_URL", "").rstrip("/")
    return f"{base}/{path}" if base else ""


def with_code_references(
    assets: Iterable[dg.AssetsDefinition], project: Project
) -> list[dg.AssetsDefinition]:
    """The same assets, each with the files that say how it is made."""
    with warnings.catch_warnings():
        # Code references may change with a minor version of Dagster; those are chosen one by one.
        warnings.simplefilter("ignore", dg.BetaWarning)
        return [_with_references(own, project) for own in assets]


def _with_references(own: dg.AssetsDefinition, project: Project) -> dg.AssetsDefinition:
    path, line = step_of(own)

    def referring(spec: dg.AssetSpec) -> dg.AssetSpec:
        files = _files(spec.key.to_user_string(), project)
        references = [_reference(file, None) for file in files] + [_reference(path, line)]
        value = dg.CodeReferencesMetadataValue(code_references=references)
        return spec.merge_attributes(metadata={"dagster/code_references": value})

    return own.map_asset_specs(referring)


def _files(name: str, project: Project) -> list[Path]:
    if name in project.models:
        return [project.models[name].path]
    if name in project.seeds:
        return [project.seeds[name].path]
    if name in COMPUTED_FROM:
        return [ROOT / (COMPUTED_FROM[name].module.replace(".", "/") + ".py")]
    return []


def _reference(path: Path, line: int | None) -> dg.LocalFileCodeReference | dg.UrlCodeReference:
    label = path.resolve().relative_to(ROOT).as_posix()
    url = source_url(label)
    if url:
        return dg.UrlCodeReference(url=f"{url}#L{line}" if line else url, label=label)
    return dg.LocalFileCodeReference(file_path=str(path.resolve()), line_number=line, label=label)
