"""What is planted at a simulated border is what is told of it: facts, entities, grams, history.

The code under test sees the feeds alone; the truth was written down as it was planted.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from infra.synthetic.worlds.border import FACT, Night, border
from tests.transforms.indicators.figures import figures
from tests.transforms.precursors.customs import violations_of
from transforms.periods import Period, PeriodKind
from transforms.precursors.changes import VIOLATION_CHANGES, violation_changes

THE_YEAR = Period(PeriodKind.YEAR_TO_DATE, date(2025, 1, 1), date(2025, 12, 31))
A_QUARTER = Period(PeriodKind.MONTH, date(2025, 3, 1), date(2025, 5, 31))
COUNTRY = "KZ"


@pytest.fixture(scope="module", params=(11, 12))
def nights(request: pytest.FixtureRequest) -> tuple[Night, Night]:
    return border(request.param)


@pytest.fixture(scope="module")
def told(nights: tuple[Night, Night]) -> tuple[pl.DataFrame, pl.DataFrame]:
    first, second = (violations_of(**night.feeds).collect() for night in nights)
    return first, second


def test_facts_of_each_night_are_the_planted_ones_to_the_gram(nights, told):
    for night, facts in zip(nights, told, strict=True):
        assert_frame_equal(facts.select(list(FACT)).sort(list(FACT)), night.truth)


@pytest.mark.parametrize("period", [THE_YEAR, A_QUARTER], ids=["year", "quarter"])
def test_facts_entities_and_grams_of_every_region_and_the_country_are_the_planted_ones(
    nights, told, period: Period
):
    for night, facts in zip(nights, told, strict=True):
        unlicensed = [f for f in of_period(night, period) if f["violation_code"] == "unlicensed"]
        every = list(of_period(night, period))

        assert figures("precursor_import_violations", facts.lazy(), period) == counted(unlicensed)
        assert figures("precursor_net_weight", facts.lazy(), period) == weighed(unlicensed)
        assert figures("precursor_entities_liable", facts.lazy(), period) == firms(unlicensed)
        assert figures("precursor_entities_of_any_violation", facts.lazy(), period) == firms(every)


def test_history_says_what_each_declaration_did_to_its_facts(nights, told):
    changes = violation_changes(
        told[0].lazy(),
        told[1].lazy(),
        nights[1].feeds["import_declarations"],
        pl.LazyFrame(schema=VIOLATION_CHANGES.schema),
        nights[1].on,
    ).collect()

    causes = Counter(changes.select("change_code", "cause_code").rows())
    assert causes == {
        ("undone", "cancelled"): 5,  # two of a splitting, both facts of each; one sent once more
        ("undone", "register"): 3,  # the two left of the splitting, and a quota no longer exceeded
        ("undone", "amended"): 1,
        ("changed", "amended"): 2,
        ("found", "corrected"): 1,
        ("found", "delivered"): 1,
    }


def of_period(night: Night, period: Period) -> Iterator[dict[str, object]]:
    for fact in night.truth.iter_rows(named=True):
        if period.start <= fact["registered_on"] <= period.end:
            yield fact


def counted(facts: list[dict[str, object]]) -> dict[str, int]:
    return dict(Counter(area for f in facts for area in (f["region_code"], COUNTRY)))


def weighed(facts: list[dict[str, object]]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for fact in facts:
        sums.update({fact["region_code"]: fact["net_g"], COUNTRY: fact["net_g"]})
    return dict(sums)


def firms(facts: list[dict[str, object]]) -> dict[str, int]:
    """Each in the region of its first fact."""
    order = ("registered_on", "declaration_no", "item_no", "violation_code")
    first: dict[object, dict[str, object]] = {}
    for fact in sorted(facts, key=lambda f: [f[c] for c in order]):
        first.setdefault(fact["consignee_bin"], fact)
    return counted(list(first.values()))
