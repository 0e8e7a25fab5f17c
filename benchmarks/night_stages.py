"""The stages of a night, each a run of its own in a process of its own: the night's very tasks.

`python -m benchmarks.night_stages STAGE DATE TOLD` takes one stage in the installation that
`AQSHA_HOME` names and writes its seconds, without imports and the start of the run, to TOLD.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.futures import wait

from flows.alerts import alerts
from flows.arrests import arrests
from flows.compute import across, complete, facts, indicators
from flows.droppers import activity, contacts, windows
from flows.ingest import Staged, accept, fetch, stage
from flows.model import model, reasons
from flows.orchestrator import keep_results
from flows.precursors import precursors
from flows.publish import edition, regional
from flows.trails import movements, trails
from infra.installation import installation
from infra.settings import settings
from templates.reports import reports_due
from transforms.facts import FACTS
from transforms.feeds import FEED_BY_NAME

BANKS = "card_transactions"


def _others(day: date) -> None:
    for feed in installation().catalogue.feeds:
        if feed != BANKS:
            accept(feed, day, stage(feed, day, fetch(feed, day)))


def _screen(day: date) -> None:
    """What `stage` left: its dates are told by the lake."""
    staging, feed = installation().staging, FEED_BY_NAME[BANKS]
    parts = staging.parts(feed, staging.undone(feed, day))
    accept(BANKS, day, Staged(tuple(map(tuple, parts)), 0, staging.corrections_version(feed)))


def _facts(day: date) -> None:
    made = {fact.table.name: facts.submit(fact.table.name, day) for fact in FACTS}
    last = [*arrests({}, made, day), *precursors({}, day)]
    wait(last)
    for one in last:
        one.result()


def _alerts(day: date) -> None:
    model(day)
    alerts(day)
    reasons(day)


def _report(day: date) -> None:
    due = reports_due(day)
    for period in sorted({period for report in due for period in report.periods}):
        indicators(period, day)
    for report in due:
        edition(report.id, day)
        regional(report.id, day)


def _windows(day: date) -> None:
    contacts(day)
    windows(day)


def _checks(day: date) -> None:
    complete(day)
    across(day)


STAGES: dict[str, Callable[[date], Any]] = {
    "other feeds": _others,
    "fetch": lambda day: fetch(BANKS, day),
    "stage": lambda day: stage(BANKS, day, fetch(BANKS, day)),
    "screen and accept": _screen,
    "facts, arrests, precursors": _facts,
    "days of accounts": activity,
    "windows of accounts": _windows,
    "persons, evidence, alerts": _alerts,
    "transfers": movements,
    "trails": trails,
    "checks across feeds": _checks,
    "figures and report": _report,
}


@flow(name="benchmark", flow_run_name="benchmark-{name}", validate_parameters=False)
def one_stage(name: str, day: date, told: Path) -> None:
    """One stage, and what it took."""
    installation()
    wall, cpu = time.monotonic(), time.process_time()
    STAGES[name](day)
    took = {"wall_s": time.monotonic() - wall, "cpu_s": time.process_time() - cpu}
    told.write_text(json.dumps(took), encoding="utf-8")


if __name__ == "__main__":
    stage_name, on, to = sys.argv[1:]
    keep_results(settings(), installation().connection.endpoint)
    one_stage(stage_name, date.fromisoformat(on), Path(to))
