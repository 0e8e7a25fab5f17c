"""`prefect.yaml` as an operator meets it: what there is, when it runs, what its forms ask."""

import ast
import inspect
import re
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ParameterTypeError
from prefect.utilities.callables import parameter_schema

from flows.orchestrator import deployments
from flows.parameters import OWED
from templates.reports import REPORTS
from transforms.feeds import FEEDS

DEPLOYED = yaml.safe_load(Path(deployments()).read_text(encoding="utf-8"))["deployments"]
BY_NAME = {deployed["name"]: deployed for deployed in DEPLOYED}


def flow_of(deployed):
    module, name = deployed["entrypoint"].rsplit(".", 1)
    return getattr(import_module(module), name)


def form(name):
    return parameter_schema(flow_of(BY_NAME[name])).model_dump()["properties"]


def test_no_two_deployments_have_one_name():
    assert len(BY_NAME) == len(DEPLOYED)


def test_there_is_one_for_each_report_and_for_each_feed():
    by_report = {d["parameters"]["report"] for d in DEPLOYED if d["name"].startswith("report-")}
    by_feed = {d["parameters"]["feed"] for d in DEPLOYED if d["name"].startswith("take-in-")}

    assert by_report == {report.id for report in REPORTS}
    assert by_feed == {feed.name for feed in FEEDS}
    assert {"nightly", "catch-up", "backfill", "quarantine-replay", "housekeeping"} <= {*BY_NAME}


@pytest.mark.parametrize("deployed", DEPLOYED, ids=lambda d: d["name"])
def test_each_says_when_it_runs_what_a_second_run_does_and_refuses_other_parameters(deployed):
    limit = deployed["concurrency_limit"]

    assert (limit["limit"], limit["collision_strategy"]) == (1, "ENQUEUE")
    assert limit["grace_period_seconds"] <= 600
    assert deployed["enforce_parameter_schema"] is True
    assert deployed["tags"] and deployed["description"]
    assert set(deployed.get("parameters", {})) <= set(form(deployed["name"]))
    for schedule in deployed["schedules"]:
        assert schedule["slug"] and type(schedule["active"]) is bool
        assert schedule["timezone"] == "{{ $AQSHA_TIMEZONE }}"
        cron = re.sub(r"\{\{ \$AQSHA_\w+_CRON \}\}", "30 1 * * *", schedule["cron"])
        CronSchedule(cron=cron, timezone="Asia/Almaty")


def test_what_runs_by_itself_is_the_night_what_follows_it_and_the_housekeeping():
    active = {d["name"] for d in DEPLOYED if any(s["active"] for s in d["schedules"])}

    assert active == {"nightly", "catch-up", "deliver", "housekeeping"}


@pytest.mark.parametrize("deployed", DEPLOYED, ids=lambda d: d["name"])
def test_each_field_of_a_form_says_what_it_asks(deployed):
    assert all(field.get("description") for field in form(deployed["name"]).values())


@pytest.mark.parametrize("deployed", DEPLOYED, ids=lambda d: d["name"])
def test_no_flow_calls_another(deployed):
    """On Retry a parent takes one subflow's result for another's; of tasks each has its own key."""
    flows = {flow_of(d).fn.__name__ for d in DEPLOYED}
    called = ast.walk(ast.parse(inspect.getsource(inspect.getmodule(flow_of(deployed).fn))))
    names = {c.func.id for c in called if isinstance(c, ast.Call) and isinstance(c.func, ast.Name)}

    assert not names & flows


def test_reports_feeds_and_dates_are_chosen_not_typed():
    assert form("report-daily")["report"]["enum"] == [report.id for report in REPORTS]
    assert form("catch-up")["feed"]["enum"] == [OWED, *(feed.name for feed in FEEDS)]
    assert form("quarantine-replay")["business_date"]["format"] == "date"


@pytest.mark.parametrize(
    ("said", "is_day"),
    [("2025-08-18", True), ("yesterday", False), ("205-08-18", False), ("2025-13-01", False)],
)
def test_the_server_knows_a_day_by_its_pattern(said, is_day):
    """It does not hold forms against `format`."""
    pattern = form("backfill")["since"]["pattern"]

    assert bool(re.search(pattern, said)) is is_day


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("nightly", {"business_date": date(2999, 1, 1)}, "no day that files can have come for"),
        ("nightly", {"business_date": date(205, 8, 18)}, "no day that files can have come for"),
        ("report-daily", {"report": "hourly"}, "hourly is not one of: daily"),
        ("quarantine-replay", {"feed": "gold", "business_date": date(2025, 8, 18)}, "gold is not"),
        ("backfill", {"since": date(2025, 8, 1), "until": "soon"}, "valid date"),
        (
            "backfill",
            {"since": date(2025, 8, 1), "until": date(2025, 8, 2), "at_once": 99},
            "less than or equal to 8",
        ),
    ],
)
def test_nonsense_is_refused_before_anything_runs(name, given, says):
    with pytest.raises(ParameterTypeError, match=says):
        flow_of(BY_NAME[name]).validate_parameters(given)


def test_today_and_yesterday_are_days_that_files_can_have_come_for():
    for day in (datetime.now(UTC).date() - timedelta(days=n) for n in (0, 1)):
        flow_of(BY_NAME["nightly"]).validate_parameters({"business_date": day})
