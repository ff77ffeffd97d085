"""Every source, once: the list by which files are found, read, replaced and told of."""

from __future__ import annotations

from naome_assets.sources import deaths, organisations, pathology, registry_extract, sact, wales
from naome_assets.sources.hospital import hes_apc, keys, pedw, rtds, waiting_times
from naome_assets.sources.source import Source

SOURCES: tuple[Source, ...] = (
    *pathology.SOURCES,
    *sact.SOURCES,
    *registry_extract.SOURCES,
    *wales.SOURCES,
    *deaths.SOURCES,
    *hes_apc.SOURCES,
    *rtds.SOURCES,
    *waiting_times.SOURCES,
    *keys.SOURCES,
    *pedw.SOURCES,
    *organisations.SOURCES,
)
SOURCE = {source.name: source for source in SOURCES}
#: Nation whose tumours a source reports, of those that report some.
TUMOURS_OF = {source.name: source.tumours_of for source in SOURCES if source.tumours_of}
#: Tables that every run reads again, because their files belong to no quarter.
OF_NO_QUARTER = tuple(
    table for source in SOURCES if not source.has_quarter for table in source.tables
)
