"""Changed rules in shadow: what they would have added and dropped."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.tables import table
from tests.transforms.droppers.test_alerts import windows
from transforms.droppers.shadow import SHADOW_COUNTS, changed_rules, shadow
from transforms.droppers.typologies import TypologyError, in_force_on, typologies
from transforms.droppers.windows import LINK_WINDOWS
from transforms.reference import reference

NIGHT = date(2026, 3, 31)
NO_LINKS = pl.LazyFrame(schema=LINK_WINDOWS.schema)
ACCOUNTS = """
account_iban | payers_30d | transfers_in_30d | last_active_on | last_at
-----------------------------------------------------------------------------------
A            | 40         | 40               | 2026-03-31     | 2026-03-31T05:00:00Z
B            | 25         | 40               | 2026-03-31     | 2026-03-31T05:00:00Z
C            | 15         | 40               | 2026-03-31     | 2026-03-31T05:00:00Z
"""
IS_FIRST = pl.col("code") == "DRP-01"
MANY = {"threshold": "20", "points": "60"}


def text(**changed: dict[str, str]) -> bytes:
    """The file of typologies with other cells: `DRP_01={"threshold": "30"}`."""
    rows = reference("typologies")
    for code, cells in changed.items():
        is_it = pl.col("code") == code.replace("_", "-")
        rows = rows.with_columns(
            pl.when(is_it).then(pl.lit(v)).otherwise(name).alias(name) for name, v in cells.items()
        )
    return rows.write_csv().encode()


def only(which: str, part: pl.DataFrame) -> pl.DataFrame:
    return part.filter(part_code=which)


def shadowed(drawn: str = ACCOUNTS, **cells: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A rule by which many payers are enough, and the same with other cells."""
    files = (text(DRP_01=each) for each in (MANY, MANY | cells))
    rules, changed = (changed_rules(file).filter(IS_FIRST) for file in files)
    made = shadow(windows(drawn), NO_LINKS, rules=rules, changed=changed)
    return made[0].collect(), made[1].collect()


def test_equal_rules_add_and_drop_nobody():
    changes, counts = shadowed()

    assert changes.is_empty()
    assert counts.select("added", "dropped").sum().row(0) == (0, 0)
    assert only("list", counts).row(0) == (NIGHT, "list", 2, 0, 0)


@pytest.mark.parametrize(
    ("threshold", "change", "counted"),
    [("30", ("B", "dropped", 60, None), (2, 0, 1)), ("10", ("C", "added", None, 60), (2, 1, 0))],
)
def test_a_higher_threshold_drops_and_a_lower_one_adds(threshold, change, counted):
    changes, counts = shadowed(threshold=threshold)

    assert only("list", changes).drop("night", "part_code").rows() == [change]
    assert only("DRP-01", changes).drop("night", "part_code").rows() == [(*change[:2], None, None)]
    for part in ("list", "DRP-01"):
        assert only(part, counts).drop("night", "part_code").rows() == [counted]


def test_other_points_change_the_list_and_no_evidence():
    changes, _ = shadowed(points="1")

    assert set(changes["part_code"]) == {"list"}
    assert changes["change_code"].to_list() == ["dropped", "dropped"]


def test_the_list_is_counted_where_nobody_is_on_it():
    quiet = ACCOUNTS.replace("| 40 ", "| 1  ").replace("| 25 ", "| 1  ").replace("| 15 ", "| 1  ")

    _, counts = shadowed(quiet)

    expected = table(
        """
        night      | part_code | before | added | dropped
        --------------------------------------------------
        2026-03-31 | list      | 0      | 0     | 0
        """,
        dict(SHADOW_COUNTS.schema),
    )
    assert_frame_equal(counts, expected.collect())


def test_a_version_that_begins_later_is_read_as_if_it_had_begun():
    rows = reference("typologies")
    first, others = (rows.filter(is_) for is_ in (IS_FIRST, ~IS_FIRST))
    ended = first.with_columns(in_force_to=pl.lit("2026-12-31"))
    next_one = first.with_columns(
        version=pl.lit("2"), threshold=pl.lit("30"), in_force_from=pl.lit("2027-01-01")
    )

    read = changed_rules(pl.concat([others, ended, next_one]).write_csv().encode())

    assert read.filter(IS_FIRST).select("version", "threshold").rows() == [(2, 30.0)]
    assert read.height == in_force_on(typologies(), NIGHT).height


def test_a_file_that_cannot_be_used_is_refused():
    with pytest.raises(TypologyError, match="has no threshold"):
        changed_rules(text(DRP_01={"threshold": "many"}))


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "no CSV"),
        (text().splitlines()[0], "no row that is in force"),
        (text() + b'DRP-99,"not closed', "no CSV"),
        (text(DRP_01={"threshold": "nan"}), "DRP-01 has a threshold or least value that is no"),
    ],
)
def test_a_file_without_rules_is_refused_in_words_that_repeat_nothing_of_it(file, why):
    with pytest.raises(TypologyError, match=why) as refused:
        changed_rules(file)

    assert "not closed," not in str(refused.value)
