"""Rules that most suites have, each in the words that a supplier reads.

A rule is: its code, the column, what is expected of the supplier, and where that is written.
"""

from typing import Any

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import (
    AndCondition,
    Column,
    ComparisonCondition,
    Condition,
    NullityCondition,
    OrCondition,
)

from expectations.across_columns import ExpectInstantToBeNoLaterThanDay
from expectations.vocabulary import (
    ExpectColumnValuesToBeValidBtcAddress,
    ExpectColumnValuesToBeValidCurrencyCode,
    ExpectColumnValuesToBeValidEthAddress,
    ExpectColumnValuesToBeValidRegionCode,
    ExpectColumnValuesToBeValidTronAddress,
)
from transforms.feeds.feed import Feed
from transforms.regions import REGION_CODES

Where = AndCondition | ComparisonCondition | NullityCondition | OrCondition

# Tenge, and what the National Bank sets an official rate for: without a rate, no value.
_CURRENCIES = (
    "KZT AED AMD AUD AZN BRL BYN CAD CHF CNY CZK DKK EUR GBP GEL HKD HUF INR IRR JPY KGS KRW KWD "
    "MDL MXN MYR NOK PLN RUB SAR SEK SGD THB TJS TRY UAH USD UZS XDR ZAR"
)

_STATUSES = (
    *("completed", "credited", "pending", "disputed"),
    *("cancelled", "rejected", "failed", "refunded", "expired"),
)

_ASSETS = ("BTC", "ETH", "TRX", "USDT", "USDC")

_ADDRESS_OF_NETWORK = {
    "bitcoin": (ExpectColumnValuesToBeValidBtcAddress, "BIP-13, BIP-16, BIP-173, BIP-350"),
    "ethereum": (ExpectColumnValuesToBeValidEthAddress, "EIP-55"),
    "tron": (ExpectColumnValuesToBeValidTronAddress, "TRON documentation, account address format"),
}

ERDR = "Rules of the Unified Register of Pre-trial Investigations (15 digits; parts assumed)"
IIN = "State register of persons: digits of the IIN"
BIN = "State register of legal entities: digits of the BIN"
IBAN = "ISO 13616, registry entry KZ; ISO 7064, mod 97-10"


def rule(
    kind: type[Expectation],
    code: str,
    says: str,
    source: str,
    *,
    severity: str = "critical",
    where: Where | None = None,
    **asked: Any,
) -> Expectation:
    """An expectation with its permanent code, sentence and source.

    Args:
        where: the rows that the rule is about; without it, all.
        asked: what the kind of expectation takes: columns, bounds, sets.
    """
    if where is not None:
        asked["row_condition"] = where
    meta = {"code": code, "source": source}
    return kind(severity=severity, description=says, meta=meta, **asked)


def filled(
    code: str, column: str, says: str, source: str, *, where: Where | None = None
) -> Expectation:
    """The cell is there and could be read."""
    kind = gxe.ExpectColumnValuesToNotBeNull
    return rule(kind, code, says, source, column=column, where=where)


def one_of(
    code: str,
    column: str,
    wire: str,
    values: tuple[str, ...],
    source: str,
    *,
    severity: str = "critical",
    where: Where | None = None,
) -> Expectation:
    """The cell, where there is one, holds a code of the codelist, as written there."""
    *first, last = values
    says = f"{wire} is {', '.join(first)} or {last}."
    kind, asked = gxe.ExpectColumnValuesToBeInSet, {"column": column, "value_set": list(values)}
    return rule(kind, code, says, source, severity=severity, where=where, **asked)


def shaped(
    code: str, column: str, regex: str, says: str, source: str, *, severity: str = "critical"
) -> Expectation:
    """The cell, where there is one, matches the pattern."""
    kind = gxe.ExpectColumnValuesToMatchRegex
    return rule(kind, code, says, source, severity=severity, column=column, regex=regex)


def above_zero(
    code: str, column: str, says: str, source: str, *, where: Where | None = None
) -> Expectation:
    """The cell, where there is one, is more than zero."""
    kind = gxe.ExpectColumnValuesToBeBetween
    asked = {"column": column, "min_value": 0, "strict_min": True}
    return rule(kind, code, says, source, where=where, **asked)


def not_negative(code: str, column: str, says: str, source: str) -> Expectation:
    """The cell, where there is one, is zero or more."""
    kind = gxe.ExpectColumnValuesToBeBetween
    return rule(kind, code, says, source, column=column, min_value=0)


def known_region(code: str, wire: str) -> Expectation:
    """One of the twenty regions in force; an empty cell passes."""
    says = f"{wire} begins with the KATO code of one of the twenty regions, as 75 or 750000000."
    kind, source = ExpectColumnValuesToBeValidRegionCode, "Classifier KATO, first level, since 2022"
    return rule(kind, code, says, source, column="region_code", value_set=list(REGION_CODES))


