"""Seals: any byte of any data file that a version rests on is missed, files read once."""

from datetime import date

import polars as pl
import pytest

from infra.lake import Lake
from infra.seals import Seals
from transforms.contracts import Column, Table

DAYS = (date(2025, 8, 17), date(2025, 8, 18))


def table(name: str) -> Table:
    return Table(
        name=f"facts.{name}",
        grain="one thing",
        key=("business_date", "place"),
        partitioned_by=("business_date",),
        columns=(
            Column("business_date", pl.Date(), "Day."),
            Column("place", pl.String(), "Where."),
            Column("value", pl.Int64(), "How many."),
        ),
    )


def rows(value: int, days=DAYS) -> pl.LazyFrame:
    return pl.LazyFrame(
        {"business_date": days, "place": ["a"] * len(days), "value": [value] * len(days)}
    )


@pytest.fixture
def sealed(connection, installation, fresh, store):
    lake, made = Lake(connection, installation.lake_bucket), table(fresh)
    version = lake.replace(made, rows(1), partitions={"business_date": list(DAYS)})
    seals = Seals(lake, store)
    return lake, made, seals, seals.all_of([made]), version


def test_a_version_stays_as_sealed_when_the_table_moves_on(sealed):
    lake, made, seals, then, version = sealed

    lake.replace(made, rows(2, DAYS[1:]), partitions={"business_date": [DAYS[1]]})
    now = seals.all_of([made])

    assert then[made.name]["version"] == version
    assert now[made.name]["sha256"] != then[made.name]["sha256"]
    assert seals.broken(made, then[made.name]) == seals.broken(made, now[made.name]) == []
    as_of = lake.as_of({made.name: version})
    assert as_of.read(made).collect()["value"].to_list() == [1, 1]


def test_one_row_written_over_in_place_breaks_the_seal(sealed, connection, installation, tmp_path):
    lake, made, seals, then, version = sealed
    bucket = connection.bucket(installation.lake_bucket)
    path = lake.data_files(made, version)[0]
    key = f"{made.name.replace('.', '/')}/{path.replace('%25', '%')}"
    pl.DataFrame({"place": ["a"], "value": [2]}).write_parquet(tmp_path / "other")

    bucket.put(key, (tmp_path / "other").read_bytes(), "application/x")

    (said,) = seals.broken(made, then[made.name])
    assert said.startswith(f"{made.name}, version {version}: its rows are not those of then")
    bucket.delete(key)
    (said,) = seals.broken(made, then[made.name])
    assert "a data file is gone" in said


def test_a_table_that_was_never_written_is_sealed_as_that(sealed, fresh):
    lake, _, seals, _, _ = sealed
    other = table(f"{fresh}-other")

    seal = seals.all_of([other])[other.name]

    assert (seal["version"], seal["files"]) == (None, 0)
    assert seals.broken(other, seal) == []
    assert lake.as_of({other.name: None}).read(other).collect().is_empty()


def test_files_sealed_before_are_not_read_again(sealed, monkeypatch):
    lake, made, seals, then, _ = sealed
    monkeypatch.setattr(lake, "data_file_sha256", lambda *_: pytest.fail("read again"))

    assert seals.all_of([made]) == then
