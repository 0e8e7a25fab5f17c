"""The rules tested: a healthy night with one mutant, which its rule catches and no other does.

The nights are those of the pretend institutions, and beside them the healthy rows that the
suites' own tests draw: they have what the institutions do not tell, and feeds that they lack.
"""

from dataclasses import dataclass
from importlib import import_module

import great_expectations as gx
import polars as pl
import pytest
from great_expectations.expectations.expectation import ColumnMapExpectation, Expectation

from expectations.screen import screen
from expectations.suites import SUITE_BY_FEED
from infra.synthetic import deliver
from infra.synthetic.scenario import STORY_DAY
from infra.wire.messages import format_of, to_parquet
from tests.expectations.drawn import drawn_faults
from tests.expectations.mutants import DECLARED, Healthy, NoMutant, is_source, mutation
from tests.infra.synthetic.conftest import CATALOGUE, Delivery
from tests.tables import table
from transforms.feeds import FEED_BY_NAME, FEEDS
from transforms.feeds.feed import Feed

IN_XML = {"exchange_rates": "nbk_rates_xml"}
every_feed = pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)


@dataclass(frozen=True, slots=True)
class Night:
    """Healthy rows of one date as delivered, numbered by line, and as staged."""

    wire: pl.DataFrame
    staged: pl.DataFrame


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    home, nights = tmp_path_factory.mktemp("mutants"), {}
    summary = deliver(STORY_DAY, home / "outside", home / "truth", CATALOGUE, transactions=2_000)
    delivery = Delivery(home / "outside", home / "truth", summary)

    def of(feed: Feed) -> Night:
        if feed.name not in nights:
            wire = healthy(feed, delivery)
            nights[feed.name] = Night(wire, feed.staged(wire.lazy()).collect())
        return nights[feed.name]

    return of


def healthy(feed: Feed, delivery: Delivery) -> pl.DataFrame:
    parts = [drawn(feed)]
    if feed.name in IN_XML:
        parts.insert(0, told_in_xml(feed, delivery))
    elif delivery.files(feed.name):
        parts.insert(0, told_in_a_table(feed, delivery))
    cells = dict.fromkeys(feed.message_columns, pl.String())
    schema = pl.Schema({**cells, "institution": pl.String(), "business_date": pl.Date()})
    rows = pl.concat(parts, how="diagonal").match_to_schema(
        schema, missing_columns="insert", extra_columns="ignore"
    )
    return rows.with_columns(delivery=pl.lit("a"), line=pl.int_range(1, pl.len() + 1))


def told_in_a_table(feed: Feed, delivery: Delivery) -> pl.DataFrame:
    """The last night that institutions told of, without the rows that are wrong on purpose."""
    rows = delivery.good_rows(feed.name)
    return rows.filter(pl.col("business_date") == rows["business_date"].max())


def told_in_xml(feed: Feed, delivery: Delivery) -> pl.DataFrame:
    target = delivery.truth / f"{feed.name}.parquet"
    to_parquet(format_of(IN_XML[feed.name], feed.name), delivery.files(feed.name)[-1], target)
    return pl.read_parquet(target).with_columns(institution=pl.lit("nbk"), business_date=STORY_DAY)


def drawn(feed: Feed) -> pl.DataFrame:
    drawing = import_module(f"tests.expectations.test_{feed.name}").DELIVERED
    cells = dict.fromkeys(("breaks", *feed.message_columns), pl.String)
    faults = [line - 1 for line in drawn_faults(drawing)]
    rows = table(drawing, cells).with_row_index("n").filter(~pl.col("n").is_in(faults))
    return rows.with_columns(institution=pl.lit("drawn"), business_date=STORY_DAY).collect()


@every_feed
def test_a_healthy_night_is_caught_by_no_rule(feed, night):
    screened = screen(night(feed).staged.lazy(), SUITE_BY_FEED[feed.name])

    assert screened.findings == ()
    assert screened.rows_accepted > 0


@every_feed
def test_each_mutant_is_caught_by_the_rule_meant_for_it_and_by_no_other(feed, night):
    healthy, suite = night(feed), SUITE_BY_FEED[feed.name]
    mutants = [mutant for rule in suite.expectations for mutant in mutants_of(rule, feed, healthy)]
    lines = dict(enumerate((mutant["institution"] for mutant in mutants), healthy.wire.height + 1))
    told = pl.DataFrame(mutants, schema=healthy.wire.schema).with_columns(
        line=pl.Series(list(lines), dtype=pl.Int64())
    )
    rows = pl.concat([healthy.staged, feed.staged(told.lazy()).collect()])

    screened = screen(rows.lazy(), all_critical(suite), most_rejected=1)

    caught = screened.quarantined.select("line", "violated_rules").collect().rows()
    assert dict(caught) == {line: [code] for line, code in lines.items()}
    assert screened.rows_accepted == healthy.wire.height


def mutants_of(rule: Expectation, feed: Feed, healthy: Night) -> list[dict[str, object]]:
    """The first healthy row that can be made to break the rule, so made.

    Each comes from an institution named like the rule: two mutants of one row repeat no key.
    """
    code = rule.meta["code"]
    sources = healthy.staged.filter(is_source(rule, feed)).head(1).rows(named=True)
    assert sources, f"{code}: no healthy row can be made to break it"
    cells = healthy.wire.row(sources[0]["line"] - 1, named=True) | {"institution": code}
    change = mutation(rule, feed)(Healthy(cells, sources[0]))
    return [cells | change] if change else [cells, cells]


def all_critical(suite: gx.ExpectationSuite) -> gx.ExpectationSuite:
    """The same rules, each setting aside what it catches, so that it shows which rows these are."""
    rules = [rule.copy(update={"severity": "critical"}) for rule in suite.expectations]
    return gx.ExpectationSuite(name=suite.name, expectations=rules)


def test_every_declared_mutant_is_of_a_rule_that_exists():
    codes = {rule.meta["code"] for suite in SUITE_BY_FEED.values() for rule in suite.expectations}

    assert set(DECLARED) <= codes


def test_a_rule_of_an_unknown_kind_has_no_mutant_and_says_so():
    class ExpectSomethingNew(ColumnMapExpectation):
        map_metric = "column_values.nonnull"

    rule = ExpectSomethingNew(column="act_no", meta={"code": "XXX-01"})

    with pytest.raises(NoMutant, match="XXX-01 has no mutant: ExpectSomethingNew"):
        mutation(rule, FEED_BY_NAME["seizures"])
