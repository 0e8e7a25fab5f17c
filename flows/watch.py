"""`aqsha watch`: the look from outside that a timer takes every few minutes."""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from flows.exit_codes import Exit
from infra.alarm_letters import NotTold, pass_on, told
from infra.alarms import Alarm, AlarmBook
from infra.settings import Settings, settings


def watch(
    *,
    at: Annotated[
        datetime | None,
        typer.Option(
            "--at", formats=["%Y-%m-%dT%H:%M"], help="As of this moment, UTC; for drills. Else now."
        ),
    ] = None,
    every: Annotated[
        float | None, typer.Option("--every", min=1, help="Look again after so many seconds.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer as JSON on standard output.")
    ] = False,
) -> None:
    """Say what is wrong: late files, missed nights and reports, stuck or dead runs, full disks.

    It needs no Prefect. What is new, or is over, goes to AQSHA_ALARMS_TO and to
    AQSHA_ALARMS_WEBHOOK with a link to the runbook; what was told is not told again for
    AQSHA_ALARMS_AGAIN_HOURS. Exits 0 when nothing is wrong, 3 when something is, 1 when it could
    not be told.
    """
    while True:
        moment = at.replace(tzinfo=UTC) if at else datetime.now(UTC)
        code = _looked(settings(), moment, as_json)
        if every is None:
            raise typer.Exit(code)
        time.sleep(every)


def _looked(chosen: Settings, moment: datetime, as_json: bool) -> Exit:
    from flows.watching import alarms_of  # noqa: PLC0415 - the lake takes seconds to load

    alarms = alarms_of(chosen, moment)
    _say(alarms, chosen.runbook_url, as_json)
    book = AlarmBook(chosen.home, timedelta(hours=chosen.alarms_again_hours))
    try:
        book.tell(alarms, moment, lambda news: pass_on(chosen, news))
    except NotTold as error:
        Console(stderr=True).print(f"[bold red]✗[/] {error}", highlight=False)
        return Exit.FAILED
    return Exit.INCOMPLETE if alarms else Exit.FINE


def _say(alarms: list[Alarm], runbook: str, as_json: bool) -> None:
    if as_json:
        answer = {"alarms": [told(alarm, runbook) for alarm in alarms]}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        return
    console = Console(stderr=True)
    for alarm in alarms:
        console.print(f"[bold]{alarm.code}[/] {alarm.title}: {alarm.subject}", highlight=False)
        console.print(f"  {alarm.says}", highlight=False, markup=False)
    if not alarms:
        console.print("[green]✓[/] Nothing is wrong.")
