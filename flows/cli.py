"""`aqsha`: the night and its reports from a terminal, for people and for scripts."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from flows import orchestrator
from flows.annex import annex
from flows.blocking import blocking
from flows.clock import clock
from flows.contract import contract
from flows.declarant import declarant
from flows.evaluate import evaluate
from flows.exempt import exempt
from flows.exit_codes import Exit
from flows.keeping import backup, bootstrap, deploy, prefect, restore
from flows.learn import learn
from flows.links import links
from flows.metrics import metrics
from flows.operate import backfill, catch_up
from flows.orders import orders
from flows.quarantine import quarantine
from flows.receipts import receipts
from flows.seeds import seeds
from flows.shadow import shadow
from flows.sign_off import keys, link, log, release, withdraw
from flows.status_command import status
from flows.trace import trace
from flows.verify import verify
from flows.watch import watch
from infra.settings import SettingsError, settings

app = typer.Typer(
    help="The trail of the money: nightly feeds of banks, exchanges, customs and registers "
    "to published reports.",
    epilog="Exit codes: 0 fine, 1 failed, 2 wrong use, 3 published but incomplete.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(quarantine, name="quarantine")
app.add_typer(seeds, name="seeds")
app.add_typer(exempt, name="exempt")
app.add_typer(links, name="links")
app.add_typer(keys, name="keys")
app.command()(receipts)
app.command()(blocking)
app.command()(declarant)
app.command()(trace)
app.command()(contract)
app.command()(orders)
app.command()(clock)
app.command()(learn)
app.command()(evaluate)
app.command()(shadow)
app.command()(verify)
for sign_off in (release, withdraw, log, link, annex):
    app.command()(sign_off)
app.command()(catch_up)
app.command()(backfill)
app.command()(watch)
app.command()(status)
app.command()(metrics)
for keeping in (bootstrap, backup, restore, deploy):
    app.command()(keeping)
app.command(add_help_option=False, context_settings={"ignore_unknown_options": True})(prefect)
console = Console(stderr=True)

DEMONSTRATION_DAY = datetime(2025, 8, 18)  # noqa: DTZ001 - a civil date


Day = Annotated[
    datetime,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Business date, in Almaty."),
]
Ending = Annotated[
    datetime,
    typer.Option("--ending", formats=["%Y-%m-%d"], help="Last day of the period."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]
Rows = Annotated[
    int, typer.Option("--transactions", min=0, help="Bank transactions a day, all banks together.")
]


@app.command()
def simulate(
    day: Day = DEMONSTRATION_DAY,
    transactions: Rows = 20_000,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Let the pretend institutions hand over everything up to a day, late and broken files too.

    They put it behind the folder door (AQSHA_OUTSIDE). What they planted is written where no
    flow reads it: `truth` in AQSHA_HOME.
    """
    from flows.terminal import delivering  # noqa: PLC0415

    delivered = delivering(console, settings(), day.date(), transactions, seed)
    _answer(delivered, as_json)


@app.command()
def nightly(day: Day, as_json: AsJson = False) -> None:
    """Run one night here and now: pull, validate, compute, publish.

    Running it again is safe at any time, also after a crash: what is done is found done.
    Exits 3 when a report is out but something that was owed is missing from it.
    """
    from flows import terminal  # noqa: PLC0415

    orchestrator.prepare(settings())
    ready = terminal.orchestrator_ready(settings())
    _end(terminal.night(console, day.date(), ready), as_json)


@app.command()
def report(
    period: Annotated[
        str,
        typer.Option(
            "--period",
            help="daily, weekly, monthly, quarterly, half_yearly, yearly or year_to_date.",
        ),
    ],
    ending: Ending,
    as_json: AsJson = False,
) -> None:
    """Publish one report from what the lake holds, without pulling anything.

    Equal figures make no new revision; changed ones make the next, and the earlier one stays.
    """
    from templates.reports import REPORT_BY_ID  # noqa: PLC0415

    if period not in REPORT_BY_ID:
        raise typer.BadParameter(f"{period} is not a report. There are: {', '.join(REPORT_BY_ID)}.")
    from flows import terminal  # noqa: PLC0415

    orchestrator.prepare(settings())
    with console.status("The object store and Prefect are starting"):
        terminal.orchestrator_ready(settings()).result()
    from flows.publish import publish  # noqa: PLC0415

    published = publish(period, ending.date())
    terminal.show_edition(console, published, ending.date())
    _answer(published, as_json)
    raise typer.Exit(Exit.INCOMPLETE if published.gaps else Exit.FINE)


