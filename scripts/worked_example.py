"""Follow one published figure by hand: from a record in a file to the report's page.

After ``make demo``, or any run (it reads the same NAOME_ variables as ``naome`` does):

    python scripts/worked_example.py > docs/worked-example.md

Words and SQL are in ``worked_example.md.jinja``; the figures come from the landing folder, the
warehouse and the report that are there. No identifier is printed: pseudonyms are cut to eight
characters, and identifying elements are blanked.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import etree, html

from naome_assets.contract.cosd_items import items
from naome_assets.disclosure.suppression import load_profile
from naome_assets.settings import Settings
from naome_assets.sources.cosd.layouts import family_of, version_of
from naome_assets.transform.project import load_project
from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.protocol import Warehouse

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
#: Stands for what could identify somebody.
_BLANKED = "..."
#: What links a record to its person, as ``cosd_items.tsv`` names it: shown, blanked.
_IDENTIFYING = ("nhs_number", "local_patient_identifier", "birth_date")
#: Uses of items that this figure goes through, as ``cosd_items.tsv`` names them.
_USED = ("event key", "evidence", "pathway", "places", "cns_access", "scope")

#: A provider of England with people seen and people not seen, none of its counts hidden; the
#: fewest people first.
_PROVIDER = """
select published.geography_code as code, published.geography_name as name, published.quarter
from published_cns_access as published
inner join cns_access as own
    on own.quarter = published.quarter and own.period = published.period
    and own.geography_code = published.geography_code and own.presentation = published.presentation
inner join provider as listed on listed.code = published.geography_code
where published.geography_type = 'provider' and published.period = 'rolling_36m'
    and published.presentation = 'all' and not published.suppressed and listed.nation = 'England'
    and own.seen < own.recorded
    and published.quarter = (select max(quarter) from published_cns_access)
order by own.patients, published.geography_code
limit 1
"""

#: A person of the provider who was seen: the records disagree, one was sent again. The record told
#: of is the first that counts and says so.
_RECORD = """
select record.file, record.position
from window_member as member
inner join event_record on event_record.person_id = member.person_id
inner join judged_record as record
    on record.file = event_record.file and record.position = event_record.position
inner join (
    select
        judged.person_id,
        count(distinct case when counted.file is not null then judged.cns_contact end) as contacts,
        sum(case when judged.disposition = 'superseded' then 1 else 0 end) as superseded
    from judged_record as judged
    left join event_record as counted
        on counted.file = judged.file and counted.position = judged.position
    group by judged.person_id
) as history on history.person_id = member.person_id
where member.quarter = ? and member.period = 'rolling_36m' and member.presentation = 'all'
    and member.geography_code = ? and member.cns_contact = 'seen'
    and record.cns_contact = 'seen' and record.source = 'cosd' and record.file like '%.xml'
