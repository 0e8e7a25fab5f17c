"""What customs tell: the pipeline finds every planted violation, and no other."""

from pathlib import Path

import polars as pl
import pytest

from infra.catalogue import Catalogue
from infra.synthetic import deliver
from infra.synthetic.scenario import LAST_DAY, STRETCHES, Stretch
from tests.infra.synthetic.conftest import CATALOGUE, Delivery
from tests.transforms.precursors.customs import violations_of
from transforms.feeds import FEED_BY_NAME
from transforms.precursors.goods import RELEASE_FOR_HOME_USE
from transforms.reference import reference

FEEDS = ("import_declarations", "precursor_licences", "legal_entities", "exchange_rates")
REGISTERS = FEEDS[:3]
VIOLATION = ("declaration_no", "item_no", "substance_id", "consignee_bin", "reason_code")

each_stretch = pytest.mark.parametrize("stretch", STRETCHES, ids=lambda s: s.name)


@pytest.fixture(scope="module", params=[1, 2], ids=lambda seed: f"seed {seed}")
def border(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """Declarations and licences of both years, whole."""
    home: Path = tmp_path_factory.mktemp("border")
    outside, truth = home / "outside", home / "truth"
    few = Catalogue(tuple(s for s in CATALOGUE.sources if s.feed in FEEDS))
    return Delivery(outside, truth, deliver(LAST_DAY, outside, truth, few, seed=request.param))


def staged(border: Delivery, feed: str) -> pl.LazyFrame:
    rows = border.good_rows(feed).with_columns(delivery=pl.col("file"))
    return FEED_BY_NAME[feed].staged(rows.lazy())


@pytest.fixture(scope="module")
def facts(border: Delivery) -> pl.DataFrame:
    return violations_of(**{feed: staged(border, feed) for feed in REGISTERS}).collect()


def of_stretch(facts: pl.DataFrame, stretch: Stretch) -> pl.DataFrame:
    return facts.filter(pl.col("registered_on").is_between(stretch.since, stretch.until))


def unlicensed(facts: pl.DataFrame, stretch: Stretch) -> pl.DataFrame:
    found = of_stretch(facts, stretch).filter(pl.col("violation_code") == "unlicensed")
    return found.select(VIOLATION)


def planted(border: Delivery, stretch: Stretch) -> pl.DataFrame:
    return (
        pl.read_parquet(border.truth / "violations.parquet")
        .filter(pl.col("registered_on").is_between(stretch.since, stretch.until))
        .rename({"DECLARATION_NO": "declaration_no", "kind": "reason_code"})
        .with_columns(item_no=pl.col("ITEM_NO").cast(pl.Int64))
        .select(VIOLATION)
    )


@each_stretch
def test_the_violations_computed_are_as_many_as_the_scenario_says(
    facts: pl.DataFrame, stretch: Stretch
) -> None:
    found = unlicensed(facts, stretch)

    wanted = stretch.figures.violations
    assert found.height == sum(v.facts for v in wanted)
    assert found["consignee_bin"].n_unique() == sum(v.entities for v in wanted)
    reasons = dict(found.group_by("reason_code").len().iter_rows())
    assert reasons == {v.kind: v.facts for v in wanted}


@each_stretch
def test_every_planted_violation_is_found_for_the_reason_planted(
    border: Delivery, facts: pl.DataFrame, stretch: Stretch
) -> None:
    missed = planted(border, stretch).join(unlicensed(facts, stretch), on=VIOLATION, how="anti")

    assert missed.rows() == []


@each_stretch
def test_nothing_planted_as_lawful_is_a_violation(
    border: Delivery, facts: pl.DataFrame, stretch: Stretch
) -> None:
    unplanted = of_stretch(facts, stretch).join(
        planted(border, stretch), on=["declaration_no", "item_no"], how="anti"
    )

    assert unplanted.rows() == []


@each_stretch
def test_lawful_imports_of_the_same_substances_are_there_to_be_told_apart(
    border: Delivery, stretch: Stretch
) -> None:
    of_listed_substances = (
        staged(border, "import_declarations")
        .filter(pl.col("registered_on").is_between(stretch.since, stretch.until))
        .with_columns(hs6=pl.col("hs_code").str.slice(0, 6))
        .join(reference("precursors").lazy(), on="hs6", how="semi")
        .collect()
    )

    lawful = of_listed_substances.join(
        planted(border, stretch), on=["declaration_no", "item_no"], how="anti"
    )

    assert set(lawful["procedure_code"]) == {RELEASE_FOR_HOME_USE, "80"}
    assert lawful.height > 5 * planted(border, stretch).height
