"""What a typology measures of an account: named expressions over `ACCOUNT_WINDOWS` and `PERSONS`.

Each takes the days of its window and gives null where there is nothing to measure, so that a
share of nothing is never small. `reference/typologies.csv` calls them by name and says from which
value on they count; no threshold stands here.
"""

from collections.abc import Callable, Mapping

import polars as pl

from transforms.droppers.main_payees import MAIN_PAYEES_TIYN
from transforms.droppers.suspicion import COUNTED, SHARES
from transforms.droppers.windows import WINDOWS

Sign = Callable[[int], pl.Expr]

_IN = ("transfers_in", "cash_in", "salaries", "social_payments", "other_in")
_OUT = ("transfers_out", "cash_out", "exchange_topups", "purchases", "utilities", "other_out")
_EVERYDAY = ("purchases", "utilities")


def _of(name: str) -> Sign:
    return lambda days: pl.col(f"{name}_{days}d")


def _tiyn(names: tuple[str, ...], days: int) -> pl.Expr:
    return pl.sum_horizontal(f"{name}_tiyn_{days}d" for name in names)


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)


def came_in_tiyn(days: int) -> pl.Expr:
    """All tenge that came in."""
    return _tiyn(_IN, days)


def went_out_tiyn(days: int) -> pl.Expr:
    """All tenge that went out."""
    return _tiyn(_OUT, days)


def payers_per_payee(days: int) -> pl.Expr:
    """Different payers for each different payee; who pays nobody counts as paying one."""
    return pl.col(f"payers_{days}d") / pl.col(f"payees_{days}d").clip(1)


def payments_per_payer(days: int) -> pl.Expr:
    """Transfers in for each different payer; null where nobody pays."""
    return _share(pl.col(f"transfers_in_{days}d"), pl.col(f"payers_{days}d"))


def passed_on_share(days: int) -> pl.Expr:
    """Of transfers in, by amount: what left on the day of its arrival."""
    return pl.col(f"passed_on_share_{days}d")


def transit_share(days: int) -> pl.Expr:
    """What came by transfer and left the same day, of transfers in or, if more, all that went out.

    Who passes on what came and spends far more of other money is no place of transit: a driver
    whose passengers pay by transfer, and who draws old savings.
    """
    return _of_transit("passed_on_same_day", days)


def transit_soon_share(days: int) -> pl.Expr:
    """Of the same: what left within the time that the method calls soon."""
    return _of_transit("passed_on_soon", days)


def transit_cash_share(days: int) -> pl.Expr:
    """Of the same: what left as cash the same day."""
    return _of_transit("cash_out_after_transfers_in", days)


def _of_transit(passed_on: str, days: int) -> pl.Expr:
    moved = pl.max_horizontal(f"transfers_in_tiyn_{days}d", went_out_tiyn(days))
    came = pl.col(f"transfers_in_tiyn_{days}d") > 0
    return pl.when(came).then(pl.col(f"{passed_on}_tiyn_{days}d") / moved)


def single_payer_share(days: int) -> pl.Expr:
    """Payers who paid exactly once, of all payers."""
    return _share(pl.col(f"single_payers_{days}d"), pl.col(f"payers_{days}d"))


def exchange_after_transfers_share(days: int) -> pl.Expr:
    """Of transfers in, by amount: what went to a crypto exchange the same day."""
    return _share(
        pl.col(f"exchange_topups_after_transfers_in_tiyn_{days}d"),
        pl.col(f"transfers_in_tiyn_{days}d"),
    )


def p2p_purchase_share(days: int) -> pl.Expr:
    """Of all that went out, by amount: what paid sellers of crypto."""
    return _share(pl.col(f"p2p_purchases_tiyn_{days}d"), went_out_tiyn(days))


def p2p_sale_share(days: int) -> pl.Expr:
    """Of all that came in, by amount: what buyers of crypto paid."""
    return _share(pl.col(f"p2p_sales_tiyn_{days}d"), came_in_tiyn(days))


