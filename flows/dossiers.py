"""The dossier of a traced case and its exports: put into a folder, and told at a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from flows.contract import Language
from flows.private_files import put_private

if TYPE_CHECKING:
    from transforms.trail.tracing import Traced

_SHOWN = (
    "transactions", "layers", "accounts", "holders", "payers", "entered_tiyn", "held_tiyn",
    "arrestable_tiyn", "arrested_tiyn", "confiscated_tiyn", "cash_tiyn", "exchange_tiyn",
    "abroad_tiyn", "service_tiyn", "mixer_tiyn", "lost_tiyn",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a trace, without personal data. Amounts in tiyn, by each rule."""

    case_no: str
    rule: str
    is_backward: bool
    since: date
    night: date
    figures: list[dict[str, Any]]
    folder: str
    files: list[str]


def write(case: "Traced", subject: str, folder: Path, languages: Sequence[Language]) -> Written:
    """Put dossier and exports into a folder, for their owner only.

    What an earlier trace left there, as pages in other languages, goes: it tells other figures.

    Args:
        case: not an empty one.
        subject: what was asked, as the pages say it.
        folder: made if need be.
        languages: of the pages.
    """
    from infra.code_version import code_version  # noqa: PLC0415
    from templates.dossier import dossier  # noqa: PLC0415
    from templates.exports.files import WORKBOOK, files  # noqa: PLC0415
    from templates.html import dossier_html  # noqa: PLC0415

    made = files(case)
    pages = {each.value: _page(each) for each in languages}
    for each in languages:
        page = dossier(
            case,
            subject=subject,
            language=each,
            pages=pages if len(pages) > 1 else {},
            files=tuple(sorted(made)),
            code_version=code_version(),
        )
        made[pages[each]] = dossier_html(page)
    put_private(folder, made)
    for name in {WORKBOOK, *map(_page, Language)} - made.keys():
        (folder / name).unlink(missing_ok=True)
    figures = case.figures.drop("case_no").to_dicts()
    return Written(
        case.case_no,
        case.rule_code,
        case.is_backward,
        case.since,
        case.night,
        figures,
        str(folder),
        sorted(made),
    )


def _page(language: Language) -> str:
    return f"dossier.{language}.html"


def show(console: Console, written: Written) -> None:
    """Counts and amounts by each rule, the chosen one first, and where the files are."""
    figures = sorted(written.figures, key=lambda row: row["rule_code"] != written.rule)
    way = "Backward" if written.is_backward else "Forward"
    title = f"{way} from {written.since} to {written.night}; rules are never added"
    table = Table(title=title, title_justify="left")
    table.add_column("figure")
    for row in figures:
        table.add_column(row["rule_code"], justify="right")
    for name in _SHOWN:
        if any(row[name] for row in figures):
            table.add_row(_heading(name, written), *(_worded(name, row[name]) for row in figures))
    console.print(table)
    console.print(f"{len(written.files)} files in {written.folder}", highlight=False)
    for page in (name for name in written.files if name.endswith(".html")):
        link = (Path(written.folder) / page).absolute().as_uri()
        console.print(f"  {link}", highlight=False, soft_wrap=True)


def _heading(name: str, written: Written) -> str:
    told = "not explained" if name == "held_tiyn" and written.is_backward else name
    unit = ", KZT" if name.endswith("_tiyn") else ""
    return told.removesuffix("_tiyn").replace("_", " ") + unit


def _worded(name: str, value: int) -> str:
    if name.endswith("_tiyn"):
        return f"{value // 100:,}.{value % 100:02}"
    return f"{value:,}"
