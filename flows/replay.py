"""One feed of one business date once more, after somebody decided about rows set aside."""

from prefect import flow

from flows.checks import overview
from flows.ingest import Accepted, Fetched, accept, stage
from flows.parameters import Day, FeedName
from flows.steps import this_run
from infra.date_lock import date_lock
from infra.installation import installation


@flow(
    name="replay",
    flow_run_name="replay-{feed}-{business_date}",
    persist_result=True,
)
def replay(feed: FeedName, business_date: Day) -> Accepted:
    """Rows set aside, judged again: the delivered files that count, with what was decided.

    Nothing is pulled. Facts and reports follow when the next run catches up, or in the next night.

    Args:
        feed: Whose rows.
        business_date: The day that they were delivered for.
    """
    at = installation()
    with date_lock(at.ledger_store, business_date, this_run(), at.settings.lock_minutes):
        staged = stage(feed, business_date, Fetched(files=0, unusable=0, bytes=0))
        accepted = accept(feed, business_date, staged)
        overview(business_date)
        return accepted
