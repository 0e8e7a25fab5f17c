"""What each account did on each day, and with whom: the daily figures that add up."""

from collections.abc import Callable

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.booked import booked, repeated
from transforms.droppers.in_turn import in_turn
from transforms.droppers.measures import MEASURE_NAMES, MEASURES
from transforms.droppers.movements import movements
from transforms.droppers.p2p import awaited, completed_orders, purchases, sales
from transforms.droppers.passed_on import passed_on
from transforms.feeds.cells import INSTANT
from transforms.money import total
from transforms.regions import UNKNOWN_REGION

Part = Callable[[pl.LazyFrame], pl.LazyFrame]

LINK_CODES = ("payer", "payee", "own", "firm", "device", "card", "turn")

_DAY = Column(
    "business_date",
    pl.Date(),
    "Day, in Almaty, on which it was booked, whenever the bank delivered it.",
)
_ACCOUNT = Column(
    "account_iban", pl.String(), "Account of a reporting bank's client.", is_personal=True
)

ACCOUNT_DAYS = Table(
    name="facts.account_days",
    grain="one account on one day on which something was booked on it",
    key=("business_date", "account_iban"),
    columns=(
        _DAY,
        _ACCOUNT,
        Column(
            "holder_iin",
            pl.String(),
            "Holder's IIN or BIN; the greatest, should rows of the day differ. Where only an "
            "order of an exchange names the account, the seller's, and null for an unknown one.",
            nullable=True,
            is_personal=True,
        ),
        Column(
            "bank_bic",
            pl.String(),
            "Bank that delivered the rows; null where only an order names the account.",
            nullable=True,
        ),
        Column(
            "region_code", pl.String(), "Where the account is kept: KATO, 2 digits, or unknown."
        ),
        Column("first_at", INSTANT, "First thing booked that day."),
        Column("last_at", INSTANT, "Last thing booked that day."),
        *MEASURES,
    ),
)

ACCOUNT_LINKS = Table(
    name="facts.account_links",
    grain="one account, one kind of link and one other side on one day",
    key=("business_date", "account_iban", "link_code", "other"),
    columns=(
        _DAY,
        _ACCOUNT,
        Column(
            "link_code",
            pl.String(),
            "payer (sent a transfer to it), payee (got one from it), own (either, of the same "
            "holder), firm (paid wages or a social payment to it, or was paid for utilities or as "
            "an exchange by it), device (gave an order for money to leave it), card (of the "
            "account), turn (took cash at the same machine right before or after it).",
        ),
        Column(
            "other",
            pl.String(),
            "Other side's IBAN, or its IIN or BIN where the bank knows no account; the device; the "
            "card's token; the account before or after it.",
            is_personal=True,
        ),
        Column(
            "other_iin",
            pl.String(),
            "Other side's IIN or BIN; null where the bank does not know it.",
            nullable=True,
            is_personal=True,
        ),
        Column(
            "transactions",
            pl.Int64(),
            "Transactions in tenge between the two; 1 of turn, however often that day.",
        ),
        Column("amount_tiyn", pl.Int64(), "Their sum; 0 of turn.", unit="tiyn"),
    ),
)


def all_of(rows: pl.LazyFrame) -> pl.LazyFrame:
    """No part: all accounts."""
    return rows


_KEY = ["business_date", "account_iban"]
_LINK = [*_KEY, "link_code", "other"]


def account_days(
    card_transactions: pl.LazyFrame,
    p2p_orders: pl.LazyFrame,
    *,
    parameters: pl.DataFrame,
    twice: pl.DataFrame | None = None,
    bought: pl.LazyFrame | None = None,
    within: Part = all_of,
) -> pl.LazyFrame:
    """What each account did on each day that the rows tell of.

    Args:
        card_transactions: accepted rows; all deliveries of what was booked on the days asked for.
        p2p_orders: accepted rows; all deliveries of what was completed on those days.
        parameters: dated numbers of the law and of the method.
        twice: which transactions may be told twice, as `movements` takes them.
        bought: where `card_transactions` are those of a part of the accounts:
            `crypto_bought` of all, since an order may be paid from several accounts of a buyer.
        within: which rows with an `account_iban` are of that part.

    Returns:
        `ACCOUNT_DAYS`, in order of its key. An account of which no bank reports has no rows,
        unless an order was paid to it: what others sent to it is in their links.
    """
    moved, orders = movements(card_transactions, twice), completed_orders(p2p_orders)
    return (
        booked(moved, parameters)
        .join(within(sales(orders)), on=_KEY, how="full", coalesce=True, validate="1:1")
        .join(repeated(moved), on=_KEY, how="left", validate="1:1")
        .join(passed_on(moved, parameters), on=_KEY, how="left", validate="1:1")
        .join(
            purchases(awaited(orders), moved) if bought is None else bought,
            on=_KEY,
            how="left",
            validate="1:1",
        )
        .with_columns(
            holder_iin=pl.coalesce("holder_iin", "seller_iin"),
            region_code=pl.col("region_code").fill_null(UNKNOWN_REGION),
            first_at=pl.min_horizontal("first_at", "sold_from"),
            last_at=pl.max_horizontal("last_at", "sold_until"),
            other_currency_transactions=pl.sum_horizontal(
                "other_currency_transactions", "orders_in_other_currency"
            ),
        )
        # No row of a sort is none of it: all rows of the day are at hand.
        .with_columns(pl.col(MEASURE_NAMES).fill_null(0))
        .select(ACCOUNT_DAYS.schema.names())
        .sort(_KEY)
        .pipe(ACCOUNT_DAYS.require)
    )


