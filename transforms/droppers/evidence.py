"""What counts for and against each account on a night: one row for each typology that it shows.

First what accounts do by themselves is weighed; whose evidence weighs enough is a suspect. Then
what others have to do with suspects is weighed too, and twice more with those that this added: a
collector, whom collectors pay, and who lives on that are found, and suspicion ends there.
"""

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.main_payees import main_payees
from transforms.droppers.parameters import in_force
from transforms.droppers.persons import PERSON_COLUMNS
from transforms.droppers.signs import SIGNS, SIGNS_OF_SUSPICION, histories
from transforms.droppers.suspicion import OF_WINDOWS, beside_suspects
from transforms.droppers.typologies import rule_version
from transforms.droppers.windows import ACCOUNT_WINDOWS, WINDOWS
from transforms.reference import reference

EVIDENCE = Table(
    name="droppers.evidence",
    grain="one typology that one account shows on one night",
    key=("night", "account_iban", "typology_code"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night."),
        Column("account_iban", pl.String(), "Account of a client.", is_personal=True),
        Column("typology_code", pl.String(), "Code in `reference/typologies.csv`."),
        Column("window_days", pl.Int32(), "Window of what was measured.", unit="days"),
        Column("measured", pl.Float64(), "What was measured, in the typology's unit."),
        Column("threshold", pl.Float64(), "Value from which it counts, in the same unit."),
        Column("points", pl.Int64(), "What it adds to the score; below zero in favour."),
        Column("rule_version", pl.String(), "Version of the rules."),
    ),
)

_KEY = ["night", "account_iban"]
_OF_WHOM = [*_KEY, "holder_iin", "bank_bic"]
_STEPS_OF_SUSPICION = 3
_PERCENT = 100


def evidence(
    windows: pl.LazyFrame, persons: pl.LazyFrame, links: pl.LazyFrame, *, rules: pl.DataFrame
) -> pl.LazyFrame:
    """The evidence of every account with something against it; what favours it stands beside that.

    Collects who is a suspect after each step: all other links are then about few accounts.

    Args:
        windows: `ACCOUNT_WINDOWS` of one night.
        persons: `PERSONS` of the same night.
        links: `LINK_WINDOWS` of the same night.
        rules: `TYPOLOGIES` that count on it, one version each; at least one.

    Returns:
        `EVIDENCE`, in order of its key. An account with evidence in its favour only has no rows.
    """
    every = Accounts(windows, persons, links, histories(windows))
    own = by_itself(every, rules=rules).collect().lazy()
    beside = beside_others(own, every, rules=rules)
    return weighed(own, beside, rules=rules)


def columns_weighed(rules: pl.DataFrame) -> list[str]:
    """What persons and evidence need of `ACCOUNT_WINDOWS`."""
    named = (
        name for sign in _measured(rules.iter_rows(named=True)) for name in sign.meta.root_names()
    )
    needed = {*named, *OF_WINDOWS, *(f"active_days_{days}d" for days in WINDOWS)}
    return [*_OF_WHOM, *sorted(needed & {*ACCOUNT_WINDOWS.schema} - {*_OF_WHOM})]


def links_weighed(links: pl.LazyFrame) -> pl.LazyFrame:
    """Of `LINK_WINDOWS` what persons, and evidence of an account by itself, need."""
    own = links.filter(pl.col("link_code").is_in(["card", "payee"]))
    return own.select(*_KEY, "link_code", "other", "transactions_90d", "amount_tiyn_90d")


class Accounts(NamedTuple):
    """Some accounts on a night, or all: what evidence is looked for in.

    `ACCOUNT_WINDOWS`, `PERSONS` and `LINK_WINDOWS` of them, and `histories` of all accounts.
    """

    windows: pl.LazyFrame
    persons: pl.LazyFrame
    links: pl.LazyFrame
    history: pl.LazyFrame


def by_itself(accounts: Accounts, *, rules: pl.DataFrame) -> pl.LazyFrame:
    """What some accounts show by what they do themselves: `EVIDENCE` without the rules' version.

    Args:
        accounts: these.
        rules: as in `evidence`.
    """
    return _shown(_known(accounts), rules.filter(~_is_of_suspicion()))


def beside_others(own: pl.LazyFrame, accounts: Accounts, *, rules: pl.DataFrame) -> pl.LazyFrame:
    """What accounts show by what they have to do with suspects, in the shape of `by_itself`.

    Collects who is a suspect after each step: all else is then about few accounts.

    Args:
        own: `by_itself` of all accounts.
        accounts: all of them.
        rules: as in `evidence`.
    """
    of_suspicion, beside, before = rules.filter(_is_of_suspicion()), own.head(0), None
    for _ in range(_STEPS_OF_SUSPICION if of_suspicion.height else 0):
        suspects = _suspects(pl.concat([own, beside]))
        if before is not None and suspects.equals(before):
            break  # nobody was added: another step would find the same
        before, met = suspects, _beside(accounts.windows, accounts.links, suspects).collect().lazy()
        few = accounts._replace(
            windows=accounts.windows.join(met, on=_KEY, how="semi"),
            persons=accounts.persons.join(met, on=_KEY, how="semi"),
            links=accounts.links.join(met, on=_KEY, how="semi"),
        )
        known = _known(few).join(met, on=_KEY, validate="1:1")
        beside = _shown(known, of_suspicion).collect(engine="streaming").lazy()
    return beside