order by history.contacts desc, history.superseded desc, record.file, record.position
limit 1
"""


@dataclass(frozen=True)
class Limits:
    """Wilson limits around a proportion, with every step that a hand would write down."""

    proportion: float
    people: int
    z: float

    @property
    def middle(self) -> float:
        """2np + z^2."""
        return 2 * self.people * self.proportion + self.z**2

    @property
    def reach(self) -> float:
        """The square root of z^2 + 4np(1 - p), times z."""
        spread = 4 * self.people * self.proportion * (1 - self.proportion)
        return self.z * math.sqrt(self.z**2 + spread)

    @property
    def whole(self) -> float:
        """2(n + z^2)."""
        return 2 * (self.people + self.z**2)

    @property
    def lower(self) -> float:
        """Percent."""
        return 100 * (self.middle - self.reach) / self.whole

    @property
    def upper(self) -> float:
        """Percent."""
        return 100 * (self.middle + self.reach) / self.whole


def worked_example(warehouse: Warehouse, landing: Path, report: Path) -> str:
    """The page, in Markdown.

    Args:
        warehouse: Where a run left its tables.
        landing: The landing folder of that run.
        report: The folder of the report of that run.

    Raises:
        LookupError: when no provider has a figure that can be followed.
    """
    provider = _first(warehouse.query(_PROVIDER), "no provider's figure is published")
    record = _first(
        warehouse.query(_RECORD, [provider["quarter"], provider["code"]]),
        "no record in a plain XML file says that somebody was seen",
    )
    file, position = str(record["file"]), int(record["position"])
    created, element = _element(landing / file, position)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701
    )
    environment.filters["number"] = lambda value, digits=1: f"{value:,.{digits}f}"
    own, published = (
        _first(warehouse.query(_figure_of(table), [provider["quarter"], provider["code"]]), table)
        for table in ("cns_access", "published_cns_access")
    )
    settings = load_project().variables
    z_95 = float(settings["z_95"])
    return environment.get_template("worked_example.md.jinja").render(
        provider=provider,
        file=file,
        position=position,
        created=created,
        xml=element,
        sql=_sql(warehouse),
        own=own,
        published=published,
        interval=Limits(own["seen"] / own["recorded"], int(own["recorded"]), z_95),
        limits=Limits(own["target_pct"] / 100, int(own["recorded"]), z_95),
        rounded_limits=Limits(published["target_pct"] / 100, int(published["recorded"]), z_95),
        window_days=settings["event_window_days"],
        profile=load_profile(Settings.from_environment().disclosure_profile),
        page=_row_of_page(report / "providers" / f"{provider['code']}.html"),
    )


def _figure_of(table: str) -> str:
    return (
        f"select * from {table} where quarter = ? and period = 'rolling_36m' "  # noqa: S608
        "and presentation = 'all' and geography_code = ?"
    )


def _first(found: pd.DataFrame, why_not: str) -> dict[str, Any]:
    if found.empty:
        raise LookupError(why_not)
    return {str(name): value for name, value in found.iloc[0].items()}


def _sql(warehouse: Warehouse) -> Callable[..., str]:
    """What a call block of the template becomes: its SELECT, and the rows that it gives."""

    def show(caller: Callable[[], str]) -> str:
        text = textwrap.dedent(caller()).strip()
        rows = warehouse.query(text)
        lines = [" | ".join(map(str, rows.columns)), " | ".join("---" for _ in rows.columns)]
        lines += [" | ".join(_cell(value) for value in row) for row in rows.itertuples(index=False)]
        table = "\n".join(f"| {line} |" for line in lines)
        return f"```sql\n{text}\n```\n\n{table}\n"

    return show


def _cell(value: object) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return f"{value:,.1f}" if not value.is_integer() else f"{value:,.0f}"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return str(value)


def _element(path: Path, position: int) -> tuple[str, str]:
    """When a COSD file was made, and its record of a number, counted from 1: the elements used."""
    root = etree.parse(path, _PARSER).getroot()
    namespace = etree.QName(root).namespace or ""
    version = version_of(namespace.rpartition("/")[2])
    if version is None:
        raise LookupError(f"{path.name} is no COSD file")
    family = family_of(version)
    kept, identifying = set(), set()
    for item in items():
        uses = item.used_by.split("; ")
        if item.column in _IDENTIFYING:
            identifying.add(getattr(item, family))
        elif item.table.startswith("cosd_") and any(use in uses for use in _USED):
            kept.add(getattr(item, family))
    records = [child for child in root if etree.QName(child).localname.endswith("Record")]
    record = records[position - 1]
    # Names and addresses are left out; what links records of a person stays, blanked.
    identifying = {path for path in identifying if path.startswith(_linking(record))}
    _prune(record, "", kept, identifying)
    created = root.findtext("{*}FileCreationDateTime") or root.findtext("FileCreationDateTime")
    text = etree.tostring(record, pretty_print=True, encoding="unicode")
    return str(created), text.replace(f' xmlns:COSD="{namespace}"', "").strip()


def _linking(record: etree._Element) -> tuple[str, ...]:
    """Sections that hold what links a record to its person."""
    return tuple(
        etree.QName(child).localname
        for child in record
        if etree.QName(child).localname in ("LinkagePatientId", "PatientIdentityDetails")
    )


def _prune(element: etree._Element, above: str, kept: set[str], identifying: set[str]) -> bool:
    """Take away what this figure does not use; says whether anything is left."""
    is_used = False
    for child in _elements(element):
        path = f"{above}{etree.QName(child).localname}"
        if path in identifying:
            for name in child.attrib:
                child.set(name, _BLANKED)
            child.text = _BLANKED if child.text else None
            is_used = True
        elif path in kept or _prune(child, f"{path}/", kept, identifying):
            is_used = True
        else:
            element.remove(child)
    return is_used


def _elements(element: etree._Element) -> Iterator[etree._Element]:
    yield from list(element.iterchildren(tag=etree.Element))


def _row_of_page(path: Path) -> list[tuple[str, str]]:
    """The figure as the page's first table shows it: heads and cells."""
    document = html.parse(path)
    row = document.xpath("//table//a[@href='#cns_access']/ancestor::tr")[0]
    heads = row.xpath("ancestor::table/thead//th")
    return [
        (head.text_content().strip(), cell.text_content().strip())
        for head, cell in zip(heads, row.xpath("th|td"), strict=True)
    ]


def main() -> None:
    """Print the page of the run that the environment points to."""
    settings = Settings.from_environment()
    warehouse = open_warehouse(settings.warehouse, read_only=True)
    try:
        print(worked_example(warehouse, settings.landing, settings.output / "report"), end="")
    finally:
        warehouse.close()


if __name__ == "__main__":
    main()
