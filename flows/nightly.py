"""The night: every feed due, then facts and figures, then the editions due."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from prefect import flow, runtime
from prefect.futures import PrefectFuture, wait
from prefect.logging import get_run_logger

from flows.alerts import alerts_of_night
from flows.arrests import arrests
from flows.business_date import chosen_or_scheduled
from flows.checks import overview
from flows.compute import Computed, across, complete, enough, facts, indicators
from flows.droppers import droppers
from flows.ingest import Accepted, Ingested, ingest
from flows.nights import NIGHT
from flows.parameters import Day
from flows.precursors import precursors
from flows.publish import Published, Regional, edition, regional
from flows.restate import changed_inputs, restate
from flows.shown import show_failures, show_taken, status
from flows.steps import R, after, done, once_settled, this_run, why
from flows.trails import trails_of_cases
from flows.workers import TASKS_AT_ONCE
from infra.code_version import code_version
from infra.date_lock import date_lock
from infra.installation import installation
from infra.ledger import fingerprint
from templates.reports import reports_due
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.facts import FACTS


@dataclass(frozen=True, slots=True)
class Night:
    """What a night took in, computed and published; and the steps that failed."""

    business_date: date
    accepted: tuple[Accepted, ...]
    computed: tuple[Computed, ...]
    published: tuple[Published, ...]
    regional: tuple[Regional, ...]
    restated: tuple[Published, ...]
    failed: tuple[str, ...]

    @property
    def is_incomplete(self) -> bool:
        """Something is out, but not from all that was owed."""
        return bool(self.failed) or any(edition.gaps for edition in self.published)


class NightFailed(RuntimeError):
    """Some steps failed; what does not depend on them was done all the same."""

    def __init__(self, night: Night) -> None:
        out = ", ".join(edition.address for edition in night.published)
        super().__init__(
            f"Night of {night.business_date}: {len(night.failed)} steps failed: "
            f"{'; '.join(night.failed)}. Published all the same: {out or 'nothing'}. "
            f"Mend the cause that each names, then retry this run: finished steps are kept."
        )
        self.night = night


def run_name() -> str:
    """`nightly-2025-08-18`."""
    return f"nightly-{chosen_or_scheduled(runtime.flow_run.parameters.get('business_date'))}"


@flow(
    name="nightly",
    flow_run_name=run_name,
    task_runner=TASKS_AT_ONCE,
    persist_result=True,
)
def nightly(business_date: Day | None = None) -> Night:
    """The night: pull every feed due, validate, compute, publish the editions of one day.

    Running it again for the same day is always safe. A run that the schedule began does nothing
    where its night has been held: after an outage they all come at once.

    Args:
        business_date: The day to take in; empty for the day that the schedule meant.
    """
    day, at = chosen_or_scheduled(business_date), installation()
    if business_date is None and (before := at.ledger.last(day, NIGHT, "all")):
        get_run_logger().info("The night of %s was held by %s; nothing to do.", day, before.run)
        return Night(day, (), (), (), (), (), ())
    with date_lock(at.ledger_store, day, this_run(), at.settings.lock_minutes):
        return begun(day, {feed: ingest(feed, day) for feed in at.catalogue.feeds})()


def begun(day: date, feeds: Mapping[str, Ingested]) -> Callable[[], Night]:
    """Feeds → facts → figures → editions of one business date; each night any number of times.

    Args:
        day: the business date.
        feeds: those that are taken in first; of all others, what the lake holds.

    Returns:
        What waits for the end of the night that was begun, and raises `NightFailed`.
    """
    taken = {feed: steps.accepted for feed, steps in feeds.items()}
    fact = {
        f.table.name: after([taken[n] for n in f.feeds if n in taken], facts, f.table.name, day)
        for f in FACTS
    }
    lived, *of_arrests = arrests(taken, fact, day)
    made = [*fact.values(), lived, *of_arrests, *precursors(taken, day)]
    [measured] = once_settled([lived])
    watched = droppers(taken, measured, day)
    alerted = alerts_of_night(watched, day)
    traced = trails_of_cases(taken, watched, fact[ACCOUNT_ARRESTS.name], day)
    owed = after(once_settled(taken.values()), complete, day)
    crossed = after(once_settled(taken.values()), across, day)
    seen = after(once_settled([crossed]), overview, day)
    noted = after(once_settled(taken.values()), changed_inputs, day)
    ready = once_settled([*made, owed, noted])
    again = after(ready, restate, day)
    due = reports_due(day)
    kinds = sorted({period for report in due for period in report.periods})
    figures = [after(ready, indicators, period, day) for period in kinds]
    held = {report.id: after([owed], enough, report.id, day) for report in due}
    told = [*figures, *once_settled([again])]
    out = {r.id: after([*told, held[r.id]], edition, r.id, day) for r in due}
    by_region = [after([whole], regional, report, day) for report, whole in out.items()]
    stands = after(once_settled(out.values()), status, day)
    staged = [steps.staged for steps in feeds.values()]
    computed = [*made, *watched, *alerted, *traced, owed, crossed, *held.values(), *figures]
    return lambda: settled(
        outcome(
            day,
            [*taken.values()],
            computed,
            [*out.values()],
            of_regions=by_region,
            restated=again,
            also=[*staged, seen, noted, stands],
        )
    )


def settled(night: Night) -> Night:
    """The night's end in the ledger: from there on it is held, or known to have failed.

    Raises:
        NightFailed: some step failed, so that the run shows as failed and can be retried.
    """
    if night.accepted:
        show_taken(night.accepted)
    ledger, gaps = installation().ledger, {e.report: e.gaps for e in night.published}
    inputs = fingerprint(code_version(), {e.report: e.address for e in night.published})
    entry = done(night.business_date, NIGHT, "all", inputs, gaps=gaps)
    if night.failed:
        show_failures(night.failed)
        ledger.record(replace(entry, outcome="failed", details={"failed": [*night.failed]}))
        raise NightFailed(night)
    ledger.settle(entry)
    return night


def outcome(
    day: date,
    taken: Sequence[PrefectFuture[Accepted]],
    computed: Sequence[PrefectFuture[Computed]],
    published: Sequence[PrefectFuture[Published]],
    *,
    of_regions: Sequence[PrefectFuture[Regional]],
    restated: PrefectFuture[tuple[Published, ...]],
    also: Sequence[PrefectFuture[Any]],
) -> Night:
    """Wait for all, and say what came of the night."""
    everything: list[PrefectFuture[Any]] = [
        *also,
        *taken,
        *computed,
        *published,
        *of_regions,
        restated,
    ]
    wait(everything)
    ended = [future.state for future in everything]
    # A step that was not begun has nothing to say of why: the one before it has.
    failed = [state for state in ended if not state.is_completed() and state.name != "NotReady"]
    return Night(
        day,
        accepted=_results(taken),
        computed=_results(computed),
        published=_results(published),
        regional=_results(of_regions),
        restated=restated.result() if restated.state.is_completed() else (),
        failed=tuple(map(why, failed)),
    )


def _results(futures: Sequence[PrefectFuture[R]]) -> tuple[R, ...]:
    return tuple(future.result() for future in futures if future.state.is_completed())
