"""Files: the same each time, at the right place and hour, faulty where a fault is planted."""

import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from infra.catalogue import Catalogue
from infra.synthetic import deliver, transactions
from infra.synthetic.days import all_days
from infra.synthetic.scenario import OPENING_ARCHIVE, STORY_DAY
from tests.infra.synthetic.conftest import CATALOGUE, IN_BULK, Delivery

OnlyFeeds = Callable[..., Catalogue]
BULK_ROWS = 5_000


def digests(outside: Path) -> dict[str, tuple[str, int]]:
    return {
        str(path.relative_to(outside)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in outside.rglob("*")
        if path.is_file()
    }


def handed_over(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def rows_of(delivery: Path) -> int:
    return sum(json.loads(path.read_text())["rows"] for path in delivery.rglob("*.control.json"))


def test_the_same_seed_gives_the_same_bytes_whatever_else_is_delivered(
    story: Delivery, tmp_path: Path, some_feeds: OnlyFeeds
) -> None:
    few = some_feeds(*IN_BULK, "wallet_freezes", "asset_arrests", "import_declarations")

    deliver(STORY_DAY, tmp_path / "outside", tmp_path / "truth", few)

    again, before = digests(tmp_path / "outside"), digests(story.outside)
    assert len(again) > 200
    assert again == {place: before[place] for place in again}


def test_another_seed_gives_other_rows_but_the_same_files(
    story: Delivery, tmp_path: Path, some_feeds: OnlyFeeds
) -> None:
    few = some_feeds("crypto_prices")

    deliver(date(2025, 7, 29), tmp_path / "outside", tmp_path / "truth", few, seed=2)

    names = "nbk/crypto_prices/crypto_prices_nbk_20250729.csv"
    assert (tmp_path / "outside" / names).read_bytes() != (story.outside / names).read_bytes()
    with pytest.raises(ValueError, match="holds the truth of seed 2"):
        deliver(date(2025, 7, 29), tmp_path / "outside", tmp_path / "truth", few, seed=1)


def test_every_delivery_owed_is_there_but_the_one_that_is_missing(story: Delivery) -> None:
    owed = {
        (source.feed, institution, day)
        for source in CATALOGUE.sources
        for institution in source.institutions
        for day in all_days(source.since, STORY_DAY)
        if source.expects(day)
    }

    handed = pl.read_parquet(story.truth / "handed_over.parquet")

    found = set(handed.select("feed", "institution", "business_date").iter_rows())
    assert owed - found == {("card_transactions", "EURIKZKA", STORY_DAY)}
    months = [date(2025, month + 1, 1) - timedelta(days=1) for month in range(1, 7)]
    before_the_first = {date(2025, 7, 27), date(2025, 8, 15)}
    assert {day for *_, day in found - owed} == {OPENING_ARCHIVE, *months, *before_the_first}
    assert story.summary.files == handed.height


def test_files_come_before_the_hour_at_which_they_are_due(story: Delivery) -> None:
    late = []
    for row in pl.read_parquet(story.truth / "handed_over.parquet").iter_rows(named=True):
        terms = CATALOGUE.terms(row["feed"], row["institution"])
        assert terms is not None
        assert handed_over(story.outside / row["place"]) == row["handed_over_at"]
        if row["handed_over_at"] > terms.due_at(row["business_date"]):
            late.append(row["place"].split("/")[-1])

    assert sorted(late) == [
        "card_arrest_confirmations_KSNVKZKA_20250812.csv",
        "card_transactions_KCJBKZKX_20250817_r2.csv.gz",
        "seizures_mvd_20250814_r2.csv",
    ]


def test_control_files_say_what_the_files_hold(story: Delivery) -> None:
    wrong = set()
    for control in story.outside.rglob("*.control.json"):
        words = json.loads(control.read_text(encoding="utf-8"))
        path = control.with_name(words["file"])
        content = path.read_bytes()
        if words["sha256"] != hashlib.sha256(content).hexdigest():
            wrong.add((path.name, "sha256"))
            continue
        text = gzip.decompress(content) if path.suffix == ".gz" else content
        rows = text.count(b"\n") - (".csv" in path.name)
        if words["rows"] != rows:
            wrong.add((path.name, "rows"))

    assert wrong == {
        ("card_transactions_KCJBKZKX_20250817.csv.gz", "sha256"),
        ("p2p_orders_EXCH02_20250816.jsonl.gz", "rows"),
    }


def test_a_file_broken_off_is_sent_again_whole(story: Delivery) -> None:
    folder = story.outside / "KCJBKZKX" / "card_transactions"
    first, second = (folder / f"card_transactions_KCJBKZKX_20250817{r}.csv.gz" for r in ("", "_r2"))

    whole = second.read_bytes()

    assert whole.startswith(first.read_bytes())
    assert gzip.decompress(whole).endswith(b"\n")
    with pytest.raises(EOFError):
        gzip.decompress(first.read_bytes())


def test_a_file_sent_twice_has_the_same_bytes_under_two_names(story: Delivery) -> None:
    folder = story.outside / "IRTYKZKA" / "card_arrest_confirmations"
    first, second = (
        folder / f"card_arrest_confirmations_IRTYKZKA_20250814{r}.csv" for r in ("", "_copy")
    )

    assert first.read_bytes() == second.read_bytes()


def test_a_corrected_file_differs_in_one_row(story: Delivery) -> None:
    folder = story.outside / "mvd" / "seizures"
    first, second = (
        (folder / f"seizures_mvd_20250814{r}.csv").read_text(encoding="utf-8").splitlines()
        for r in ("", "_r2")
    )

    changed = [n for n, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]

    assert len(changed) == 1


def test_the_next_day_brings_what_was_missing_and_leaves_the_rest_alone(
    tmp_path: Path, some_feeds: OnlyFeeds
) -> None:
    few, outside = some_feeds(*IN_BULK, "crypto_prices"), tmp_path / "outside"
    deliver(STORY_DAY, outside, tmp_path / "truth", few, transactions=BULK_ROWS)
    before = digests(outside)

    again = deliver(STORY_DAY, outside, tmp_path / "truth", few, transactions=BULK_ROWS)
    after = deliver(
        STORY_DAY + timedelta(days=1), outside, tmp_path / "truth", few, transactions=BULK_ROWS
    )

    assert again.new_files == 0
    assert after.files == again.files + after.new_files
    now = digests(outside)
    assert before == {place: now[place] for place in before}
    late = outside / "EURIKZKA/card_transactions/card_transactions_EURIKZKA_20250818.csv.gz"
    assert str(late.relative_to(outside)) not in before
    assert handed_over(late) == datetime(2025, 8, 19, 16, 40, tzinfo=UTC)
    assert pl.read_parquet(tmp_path / "truth" / "bad_rows.parquet").height > 0


@pytest.mark.parametrize("wanted", [4_000, 60_000])
def test_a_day_has_as_many_transactions_as_are_asked_for(
    tmp_path: Path, some_feeds: OnlyFeeds, wanted: int
) -> None:
    few, day = some_feeds("card_transactions"), date(2025, 8, 16)
    planted_bad_rows = 2

    deliver(day, tmp_path / "outside", tmp_path / "truth", few, transactions=wanted)

    assert rows_of(tmp_path / "outside") == wanted + planted_bad_rows


def test_a_day_made_in_slices_keeps_both_sides_of_every_transfer(
    tmp_path: Path, some_feeds: OnlyFeeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, day = some_feeds("card_transactions"), date(2025, 9, 16)
    few = Catalogue(tuple(s.model_copy(update={"since": day}) for s in few.sources))
    monkeypatch.setattr(transactions, "ROWS_A_SLICE", 3_000)

    summary = deliver(day, tmp_path / "outside", tmp_path / "truth", few, transactions=20_000)

    rows = Delivery(tmp_path / "outside", tmp_path / "truth", summary).rows("card_transactions")
    assert rows.height == rows["TXN_ID"].n_unique() == 20_000
    transfers = rows.filter(
        pl.col("OPERATION") == "transfer",
        ~pl.col("COUNTERPARTY_ACCOUNT").str.slice(4, 3).is_in(["998"]),
    )
    debits, credits = (
        transfers.filter(pl.col("DIRECTION") == side) for side in ("debit", "credit")
    )
    unmatched = debits.join(
        credits,
        left_on=["ACCOUNT", "COUNTERPARTY_ACCOUNT", "BOOKED_AT", "AMOUNT"],
        right_on=["COUNTERPARTY_ACCOUNT", "ACCOUNT", "BOOKED_AT", "AMOUNT"],
        how="anti",
    )
    assert debits.height == credits.height > 2_000
    assert unmatched.height == 0


def test_a_day_outside_the_scenario_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="The scenario runs from 2024-12-31 to 2025-12-31"):
        deliver(date(2026, 1, 1), tmp_path, tmp_path, CATALOGUE)
