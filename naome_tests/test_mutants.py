"""The list of mutants keeps up with the code; that each is noticed, ``make mutants`` says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from naome_tests import mutants, sampled_mutants


@pytest.mark.parametrize("mutant", mutants.mutants(), ids=lambda mutant: mutant.what)
def test_every_mutant_changes_one_place(mutant: mutants.Mutant) -> None:
    assert (mutants.ROOT / mutant.file).read_text("utf-8").count(mutant.before) == 1
    assert mutant.before != mutant.after
    for word in mutant.tests.split():
        if word.startswith("naome_tests"):
            assert (mutants.ROOT / word).exists()


def test_a_survivor_is_distinguished_from_one_that_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text("LIMIT = 10\nOTHER = 1\n")
    (tmp_path / "test_rule.py").write_text(
        "from rule import LIMIT\n\n\ndef test_limit() -> None:\n    assert LIMIT == 10\n"
    )
    noticed = mutants.Mutant("limit", "rule.py", "LIMIT = 10", "LIMIT = 11", "test_rule.py")
    survivor = mutants.Mutant("other", "rule.py", "OTHER = 1", "OTHER = 2", "test_rule.py")
    assert mutants.is_noticed(noticed, tmp_path)
    assert not mutants.is_noticed(survivor, tmp_path)
    assert (tmp_path / "rule.py").read_text() == "LIMIT = 10\nOTHER = 1\n"


def a_module(checkout: Path, name: str, mutants_of: int) -> None:
    path = checkout / "mutants/rules" / f"{name}.py.meta"
    path.parent.mkdir(parents=True, exist_ok=True)
    names = [f"rules.{name}.x_f__mutmut_{n}" for n in range(mutants_of)]
    path.write_text(json.dumps({"exit_code_by_key": dict.fromkeys(names)}))


def test_mutants_are_drawn_in_proportion_and_by_the_seed(tmp_path: Path) -> None:
    for name, size in (("large", 300), ("small", 100), ("tiny", 2), ("empty", 0)):
        a_module(tmp_path, name, size)
    first = sampled_mutants.drawn(tmp_path, "rules", 40, 1)
    assert first == sampled_mutants.drawn(tmp_path, "rules", 40, 1)
    assert first != sampled_mutants.drawn(tmp_path, "rules", 40, 2)
    assert len({*first}) == len(first)
    counts = [sum(f".{name}." in own for own in first) for name in ("large", "small", "tiny")]
    assert counts == [30, 10, 2]
    a_module(tmp_path, "another", 50)
    again = sampled_mutants.drawn(tmp_path, "rules", 45, 1)
    assert {*first} - {*again} == set(), "a new module does not change what is drawn of others"


def test_a_report_counts_survivors_and_names_those_that_no_list_explains(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {("rules.a", "- x += 1\n+ x += 2"): "never read"}
    monkeypatch.setattr(sampled_mutants, "equivalents", lambda: known)
    found = {
        "rules.a.x_f__mutmut_1": "survived",
        "rules.a.x_f__mutmut_2": "survived",
        "rules.a.x_f__mutmut_3": "timeout",
        "rules.b.x_g__mutmut_1": "killed",
        "rules.b.x_g__mutmut_2": "no tests",
    }
    changes = {
        "rules.a.x_f__mutmut_1": "- x += 1\n+ x += 2",
        "rules.a.x_f__mutmut_2": "- y += 1\n+ y += 2",
        "rules.b.x_g__mutmut_2": "- z\n+ None",
    }
    lines = list(sampled_mutants.report(found, changes))
    assert [line.split() for line in lines[1:3]] == [
        ["rules.a", "3", "1", "1", "1"],
        ["rules.b", "2", "1", "0", "1"],
    ]
    assert [line.split()[0] for line in lines[3:5]] == [
        *("rules.a.x_f__mutmut_2", "rules.b.x_g__mutmut_2"),
    ]
    assert lines[-1] == "2 of 4 survived"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("- text((0, top - 14), label)\n+ text((0, top - 15), label)", True),
        ("- text((0, top - 14), label)\n+ text((0, top + 14), label)", False),
        ("- text((0, top - 14), label)\n+ text((1, top - 14), label)", False),
        ("- text((0, top - 14), label)\n+ text((0, top - 14), )", False),
        ("- size = 4.5\n+ size = 5.5", True),
        ("- size = 14\n+ size = 16", False),
    ],
)
def test_a_unit_of_a_drawing_is_nothing_to_see(change: str, expected: bool) -> None:
    assert sampled_mutants.is_one_unit("naome_assets.publication.charts.bars", change) is expected
    assert not sampled_mutants.is_one_unit("naome_assets.statistics.case_mix", change)