def _of_transfers_in(name: str) -> Sign:
    return lambda days: _share(pl.col(f"{name}_{days}d"), pl.col(f"transfers_in_{days}d"))


def cash_just_under_share(days: int) -> pl.Expr:
    """Withdrawals just under the limit of a machine, of all withdrawals."""
    return _share(pl.col(f"cash_out_just_under_{days}d"), pl.col(f"cash_out_{days}d"))


def night_share(days: int) -> pl.Expr:
    """Transactions of the night hours, of all."""
    return _share(pl.col(f"night_transactions_{days}d"), pl.col(f"transactions_{days}d"))


def burst_payers(days: int) -> pl.Expr:
    """Different payers, of an account that was silent before its present run of activity.

    Null where the silence ended before the window: what came then is no burst.
    """
    began = pl.col("quiet_from_on").dt.offset_by("1d") + pl.duration(days=pl.col("quiet_days"))
    is_in_window = (pl.col("night") - began).dt.total_days() < days
    return pl.when(is_in_window).then(f"payers_{days}d")


def histories(windows: pl.LazyFrame) -> pl.LazyFrame:
    """Whether the accounts of a night have a history to tell new ones by, as one row.

    By window: most of all accounts were active before it.
    """
    return windows.select(
        (pl.col("active_days_90d") > pl.col(f"active_days_{days}d"))
        .mean()
        .gt(0.5)
        .alias(f"has_history_{days}d")
        for days in WINDOWS
    )


def fresh_account_payers(days: int) -> pl.Expr:
    """Different payers, of an account that did nothing in 90 days before the window.

    Null where the accounts of the night have no history to tell by: the figure is of new
    accounts only when most others are older.
    """
    is_older = pl.col("active_days_90d") > pl.col(f"active_days_{days}d")
    return pl.when(~is_older & pl.col(f"has_history_{days}d")).then(f"payers_{days}d")


def payers_near_known(days: int) -> pl.Expr:
    """Different payers, of an account at most two steps from a known dropper or shop, itself apart.

    Who bought once from a shop is near it too, and has no payers.
    """
    return pl.when(pl.col("known_distance").is_between(1, 2)).then(f"payers_{days}d")


def is_known(_: int) -> pl.Expr:
    """1 where a card of the account was ordered to be arrested, else 0."""
    return (pl.col("known_distance") == 0).fill_null(value=False).cast(pl.Int64)


def wages_share(days: int) -> pl.Expr:
    """Wages, pensions and benefits, of all that came in, by amount."""
    return _share(_tiyn(("salaries", "social_payments"), days), came_in_tiyn(days))


def everyday_share(days: int) -> pl.Expr:
    """Purchases and utilities, of all that went out, by amount."""
    return _share(_tiyn(_EVERYDAY, days), went_out_tiyn(days))


def went_out_share(days: int) -> pl.Expr:
    """All that went out, of all that came in; above 1 where older money went too."""
    return _share(went_out_tiyn(days), came_in_tiyn(days))


def is_of_firm(_: int) -> pl.Expr:
    """1 where the holder's number is a BIN, else 0."""
    return pl.col("is_of_firm").cast(pl.Int64)


def regular_payer_share(days: int) -> pl.Expr:
    """Payers who paid more than once, of all payers."""
    return 1 - single_payer_share(days)


def known_to_be_new_payers(days: int) -> pl.Expr:
    """Different payers, of an account that its bank opened within the longest window."""
    return pl.when(pl.col("account_age_days") < max(WINDOWS)).then(f"payers_{days}d")


def short_life_payers(days: int) -> pl.Expr:
    """Different payers for each day with anything booked, of an account that is silent by now."""
    is_silent = pl.col(f"active_days_{min(WINDOWS[1:])}d") == 0
    return pl.when(is_silent).then(
        pl.col(f"payers_{days}d") / pl.col(f"active_days_{days}d").clip(1)
    )


