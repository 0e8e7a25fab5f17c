"""Windows of accounts → persons → evidence → the alerts of the night."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from prefect import task
from prefect.futures import PrefectFuture

from flows.compute import Computed
from flows.model import deciding, model, reasons
from flows.progress import tell
from flows.steps import PERSISTED, after, done, once_settled
from infra.code_version import code_version
from infra.installation import Installation, installation
from infra.lake import Partitions
from infra.ledger import fingerprint
from infra.shards import kept, shards_of
from transforms.droppers.alerts import ALERTS, parameters_of_alerts
from transforms.droppers.alerts import alerts as listed
from transforms.droppers.boosted import MODEL_SCORES
from transforms.droppers.drift import PRODUCERS
from transforms.droppers.evidence import (
    EVIDENCE,
    Accounts,
    beside_others,
    by_itself,
    columns_weighed,
    links_weighed,
    weighed,
)
from transforms.droppers.exemptions import EXEMPTIONS, exempted
from transforms.droppers.persons import PERSONS, persons_of, shared_persons
from transforms.droppers.signs import histories
from transforms.droppers.typologies import in_force_on, typologies
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS

_MOST_ROWS = 500_000  # of links and windows


def alerts_of_night(
    windows: Sequence[PrefectFuture[Computed]], business_date: date
) -> list[PrefectFuture[Computed]]:
    """The steps of the night that say whom to block; they need the windows alone.

    Rules list accounts whatever comes of the model.
    """
    scored = after(windows, model, business_date)
    on_list = after([*windows, *once_settled([scored])], alerts, business_date)
    return [scored, on_list, after([scored, on_list], reasons, business_date)]


@task(name="alerts", task_run_name="alerts {business_date}", **PERSISTED)
def alerts(business_date: date) -> Computed:
    """Windows → what counts for and against each account, and those whose evidence is enough."""
    at, name, night = installation(), ALERTS.name, {"night": [business_date]}
    inputs = _inputs(at, business_date)
    if at.ledger.is_last(business_date, "alerts", "all", inputs):
        return Computed(name, 0, at.lake.version(ALERTS))
    windows = at.lake.read(ACCOUNT_WINDOWS, partitions=night)
    links = at.lake.read(LINK_WINDOWS, partitions=night)
    rules = in_force_on(typologies(), business_date)
    _write_evidence(at, business_date, rules)
    shown = at.lake.read(EVIDENCE, partitions=night)
    decisions = at.lake.read(EXEMPTIONS, until=business_date)
    exempt = exempted(decisions, windows, links, business_date)
    said = deciding(at, business_date)
    on_list = listed(
        windows,
        shown,
        exempt,
        parameters=parameters_of_alerts(),
        scores=said.scores,
        least_probability=said.least_probability,
    )
    version = at.lake.replace(ALERTS, on_list, partitions=night)
    at.ledger.settle(done(business_date, "alerts", "all", inputs, version=version))
    tell(name, "computed", f"{rules.height} typologies")
    return Computed(name, 1, version)


def _write_evidence(at: Installation, night: date, rules: Any) -> None:
    """Persons and evidence, a shard of the accounts at a time, but for what others show."""
    of_night: Partitions = {"night": [night]}
    windows = at.lake.read(ACCOUNT_WINDOWS, partitions=of_night)
    links = at.lake.read(LINK_WINDOWS, partitions=of_night)
    history = histories(windows).collect().lazy()
    needed, own_links = windows.select(columns_weighed(rules)), links_weighed(links)
    shards = shards_of(own_links, needed, most_rows=_MOST_ROWS)
    parts = [(shard.rows(needed), shard.rows(own_links)) for shard in shards]
    shared = shared_persons(windows, links)
    with kept(persons_of(*part, shared=shared) for part in parts) as known:
        at.lake.replace(PERSONS, known.parts, partitions=of_night)
        own = (
            by_itself(Accounts(accounts, persons, linked, history), rules=rules)
            for (accounts, linked), persons in zip(parts, known.parts, strict=True)
        )
        with kept(own) as shown:
            every = Accounts(needed, known.whole, links, history)
            beside = beside_others(shown.whole, every, rules=rules)
            evidence = [
                weighed(own, shard.rows(beside), rules=rules)
                for own, shard in zip(shown.parts, shards, strict=True)
            ]
            at.lake.replace(EVIDENCE, evidence, partitions=of_night)


def _inputs(at: Installation, night: date) -> str:
    """What the alerts of a night rest on: windows, model, exemptions, and code with rules."""
    of_night = {
        table.name: at.lake.partition_digests(table).get(night)
        for table in (ACCOUNT_WINDOWS, LINK_WINDOWS, PRODUCERS, MODEL_SCORES)
    }
    return fingerprint(code_version(), of_night, at.lake.versions([EXEMPTIONS]))
