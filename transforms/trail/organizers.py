"""For whom a case's people work: who is paid again and again by them, and keeps it.

A share is told by the case's money, and beside it by all money: where what a trail carries is a
little of what an operator brings out, it reaches whoever gets the share thinly or not at all, but
the operator pays him all the same. So a trail that begins at one shop tells of the organizer whom
ten droppers feed.

Source: FATF, Professional Money Laundering (2018): leaders and controllers get the proceeds.
"""

from datetime import UTC, datetime
from typing import Any

import polars as pl

from transforms.feeds.cells import INSTANT
from transforms.money import total
from transforms.trail.counterparties import EXIT_KINDS, NODE, both_ways, while_it_lasts
from transforms.trail.reach import moves_something
from transforms.trail.role_signs import Signs

WORKERS = ("collector", "operator", "cash_out_point")

_OF = ["case_no", "rule_code"]
_EVER = pl.lit(datetime.max.replace(tzinfo=UTC)).cast(INSTANT)
_BESIDE: dict[str, Any] = {"on": NODE, "how": "full", "coalesce": True, "validate": "1:1"}


def with_organizers(
    told: pl.LazyFrame, transfers: pl.LazyFrame, steps: pl.LazyFrame, *, signs: Signs
) -> pl.LazyFrame:
    """The members of cases with those for whom they work, on the trail or beside it.

    What workers do is told first, and who pays organizers then, so it collects.

    Args:
        told: members with `role_code`, `keeps_share`, `first_at` and `last_at`.
        transfers: `facts.transfers` of the days that were followed.
        steps: `STEPS` of those days.
        signs: thresholds.

    Returns:
        `told`, in which a recipient may have become an organizer, and a cash-out point that pays
        one an operator, and organizers beside the trail; `payments` and `share_tiyn` are what
        people of the case paid to each, `shares_paid` how often somebody paid one.
    """
    workers = told.filter(pl.col("role_code").is_in(WORKERS)).select(NODE)
    by_taint = (
        steps.join(workers, left_on=[*_OF, "from_id"], right_on=NODE, how="semi")
        .group_by(*_OF, node_id="to_id")
        .agg(payments=pl.len().cast(pl.Int64))
    )
    may_be = (pl.col("role_code") == "recipient").fill_null(value=True)
    is_paid = pl.col("payments") >= signs.payments
    by_case = is_paid & (pl.col("keeps_share") >= signs.keeps_share)
    everybody = (
        told.join(by_taint, on=NODE, how="left", validate="1:1")
        .join(_by_all_money(told, transfers, workers, signs), **_BESIDE)
        .with_columns(
            role_code=pl.when(may_be & (by_case | pl.col("all_payments").is_not_null()))
            .then(pl.lit("organizer"))
            .otherwise("role_code"),
            node_kind=pl.col("node_kind").fill_null("account"),
            is_by_all=may_be & ~by_case.fill_null(value=False),
        )
        .with_columns(
            payments=_either("payments"),
            keeps_share=_either("keeps_share"),
            first_at=pl.coalesce("first_at", "all_first_at"),
            last_at=pl.coalesce("last_at", "all_last_at"),
        )
        .collect()
        .lazy()
    )
    is_operator = (pl.col("role_code") == "cash_out_point") & (pl.col("shares_paid") > 0)
    return everybody.join(
        _shares_paid(everybody, transfers), on=NODE, how="left", validate="1:1"
    ).with_columns(role_code=pl.when(is_operator).then(pl.lit("operator")).otherwise("role_code"))


def _shares_paid(told: pl.LazyFrame, transfers: pl.LazyFrame) -> pl.LazyFrame:
    """How often somebody paid an organizer of the case, by all money."""
    organizers = told.filter(pl.col("role_code") == "organizer").select(NODE)
    return (
        both_ways(transfers.filter(moves_something()), organizers, while_it_lasts(told), end="to")
        .group_by(*_OF, node_id="other_id")
        .agg(shares_paid=pl.len().cast(pl.Int64))
    )


def _either(column: str) -> pl.Expr:
    """What is told by all money, of those whom only that tells."""
    by_all = pl.when("is_by_all").then(f"all_{column}")
    return pl.coalesce(by_all, column)


def _by_all_money(
    told: pl.LazyFrame, transfers: pl.LazyFrame, workers: pl.LazyFrame, signs: Signs
) -> pl.LazyFrame:
    """Who lives on what workers of a case pay: most of what it gets, and it stays there.

    What it does after the case's last movement counts too: it may have handed on by then.
    """
    moved = transfers.filter(moves_something())
    window = while_it_lasts(told)
    paid = (
        both_ways(moved, workers, window, end="from")
        .filter(pl.col("other_kind") == "account")
        .group_by(*_OF, node_id="other_id")
        .agg(
            all_payments=pl.len().cast(pl.Int64),
            share_tiyn=total("amount_tiyn"),
            all_first_at=pl.col("at").min(),
            all_last_at=pl.col("at").max(),
        )
        .filter(pl.col("all_payments") >= signs.payments)
    )
    candidates, since = paid.select(NODE), window.with_columns(until=_EVER)
    got = both_ways(moved, candidates, since, end="to").group_by(NODE)
    is_handed_on = pl.col("other_kind").is_in(["account", *EXIT_KINDS]) | (
        pl.col("operation_code") == "exchange_topup"
    )
    sent = both_ways(moved, candidates, since, end="from").filter(is_handed_on).group_by(NODE)
    return (
        paid.join(got.agg(got_tiyn=total("amount_tiyn")), on=NODE, how="left", validate="1:1")
        .join(sent.agg(sent_tiyn=total("amount_tiyn")), on=NODE, how="left", validate="1:1")
        .with_columns(all_keeps_share=1 - pl.col("sent_tiyn").fill_null(0) / pl.col("got_tiyn"))
        .filter(
            pl.col("share_tiyn") >= signs.shared_share * pl.col("got_tiyn"),
            pl.col("all_keeps_share") >= signs.keeps_share,
        )
        .drop("got_tiyn", "sent_tiyn")
    )
