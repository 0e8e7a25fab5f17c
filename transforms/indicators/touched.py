"""Which figures of earlier nights rows that changed can change: so many, and no others."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from transforms.indicators.indicator import FirstOfEach, Indicator
from transforms.periods import Period, PeriodKind
from transforms.reference import reference

Versions = tuple[pl.LazyFrame, pl.LazyFrame]


def restatable(
    computed: Iterable[tuple[date, PeriodKind]], night: date
) -> list[tuple[date, PeriodKind]]:
    """Of the nights and kinds of period that have figures, those that are still restated.

    How many nights back each kind is, `revision_policy.csv` says; the night itself is computed
    anyway. Periods that were not over that night are no report of their own.
    """
    back = _nights_back(night)
    return sorted(
        {
            (day, kind)
            for day, kind in computed
            if timedelta(0) < night - day <= timedelta(days=back.get(kind, 0))
            and Period.ending(kind, day).is_due
        }
    )


def touched(
    changed: Mapping[str, Versions],
    indicators: Sequence[Indicator],
    candidates: Sequence[tuple[date, PeriodKind]],
) -> list[tuple[date, PeriodKind]]:
    """Of these nights and kinds of period, those of which a figure, or one it is held against, may
    differ.

    A row that counted as it was and counts the same as it is touches nothing.

    Args:
        changed: by name of the table of facts, the rows of its changed partitions as they were
            and as they are.
        indicators: the catalogue.
        candidates: as `restatable` gives them.
    """
    differing = {name: _differing(*versions) for name, versions in changed.items()}
    counted = [i for i in indicators if i.fact is not None and i.fact.table.name in differing]
    return [
        (night, kind)
        for night, kind in candidates
        if any(_is_touched(i, differing[_table(i)], night, kind) for i in counted)
    ]


def told_anew(
    changes: pl.LazyFrame, candidates: Sequence[tuple[date, PeriodKind]]
) -> list[tuple[date, PeriodKind]]:
    """Of these nights and kinds of period, those of which an edition says that a file is missing,
    set aside or counted, and that is so no longer: a file for a day of the period changed.

    Args:
        changes: `INPUT_CHANGES` that a night noted.
        candidates: as `restatable` gives them.
    """
    days = changes.select("business_date").drop_nulls().unique().collect()["business_date"]
    return [
        (night, kind)
        for night, kind in candidates
        if days.is_between(Period.ending(kind, night).start, night).any()
    ]


def nights_of(partitions: Iterable[Mapping[str, str]]) -> list[tuple[date, PeriodKind]]:
    """Nights and kinds of period that figures were computed for, from the table's partitions."""
    return sorted(
        (date.fromisoformat(part["business_date"]), PeriodKind(part["period"]))
        for part in partitions
    )


def _differing(before: pl.LazyFrame, now: pl.LazyFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that are in one of the two only."""
    was, is_ = before.collect(), now.collect()
    return (
        was.join(is_, on=was.columns, how="anti", nulls_equal=True),
        is_.join(was, on=was.columns, how="anti", nulls_equal=True),
    )


def _is_touched(
    indicator: Indicator, rows: tuple[pl.DataFrame, pl.DataFrame], night: date, kind: PeriodKind
) -> bool:
    if all(frame.is_empty() for frame in rows):
        return False
    period = Period.ending(kind, night)
    spans = dict.fromkeys((period, period.before, period.year_before))
    return any(_differs(indicator, rows, night, span) for span in spans)


def _differs(
    indicator: Indicator, rows: tuple[pl.DataFrame, pl.DataFrame], night: date, span: Period
) -> bool:
    """The rows that count in the period are others than before, in a column that matters."""
    if indicator.rows is None or indicator.value is None:
        return False
    matters = list(
        dict.fromkeys(
            (
                *("region_code", *indicator.by, *indicator.value.meta.root_names()),
                *_that_choose(indicator),
            )
        )
    )
    of_night = [frame.lazy().filter(pl.col("business_date") <= night) for frame in rows]
    was, is_ = (
        indicator.rows(frame, span).select(matters).collect().sort(matters) for frame in of_night
    )
    return not was.equals(is_)


def _that_choose(indicator: Indicator) -> tuple[str, ...]:
    rows = indicator.rows
    return (*rows.thing, *rows.in_order_of) if isinstance(rows, FirstOfEach) else ()


def _table(indicator: Indicator) -> str:
    return "" if indicator.fact is None else indicator.fact.table.name


def _nights_back(night: date) -> dict[PeriodKind, int]:
    policy = reference("revision_policy").select(
        "period",
        pl.col("nights_back").cast(pl.Int64),
        since=pl.col("in_force_from").str.to_date(),
        until=pl.col("in_force_to").str.to_date(),
    )
    is_in_force = (pl.col("since") <= night) & (pl.col("until").fill_null(date.max) >= night)
    in_force = policy.filter(is_in_force).select("period", "nights_back")
    return {PeriodKind(period): back for period, back in in_force.iter_rows()}
