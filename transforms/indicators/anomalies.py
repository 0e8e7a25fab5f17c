"""Regions and banks far from their own past: few, and none without enough of a past.

Counts are put on the scale of Anscombe (2 * sqrt(x + 3/8)), on which chance alone has a standard
deviation of about one however large the count. The past of a series is the same weekday of the
weeks before, or the weeks, months and so on before; its middle is the median, its spread the
median absolute deviation, but never less than chance, so that small counts raise no alarm. The
rate of false alarms that an edition may have is shared out over all series looked at.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from scipy.special import stdtrit

from transforms.contracts import Column, Table
from transforms.indicators.figures import values_for
from transforms.indicators.indicator import INDICATOR_TABLE, Indicator
from transforms.indicators.parameters import figure_parameter
from transforms.periods import Period, PeriodKind, is_working_day
from transforms.regions import COUNTRY, UNKNOWN_REGION

_CELL = ("indicator", "region_code", "dimension", "member")
_WATCHED_BY = "bank_bic"
_MAD_OF_NORMAL = 1.4826
_VARIANCE_OF_MEDIAN = 1.5708  # times that of one value, over their number: pi / 2

ANOMALIES = Table(
    name="anomalies",
    grain="one figure of one night and period that is far from its own past",
    key=("business_date", "period", *_CELL),
    columns=(
        *(
            column
            for name in ("business_date", "period", *_CELL)
            for column in INDICATOR_TABLE.columns
            if column.name == name
        ),
        Column("value", pl.Int64(), "The figure, in the unit of its indicator."),
        Column("periods", pl.Int64(), "Comparable periods before it.", unit="periods"),
        Column("lowest", pl.Int64(), "The lowest of them."),
        Column("median", pl.Float64(), "Their median."),
        Column("highest", pl.Int64(), "The highest of them."),
        Column("score", pl.Float64(), "Distance from the median in robust standard deviations."),
        Column("direction_code", pl.String(), "above or below."),
    ),
    partitioned_by=("business_date", "period"),
)


def watched(indicators: Sequence[Indicator]) -> list[Indicator]:
    """Counts of what happened in a period; neither amounts nor what is open at its end."""
    return [i for i in indicators if i.is_watched]


def past(period: Period) -> list[Period]:
    """The periods that this one is judged by: a working day by working days only."""
    most = int(figure_parameter("anomaly_most_periods", period.end))
    if period.kind is PeriodKind.YEAR_TO_DATE:
        return []  # too few years, and each day of it is judged on its own
    like = is_working_day(period.end)
    is_day = period.kind is PeriodKind.DAY
    return [p for p in period.earlier(most) if not is_day or is_working_day(p.end) == like]


def anomalies(
    indicators: Sequence[Indicator],
    facts: Mapping[str, pl.LazyFrame],
    period: Period,
    *,
    versions: Mapping[str, int | None],
) -> pl.LazyFrame:
    """Watched figures of the period that are far from those of the periods before.

    Args:
        indicators: the catalogue.
        facts: by name of table, whole.
        period: which; it ends on the business date of the night.
        versions: version of each table that is read.

    Returns:
        `ANOMALIES`, the farthest first. A period before the first row of a fact is no past.
    """
    looked_at = watched(indicators)
    periods = [period, *past(period)]
    values = values_for(
        looked_at, facts, periods, period.end, provisional=(), versions=versions
    ).filter(_is_series())
    beginnings = {
        i.id: facts[i.fact.table.name].select(pl.col(i.happened_on).min()).collect().item()
        for i in looked_at
        if i.fact
    }
    return series_far_from_their_past(_series(values, periods, beginnings), period)


def series_far_from_their_past(series: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """Of several series, those whose last value is far from the others.

    Args:
        series: `_CELL` columns, `value`, and `before`: the list of the values before.
        period: which the value is of.
    """
    on = period.end
    least_periods = int(figure_parameter("anomaly_least_periods", on))
    least = int(figure_parameter("anomaly_least_difference", on))
    told = series.filter(pl.col("before").list.len() >= least_periods).collect()
    shared = float(figure_parameter("anomaly_shared_freedom", on))
    share = float(figure_parameter("anomaly_freedom_share", on))
    quantile = float(figure_parameter("anomaly_shared_quantile", on))
    freedom = (pl.col("before").list.len() - 1) * share
    return (
        told.lazy()
        .with_columns(
            periods=pl.col("before").list.len().cast(pl.Int64),
            lowest=pl.col("before").list.min().cast(pl.Int64),
            median=pl.col("before").list.median(),
            highest=pl.col("before").list.max().cast(pl.Int64),
            variance=_own_variance(),
        )
        .with_columns(
            score=_score(_moderated(freedom, shared, quantile)),
            limit=pl.col("periods").replace_strict(_limits(told, on), return_dtype=pl.Float64),
        )
        .filter(
            pl.col("score").abs() >= pl.col("limit"),
            (pl.col("value") - pl.col("median")).abs() >= least,
        )
        .with_columns(
            business_date=pl.lit(period.end),
            period=pl.lit(period.kind.value),
            direction_code=pl.when(pl.col("score") > 0)
            .then(pl.lit("above"))
            .otherwise(pl.lit("below")),
        )
        .select(ANOMALIES.schema.names())
        .sort(-pl.col("score").abs(), *_CELL)
        .pipe(ANOMALIES.require)
    )


def _own_variance() -> pl.Expr:
    """How far the past of a series strays, on the steady scale."""
    steady = pl.col("before").list.eval(_steady(pl.element()))
    spread = steady.list.eval((pl.element() - pl.element().median()).abs()).list.median()
    return (spread * _MAD_OF_NORMAL) ** 2


def _moderated(freedom: pl.Expr, shared: float, quantile: float) -> pl.Expr:
    """The variance of a series, drawn towards what is usual for its indicator; chance at least.

    Of few periods a spread is told badly: eight alike by chance would make the ninth far. Usual
    is what few of the series exceed, so that a calm one does not hide that others are not.
    """
    usual = pl.col("variance").quantile(quantile).over("indicator", "dimension")
    moderated = (freedom * pl.col("variance") + shared * usual) / (freedom + shared)
    return pl.max_horizontal(moderated, pl.lit(1.0))


def _score(variance: pl.Expr) -> pl.Expr:
    """The distance from the median, in standard deviations of a value not yet seen."""
    middle = pl.col("before").list.eval(_steady(pl.element())).list.median()
    of_median = 1 + _VARIANCE_OF_MEDIAN / pl.col("before").list.len()
    return (_steady(pl.col("value")) - middle) / (variance * of_median).sqrt()


def _steady(count: pl.Expr) -> pl.Expr:
    """Anscombe's transform: the variance of a Poisson count becomes one."""
    return 2 * (count + 0.375).sqrt()


