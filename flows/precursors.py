"""Declarations → what they mention → goods that are listed → facts, and how these changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from prefect import task
from prefect.futures import PrefectFuture

from flows.compute import Computed
from flows.derived import OF_VIOLATIONS, accepted, violations_of
from flows.progress import tell
from flows.steps import PERSISTED, after, done
from infra.code_version import code_version
from infra.installation import Installation, installation
from infra.ledger import fingerprint
from transforms.feeds import FEED_BY_NAME
from transforms.precursors.changes import VIOLATION_CHANGES, violation_changes
from transforms.precursors.goods import LISTED_GOODS, listed_goods
from transforms.precursors.parameters import parameters_of_precursors
from transforms.precursors.reading import rules_of_reading
from transforms.precursors.text_matches import (
    TEXT_MATCHES,
    distinct_texts,
    of_rules,
    text_matches,
    unread,
)
from transforms.precursors.violations import PRECURSOR_VIOLATIONS


def precursors(
    taken: Mapping[str, PrefectFuture[Any]], business_date: date
) -> list[PrefectFuture[Computed]]:
    """The steps of the night that look for precursors among the imports."""
    declared = [taken[feed] for feed in ("import_declarations",) if feed in taken]
    known = [taken[feed] for feed in OF_VIOLATIONS if feed in taken]
    found = after(declared, goods, business_date)
    return [found, after([found, *known], violations, business_date)]


@task(name="listed goods", task_run_name="listed goods {business_date}", **PERSISTED)
def goods(business_date: date) -> Computed:
    """Descriptions that no night has read yet are read; then which goods are listed.

    A description is read once, so that a night costs what is new in it.
    """
    at, declared = installation(), FEED_BY_NAME["import_declarations"].accepted_table
    inputs = fingerprint(code_version(), at.lake.versions([declared]))
    if at.ledger.is_last(business_date, "listed_goods", "all", inputs):
        return Computed(LISTED_GOODS.name, 0, at.lake.version(LISTED_GOODS))
    rows, rules = at.lake.read(declared), rules_of_reading()
    new = unread(distinct_texts(rows), of_rules(at.lake.read(TEXT_MATCHES), rules)).collect()
    if new.height:
        tell("listed goods", "read", f"{new.height} descriptions")
        of_night: dict[str, list[date | str]] = {"rules": [rules], "read_on": [business_date]}
        kept = at.lake.read(TEXT_MATCHES, partitions=of_night)
        found = text_matches(new["goods_text"].to_list(), kept, rules=rules, night=business_date)
        at.lake.replace(TEXT_MATCHES, found, partitions=of_night)
    listed = listed_goods(
        rows,
        of_rules(at.lake.read(TEXT_MATCHES), rules),
        parameters=parameters_of_precursors(),
    )
    version = at.lake.replace(LISTED_GOODS, listed, partitions={})
    at.ledger.settle(done(business_date, "listed_goods", "all", inputs, version=version))
    return Computed(LISTED_GOODS.name, 1, version)


@task(name="precursor violations", task_run_name="violations {business_date}", **PERSISTED)
def violations(business_date: date) -> Computed:
    """Listed goods and what registers say of their consignees → facts, and what changed."""
    at, name = installation(), PRECURSOR_VIOLATIONS.name
    tables = accepted(*OF_VIOLATIONS)
    inputs = fingerprint(code_version(), at.lake.versions([*tables.values(), LISTED_GOODS]))
    if at.ledger.is_last(business_date, "precursor_violations", "all", inputs):
        return Computed(name, 0, at.lake.version(PRECURSOR_VIOLATIONS))
    found = violations_of(at.lake, business_date).collect()
    _tell_changes(at, found.lazy(), business_date)
    version = at.lake.replace(PRECURSOR_VIOLATIONS, found.lazy(), partitions={})
    at.ledger.settle(done(business_date, "precursor_violations", "all", inputs, version=version))
    tell(name, "computed", f"{found.height} facts")
    return Computed(name, 1, version)


def _tell_changes(at: Installation, found: Any, business_date: date) -> None:
    """Before the facts are replaced: a run that breaks off in between tells the change again."""
    of_night = {"night": [business_date]}
    changes = violation_changes(
        at.lake.read(PRECURSOR_VIOLATIONS),
        found,
        at.lake.read(FEED_BY_NAME["import_declarations"].accepted_table),
        at.lake.read(VIOLATION_CHANGES, partitions=of_night),
        business_date,
    ).collect()
    at.lake.replace(VIOLATION_CHANGES, changes.lazy(), partitions=of_night)
