"""What a trail comes to: the figures of a case by each rule, and the bands of its diagram."""

from typing import Any

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT
from transforms.money import total
from transforms.trail.counterparties import NODE
from transforms.trail.taint import require_conserved
from transforms.trail.trails import STEPS

_CASE = Column("case_no", pl.String(), "Register number (ERDR), 15 digits.")
_RULE = Column(
    "rule_code",
    pl.String(),
    "By which tainted money is told from clean; figures of two rules are never added.",
)


def _tiyn(name: str, description: str) -> Column:
    return Column(name, pl.Int64(), description, unit="tiyn")


CASE_FIGURES = Table(
    name="trail.case_figures",
    grain="one case by one rule, as of one night",
    key=("case_no", "rule_code"),
    partitioned_by=(),
    columns=(
        _CASE,
        _RULE,
        Column("night", pl.Date(), "Business date of the night; all its transfers are counted."),
        Column(
            "transactions", pl.Int64(), "Transfers that carried tainted money.", unit="transactions"
        ),
        Column("layers", pl.Int32(), "Most transfers from a seed.", unit="hops"),
        Column("accounts", pl.Int64(), "Accounts with a role in it, payers left out."),
        Column(
            "holders", pl.Int64(), "Different IIN and BIN behind them, as far as known.", "persons"
        ),
        Column("payers", pl.Int64(), "Accounts outside that paid shops and droppers."),
        _tiyn("paid_tiyn", "What those paid."),
        _tiyn("entered_tiyn", "Money that entered the trail: equals held + ended, but by poison."),
        _tiyn("held_tiyn", "Still on accounts, at exchanges and in wallets."),
        _tiyn("cash_tiyn", "Taken as cash."),
        _tiyn("exchange_tiyn", "Topped up at exchanges, or ended at wallets of theirs."),
        _tiyn("abroad_tiyn", "Sent to accounts abroad."),
        _tiyn("service_tiyn", "Paid to merchants, utilities, the state."),
        _tiyn("mixer_tiyn", "Ended at mixers."),
        _tiyn(
            "lost_tiyn",
            "Where the trail was left: too many transfers from a seed, too small, a node that "
            "pays too many others, or one that was named as a stop.",
        ),
        _tiyn("arrested_tiyn", "What arrests of any case hold of nodes of the trail."),
        _tiyn("confiscated_tiyn", "What courts took for good of nodes of the trail."),
        _tiyn("arrestable_tiyn", "Held, and neither arrested nor confiscated: can still be."),
        Column("first_at", INSTANT, "First transfer.", nullable=True),
        Column("last_at", INSTANT, "Freshest transfer.", nullable=True),
    ),
)

LINKS = Table(
    name="trail.links",
    grain="all tainted money from one role at one layer to another, by one rule",
    key=("case_no", "rule_code", "from_layer", "from_role", "to_layer", "to_role"),
    partitioned_by=(),
    columns=(
        _CASE,
        _RULE,
        Column("from_layer", pl.Int32(), "Fewest transfers of the payers from a seed.", "hops"),
        Column("from_role", pl.String(), "As in `trail.roles`."),
        Column("to_layer", pl.Int32(), "Fewest transfers of the payees from a seed.", "hops"),
        Column("to_role", pl.String(), "As in `trail.roles`."),
        Column("from_nodes", pl.Int64(), "Different payers."),
        Column("to_nodes", pl.Int64(), "Different payees."),
        Column("transactions", pl.Int64(), "Transfers.", unit="transactions"),
        _tiyn("tainted_tiyn", "Tainted money that they carried."),
    ),
)

_OF = ["case_no", "rule_code"]
_ENDS = ("cash", "exchange", "abroad", "service", "mixer", "lost")
_LIMITS = ("hops", "amount", "busy", "stop")


def case_figures(
    steps: pl.LazyFrame, holdings: pl.LazyFrame, roles: pl.LazyFrame, held: pl.LazyFrame
) -> pl.LazyFrame:
    """The figures of each case by each rule.

    Args:
        steps: `STEPS` of all days.
        holdings: `HOLDINGS` of the night.
        roles: `ROLES` of them.
        held: `HELD_MONEY` of them.

    Returns:
        `CASE_FIGURES`, in order of its key. Cases and rules without roles are counted all the
        same; who paid is then not known and counted as nobody.
    """
    key: dict[str, Any] = {"on": _OF, "how": "left", "validate": "1:1"}
    counts = ("transactions", "accounts", "payers", "holders")
    return (
        holdings.group_by(*_OF, "night")
        .agg(
            layers=pl.col("layer").max(),
            entered_tiyn=total("entered_tiyn"),
            held_tiyn=total("held_tiyn"),
        )
        .join(_moved(steps), **key)
        .join(_ended(steps, roles), **key)
        .join(_people(roles), **key)
        .join(
            held.group_by(_OF).agg(
                total(f"{what}_tiyn") for what in ("arrested", "confiscated", "arrestable")
            ),
            **key,
        )
        .with_columns(
            pl.col(c).fill_null(0)
            for c in CASE_FIGURES.schema
            if c.endswith("_tiyn") or c in counts
        )
        .select(CASE_FIGURES.schema.names())
        .sort(CASE_FIGURES.key)
        .pipe(CASE_FIGURES.require)
    )


