"""What holds for every suite: words, codes, coverage, and that time and place do not matter."""

from collections import Counter
from datetime import timedelta
from importlib import import_module

import polars as pl
import pytest

from expectations.screen import screen
from expectations.suites import SUITE_BY_FEED
from tests.expectations.drawn import delivered, drawn_faults
from transforms.feeds import FEED_BY_NAME, FEEDS

RULES = [(name, rule) for name, suite in SUITE_BY_FEED.items() for rule in suite.expectations]
every_feed = pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)


def _drawing(feed):
    return import_module(f"tests.expectations.test_{feed.name}").DELIVERED


def _healthy(feed):
    faults = drawn_faults(_drawing(feed))
    return delivered(feed, _drawing(feed)).filter(~pl.col("line").is_in(list(faults)))


def test_every_feed_has_the_suite_of_its_name():
    assert {name: suite.name for name, suite in SUITE_BY_FEED.items()} == {
        f: f for f in FEED_BY_NAME
    }


def test_no_code_stands_for_two_rules():
    codes = Counter(rule.meta["code"] for _, rule in RULES)

    assert [code for code, times in codes.items() if times > 1] == []


def test_codes_of_a_feed_share_three_letters_and_count_up():
    for name, suite in SUITE_BY_FEED.items():
        codes = [rule.meta["code"] for rule in suite.expectations]

        assert codes == [f"{codes[0][:3]}-{n:02}" for n in range(1, len(codes) + 1)], name


@pytest.mark.parametrize("rule", [rule for _, rule in RULES], ids=lambda rule: rule.meta["code"])
def test_every_rule_has_a_sentence_a_source_and_a_severity(rule):
    assert rule.description.endswith(".")
    assert rule.meta["source"]
    assert rule.severity in {"critical", "warning"}


@every_feed
def test_a_row_without_a_mandatory_cell_is_set_aside(feed):
    """One row as many institutions, each of which leaves out another cell."""
    healthy = _healthy(feed).head(1)
    mandatory = [field.column.name for field in feed.fields if not field.column.nullable]
    schema = feed.staged_table.schema
    rows = [
        healthy.with_columns(pl.lit(None, dtype=schema[name]).alias(name), institution=pl.lit(name))
        for name in mandatory
    ]

    screened = screen(pl.concat([healthy, *rows]), SUITE_BY_FEED[feed.name], most_rejected=1)

    assert screened.quarantined.collect()["institution"].sort().to_list() == sorted(mandatory)
    assert screened.rows_accepted == 1


@every_feed
def test_a_row_without_its_optional_cells_is_judged_on_the_rest(feed):
    schema = feed.staged_table.schema
    optional = [field.column.name for field in feed.fields if field.column.nullable]
    rows = _healthy(feed).with_columns(pl.lit(None, dtype=schema[c]).alias(c) for c in optional)

    findings = screen(rows, SUITE_BY_FEED[feed.name], most_rejected=1).findings

    # Drugs without a weight, cash without an amount: optional for the feed, not for the row.
    assert {f.code for f in findings} <= {
        "CAC-12", "SEI-11", "SEI-12", "SEI-14", "SEI-21", "FRE-12", "FRE-13",
        "XTR-02", "XTR-04", "XTR-05", "XTR-06", "XTR-07", "PPO-02", "PPO-03", "PPO-04", "PPO-05",
        "FIT-04", "FIT-05", "TRT-01", "TRT-02", "ACH-01", "ACH-04",
        "PHD-13", "PHD-14", "MEV-09", "MEV-11", "SEI-23", "LEN-05", "LEN-06",
    }  # fmt: skip


@every_feed
def test_a_healthy_night_has_no_findings(feed):
    screened = screen(_healthy(feed), SUITE_BY_FEED[feed.name])

    assert screened.findings == ()
    assert screened.rows_accepted == screened.rows > 0


@every_feed
def test_an_empty_night_has_no_findings(feed):
    screened = screen(_healthy(feed).clear(), SUITE_BY_FEED[feed.name])

    assert (screened.rows, screened.findings) == (0, ())


@every_feed
def test_the_same_rows_of_another_night_or_institution_are_no_repetition(feed):
    night = _healthy(feed)
    nights = [
        night,
        night.with_columns(pl.col("business_date") + timedelta(days=1)),
        night.with_columns(institution=pl.lit("someone else")),
    ]

    assert screen(pl.concat(nights), SUITE_BY_FEED[feed.name]).findings == ()


@every_feed
def test_many_nights_at_once_are_judged_as_night_by_night(feed):
    night = delivered(feed, _drawing(feed))
    later = night.with_columns(pl.col("business_date") + timedelta(days=1), pl.col("line") + 1_000)
    suite = SUITE_BY_FEED[feed.name]

    together = screen(pl.concat([night, later]), suite, most_rejected=1)
    apart = [screen(rows, suite, most_rejected=1) for rows in (night, later)]

    lines = together.accepted.collect()["line"].to_list()
    assert lines == [n for one in apart for n in one.accepted.collect()["line"]]
