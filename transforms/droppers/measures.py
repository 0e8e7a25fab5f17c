"""What is counted of an account each day; over longer windows the same figures are added up.

Only tenge are counted and summed. Each measure adds up over days: the sum of the days is the
figure of the window, so that a night never reads history again.
"""

import polars as pl

from transforms.contracts import Column


def _counted(name: str, says: str) -> tuple[Column, Column]:
    return (
        Column(name, pl.Int64(), f"{says}: how many.", unit="transactions"),
        Column(f"{name}_tiyn", pl.Int64(), f"{says}: how much.", unit="tiyn"),
    )


def _count(name: str, says: str) -> Column:
    return Column(name, pl.Int64(), says, unit="transactions")


def _amount(name: str, says: str) -> Column:
    return Column(name, pl.Int64(), says, unit="tiyn")


KINDS: dict[tuple[str, str], tuple[str, str]] = {
    ("credit", "transfer"): ("transfers_in", "Transfers that came in"),
    ("credit", "cash_deposit"): ("cash_in", "Cash put on the account"),
    ("credit", "salary"): ("salaries", "Wages received"),
    ("credit", "social_payment"): ("social_payments", "Pensions and benefits received"),
    ("debit", "transfer"): ("transfers_out", "Transfers sent"),
    ("debit", "cash_withdrawal"): ("cash_out", "Cash withdrawn"),
    ("debit", "exchange_topup"): ("exchange_topups", "Money sent to a crypto exchange"),
    ("debit", "purchase"): ("purchases", "Purchases paid"),
    ("debit", "utility"): ("utilities", "Utilities paid"),
}
"""Direction and operation of a row, and the measure it counts in; each row counts in one."""

OTHER_KIND = {"credit": "other_in", "debit": "other_out"}
"""Where all else counts: refunds, reversals, wages that a firm's account pays."""

MEASURES: tuple[Column, ...] = (
    *(column for name, says in KINDS.values() for column in _counted(name, says)),
    *_counted("other_in", "All else that came in, as refunds and reversals"),
    *_counted("other_out", "All else that went out, as wages paid by a firm"),
    *_counted(
        "p2p_sales",
        "Orders at exchanges in which crypto was sold and the tenge came to this account",
    ),
    *_counted(
        "p2p_purchases",
        "Orders at exchanges in which the holder bought crypto and paid the seller from this "
        "account on the same day; an order whose payment is not seen is in no account",
    ),
    _amount(
        "passed_on_soon_tiyn",
        "Money of transfers in that left again within the time that the method calls soon, by "
        "transfer, as cash or to an exchange: first in, first out within the day; what goes out "
        "beyond what came in that day is older money and not counted.",
    ),
    _amount("passed_on_same_day_tiyn", "The same, whenever it left on the day of its arrival."),
    _amount(
        "cash_out_after_transfers_in_tiyn",
        "The part of `passed_on_same_day_tiyn` that left as cash.",
    ),
    _amount(
        "exchange_topups_after_transfers_in_tiyn",
        "The part of `passed_on_same_day_tiyn` that left to a crypto exchange.",
    ),
    _count("round_transfers_in", "Transfers in of a whole multiple of the method's round sum."),
    _count(
        "repeated_transfers_in",
        "Transfers in whose exact amount came to the account more than once that day.",
    ),
    _count(
        "transfers_in_just_under",
        "Transfers in of just under, or exactly, the amount above which the sender is identified.",
    ),
    _count("cash_out_just_under", "Withdrawals just under, or at, the limit of a machine."),
    _count("night_transactions", "Transactions of the night hours in Almaty."),
    _count("transactions", "All transactions in tenge."),
    _count(
        "other_currency_transactions",
        "Transactions and orders in other currencies: counted here and in nothing else.",
    ),
)

MEASURE_NAMES = tuple(column.name for column in MEASURES)
