"""Regions and banks far from their own past: found, and seldom where there is nothing to find."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from tests.transforms.drawings import rows_of
from transforms.arrests.cards import CARD_ARRESTS
from transforms.facts import ALL_FACTS
from transforms.indicators import INDICATORS, anomalies
from transforms.indicators.anomalies import past, series_far_from_their_past
from transforms.periods import Period, PeriodKind, is_working_day

MONDAY = date(2026, 3, 2)
A_DAY = Period.ending(PeriodKind.DAY, MONDAY)
SERIES = 200  # about as many as an edition looks at
EDITIONS = 100


def series_of(values: np.ndarray, before: np.ndarray) -> pl.LazyFrame:
    return pl.LazyFrame(
        {
            "indicator": ["dropper_cards_arrested"] * len(values),
            "region_code": [f"{n:05}" for n in range(len(values))],
            "dimension": [""] * len(values),
            "member": [""] * len(values),
            "value": values.astype(np.int64),
            "before": [row.tolist() for row in before.astype(np.int64)],
        }
    )


def counts(rng: np.random.Generator, mean: float, spread: float, shape: tuple[int, ...]):
    """Counts by chance alone (`spread` 0), or whose mean itself varies by that share."""
    if not spread:
        return rng.poisson(mean, shape)
    k = 1 / spread**2
    return rng.poisson(rng.gamma(k, mean / k, shape))


def alarms(rows: np.ndarray) -> float:
    """How many of the series of an edition are pointed out, on average."""
    found = [
        series_far_from_their_past(series_of(part[:, 0], part[:, 1:]), A_DAY).collect().height
        for part in np.array_split(rows, len(rows) // SERIES)
    ]
    return sum(found) / len(found)


@pytest.mark.parametrize("length", [8, 13, 26])
@pytest.mark.parametrize("spread", [0, 0.3])
def test_editions_without_anything_unusual_seldom_raise_an_alarm(length, spread):
    rng = np.random.default_rng(5)
    shape = (SERIES * EDITIONS // 4, length + 1)

    rates = [alarms(counts(rng, mean, spread, shape)) for mean in (0.3, 3, 20, 150)]

    assert max(rates) <= 0.1  # 0.05 is aimed at


@pytest.mark.parametrize("length", [8, 13, 26])
def test_calm_and_restless_regions_of_all_sizes_beside_each_other_raise_no_more(length):
    rng = np.random.default_rng(5)
    shape = (SERIES * EDITIONS // 10, length + 1)
    kinds = [counts(rng, mean, s, shape) for mean in (0.3, 3, 20, 150, 400) for s in (0, 0.3)]
    mixed = np.concatenate(kinds)
    rng.shuffle(mixed)

    assert alarms(mixed) <= 0.1


@pytest.mark.parametrize(
    ("mean", "now", "length", "least"),
    [(150, 412, 8, 0.99), (150, 300, 26, 0.95), (10, 40, 26, 0.85), (0.2, 12, 26, 0.99)],
)
def test_what_is_far_from_its_past_is_found(mean, now, length, least):
    rng = np.random.default_rng(7)
    before = counts(rng, mean, 0.1, (100, length))

    found = series_far_from_their_past(series_of(np.full(100, now), before), A_DAY).collect()

    assert found.height >= least * 100
    assert set(found["direction_code"]) == {"above"}


def test_a_sudden_silence_is_found_too_and_one_that_was_always_there_is_not():
    rng = np.random.default_rng(7)
    before = np.concatenate([counts(rng, 150, 0.1, (1, 26)), counts(rng, 0.5, 0, (1, 26))])

    found = series_far_from_their_past(series_of(np.array([4, 0]), before), A_DAY).collect()

    assert found.select("region_code", "direction_code").rows() == [("00000", "below")]


@pytest.mark.parametrize("length", [0, 7])
def test_without_enough_of_a_past_nothing_is_said(length):
    before = np.full((1, length), 10)

    assert (
        series_far_from_their_past(series_of(np.array([9999]), before), A_DAY).collect().is_empty()
    )


def test_one_bad_day_of_the_past_does_not_hide_the_next():
    before = np.array([[150, 148, 155, 149, 9000, 152, 151, 147, 150, 153, 149, 151, 150]])

    found = series_far_from_their_past(series_of(np.array([900]), before), A_DAY).collect()

    assert found.height == 1


def test_a_day_is_held_against_working_days_of_its_weekday():
    assert {p.end.weekday() for p in past(A_DAY)} == {MONDAY.weekday()}
    assert all(is_working_day(p.end) for p in past(A_DAY))
    assert past(Period.ending(PeriodKind.YEAR_TO_DATE, MONDAY)) == []
    assert len(past(Period.ending(PeriodKind.WEEK, date(2026, 3, 1)))) == 26


def test_a_region_and_a_bank_far_from_their_past_are_told_with_it():
    days = [period.end for period in (A_DAY, *past(A_DAY))]
    usual, sudden = (
        pl.concat(
            rows_of(CARD_ARRESTS)
            .with_columns(business_date=day, executed_on=day, region_code=pl.lit(region))
            .clear()
            if not number
            else pl.LazyFrame(
                {
                    "card_token": [f"{region}{day}{n}" for n in range(number)],
                    "account_iban": [f"{region}{day}{n}" for n in range(number)],
                    "business_date": [day] * number,
                    "executed_on": [day] * number,
                    "region_code": [region] * number,
                    "bank_bic": [bank] * number,
                    "status_code": ["executed"] * number,
                },
                schema_overrides={"business_date": pl.Date, "executed_on": pl.Date},
            )
            for day, number in zip(days, numbers, strict=True)
        )
        for region, bank, numbers in (
            ("10", "X", [20] * len(days)),
            ("75", "Y", [90, *[20] * (len(days) - 1)]),
        )
    )
    schema = CARD_ARRESTS.schema
    arrests = pl.concat([usual, sudden])
    absent = [name for name in schema if name not in arrests.collect_schema()]
    whole = arrests.with_columns(pl.lit(None, schema[name]).alias(name) for name in absent)
    facts = {f.table.name: pl.LazyFrame(schema=f.table.schema) for f in ALL_FACTS}
    facts[CARD_ARRESTS.name] = whole.select(schema.names())

    found = anomalies(INDICATORS, facts, A_DAY, versions=dict.fromkeys(facts)).collect()

    shown = found.select("indicator", "region_code", "member", "value", "lowest", "highest").rows()
    assert shown == [
        ("dropper_cards_arrested", "75", "", 90, 20, 20),
        ("dropper_cards_arrested", "KZ", "Y", 90, 20, 20),
    ]