def known_currency(
    code: str, wire: str, *, severity: str = "critical", where: Where | None = None
) -> Expectation:
    """A currency that can be valued; an empty cell passes."""
    says = f"{wire} is KZT, or the ISO 4217 code of a currency with an official rate."
    kind = ExpectColumnValuesToBeValidCurrencyCode
    source = "ISO 4217; official rates of the National Bank (list assumed)"
    asked = {"column": "currency_code", "value_set": _CURRENCIES.split()}
    return rule(kind, code, says, source, severity=severity, where=where, **asked)


def known_crypto_asset(
    code: str, wire: str, source: str, *, severity: str = "critical", where: Where | None = None
) -> Expectation:
    """An asset that has a reference price."""
    return one_of(code, "asset_code", wire, _ASSETS, source, severity=severity, where=where)


def known_network(
    code: str, source: str, *, severity: str = "critical", where: Where | None = None
) -> Expectation:
    """A network whose addresses can be checked."""
    networks = tuple(_ADDRESS_OF_NETWORK)
    return one_of(code, "network_code", "network", networks, source, severity=severity, where=where)


def known_status(code: str, source: str) -> Expectation:
    """A status of an exchange that we have a word for; an empty cell passes."""
    return one_of(code, "status_code", "status", _STATUSES, source, severity="warning")


def right_address(code: str, network: str) -> Expectation:
    """An address of the row's own network, its checksum right."""
    kind, source = _ADDRESS_OF_NETWORK[network]
    says = (
        f"address, where network is {network}, is that network's own with the right checksum: "
        "copied whole, letters in their case."
    )
    where = Column("network_code") == network
    return rule(kind, code, says, source, column="address", where=where)


def case_number(code: str, severity: str = "critical") -> Expectation:
    """Fifteen digits; an empty cell passes."""
    says = "The case number is the register's (ERDR): 15 digits, no other signs."
    return shaped(code, "case_no", r"^[0-9]{15}$", says, ERDR, severity=severity)


def day_told(code: str, column: str, wire: str, source: str) -> Expectation:
    """The event's day is the business date or before it."""
    says = f"{wire} is not after the business date of the file: a file tells what has happened."
    kind = gxe.ExpectColumnPairValuesAToBeGreaterThanB
    pair = {"column_A": "business_date", "column_B": column}
    missing = "either_value_is_missing"
    return rule(kind, code, says, source, or_equal=True, ignore_row_if=missing, **pair)


def instant_told(code: str, column: str, wire: str, source: str) -> Expectation:
    """The event came no later than the end, in Almaty, of the business date."""
    says = f"{wire} is not after the business date of the file, by the clock of Almaty."
    pair = {"column_A": column, "column_B": "business_date"}
    return rule(ExpectInstantToBeNoLaterThanDay, code, says, source, **pair)


def told_once(
    code: str, feed: Feed, says: str, source: str, *, also: tuple[str, ...] = ()
) -> Expectation:
    """The key stands once in what one institution delivers for one business date.

    Both are part of what is compared, so that many dates screened at once give the same as night
    by night. Rows whose key is not whole are left to the rules that ask for it.
    """
    together = dict.fromkeys(("business_date", "institution", *feed.key, *also))
    return rule(
        gxe.ExpectCompoundColumnsToBeUnique,
        code,
        says,
        source,
        column_list=list(together),
        ignore_row_if="any_value_is_missing",
    )


def readable(code: str, says: str, source: str, *, where: Where) -> Expectation:
    """Warns of a cell that may be empty, was not, and could not be read.

    Args:
        where: the rows in which every cell that has to be there was read: else it is that cell.
    """
    kind = gxe.ExpectColumnValuesToBeNull
    return rule(kind, code, says, source, severity="warning", column="as_delivered", where=where)


def at_most(
    code: str, column: str, highest: int, says: str, source: str, *, where: Where | None = None
) -> Expectation:
    """Warns of a value so large that its unit is to be doubted."""
    kind = gxe.ExpectColumnValuesToBeBetween
    asked = {"column": column, "max_value": highest}
    return rule(kind, code, says, source, severity="warning", where=where, **asked)


def mandatory(feed: Feed) -> tuple[str, ...]:
    """Columns of a feed that are never empty."""
    return tuple(f.column.name for f in feed.fields if not f.column.nullable)


def is_filled(*columns: str) -> AndCondition:
    """Every one of these cells is there; at least two are named."""
    conditions: list[Condition] = [Column(column).is_not_null() for column in columns]
    return AndCondition(conditions=conditions)
