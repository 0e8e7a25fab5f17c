"""Money that left an ordered account before the bank arrested it.

An order says a day, not an hour: the wait begins with the first moment of that day in Almaty. It
ends when the bank arrested the account or refused to, and after so many days where no answer
comes. Only days of which the bank delivered transactions can be judged; the others are counted.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from transforms.arrests.accounts import ACCOUNT_OF_ORDER
from transforms.contracts import Column, Table
from transforms.droppers.parameters import in_force
from transforms.money import total
from transforms.periods import CIVIL_TIME_ZONE, civil_date
from transforms.redelivery import earliest
from transforms.valuation import TENGE

_ORDER_COLUMNS = (
    Column("order_id", pl.String(), "Number of the arrest order."),
    Column("account_iban", pl.String(), "Account behind the cards, IBAN.", is_personal=True),
    Column("bank_bic", pl.String(), "Bank that has to arrest it."),
    Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
    Column("region_code", pl.String(), "Region of the case: KATO, 2 digits, or unknown."),
)

ARREST_OUTFLOWS = Table(
    name="arrests.outflows",
    grain="one ordered account on one day of its wait that can be judged",
    key=("business_date", *ACCOUNT_OF_ORDER),
    columns=(
        Column("business_date", pl.Date(), "Day, in Almaty, on which the money left."),
        *_ORDER_COLUMNS,
        Column("transactions", pl.Int64(), "Debits in tenge before the wait ended."),
        Column("left_tiyn", pl.Int64(), "Their sum.", unit="tiyn"),
        Column(
            "counted_tiyn",
            pl.Int64(),
            "Of it, what no earlier order of the account counts: adds up over orders.",
            unit="tiyn",
        ),
    ),
)

BANK_DAYS = Table(
    name="arrests.bank_days",
    grain="one bank and one day on which it booked transactions that it delivered",
    key=("business_date", "bank_bic"),
    columns=(
        Column("business_date", pl.Date(), "Day, in Almaty, of booking."),
        Column("bank_bic", pl.String(), "Bank that delivered them."),
    ),
)

ORDER_OUTFLOWS = Table(
    name="arrests.order_outflows",
    grain="one account in one arrest order",
    key=ACCOUNT_OF_ORDER,
    columns=(
        Column("business_date", pl.Date(), "Day of the delivery that first named the account."),
        *_ORDER_COLUMNS,
        Column("ordered_on", pl.Date(), "First day of the wait."),
        Column(
            "waited_until",
            pl.Date(),
            "Its last day: of the arrest or refusal, of the limit, or the night's.",
        ),
        Column("days", pl.Int64(), "Days of the wait, both ends included.", unit="days"),
        Column(
            "days_judged",
            pl.Int64(),
            "Of them, those of which the bank delivered transactions.",
            unit="days",
        ),
        Column(
            "transactions", pl.Int64(), "Debits on days judged; null without one.", nullable=True
        ),
        Column(
            "left_tiyn",
            pl.Int64(),
            "What left on days judged; null where none could be: then it is not known.",
            unit="tiyn",
            nullable=True,
        ),
    ),
)


def waits(account_arrests: pl.LazyFrame, until: date, *, parameters: pl.DataFrame) -> pl.LazyFrame:
    """`ACCOUNT_ARRESTS` ordered by a night, with `waited_until`: the last day of the wait."""
    most_days = in_force(parameters, "outflow_most_days", pl.col("ordered_on"))
    limit = pl.col("ordered_on") + pl.duration(days=most_days - 1)
    last = pl.min_horizontal(civil_date(pl.col("settled_at")), limit, pl.lit(until))
    is_known = (pl.col("ordered_on") <= until) & (pl.col("business_date") <= until)
    return account_arrests.filter(is_known).with_columns(
        # An arrest before its order has no wait; its first day stands alone.
        waited_until=pl.max_horizontal(last, "ordered_on")
    )


def days_waited(
    account_arrests: pl.LazyFrame, until: date, *, parameters: pl.DataFrame
) -> pl.LazyFrame:
    """Each day on which one of these accounts waited, once, in order: `business_date`."""
    return (
        waits(account_arrests, until, parameters=parameters)
        .pipe(_each_day)
        .select("business_date")
        .unique()
        .sort("business_date")
    )


def booked_on_days(card_transactions: pl.LazyFrame, days: Sequence[date]) -> pl.LazyFrame:
    """The rows that were booked on these days in Almaty; there is one day or more."""
    since, until = _start_of(min(days)), _start_of(max(days) + timedelta(days=1))
    # Two comparisons of the column itself, so that files without such rows are not opened.
    return card_transactions.filter(
        pl.col("booked_at") >= since,
        pl.col("booked_at") < until,
        civil_date(pl.col("booked_at")).is_in(list(days)),
    )


def bank_days(card_transactions: pl.LazyFrame) -> pl.LazyFrame:
    """`BANK_DAYS` of these rows, in order of its key."""
    return (
        card_transactions.select(
            business_date=civil_date(pl.col("booked_at")), bank_bic="institution"
        )
        .unique()
        .sort(BANK_DAYS.key)
        .pipe(BANK_DAYS.require)
    )


def days_watched(
    account_arrests: pl.LazyFrame,
    delivered: pl.LazyFrame,
    night: date,
    *,
    parameters: pl.DataFrame,
) -> pl.LazyFrame:
    """Each ordered account on each day of its wait that can be judged.

    Args:
        account_arrests: `ACCOUNT_ARRESTS`, whole.
        delivered: `bank_days` of the transactions of the days asked for.
        night: days after it are not judged.
        parameters: dated numbers of the law and of the method.
    """
    return (
        waits(account_arrests, night, parameters=parameters)
        .pipe(_each_day)
        .join(delivered, on=["business_date", "bank_bic"], how="semi")
    )


def outflows(card_transactions: pl.LazyFrame, watched: pl.LazyFrame) -> pl.LazyFrame:
    """What left each ordered account on each of these days, before its wait ended.

    Args:
        card_transactions: accepted rows; all that were booked on the days asked for.
        watched: `days_watched` of them, at hand: they are few, and a join with what is only
            planned gathers all transactions to wait for it.

    Returns:
        `ARREST_OUTFLOWS`, in order of its key. An account of which nothing left has a row with
        zeros, if its bank delivered transactions of the day; if not, it has none.
    """
    left = _debits(card_transactions, watched).pipe(_before_the_end, watched)
    return (
        watched.join(left, on=ARREST_OUTFLOWS.key, how="left", validate="1:1")
        .with_columns(pl.col("transactions", "left_tiyn", "counted_tiyn").fill_null(0))
        .select(ARREST_OUTFLOWS.schema.names())
        .sort(ARREST_OUTFLOWS.key)
        .pipe(ARREST_OUTFLOWS.require)
    )


def order_outflows(
    account_arrests: pl.LazyFrame,
    outflows: pl.LazyFrame,
    night: date,
    *,
    parameters: pl.DataFrame,
) -> pl.LazyFrame:
    """What left each ordered account in all, and how much of its wait could be judged.

    Args:
        account_arrests: `ACCOUNT_ARRESTS`, whole.
        outflows: `ARREST_OUTFLOWS`, whole.
        night: waits that have not ended are counted up to it.
        parameters: dated numbers of the law and of the method.

    Returns:
        `ORDER_OUTFLOWS`, in order of its key.
    """
    of_order = (
        outflows.filter(pl.col("business_date") <= night)
        .group_by(ACCOUNT_OF_ORDER)
        .agg(
            days_judged=pl.len().cast(pl.Int64),
            transactions=pl.col("transactions").sum(),
            left_tiyn=total("left_tiyn"),
        )
    )
    days = (pl.col("waited_until") - pl.col("ordered_on")).dt.total_days() + 1
    return (
        waits(account_arrests, night, parameters=parameters)
        .with_columns(days=days)
        .join(of_order, on=ACCOUNT_OF_ORDER, how="left", validate="1:1")
        .with_columns(pl.col("days_judged").fill_null(0))
        .select(ORDER_OUTFLOWS.schema.names())
        .sort(ORDER_OUTFLOWS.key)
        .pipe(ORDER_OUTFLOWS.require)
    )


def _each_day(waiting: pl.LazyFrame) -> pl.LazyFrame:
    return waiting.with_columns(business_date=pl.date_ranges("ordered_on", "waited_until")).explode(
        "business_date"
    )


def _debits(card_transactions: pl.LazyFrame, watched: pl.LazyFrame) -> pl.LazyFrame:
    return (
        card_transactions.filter(
            pl.col("direction_code") == "debit", pl.col("currency_code") == TENGE
        )
        .join(watched, on="account_iban", how="semi")
        .pipe(earliest, ("institution", "transaction_id"))
        .select(
            "institution",
            "transaction_id",
            "account_iban",
            "booked_at",
            "amount_minor",
            business_date=civil_date(pl.col("booked_at")),
        )
    )


def _before_the_end(debits: pl.LazyFrame, watched: pl.LazyFrame) -> pl.LazyFrame:
    """Sums for each order; a debit within two of them is counted once, by the earlier."""
    is_before = (pl.col("booked_at") < pl.col("settled_at")).fill_null(value=True)
    return (
        watched.select(*ARREST_OUTFLOWS.key, "ordered_on", "settled_at")
        .join(debits, on=["business_date", "account_iban"], validate="m:m")
        .filter(is_before)
        .sort("ordered_on", "order_id")
        .with_columns(is_first=pl.int_range(pl.len()).over("institution", "transaction_id") == 0)
        .group_by(ARREST_OUTFLOWS.key)
        .agg(
            transactions=pl.len().cast(pl.Int64),
            left_tiyn=total("amount_minor"),
            counted_tiyn=pl.col("amount_minor")
            .filter("is_first")
            .cast(pl.Int128)
            .sum()
            .cast(pl.Int64),
        )
    )


def _start_of(day: date) -> datetime:
    almaty = ZoneInfo(CIVIL_TIME_ZONE)
    return datetime(day.year, day.month, day.day, tzinfo=almaty).astimezone(UTC)
