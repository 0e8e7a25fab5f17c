"""What stands in the annex of an edition: rows with names, and the list of whom to block."""

from datetime import date
from functools import lru_cache
from typing import Any

from flows.blocking import NotListed, list_of_night
from flows.provenance import Trace
from infra.editions import NoSuchEdition
from infra.installation import Installation, installation
from infra.signing import NotSigned
from templates.exports.annex import COLUMNS, SALT, annex_zip, opened
from templates.exports.blocking import IN_WORDS, in_words
from transforms.annex import of_area
from transforms.droppers.alerts import ALERTS
from transforms.droppers.exemptions import EXEMPTIONS
from transforms.periods import PeriodKind

_LIST = "blocking"
_LANGUAGE = "ru"


def annex_of(trace: Trace, area: str, salt: str) -> bytes:
    """The annex of one edition: the rows that its figures count, and whom to block.

    Of decisions on whom not to block, those of now: the list is used on the morning after.
    """
    tables = {name: (table, of_area(rows, area)) for name, (table, rows) in trace.behind.items()}
    if trace.report.period is PeriodKind.DAY and (listed := _list_of(trace)) is not None:
        tables[_LIST] = IN_WORDS, of_area(listed, area)
    return annex_zip(tables, salt)


def differing_annex(at: Installation, trace: Trace, edition: str, area: str) -> list[str]:
    """What of an annex is not as it was signed, or not what the sealed tables give.

    The list of whom to block is held by its signed sum alone: it heeds decisions of its morning.
    """
    try:
        kept = opened(at.shelf.annex(edition))
    except (NotSigned, NoSuchEdition) as why:
        return [str(why)]
    made = opened(annex_of(trace, area, kept[SALT].decode().strip()))
    names = sorted({*kept, *made} - {f"{_LIST}.csv", COLUMNS})
    return [f"annex, {n}: its rows are others" for n in names if kept.get(n) != made.get(n)]


def _list_of(trace: Trace) -> Any:
    versions = installation().lake.versions([ALERTS, EXEMPTIONS])
    return _listed(trace.ending, tuple(versions.values()))


@lru_cache(maxsize=1)
def _listed(night: date, _: tuple[int | None, ...]) -> Any:
    try:
        listed = list_of_night(installation(), night)
    except NotListed:
        return None
    return in_words(listed, _LANGUAGE)
