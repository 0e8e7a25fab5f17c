"""Any range of nights, held again: after an outage longer than a month, or after rules changed."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.futures import PrefectFuture, wait
from pydantic import Field

from flows import nights
from flows.catch_up import show_nights
from flows.ingest import Accepted, Staged, accept, ingest
from flows.nightly import Night, NightFailed, begun
from flows.parameters import Day
from flows.progress import Progress, tell
from flows.steps import PERSISTED, after, alone, done, this_run, why
from flows.workers import TASKS_AT_ONCE
from infra.code_version import code_version
from infra.date_lock import DateLocked, date_lock
from infra.installation import Installation, installation
from infra.ledger import fingerprint
from transforms.feeds import FEED_BY_NAME
from transforms.indicators import INDICATOR_TABLE
from transforms.recomputed import changed_figures, of_the_country

_MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Planned:
    """One night of the range: what is known of it before anything is done."""

    night: date
    is_held: bool
    is_overtaken: bool


@dataclass(frozen=True, slots=True)
class ToStage:
    """What would be read anew of one feed: business dates, files that count, and their rows."""

    feed: str
    dates: int
    files: int
    rows: int


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What a backfill did; of a dry run, what it would have done."""

    since: date
    until: date
    is_dry: bool
    planned: tuple[Planned, ...]
    to_stage: tuple[ToStage, ...]
    nights: tuple[Night, ...]
    figures_changed: int
    changed: tuple[dict[str, Any], ...]
    failed: tuple[str, ...]


class BackfillFailed(RuntimeError):
    """Some feeds or nights failed; the others were held all the same."""

    def __init__(self, done: Backfilled) -> None:
        super().__init__(
            f"Backfill of {done.since} to {done.until}: {len(done.nights)} nights held, "
            f"{len(done.failed)} failed: {'; '.join(done.failed)}. Mend the cause that each names, "
            f"then retry this run: what is finished is kept."
        )
        self.done = done


@flow(
    name="backfill",
    flow_run_name="backfill-{since}-{until}",
    task_runner=TASKS_AT_ONCE,
    persist_result=True,
)
def backfill(
    since: Day,
    until: Day,
    from_deliveries: bool = False,
    dry_run: bool = False,
    at_once: Annotated[int, Field(ge=1, le=8)] = 2,
) -> Backfilled:
    """A range of nights held again, and the figures before and after side by side.

    It can be stopped and retried at any time: what is finished is found finished.

    Args:
        since: First night.
        until: Last night.
        from_deliveries: Read the files that were kept anew, by the rules of today; nothing is
            pulled. Without it, doors are looked behind, and only what is new is read.
        dry_run: Only say what would be done; nothing is changed.
        at_once: How many nights are under way at a time.
    """
    if since > until:
        raise ValueError(f"{since} is after {until}: give the first night, then the last.")
    at = installation()
    planned, to_stage = _planned(at, since, until), _to_stage(at, since, until, from_deliveries)
    _show_plan(planned, to_stage)
    if dry_run:
        return Backfilled(since, until, True, planned, to_stage, (), 0, (), ())
    before = figures_before.submit(since, until).result()
    failed = _taken_in(at, since, until, from_deliveries)
    held, unheld = _held(at, [plan.night for plan in planned], at_once)
    changed = _changed(at, since, until, before)
    _show_changed(changed)
    done_ = Backfilled(
        since,
        until,
        False,
        planned,
        to_stage,
        tuple(held),
        len(changed),
        tuple(row for row in changed if of_the_country(row)),
        (*failed, *unheld),
    )
    if done_.failed:
        raise BackfillFailed(done_)
    return done_


@task(name="figures before", task_run_name="figures before {since} {until}", **PERSISTED)
def figures_before(since: date, until: date) -> int | None:  # noqa: ARG001
    """Version of the figures when the run began; a Retry still compares with that one."""
    return installation().lake.version(INDICATOR_TABLE)


@task(name="stage again", task_run_name="stage again {feed} {since} {until}", **PERSISTED)
@alone("feed.{feed}")
def stage_again(feed: str, since: date, until: date) -> Staged:
    """Deliveries kept → staged, whether or not they were before, unless by these very rules."""
    at, which = installation(), FEED_BY_NAME[feed]
    dates = _dates_to_stage(at, feed, since, until, from_deliveries=True)
    corrections = at.staging.corrections_version(which)
    parts = tuple(tuple(part) for part in at.staging.parts(which, dates))
    for n, part in enumerate(parts, start=1):
        at.staging.stage(which, part, corrections=corrections)
        tell(feed, "stage", f"{n} of {len(parts)} parts", n, len(parts))
    return Staged(parts, 0, corrections, at.lake.version(which.staged_table))


