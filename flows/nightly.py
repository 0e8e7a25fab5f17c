"""The night: every feed due, then facts and figures, then the editions due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from prefect import flow, runtime
from prefect.futures import PrefectFuture, wait
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from pydantic import Field

from flows.alerts import alerts_of_night
from flows.arrests import arrests
from flows.business_date import business_date_of
from flows.checks import overview
from flows.compute import Computed, across, complete, enough, facts, indicators
from flows.droppers import droppers
from flows.ingest import Accepted, ingest
from flows.publish import Published, Regional, edition, regional
from flows.steps import R, after, once_settled
from flows.trails import trails_of_cases
from infra.date_lock import date_lock
from infra.installation import installation
from templates.reports import reports_due
from transforms.arrests.cards import CARD_ARRESTS
from transforms.facts import FACTS

TASKS_AT_ONCE: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=3)

BusinessDate = Annotated[
    date | None,
    Field(description="The day to take in; empty for the day that the schedule meant."),
]


@dataclass(frozen=True, slots=True)
class Night:
    """What a night took in, computed and published; and the steps that failed."""

    business_date: date
    accepted: tuple[Accepted, ...]
    computed: tuple[Computed, ...]
    published: tuple[Published, ...]
    regional: tuple[Regional, ...]
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
    return f"nightly-{_business_date(runtime.flow_run.parameters.get('business_date'))}"


@flow(
    name="nightly",
    flow_run_name=run_name,
    task_runner=TASKS_AT_ONCE,
    persist_result=True,
)
def nightly(business_date: BusinessDate = None) -> Night:
    """Feeds → facts → figures → editions of one business date; each night any number of times."""
    day, at = _business_date(business_date), installation()
    with date_lock(at.ledger_store, day, str(runtime.flow_run.id), at.settings.lock_minutes):
        feeds = {feed: ingest(feed, day) for feed in at.catalogue.feeds}
        taken = {feed: steps.accepted for feed, steps in feeds.items()}
        fact = {
            f.table.name: after([taken[n] for n in f.feeds if n in taken], facts, f.table.name, day)
            for f in FACTS
        }
        made = [*fact.values(), *arrests(taken, fact, day)]
        watched = droppers(taken, fact[CARD_ARRESTS.name], day)
        alerted = alerts_of_night(watched, day)
        traced = trails_of_cases(taken, watched, fact[CARD_ARRESTS.name], day)
        owed = after(once_settled(taken.values()), complete, day)
        crossed = after(once_settled(taken.values()), across, day)
        seen = after(once_settled([crossed]), overview, day)
        ready = once_settled([*made, owed])
        due = reports_due(day)
        kinds = sorted({period for report in due for period in report.periods})
        figures = [after(ready, indicators, period, day) for period in kinds]
        held = {report.id: after([owed], enough, report.id, day) for report in due}
        out = {r.id: after([*figures, held[r.id]], edition, r.id, day) for r in due}
        by_region = [after([done], regional, report, day) for report, done in out.items()]
        staged = [steps.staged for steps in feeds.values()]
        computed = [*made, *watched, *alerted, *traced, owed, crossed, *held.values(), *figures]
        return outcome(
            day,
            [*taken.values()],
            computed,
            [*out.values()],
            of_regions=by_region,
            also=[*staged, seen],
        )


def outcome(
    day: date,
    taken: Sequence[PrefectFuture[Accepted]],
    computed: Sequence[PrefectFuture[Computed]],
    published: Sequence[PrefectFuture[Published]],
    *,
    of_regions: Sequence[PrefectFuture[Regional]],
    also: Sequence[PrefectFuture[Any]],
) -> Night:
    """Wait for all, and say what came of the night.

    Raises:
        NightFailed: some step failed, so that the run shows as failed and can be retried.
    """
    everything: list[PrefectFuture[Any]] = [*also, *taken, *computed, *published, *of_regions]
    wait(everything)
    ended = [future.state for future in everything]
    # A step that was not begun has nothing to say of why: the one before it has.
    failed = [state for state in ended if not state.is_completed() and state.name != "NotReady"]
    night = Night(
        day,
        accepted=_results(taken),
        computed=_results(computed),
        published=_results(published),
        regional=_results(of_regions),
        failed=tuple(f"{state.name}: {state.message}" for state in failed),
    )
    if failed:
        raise NightFailed(night)
    return night


def _results(futures: Sequence[PrefectFuture[R]]) -> tuple[R, ...]:
    return tuple(future.result() for future in futures if future.state.is_completed())


def _business_date(given: date | str | None) -> date:
    if given is None:
        return business_date_of(runtime.flow_run.scheduled_start_time)
    return date.fromisoformat(given) if isinstance(given, str) else given