def relayed_share(days: int) -> pl.Expr:
    """The smaller of transfers in and transfers out, by amount, over the larger: what came went on.

    Whatever days it lay on the account, which tells slow networks and hardly anybody in a hurry.
    """
    came, went = (f"transfers_{way}_tiyn_{days}d" for way in ("in", "out"))
    return _share(pl.min_horizontal(came, went), pl.max_horizontal(came, went))


def held_then_handed_on_share(days: int) -> pl.Expr:
    """Sent to the few paid most, of all transfers in or, if more, out; what left the same day not.

    Nothing else tells whoever lets money lie for days before it goes to a collector. Never more
    than came counts: the rest is other money. Null for a firm: its takings go to its suppliers.
    """
    came, went = (pl.col(f"transfers_{way}_tiyn_{days}d") for way in ("in", "out"))
    handed_on = pl.when(pl.col(MAIN_PAYEES_TIYN) < came).then(MAIN_PAYEES_TIYN).otherwise(came)
    held = (handed_on - pl.col(f"passed_on_same_day_tiyn_{days}d")).clip(0)
    share = _share(held, pl.max_horizontal(came, went))
    return pl.when(~pl.col("is_of_firm"), pl.col(MAIN_PAYEES_TIYN).is_not_null()).then(share)


SIGNS_OF_SUSPICION: Mapping[str, Sign] = {name: _of(name) for name in (*COUNTED, *SHARES)}
"""What an account has to do with suspects; measured after all else, over the longest window."""

ONLY_OVER_LONGEST = (*SIGNS_OF_SUSPICION, "held_then_handed_on_share")
"""Measures that links tell: their sums stand for the longest window only."""

SIGNS: Mapping[str, Sign] = {
    "payers": _of("payers"),
    "payees": _of("payees"),
    "transfers_in": _of("transfers_in"),
    "transfers_in_tiyn": _of("transfers_in_tiyn"),
    "cash_out": _of("cash_out"),
    "transactions": _of("transactions"),
    "p2p_purchases": _of("p2p_purchases"),
    "device_accounts": _of("device_accounts"),
    "passed_on_share": passed_on_share,
    "payers_per_payee": payers_per_payee,
    "payments_per_payer": payments_per_payer,
    "single_payer_share": single_payer_share,
    "regular_payer_share": regular_payer_share,
    "transit_share": transit_share,
    "transit_soon_share": transit_soon_share,
    "transit_cash_share": transit_cash_share,
    "exchange_after_transfers_share": exchange_after_transfers_share,
    "p2p_purchase_share": p2p_purchase_share,
    "p2p_sale_share": p2p_sale_share,
    "round_share": _of_transfers_in("round_transfers_in"),
    "repeated_share": _of_transfers_in("repeated_transfers_in"),
    "just_under_share": _of_transfers_in("transfers_in_just_under"),
    "cash_just_under_share": cash_just_under_share,
    "night_share": night_share,
    "burst_payers": burst_payers,
    "fresh_account_payers": fresh_account_payers,
    "payers_near_known": payers_near_known,
    "is_known": is_known,
    "known_to_be_new_payers": known_to_be_new_payers,
    "short_life_payers": short_life_payers,
    "relayed_share": relayed_share,
    "held_then_handed_on_share": held_then_handed_on_share,
    "turns": _of("turns"),
    "transfers_out": _of("transfers_out"),
    "cash_out_tiyn": _of("cash_out_tiyn"),
    "phone_holders": lambda _: pl.col("phone_holders"),
    "address_holders": lambda _: pl.col("address_holders"),
    **SIGNS_OF_SUSPICION,
    "wages_share": wages_share,
    "everyday_share": everyday_share,
    "went_out_tiyn": went_out_tiyn,
    "went_out_share": went_out_share,
    "is_of_firm": is_of_firm,
    "holder_age_years": lambda _: pl.col("holder_age_years"),
    "person_banks": lambda _: pl.col("person_banks_90d"),
    "bank_cards": lambda _: pl.col("bank_cards_90d"),
}
"""Every measure that the file of typologies may name."""
