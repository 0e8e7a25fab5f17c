"""Which nights the lake knows: held, missed, overtaken by what came later."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from infra.installation import Installation
from infra.settings import Settings
from transforms.deliveries import COMPLETENESS, deliveries_table, screened_table
from transforms.feeds import FEEDS
from transforms.nights import feeds_owing, judged_deliveries, missed_nights, overtaken_nights

NIGHT = "night"
"""The step of the ledger that says that a night was held, or failed."""

A_DAY = timedelta(days=1)


def last_night_due(settings: Settings, moment: datetime) -> date:
    """The latest business date whose report should be out by that moment."""
    here = moment.astimezone(ZoneInfo(settings.timezone))
    return here.date() - (A_DAY if here.time() >= settings.report_due else 2 * A_DAY)


def held(at: Installation) -> list[date]:
    """Nights that have told which deliveries came, oldest first."""
    return sorted(at.lake.partition_digests(COMPLETENESS))


def missed(at: Installation, until: date) -> list[date]:
    """Nights not held between the first that was and `until`, oldest first."""
    return missed_nights(held(at), until)


def overtaken(at: Installation, since: date, until: date) -> list[date]:
    """Nights that counted some delivery otherwise than it counts now, oldest first."""
    told = at.lake.read(COMPLETENESS, since=since, until=until)
    judged = judged_deliveries(
        {feed.name: at.lake.read(screened_table(feed)) for feed in FEEDS},
        {feed.name: at.lake.read(deliveries_table(feed)) for feed in FEEDS},
    )
    return overtaken_nights(told, judged).collect()["night"].to_list()


def owing(at: Installation, until: date) -> list[str]:
    """Feeds of which something is missing, as the last night up to `until` told."""
    nights = [night for night in held(at) if night <= until]
    if not nights:
        return []
    told = at.lake.read(COMPLETENESS, partitions={"night": [nights[-1]]})
    return feeds_owing(told).collect()["feed"].to_list()


def to_hold(at: Installation, until: date) -> list[date]:
    """Nights up to `until` to be held, or held again, as far back as the settings say."""
    since = until - at.settings.catch_up_nights * A_DAY
    return sorted({*(n for n in missed(at, until) if n > since), *overtaken(at, since, until)})
