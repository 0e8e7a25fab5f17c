"""`aqsha status`: how the feeds came in, and which reports are out and due."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from flows.exit_codes import Exit

if TYPE_CHECKING:
    from templates.status_model import StatusPage


def status(
    *,
    to: Annotated[
        Path | None, typer.Option("--to", help="Write the page into this folder, three languages.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer as JSON on standard output.")
    ] = False,
) -> None:
    """Feeds by day, in time, late, missing or corrupt, and which reports are out and due.

    It needs no Prefect. Exits 3 when something owed is missing or cannot be used, or when no night
    was ever held.
    """
    from flows.status import current, page_in, pages, told  # noqa: PLC0415 - the lake takes seconds
    from infra.installation import installation  # noqa: PLC0415

    stands = current(installation())
    if stands is None:
        Console(stderr=True).print("No night has been held yet.")
        raise typer.Exit(Exit.INCOMPLETE)
    if to:
        to.mkdir(parents=True, exist_ok=True)
        for name, body in pages(stands).items():
            (to / name).write_bytes(body)
    if as_json:
        sys.stdout.write(told(stands).decode() + "\n")
    else:
        _show(page_in("en", stands))
    raise typer.Exit(Exit.INCOMPLETE if stands.has_gaps else Exit.FINE)


def _show(page: "StatusPage") -> None:
    legend = ", ".join(f"{kind.sign} {kind.says}" for kind in page.legend)
    feeds = Table(title=page.night, caption=legend, title_justify="left")
    for heading in ("feed", *page.days):
        feeds.add_column(heading)
    for feed in page.feeds:
        feeds.add_row(feed.name, *(day.sign for day in feed.days))
    out = Table("report", "period", "state")
    for edition in page.editions:
        out.add_row(edition.report, edition.period, edition.state)
    Console(stderr=True).print(page.summary, feeds, out, sep="\n")
