"""Why a whole file is refused."""

from __future__ import annotations


class RefusedFileError(Exception):
    """The file cannot be read as what it should be; none of its records counts (ruling B20).

    Attributes:
        rule: name of the rule broken.
        message: what is wrong, for a data manager, without any content of the file.
    """

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(rule, message)
        self.rule = rule
        self.message = message

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"
