"""One feed of one business date once more, after somebody decided about rows set aside."""

from datetime import date

from prefect import flow, runtime

from flows.checks import overview
from flows.ingest import Accepted, Fetched, accept, stage
from infra.date_lock import date_lock
from infra.installation import installation


@flow(
    name="replay",
    flow_run_name="replay-{feed}-{business_date}",
    persist_result=True,
)
def replay(feed: str, business_date: date) -> Accepted:
    """The delivered files that count, with what was decided → accepted and quarantine.

    Nothing is pulled. Facts and reports follow in the next night.
    """
    at = installation()
    with date_lock(
        at.ledger_store, business_date, str(runtime.flow_run.id), at.settings.lock_minutes
    ):
        staged = stage(feed, business_date, Fetched(files=0, unusable=0, bytes=0))
        accepted = accept(feed, business_date, staged)
        overview(business_date)
        return accepted