def conserved_figures(figures: pl.DataFrame) -> pl.DataFrame:
    """`figures`, when all money that entered is held or ended, to the tiyn; not asked of poison.

    Args:
        figures: `CASE_FIGURES`.

    Raises:
        NotConserved: says by which rule how much is missing.
    """
    by_rule = figures.select(
        "rule_code",
        "entered_tiyn",
        "held_tiyn",
        ended_tiyn=pl.sum_horizontal(f"{end}_tiyn" for end in _ENDS),
    )
    for rule, entered, held, ended in by_rule.iter_rows():
        require_conserved(rule, entered, held, ended)
    return figures


def links(steps: pl.LazyFrame, holdings: pl.LazyFrame, roles: pl.LazyFrame) -> pl.LazyFrame:
    """Money between roles and layers, which is what a diagram of the case shows.

    Args:
        steps: as for `case_figures`, as the others are.
        holdings: so.
        roles: so.

    Returns:
        `LINKS`, in order of its key. Its tainted money is that of all steps.
    """
    places = holdings.select(*NODE, "layer").join(
        roles.select(*NODE, "role_code"), on=NODE, how="left", validate="1:1"
    )
    ends = {
        side: places.rename(
            {"node_id": f"{side}_id", "layer": f"{side}_layer", "role_code": f"{side}_role"}
        )
        for side in ("from", "to")
    }
    return (
        steps.drop("layer")
        .join(ends["from"], on=[*_OF, "from_id"], how="left", validate="m:1")
        .join(ends["to"], on=[*_OF, "to_id"], how="left", validate="m:1")
        .group_by(LINKS.key)
        .agg(
            from_nodes=pl.col("from_id").n_unique().cast(pl.Int64),
            to_nodes=pl.col("to_id").n_unique().cast(pl.Int64),
            transactions=pl.len().cast(pl.Int64),
            tainted_tiyn=total("tainted_tiyn"),
        )
        .select(LINKS.schema.names())
        .sort(LINKS.key)
        .pipe(LINKS.require)
    )


def largest_steps(steps: pl.LazyFrame, *, most: int) -> pl.LazyFrame:
    """The steps of each case and rule that carried most, in order of time; `STEPS`."""
    return (
        steps.sort(
            [*_OF, "tainted_tiyn", "at", "transfer_id"],
            descending=[False, False, True, False, False],
        )
        .group_by(_OF, maintain_order=True)
        .head(most)
        .select(STEPS.schema.names())
        .sort(*_OF, "at", "transfer_id")
        .pipe(STEPS.require)
    )


def _moved(steps: pl.LazyFrame) -> pl.LazyFrame:
    return steps.group_by(_OF).agg(
        transactions=pl.len().cast(pl.Int64),
        first_at=pl.col("at").min(),
        last_at=pl.col("at").max(),
    )


def _ended(steps: pl.LazyFrame, roles: pl.LazyFrame) -> pl.LazyFrame:
    """Money whose trail ended, by where; each step in one of the columns."""
    role = roles.select(*_OF, "role_code", to_id="node_id")
    by, is_label = pl.col("ended_by_code"), pl.col("ended_by_code") == "label"
    where = (
        pl.when(by.is_in(_LIMITS))
        .then(pl.lit("lost"))
        .when(is_label & (pl.col("label_code") == "mixer"))
        .then(pl.lit("mixer"))
        .when(is_label | (pl.col("role_code") == "exchange"))
        .then(pl.lit("exchange"))
        .otherwise(by)
    )
    return (
        steps.filter(by.is_not_null())
        .join(role, on=[*_OF, "to_id"], how="left", validate="m:1")
        .with_columns(
            pl.when(where == end).then("tainted_tiyn").otherwise(0).alias(f"{end}_tiyn")
            for end in _ENDS
        )
        .group_by(_OF)
        .agg(total(f"{end}_tiyn") for end in _ENDS)
    )


def _people(roles: pl.LazyFrame) -> pl.LazyFrame:
    is_payer = pl.col("role_code") == "payer"
    is_account = pl.col("node_kind") == "account"
    return (
        roles.with_columns(paid_tiyn=pl.when(is_payer).then("amount_tiyn").otherwise(0))
        .group_by(_OF)
        .agg(
            holders=pl.col("holder_iin")
            .filter(is_account & ~is_payer)
            .drop_nulls()
            .n_unique()
            .cast(pl.Int64),
            accounts=(is_account & ~is_payer).sum().cast(pl.Int64),
            payers=is_payer.sum().cast(pl.Int64),
            paid_tiyn=total("paid_tiyn"),
        )
    )