def weighed(own: pl.LazyFrame, beside: pl.LazyFrame, *, rules: pl.DataFrame) -> pl.LazyFrame:
    """`EVIDENCE` of some accounts, in order of its key.

    Args:
        own: `by_itself` of these accounts.
        beside: `beside_others` of them.
        rules: as in `evidence`.
    """
    rows = pl.concat([own, beside])
    against = rows.filter(pl.col("points") > 0).select(_KEY)
    return (
        rows.join(against, on=_KEY, how="semi")
        .with_columns(rule_version=pl.lit(rule_version(rules)))
        .select(EVIDENCE.schema.names())
        .sort(EVIDENCE.key)
        .pipe(EVIDENCE.require)
    )


def _is_of_suspicion() -> pl.Expr:
    return pl.col("measure_code").is_in(list(SIGNS_OF_SUSPICION))


def _known(accounts: Accounts) -> pl.LazyFrame:
    of_person = accounts.persons.select(*_KEY, *PERSON_COLUMNS)
    return (
        accounts.windows.join(of_person, on=_KEY, how="left", validate="1:1")
        .join(_paid_most(accounts.links), on=_KEY, how="left", validate="1:1")
        .join(accounts.history, how="cross")
    )


def _paid_most(links: pl.LazyFrame) -> pl.LazyFrame:
    few, least = (
        in_force(reference("alert_parameters"), name, pl.col("night"))
        for name in ("main_payees", "main_payee_payments")
    )
    return main_payees(links, at_most=few, least_payments=least)


def _suspects(shown: pl.LazyFrame) -> pl.DataFrame:
    """Accounts whose evidence so far weighs as much as the method asks of a suspect."""
    least = in_force(reference("alert_parameters"), "suspect_score", pl.col("night"))
    scores = shown.group_by(_KEY).agg(score=pl.col("points").sum())
    suspects = scores.filter(pl.col("score") >= least).select(_KEY).sort(_KEY)
    return suspects.collect(engine="streaming")


def _beside(windows: pl.LazyFrame, links: pl.LazyFrame, suspects: pl.DataFrame) -> pl.LazyFrame:
    nights = suspects["night"].unique()
    night = pl.lit(nights.first() if len(nights) else None, pl.Date)
    numbers = reference("alert_parameters")
    return beside_suspects(
        windows,
        links,
        suspects.lazy(),
        hub_links=in_force(reference("activity_parameters"), "hub_links", night),
        payee_share=in_force(numbers, "payee_share_percent", night) / _PERCENT,
    )


def _shown(accounts: pl.LazyFrame, rules: pl.DataFrame) -> pl.LazyFrame:
    """A row for each rule that an account shows: `EVIDENCE` without the version of the rules."""
    terms = rules.lazy().select(pl.col("window_days", "threshold", "points"), typology_code="code")
    codes = rules["code"].to_list()
    return (
        accounts.select(*_KEY, *_measured(rules.iter_rows(named=True)))
        .filter(pl.any_horizontal(pl.col(codes).is_not_null()))
        .unpivot(index=_KEY, variable_name="typology_code", value_name="measured")
        .drop_nulls("measured")
        .join(terms, on="typology_code", how="inner", validate="m:1")
    )


def _measured(rules: Iterable[dict[str, object]]) -> list[pl.Expr]:
    return [_where_it_counts(rule) for rule in rules]


def _where_it_counts(rule: dict[str, object]) -> pl.Expr:
    """What was measured, where it counts; else null."""
    days = int(str(rule["window_days"]))
    measured = _sign(str(rule["measure_code"]), days).cast(pl.Float64)
    counts = _compared(measured, str(rule["comparison_code"]), pl.lit(rule["threshold"]))
    if rule["guard_code"] is not None:
        counts &= _sign(str(rule["guard_code"]), days) >= pl.lit(rule["guard_least"])
    return pl.when(counts).then(measured).alias(str(rule["code"]))


def _sign(name: str, days: int) -> pl.Expr:
    return SIGNS[name](days)


def _compared(measured: pl.Expr, comparison: str, threshold: pl.Expr) -> pl.Expr:
    return {
        "at_least": measured >= threshold,
        "above": measured > threshold,
        "at_most": measured <= threshold,
        "below": measured < threshold,
    }[comparison]
