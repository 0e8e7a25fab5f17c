"""A rule waived for a row is not broken by it; all other rules, and all other rows, stand."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.said import rules_of
from expectations.screen import WHOLE_DELIVERY, screen
from expectations.suites import SUITE_BY_FEED
from tests.expectations.drawn import delivered
from transforms.feeds import FEED_BY_NAME

FEED = FEED_BY_NAME["crypto_prices"]
SUITE = SUITE_BY_FEED["crypto_prices"]
ROWS = """
breaks | PRICE_ON   | ASSET | PRICE_USD
---------------------------------------
-      | 2025-08-18 | BTC   | 1
CPR-05 | 2025-08-18 | DOGE  | 1
CPR-06 | 2025-08-17 | ETH   | 0
both   | 2025-08-18 | SHIB  | 0
"""


def screened(waived: dict[int, list[str]], *, most_rejected: float = 1, by: str | None = None):
    lists = [waived.get(line) for line in range(1, 5)]
    rows = delivered(FEED, ROWS).with_columns(
        waived_rules=pl.Series(lists, dtype=pl.List(pl.String))
    )
    return screen(rows, SUITE, most_rejected=most_rejected, by=by, waived="waived_rules")


def aside(found) -> dict[int, list[str]]:
    rows = found.quarantined.select("line", "violated_rules").collect().rows()
    assert len(rows) == found.rows_quarantined == found.rows - found.rows_accepted
    return dict(rows)


def test_a_row_is_accepted_when_the_one_rule_that_it_breaks_is_waived():
    found = screened({2: ["CPR-05"]})

    assert aside(found) == {3: ["CPR-06"], 4: ["CPR-05", "CPR-06"]}
    assert {f.code: f.rows for f in found.findings} == {"CPR-05": 1, "CPR-06": 2}


def test_a_row_stays_aside_for_the_rules_that_are_not_waived():
    assert aside(screened({4: ["CPR-05"]}))[4] == ["CPR-06"]


def test_a_rule_that_only_waived_rows_break_is_not_broken():
    found = screened({2: ["CPR-05"], 4: ["CPR-05"]})

    assert [f.code for f in found.findings] == ["CPR-06"]


def test_waived_rows_do_not_count_towards_a_delivery_set_aside_whole():
    assert {r.code for r in screened({}, most_rejected=0.3, by="delivery").rejections}

    found = screened({2: ["CPR-05"], 3: ["CPR-06"]}, most_rejected=0.3, by="delivery")

    assert found.rejections == ()
    assert aside(found) == {4: ["CPR-05", "CPR-06"]}


def test_a_row_can_be_taken_out_of_a_delivery_set_aside_whole():
    found = screened({1: [WHOLE_DELIVERY]}, most_rejected=0.3, by="delivery")

    assert aside(found).keys() == {2, 3, 4}


@settings(max_examples=25)
@given(
    waived=st.dictionaries(
        st.integers(1, 4), st.lists(st.sampled_from(["CPR-05", "CPR-06", "CPR-01"]), unique=True)
    )
)
def test_each_row_is_aside_for_exactly_the_rules_that_it_breaks_and_that_stand(waived):
    broken = {2: ["CPR-05"], 3: ["CPR-06"], 4: ["CPR-05", "CPR-06"]}
    stand = {n: [c for c in codes if c not in waived.get(n, [])] for n, codes in broken.items()}

    found = screened(waived)

    assert aside(found) == {line: codes for line, codes in stand.items() if codes}
    assert {f.code: f.rows for f in found.findings} == {
        code: count
        for code in ("CPR-05", "CPR-06")
        if (count := sum(code in codes for codes in stand.values()))
    }


@pytest.mark.parametrize("feed", SUITE_BY_FEED)
def test_every_rule_says_what_it_asks_by_its_code(feed):
    rules = rules_of(feed)

    assert len(rules) == len(SUITE_BY_FEED[feed].expectations) + 1
    assert all(rule.says and rule.source for rule in rules.values())