def crypto_bought(
    card_transactions: pl.LazyFrame, payments: pl.LazyFrame, *, twice: pl.DataFrame
) -> pl.LazyFrame:
    """Orders that accounts paid for on each day, as `account_days` counts them; few rows.

    Args:
        card_transactions: as for `account_days`.
        payments: `crypto_orders`, at hand.
        twice: as for `account_days`.
    """
    return purchases(payments, movements(card_transactions, twice))


def crypto_orders(p2p_orders: pl.LazyFrame) -> pl.LazyFrame:
    """Payments that completed orders await; few rows."""
    return awaited(completed_orders(p2p_orders))


def taken_in_turn(
    card_transactions: pl.LazyFrame, *, parameters: pl.DataFrame, twice: pl.DataFrame
) -> pl.LazyFrame:
    """Accounts emptied in turn at machines, as `account_links` has them."""
    return in_turn(movements(card_transactions, twice).filter("is_tenge"), parameters)


def account_links(
    card_transactions: pl.LazyFrame,
    *,
    parameters: pl.DataFrame,
    twice: pl.DataFrame | None = None,
    turns: pl.LazyFrame | None = None,
) -> pl.LazyFrame:
    """With whom and by what each account moved tenge on each day that the rows tell of.

    Args:
        card_transactions: as for `account_days`.
        parameters: likewise.
        twice: likewise.
        turns: where the rows are those of a part of the accounts: of `taken_in_turn` of all, the
            rows of these accounts.

    Returns:
        `ACCOUNT_LINKS`, in order of its key. A row that names no other side makes no link.
    """
    tenge = movements(card_transactions, twice).filter("is_tenge")
    is_debit = pl.col("direction_code") == "debit"
    links = [
        _linked(
            tenge,
            pl.coalesce("counterparty_iban", "counterparty_iin"),
            _role_of_other_side(),
            pl.col("counterparty_iin"),
        ),
        _linked(tenge.filter(is_debit), pl.col("device_id"), pl.lit("device")),
        _linked(tenge, pl.col("card_token"), pl.lit("card")),
        (in_turn(tenge, parameters) if turns is None else turns).with_columns(
            link_code=pl.lit("turn"),
            other_iin=pl.lit(None, pl.String),
            transactions=pl.lit(1, pl.Int64),
            amount_tiyn=pl.lit(0, pl.Int64),
        ),
    ]
    return (
        pl.concat([each.select(ACCOUNT_LINKS.schema.names()) for each in links])
        .sort(_LINK)
        .pipe(ACCOUNT_LINKS.require)
    )


def _role_of_other_side() -> pl.Expr:
    is_own = pl.col("counterparty_iin") == pl.col("holder_iin")
    paid_it = pl.col("kind").is_in(["salaries", "social_payments"])
    it_paid = pl.col("kind").is_in(["utilities", "exchange_topups"])
    return (
        pl.when(paid_it | it_paid)
        .then(pl.lit("firm"))
        .when(is_own & pl.col("kind").is_in(["transfers_in", "transfers_out"]))
        .then(pl.lit("own"))
        .when(pl.col("kind") == "transfers_in")
        .then(pl.lit("payer"))
        .when(pl.col("kind") == "transfers_out")
        .then(pl.lit("payee"))
    )


def _linked(
    rows: pl.LazyFrame,
    other: pl.Expr,
    link_code: pl.Expr,
    other_iin: pl.Expr | None = None,
) -> pl.LazyFrame:
    return (
        rows.select(
            *_KEY,
            "amount_minor",
            link_code=link_code,
            other=other,
            other_iin=pl.lit(None, pl.String) if other_iin is None else other_iin,
        )
        .drop_nulls(["other", "link_code"])
        .group_by(_LINK)
        .agg(
            pl.col("other_iin").max(),
            transactions=pl.len().cast(pl.Int64),
            amount_tiyn=total("amount_minor"),
        )
    )
