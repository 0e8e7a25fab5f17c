"""The S3 drop against a real server: resumed by range, never mixed from two versions."""

from datetime import date

import pytest

from infra.doors.credentials import Credentials
from infra.doors.door import PART, DoorFailed
from infra.doors.names import USUAL, NamePattern
from infra.doors.s3_drop import S3Door
from infra.doors.terms import S3Terms

DAY = date(2025, 8, 18)
KEY = "daily/rates_BANK_20250818.csv"


@pytest.fixture
def drop(connection, fresh):
    connection.make_bucket(f"drop-{fresh}")
    bucket = connection.bucket(f"drop-{fresh}")
    bucket.put(KEY, b"0123456789" * 1000, "text/csv")
    bucket.put("daily/notes.txt", b"no delivery", "text/plain")
    bucket.put("other/rates_BANK_20250818.csv", b"elsewhere", "text/csv")
    return bucket


@pytest.fixture
def door(connection, drop, tmp_path):
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "ID").write_text(connection.key_id)
    (secrets / "SECRET").write_text(connection.secret)
    terms = S3Terms(
        kind="s3",
        endpoint=connection.endpoint,
        bucket=drop.bucket,
        prefix="daily/",
        key="ID",
        secret="SECRET",
    )
    return S3Door(terms, Credentials(secrets), "rates", "BANK", NamePattern(USUAL, "rates", "BANK"))


def test_objects_below_the_prefix_are_offered_and_come_whole(door, tmp_path):
    [file] = door.offered(DAY)

    path = door.bring(file, tmp_path / "incoming")

    assert (file.name, file.bytes) == ("rates_BANK_20250818.csv", 10000)
    assert path.read_bytes() == b"0123456789" * 1000
    assert door.companion("notes.txt") == b"no delivery"
    assert door.companion("rates_BANK_20250818.csv.control.json") is None


def test_a_piece_is_continued(door, tmp_path):
    [file] = door.offered(DAY)
    path = door.bring(file, tmp_path / "incoming")
    path.rename(path.with_name(path.name + PART))
    part = path.with_name(path.name + PART)
    part.write_bytes(b"X" * 4000)

    again = door.bring(file, tmp_path / "incoming")

    assert again.read_bytes() == b"X" * 4000 + (b"0123456789" * 1000)[4000:]


def test_another_version_of_the_object_is_not_mixed_in(door, drop, tmp_path):
    [file] = door.offered(DAY)
    drop.put(KEY, b"other bytes" * 1000, "text/csv")

    with pytest.raises(DoorFailed, match="changed while it was read"):
        door.bring(file, tmp_path / "incoming")


def test_a_wrong_secret_is_said_without_the_secret(connection, drop, tmp_path):
    (tmp_path / "ID").write_text(connection.key_id)
    (tmp_path / "SECRET").write_text("guessed-secret")
    terms = S3Terms(
        kind="s3", endpoint=connection.endpoint, bucket=drop.bucket, key="ID", secret="SECRET"
    )
    names = NamePattern(USUAL, "rates", "BANK")

    with pytest.raises(DoorFailed, match=r"BANK \(s3\)") as failed:
        list(S3Door(terms, Credentials(tmp_path), "rates", "BANK", names).offered(DAY))

    assert "guessed" not in str(failed.value)
