"""What an operator may fill in: types from which the UI makes its forms, and refuses nonsense.

Help texts stand in the docstrings of the flows, from which Prefect takes them.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from infra.settings import settings
from templates.reports import REPORT_BY_ID
from transforms.feeds import FEED_BY_NAME

OWED = "all that are owed"
_EARLIEST = date(2000, 1, 1)  # nothing was ever delivered for a day before


def _has_come(day: date) -> date:
    today = datetime.now(ZoneInfo(settings().timezone)).date()
    if not _EARLIEST <= day <= today:
        raise ValueError(f"{day} is no day that files can have come for; choose one up to {today}")
    return day


def _known(choices: Iterable[str]) -> Callable[[str], str]:
    known = tuple(choices)

    def check(choice: str) -> str:
        if choice not in known:
            raise ValueError(f"{choice} is not one of: {', '.join(known)}")
        return choice

    return check


_FEEDS = list(FEED_BY_NAME)
_REPORTS = list(REPORT_BY_ID)

Day = Annotated[
    date,
    AfterValidator(_has_come),
    # The server holds forms against patterns, but not against `format: date`.
    Field(json_schema_extra={"pattern": r"^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"}),
]
FeedName = Annotated[
    str, AfterValidator(_known(_FEEDS)), Field(json_schema_extra={"enum": [*_FEEDS]})
]
FeedOrOwed = Annotated[
    str, AfterValidator(_known([OWED, *_FEEDS])), Field(json_schema_extra={"enum": [OWED, *_FEEDS]})
]
ReportName = Annotated[
    str, AfterValidator(_known(_REPORTS)), Field(json_schema_extra={"enum": [*_REPORTS]})
]
