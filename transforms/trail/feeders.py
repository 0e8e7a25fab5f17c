"""Who brings money to a trail that does not pass through them.

A trail that begins at one card does not meet the other droppers of its shop, but they pay the same
collectors. Nor does it meet the other accounts of one who holds many and gathers on the main one
what buyers paid to each.

Source: FATF, Professional Money Laundering (2018): money mules and collection accounts.
"""

import polars as pl

from transforms.money import total
from transforms.trail.counterparties import NODE, both_ways, is_from_people
from transforms.trail.role_signs import Signs

_OF = ["case_no", "rule_code"]


def feeders(
    moved: pl.LazyFrame, through: pl.LazyFrame, window: pl.LazyFrame, *, signs: Signs
) -> pl.LazyFrame:
    """Accounts that are paid by people and bring it to those that a trail goes through.

    A few tenge of the trail may have come to them as well: they are told by all their money. Who
    feeds is looked for once more among the own accounts of whoever feeds, so it collects.

    Args:
        moved: `facts.transfers` that move something.
        through: `NODE` of accounts that the trail goes through.
        window: `since` and `until` of each case and rule.
        signs: thresholds.

    Returns:
        `NODE`, `node_kind`, `first_at` and `last_at` (of what they pay), `feeds_share` (0 to 1 of
        all that they pay) and `fed_tiyn`, one row each.
    """
    bringing = _feeders(moved, moved, through, window, signs).collect().lazy()
    own = moved.filter(pl.col("from_iin") == pl.col("to_iin"))
    members = pl.concat([through, bringing.select(NODE)]).unique()
    theirs = _feeders(own, moved, members, window, signs).collect().lazy()
    return pl.concat([bringing, theirs])


def _feeders(
    by: pl.LazyFrame,
    moved: pl.LazyFrame,
    through: pl.LazyFrame,
    window: pl.LazyFrame,
    signs: Signs,
) -> pl.LazyFrame:
    """Who pays one of `through` by one of the transfers `by`, judged by all that moved."""
    candidates = (
        both_ways(by, through, window, end="to")
        .filter(is_from_people(), ~pl.col("is_inside"))
        .select(*_OF, node_id="other_id")
        .unique()
    )
    got = (
        both_ways(moved, candidates, window, end="to")
        .group_by(NODE)
        .agg(
            got_tiyn=total("amount_tiyn"),
            payers=pl.col("other").filter(is_from_people()).n_unique(),
        )
    )
    inside = through.select(*_OF, other_id="node_id", is_of_trail=pl.lit(value=True))
    paid = (
        both_ways(moved, candidates, window, end="from")
        .join(inside, on=[*_OF, "other_id"], how="left", validate="m:1")
        .with_columns(fed_tiyn=pl.when("is_of_trail").then("amount_tiyn").otherwise(0))
        .group_by(NODE)
        .agg(
            fed_tiyn=total("fed_tiyn"),
            paid_tiyn=total("amount_tiyn"),
            first_at=pl.col("at").min(),
            last_at=pl.col("at").max(),
        )
    )
    return (
        paid.join(got, on=NODE, how="inner", validate="1:1")
        .with_columns(feeds_share=pl.col("fed_tiyn") / pl.col("paid_tiyn"))
        .filter(
            pl.col("feeds_share") >= signs.feeds_share,
            pl.col("fed_tiyn") >= signs.feeds_got_share * pl.col("got_tiyn"),
            pl.col("payers") >= signs.front_payers,
        )
        .select(
            *NODE, "first_at", "last_at", "feeds_share", "fed_tiyn", node_kind=pl.lit("account")
        )
    )
