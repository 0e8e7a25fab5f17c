"""How one cell of a delivered file is read: text in, typed value out, null where unreadable.

A reader never guesses and never raises: what it cannot read becomes null, keeps its text in
`as_delivered`, and is judged by the feed's expectations.
"""

from collections.abc import Callable

import polars as pl

from transforms.money import minor_units

INSTANT = pl.Datetime("us", "UTC")
QUANTITY = pl.Decimal(38, 18)
WEIGHT = pl.Decimal(18, 6)
CURRENCY_UNITS = pl.Decimal(23, 5)

_DECIMAL = r"^-?\d{1,19}(\.\d{1,18})?$"
_CURRENCY_UNITS = r"^-?\d{1,18}(\.\d{1,5})?$"
_KEYED_DIGEST = r"^[0-9a-f]{32,128}$"
_KILOGRAMS = r"^\d{1,12}(\.\d{1,6})?$"


def text(cell: pl.Expr) -> pl.Expr:
    """Text without blanks at its ends; an empty cell is unknown."""
    trimmed = cell.str.strip_chars()
    return pl.when(trimmed != "").then(trimmed)


def code(cell: pl.Expr) -> pl.Expr:
    """A code of a codelist: as text, compared as written."""
    return text(cell)


def day(cell: pl.Expr) -> pl.Expr:
    """A civil date, ISO 8601 (2025-08-18) or as written in Kazakhstan (18.08.2025)."""
    written = text(cell)
    return pl.coalesce(
        written.str.to_date("%Y-%m-%d", strict=False),
        written.str.to_date("%d.%m.%Y", strict=False),
    )


def instant(cell: pl.Expr) -> pl.Expr:
    """A point in time with its UTC offset, ISO 8601; without an offset it is unreadable."""
    with_offset = text(cell).str.replace(r"Z$", "+00:00")
    return with_offset.str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", time_zone="UTC", strict=False
    )


def whole(cell: pl.Expr) -> pl.Expr:
    """A whole number."""
    return text(cell).cast(pl.Int64, strict=False)


def money(cell: pl.Expr) -> pl.Expr:
    """An amount of any currency with two minor digits, as whole minor units."""
    return minor_units(text(cell))


def currency_amount(cell: pl.Expr) -> pl.Expr:
    """An amount of any currency with at most five decimals, in whole units of the currency.

    ISO 20022 (ActiveCurrencyAndAmount) allows five, whatever the currency has.
    """
    written = text(cell)
    is_amount = written.str.contains(_CURRENCY_UNITS)
    return pl.when(is_amount).then(written).cast(CURRENCY_UNITS, strict=False)


def phone(cell: pl.Expr) -> pl.Expr:
    """A telephone number in digits after a plus; a token of one as it stands.

    Kazakh numbers are told from home with 8 and from abroad with 7. What is neither a number of
    10 to 15 digits nor a token is unreadable.
    """
    written = text(cell)
    digits = written.str.replace_all(r"[^\d]", "")
    whole_number = (
        pl.when(digits.str.contains(r"^8[67]\d{9}$"))
        .then(pl.lit("7") + digits.str.slice(1))
        .when(digits.str.contains(r"^7\d{9}$"))
        .then(pl.lit("7") + digits)
        .otherwise(digits)
    )
    is_number = written.str.contains(r"^\+?[\d\s()\u00a0.-]+$") & digits.str.contains(
        r"^\d{10,15}$"
    )
    return (
        pl.when(written.str.contains(_KEYED_DIGEST))
        .then(written)
        .when(is_number)
        .then(pl.lit("+") + whole_number)
    )


def postal_address(cell: pl.Expr) -> pl.Expr:
    """An address in capital letters, one blank between its words; a token as it stands."""
    written = text(cell)
    plain = text(written.str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}/]+", " "))
    return pl.when(written.str.contains(_KEYED_DIGEST)).then(written).otherwise(plain)


def flag(cell: pl.Expr) -> pl.Expr:
    """Yes or no, as XML Schema writes it: true, false, 1 or 0."""
    written = text(cell)
    # Not `replace_strict`: it holds the whole file in memory, where this takes it in pieces.
    is_true, is_false = written.is_in(["true", "1"]), written.is_in(["false", "0"])
    return pl.when(is_true).then(pl.lit(True)).when(is_false).then(pl.lit(False))


def quantity(cell: pl.Expr) -> pl.Expr:
    """An exact decimal with at most 18 decimals: crypto quantities and prices."""
    written = text(cell)
    return pl.when(written.str.contains(_DECIMAL)).then(written).cast(QUANTITY, strict=False)


def kilograms(cell: pl.Expr) -> pl.Expr:
    """A weight in kilograms with at most six decimals."""
    written = text(cell)
    return pl.when(written.str.contains(_KILOGRAMS)).then(written).cast(WEIGHT, strict=False)


def region_code(cell: pl.Expr) -> pl.Expr:
    """The first-level unit of a KATO code of 2 or 9 digits; anything else is unreadable."""
    return text(cell).str.extract(r"^(\d{2})(?:\d{7})?$")


FORMS: dict[Callable[[pl.Expr], pl.Expr], str] = {
    text: "text",
    code: "a code",
    day: "a day, as 2025-08-18",
    instant: "a moment with its offset, as 2025-08-18T09:30:00+05:00",
    whole: "a whole number",
    money: "an amount with a point and at most two decimals, without a sign",
    currency_amount: "an amount with a point and at most five decimals",
    phone: "a telephone number of 10 to 15 digits, or a token of 32 or more of 0-9 and a-f",
    postal_address: "an address in one line, or such a token",
    flag: "true or false",
    quantity: "a number with a point and at most 18 decimals",
    kilograms: "a weight in kilograms with a point and at most six decimals",
    region_code: "a KATO code of 2 or 9 digits",
}
"""What each reader takes, in words for the sender."""
