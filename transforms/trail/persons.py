"""Whom a case leads to: each person once, over all accounts; and where the money left."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT
from transforms.money import total
from transforms.trail.counterparties import NODE
from transforms.trail.roles import REASON

_STRONGEST = (
    "organizer",
    "shop",
    "operator",
    "collector",
    "cash_out_point",
    "dropper",
    "recipient",
    "account",
    "exchange_client",
    "payer",
)
_PERSON = ("case_no", "rule_code", "person")

PERSONS = Table(
    name="trail.persons",
    grain="one person or company in one case by one rule",
    key=_PERSON,
    partitioned_by=(),
    columns=(
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
        Column("rule_code", pl.String(), "By which tainted money is told from clean."),
        Column(
            "person",
            pl.String(),
            "IIN or BIN; where none is told, the account alone.",
            is_personal=True,
        ),
        Column(
            "role_code",
            pl.String(),
            "The strongest role of the accounts: first in this order: "
            + ", ".join(_STRONGEST)
            + ".",
        ),
        Column("nodes", pl.List(pl.String()), "Accounts and exchange clients.", is_personal=True),
        Column(
            "amount_tiyn",
            pl.Int64(),
            "Sum of `trail.roles`; transfers between own accounts count at each.",
            unit="tiyn",
        ),
        Column("held_tiyn", pl.Int64(), "Tainted money still there.", unit="tiyn"),
        Column("first_at", INSTANT, "First movement in the case."),
        Column("last_at", INSTANT, "Last movement in the case."),
        Column("reasons", pl.List(REASON), "Those of the account that has the role."),
    ),
)

EXITS = Table(
    name="trail.exits",
    grain="one place where tainted money left bank accounts, by one rule",
    key=NODE,
    partitioned_by=(),
    columns=(
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
        Column("rule_code", pl.String(), "By which tainted money is told from clean."),
        Column("node_id", pl.String(), "As in `facts.transfers`.", is_personal=True),
        Column(
            "role_code", pl.String(), "cash, exchange, exchange_client, wallet, abroad or service."
        ),
        Column("label_code", pl.String(), "Of a wallet: what is publicly known.", nullable=True),
        Column("transactions", pl.Int64(), "Transfers.", unit="transactions"),
        Column("payers", pl.Int64(), "Different accounts that brought it there."),
        Column("tainted_tiyn", pl.Int64(), "Tainted money that came there.", unit="tiyn"),
        Column("last_at", INSTANT, "Last such transfer."),
    ),
)


def persons(roles: pl.LazyFrame) -> pl.LazyFrame:
    """Each person with the strongest role of the accounts, and all accounts.

    Args:
        roles: `ROLES`.

    Returns:
        `PERSONS`, in order of its key.
    """
    rank = pl.col("role_code").cast(pl.Enum(_STRONGEST))
    return (
        roles.filter(pl.col("node_kind").is_in(["account", "exchange_client"]))
        .with_columns(person=pl.coalesce("holder_iin", "node_id"), rank=rank)
        .sort(
            *_PERSON,
            "rank",
            pl.col("amount_tiyn"),
            "node_id",
            descending=[False] * 4 + [True, False],
        )
        .group_by(_PERSON, maintain_order=True)
        .agg(
            pl.col("role_code", "reasons").first(),
            pl.col("first_at").min(),
            pl.col("last_at").max(),
            nodes=pl.col("node_id"),
            amount_tiyn=total("amount_tiyn"),
            held_tiyn=total("held_tiyn"),
        )
        .select(PERSONS.schema.names())
        .sort(PERSONS.key)
        .pipe(PERSONS.require)
    )


def exits(steps: pl.LazyFrame, roles: pl.LazyFrame) -> pl.LazyFrame:
    """Cash of each region, exchanges, wallets, accounts abroad and services that got tainted money.

    Args:
        steps: `STEPS`.
        roles: `ROLES` of them.

    Returns:
        `EXITS`, in order of its key.
    """
    role = roles.select(*NODE, "role_code")
    return (
        steps.filter(pl.col("to_kind") != "account")
        .group_by("case_no", "rule_code", node_id="to_id")
        .agg(
            label_code=pl.col("label_code").drop_nulls().min(),
            transactions=pl.len().cast(pl.Int64),
            payers=pl.col("from_id").n_unique().cast(pl.Int64),
            tainted_tiyn=total("tainted_tiyn"),
            last_at=pl.col("at").max(),
        )
        .join(role, on=NODE, how="left", validate="1:1")
        .select(EXITS.schema.names())
        .sort(EXITS.key)
        .pipe(EXITS.require)
    )
