"""Pages of the report judged by html-validate, and the workbook opened by LibreOffice."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import openpyxl

from naome_tests.judges.result import Judgement, skipped

#: Pages judged: of each kind the first ones by name, of both languages.
OF_EACH_FOLDER = 12
#: The recommended rules, and those on a whole document: headings, labels, references. Left out are
#: what is no fault of a page: hashes of files in its folder, titles too long for a search engine,
#: and a role that an element has anyway, as the NHS design system writes it.
_RULES = {
    "extends": ["html-validate:recommended", "html-validate:document"],
    "rules": {"require-sri": "off", "long-title": "off", "no-redundant-role": "off"},
}


def judge(output: Path, tools: Path, what: str) -> list[Judgement]:
    """Ask both.

    Args:
        output: a publication, with its report and workbook.
        tools: the judges' environment.
        what: which publication it is, for the table.
    """
    return [_html(output / "report", tools, what), _workbook(output, what)]


def _html(report: Path, tools: Path, what: str) -> Judgement:
    judged = f"pages, {what}"
    program = tools / "node_modules" / ".bin" / "html-validate"
    if not report.is_dir():
        return skipped("html-validate", judged, "no report; run `make demo` first")
    if not program.exists() or shutil.which("node") is None:
        return skipped("html-validate", judged, "not installed; it needs node and npm")
    pages = [
        page
        for folder in sorted({path.parent for path in report.rglob("*.html")})
        for page in sorted(folder.glob("*.html"))[:OF_EACH_FOLDER]
    ]
    with tempfile.TemporaryDirectory() as name:
        rules = Path(name, "rules.json")
        rules.write_text(json.dumps(_RULES), encoding="utf-8")
        answer = Path(name, "answer.json")
        # A file: what node writes to a pipe is cut when it ends.
        with answer.open("wb") as out:
            subprocess.run(
                [str(program.absolute()), "--config", str(rules), "--formatter", "json",
                 *(str(page.absolute()) for page in pages)],
                stdout=out, check=False, cwd=name,
            )  # fmt: skip
        told = answer.read_text(encoding="utf-8")
    try:
        found = json.loads(told)
    except ValueError:
        return skipped("html-validate", judged, "it gave no answer")
    wrong = [one for one in found if one["errorCount"]]
    broken = Counter(message["ruleId"] for one in wrong for message in one["messages"])
    version = json.loads(
        (tools / "node_modules" / "html-validate" / "package.json").read_text(encoding="utf-8")
    )["version"]
    words = ", ".join(f"{rule} {times}" for rule, times in broken.most_common(5))
    note = f"it says: {words}" if words else ""
    return Judgement(
        "html-validate", version, judged, len(pages), len(pages) - len(wrong), note
    )  # fmt: skip


def _workbook(output: Path, what: str) -> Judgement:
    """LibreOffice reads the workbook and writes it again: the same sheets, the same cells."""
    judged = f"sheets of the workbook, {what}"
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return skipped("LibreOffice", judged, "not installed")
    books = sorted(output.glob("*.xlsx"))
    if not books:
        return skipped("LibreOffice", judged, "no workbook; run `make demo` first")
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(
            [program, f"-env:UserInstallation=file://{name}/profile", "--headless",
             "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", name, str(books[0])],
            capture_output=True, check=False,
        )  # fmt: skip
        again = Path(name, books[0].name)
        if not again.exists():
            return Judgement("LibreOffice", _version(program), judged, 1, 0, "it opened nothing")
        before, after = _cells(books[0]), _cells(again)
    alike = sum(after.get(sheet) == cells for sheet, cells in before.items())
    return Judgement("LibreOffice", _version(program), judged, len(before), alike)


def _cells(book: Path) -> dict[str, list[tuple[str, ...]]]:
    """The text of every filled cell of each sheet, row by row."""
    sheets = openpyxl.load_workbook(book, read_only=True)
    return {
        sheet.title: [
            tuple(_text(value) for value in row if value is not None)
            for row in sheet.iter_rows(values_only=True)
            if any(value is not None for value in row)
        ]
        for sheet in sheets.worksheets
    }


def _text(value: object) -> str:
    return f"{float(value):.9g}" if isinstance(value, int | float) else str(value)


def _version(program: str) -> str:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return next((word for word in told.stdout.split() if word[0].isdigit()), "")
