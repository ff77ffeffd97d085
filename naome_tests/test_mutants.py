"""The list of mutants keeps up with the code; that each is noticed, ``make mutants`` says."""

from __future__ import annotations

from pathlib import Path

import pytest

from naome_tests import mutants


@pytest.mark.parametrize("mutant", mutants.mutants(), ids=lambda mutant: mutant.what)
def test_every_mutant_changes_one_place(mutant: mutants.Mutant) -> None:
    assert (mutants.ROOT / mutant.file).read_text("utf-8").count(mutant.before) == 1
    assert mutant.before != mutant.after
    for word in mutant.tests.split():
        if word.startswith("naome_tests"):
            assert (mutants.ROOT / word).exists()


def test_a_survivor_is_told_from_one_that_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text("LIMIT = 10\nOTHER = 1\n")
    (tmp_path / "test_rule.py").write_text(
        "from rule import LIMIT\n\n\ndef test_limit() -> None:\n    assert LIMIT == 10\n"
    )
    noticed = mutants.Mutant("limit", "rule.py", "LIMIT = 10", "LIMIT = 11", "test_rule.py")
    survivor = mutants.Mutant("other", "rule.py", "OTHER = 1", "OTHER = 2", "test_rule.py")
    assert mutants.is_noticed(noticed, tmp_path)
    assert not mutants.is_noticed(survivor, tmp_path)
    assert (tmp_path / "rule.py").read_text() == "LIMIT = 10\nOTHER = 1\n"
