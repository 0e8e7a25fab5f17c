"""What members of a case get and pay by all that banks tell, on its trail or not."""

import polars as pl

NODE = ("case_no", "rule_code", "node_id")
EXIT_KINDS = ("cash", "exchange_client", "wallet", "abroad")

_OF = ["case_no", "rule_code"]
_WAGES = ("salary", "social_payment")


def while_it_lasts(members: pl.LazyFrame) -> pl.LazyFrame:
    """`since` and `until` of each case and rule: its members' first and last movement."""
    return members.group_by(_OF).agg(since=pl.col("first_at").min(), until=pl.col("last_at").max())


def both_ways(
    moved: pl.LazyFrame, members: pl.LazyFrame, window: pl.LazyFrame, *, end: str
) -> pl.LazyFrame:
    """Transfers to members (`end` is to) or by them (from), and whether the other is a member."""
    other = {"to": "from", "from": "to"}[end]
    told = ("at", "amount_tiyn", "operation_code")
    sides = (f"{end}_id", f"{other}_id", f"{other}_kind", f"{other}_iin")
    inside = members.select(*_OF, other_id="node_id", is_inside=pl.lit(value=True))
    return (
        moved.select(*told, *sides)
        .join(members, left_on=f"{end}_id", right_on="node_id", how="inner", validate="m:m")
        .join(window, on=_OF, how="left", validate="m:1")
        .filter(pl.col("at").is_between("since", "until"))
        .rename({f"{end}_id": "node_id", f"{other}_id": "other_id", f"{other}_kind": "other_kind"})
        .with_columns(other=pl.coalesce(f"{other}_iin", "other_id"))
        .join(inside, on=[*_OF, "other_id"], how="left", validate="m:1")
        .with_columns(pl.col("is_inside").fill_null(value=False))
    )


def is_from_people() -> pl.Expr:
    """The money comes from an account, and is no wage or benefit."""
    return (pl.col("other_kind") == "account") & ~pl.col("operation_code").is_in(_WAGES)
