"""Files behind a door are taken once, kept for good, and judged by their control files."""

import gzip
import hashlib
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from infra.catalogue import Catalogue, Source
from infra.doors.credentials import Credentials
from infra.doors.opening import Doorkeeper
from infra.intake import Intake, Taken
from infra.lake import Lake
from infra.object_store import ObjectStore
from infra.staging import Staging
from transforms.deliveries import deliveries_table, screened_deliveries, screened_table
from transforms.feeds import FEED_BY_NAME

PRICES = FEED_BY_NAME["crypto_prices"]
MONDAY, TUESDAY = date(2025, 8, 18), date(2025, 8, 19)
HEADER = "PRICE_ON;ASSET;PRICE_USD\n"
CATALOGUE = Catalogue(
    (
        Source(
            feed="crypto_prices",
            institutions=("nbk", "EXCH01"),
            door="folder",
            format="csv",
            separator=";",
            calendar="every_day",
            since=MONDAY,
            due="00:15",
        ),
    )
)


LAKE, DELIVERIES = "lake-of-intake", "deliveries-of-intake"


@pytest.fixture(scope="module", autouse=True)
def _buckets(connection) -> None:
    """Made once and emptied by each test: the store takes long over a new one."""
    for name in (LAKE, DELIVERIES):
        connection.make_bucket(name)


def emptied(bucket: ObjectStore) -> ObjectStore:
    for key in list(bucket.keys()):
        bucket.delete(key)
    return bucket


@pytest.fixture
def lake(connection) -> Lake:
    emptied(connection.bucket(LAKE))
    return Lake(connection, LAKE)


@pytest.fixture
def deliveries(connection) -> ObjectStore:
    return emptied(connection.bucket(DELIVERIES))


@pytest.fixture
def outside(tmp_path) -> Path:
    return tmp_path / "outside"


@pytest.fixture
def intake(lake, deliveries, outside, tmp_path) -> Intake:
    keeper = Doorkeeper(outside, tmp_path / "incoming", Credentials(tmp_path / "secrets"))
    return Intake(lake, deliveries, CATALOGUE, keeper)


@pytest.fixture
def staging(lake, deliveries, connection) -> Staging:
    return Staging(lake, deliveries, CATALOGUE, connection.storage_options())


