"""By which rule a node of a case has its role, from what it does with money.

The first rule that fits an account is its role:

1. *front*: people outside the case pay it, most of what it gets, and it is a seed, passes on into
   the case or is emptied as cash; or it brings the case what outsiders pay it, beside the trail. A
   front that is a seed and whose card nobody ordered to be arrested is the *shop*; every other
   front is a *dropper*.
2. *collector*: several people of the case pay it, at least twice as many as it hands on to, and
   as pay those who pay it, in the mean; and it passes on, mostly to accounts.
3. *dropper* too is who stands further on in a chain: most of what it gets is the case's, and it
   passes on, mostly to accounts that pass on.
4. *cash-out point*: it passes on, nearly all of it as cash, and pays no organizer.
5. *operator*: it passes on, mostly out of the banks: cash, exchanges, wallets, abroad; or all as
   cash but for what it pays an organizer (`organizers`).
6. *organizer*: it keeps what it gets, or spends it at merchants, and was paid again and again by
   collectors, operators or cash-out points (`organizers`).
7. *recipient*: tainted money came to it, and nothing more is to be said.

Rules 3 to 5 ask for more than one tainted payment, or for several people of the case who pay most
of what it gets: whoever got one payment may have sold something.
"""

import polars as pl

from transforms.trail.role_features import is_of_the_case
from transforms.trail.role_signs import Signs

RELAY = "relay"
"""A dropper further on, by its own reasons until they are told."""


def role_of(signs: Signs) -> pl.Expr:
    """The role of a node by its `features`, organizers apart: who pays them has to be told first.

    `RELAY` is a dropper further on.
    """
    passes_on = _passes_on(signs) & _again_and_again(signs)
    most = pl.max_horizontal("inside_payees", "payers_gather")
    gathers = pl.col("inside_payers") >= signs.gathers_times * most
    is_collector = _passes_in(signs) & gathers & (pl.col("inside_payers") >= signs.inside_payers)
    is_relay = (
        passes_on & (pl.col("through_share") >= signs.passes_on_share) & _is_paid_inside(signs)
    )
    is_shop = pl.col("is_seed") & pl.col("is_arrest_ordered").is_null()
    return (
        pl.when(pl.col("is_exchange") & (pl.col("node_kind") == "service"))
        .then(pl.lit("exchange"))
        .when(pl.col("node_kind") != "account")
        .then("node_kind")
        .when(is_front(signs) & is_shop)
        .then(pl.lit("shop"))
        .when(is_front(signs))
        .then(pl.lit("dropper"))
        .when(is_collector)
        .then(pl.lit("collector"))
        .when(is_relay)
        .then(pl.lit(RELAY))
        .when(passes_on & _is_cash(signs))
        .then(pl.lit("cash_out_point"))
        .when(passes_on & (pl.col("exits_share") >= signs.exits_share))
        .then(pl.lit("operator"))
        .otherwise(pl.lit("recipient"))
    )


def is_front(signs: Signs) -> pl.Expr:
    """People outside the case pay it, and what they pay goes into the case or is drawn as cash."""
    is_emptied = _passes_on(signs) & _is_cash(signs) & _again_and_again(signs)
    goes_on = pl.col("is_seed") | _passes_in(signs) | is_emptied
    return _is_paid_from_outside(signs) & goes_on | pl.col("feeds_share").is_not_null()


def _is_paid_from_outside(signs: Signs) -> pl.Expr:
    return (pl.col("outside_payers") >= signs.front_payers) & (
        pl.col("outside_share") >= signs.front_outside_share
    )


def _passes_on(signs: Signs) -> pl.Expr:
    """It sends on most of the case's money, which is more than a trace of what it gets."""
    return (pl.col("passes_on_share") >= signs.passes_on_share) & is_of_the_case(signs)


def _passes_in(signs: Signs) -> pl.Expr:
    return _passes_on(signs) & (pl.col("inside_share") >= signs.passes_on_share)


def _is_cash(signs: Signs) -> pl.Expr:
    return pl.col("cash_share") >= signs.cash_share


def _is_paid_inside(signs: Signs) -> pl.Expr:
    """Most of what it gets comes from people of the case."""
    return pl.col("inside_in_share") >= signs.relay_inside_share


def _again_and_again(signs: Signs) -> pl.Expr:
    """The case paid it often, or several of its people did and few others.

    Whoever got one payment may have sold something.
    """
    is_theirs = (pl.col("inside_payers") >= signs.inside_payers) & _is_paid_inside(signs)
    return (pl.col("tainted_payments") >= signs.tainted_payments) | is_theirs
