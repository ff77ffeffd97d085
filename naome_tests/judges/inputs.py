"""Generated COSD files by the standard's own item lists, as disease registration has them.

The lists (`naome_tests/synthetic/data`) are facts of its schema definitions for v9.0.1 and of its
importer's mapping for v10; the reading is apart from the code that writes the files.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from lxml import etree

from naome_assets.quarters import Quarter
from naome_assets.synthetic import generate
from naome_tests.judges.result import Judgement
from naome_tests.synthetic.standard import choice_faults, faults, v10_paths

JUDGE = "NDRS item lists"
SCALE = 0.004
#: v9 gives way to v10 between them.
FIRST, LAST = Quarter(2023, 3), Quarter(2024, 3)


def judge() -> list[Judgement]:
    """Breast records of v9 by item, cardinality, format and code list; of v10 by path."""
    alike: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    known = {
        "/".join(steps[:end])
        for steps in (path.split("/") for path in v10_paths())
        for end in range(1, len(steps) + 1)
    }
    with tempfile.TemporaryDirectory() as name:
        generate(Path(name), FIRST, LAST, scale=SCALE, seed=18, workers=1, defects=False)
        for file in sorted(Path(name).rglob("*.xml")):
            root = etree.parse(file).getroot()
            version = next((v for v in ("v9", "v10") if v in etree.QName(root).namespace), None)
            if version is None:
                continue
            for record in root.iter("BreastRecord"):
                cases[version] += 1
                if version == "v9":
                    alike[version] += not [*faults(record), *choice_faults(record)]
                else:
                    alike[version] += _paths(record) <= known
    return [
        Judgement(JUDGE, "9.0.1", "generated breast records", cases["v9"], alike["v9"]),
        Judgement(JUDGE, "10", "paths of generated breast records", cases["v10"], alike["v10"]),
    ]


def _paths(record: etree._Element) -> set[str]:
    """Where each element is within the record."""
    found = set()
    for element in record.iterdescendants():
        above = [str(etree.QName(one).localname) for one in element.iterancestors()]
        steps = above[: above.index(str(etree.QName(record).localname))]
        found.add("/".join([*reversed(steps), str(etree.QName(element).localname)]))
    return found
