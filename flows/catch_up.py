"""What came late, and nights that were missed: taken in, and told by the nights that it touches.

Runs every hour. A night that said that a file was missing is held again once the file is there,
so that its reports have a revision without the gap. Nights missed in an outage are held oldest
first, as accounts' windows move on from the night before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from prefect import flow, runtime
from prefect.artifacts import create_table_artifact
from prefect.futures import PrefectFuture, wait

from flows import nights
from flows.ingest import Accepted, ingest
from flows.nightly import Night, NightFailed, begun
from flows.parameters import OWED, Day, FeedOrOwed
from flows.progress import Progress, tell
from flows.steps import this_run, why
from flows.workers import TASKS_AT_ONCE
from infra.date_lock import DateLocked, date_lock
from infra.installation import Installation, installation


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What a run took in, and the nights that it held."""

    until: date
    feeds: tuple[str, ...]
    accepted: tuple[Accepted, ...]
    nights: tuple[Night, ...]
    failed: tuple[str, ...]


class CatchUpFailed(RuntimeError):
    """Some feed or night failed; the others were caught up all the same."""

    def __init__(self, done: CaughtUp) -> None:
        held = ", ".join(str(night.business_date) for night in done.nights)
        super().__init__(
            f"{len(done.failed)} of what was to be caught up failed: {'; '.join(done.failed)}. "
            f"Held all the same: {held or 'no night'}. Mend the cause that each names, then retry."
        )
        self.done = done


def run_name() -> str:
    """`catch-up-card_transactions-2025-08-18`, or without a feed for all that are owed."""
    given = runtime.flow_run.parameters
    feed = "" if given.get("feed", OWED) == OWED else f"{given['feed']}-"
    return f"catch-up-{feed}{_until(given.get('until'))}"


@flow(name="catch-up", flow_run_name=run_name, task_runner=TASKS_AT_ONCE, persist_result=True)
def catch_up(feed: FeedOrOwed = OWED, until: Day | None = None) -> CaughtUp:
    """What came late and what was missed: take it in, and hold again the nights that it touches.

    With nothing new it ends in seconds and changes nothing. Nights further back than
    AQSHA_CATCH_UP_NIGHTS are left to a backfill.

    Args:
        feed: Whose doors to open; by default of each feed of which something is missing,
            and of all where nights were missed.
        until: Last business date; empty for the last one whose report is due.
    """
    at, last = installation(), _until(until)
    feeds = _owed(at, last) if feed == OWED else [feed]
    steps = {name: ingest(name, last) for name in feeds}
    taken = [step.accepted for step in steps.values()]
    everything: list[PrefectFuture[Any]] = [*taken, *(step.staged for step in steps.values())]
    wait(everything)
    done, failed = _held(at, nights.to_hold(at, last))
    caught = CaughtUp(last, tuple(feeds), _results(taken), tuple(done), (*_said(taken), *failed))
    if caught.failed:
        raise CatchUpFailed(caught)
    return caught


def _held(at: Installation, due: list[date]) -> tuple[list[Night], list[str]]:
    """Hold each night, oldest first; one that fails, or is at work elsewhere, stops no other."""
    done: list[Night] = []
    failed: list[str] = []
    progress = Progress("catch-up-progress", f"{len(due)} nights to hold.", len(due))
    for n, day in enumerate(due, start=1):
        tell("catch-up", "hold", f"night of {day}, {n} of {len(due)}")
        try:
            with date_lock(at.ledger_store, day, this_run(), at.settings.lock_minutes):
                done.append(begun(day, {})())
        except NightFailed as error:
            failed.append(str(error))
        except DateLocked as error:  # whoever holds it will tell what came
            tell(str(day), "left alone", str(error))
        progress.at(n)
    if done:
        show_nights("catch-up-nights", done)
    return done, failed


def show_nights(key: str, held: Iterable[Night]) -> None:
    """A table of nights and the editions that came of them, in the run."""
    create_table_artifact(
        key=key,
        table=[
            {
                "night": str(night.business_date),
                "report": edition.report,
                "revision": edition.revision,
                "what": "new" if edition.is_new else "unchanged",
                "missing or unusable": edition.gaps,
                "edition": edition.address,
            }
            for night in held
            for edition in night.published
        ],
        description="Nights held by this run, and their editions.",
    )


def _owed(at: Installation, last: date) -> list[str]:
    """After an outage nobody has looked behind any door."""
    return [*at.catalogue.feeds] if nights.missed(at, last) else nights.owing(at, last)


def _results(taken: list[PrefectFuture[Accepted]]) -> tuple[Accepted, ...]:
    return tuple(future.result() for future in taken if future.state.is_completed())


def _said(taken: list[PrefectFuture[Accepted]]) -> tuple[str, ...]:
    states = (future.state for future in taken)
    return tuple(why(s) for s in states if not s.is_completed())


def _until(given: date | str | None) -> date:
    if given is None:
        moment = runtime.flow_run.scheduled_start_time or datetime.now(UTC)
        return nights.last_night_due(installation().settings, moment)
    return date.fromisoformat(given) if isinstance(given, str) else given
