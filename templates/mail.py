"""What a mail about an edition says: that it is out, or that it is late and why."""

from datetime import date

from templates.comparing import period_text
from templates.places import area_name
from templates.reports import REPORT_BY_ID
from templates.terms import feed_name
from templates.wording import Wording, message, wording
from transforms.periods import Period

WAITS = "waits_for_release"
TOO_FEW_ROWS = "too_few_rows"
NOT_MADE = "not_made"

_REASONS = {
    WAITS: message("It is made and waits for its release."),
    TOO_FEW_ROWS: message("Too little was delivered: %(feeds)s."),
    NOT_MADE: message("The night that makes it has not ended well. The operators see why."),
}


def edition_mail(
    report: str,
    area: str,
    ending: date,
    *,
    language: str,
    revision: int,
    link: str,
    has_pdf: bool,
) -> tuple[str, str]:
    """Subject and body for an edition that is out."""
    words = wording(language)
    say = words.say
    title = _title(report, area, ending, words)
    lines = [
        say("%(report)s is published, revision %(number)s.", report=title, number=str(revision)),
        say("It opens at:"),
        link,
    ]
    if has_pdf:
        lines.append(say("The same is attached as PDF."))
    if revision > 1:
        lines.append(say("It takes the place of what was sent before; the page says what changed."))
    return title, "\n\n".join(lines) + "\n"


def late_mail(
    report: str, area: str, ending: date, *, language: str, reason: str, feeds: tuple[str, ...]
) -> tuple[str, str]:
    """Subject and body for an edition that should be out and is not."""
    words = wording(language)
    title = _title(report, area, ending, words)
    says = _REASONS[reason]
    named = words.series(feed_name(feed, words) for feed in feeds)
    lines = [
        words.say("%(report)s is late.", report=title),
        words.say(says, feeds=named),
        words.say("The last edition stays in force until then."),
    ]
    return words.say("Late: %(report)s", report=title), "\n\n".join(lines) + "\n"


def _title(report: str, area: str, ending: date, words: Wording) -> str:
    which = REPORT_BY_ID[report]
    title = words.say(which.title)
    period = period_text(Period.ending(which.period, ending), words)
    return f"{title}, {period}, {area_name(area, words)}"
