"""`aqsha catch-up` and `aqsha backfill`: nights held again, here and now."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from flows import orchestrator
from flows.exit_codes import Exit
from flows.terminal import steps_shown
from infra.settings import settings

if TYPE_CHECKING:
    from flows.backfill import Backfilled
    from flows.nightly import Night

AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]


def catch_up(
    *,
    feed: Annotated[
        str | None, typer.Option("--feed", help="Of this feed; else of all that are owed.")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="Last night; else the last one due."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in what came late, and hold the nights that were missed or that it has overtaken.

    With nothing new it changes nothing. Exits 1 when a feed or a night failed.
    """
    _orchestrated()
    from flows.catch_up import CatchUpFailed  # noqa: PLC0415
    from flows.catch_up import catch_up as flow  # noqa: PLC0415
    from flows.parameters import OWED  # noqa: PLC0415

    try:
        with steps_shown(_console()):
            ended = flow(feed or OWED, until.date() if until else None)
    except CatchUpFailed as error:
        ended = error.done
        _console().print(f"[bold red]✗[/] {error}", highlight=False)
    _show_nights(ended.nights)
    if not ended.nights and not ended.failed:
        _console().print(f"Nothing to catch up until {ended.until}.", highlight=False)
    _end(ended, ended.failed, as_json)


def backfill(
    *,
    since: Annotated[datetime, typer.Option("--since", formats=["%Y-%m-%d"], help="First night.")],
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last night.")],
    from_deliveries: Annotated[
        bool,
        typer.Option(
            "--from-deliveries",
            help="Read the files that were kept anew, by the rules of today; pull nothing.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done; change nothing.")
    ] = False,
    at_once: Annotated[
        int, typer.Option("--at-once", min=1, max=8, help="How many nights at a time.")
    ] = 2,
    as_json: AsJson = False,
) -> None:
    """Hold a range of nights again, and show the figures of the country before and after.

    It can be stopped and run again at any time: what is finished is found finished.
    """
    _orchestrated()
    from flows.backfill import BackfillFailed  # noqa: PLC0415
    from flows.backfill import backfill as flow  # noqa: PLC0415

    try:
        with steps_shown(_console()):
            ended = flow(since.date(), until.date(), from_deliveries, dry_run, at_once)
    except BackfillFailed as error:
        ended = error.done
        _console().print(f"[bold red]✗[/] {error}", highlight=False)
    _show_plan(ended)
    _show_nights(ended.nights)
    _show_changed(ended)
    _end(ended, ended.failed, as_json)


def _orchestrated() -> None:
    from flows import terminal  # noqa: PLC0415

    orchestrator.prepare(settings())
    with _console().status("The object store and Prefect are starting"):
        terminal.orchestrator_ready(settings()).result()


def _show_plan(ended: "Backfilled") -> None:
    would = "would be " if ended.is_dry else ""
    held = sum(plan.is_held for plan in ended.planned)
    files, rows = (sum(getattr(f, name) for f in ended.to_stage) for name in ("files", "rows"))
    _console().print(
        f"{len(ended.planned)} nights {would}held, {held} of them again; {files:,} files with "
        f"{rows:,} rows {would}read from those that were kept",
        highlight=False,
    )


def _show_nights(nights: "Iterable[Night]") -> None:
    rows = [
        {
            "night": night.business_date,
            "edition": edition.address,
            "what": "new" if edition.is_new else "unchanged",
            "missing or unusable": edition.gaps,
        }
        for night in nights
        for edition in night.published
    ]
    _table("Editions", rows)


def _show_changed(ended: "Backfilled") -> None:
    if ended.is_dry:
        return
    _console().print(f"{ended.figures_changed:,} figures are not what they were", highlight=False)
    columns = ("business_date", "indicator", "period", "period_end", "value_before", "value_after")
    rows = [{name: row[name] for name in columns} for row in ended.changed]
    _table("Figures of the country, before and after", rows)


def _table(title: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left")
    for heading in rows[0]:
        table.add_column(heading.replace("_", " "))
    for row in rows:
        table.add_row(
            *(f"{value:,}" if type(value) is int else str(value) for value in row.values())
        )
    _console().print(table)


def _end(ended: Any, failed: Iterable[str], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(asdict(ended), default=str, ensure_ascii=False) + "\n")
    raise typer.Exit(Exit.FAILED if failed else Exit.FINE)


def _console() -> Console:
    return Console(stderr=True)
