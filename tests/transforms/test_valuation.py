"""Values: exact products, halves up, and the rate of the last day on or before."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.transforms.drawings import accepted
from transforms.feeds.cells import QUANTITY
from transforms.valuation import cents_of, minor_units_of, tiyn_of, with_price, with_rate

quantities = st.decimals(0, 10**13, places=18)
prices = st.decimals(0, 10**3, places=18)
rates = st.decimals(Decimal("0.01"), 10**3, places=18)
amounts = st.integers(0, 10**14)
quants = st.sampled_from([1, 10, 100, 1000, 10000])


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def cents(quantity: Decimal | str | None, price_usd: Decimal | str | None) -> int | None:
    factors = pl.DataFrame(
        {"quantity": [quantity], "price_usd": [price_usd]},
        schema={"quantity": pl.String, "price_usd": pl.String},
        strict=False,
    ).cast(QUANTITY)
    return factors.select(cents_of(pl.col("quantity"), pl.col("price_usd"))).item()


def of_amount(expression, amount: int, rate: Decimal | str, quant: int) -> int:
    one = pl.DataFrame({"amount": [amount], "rate": [str(rate)], "quant": [quant]})
    rate_as_read = pl.col("rate").cast(QUANTITY)
    return one.select(expression(pl.col("amount"), rate_as_read, pl.col("quant"))).item()


@pytest.mark.parametrize(
    ("quantity", "price_usd", "value_usd_cent"),
    [
        ("1.5", "67000.25", 10050038),
        ("0.000000000000000001", "67000", 0),
        ("0.499999999999999999", "0.01", 0),
        ("0.5", "0.01", 1),
        ("1000000000000.123456789012345678", "1.000000000000000001", 100000000000012),
        ("123456789012345.123456789012345678", "0.999999999999999999", 12345678901234512),
        ("9999999999999999999", "0.005", 4999999999999999999 + 1),
    ],
)
def test_a_value_in_cents_is_exact_to_the_last_decimal(quantity, price_usd, value_usd_cent):
    assert cents(quantity, price_usd) == value_usd_cent


@given(quantities, prices)
def test_any_quantity_at_any_price_is_worth_its_product_half_up(quantity, price_usd):
    with localcontext(prec=120):
        expected = half_up(quantity * price_usd * 100)

    assert cents(f"{quantity:f}", f"{price_usd:f}") == expected


@pytest.mark.parametrize("quantity", ["100000000000000000", "9999999999999999999"])
def test_a_value_that_does_not_fit_raises_and_never_wraps(quantity):
    with pytest.raises(pl.exceptions.InvalidOperationError):
        cents(quantity, "9999999999999999999")


def test_a_value_without_a_price_is_unknown():
    assert cents("1", None) is None


@pytest.mark.parametrize(
    ("amount_minor", "tenge_per_quant", "quant", "value_tiyn"),
    [
        (100, "500.00", 1, 50000),
        (100, "4.00", 100, 4),
        (100, "5.25", 10000, 0),
        (1_000_000, "5.25", 10000, 525),
        (1, "0.5", 1, 1),
        (1, "0.499999999999999999", 1, 0),
        (1, "4999.999999999999999999", 10000, 0),
        (1, "5000", 10000, 1),
    ],
)
def test_a_value_in_tiyn_takes_the_number_of_units_of_the_rate(
    amount_minor, tenge_per_quant, quant, value_tiyn
):
    assert of_amount(tiyn_of, amount_minor, tenge_per_quant, quant) == value_tiyn


@given(amounts, rates, quants)
def test_any_amount_at_any_rate_is_worth_its_product_half_up(amount, rate, quant):
    with localcontext(prec=120):
        in_tiyn = half_up(amount * rate / quant)
        in_currency = half_up(amount * quant / rate)
    assume(max(in_tiyn, in_currency) < 2**63)  # what is more raises

    assert of_amount(tiyn_of, amount, rate, quant) == in_tiyn
    assert of_amount(minor_units_of, amount, rate, quant) == in_currency


RATES = """
business_date | currency_code | rate_on    | quant | tenge_per_quant
--------------------------------------------------------------------
2026-03-06    | USD           | 2026-03-06 | 1     | 500.5
2026-03-06    | UZS           | 2026-03-06 | 100   | 4.25
2026-03-10    | USD           | 2026-03-10 | 1     | 510
2026-03-11    | USD           | 2026-03-10 | 1     | 511
"""


def rated(day: str, currency_code: str) -> dict:
    asked = pl.LazyFrame({"day": [day], "currency_code": [currency_code]}).with_columns(
        pl.col("day").str.to_date()
    )
    rates = accepted("exchange_rates", RATES)
    row = asked.pipe(with_rate, rates, day="day", currency="currency_code").collect()
    return row.select(
        pl.col("rate_on").cast(pl.String), pl.col("tenge_per_quant").cast(pl.Float64), "quant"
    ).row(0)


@pytest.mark.parametrize(
    ("day", "currency_code", "rate"),
    [
        ("2026-03-06", "USD", ("2026-03-06", 500.5, 1)),
        ("2026-03-08", "USD", ("2026-03-06", 500.5, 1)),
        ("2026-03-08", "UZS", ("2026-03-06", 4.25, 100)),
        ("2026-03-10", "USD", ("2026-03-10", 511.0, 1)),
        ("2026-03-05", "USD", (None, None, None)),
        ("2026-03-08", "EUR", (None, None, None)),
        ("2026-03-08", "KZT", ("2026-03-08", 1.0, 1)),
    ],
)
def test_the_last_rate_on_or_before_the_day_counts_as_last_delivered(day, currency_code, rate):
    assert rated(day, currency_code) == rate


def test_the_last_price_on_or_before_the_day_counts():
    prices = accepted(
        "crypto_prices",
        """
        asset_code | price_on   | price_usd
        -----------------------------------
        BTC        | 2026-03-06 | 60000
        BTC        | 2026-03-09 | 70000
        """,
    )
    asked = pl.LazyFrame({"day": ["2026-03-08"], "asset_code": ["BTC"]}).with_columns(
        pl.col("day").str.to_date()
    )

    row = asked.pipe(with_price, prices, day="day").collect()

    assert row["price_usd"].to_list() == [Decimal(60000)]
    assert row["price_on"].dt.to_string().to_list() == ["2026-03-06"]
