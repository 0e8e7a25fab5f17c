"""Where the Polars engine says something else than GX's pandas engine, and why it may.

An unlisted difference fails the tests, and so does a listed one that no longer occurs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["pandas raises", "Polars raises", "both answer"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One cause for which answers differ.

    `cases` are patterns of case ids, `frame/expectation/columns`; each must occur.
    """

    about: str
    cases: tuple[str, ...]
    kind: Kind
    pandas: str
    polars: str
    why: str


@dataclass(frozen=True, slots=True)
class Representation:
    """The same answer written in another way; `rewritten` gives both in one."""

    what: str
    why: str
    rewritten: Callable[[str, Any], Any]


def _without(*keys: str) -> Callable[[str, Any], Any]:
    return lambda key, value: None if key in keys else value


def _without_midnight(_key: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return value.removesuffix(".000000").removesuffix(".000").removesuffix("T00:00:00")


def _missing_as_null(_key: str, value: Any) -> Any:
    is_nan = isinstance(value, float) and value != value  # noqa: PLR0124
    return None if is_nan or value in ("NaT", "nan") else value


def _in_order(key: str, value: Any) -> Any:
    is_set = "missing_list" in key and isinstance(value, list)
    return sorted(value, key=str) if is_set else value


def _twelve_digits(_key: str, value: Any) -> Any:
    return float(f"{value:.12g}") if isinstance(value, float) else value


REPRESENTATIONS = (
    Representation(
        "`unexpected_index_query`",
        "The query for broken rows is in the language of the engine.",
        _without("unexpected_index_query"),
    ),
    Representation(
        "`partial_unexpected_counts`",
        "GX counts the listed values only where it can sort them, and counts each NaN apart; "
        "pandas has NaN where Polars has null.",
        _without("partial_unexpected_counts"),
    ),
    Representation(
        "dates and whole seconds",
        "pandas keeps a date as an instant at midnight, and shows digits of a second.",
        _without_midnight,
    ),
    Representation(
        "missing cells",
        "pandas shows NaN or NaT; Polars null.",
        _missing_as_null,
    ),
    Representation(
        "order of missing distinct values",
        "pandas keeps them in a set; Polars in the order of the expectation.",
        _in_order,
    ),
    Representation(
        "last digits of a float",
        "Sums are added up in another order.",
        _twelve_digits,
    ),
)

_DATES = ("drawn*/{}/from_on*", "drawn*/{}/to_on*", "typed*/{}/day*")
_DECIMALS = ("typed/{}/price*", "typed/{}/whole_price*", "numbers/{}/price*")


def _of(expectations: tuple[str, ...], cases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(case.format(each) for each in expectations for case in cases)


DIFFERENCES = (
    Difference(
        about="smallest and largest date, dates within bounds",
        cases=(
            *_of(("column_max_to_be_between", "column_min_to_be_between"), _DATES),
            *_of(("column_values_to_be_between",), ("drawn/{}/*_on*", "typed/{}/day*")),
        ),
        kind="pandas raises",
        pandas="raises: an instant does not compare with a date",
        polars="compares dates with dates",
        why="pandas has no dates, and keeps them as instants.",
    ),
    Difference(
        about="dates in a set",
        cases=(
            *_of(
                (
                    "column_distinct_values_to_be_in_set",
                    "column_distinct_values_to_contain_set",
                    "column_distinct_values_to_equal_set",
                    "column_values_to_be_in_set",
                    "column_values_to_not_be_in_set",
                ),
                ("drawn/{}/from_on", "drawn/{}/to_on", "typed/{}/day*"),
            ),
            "drawn/column_most_common_value_to_be_in_set/to_on",
            "typed/column_most_common_value_to_be_in_set/day",
        ),
        kind="both answer",
        pandas="no instant is in a set of dates",
        polars="a date is in a set of dates",
        why="pandas has no dates, and keeps them as instants.",
    ),
    Difference(
        about="most common instant of a column with a time zone",
        cases=(
            "typed/column_most_common_value_to_be_in_set/instant",
            "typed/column_most_common_value_to_be_in_set/almaty",
        ),
        kind="both answer",
        pandas="drops the time zone, then finds no such value in the set",
        polars="keeps the time zone",
        why="The zone is part of the value.",
    ),
    Difference(
        about="instants with a time zone in a set of text",
        cases=("typed/column_values_to_be_in_set/instant#2",),
        kind="both answer",
        pandas="no instant equals a text",
        polars="reads the text as an instant",
        why="A suite kept as JSON holds its instants as text; GX reads them so in other rules.",
    ),
    Difference(
        about="bounds without a time zone for instants with one; dates for instants",
        cases=(
            "typed*/column_values_to_be_between/instant#3",
            "typed/column_values_to_be_between/naive#3",
        ),
        kind="pandas raises",
        pandas="raises",
        polars="reads the bound by the column's clock; a date as its midnight",
        why="There is one meaning that it can have.",
    ),
    Difference(
        about="order of texts, categories, times of day, a column without a value",
        cases=_of(
            ("column_values_to_be_increasing", "column_values_to_be_decreasing"),
            (
                "*/{}/code",
                "texts/{}/*",
                "typed*/{}/kind",
                "typed*/{}/label",
                "typed*/{}/nothing",
                "typed/{}/clock",
            ),
        ),
        kind="pandas raises",
        pandas="raises: it takes differences, which these have not",
        polars="compares each with the one before; categories as text",
        why="Order needs no difference.",
    ),
    Difference(
        about="mean, sum and deviation of decimals with a missing one",
        cases=_of(
            (
                "column_mean_to_be_between",
                "column_sum_to_be_between",
                "column_stdev_to_be_between",
            ),
            ("typed/{}/price",),
        ),
        kind="pandas raises",
        pandas="raises",
        polars="leaves out the missing one; the sum is exact",
        why="A missing cell is left out of every other figure.",
    ),
    Difference(
        about="z-scores and outliers of decimals",
        cases=_of(
            ("column_value_z_scores_to_be_less_than", "column_values_to_not_be_outliers"),
            _DECIMALS,
        ),
        kind="pandas raises",
        pandas="raises: a decimal does not add up with a float",
        polars="measures distance in floats",
        why="A distance is not money.",
    ),
    Difference(
        about="decimals held against a float",
        cases=(
            "typed/column_values_to_be_between/price#2",
            "typed/column_values_to_be_in_set/price#2",
            "numbers/multicolumn_sum_to_equal/price,price",
        ),
        kind="both answer",
        pandas="3.03 of a suite is 3.0299…: above it lies 3.03, and no decimal equals it",
        polars="3.03 of a suite is 3.03",
        why="Who writes 3.03 means it; GX itself turns a bound into a float.",
    ),
    Difference(
        about="whole numbers above 2⁵³ within bounds",
        cases=("typed/column_values_to_be_between/big#2",),
        kind="both answer",
        pandas="rounds the column to floats and passes 2⁵³ + 1 as 2⁵³",
        polars="compares whole numbers",
        why="Card numbers and tiyn of a country lie up there.",
    ),
    Difference(
        about="row conditions `!=` and `is_not_in` where the compared cell is missing",
        cases=(
            "drawn/column_values_to_be_between/amount#5",
            "drawn/column_values_to_be_between/amount#6",
        ),
        kind="both answer",
        pandas="considers the row",
        polars="does not consider the row",
        why="As in SQL and GX's own SQL engine: what is unknown is not known to differ.",
    ),
    Difference(
        about="a number as the bound of a column of text, without rows",
        cases=("drawn, no rows/column_values_to_be_between/code",),
        kind="Polars raises",
        pandas="passes; raises as soon as there is a row",
        polars="raises",
        why="A rule that cannot be asked is wrong on the day without rows too.",
    ),
    Difference(
        about="`$` in a pattern before a final line break",
        cases=(
            "texts/column_values_to_match_regex/line",
            "texts/column_values_to_match_regex/line#4",
        ),
        kind="both answer",
        pandas="is the end of the text",
        polars="is not: only the very end is",
        why="Polars has Rust's patterns; a code with a line break after it is another code.",
    ),
    Difference(
        about="a JSON schema for text that is no JSON, or for categories",
        cases=(
            "drawn/column_values_to_match_json_schema/code",
            "texts/column_values_to_match_json_schema/*",
            "typed*/column_values_to_match_json_schema/*",
        ),
        kind="pandas raises",
        pandas="raises, and judges no row",
        polars="such a cell breaks the rule",
        why="One bad cell must not hide the others.",
    ),
    Difference(
        about="`expect_column_type_to_be`",
        cases=("*/column_type_to_be/*",),
        kind="both answer",
        pandas="whole numbers with a missing one are `float64`, flags `object`; an instant's unit "
        "may be left out",
        polars="shows the Polars type; it is the type of pandas for such a column without "
        "missing cells, its unit included",
        why="In Polars a missing cell does not change the type.",
    ),
)
