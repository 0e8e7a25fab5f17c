"""The portal: which editions there are, by report and period, with their revisions and states.

It is made of relative links, so that it works wherever the bucket is found, and from a copy of
it; or of whatever addresses it is given, such as links that run out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from templates.comparing import period_text
from templates.html import portal_atom, portal_html
from templates.model import LanguageLink
from templates.places import area_name
from templates.portal_model import (
    FeedEntry,
    Group,
    Link,
    Listed,
    PortalFeed,
    PortalPage,
    Revision,
)
from templates.reports import REPORTS, Report
from templates.wording import LANGUAGE_NAMES, LANGUAGES, Wording, message, wording
from transforms.periods import Period
from transforms.regions import COUNTRY, REGION_CODES

Rows = Sequence[Mapping[str, Any]]
Address = Callable[[str], str]

MOST_IN_FEED = 50
_FIRST = "ru"
_STATES = {
    "current": message("In force"),
    "superseded": message("Superseded by a later revision"),
    "withdrawn": message("Withdrawn"),
}


def portal_name(area: str, year: int, language: str) -> str:
    """The name of the page of an area and year."""
    return f"portal.{area}.{year}.{language}.html"


def portal(
    area: str, year: int, rows: Rows, shelves: Mapping[str, Sequence[int]]
) -> dict[str, bytes]:
    """The pages of an area and year by name, and the feed; `index.html` is the country's last.

    Args:
        area: the country, or the code of a region.
        year: of the last days of the periods.
        rows: as `Portal.listed` gives them.
        shelves: years that have a page, by area.
    """
    made = {
        portal_name(area, year, language): portal_html(
            page(area, year, language, rows=rows, shelves=shelves)
        )
        for language in LANGUAGES
    }
    if year != max(shelves.get(area, [year])):
        return made
    feeds = {
        f"portal.{area}.{language}.atom": portal_atom(_feed(area, year, language, rows))
        for language in LANGUAGES
    }
    first = {"index.html": made[portal_name(area, year, _FIRST)]} if area == COUNTRY else {}
    return made | feeds | first


def page(
    area: str,
    year: int,
    language: str,
    *,
    rows: Rows,
    shelves: Mapping[str, Sequence[int]],
    address: Address = lambda key: key,
) -> PortalPage:
    """The page in one language; `address` makes links of keys in the bucket of the reports."""
    words = wording(language)
    return PortalPage(
        language=language,
        languages=tuple(
            LanguageLink(o, LANGUAGE_NAMES[o], portal_name(area, year, o), o == language)
            for o in LANGUAGES
        )
        if shelves
        else (),
        issuer=words.say("General Prosecutor's Office of the Republic of Kazakhstan"),
        title=words.say("Reports"),
        area=area_name(area, words),
        year=str(year),
        areas=tuple(
            Link(area_name(a, words), portal_name(a, max(shelves[a]), language), a == area)
            for a in (COUNTRY, *REGION_CODES)
            if a in shelves
        ),
        years=tuple(
            Link(str(y), portal_name(area, y, language), y == year)
            for y in sorted(shelves.get(area, ()), reverse=True)
        ),
        groups=tuple(_groups(rows, words, address)),
        feed=f"portal.{area}.{language}.atom" if shelves else "",
    )


def _groups(rows: Rows, words: Wording, address: Address) -> Iterable[Group]:
    for report in REPORTS:
        listed = [row for row in rows if row["report"] == report.id]
        if listed:
            latest_first = sorted(listed, key=lambda row: str(row["period_end"]), reverse=True)
            yield Group(
                id=f"report-{report.id}",
                title=words.say(report.title),
                rows=tuple(_listed(report, row, words, address) for row in latest_first),
            )


def _listed(report: Report, row: Mapping[str, Any], words: Wording, address: Address) -> Listed:
    end = date.fromisoformat(row["period_end"])
    title = words.say(report.title)
    period = period_text(Period.ending(report.period, end), words)
    place = f"reports/{row['report']}/{row['area']}/{row['period_end']}"
    return Listed(
        id=f"{row['report']}-{row['period_end']}",
        title=title,
        period=period,
        search=f"{title} {period} {row['period_end']} {area_name(row['area'], words)}".casefold(),
        revisions=tuple(
            _revision(f"{place}/r{told['revision']}", told, words, address)
            for told in sorted(row["revisions"], key=lambda r: -int(r["revision"]))
        ),
    )


def _revision(edition: str, told: Mapping[str, Any], words: Wording, address: Address) -> Revision:
    is_provisional = bool(told["is_provisional"])
    return Revision(
        name=words.say("Revision %(number)s", number=str(told["revision"])),
        state=told["state"],
        says=_state(told, words),
        why=told["why"],
        status=words.say("Provisional") if is_provisional else words.say("Final"),
        is_provisional=is_provisional,
        released=words.moment(datetime.fromisoformat(told["released_at"])),
        links=tuple(_links(edition, told["files"], words.language, address)),
    )


def _links(edition: str, files: Sequence[str], language: str, address: Address) -> Iterable[Link]:
    """The page in every language, the reader's first; then its other formats."""
    for other in (language, *(o for o in LANGUAGES if o != language)):
        if f"{other}.html" in files:
            yield Link(LANGUAGE_NAMES[other], address(f"{edition}/{other}.html"))
    for form in ("pdf", "xlsx"):
        if f"{language}.{form}" in files:
            yield Link(form.upper(), address(f"{edition}/{language}.{form}"))


def _feed(area: str, year: int, language: str, rows: Rows) -> PortalFeed:
    words = wording(language)
    listed = [
        (told["released_at"], _listed(report, row, words, lambda key: key), told, row)
        for report in REPORTS
        for row in rows
        if row["report"] == report.id
        for told in row["revisions"]
    ]
    last = sorted(listed, key=lambda one: (one[0], one[1].id), reverse=True)[:MOST_IN_FEED]
    return PortalFeed(
        language=language,
        id=f"urn:aqsha-izi:portal:{area}:{language}",
        title=f"{words.say('Reports')}: {area_name(area, words)}",
        issuer=words.say("General Prosecutor's Office of the Republic of Kazakhstan"),
        updated=last[0][0] if last else f"{year}-01-01T00:00:00+00:00",
        page=portal_name(area, year, language),
        entries=tuple(
            FeedEntry(
                id=f"urn:aqsha-izi:{row['report']}:{row['area']}:{row['period_end']}:r{told['revision']}",
                title=f"{one.title}: {one.period}",
                href=f"reports/{row['report']}/{row['area']}/{row['period_end']}"
                f"/r{told['revision']}/{language}.html",
                updated=at,
                summary=words.say("Revision %(number)s", number=str(told["revision"]))
                + ". "
                + _state(told, words)
                + (f": {told['why']}" if told["why"] else "")
                + ".",
            )
            for at, one, told, row in last
        ),
    )


def _state(told: Mapping[str, Any], words: Wording) -> str:
    state = str(told["state"])
    says = _STATES[state]
    return words.say(says)
