"""Deliveries drawn as text, each row naming the rule that it breaks, and the judgement of them."""

from collections import Counter
from datetime import date

import polars as pl

from expectations.screen import screen
from expectations.suites import SUITE_BY_FEED
from tests.tables import table
from transforms.feeds.feed import Feed

NIGHT = {"business_date": date(2025, 8, 18), "institution": "someone", "delivery": "a"}


def delivered(feed: Feed, drawing: str) -> pl.LazyFrame:
    """Staged rows of one night's file as drawn; the column `breaks` is not part of the file.

    Columns that may be empty may be left out of the drawing.
    """
    text = dict.fromkeys(("breaks", *feed.message_columns), pl.String)
    told = table(drawing, text)
    optional = [field.wire for field in feed.fields if field.column.nullable]
    left_out = set(optional) - set(told.collect_schema())
    wire = told.with_columns(
        line=pl.int_range(1, pl.len() + 1),
        **{name: pl.lit(it) for name, it in NIGHT.items()},
        **{name: pl.lit(None, pl.String()) for name in left_out},
    )
    return feed.staged(wire).collect().lazy()


def drawn_faults(drawing: str) -> dict[int, str]:
    """Line → code of the rule that the line is drawn to break."""
    breaks = table(drawing, {"breaks": pl.String}).collect()["breaks"].to_list()
    return {line: code for line, code in enumerate(breaks, start=1) if code is not None}


def assert_each_row_breaks_its_rule_and_no_other(feed: Feed, drawing: str) -> None:
    """Every rule of the suite is drawn; every row breaks the one that it names and no other."""
    suite, rows, drawn = SUITE_BY_FEED[feed.name], delivered(feed, drawing), drawn_faults(drawing)
    critical = {e.meta["code"] for e in suite.expectations if e.severity == "critical"}

    screened = screen(rows, suite, most_rejected=1)

    assert {e.meta["code"] for e in suite.expectations} == set(drawn.values())
    assert {f.code: f.rows for f in screened.findings} == Counter(drawn.values())
    quarantined = screened.quarantined.select("line", "violated_rules").collect().rows()
    assert dict(quarantined) == {n: [code] for n, code in drawn.items() if code in critical}
    accepted = screened.accepted.collect()["line"].to_list()
    assert accepted == [n for n in range(1, screened.rows + 1) if drawn.get(n) not in critical]
    for line, code in drawn.items():
        if code not in critical:
            alone = screen(rows.filter(pl.col("line") == line), suite)
            assert [finding.code for finding in alone.findings] == [code], line