def hand_over(
    outside: Path,
    rows: str,
    *,
    day: date = MONDAY,
    mark: str = "",
    hour: int = 20,
    institution: str = "nbk",
    declared_rows: int | None = None,
    body: bytes | None = None,
    extension: str = "csv",
) -> Path:
    folder = outside / institution / "crypto_prices"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"crypto_prices_{institution}_{day:%Y%m%d}{mark}.{extension}"
    path.write_bytes(body if body is not None else (HEADER + rows).encode())
    control = {
        "rows": rows.count("\n") if declared_rows is None else declared_rows,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    path.with_name(path.name + ".control.json").write_text(json.dumps(control))
    arrived = datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp()
    os.utime(path, (arrived, arrived))
    return path


def receipts(lake: Lake) -> pl.DataFrame:
    return lake.read(deliveries_table(PRICES)).sort("arrived_at", "file_name").collect()


def test_a_file_is_taken_once(intake, outside, lake, deliveries):
    path = hand_over(outside, "2025-08-18;BTC;115000.5\n")

    first, second = intake.take(PRICES, MONDAY), intake.take(PRICES, MONDAY)

    assert (first.files, second) == (1, Taken(0, 0, 0))
    receipt = receipts(lake).row(0, named=True)
    assert (receipt["state_code"], receipt["rows"]) == ("whole", 1)
    assert deliveries.get(receipt["address"]) == path.read_bytes()


def test_files_for_days_to_come_are_left_behind_the_door(intake, outside, lake):
    hand_over(outside, "", day=TUESDAY)

    intake.take(PRICES, MONDAY)

    assert receipts(lake).is_empty()


def test_the_same_content_again_is_a_duplicate(intake, outside, lake):
    hand_over(outside, "2025-08-18;BTC;1\n")
    hand_over(outside, "2025-08-18;BTC;1\n", mark="_copy", hour=21)

    intake.take(PRICES, MONDAY)

    assert receipts(lake)["state_code"].to_list() == ["whole", "duplicate"]


@pytest.mark.parametrize(
    ("spoil", "state", "says"),
    [
        ({"declared_rows": 7}, "control_mismatch", "has 1 rows, its control file says 7"),
        (
            {"body": b"PRICE_ON;ASSET\n2025-08-18;BTC\n"},
            "unreadable",
            "has not the columns of crypto_prices: missing PRICE_USD; unknown none",
        ),
        (
            {"body": gzip.compress(HEADER.encode() * 9000, mtime=0)[:60], "extension": "csv.gz"},
            "unreadable",
            "is damaged",
        ),
        ({"body": b""}, "unreadable", "missing PRICE_ON, ASSET, PRICE_USD; unknown none"),
        ({"body": HEADER.encode() + b"2025-08-18;\xc6;1\n"}, "unreadable", "cannot be read as csv"),
    ],
    ids=["control", "columns", "truncated", "empty", "not UTF-8"],
)
def test_an_unusable_file_is_kept_with_the_reason(intake, outside, lake, spoil, state, says):
    hand_over(outside, "2025-08-18;BTC;1\n", **spoil)

    taken = intake.take(PRICES, MONDAY)

    receipt = receipts(lake).row(0, named=True)
    assert (taken.unusable, receipt["state_code"]) == (1, state)
    assert says in receipt["reason"]


def test_a_file_that_came_before_its_control_file_is_judged_again(intake, outside, lake):
    path = hand_over(outside, "2025-08-18;BTC;1\n")
    control = path.with_name(path.name + ".control.json")
    held_back = control.read_text()
    control.unlink()
    intake.take(PRICES, MONDAY)
    assert "came without its control file" in receipts(lake)["reason"].item()

    control.write_text(held_back)
    intake.take(PRICES, MONDAY)

    assert receipts(lake)["state_code"].to_list() == ["whole"]


def test_a_correction_replaces_the_rows_and_both_files_are_kept(intake, staging, outside, lake):
    hand_over(outside, "2025-08-18;BTC;1\n2025-08-18;ETH;2\n")
    intake.take(PRICES, MONDAY)
    staging.stage(PRICES, staging.undone(PRICES, MONDAY))

    hand_over(outside, "2025-08-18;BTC;3\n", mark="_r2", hour=22)
    intake.take(PRICES, MONDAY)
    staging.stage(PRICES, staging.undone(PRICES, MONDAY))

    staged = lake.read(PRICES.staged_table).collect()
    assert staged.select("asset_code", "line").rows() == [("BTC", 1)]
    assert str(staged["price_usd"].item()) == "3.000000000000000000"
    assert receipts(lake).height == 2


def test_lines_are_counted_in_each_file_by_itself(intake, staging, outside, lake):
    hand_over(outside, "2025-08-18;BTC;1\n2025-08-18;ETH;2\n")
    hand_over(outside, "2025-08-18;TRX;1\n", institution="EXCH01")
    hand_over(outside, "2025-08-19;BTC;1\n2025-08-19;ETH;1\n", day=TUESDAY)
    intake.take(PRICES, TUESDAY)

    staging.stage(PRICES, staging.undone(PRICES, TUESDAY))

    rows = lake.read(PRICES.staged_table).sort("business_date", "institution", "line").collect()
    assert rows.select("business_date", "institution", "line", "asset_code").rows() == [
        (MONDAY, "EXCH01", 1, "TRX"),
        (MONDAY, "nbk", 1, "BTC"),
        (MONDAY, "nbk", 2, "ETH"),
        (TUESDAY, "nbk", 1, "BTC"),
        (TUESDAY, "nbk", 2, "ETH"),
    ]


def screened(lake, staging, dates):
    """All rows of these dates taken as accepted."""
    staged = lake.read(PRICES.staged_table, partitions={"business_date": dates})
    nothing = lake.read(PRICES.quarantine_table)
    outcome = screened_deliveries(staged, nothing, staging.counting(PRICES, dates)).collect()
    lake.replace(screened_table(PRICES), outcome.lazy(), partitions={"business_date": dates})
    return outcome


def test_a_date_is_done_when_its_screening_is_written(intake, staging, outside, lake):
    hand_over(outside, "2025-08-18;BTC;1\n")
    hand_over(outside, "", day=TUESDAY)
    intake.take(PRICES, TUESDAY)
    dates = staging.undone(PRICES, TUESDAY)
    staging.stage(PRICES, dates)
    assert staging.undone(PRICES, TUESDAY) == dates == [MONDAY, TUESDAY]

    outcome = screened(lake, staging, dates)

    assert staging.undone(PRICES, TUESDAY) == []
    assert outcome["rows_accepted"].to_list() == [1, 0]


def test_staged_rows_wait_to_be_screened_and_then_go_with_their_files(
    intake, staging, outside, lake, connection
):
    hand_over(outside, "2025-08-18;BTC;1\n")
    hand_over(outside, "2025-08-19;BTC;1\n", day=TUESDAY)
    intake.take(PRICES, TUESDAY)
    dates = staging.undone(PRICES, TUESDAY)
    staging.stage(PRICES, dates)
    staging.stage(PRICES, dates)  # a run that was killed before
    assert [*staging.waiting(PRICES)] == staging.to_screen(PRICES, dates) == dates

    screened(lake, staging, [MONDAY])
    assert staging.to_screen(PRICES, dates) == dates
    assert staging.forget(PRICES, [MONDAY]) > 0

    assert staging.to_screen(PRICES, dates) == [TUESDAY]
    assert staging.screened(PRICES, [MONDAY]) == (1, 1, 0)
    folder = PRICES.staged_table.name.replace(".", "/")
    keys = connection.bucket(LAKE).keys(f"{folder}/")
    assert {key.split("/")[2] for key in keys} == {"_delta_log", "business_date=2025-08-19"}
    assert lake.read(PRICES.staged_table).collect()["business_date"].to_list() == [TUESDAY]


def test_a_day_that_waits_though_it_has_no_rows_is_screened(intake, staging, outside):
    hand_over(outside, "", day=MONDAY)
    intake.take(PRICES, MONDAY)
    staging.stage(PRICES, [MONDAY])

    assert staging.waiting(PRICES) == {}
    assert staging.to_screen(PRICES, [MONDAY]) == [MONDAY]


def test_one_unreadable_file_does_not_bar_the_others(intake, outside, lake):
    hand_over(outside, "2025-08-18;BTC;1\n")
    hand_over(outside, "", institution="EXCH01", body=HEADER.encode() + b"2025-08-18;\xc6;1\n")

    intake.take(PRICES, MONDAY)

    found = receipts(lake).sort("institution")
    assert found["state_code"].to_list() == ["unreadable", "whole"]
    assert found["rows"].to_list() == [None, 1]
