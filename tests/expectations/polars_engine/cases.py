"""What both engines are asked: frames of many types, and each supported expectation over them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import great_expectations.expectations as gxe
import polars as pl
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from tests.tables import table

ALMATY = ZoneInfo("Asia/Almaty")


@dataclass(frozen=True, slots=True)
class Case:
    """One expectation over one frame; `id` is `frame/expectation/columns`.

    Those not asked in every result format are asked in the one that tells most.
    """

    id: str
    frame: str
    expectation: Expectation
    in_every_format: bool


DRAWN = table(
    """
    id | code | amount | share | from_on    | to_on      | flag
    ----------------------------------------------------------------
    1  | ab   | 10     | 0.5   | 2026-01-01 | 2026-01-02 | true
    2  | cd   | -      | 1.5   | 2026-01-02 | 2026-01-02 | false
    3  | -    | 30     | -     | 2026-01-03 | 2026-01-02 | true
    3  | ab   | 40     | 2.0   | -          | 2026-01-02 | -
    5  | Efg  | 50     | 2.0   | 2026-01-05 | -          | true
    -  | ab   | 10     | NaN   | -          | -          | false
    7  | х    | -60    | -1.0  | 2026-01-07 | 2026-01-07 | true
    """,
    {
        "id": pl.Int64,
        "amount": pl.Int64,
        "share": pl.Float64,
        "from_on": pl.Date,
        "to_on": pl.Date,
        "flag": pl.Boolean,
    },
)

_INSTANTS = [datetime(2026, 1, day, 12, tzinfo=UTC) for day in (1, 2, 2, 4)]
TYPED = pl.LazyFrame(
    {
        "instant": [*_INSTANTS, None],
        "almaty": [*(at.astimezone(ALMATY) for at in _INSTANTS), None],
        "naive": [*(at.replace(tzinfo=None) for at in _INSTANTS), None],
        "day": [date(2026, 1, day) for day in (1, 2, 2, 4)] + [None],
        "clock": [time(hour) for hour in (1, 2, 2, 4)] + [None],
        "price": [*map(Decimal, ("1.01", "3.03", "3.03", "5.05")), None],
        "whole_price": [*map(Decimal, ("1.01", "3.03", "3.03", "5.05", "7.07"))],
        "kind": ["a", "b", "b", "c", None],
        "label": ["a", "b", "b", "c", None],
        "big": [2**53, 2**53 + 1, 2**53 + 3, 2**53 + 3, 7],
        "small": [1, 2, 2, 4, 250],
        "single": [0.5, 1.5, 1.5, float("inf"), None],
        "wave": [0.5, float("nan"), 1.5, 1.5, None],
        "flag": [True, False, False, None, True],
        "nothing": pl.Series([None] * 5, dtype=pl.String),
        "no_number": pl.Series([None] * 5, dtype=pl.Float64),
    },
    schema_overrides={
        "kind": pl.Enum(["c", "b", "a", "never"]),
        "label": pl.Categorical(),
        "price": pl.Decimal(10, 2),
        "whole_price": pl.Decimal(10, 2),
        "small": pl.UInt8,
        "single": pl.Float32,
    },
)
TEXTS = pl.LazyFrame(
    {
        "json": ['{"a": 1}', '{"a": "x"}', "[1, 2]", "{", None],
        "valid_json": ['{"a": 1}', '{"a": "x"}', "[1, 2]", "3", None],
        "when": ["2026-01-02", "02.01.2026", "yesterday", "2026-13-01", None],
        "line": ["ab\n", "aab", "a\tb", "", None],
        "number": ["1", "2", "2", "10", None],
        "word": ["б", "а", "бб", "Ж", "ж"],
    }
)
NUMBERS = pl.LazyFrame(
    {
        "n": [1, 2, 2, 3, 4, 5, 6, 100],
        "same": [7] * 8,
        "x": [0.1, 0.2, 0.2, 0.3, 0.4, 0.5, 0.6, 10.0],
        "gaps": [1.0, None, 2.0, float("nan"), 3.0, 2.5, 9.0, None],
        "price": [Decimal(n) / 100 for n in (1, 2, 2, 3, 4, 5, 6, 1000)],
        "rest": [99, 98, 98, 97, 96, 95, 94, 1],
        "copy": [1, 2, 2, 3, 4, 5, 6, 101],
    },
    schema_overrides={"price": pl.Decimal(10, 2)},
)
FRAMES = {
    "drawn": DRAWN,
    "typed": TYPED,
    "texts": TEXTS,
    "numbers": NUMBERS,
    "drawn, no rows": DRAWN.clear(),
    "typed, no rows": TYPED.clear(),
}


def cases() -> list[Case]:
    """Every case, each under an id of its own."""
    found: list[Case] = []
    times: dict[str, int] = {}
    for frame, expectation, by_hand in _asked():
        name = expectation.expectation_type.removeprefix("expect_")
        kwargs = expectation.configuration.kwargs
        columns = kwargs.get("column_list") or [
            kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs
        ]
        plain = f"{frame}/{name}/{','.join(columns) or '-'}"
        times[plain] = times.get(plain, 0) + 1
        count = f"#{times[plain]}" if times[plain] > 1 else ""
        expectation.meta = {"case": plain + count}
        in_every_format = frame == "drawn" or by_hand
        found.append(Case(plain + count, frame, expectation, in_every_format))
    return found


def _asked() -> Iterator[tuple[str, Expectation, bool]]:
    for frame, rows in FRAMES.items():
        whole = frame.removesuffix(", no rows")
        for column, dtype in rows.collect_schema().items():
            values = FRAMES[whole].collect()[column].drop_nulls().unique().sort().to_list()
            yield from ((frame, each, False) for each in _of_column(column, dtype, values))
        for each in (*_of_table(rows.collect_schema().names()), *_BY_HAND[whole]):
            yield frame, each.copy(deep=True), frame == whole


def _of_column(column: str, dtype: pl.DataType, values: list[Any]) -> Iterator[Expectation]:
    values = values or ["a"]
    some = values[: len(values) // 2 + 1]
    yield gxe.ExpectColumnToExist(column=column)
    yield gxe.ExpectColumnValuesToNotBeNull(column=column)
    yield gxe.ExpectColumnValuesToNotBeNull(column=column, mostly=0.7)
    yield gxe.ExpectColumnValuesToBeNull(column=column)
    yield gxe.ExpectColumnValuesToBeUnique(column=column)
    yield gxe.ExpectColumnUniqueValueCountToBeBetween(column=column, min_value=3)
    yield gxe.ExpectColumnProportionOfUniqueValuesToBeBetween(column=column, min_value=0.9)
    yield gxe.ExpectColumnProportionOfNonNullValuesToBeBetween(column=column, min_value=0.9)
    yield gxe.ExpectColumnValuesToBeIncreasing(column=column)
    yield gxe.ExpectColumnValuesToBeDecreasing(column=column, strictly=True)
    if not isinstance(dtype, pl.Time | pl.Duration):  # GX does not let them be written in a set
        yield gxe.ExpectColumnValuesToBeInSet(column=column, value_set=some)
        yield gxe.ExpectColumnValuesToNotBeInSet(column=column, value_set=some)
        yield gxe.ExpectColumnDistinctValuesToBeInSet(column=column, value_set=some)
        yield gxe.ExpectColumnDistinctValuesToContainSet(column=column, value_set=values)
        yield gxe.ExpectColumnDistinctValuesToEqualSet(column=column, value_set=some)
        yield gxe.ExpectColumnMostCommonValueToBeInSet(column=column, value_set=some)
    if dtype.is_numeric():
        bounds = {"min_value": 1, "max_value": 3}
        for kind in (
            gxe.ExpectColumnMeanToBeBetween,
            gxe.ExpectColumnMedianToBeBetween,
            gxe.ExpectColumnSumToBeBetween,
            gxe.ExpectColumnStdevToBeBetween,
            gxe.ExpectColumnMinToBeBetween,
            gxe.ExpectColumnMaxToBeBetween,
            gxe.ExpectColumnValuesToBeBetween,
        ):
            yield kind(column=column, **bounds)
        yield gxe.ExpectColumnValueZScoresToBeLessThan(
            column=column, threshold=1.2, double_sided=True
        )
        yield gxe.ExpectColumnValuesToNotBeOutliers(column=column, method="iqr", multiplier=1.5)
        yield gxe.ExpectColumnValuesToNotBeOutliers(column=column, method="std", multiplier=1.2)
        yield gxe.ExpectColumnQuantileValuesToBeBetween(
            column=column,
            quantile_ranges={
                "quantiles": [0.0, 0.25, 0.5, 0.9],
                "value_ranges": [[0, 1], [0, 2], [None, 3], [2, None]],
            },
        )
    if dtype == pl.String or isinstance(dtype, pl.Enum | pl.Categorical):
        yield gxe.ExpectColumnValueLengthsToEqual(column=column, value=2)
        yield gxe.ExpectColumnValueLengthsToBeBetween(column=column, min_value=1, max_value=2)
        yield gxe.ExpectColumnValuesToMatchRegex(column=column, regex="^[a-z]{1,2}$")
        yield gxe.ExpectColumnValuesToMatchRegex(column=column, regex="^(?!a)")
        yield gxe.ExpectColumnValuesToNotMatchRegex(column=column, regex=r"\w{2}")
        yield gxe.ExpectColumnValuesToMatchRegexList(column=column, regex_list=["a", "b"])
        yield gxe.ExpectColumnValuesToMatchRegexList(
            column=column, regex_list=["a", "b"], match_on="all"
        )
        yield gxe.ExpectColumnValuesToNotMatchRegexList(column=column, regex_list=["b", "c"])
        yield gxe.ExpectColumnValuesToBeJsonParseable(column=column)
        yield gxe.ExpectColumnValuesToMatchJsonSchema(
            column=column, json_schema={"properties": {"a": {"type": "integer"}}}
        )
        yield gxe.ExpectColumnValuesToBeDateutilParseable(column=column)
        yield gxe.ExpectColumnValuesToMatchStrftimeFormat(column=column, strftime_format="%Y-%m-%d")
    elif isinstance(dtype, pl.Date | pl.Datetime):
        low, high = values[0], values[-2]
        yield gxe.ExpectColumnValuesToBeBetween(column=column, min_value=low, max_value=high)
        yield gxe.ExpectColumnValuesToBeBetween(column=column, max_value=high, strict_max=True)
        yield gxe.ExpectColumnMinToBeBetween(column=column, min_value=low)
        yield gxe.ExpectColumnMaxToBeBetween(column=column, max_value=high)
    for name in _TYPE_NAMES.get(str(dtype), ()):
        yield gxe.ExpectColumnTypeToBe(column=column, type_=name)
    if not dtype.is_temporal():
        yield gxe.ExpectColumnValuesToMatchRegex(column=column, regex="1")


_TYPE_NAMES = {
    "Int64": ("int64", "float64"),
    "Float64": ("float64", "int64"),
    "UInt8": ("uint8", "int8"),
    "String": ("str", "object"),
    "Date": ("datetime64[ms]",),
    "Boolean": ("bool",),
    "Datetime(time_unit='us', time_zone='UTC')": ("datetime64[us, UTC]", "datetime64[us]"),
    "Datetime(time_unit='us', time_zone=None)": ("datetime64[us]", "datetime64"),
    "Categorical": ("category",),
}


def _of_table(columns: list[str]) -> tuple[Expectation, ...]:
    return (
        gxe.ExpectTableRowCountToBeBetween(min_value=1, max_value=6),
        gxe.ExpectTableRowCountToEqual(value=7),
        gxe.ExpectTableColumnCountToEqual(value=len(columns)),
        gxe.ExpectTableColumnCountToBeBetween(max_value=1),
        gxe.ExpectTableColumnsToMatchSet(column_set=columns[:2], exact_match=False),
        gxe.ExpectTableColumnsToMatchSet(column_set=columns[:2]),
        gxe.ExpectTableColumnsToMatchOrderedList(column_list=columns),
        gxe.ExpectTableColumnsToMatchOrderedList(column_list=columns[:3]),
        gxe.ExpectColumnToExist(column="absent"),
        gxe.ExpectColumnValuesToNotBeNull(column="absent"),
    )


_PAIR = {"column_A": "to_on", "column_B": "from_on"}
_KEY = ["code", "amount"]
_BIN = {"bins": [0, 2, 4, 100], "weights": [0.3, 0.3, 0.4]}
_BY_HAND: dict[str, tuple[Expectation, ...]] = {
    "drawn": (
        gxe.ExpectColumnValuesToNotBeNull(column="id", row_condition=Column("amount") > 10),
        gxe.ExpectColumnValuesToBeNull(column="code", row_condition=Column("id") == 3),
        gxe.ExpectColumnValuesToBeInSet(column="amount", value_set=[10, 30.0, 40]),
        gxe.ExpectColumnValuesToBeInSet(column="share", value_set=[0.5, 2]),
        gxe.ExpectColumnValuesToBeInSet(column="code", value_set=["ab"], mostly=0.5),
        gxe.ExpectColumnValuesToBeInSet(column="code", value_set=["ab", None]),
        gxe.ExpectColumnValuesToBeInSet(column="code", value_set=[1, 2]),
        gxe.ExpectColumnValuesToNotBeInSet(column="amount", value_set=[99]),
        gxe.ExpectColumnValuesToMatchRegex(
            column="code", regex="^a", row_condition=(Column("id") > 1) & (Column("amount") <= 40)
        ),
        gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=10, strict_min=True),
        gxe.ExpectColumnValuesToBeBetween(column="share", max_value=1.5, strict_max=True),
        gxe.ExpectColumnValuesToBeBetween(column="share", max_value=1.5, mostly=0.5),
        gxe.ExpectColumnValuesToBeBetween(column="code", min_value=1),
        gxe.ExpectColumnValuesToBeBetween(
            column="amount", min_value=0, row_condition=Column("code").is_not_null()
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="amount",
            min_value=20,
            row_condition=Column("code").is_null() | (Column("id") >= 5),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="amount", min_value=20, row_condition=Column("code") != "cd"
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="amount", min_value=20, row_condition=Column("code").is_not_in(["cd"])
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="amount", min_value=20, row_condition=Column("code").is_in(["ab", "cd"])
        ),
        gxe.ExpectColumnValuesToBeUnique(column="code", row_condition=Column("id") > 3),
        gxe.ExpectColumnValuesToBeIncreasing(column="amount", row_condition=Column("id") < 6),
        gxe.ExpectColumnValueLengthsToBeBetween(column="code", max_value=3, strict_max=True),
        gxe.ExpectColumnMaxToBeBetween(
            column="amount", max_value=20, row_condition=Column("id") < 3
        ),
        gxe.ExpectColumnMeanToBeBetween(
            column="amount", max_value=20, row_condition=Column("code") == "ab"
        ),
        gxe.ExpectColumnDistinctValuesToEqualSet(
            column="code", value_set=["ab"], row_condition=Column("id") == 1
        ),
        gxe.ExpectColumnProportionOfNonNullValuesToBeBetween(
            column="code", min_value=1, row_condition=Column("id") == 3
        ),
        gxe.ExpectTableRowCountToBeBetween(min_value=2, row_condition=Column("id") == 3),
        gxe.ExpectColumnDistinctValuesToBeInSet(column="code", value_set=["ab", "cd", "Efg", "х"]),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(**_PAIR),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            **_PAIR, or_equal=True, ignore_row_if="either_value_is_missing"
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            **_PAIR, ignore_row_if="either_value_is_missing", mostly=0.2
        ),
        gxe.ExpectColumnPairValuesToBeEqual(**_PAIR),
        gxe.ExpectColumnPairValuesToBeEqual(**_PAIR, ignore_row_if="either_value_is_missing"),
        gxe.ExpectColumnPairValuesToBeEqual(**_PAIR, ignore_row_if="neither"),
        gxe.ExpectColumnPairValuesToBeInSet(
            column_A="code", column_B="amount", value_pairs_set=[("ab", 10), (None, 30)]
        ),
        gxe.ExpectColumnPairValuesToBeInSet(
            column_A="code",
            column_B="amount",
            value_pairs_set=[("ab", 10), ("cd", None)],
            ignore_row_if="either_value_is_missing",
        ),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["id", "code"]),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=_KEY),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=_KEY, ignore_row_if="any_value_is_missing"),
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["from_on", "to_on"], ignore_row_if="never"
        ),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["code", "share"]),
        gxe.ExpectMulticolumnValuesToBeEqual(column_list=["from_on", "to_on"]),
        gxe.ExpectSelectColumnValuesToBeUniqueWithinRecord(column_list=["from_on", "to_on"]),
        gxe.ExpectSelectColumnValuesToBeUniqueWithinRecord(
            column_list=["from_on", "to_on"], ignore_row_if="any_value_is_missing"
        ),
        gxe.ExpectMulticolumnSumToEqual(column_list=["id", "amount"], sum_total=11),
    ),
    "typed": (
        gxe.ExpectColumnValuesToBeBetween(column="instant", min_value=datetime(2026, 1, 2, 12)),  # noqa: DTZ001
        gxe.ExpectColumnValuesToBeBetween(
            column="almaty", min_value=datetime(2026, 1, 2, 12, tzinfo=UTC)
        ),
        gxe.ExpectColumnValuesToBeBetween(column="naive", min_value=date(2026, 1, 2)),
        gxe.ExpectColumnValuesToBeBetween(column="price", min_value=3.03, strict_min=True),
        gxe.ExpectColumnValuesToBeBetween(column="big", max_value=2**53),
        gxe.ExpectColumnValuesToBeInSet(column="instant", value_set=["2026-01-01T12:00:00+00:00"]),
        gxe.ExpectColumnValuesToBeInSet(column="day", value_set=["2026-01-01", "2026-01-02"]),
        gxe.ExpectColumnValuesToBeInSet(column="price", value_set=[3.03]),
        gxe.ExpectColumnValuesToNotBeNull(column="flag", row_condition=Column("kind") == "b"),
        gxe.ExpectColumnValuesToNotBeNull(
            column="flag", row_condition=Column("instant") > datetime(2026, 1, 1, 13, tzinfo=UTC)
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="flag", row_condition=Column("day") >= date(2026, 1, 2)
        ),
        gxe.ExpectColumnValuesToNotBeNull(column="flag", row_condition=Column("price") > 1.5),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["kind", "label"]),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["kind", "instant", "price"]),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["wave", "kind"]),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="instant", column_B="almaty"),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="price", column_B="whole_price", or_equal=True
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="naive", column_B="day", or_equal=True
        ),
        gxe.ExpectColumnPairValuesToBeInSet(
            column_A="kind", column_B="small", value_pairs_set=[("a", 1), ("b", 2)]
        ),
    ),
    "texts": (
        gxe.ExpectColumnValuesToMatchRegex(column="line", regex="b$"),
        gxe.ExpectColumnValuesToMatchRegex(column="word", regex=r"^\w$"),
        gxe.ExpectColumnValuesToMatchRegex(column="word", regex="("),
        gxe.ExpectColumnValuesToMatchJsonSchema(
            column="valid_json", json_schema={"properties": {"a": {"type": "wrong"}}}
        ),
        gxe.ExpectColumnKLDivergenceToBeLessThan(
            column="number",
            partition_object={"values": ["1", "2", "10"], "weights": [0.3, 0.4, 0.3]},
            threshold=0.1,
        ),
    ),
    "numbers": (
        gxe.ExpectColumnValueZScoresToBeLessThan(column="n", threshold=1, double_sided=False),
        gxe.ExpectColumnValuesToBeIncreasing(column="n", strictly=True),
        gxe.ExpectColumnQuantileValuesToBeBetween(
            column="x",
            quantile_ranges={"quantiles": [0.1, 0.5], "value_ranges": [[0.1, 0.2], [0.3, 0.35]]},
            allow_relative_error="linear",
        ),
        gxe.ExpectColumnQuantileValuesToBeBetween(
            column="n",
            quantile_ranges={"quantiles": [0.1, 0.5], "value_ranges": [[1, 2], [3, 3]]},
            allow_relative_error="lower",
        ),
        gxe.ExpectColumnKLDivergenceToBeLessThan(column="n", partition_object=_BIN, threshold=0.5),
        gxe.ExpectColumnKLDivergenceToBeLessThan(
            column="gaps",
            partition_object=_BIN,
            threshold=0.1,
            tail_weight_holdout=0.01,
            internal_weight_holdout=0.01,
        ),
        gxe.ExpectColumnKLDivergenceToBeLessThan(
            column="same", partition_object={"values": [7, 8], "weights": [0.5, 0.5]}, threshold=1
        ),
        gxe.ExpectMulticolumnSumToEqual(column_list=["n", "rest"], sum_total=100),
        gxe.ExpectMulticolumnSumToEqual(column_list=["n", "gaps"], sum_total=2),
        gxe.ExpectMulticolumnSumToEqual(column_list=["price", "price"], sum_total=0.04),
        gxe.ExpectMulticolumnValuesToBeEqual(column_list=["n", "copy"]),
        gxe.ExpectMulticolumnValuesToBeEqual(
            column_list=["n", "copy"], row_condition=Column("n") < 100
        ),
        gxe.ExpectSelectColumnValuesToBeUniqueWithinRecord(column_list=["n", "copy", "rest"]),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="n", column_B="gaps"),
    ),
}