@app.command()
def inspect(
    files: Annotated[list[Path], typer.Argument(help="Files of any format, packed or not.")],
    feed: Annotated[
        str | None, typer.Option("--feed", help="Read it as this feed, and judge by its rules.")
    ] = None,
    institution: Annotated[
        str | None,
        typer.Option("--institution", help="With --feed: as the catalogue says of this sender."),
    ] = None,
    most: Annotated[
        int, typer.Option("--most", min=0, help="Of how many rows faults are listed.")
    ] = 100,
    as_json: AsJson = False,
) -> None:
    """Tell what files are and what of them would be taken; nothing is stored, nothing started.

    A message of a standard (camt, MT940, customs XML, …) is held to its standard; a table in the
    layout of a feed, and any file with --feed, to all rules of the feed. With --json one line a
    file. Exits 0 when all is accepted, 3 when some rows are rejected, 1 when a file is unreadable.
    """
    from flows import triage  # noqa: PLC0415

    chosen, terms = _agreed(feed, institution)
    found = []
    for file in files:
        found.append(triage.inspected(file, most=most, feed=chosen, terms=terms))
        if as_json:
            sys.stdout.write(found[-1].as_json() + "\n")
        else:
            triage.show(Console(), found[-1])
    if not all(one.is_readable for one in found):
        raise typer.Exit(Exit.FAILED)
    raise typer.Exit(Exit.INCOMPLETE if any(one.rejected for one in found) else Exit.FINE)


@app.command()
def demo(transactions: Rows = 20_000) -> None:
    """The demonstration night, start to end: simulate, then the night of 18 August 2025.

    One bank has not handed over its transactions by that night: the report is out, says so, and
    this still counts as fine.
    """
    from flows import terminal  # noqa: PLC0415

    orchestrator.prepare(settings())
    ready = terminal.orchestrator_ready(settings())
    if not settings().outside.exists():
        terminal.rules_ready()
    day = DEMONSTRATION_DAY.date()
    terminal.delivering(console, settings(), day, transactions, seed=1)
    _end(terminal.night(console, day, ready), as_json=False, incomplete=Exit.FINE)


@app.command(hidden=True)
def prepare() -> None:
    """Make the orchestrator's database, which the first night would else spend its time on."""
    orchestrator.prepare(settings())
    orchestrator.make_database()


@app.command()
def up() -> None:
    """Run the whole installation in the foreground: object store, Prefect with its UI, schedule.

    Ctrl-C stops all of it.
    """
    from flows.up import run_everything  # noqa: PLC0415

    run_everything(console, settings())


@app.command()
def stop() -> None:
    """Stop what `aqsha up` runs, or what a killed one left behind."""
    from flows.up import stop_everything  # noqa: PLC0415

    stop_everything(console, settings())


def main() -> None:
    """The command line; every failure ends in one sentence and its exit code."""
    try:
        app()
    except SettingsError as error:
        _fail(error, Exit.WRONG_USE)
    except KeyboardInterrupt:
        _fail("Stopped. Nothing half done counts; run again to go on.", Exit.FAILED)
    except Exception as error:
        if os.environ.get("AQSHA_TRACEBACK"):
            raise
        _fail(f"{type(error).__name__}: {error}", Exit.FAILED)


def _agreed(feed: str | None, institution: str | None) -> tuple[Any, Any]:
    """The feed of that name, and the terms of that sender for it."""
    from infra.catalogue import Catalogue  # noqa: PLC0415
    from transforms.feeds import FEED_BY_NAME  # noqa: PLC0415

    if feed is None:
        if institution is not None:
            raise typer.BadParameter("--institution needs --feed.")
        return None, None
    if feed not in FEED_BY_NAME:
        raise typer.BadParameter(f"{feed} is no feed. There are: {', '.join(FEED_BY_NAME)}.")
    if institution is None:
        return FEED_BY_NAME[feed], None
    terms = Catalogue.read(settings().sources).terms(feed, institution)
    if terms is None:
        raise typer.BadParameter(f"{institution} does not deliver {feed} by the catalogue.")
    return FEED_BY_NAME[feed], terms


def _end(ended: Any, as_json: bool, incomplete: Exit = Exit.INCOMPLETE) -> None:
    from flows.terminal import show_night  # noqa: PLC0415

    show_night(console, ended)
    _answer(ended, as_json)
    if not ended.published:
        raise typer.Exit(Exit.FAILED)
    if ended.failed:
        raise typer.Exit(Exit.INCOMPLETE)
    raise typer.Exit(incomplete if ended.is_incomplete else Exit.FINE)


def _answer(result: Any, as_json: bool) -> None:
    if as_json:
        from dataclasses import asdict  # noqa: PLC0415

        sys.stdout.write(json.dumps(asdict(result), default=str, ensure_ascii=False) + "\n")


def _fail(why: object, code: Exit) -> None:
    console.print(f"[bold red]✗[/] {why}", highlight=False)
    sys.exit(code)