@task(name="note recomputed", task_run_name="note recomputed {feed} {since} {until}", **PERSISTED)
def recomputed(feed: str, since: date, until: date) -> None:
    """That the range was read by the rules of today: a second backfill does not read it again."""
    at = installation()
    at.ledger.settle(done(until, "recomputed", f"{feed}/{since}", _rules(at)))


def _dates_to_stage(
    at: Installation, feed: str, since: date, until: date, *, from_deliveries: bool
) -> list[date]:
    """Dates not read yet; and those of the range, if not by the rules of today."""
    which = FEED_BY_NAME[feed]
    dates = set(at.staging.undone(which, until))
    known = at.ledger.is_last(until, "recomputed", f"{feed}/{since}", _rules(at))
    if from_deliveries and not known:
        dates |= {*at.staging.kept(which, since, until)}
    return sorted(dates)


def _rules(at: Installation) -> str:
    return fingerprint(code_version(), at.catalogue.digest)


def _taken_in(at: Installation, since: date, until: date, from_deliveries: bool) -> list[str]:
    """Every feed up to the last night; gives what failed, as sentences."""
    steps: list[PrefectFuture[Any]] = []
    for feed in at.catalogue.feeds:
        if from_deliveries:
            staged = stage_again.submit(feed, since, until)
            taken: PrefectFuture[Accepted] = after([staged], accept, feed, until, staged)
            steps += [staged, taken, after([taken], recomputed, feed, since, until)]
        else:
            steps += ingest(feed, until)
    wait(steps)
    states = [step.state for step in steps]
    return [why(state) for state in states if not state.is_completed() and state.name != "NotReady"]


def _held(at: Installation, days: Sequence[date], at_once: int) -> tuple[list[Night], list[str]]:
    held: list[Night] = []
    failed: list[str] = []
    progress = Progress("backfill-progress", f"{len(days)} nights to hold.", len(days))
    for begin in range(0, len(days), at_once):
        with ExitStack() as locks:
            endings = []
            for day in days[begin : begin + at_once]:
                try:
                    locks.enter_context(
                        date_lock(at.ledger_store, day, this_run(), at.settings.lock_minutes)
                    )
                    endings.append(begun(day, {}))
                except DateLocked as error:
                    failed.append(str(error))
            for end in endings:
                try:
                    held.append(end())
                except NightFailed as error:
                    failed.append(str(error))
        progress.at(min(begin + at_once, len(days)))
    show_nights("backfill-nights", held)
    return held, failed


def _planned(at: Installation, since: date, until: date) -> tuple[Planned, ...]:
    held, overtaken = set(nights.held(at)), set(nights.overtaken(at, since, until))
    days = [since + n * nights.A_DAY for n in range((until - since).days + 1)]
    return tuple(Planned(day, day in held, day in overtaken) for day in days)


def _to_stage(
    at: Installation, since: date, until: date, from_deliveries: bool
) -> tuple[ToStage, ...]:
    found = []
    for feed in at.catalogue.feeds:
        dates = _dates_to_stage(at, feed, since, until, from_deliveries=from_deliveries)
        found.append(ToStage(feed, len(dates), *at.staging.counts(FEED_BY_NAME[feed], dates)))
    return tuple(found)


def _changed(
    at: Installation, since: date, until: date, version: int | None
) -> list[dict[str, Any]]:
    after_ = at.lake.read(INDICATOR_TABLE, since=since, until=until)
    if version is None:
        before = after_.limit(0)
    else:
        before = at.lake.read(INDICATOR_TABLE, since=since, until=until, version=version)
    return changed_figures(before, after_).collect().to_dicts()


def _show_plan(planned: Sequence[Planned], to_stage: Sequence[ToStage]) -> None:
    words = {True: "yes", False: "no"}
    create_table_artifact(
        key="backfill-plan",
        table=[
            {
                "night": str(plan.night),
                "held before": words[plan.is_held],
                "overtaken by what came later": words[plan.is_overtaken],
            }
            for plan in planned
        ],
        description="Nights of the range.",
    )
    create_table_artifact(
        key="backfill-files",
        table=[
            {"feed": f.feed, "dates": f.dates, "files": f.files, "rows": f.rows} for f in to_stage
        ],
        description="What is read of files that were kept.",
    )


def _show_changed(changed: Sequence[dict[str, Any]]) -> None:
    create_table_artifact(
        key="backfill-figures",
        table=[{name: str(value) for name, value in row.items()} for row in changed[:_MOST_SHOWN]],
        description=f"{len(changed)} figures are not what they were; "
        f"the first {min(len(changed), _MOST_SHOWN)} before and after.",
    )
