"""Objects by key: written once, replaced only by who saw the last one."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from urllib.request import urlopen

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.object_store import (
    AlreadyExists,
    Changed,
    Connection,
    NoSuchObject,
    StoreFailed,
    StoreRefused,
    TooLarge,
)

TEXT = "text/plain"


def test_what_is_put_is_got(store, fresh):
    store.put_new(fresh, "тиын".encode(), TEXT)

    assert store.get(fresh).decode() == "тиын"
    assert store.exists(fresh)


def test_a_second_object_under_one_key_is_refused(store, fresh):
    store.put_new(fresh, b"first", TEXT)

    with pytest.raises(AlreadyExists, match=rf"^{fresh} is already in aqsha-results and was not"):
        store.put_new(fresh, b"second", TEXT)

    assert store.get(fresh) == b"first"


def test_of_sixteen_rivals_one_writes(store, fresh):
    def write(body: bytes) -> bool:
        try:
            store.put_new(fresh, body, TEXT)
        except AlreadyExists:
            return False
        return True

    with ThreadPoolExecutor(16) as rivals:
        wrote = list(rivals.map(write, (str(n).encode() for n in range(16))))

    assert wrote.count(True) == 1
    assert store.get(fresh) == str(wrote.index(True)).encode()


def test_a_missing_object_is_named(store, fresh):
    with pytest.raises(NoSuchObject) as missing:
        store.get(fresh)

    assert str(missing.value).startswith(f"There is no {fresh} in aqsha-results. ")
    assert not store.exists(fresh)


def test_a_file_is_written_once_and_comes_back_whole(store, fresh, tmp_path):
    path = tmp_path / "delivery.csv"
    path.write_bytes(b"0123456789abcdef" * 2**20)

    store.put_new_file(fresh, path, "text/csv", {"institution": "first_bank"})
    with pytest.raises(AlreadyExists):
        store.put_new_file(fresh, path, "text/csv")

    assert sha256(store.get(fresh)).digest() == sha256(path.read_bytes()).digest()


def test_a_file_too_large_for_one_put_is_refused_before_it_is_sent(store, fresh, tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(5 * 1024**3 + 1)

    with pytest.raises(TooLarge, match=r"^huge.csv has 5368709121 bytes"):
        store.put_new_file(fresh, path, "text/csv")

    assert not store.exists(fresh)


def test_a_pointer_moves(store, fresh):
    store.put(fresh, b"r1", TEXT)
    store.put(fresh, b"r2", TEXT)

    assert store.get(fresh) == b"r2"


def test_an_object_is_replaced_by_who_saw_the_last_one(store, fresh):
    seen = store.put_new(fresh, b"r1", TEXT)

    then = store.put_if_unchanged(fresh, b"r2", TEXT, etag=seen)

    assert store.get_with_etag(fresh).etag == then
    with pytest.raises(Changed, match="was changed by another since it was read"):
        store.put_if_unchanged(fresh, b"r3", TEXT, etag=seen)
    assert store.get(fresh) == b"r2"


def test_an_object_that_is_gone_was_changed(store, fresh):
    seen = store.put_new(fresh, b"r1", TEXT)
    store.delete(fresh)

    with pytest.raises(Changed):
        store.put_if_unchanged(fresh, b"r2", TEXT, etag=seen)


def test_keys_come_in_order_beyond_one_page(store, fresh):
    names = [f"{fresh}/{n:04}" for n in range(1003)]
    with ThreadPoolExecutor(16) as writers:
        list(writers.map(lambda name: store.put(name, b"", TEXT), reversed(names)))

    assert list(store.keys(f"{fresh}/")) == names


def test_deleting_twice_is_no_error(store, fresh):
    store.put(fresh, b"", TEXT)

    store.delete(fresh)
    store.delete(fresh)

    assert not store.exists(fresh)


def test_a_presigned_address_opens_one_object(store, fresh):
    store.put_new(fresh, b"open", TEXT)

    with urlopen(store.presigned_url(fresh, 60)) as answer:  # noqa: S310
        assert answer.read() == b"open"


def test_strangers_are_refused(connection, store, fresh):
    store.put_new(fresh, b"ours", TEXT)
    wrong = replace(connection, secret="not-the-secret").bucket(store.bucket)
    nobody = replace(connection, key_id="nobody").bucket(store.bucket)
    unsigned = boto3.client(
        "s3",
        endpoint_url=connection.endpoint,
        region_name="us-east-1",
        config=Config(signature_version=UNSIGNED, s3={"addressing_style": "path"}),
    )

    for stranger in (wrong, nobody):
        with pytest.raises(StoreRefused, match="Check AQSHA_S3_KEY_ID, AQSHA_S3_SECRET"):
            stranger.get(fresh)
        with pytest.raises(StoreRefused):
            stranger.put(fresh, b"theirs", TEXT)
    with pytest.raises(ClientError, match="AccessDenied"):
        unsigned.get_object(Bucket=store.bucket, Key=fresh)
    assert store.get(fresh) == b"ours"


def test_a_bucket_that_is_not_there_is_not_made_in_passing(connection, fresh):
    with pytest.raises(StoreRefused, match="NoSuchBucket"):
        connection.bucket(f"aqsha-{fresh}").put("key", b"", TEXT)


def test_a_server_that_does_not_answer_is_named_by_its_setting():
    nowhere = Connection("http://127.0.0.1:9", "aqsha", "aqsha-embedded").bucket("aqsha-lake")

    with pytest.raises(StoreFailed, match=r"did not answer for aqsha-lake/key .*AQSHA_S3_ENDPOINT"):
        nowhere.get("key")


def test_a_connection_does_not_show_its_secret(connection):
    assert connection.secret not in repr(connection)
