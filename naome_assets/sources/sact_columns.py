"""The columns of a SACT administration, whichever way it was sent."""

from __future__ import annotations

import pyarrow as pa

from naome_assets.sources.csv_table import Batch
from naome_assets.sources.pseudonyms import Pseudonymiser


def administrations(batch: Batch, pseudonymiser: Pseudonymiser) -> pa.Table:
    """Rows of ``sact_administration`` from columns named as in the CSV (rulings B10, B19)."""
    codes = batch.codes("sact_administration")
    return pa.table(
        batch.provenance()
        | batch.nhs_person("NHS_Number", pseudonymiser)
        | batch.local_person(codes["provider"], "Local_Patient_Identifier", pseudonymiser)
        | codes
        | batch.date("Start_Date_Of_Regimen", "regimen_start_date")
        | batch.date("Start_Date_Of_Cycle", "cycle_start_date")
        | batch.date("Administration_Date", "administration_date")
    )
