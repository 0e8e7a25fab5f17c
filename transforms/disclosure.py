"""Counts of so few persons that they could be recognised, and what such counts follow from.

A count below the threshold is withheld. Where a total is shown, a single withheld part could be
had by subtraction, and parts that must all be 1 by their sum: there the smallest other part is
withheld too, until nothing follows.

That holds within an edition. The running totals of two days can be subtracted by whoever has both:
they are exact, as leadership has to rely on them, and editions go to named roles alone.
"""

from datetime import date

import polars as pl

from transforms.droppers.parameters import in_force
from transforms.indicators.indicator import INDICATOR_TABLE
from transforms.reference import reference
from transforms.regions import COUNTRY

PERSONS = "persons"

_PERIOD = ("business_date", "period", "period_start", "period_end", "indicator")
_WITHHELD = "is_withheld"


def parameters_of_disclosure() -> pl.DataFrame:
    """The dated threshold, with its source."""
    return reference("disclosure_parameters")


def disclosed(indicators: pl.DataFrame, parameters: pl.DataFrame, on: date) -> pl.DataFrame:
    """The figures as leadership may see them: those withheld have no value.

    Args:
        indicators: `INDICATOR_TABLE` rows, all regions and members of the periods in question.
        parameters: as `parameters_of_disclosure` gives them.
        on: the day whose threshold counts.

    Returns:
        The same rows in order of their key; `value` is null where a figure is withheld.
    """
    least = in_force(parameters, "smallest_person_count", pl.lit(on))
    is_small = (pl.col("unit") == PERSONS) & pl.col("value").is_between(1, least - 1)
    cells = indicators.sort(INDICATOR_TABLE.key).with_columns(
        is_small.fill_null(False).alias(_WITHHELD)
    )
    persons = cells.filter(pl.col("unit") == PERSONS).with_row_index("cell")
    sums = _sums(persons)
    while True:
        more = _derivable(persons, sums)
        if more.is_empty():
            break
        persons = persons.with_columns(
            pl.col(_WITHHELD) | pl.col("cell").is_in(more["cell"].implode())
        )
    return (
        pl.concat([cells.filter(pl.col("unit") != PERSONS), persons.drop("cell")])
        .with_columns(value=pl.when(~pl.col(_WITHHELD)).then("value"))
        .drop(_WITHHELD)
        .sort(INDICATOR_TABLE.key)
    )


def disclosed_revisions(
    revisions: pl.DataFrame, disclosed: pl.DataFrame, parameters: pl.DataFrame, on: date
) -> pl.DataFrame:
    """Revisions of figures as leadership may see them: counts of persons withheld have no value.

    A count that is small, before or now, or that is withheld now, is withheld on both sides; of a
    region, the earlier one always, as nobody knows any more which others it would follow from.

    Args:
        revisions: `INDICATOR_REVISIONS` rows.
        disclosed: as `disclosed` gives the figures of the night.
        parameters: as `parameters_of_disclosure` gives them.
        on: the day whose threshold counts.
    """
    least = in_force(parameters, "smallest_person_count", pl.lit(on))
    cell = (*_PERIOD, "region_code", "dimension", "member")
    withheld = disclosed.filter(pl.col("unit") == PERSONS, pl.col("value").is_null())
    is_small = pl.any_horizontal(
        pl.col(name).is_between(1, least - 1).fill_null(False) for name in ("value_before", "value")
    )
    is_person = pl.col("unit") == PERSONS
    is_hidden = is_person & (is_small | pl.col("is_withheld").fill_null(False))
    is_regional = is_person & (pl.col("region_code") != COUNTRY)
    return (
        revisions.join(
            withheld.select(*cell, is_withheld=pl.lit(True)),
            on=cell,
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .with_columns(
            value_before=pl.when(~(is_hidden | is_regional)).then("value_before"),
            value=pl.when(~is_hidden).then("value"),
        )
        .drop("is_withheld")
    )


def disclosed_anomalies(anomalies: pl.DataFrame, disclosed: pl.DataFrame) -> pl.DataFrame:
    """Anomalies as leadership may see them: none of counts of persons, which their past tells of.

    Args:
        anomalies: `ANOMALIES` rows.
        disclosed: as `disclosed` gives the figures of the night.
    """
    persons = disclosed.filter(pl.col("unit") == PERSONS).select("indicator").unique()
    return anomalies.join(persons, on="indicator", how="anti", maintain_order="left")


def _sums(persons: pl.DataFrame) -> pl.DataFrame:
    """Which cells add up to which: `sum` names a total with its parts, `is_total` tells which is.

    Regions add up to the country, for the total and for each member; members to their total, for
    the country and for each region.
    """
    is_country = pl.col("region_code") == COUNTRY
    by_region = persons.select(
        "cell",
        is_total=is_country,
        sum=pl.concat_str(*_PERIOD, "dimension", "member", separator="/"),
    )
    dimensions = persons.filter(pl.col("dimension") != "").select(*_PERIOD, "dimension").unique()
    totals = (
        persons.filter(pl.col("dimension") == "").drop("dimension").join(dimensions, on=_PERIOD)
    )
    by_member = [
        rows.select(
            "cell",
            is_total=pl.lit(is_total),
            sum=pl.concat_str(pl.lit("of"), *_PERIOD, "dimension", "region_code", separator="/"),
        )
        for rows, is_total in ((totals, True), (persons.filter(pl.col("dimension") != ""), False))
    ]
    return pl.concat([by_region, *by_member])


def _derivable(persons: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    """For each sum from which a withheld cell follows, the cell to withhold with it."""
    seen = sums.join(persons.select("cell", "value", _WITHHELD), on="cell", validate="m:1")
    withheld = pl.col(_WITHHELD)
    told = seen.group_by("sum").agg(
        count=withheld.sum(),
        parts=(withheld & ~pl.col("is_total")).sum(),
        of_parts=pl.col("value").filter(withheld & ~pl.col("is_total")).sum(),
        is_total_shown=(pl.col("is_total") & ~withheld).any(),
    )
    follows = (pl.col("count") == 1) | (
        pl.col("is_total_shown") & (pl.col("parts") > 1) & (pl.col("of_parts") == pl.col("parts"))
    )
    return (
        seen.join(told.filter(follows), on="sum", how="semi")
        .filter(~withheld, pl.col("value") > 0)
        .sort("is_total", "value", "cell")
        .unique("sum", keep="first", maintain_order=True)
        .select("cell")
        .unique()
    )
