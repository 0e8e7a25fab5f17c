"""What was owed to a night, what of it came, and what that was judged by."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from infra.installation import Installation
from infra.lake import AsOf, Lake
from infra.ledger import fingerprint
from transforms.deliveries import (
    completeness,
    deliveries_table,
    every_feed,
    owed_deliveries,
    screened_table,
)
from transforms.feeds import FEEDS
from transforms.volumes import Envelope


def envelope_of_one(at: Installation) -> Envelope:
    """Between which shares of its usual rows a delivery is neither short nor swollen."""
    return Envelope(at.settings.short_delivery_share, at.settings.volume_ceiling)


def owed_by(at: Installation) -> str:
    """Digest of what decides which deliveries are owed, and which of them are short."""
    return fingerprint(at.catalogue.digest, {"shares": [*envelope_of_one(at)]})


def handed_over(business_date: date, lake: Lake | AsOf) -> Mapping[str, Any]:
    """Receipts by feed. Many small files, and two tables are made of them: read once."""
    since = _first_owed(business_date)
    return {
        feed.name: lake.read(deliveries_table(feed), since=since, until=business_date).collect()
        for feed in FEEDS
    }


def completeness_of(
    at: Installation, business_date: date, lake: Lake | AsOf, came: Mapping[str, Any]
) -> Any:
    """`COMPLETENESS` of a night; what was owed and how much is usual are the settings of now."""
    since = _first_owed(business_date)
    return every_feed(
        completeness(
            came[feed.name].lazy(),
            lake.read(screened_table(feed), since=since, until=business_date),
            owed_deliveries(at.catalogue.owed(feed.name, since, business_date)),
            feed=feed.name,
            night=business_date,
            envelope=envelope_of_one(at),
        )
        for feed in FEEDS
    )


def _first_owed(business_date: date) -> date:
    return date(business_date.year - 1, 1, 1)
