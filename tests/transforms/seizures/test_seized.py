"""What is planted in simulated seizures is what they come to: acts, grams, tiyn, by region.

The code under test sees the feeds alone; the truth was written down as it was planted.
"""

from collections import Counter
from datetime import date
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from infra.synthetic.worlds.seized import COUNTED, Night, seized
from tests.transforms.indicators.figures import figures
from transforms.facts import FACT_BY_NAME
from transforms.periods import Period, PeriodKind

THE_YEAR = Period(PeriodKind.YEAR_TO_DATE, date(2025, 1, 1), date(2025, 12, 31))
A_MONTH = Period(PeriodKind.MONTH, date(2025, 3, 1), date(2025, 3, 31))
COUNTRY = "KZ"


@pytest.fixture(scope="module", params=(21, 22, 23, 24))
def nights(request: pytest.FixtureRequest) -> tuple[Night, Night]:
    return seized(request.param)


@pytest.fixture(scope="module")
def told(nights: tuple[Night, Night]) -> list[pl.DataFrame]:
    return [FACT_BY_NAME["facts.seizures"].rows(**night.feeds).collect() for night in nights]


def test_what_counts_is_what_was_planted_to_the_gram_and_the_tiyn(nights, told):
    for night, items in zip(nights, told, strict=True):
        counts = items.filter("is_counted").select(list(COUNTED)).sort(list(COUNTED))
        assert_frame_equal(counts, night.counted)


def test_seizures_are_the_planted_ones_whoever_told_of_them(nights, told):
    act = pl.concat_str("agency_code", "act_no", separator="/")
    for night, items in zip(nights, told, strict=True):
        groups = items.group_by("seizure_id").agg(acts=act.unique())
        assert {frozenset(acts) for acts in groups["acts"]} == night.seizures


@pytest.mark.parametrize("period", [THE_YEAR, A_MONTH], ids=["year", "month"])
def test_totals_of_every_region_drug_and_asset_are_the_planted_ones(nights, told, period: Period):
    for night, items in zip(nights, told, strict=True):
        rows = [
            item
            for item in night.counted.iter_rows(named=True)
            if period.start <= item["seized_on"] <= period.end
        ]
        drugs = [item for item in rows if item["asset_code"] == "drug"]
        others = [item for item in rows if item["asset_code"] != "drug"]

        def total(indicator: str, dimension: str = "", items=items) -> dict[str, int]:
            return figures(indicator, items.lazy(), period, dimension=dimension)

        assert total("drugs_seized") == summed(drugs, "net_g")
        assert total("drugs_seized", "substance_code") == summed(drugs, "net_g", "substance_code")
        assert total("drugs_seized", "agency_code") == summed(drugs, "net_g", "agency_code")
        assert total("seized_value") == summed(others, "value_tiyn")
        assert total("seized_value", "asset_code") == summed(others, "value_tiyn", "asset_code")


def test_acts_of_the_country_are_seizures_and_drugs_count_once_each(nights, told):
    for night, items in zip(nights, told, strict=True):
        of_act = {act: seizure for seizure in night.seizures for act in seizure}
        drugs = night.counted.filter(pl.col("asset_code") == "drug")
        of_drugs = {
            (of_act[f"{i['agency_code']}/{i['act_no']}"], i["substance_code"])
            for i in drugs.iter_rows(named=True)
        }

        acts = figures("seizure_acts", items.lazy(), THE_YEAR)
        by_drug = figures("drug_seizures", items.lazy(), THE_YEAR)

        assert acts.pop(COUNTRY) == sum(acts.values()) == len(night.seizures)
        assert by_drug[COUNTRY] == len(of_drugs)


def summed(rows: list[dict[str, Any]], what: str, by: str = "") -> dict[str, int]:
    """By region, or by region and member, as `figures` has it; without the zeros."""
    sums: Counter[str] = Counter()
    for row in rows:
        for area in (row["region_code"], COUNTRY):
            sums[f"{area} {row[by]}" if by else area] += row[what] or 0
    return {area: value for area, value in sums.items() if value}
