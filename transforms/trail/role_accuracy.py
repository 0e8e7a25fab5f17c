"""How often the roles of a trail were right, on worlds whose truth is known."""

from collections.abc import Iterable

import polars as pl

from transforms.trail.counterparties import NODE

TOLD_AS = {"courier": "cash_out_point"}
"""As which role a planted one is told, where the names differ."""

UNINVOLVED = ("payer", "recipient")
INNOCENTS = "innocent"


def role_counts(roles: pl.LazyFrame, members: pl.LazyFrame) -> pl.LazyFrame:
    """How many accounts were planted in each role, told in it, and told rightly.

    Args:
        roles: `ROLES` of accounts by one rule; of several worlds, told apart by their numbers.
        members: `account_iban` and `role` of whoever was at work in a planted network.

    Returns:
        `name`, `accounts`, `planted`, `listed` and `found`, by role, of all accounts that were
        told or planted; and `INNOCENTS`: accounts of nobody planted that the money met, and those
        among them who were told as more than payer or recipient.
    """
    planted = members.select(
        node_id="account_iban", planted=pl.col("role").replace(TOLD_AS)
    ).unique()
    told = roles.select(*NODE[2:], "role_code").unique()
    is_right = pl.col("planted") == pl.col("role_code")
    everybody = pl.concat([planted.select("node_id"), told.select("node_id")]).unique()
    of_roles = (
        planted.group_by(name="planted")
        .agg(planted=pl.len())
        .join(
            told.join(planted, on="node_id", how="left", validate="m:m")
            .group_by("role_code", "node_id")
            .agg(is_right=is_right.fill_null(value=False).any())
            .group_by(name="role_code")
            .agg(listed=pl.len(), found=pl.col("is_right").sum()),
            on="name",
            how="left",
            validate="1:1",
        )
        .with_columns(pl.col("listed", "found").fill_null(0))
        .join(everybody.select(accounts=pl.len()), how="cross")
    )
    is_accused = ~pl.col("role_code").is_in(UNINVOLVED)
    innocents = (
        told.join(planted, on="node_id", how="anti")
        .group_by("node_id")
        .agg(is_accused=is_accused.any())
        .select(
            name=pl.lit(INNOCENTS),
            accounts=pl.len(),
            planted=pl.lit(0),
            listed=pl.col("is_accused").sum(),
            found=pl.lit(0),
        )
    )
    columns = ("name", "accounts", "planted", "listed", "found")
    parts = [
        part.select("name", pl.col(columns[1:]).cast(pl.Int64)) for part in (of_roles, innocents)
    ]
    return pl.concat(parts).sort("name")


def added_up(worlds: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
    """`role_counts` of several worlds, as of one country."""
    return pl.concat(worlds).group_by("name").agg(pl.exclude("name").sum()).sort("name")
