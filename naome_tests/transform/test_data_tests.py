"""dbt's data tests, read from YAML."""

from __future__ import annotations

from typing import Any

import pytest

from naome_assets.transform.data_tests import DataTest, DataTestError, data_tests


def key(expression: str) -> dict[str, Any]:
    return {"data_tests": [{"unique": {"arguments": {"column_name": expression}}}]}


#: Settings as YAML gives them: a list, and names with what belongs to each.
SETTINGS: dict[str, Any] = {"national": ["both", "nation"], "nations": {"England": {}, "Wales": {}}}


def values(written: object) -> dict[str, Any]:
    accepted = {"accepted_values": {"arguments": {"values": written}}}
    return {"columns": [{"name": "nation", "data_tests": [accepted]}]}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["England", "Wales"], ("England", "Wales")),
        ("{{ var('nations') | list }}", ("England", "Wales")),
        ("{{ var('national') }}", ("both", "nation")),
        ("{{ var('national') + var('national') }}", ("both", "nation", "both", "nation")),
    ],
)
def test_values_are_listed_or_those_of_settings(written: object, expected: tuple[str, ...]) -> None:
    [read] = data_tests(values(written), SETTINGS)
    assert read == DataTest("accepted_values", ("nation",), values=expected)


def test_each_kind_is_read() -> None:
    entry = {
        **key("file || '#' || cast(position as text)"),
        "columns": [
            {"name": "file", "data_tests": ["not_null"]},
            {
                "name": "person_id",
                "data_tests": [{"unique": {"config": {"where": "disposition = 'accepted'"}}}],
            },
            {
                "name": "rule",
                "data_tests": [
                    {"accepted_values": {"arguments": {"values": [1, 2], "quote": False}}},
                    {
                        "relationships": {
                            "arguments": {"to": "ref('quarantine_rule')", "field": "code"}
                        }
                    },
                ],
            },
            {"name": "free"},
        ],
    }
    assert data_tests(entry, {}) == (
        DataTest("unique", ("file", "position")),
        DataTest("not_null", ("file",)),
        DataTest("unique", ("person_id",), where="disposition = 'accepted'"),
        DataTest("accepted_values", ("rule",), values=(1, 2)),
        DataTest("relationships", ("rule",), to=("quarantine_rule", "code")),
    )


@pytest.mark.parametrize(
    "entry",
    [
        key("lower(file) || '#' || position"),
        key("file || '/' || position"),
        {"data_tests": [{"expression_is_true": {"arguments": {"expression": "1 = 1"}}}]},
        values("{{ var('nations') | first }}"),
        values("{{ var('nation') | list }}"),
        {
            "columns": [
                {
                    "name": "rule",
                    "data_tests": [
                        {"relationships": {"arguments": {"to": "source('a', 'b')", "field": "c"}}}
                    ],
                }
            ]
        },
    ],
)
def test_what_is_not_understood_is_an_error(entry: dict[str, Any]) -> None:
    with pytest.raises(DataTestError):
        data_tests(entry, SETTINGS)
