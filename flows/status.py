"""What the lake and the ledger know of feeds and editions, and the page that shows it at 07:00."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from flows import nights
from infra.editions import WITHDRAWN, Place
from infra.installation import Installation
from templates.html import status_html
from templates.reports import REPORTS, reports_due
from templates.status import status_page
from templates.status_model import EditionState, StatusPage
from templates.wording import LANGUAGES
from transforms.deliveries import COMPLETENESS
from transforms.regions import COUNTRY
from transforms.status import feeds_by_day, gaps

FOLDER = "status"
_DAYS = 10
_NIGHTS = 7
_A_YEAR = 366


@dataclass(frozen=True, slots=True)
class Stands:
    """How things stand after the last night: `days` is a frame of `feeds_by_day`."""

    night: date
    days: Any
    editions: tuple[EditionState, ...]

    @property
    def has_gaps(self) -> bool:
        """Something owed is missing or cannot be used."""
        return gaps(self.days) > 0


def current(at: Installation) -> Stands | None:
    """How things stand now; null before the first night."""
    night = max(nights.held(at), default=None)
    if night is None:
        return None
    since = night - timedelta(days=_DAYS - 1)
    days = feeds_by_day(at.lake.read(COMPLETENESS, partitions={"night": [night]}), since)
    return Stands(night, days.collect(), tuple(_editions(at, night)))


def publish_status(at: Installation, stands: Stands) -> str:
    """Put the page beside the reports; gives its address."""
    reports = at.connection.bucket(at.settings.reports_bucket)
    reports.put(f"{FOLDER}/status.json", told(stands), "application/json")
    for name, body in pages(stands).items():
        reports.put(f"{FOLDER}/{name}", body, "text/html; charset=utf-8")
    return f"{FOLDER}/en.html"


def pages(stands: Stands) -> dict[str, bytes]:
    """The page in each language, by file name."""
    return {f"{name}.html": status_html(page_in(name, stands)) for name in LANGUAGES}


def page_in(language: str, stands: Stands) -> StatusPage:
    """The page in one language, before it is laid out."""
    return status_page(language, night=stands.night, days=stands.days, editions=stands.editions)


def told(stands: Stands) -> bytes:
    """The same as JSON."""
    answer = {
        "night": stands.night,
        "feeds": stands.days.to_dicts(),
        "editions": [asdict(edition) for edition in stands.editions],
    }
    return json.dumps(answer, default=str, ensure_ascii=False).encode()


def _editions(at: Installation, night: date) -> Iterator[EditionState]:
    """Editions due next, then those of the last nights, the latest first."""
    for report in REPORTS:
        yield EditionState(report.id, _next_due(report.id, night))
    held = {*nights.held(at)}
    for day in (night - timedelta(days=n) for n in range(_NIGHTS)):
        for report in reports_due(day) if day in held else ():
            yield _standing(at, Place(report.id, COUNTRY, day))


def _standing(at: Installation, place: Place) -> EditionState:
    """What readers see of an edition: the ledger knows what was made, the shelf what is out."""
    last = {one.state: one.revision for one in at.shelf.standings(place)}
    out, waiting = last.get("current"), last.get("pending", 0)
    made = at.ledger.entries(place.period_end, "publish", place.report) if out else ()
    address = place.edition(out) if out else None
    return EditionState(
        place.report,
        place.period_end,
        address=address,
        revision=out,
        gaps=next((e.details["gaps"] for e in made if e.details.get("address") == address), 0),
        waiting=waiting if waiting > (out or 0) else None,
        withdrawn=None if out or waiting else last.get(WITHDRAWN),
    )


def _next_due(report: str, night: date) -> date:
    days = (night + timedelta(days=n) for n in range(1, _A_YEAR + 1))
    return next(day for day in days if report in {due.id for due in reports_due(day)})