def _limits(series: pl.DataFrame, on: date) -> dict[int, float]:
    """By length of the past: from which score on a series is pointed out."""
    alarms = float(figure_parameter("anomaly_false_alarms_per_edition", on))
    share = float(figure_parameter("anomaly_freedom_share", on))
    shared = float(figure_parameter("anomaly_shared_freedom", on))
    each = alarms / max(series.height, 1) / 2
    lengths = series["before"].list.len().unique().to_list()
    return {n: -float(stdtrit((n - 1) * share + shared, each)) for n in lengths}


def _is_series() -> pl.Expr:
    """Regions in all, and banks of the whole country."""
    is_region = (pl.col("dimension") == "") & ~pl.col("region_code").is_in(
        [COUNTRY, UNKNOWN_REGION]
    )
    is_bank = (pl.col("dimension") == _WATCHED_BY) & (pl.col("region_code") == COUNTRY)
    return is_region | is_bank & (pl.col("member") != "unknown")


def _series(
    values: pl.LazyFrame, periods: Sequence[Period], beginnings: Mapping[str, date | None]
) -> pl.LazyFrame:
    """One row a figure: its value, and those before; a bank that is not there did nothing."""
    known = [
        (indicator, span.start, number == 0)
        for indicator, first in beginnings.items()
        for number, span in enumerate(periods)
        if first is not None and span.start >= first
    ]
    spans = pl.LazyFrame(
        known,
        schema={"indicator": pl.String, "period_start": pl.Date, "is_this": pl.Boolean},
        orient="row",
    )
    return (
        values.select(_CELL)
        .unique()
        .join(spans, on="indicator", validate="m:m")
        .join(
            values.select(*_CELL, "period_start", "value"),
            on=(*_CELL, "period_start"),
            how="left",
            validate="1:1",
        )
        .with_columns(pl.col("value").fill_null(0))
        .sort(*_CELL, "period_start")
        .group_by(_CELL, maintain_order=True)
        .agg(
            before=pl.col("value").filter(~pl.col("is_this")),
            value=pl.col("value").filter("is_this").first(),
        )
        .filter(pl.col("value").is_not_null())
    )
