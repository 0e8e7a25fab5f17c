"""What a person at a terminal sees of a night: what is happening, and what came of it."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from flows import orchestrator
from infra.settings import Settings

if TYPE_CHECKING:
    from flows.nightly import Night
    from flows.publish import Published
    from infra.synthetic import Delivered


def orchestrator_ready(settings: Settings) -> Future[object]:
    """Begin to load and start what a night needs; the future tells when, or why not.

    Prefect's own server takes longest to start, so it does while something else is going on.
    """

    def start() -> None:
        from infra.installation import installation  # noqa: PLC0415

        orchestrator.serve(settings)
        orchestrator.keep_results(settings, installation().connection.endpoint)
        import_module("flows.nightly")

    return _beside(start)


def rules_ready() -> Future[object]:
    """Begin to load Great Expectations, which takes seconds, for a night that will need it."""
    return _beside(lambda: import_module("expectations.suites"))


def _beside(work: Callable[[], object]) -> Future[object]:
    pool = ThreadPoolExecutor(1)
    begun = pool.submit(work)
    pool.shutdown(wait=False)
    return begun


def delivering(
    console: Console, settings: Settings, day: date, transactions: int, seed: int
) -> "Delivered":
    """Let the pretend institutions hand over their files, with a bar."""
    from infra.catalogue import Catalogue  # noqa: PLC0415
    from infra.synthetic import deliver  # noqa: PLC0415

    with _bar(console, "Pretend institutions deliver") as show:
        delivered = deliver(
            day,
            settings.outside,
            settings.home / "truth",
            Catalogue.read(settings.sources),
            seed=seed,
            transactions=transactions,
            progress=show,
        )
    console.print(
        f"[green]✓[/] Delivered behind the door [bold]{settings.outside}[/]: "
        f"{delivered.files:,} files, {delivered.rows:,} rows new"
    )
    return delivered


def night(console: Console, day: date, ready: Future[object]) -> "Night":
    """Run the night in this process, showing what it does; a failed one is returned too."""
    with console.status(f"Night of {day}: the object store and Prefect are starting"):
        ready.result()
    console.print(f"[green]✓[/] Object store and Prefect are ready for the night of {day}")
    from flows.nightly import NightFailed, nightly  # noqa: PLC0415

    try:
        with steps_shown(console):
            return nightly(day)
    except NightFailed as error:
        console.print(f"[bold red]✗[/] {error}", highlight=False)
        return error.night


def show_night(console: Console, ended: "Night") -> None:
    """What was pulled, accepted, set aside, computed and published, with links that open."""
    _show_rows(console, ended)
    tables = {step.table for step in ended.computed}
    dates = sum(step.dates for step in ended.computed)
    console.print(f"Computed: {len(tables)} tables, {dates} partitions replaced")
    for edition in ended.published:
        _show_edition(console, edition)
    for edition in ended.restated:
        console.print(f"Restated: {edition.address}{'' if edition.is_new else ' (unchanged)'}")
    for regions in ended.regional:
        console.print(
            f"{regions.report}: {regions.editions} regions, {regions.new} editions new, under "
            f"reports/{regions.report}/REGION/{regions.ending}"
        )
    _show_checks(console, ended.business_date)


def show_edition(console: Console, edition: "Published", ending: date) -> None:
    """The headline figures of an edition, where to open it, and what the rules found that night."""
    _show_edition(console, edition)
    _show_checks(console, ending)


def _show_edition(console: Console, edition: "Published") -> None:
    from flows.shown import worded  # noqa: PLC0415

    folder = _exported(edition)
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    table = Table(title=f"{edition.report}, revision {edition.revision}", title_justify="left")
    table.add_column("figure")
    table.add_column("value", justify="right")
    by_key = {figure["key"]: figure for figure in figures["figures"]}
    for headline in (by_key[key] for key in figures["headlines"]):
        table.add_row(headline["name"]["en"], worded(headline["value"], headline["unit"]))
    console.print(table)
    news = "published" if edition.is_new else "unchanged, already published"
    gaps = f"; [yellow]{edition.gaps} deliveries missing or unusable[/]" if edition.gaps else ""
    console.print(f"  {news} as {edition.address}{gaps}")
    for page in sorted(folder.glob("??.html")):
        console.print(Text(f"  {page.as_uri()}", style=f"link {page.as_uri()}"), soft_wrap=True)


def _exported(edition: "Published") -> Path:
    """A copy of a published edition in the home, so that its links open without a server."""
    from infra.installation import installation  # noqa: PLC0415

    at = installation()
    folder = at.settings.home / edition.address
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in at.shelf.files(edition.address).items():
        (folder / name).write_bytes(body)
    return folder


def _show_checks(console: Console, night: date) -> None:
    link = _export_checks(night).as_uri()
    console.print("Checks: every rule of every feed judged this night")
    console.print(Text(f"  {link}", style=f"link {link}"), soft_wrap=True)


def _export_checks(night: date) -> Path:
    """A copy of what the rules found, where the editions that link it expect it."""
    from infra.check_pages import CheckPages, latest  # noqa: PLC0415
    from infra.installation import installation  # noqa: PLC0415

    at = installation()
    files = CheckPages(at.connection.bucket(at.settings.reports_bucket)).files(night)
    for address, body in files.items():
        path = at.settings.home / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return at.settings.home / latest(night)


def _show_rows(console: Console, ended: "Night") -> None:
    table = Table(title=f"Night of {ended.business_date}", title_justify="left")
    for heading in ("feed", "dates", "files", "delivered", "accepted", "set aside"):
        table.add_column(heading, justify="left" if heading == "feed" else "right")
    for feed in ended.accepted:
        counts = (feed.dates, feed.files, feed.rows, feed.rows_accepted, feed.rows_quarantined)
        table.add_row(feed.feed, *(f"{count:,}" for count in counts))
    totals = zip(
        *((f.files, f.rows, f.rows_accepted, f.rows_quarantined) for f in ended.accepted),
        strict=True,
    )
    table.add_section()
    table.add_row("all feeds", "", *(f"{sum(column):,}" for column in totals), style="bold")
    console.print(table)


@contextmanager
def steps_shown(console: Console) -> Iterator[None]:
    """A line for each feed, fact and report that says where it stands; plain lines in a log."""
    from flows.progress import heard_by  # noqa: PLC0415

    stands: dict[str, tuple[str, str]] = {}

    def draw() -> Table:
        table = Table.grid(padding=(0, 2))
        for subject, (step, says) in stands.items():
            table.add_row(subject, step, says)
        return table

    if not console.is_terminal:

        def write(subject: str, step: str, says: str, done: int, of: int) -> None:
            if done == of:
                console.print(f"{subject}: {step}, {says}", highlight=False)

        with heard_by(write):
            yield
        return

    with Live(draw(), console=console, refresh_per_second=4) as live:

        def show(subject: str, step: str, says: str, *_: Any) -> None:
            stands[subject] = (step, says)
            live.update(draw())

        with heard_by(show):
            yield


@contextmanager
def _bar(console: Console, title: str) -> Iterator[Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task(title)

        def show(what: str, done: int, of: int) -> None:
            bars.update(bar, description=f"{title}: {what}", completed=done, total=of)

        yield show
