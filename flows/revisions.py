"""The earlier figures, kept with the cause where new ones differ."""

from datetime import date

from infra.installation import installation
from infra.lake import Partitions
from transforms.indicators import (
    INDICATOR_REVISIONS,
    INDICATOR_TABLE,
    INDICATORS,
    INPUT_CHANGES,
    Values,
    changes_after,
    last_change,
    restated,
)
from transforms.periods import PeriodKind


def note_revisions(
    values: Values, business_date: date, period: PeriodKind, restated_on: date
) -> int:
    """Keep the earlier figures of a night that differ; gives the last change of inputs known.

    It is called before the new figures take the place of the earlier ones.
    """
    at = installation()
    partition: Partitions = {"business_date": [business_date], "period": [period.value]}
    done_last = at.ledger.last(business_date, "indicators", period)
    since = int(done_last.details.get("changes", 0)) if done_last else 0
    changes = at.lake.read(INPUT_CHANGES).collect()
    noted = at.lake.read(INDICATOR_REVISIONS, partitions=partition).collect()
    found = restated(
        at.lake.read(INDICATOR_TABLE, partitions=partition),
        values,
        noted.lazy(),
        changes_after(changes, since),
        indicators=INDICATORS,
        night=business_date,
        restated_on=restated_on,
    ).collect()
    if found.height > noted.height:
        at.lake.replace(INDICATOR_REVISIONS, found.lazy(), partitions=partition)
    return last_change(changes)
