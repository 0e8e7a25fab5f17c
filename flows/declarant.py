"""`aqsha declarant`: all that is known of one importer of precursors, as a page and tables."""

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from flows.contract import Language
from flows.private_files import put_private

if TYPE_CHECKING:
    from infra.installation import Installation
    from templates.declarant import Declarant


class NothingKnown(LookupError):
    """No listed goods and no licence of this importer are known."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written; it holds no number of the importer."""

    night: date
    facts: int
    listed_items: int
    folder: str
    files: list[str]


def declarant(
    number: Annotated[
        str,
        typer.Argument(
            metavar="BIN",
            help="BIN of the importer; - reads it from standard input, so that it stands in no "
            "shell's history.",
        ),
    ],
    *,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Folder for the files; else declarants in AQSHA_HOME."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer as JSON on standard output.")
    ] = False,
) -> None:
    """Show what one importer brought in that is listed, what was wrong with it, and its licences.

    The folder gets the page in ru, kk and en, a workbook and a CSV of each table. They name the
    entity and are written for their owner only; the answer here does not. Exits 1 when nothing is
    known of it; nothing is written then.
    """
    from infra.installation import installation  # noqa: PLC0415

    asked = sys.stdin.readline().strip() if number == "-" else number.strip()
    at = installation()
    known = known_of(at, asked)
    digest = hashlib.sha256(asked.encode()).hexdigest()[:12]
    written = write(known, to or at.settings.home / "declarants" / digest)
    if as_json:
        sys.stdout.write(json.dumps(asdict(written), default=str) + "\n")
        return
    console = Console()
    console.print(
        f"{written.facts} facts, {written.listed_items} listed goods. Files in {written.folder}",
        highlight=False,
    )
    for page in (name for name in written.files if name.endswith(".html")):
        link = (Path(written.folder) / page).absolute().as_uri()
        console.print(f"  {link}", highlight=False, soft_wrap=True)


def known_of(at: "Installation", entity_bin: str) -> "Declarant":
    """What the lake holds of one importer, as of its latest declarations.

    Raises:
        NothingKnown: neither listed goods nor a licence.
    """
    from templates.declarant import Declarant  # noqa: PLC0415
    from transforms.feeds import FEED_BY_NAME  # noqa: PLC0415
    from transforms.precursors.changes import VIOLATION_CHANGES  # noqa: PLC0415
    from transforms.precursors.declarant import of_declarant  # noqa: PLC0415
    from transforms.precursors.goods import LISTED_GOODS  # noqa: PLC0415
    from transforms.precursors.violations import PRECURSOR_VIOLATIONS  # noqa: PLC0415

    tables = {
        "entity": FEED_BY_NAME["legal_entities"].accepted_table,
        "violations": PRECURSOR_VIOLATIONS,
        "goods": LISTED_GOODS,
        "licences": FEED_BY_NAME["precursor_licences"].accepted_table,
        "changes": VIOLATION_CHANGES,
    }
    rows = of_declarant({name: at.lake.read(t) for name, t in tables.items()}, entity_bin)
    if rows["goods"].is_empty() and rows["licences"].is_empty():
        raise NothingKnown(
            "No listed goods and no licence of this importer are known, so nothing was written. "
            "Check the number, or run aqsha nightly for a later day."
        )
    declared = FEED_BY_NAME["import_declarations"].accepted_table
    return Declarant(entity_bin, max(at.lake.partition_digests(declared)), **rows)


def write(known: "Declarant", folder: Path) -> Written:
    """Page, workbook and CSVs, for their owner only."""
    from templates.declarant import declarant_page  # noqa: PLC0415
    from templates.exports.declarant import tables  # noqa: PLC0415
    from templates.html import dossier_html  # noqa: PLC0415

    made = tables(known)
    beside = tuple(sorted(made))
    pages = {each.value: f"declarant.{each}.html" for each in Language}
    for each in Language:
        page = declarant_page(known, language=each, pages=pages, files=beside)
        made[pages[each]] = dossier_html(page)
    put_private(folder, made)
    return Written(
        night=known.night,
        facts=known.violations.height,
        listed_items=known.goods.height,
        folder=str(folder),
        files=sorted(made),
    )
