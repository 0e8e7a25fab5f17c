"""What grows and may go: old results, what dead writers left, versions promised to nobody.

Deliveries, the ledger, editions and every version of a table that an edition names are kept for
good. Prefect's own server removes its runs and events by itself (flows/orchestrator.py says after
how long).
"""

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Annotated

from prefect import flow, runtime, task
from prefect.artifacts import create_table_artifact
from pydantic import Field

from flows.business_date import business_date_of
from flows.progress import tell
from flows.retention import personal_data_removed
from flows.steps import AGAINST_THE_OUTSIDE, alone
from infra.installation import installation
from infra.lake_keeping import LakeKeeping
from infra.object_store import Listed
from infra.settings import DAYS_OF_RESULTS
from transforms.feeds import FEED_BY_NAME

_MANY_FILES = 8


@dataclass(frozen=True, slots=True)
class Kept:
    """What one part of the house had too much of."""

    what: str
    found: int
    bytes: int


def run_name() -> str:
    """`housekeeping-2025-08-18`, by the day it runs."""
    moment = runtime.flow_run.scheduled_start_time or datetime.now(UTC)
    return f"housekeeping-{moment:%Y-%m-%d}"


@flow(name="housekeeping", flow_run_name=run_name)
def housekeeping(
    results_days: Annotated[int, Field(ge=7)] = DAYS_OF_RESULTS,
    orphans_days: Annotated[int, Field(ge=7)] = 7,
    versions_days: Annotated[int, Field(ge=7)] = DAYS_OF_RESULTS,
    dry_run: bool = False,
) -> list[Kept]:
    """Clear away what nobody needs: old results, files that no version of a table needs.

    Every version that an edition names stays readable, and every delivery and edition stays.
    Rows about persons go by the rules of `retention_rules.csv`.

    Args:
        results_days: How many days a failed run can be retried from what it had finished.
        orphans_days: How old a file that no table names has to be; a writer may still be at work.
        versions_days: How long ago a version that no edition names was replaced; a failed run that
            is retried compares with those from before it.
        dry_run: Only say what would be cleared away.
    """
    now = runtime.flow_run.scheduled_start_time or datetime.now(UTC)
    abandoned = now - timedelta(days=orphans_days)
    done = [
        results_expired(now - timedelta(days=results_days), dry_run),
        orphans_removed(abandoned, dry_run),
        versions_removed(now - timedelta(days=versions_days), dry_run),
        compacted(dry_run),
        *(staged_removed(feed, abandoned, dry_run) for feed in installation().catalogue.feeds),
    ]
    expired = personal_data_removed(business_date_of(now), dry_run)
    done += [Kept(f"rows of {one.table} kept too long", one.rows, 0) for one in expired]
    create_table_artifact(
        key="personal-data",
        table=[{name: str(value) for name, value in asdict(one).items()} for one in expired],
        description="Rows about persons whose time is over, and those of them that are held back.",
    )
    create_table_artifact(
        key="housekeeping",
        table=[asdict(kept) for kept in done],
        description="What would be cleared away." if dry_run else "What was cleared away.",
    )
    return done


@task(name="expire results", task_run_name="expire results", **AGAINST_THE_OUTSIDE)
def results_expired(before: datetime, dry_run: bool) -> Kept:
    """Results of steps, which Retry takes up again, once they are old."""
    at = installation()
    store = at.connection.bucket(at.settings.results_bucket)
    old = [found for found in store.listed() if found.changed_at < before]
    for found in [] if dry_run else old:
        store.delete(found.key)
    tell("results", "expired", f"{len(old)} objects")
    return Kept("results of runs", len(old), sum(found.bytes for found in old))


@task(name="remove orphans", task_run_name="remove orphans", **AGAINST_THE_OUTSIDE)
def orphans_removed(before: datetime, dry_run: bool) -> Kept:
    """Files that writers and steps left behind who died before their end."""
    keeping = _keeping()
    of_tables = (keeping.orphans(path, before) for path in keeping.tables())
    orphans = [*chain.from_iterable(of_tables), *keeping.scratch(before)]
    cleared = _cleared("files that no version of a table names", keeping, orphans, dry_run)
    tell("lake", "orphans", f"{len(orphans)} files")
    return cleared


@task(name="remove versions", task_run_name="remove versions", **AGAINST_THE_OUTSIDE)
def versions_removed(before: datetime, dry_run: bool) -> Kept:
    """Files that only versions had which no edition names and no computation compares with.

    Raises:
        NotSigned: a manifest is not the one that was signed; nothing is removed then.
    """
    at, keeping = installation(), _keeping()
    promised: dict[str | None, set[int]] = defaultdict(set)
    for table, version in chain(at.shelf.promised_versions(), at.changes.seen_versions()):
        promised[table].add(version)
    gone = [
        found
        for path in keeping.tables()
        for found in keeping.superseded(
            path, promised[path.replace("/", ".")] | promised[None], before
        )
    ]
    cleared = _cleared("files of versions that no edition names", keeping, gone, dry_run)
    tell("lake", "versions", f"{len(gone)} files")
    return cleared


@task(name="remove staged", task_run_name="remove staged {feed}", **AGAINST_THE_OUTSIDE)
@alone("feed.{feed}")
def staged_removed(feed: str, before: datetime, dry_run: bool) -> Kept:
    """Staged rows of a feed that were screened, and stayed because the run was killed then.

    What was staged lately may be read anew, by rules that have changed, and be screened soon.
    """
    staging, which = installation().staging, FEED_BY_NAME[feed]
    waiting = staging.waiting(which)
    undone = {*staging.undone(which, max(waiting))} if waiting else set()
    screened = [day for day, at in waiting.items() if at < before and day not in undone]
    freed = 0 if dry_run else staging.forget(which, screened)
    return Kept(f"days of {feed} staged and screened", len(screened), freed)


@task(name="compact", task_run_name="compact", **AGAINST_THE_OUTSIDE)
def compacted(dry_run: bool) -> Kept:
    """Small files of one partition → fewer, in tables to which many additions were made."""
    keeping, found = _keeping(), 0
    for path in [] if dry_run else keeping.tables():
        found += keeping.compact(path, from_files=_MANY_FILES)
    tell("lake", "compacted", f"{found} files")
    return Kept("small files put together", found, 0)


def _cleared(what: str, keeping: LakeKeeping, files: list[Listed], dry_run: bool) -> Kept:
    if not dry_run:
        keeping.remove(files)
    return Kept(what, len(files), sum(found.bytes for found in files))


def _keeping() -> LakeKeeping:
    at = installation()
    return LakeKeeping(at.connection, at.settings.lake_bucket)
