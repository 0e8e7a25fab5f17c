"""How a healthy row is made to break one rule: by what the rule asks, or as declared for its code.

A mutant is made of cells as delivered, so that what reads them takes part.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from great_expectations.expectations.expectation import Expectation

from expectations.polars_engine.conditions import considered
from transforms.feeds.feed import Feed

Row = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Healthy:
    """A row that breaks no rule, as delivered and as staged."""

    cells: Row
    staged: Mapping[str, Any]


Mutation = Callable[[Healthy], Row]
"""Cells that differ; none for a row that is delivered once more."""

_NONE_OF_THEM = "?"

TWICE: Mutation = lambda _: {}  # noqa: E731 - the row itself, once more


class NoMutant(LookupError):
    """A rule that nothing tells how to break."""


def mutation(rule: Expectation, feed: Feed) -> Mutation:
    """How to break the rule.

    Raises:
        NoMutant: its kind is not known here, and its code not declared.
    """
    code = rule.meta["code"]
    if code in DECLARED:
        return DECLARED[code]
    kind, asked = type(rule).__name__, rule.configuration.kwargs
    if kind not in _BY_KIND:
        raise NoMutant(
            f"{code} has no mutant: {kind} is not known to tests/expectations/mutants.py. "
            f"Add how to break it, for the kind or for the code."
        )
    return _BY_KIND[kind](asked, feed)


def is_source(rule: Expectation, feed: Feed) -> pl.Expr:
    """Staged rows that a mutant can be made of: the rule is about them, and what it reads is told."""
    if rule.meta["code"] in _MADE_OF:
        return _MADE_OF[rule.meta["code"]]
    asked, schema = rule.configuration.kwargs, feed.staged_table.schema
    is_meant = considered(asked.get("row_condition"), schema)
    read = [asked[key] for key in ("column", "column_A", "column_B") if key in asked]
    if "business_date" in read:  # the other day is written anew
        read = ["business_date"]
    if type(rule).__name__ == "ExpectColumnValuesToBeNull":
        return is_meant & pl.col("as_delivered").is_null()
    if type(rule).__name__ == "ExpectCompoundColumnsToBeUnique":
        is_whole = asked.get("ignore_row_if") == "any_value_is_missing"
        read = asked["column_list"] if is_whole else []
    return is_meant & pl.all_horizontal(
        pl.lit(value=True), *(pl.col(c).is_not_null() for c in read)
    )


def _wire(feed: Feed, column: str) -> str:
    return next(field.wire for field in feed.fields if field.column.name == column)


def _set_to(value: str | None):
    """Break a rule about one column by writing this there."""
    return lambda asked, feed: lambda _: {_wire(feed, asked["column"]): value}


def _changed(change: Callable[[str], str]):
    """Break a rule about one column by damaging what is there."""

    def of(asked, feed):
        wire = _wire(feed, asked["column"])
        return lambda row: {wire: change(row.cells[wire] or "")}

    return of


def _in_no_set(asked, feed):
    column = next(f.column for f in feed.fields if f.column.name == asked["column"])
    value = "false" if column.dtype == pl.Boolean() else _NONE_OF_THEM
    assert value not in asked["value_set"]
    return lambda _: {_wire(feed, asked["column"]): value}


def _out_of_bounds(asked, feed):
    wire, least, most = _wire(feed, asked["column"]), asked.get("min_value"), asked.get("max_value")
    in_minor = asked["column"].endswith(("_minor", "_tiyn"))
    if least is not None:
        value = f"{least:g}" if asked.get("strict_min") else f"{least - 1:g}"
    else:  # ten times the most; money is written in whole units
        value = str(int(most) // 10 if in_minor else int(most) * 10)
    return lambda _: {wire: value}


def _days_in_disorder(asked, feed):
    earlier, later = asked["column_B"], asked["column_A"]
    if later == "business_date":
        return lambda row: {_wire(feed, earlier): _day(row.staged["business_date"], 1)}
    return lambda row: {_wire(feed, later): _day(row.staged[earlier], -1)}


def _instant(days: int, clock: str):
    """The instant in A on that many days from the day in B, at that hour of Almaty."""

    def of(asked, feed):
        wire = _wire(feed, asked["column_A"])
        return lambda row: {wire: f"{_day(row.staged[asked['column_B']], days)}T{clock}+05:00"}

    return of


def _day(day: date, further: int) -> str:
    return (day + timedelta(days=further)).isoformat()


def _first_emptied(asked, feed):
    return lambda _: {_wire(feed, asked["column_list"][0]): None}


def _next_digit(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def _shortened(text: str) -> str:
    return text[:-1]


def _cells(**cells: str | None) -> Mutation:
    return lambda _: dict(cells)


_BY_KIND = {
    "ExpectColumnValuesToNotBeNull": _set_to(None),
    "ExpectMulticolumnValuesToNotBeNull": _first_emptied,
    "ExpectColumnValuesToBeInSet": _in_no_set,
    "ExpectColumnValuesToMatchRegex": _set_to(_NONE_OF_THEM),
    "ExpectColumnValuesToBeBetween": _out_of_bounds,
    "ExpectColumnValuesToBeValidIin": _changed(_next_digit),
    "ExpectColumnValuesToBeValidIinOrBin": _changed(_next_digit),
    "ExpectColumnValuesToBeValidKzIban": _changed(_next_digit),
    "ExpectColumnValuesToBeValidRegionCode": _set_to("99"),
    "ExpectColumnValuesToBeValidCurrencyCode": _set_to("ZZZ"),
    "ExpectColumnValuesToBeValidBtcAddress": _changed(_shortened),
    "ExpectColumnValuesToBeValidEthAddress": _changed(_shortened),
    "ExpectColumnValuesToBeValidTronAddress": _changed(_shortened),
    "ExpectColumnValuesToBeValidBic": _set_to(_NONE_OF_THEM),
    "ExpectColumnValuesToBeValidPaymentPurposeCode": _set_to(_NONE_OF_THEM),
    "ExpectColumnValuesToBeNoCardNumbers": _set_to("4111111111111111"),
    "ExpectColumnValuesToBeValidHsCode": _changed(lambda code: f"99{code[2:]}"),
    "ExpectColumnPairValuesAToBeGreaterThanB": _days_in_disorder,
    "ExpectInstantToBeNoLaterThanDay": _instant(1, "00:00:00"),
    "ExpectInstantToBeNoEarlierThanDay": _instant(-1, "23:59:59"),
    "ExpectCompoundColumnsToBeUnique": lambda _asked, _feed: TWICE,
}

DECLARED: dict[str, Mutation] = {
    # Nothing held is the only value of a set: something was held all the same.
    "CAC-10": _cells(HELD_KZT="5.00"),
    "CTX-13": _cells(CHANNEL="mobile", ATM_ID="12500077"),
    "XTR-24": _cells(internal="false", txid=None),
    "XTR-26": _cells(user_iin=None, user_id=None, user_name=None),
    "TRT-01": _cells(originator_name=None, originator_address=None),
    "TRT-02": _cells(beneficiary_name=None, beneficiary_address=None),
    "TRT-10": _cells(
        beneficiary_kind="natural",
        beneficiary_id="871231100007",
        beneficiary_id_country="KZ",
        beneficiary_country="KZ",
    ),
    "CPR-08": _cells(PRICE_USD="0.5"),
    "IMD-24": lambda row: {"HS_CODE": (row.cells["HS_CODE"] or "")[:6]},
    # A cell that may be empty, is not, and cannot be read.
    "CRC-13": _cells(KATO="Almaty"),
    "AAR-17": _cells(KATO="Almaty"),
    "XTR-25": _cells(created_at="18.08.2025"),
    "PPO-24": _cells(created_at="18.08.2025"),
    "IMD-30": _cells(GROSS_KG="13 kg"),
    "SEI-20": _cells(KATO="Almaty"),
    "FRE-17": _cells(EVENT="advert_removed", TRANSACTIONS="few"),
    "ACH-11": _cells(OPENED_ON="yesterday"),
    "ACM-16": _cells(VALUE_ON="yesterday"),
    "IBP-12": _cells(INSTRUCTED_AMOUNT="1 500"),
    "FIT-13": _cells(created_at="18.08.2025"),
    "MEV-17": _cells(UNTIL_ON="soon"),
    "PHD-19": _cells(KATO="Almaty"),
    "WLB-09": _cells(as_of="yesterday"),
    "TRT-17": _cells(quantity="many"),
    "PLI-12": _cells(QUOTA_KG="many"),
}

_MADE_OF: dict[str, pl.Expr] = {
    "CTX-13": pl.col("channel_code") == "mobile",
    "XTR-24": pl.col("status_code") == "completed",
    "XTR-26": pl.col("status_code").is_not_null(),
    "TRT-01": pl.col("beneficiary_name").is_not_null(),
    "TRT-02": pl.col("originator_name").is_not_null(),
    "TRT-10": pl.col("beneficiary_name").is_not_null(),
}
"""Rows of the few rules that are about no healthy row: what they are about is part of the mutant."""
