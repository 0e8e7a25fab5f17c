"""The values of indicators: country, regions, and each further dimension."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl

from transforms.indicators.indicator import INDICATOR_TABLE, Indicator
from transforms.money import total
from transforms.periods import Period
from transforms.regions import COUNTRY, REGION_CODES, UNKNOWN_REGION, inhabitants

Values = pl.LazyFrame
"""Rows of `INDICATOR_TABLE`."""

Facts = Mapping[str, pl.LazyFrame]
"""Whole tables of facts, by name."""

REGIONS_SHOWN = (COUNTRY, *REGION_CODES, UNKNOWN_REGION)

_CELL = ("indicator", "period_no", "dimension", "member", "region_code")


class IncompleteCatalogue(ValueError):
    """An indicator was asked for without what it is made of."""


def values_for(
    indicators: Sequence[Indicator],
    facts: Mapping[str, pl.LazyFrame],
    periods: Sequence[Period],
    business_date: date,
    *,
    provisional: Collection[str],
    versions: Mapping[str, int | None],
) -> pl.LazyFrame:
    """Values of indicators for several periods, as of one night; each fact is read once.

    Args:
        indicators: with each composite, its parts.
        facts: by name of table, whole; rows delivered after `business_date` are not counted.
        periods: a period given twice counts once.
        provisional: names of the tables of facts in which a delivery is missing.
        versions: version of each table that is read; null for one never written.

    Returns:
        `INDICATOR_TABLE`, in order of its key. Totals stand for the country, all 20 regions and
        "unknown", zero where there is nothing; members of dimensions, and figures without
        zeros, only where they occur.

    Raises:
        IncompleteCatalogue: a part of a composite, or a table of facts, was not given.
    """
    _require_parts(indicators, facts)
    spans = tuple(dict.fromkeys(periods))
    night = {
        name: rows.filter(pl.col("business_date") <= business_date).cache()
        for name, rows in facts.items()
    }
    simple = [i for i in indicators if not i.made_of]
    cells = pl.concat(
        [
            *(cell for i in simple for cell in _cells(i, night[_table(i)], spans)),
            _no_cells(),
        ]
    )
    values = (
        _with_all_regions(cells, simple, spans)
        .join(_spans(spans), on="period_no", validate="m:1")
        .join(_labels(simple, provisional, versions), on="indicator", validate="m:1")
        .with_columns(business_date=pl.lit(business_date))
        .select(INDICATOR_TABLE.schema.names())
        .cache()
    )
    composed = [composite_values(i, values) for i in indicators if i.parts]
    rates = rate_values([i for i in indicators if i.per_inhabitants], values)
    return (
        pl.concat([values, *composed, rates])
        .sort(INDICATOR_TABLE.key)
        .pipe(INDICATOR_TABLE.require)
    )


def rate_values(indicators: Sequence[Indicator], values: pl.LazyFrame) -> pl.LazyFrame:
    """Values of figures per 10 million inhabitants, half up: whole numbers, like all others.

    Args:
        indicators: the rates.
        values: `INDICATOR_TABLE` rows; others than the totals of what they are rates of are
            passed over, and so is what has no region.

    Returns:
        `INDICATOR_TABLE`, in order of its key.
    """
    rated = pl.LazyFrame(
        [(i.per_inhabitants, i.id, i.unit) for i in indicators],
        schema={"indicator": pl.String, "rate": pl.String, "rate_unit": pl.String},
        orient="row",
    )
    people = pl.col("inhabitants").cast(pl.Int128)
    per_ten_million = (2 * 10**7 * pl.col("value").cast(pl.Int128) + people) // (2 * people)
    return (
        values.filter(pl.col("dimension") == "")
        .join(rated, on="indicator", validate="m:1")
        .join(inhabitants(), on="region_code", validate="m:1")
        .with_columns(indicator="rate", unit="rate_unit", value=per_ten_million.cast(pl.Int64))
        .select(INDICATOR_TABLE.schema.names())
        .sort(INDICATOR_TABLE.key)
        .pipe(INDICATOR_TABLE.require)
    )


def indicator_values(
    indicator: Indicator,
    facts: pl.LazyFrame,
    period: Period,
    business_date: date,
    *,
    status: str,
    sources: Sequence[str],
) -> pl.LazyFrame:
    """Values of one indicator, not a composite, for one period.

    Args:
        facts: rows of its table of facts; those delivered after `business_date` are not counted.
        status: provisional or final.
        sources: tables that were read, with their versions.

    Returns:
        `INDICATOR_TABLE`, in order of its key.
    """
    table = _table(indicator)
    return values_for(
        [indicator], {table: facts}, [period], business_date, provisional=(), versions={table: 0}
    ).with_columns(
        status_code=pl.lit(status), sources=pl.lit(list(sources), dtype=pl.List(pl.String))
    )


def composite_values(indicator: Indicator, parts: pl.LazyFrame) -> pl.LazyFrame:
    """Values of a composite from the values of its parts, for each night and period of them.

    The status is provisional as soon as one part is; the sources are those of all parts.

    Args:
        parts: `INDICATOR_TABLE` rows; others than its parts' totals are passed over.

    Returns:
        `INDICATOR_TABLE`, in order of its key.
    """
    is_part = pl.col("indicator").is_in(indicator.parts) & (pl.col("dimension") == "")
    cell = ("business_date", "period", "period_start", "period_end", "region_code")
    is_provisional = (pl.col("status_code") == "provisional").any()
    return (
        parts.filter(is_part)
        .group_by(*cell, "dimension", "member")
        .agg(
            value=total("value"),
            status_code=pl.when(is_provisional)
            .then(pl.lit("provisional"))
            .otherwise(pl.lit("final")),
            sources=pl.col("sources").explode().unique().sort(),
        )
        .with_columns(indicator=pl.lit(indicator.id), unit=pl.lit(indicator.unit))
        .select(INDICATOR_TABLE.schema.names())
        .sort(INDICATOR_TABLE.key)
        .pipe(INDICATOR_TABLE.require)
    )


def _cells(
    indicator: Indicator, facts: pl.LazyFrame, spans: Sequence[Period]
) -> list[pl.LazyFrame]:
    """Country and regions, each from the rows themselves, for the total and every dimension."""
    if indicator.rows is None or indicator.value is None:
        raise IncompleteCatalogue(f"{indicator.id} says neither what it counts nor its parts.")
    needed = dict.fromkeys(("region_code", *indicator.by, *indicator.value.meta.root_names()))
    rows = pl.concat(
        [
            indicator.rows(facts, span).select(*needed, period_no=pl.lit(number, dtype=pl.Int32))
            for number, span in enumerate(spans)
        ]
    ).cache()
    country = pl.lit(COUNTRY)
    groups: list[tuple[list[str], pl.Expr, str, pl.Expr]] = [
        ([], country, "", pl.lit("")),
        (["region_code"], pl.col("region_code"), "", pl.lit("")),
    ]
    for dimension in indicator.by:
        member = pl.col(dimension).fill_null("unknown")
        groups += [
            ([dimension], country, dimension, member),
            (["region_code", dimension], pl.col("region_code"), dimension, member),
        ]
    return [
        rows.group_by("period_no", *keys)
        .agg(value=indicator.value)
        .select(
            "period_no",
            "value",
            indicator=pl.lit(indicator.id),
            dimension=pl.lit(dimension),
            member=member,
            region_code=region,
        )
        .select(*_CELL, "value")
        for keys, region, dimension, member in groups
    ]


def _no_cells() -> pl.LazyFrame:
    text = dict.fromkeys(_CELL, pl.String())
    return pl.LazyFrame(schema={**text, "period_no": pl.Int32(), "value": pl.Int64()})


def _with_all_regions(
    cells: pl.LazyFrame, indicators: Sequence[Indicator], spans: Sequence[Period]
) -> pl.LazyFrame:
    """Totals for every region shown, zero where no row counts; members as they are.

    Figures without zeros stay as they are throughout: nothing has no median.
    """
    with_zeros = [i.id for i in indicators if i.has_zeros]
    ids = pl.LazyFrame({"indicator": with_zeros}, schema={"indicator": pl.String})
    numbers = pl.LazyFrame({"period_no": range(len(spans))}, schema={"period_no": pl.Int32})
    totals = (
        ids.join(numbers, how="cross")
        .join(pl.LazyFrame({"region_code": REGIONS_SHOWN}), how="cross")
        .with_columns(dimension=pl.lit(""), member=pl.lit(""))
        .join(cells, on=_CELL, how="left", validate="1:1")
        .with_columns(value=pl.col("value").fill_null(0))
        .select(*_CELL, "value")
    )
    is_as_it_is = (pl.col("dimension") != "") | ~pl.col("indicator").is_in(with_zeros)
    return pl.concat([totals, cells.filter(is_as_it_is)])


def _spans(spans: Sequence[Period]) -> pl.LazyFrame:
    return pl.LazyFrame(
        [(number, str(s.kind), s.start, s.end) for number, s in enumerate(spans)],
        schema={
            "period_no": pl.Int32,
            "period": pl.String,
            "period_start": pl.Date,
            "period_end": pl.Date,
        },
        orient="row",
    )


def _labels(
    indicators: Sequence[Indicator],
    provisional: Collection[str],
    versions: Mapping[str, int | None],
) -> pl.LazyFrame:
    labels = [
        (
            i.id,
            i.unit,
            "provisional" if _table(i) in provisional else "final",
            [f"{_table(i)}@{versions[_table(i)]}"],
        )
        for i in indicators
    ]
    schema = {
        name: INDICATOR_TABLE.schema[name]
        for name in ("indicator", "unit", "status_code", "sources")
    }
    return pl.LazyFrame(labels, schema=schema, orient="row")


def _table(indicator: Indicator) -> str:
    if indicator.fact is None:
        raise IncompleteCatalogue(f"{indicator.id} is a sum of parts and has no facts of its own.")
    return indicator.fact.table.name


def _require_parts(indicators: Sequence[Indicator], facts: Mapping[str, pl.LazyFrame]) -> None:
    simple = {i.id: i for i in indicators if not i.made_of}
    for indicator in indicators:
        missing = [part for part in indicator.made_of if part not in simple]
        if missing:
            raise IncompleteCatalogue(
                f"{indicator.id} needs its parts {', '.join(missing)}. Nothing was computed. "
                "Ask for them together."
            )
    absent = sorted({_table(i) for i in simple.values()} - facts.keys())
    if absent:
        raise IncompleteCatalogue(
            f"{', '.join(absent)} was not given, but indicators are read from it. "
            "Nothing was computed. Give every table of facts, empty ones too."
        )
