"""Take in one feed up to one business date: fetch its files, stage their rows, screen them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from prefect import allow_failure, runtime, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE, CacheKeyFnPolicy
from prefect.context import TaskRunContext
from prefect.futures import PrefectFuture

from flows.checks import show_checks, show_refusal
from flows.progress import tell
from flows.receipts import write_receipts
from flows.steps import AGAINST_THE_OUTSIDE, PERSISTED, after, alone, step_key
from infra.installation import installation
from infra.shards import in_order
from transforms.deliveries import deliveries_table, screened_deliveries, screened_table
from transforms.feeds import FEED_BY_NAME
from transforms.feeds.feed import Feed
from transforms.quarantine import set_aside

if TYPE_CHECKING:
    from expectations.screen import Screened


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one visit to the doors brought."""

    files: int
    unusable: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Staged:
    """Which dates were staged anew, and how many files came in for them."""

    parts: tuple[tuple[date, ...], ...]
    """The dates, those together that are small enough to be written together."""
    files: int
    corrections: int | None = None
    """Version of the corrections that were applied; null where there never were any."""
    version: int | None = None
    """Of the table of staged rows; another one where a file was exchanged for an equal number."""

    @property
    def dates(self) -> tuple[date, ...]:
        """All of them, in order."""
        return tuple(chain.from_iterable(self.parts))

    def only(self, dates: Collection[date]) -> "Staged":
        """The same of some of the dates."""
        parts = (tuple(day for day in part if day in dates) for part in self.parts)
        return replace(self, parts=tuple(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of the staged rows."""

    feed: str
    files: int
    dates: int
    rows: int
    rows_accepted: int
    rows_quarantined: int
    version: int | None = None


class RowsLost(RuntimeError):
    """Rows accepted and set aside do not add up to the rows delivered."""


class Ingested(NamedTuple):
    """The two steps of a feed without which the night has failed; a shut door is a gap."""

    staged: PrefectFuture[Staged]
    accepted: PrefectFuture[Accepted]


def ingest(feed: str, business_date: date) -> Ingested:
    """The three steps of one feed, each started when the one before has ended."""
    fetched = fetch.submit(feed, business_date)
    staged = after([], stage, feed, business_date, allow_failure(fetched))
    return Ingested(staged, after([staged], accept, feed, business_date, staged))


@task(
    name="fetch",
    task_run_name="fetch {feed} {business_date}",
    **AGAINST_THE_OUTSIDE | {"cache_policy": NO_CACHE},
)
@alone("feed.{feed}")
def fetch(feed: str, business_date: date) -> Fetched:
    """Institution's door → delivery: immutable copies with receipts.

    A Retry looks behind the doors once more: a file may have come, or have been mended.
    """
    taken = installation().intake.take(
        FEED_BY_NAME[feed],
        business_date,
        lambda done, all_: tell(feed, "fetch", f"{done} of {all_} files", done, all_),
    )
    tell(feed, "fetched", f"{taken.files} files, {taken.unusable} unusable")
    return Fetched(taken.files, taken.unusable, taken.bytes)


def _same_files(context: TaskRunContext, parameters: dict[str, Any]) -> str:
    """Staging is the same while the same files have come and the same has been decided."""
    at, feed = installation(), FEED_BY_NAME[parameters["feed"]]
    rests_on = (at.lake.version(deliveries_table(feed)), at.staging.corrections_version(feed))
    of_date = {name: parameters[name] for name in ("feed", "business_date")}
    return step_key(context, of_date, rests_on=rests_on)


@task(
    name="stage",
    task_run_name="stage {feed} {business_date}",
    **PERSISTED | {"cache_policy": CacheKeyFnPolicy(cache_key_fn=_same_files)},
)
@alone("feed.{feed}")
def stage(feed: str, business_date: date, fetched: Fetched | BaseException) -> Staged:
    """Delivery → staged: text becomes typed rows, for every date whose files have changed.

    A door that stayed shut does not stop what came through the others; the fetch that failed
    shows as failed, and its Retry stages what it then brings.
    """
    staging, which = installation().staging, FEED_BY_NAME[feed]
    dates = staging.undone(which, business_date)
    corrections = staging.corrections_version(which)
    parts = tuple(tuple(part) for part in staging.parts(which, dates))
    if dates:
        tell(feed, "stage", f"{len(dates)} dates")
    for part in parts:
        staging.stage(which, part, corrections=corrections)
    files = fetched.files if isinstance(fetched, Fetched) else 0
    return Staged(parts, files, corrections, installation().lake.version(which.staged_table))


@task(name="screen", task_run_name="screen {feed} {business_date}", **PERSISTED)
@alone("feed.{feed}")
def accept(feed: str, business_date: date, staged: Staged) -> Accepted:
    """Staged → accepted, the rest to quarantine with the rules that it broke.

    Then the staged rows go: they stand in those two, and the files say them again.
    """
    staging, which = installation().staging, FEED_BY_NAME[feed]
    left = staged.only(staging.to_screen(which, staged.dates))
    if left.dates:
        _accept(feed, business_date, left)
    else:
        tell(feed, "done", "nothing new")
    write_receipts(feed)
    return _accepted(feed, staged)


def _accept(feed: str, business_date: date, staged: Staged) -> None:
    at, which = installation(), FEED_BY_NAME[feed]
    tell(feed, "screen", f"{len(staged.dates)} dates")
    result = _screened(feed, business_date, staged.dates)
    counting = at.staging.counting(which, staged.dates, corrections=staged.corrections)
    _require_all(feed, counting.select("rows").sum().collect().item(), result)
    show_checks(feed, business_date, staged.dates, result)
    aside = set_aside(result.quarantined, str(runtime.flow_run.name or "by hand"))
    _keep_accepted(which, staged, result)
    at.lake.replace(which.quarantine_table, aside, partitions={"business_date": staged.dates})
    _settle(feed, staged, result)
    at.staging.forget(which, staged.dates)
    _show_findings(feed, result)


def _keep_accepted(feed: Feed, staged: Staged, result: "Screened") -> None:
    """Those of a feed that accounts are looked up in lie in order of them."""
    lake, table = installation().lake, feed.accepted_table
    partitions = {"business_date": staged.dates}
    if feed.looked_up_by is None:
        lake.replace(table, result.accepted, partitions=partitions)
        return
    with in_order(result.accepted, *feed.looked_up_by, count=result.rows_accepted) as ordered:
        lake.replace(table, ordered, partitions=partitions, in_order=True)


def _accepted(feed: str, staged: Staged) -> Accepted:
    at, which = installation(), FEED_BY_NAME[feed]
    delivered, accepted, aside = at.staging.screened(which, staged.dates)
    version = at.lake.version(which.accepted_table)
    dates = len(staged.dates)
    return Accepted(feed, staged.files, dates, delivered, accepted, aside, version)


def _screened(feed: str, night: date, dates: tuple[date, ...]) -> "Screened":
    # Great Expectations takes seconds to import, and most steps of a night need none of it.
    from expectations.screen import DeliveryRejected, screen  # noqa: PLC0415
    from expectations.suites import SUITE_BY_FEED  # noqa: PLC0415

    at = installation()
    rows = at.lake.read(FEED_BY_NAME[feed].staged_table, partitions={"business_date": dates})
    try:
        return screen(
            rows,
            SUITE_BY_FEED[feed],
            most_rejected=at.settings.most_rejected_share,
            by="delivery",
            waived="waived_rules",
        )
    except DeliveryRejected as refused:
        show_refusal(feed, night, dates, refused)
        raise


def _settle(feed: str, staged: Staged, result: "Screened") -> None:
    """Check that no row was lost, file by file, and mark the dates done: the last write."""
    at, which = installation(), FEED_BY_NAME[feed]
    partitions = {"business_date": staged.dates}
    outcome = screened_deliveries(
        at.lake.read(which.accepted_table, partitions=partitions),
        at.lake.read(which.quarantine_table, partitions=partitions),
        at.staging.counting(which, staged.dates, corrections=staged.corrections),
    ).collect()
    counts = outcome.select("rows_delivered", "rows_accepted", "rows_quarantined").sum().row(0)
    delivered, accepted, quarantined = counts
    _require_all(feed, delivered, result, accepted + quarantined)
    at.lake.replace(screened_table(which), outcome.lazy(), partitions=partitions)
    tell(feed, "done", f"{result.rows_accepted} accepted, {result.rows_quarantined} set aside")


def _require_all(feed: str, delivered: int, result: "Screened", kept: int | None = None) -> None:
    """First before anything is replaced, then of what was kept."""
    if kept is None:
        kept = result.rows
    if not delivered == result.rows == kept:
        raise RowsLost(
            f"{feed}: {delivered} rows were delivered and {result.rows} staged, but "
            f"{kept} were kept. Nothing of these dates counts. Run the night "
            f"again; if it says the same, leave the installation as it is and call the developers."
        )


def _show_findings(feed: str, result: "Screened") -> None:
    create_table_artifact(
        key=f"{feed.replace('_', '-')}-findings",
        table=[
            {"code": f.code, "rows": f.rows, "severity": f.severity, "says": f.says}
            for f in result.findings
        ]
        + [
            {
                "code": r.code,
                "rows": r.rows,
                "severity": "whole delivery set aside",
                "says": f"{r.rows} of {r.of} rows of delivery {r.delivery[:12]} break it.",
            }
            for r in result.rejections
        ],
        description=f"Rules of {feed} that rows of this night broke.",
    )
