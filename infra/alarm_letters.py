"""Alarms on their way to people: one letter and one message to a webhook for all news together."""

from typing import Any

import httpx

from infra.alarms import Alarm, News
from infra.mail import Letter, MailFailed, send
from infra.settings import Settings

_PATIENCE_S = 15.0


class NotTold(OSError):
    """News of alarms did not reach everybody; they are told again the next time."""


def pass_on(settings: Settings, news: News) -> None:
    """Write to those who are to know, and post to the webhook.

    Raises:
        NotTold: one of the two did not take it; the other was tried all the same.
    """
    failures = []
    if settings.alarms_to:
        to = tuple(one.strip() for one in settings.alarms_to.split(",") if one.strip())
        try:
            send(
                settings, Letter("operations", to, subject(news), text(news, settings.runbook_url))
            )
        except MailFailed as error:
            failures.append(str(error))
    if settings.alarms_webhook:
        try:
            _post(settings.alarms_webhook, as_json(news, settings.runbook_url))
        except httpx.HTTPError as error:
            failures.append(
                f"The webhook {settings.alarms_webhook} did not take the alarms "
                f"({type(error).__name__}: {error})."
            )
    if failures:
        raise NotTold(" ".join(failures))


def subject(news: News) -> str:
    """`Aqsha: A night was missed (2025-08-18) and 2 more`."""
    if not news.raised:
        return f"Aqsha: over: {', '.join(f'{a.title} ({a.subject})' for a in news.over[:3])}"
    first, more = news.raised[0], len(news.raised) - 1
    return f"Aqsha: {first.title} ({first.subject}){f' and {more} more' if more else ''}"


def text(news: News, runbook: str) -> str:
    """The letter: each alarm, what it says, and where it is told what to do."""
    parts = [f"{_line(alarm)}\n  What to do: {_entry(runbook, alarm)}" for alarm in news.raised]
    parts += [f"Over: {_line(alarm)}" for alarm in news.over]
    others = len(news.standing) - len(news.raised)
    parts += [f"{others} more stand since before: aqsha watch"] if others else []
    return "\n\n".join(parts) + "\n"


def as_json(news: News, runbook: str) -> dict[str, Any]:
    """The same for programs; `text` is what chat services show."""
    return {
        "text": f"{subject(news)}\n\n{text(news, runbook)}",
        "raised": [told(alarm, runbook) for alarm in news.raised],
        "over": [told(alarm, runbook) for alarm in news.over],
        "standing": len(news.standing),
    }


def told(alarm: Alarm, runbook: str) -> dict[str, str]:
    """One alarm with its code, its sentence and its entry of the runbook."""
    return {
        "code": alarm.code,
        "title": alarm.title,
        "subject": alarm.subject,
        "says": alarm.says,
        "runbook": _entry(runbook, alarm),
    }


def _line(alarm: Alarm) -> str:
    return f"{alarm.code} {alarm.title}: {alarm.subject}\n  {alarm.says}"


def _entry(runbook: str, alarm: Alarm) -> str:
    return f"{runbook}#{alarm.code.lower()}"


def _post(address: str, body: dict[str, Any]) -> None:
    httpx.post(address, json=body, timeout=_PATIENCE_S).raise_for_status()
