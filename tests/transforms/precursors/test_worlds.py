"""A simulated border: what is planted is what is told, however it is delivered."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from infra.synthetic.worlds.imports import Imports, imports
from tests.transforms.precursors.customs import violations_of

BY_REGISTERS = (
    "over_quota",
    "no_end_use",
    "split_under_threshold",
    "split_among_related",
    "consignee_unregistered",
    "consignee_newly_founded",
    "consignee_known_from_case",
)
FACT = ["declaration_no", "item_no", "violation_code"]


@pytest.fixture(scope="module")
def world() -> Imports:
    return imports(604, goods=400)


@pytest.fixture(scope="module")
def facts(world: Imports) -> pl.DataFrame:
    return computed(world, world.import_declarations)


def computed(world: Imports, declarations: pl.LazyFrame) -> pl.DataFrame:
    return violations_of(
        declarations,
        world.precursor_licences,
        world.legal_entities,
        world.card_arrest_orders,
        world.exchange_rates,
    ).collect()


def by_registers(facts: pl.DataFrame) -> pl.DataFrame:
    return facts.filter(pl.col("violation_code").is_in(BY_REGISTERS)).select(FACT).sort(FACT)


def test_what_registers_tell_is_found_to_the_item_and_nothing_else(world, facts):
    assert_frame_equal(by_registers(facts), by_registers(world.truth))


def test_hardly_anything_lawful_is_told_and_most_of_the_unlawful_is(world, facts):
    right = facts.join(world.truth, on=FACT, how="semi")

    assert right.height >= 0.95 * facts.height
    assert right.height >= 0.8 * world.truth.height
    assert right.height < world.truth.height, "the world holds names that no list knows"


def test_duplicated_and_late_deliveries_change_nothing_but_the_day_of_delivery(world, facts):
    rows = world.import_declarations
    late = rows.with_columns(business_date=pl.lit(date(2025, 11, 1)), delivery=pl.lit("again"))

    again = computed(world, pl.concat([late, rows]))

    assert_frame_equal(again.drop("business_date"), facts.drop("business_date"))


def test_cancelled_declarations_have_no_facts_and_those_of_others_stay(world, facts):
    gone = facts.filter(pl.col("violation_code") == "misdeclared")["declaration_no"]
    rows = world.import_declarations
    cancelled = rows.filter(pl.col("declaration_no").is_in(gone.implode())).with_columns(
        action_code=pl.lit("cancellation"), item_no=pl.lit(None, pl.Int64)
    )

    left = computed(world, pl.concat([rows, cancelled]))

    kept = ~pl.col("declaration_no").is_in(gone.implode())
    alone = ["consignee_newly_founded", "no_end_use", "unlicensed"]
    one_by_one = pl.col("violation_code").is_in(alone)
    assert left.filter(~kept).is_empty()
    assert_frame_equal(left.filter(one_by_one), facts.filter(kept, one_by_one))
