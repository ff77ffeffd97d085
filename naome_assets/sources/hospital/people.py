"""Whose a row of hospital data is: an NHS number, or a source's own number of a person (H8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from naome_assets.sources.conventions import reading_of
from naome_assets.sources.csv_headings import heading_key
from naome_assets.sources.csv_table import Batch
from naome_assets.sources.errors import RefusedFileError
from naome_assets.sources.pseudonyms import Pseudonymiser

NHS_NUMBER_COLUMNS = ("NEWNHSNO", "NHS_NUMBER", "NHSNUMBER")
#: Numbers of a registry extract, by which it is joined without a key file.
_REGISTRY_COLUMNS = ("STUDY_ID", "PATIENTID", "PSEUDO_PATIENTID")
_OUTPUTS = {
    "source_person_id": pa.string(),
    "nhs_person_id": pa.string(),
    "nhs_number_status": pa.string(),
    "registry_person_id": pa.string(),
}


@dataclass(frozen=True)
class PersonColumn:
    """The column of a file that says whose its rows are.

    Attributes:
        source: in whose numbers people are known: ``hes_apc``, ``pedw``, ``rtds`` or ``cwt``.
        name: of the column.
    """

    source: str
    name: str

    def people(self, batch: Batch, pseudonymiser: Pseudonymiser) -> dict[str, pa.Array]:
        """Pseudonyms of each row's person; source_person_id is null without any number.

        Columns: source_person_id, nhs_person_id, nhs_number_status, registry_person_id.
        """
        if self.name in NHS_NUMBER_COLUMNS:
            return batch.distinct(
                self.name,
                reading_of(self.name, "nhs_number"),
                lambda number: self._of_number(number, pseudonymiser),
                _OUTPUTS,
            )
        return batch.distinct(
            self.name,
            reading_of(self.name, "source_identifier"),
            lambda identifier: self._of_identifier(identifier, pseudonymiser),
            _OUTPUTS,
        )

    def _of_number(self, number: str | None, pseudonymiser: Pseudonymiser) -> Sequence[Any]:
        person, status = pseudonymiser.nhs_person(number)
        return pseudonymiser.source_person(self.source, number), person, status, None

    def _of_identifier(self, identifier: str | None, pseudonymiser: Pseudonymiser) -> Sequence[Any]:
        known = pseudonymiser.source_person(self.source, identifier)
        of_registry = None
        if known and self.name in _REGISTRY_COLUMNS:
            of_registry = pseudonymiser.registry("person", identifier)
        return known, None, "missing", of_registry


def person_column(source: str, order: Sequence[str], headings: Sequence[str]) -> PersonColumn:
    """The first of the columns that a file has: of NHS numbers, else of the source's own numbers.

    Raises:
        RefusedFileError: when it has none of them.
    """
    names = {heading_key(heading) for heading in headings}
    for name in (*NHS_NUMBER_COLUMNS, *order):
        if heading_key(name) in names:
            return PersonColumn(source, name)
    raise RefusedFileError(
        "columns_missing",
        f"no column tells the person: {', '.join((*order, *NHS_NUMBER_COLUMNS))}",
    )
