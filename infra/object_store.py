"""Objects by key. The only module that knows S3's words.

Weed and AWS both refuse a conditional PUT atomically. Weed completes a multipart upload and
deletes without that care (measured: of four rivals two won), so neither is used with a
condition: a large file goes as one streamed PUT.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

MOST_BYTES = 5 * 1024**3

_THREADS = 16
_ATTEMPTS_AT_A_CONFLICT = 5
_REFUSED = "PreconditionFailed"
_CONFLICT = "ConditionalRequestConflict"
_NO_LOCK = "ObjectLockConfigurationNotFoundError"
_PASSING = ("InternalError", "ServiceUnavailable", "SlowDown", "500", "503")


class NoSuchObject(KeyError):
    """Nothing is stored under that key."""

    def __init__(self, bucket: str, key: str) -> None:
        super().__init__(
            f"There is no {key} in {bucket}. Run the step that writes it, or correct the address."
        )

    def __str__(self) -> str:
        return str(self.args[0])


class AlreadyExists(FileExistsError):
    """An object written for good is never overwritten."""

    def __init__(self, bucket: str, key: str) -> None:
        super().__init__(
            f"{key} is already in {bucket} and was not overwritten. "
            f"Write under a new key, or delete the object if nobody has relied on it."
        )


class Changed(RuntimeError):
    """An object is no longer what it was when we read it."""

    def __init__(self, bucket: str, key: str) -> None:
        super().__init__(
            f"{key} in {bucket} was changed by another since it was read, so it was not written. "
            f"Read it again and decide anew."
        )


class TooLarge(ValueError):
    """A file is larger than one object may be."""


class StoreFailed(OSError):
    """The object store did not answer; waiting may help."""


class StoreRefused(StoreFailed):
    """The object store answered, and will not serve us."""


def may_pass(error: BaseException) -> bool:
    """The store is away, full or overloaded, as boto3, Delta Lake or Polars say it."""
    if isinstance(error, StoreFailed):
        return not isinstance(error, StoreRefused)
    return "S3 error" in str(error)


@dataclass(frozen=True, slots=True)
class Found:
    """An object's bytes and the mark by which a later change is noticed."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Described:
    """What stands beside an object's bytes."""

    media_type: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """An object as a list of its bucket tells it."""

    key: str
    bytes: int
    etag: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Connection:
    """An S3 server and who we are to it; safe to share between threads."""

    endpoint: str
    key_id: str
    secret: str = field(repr=False)
    region: str = "us-east-1"

    @classmethod
    def of(cls, settings: Settings, endpoint: str) -> Self:
        """The server at `endpoint`, as `object_server` yields it."""
        secret = settings.s3_secret.get_secret_value()
        return cls(endpoint, settings.s3_key_id, secret, settings.s3_region)

    def storage_options(self) -> dict[str, str]:
        """The same in the words of Delta Lake and Polars."""
        return {
            "aws_endpoint_url": self.endpoint,
            "aws_access_key_id": self.key_id,
            "aws_secret_access_key": self.secret,
            "aws_region": self.region,
            "aws_allow_http": str(self.endpoint.startswith("http://")).lower(),
            "aws_conditional_put": "etag",
            "connect_timeout": "5s",
            "timeout": "60s",
        }

    def bucket(self, name: str, *, kept_days: int = 0) -> "ObjectStore":
        """One bucket; what is new in it cannot be deleted for so long, where it has object lock."""
        return ObjectStore(self, name, kept_days)

    def make_bucket(self, name: str, *, with_lock: bool = False) -> bool:
        """Create a bucket, unless it is there already; object lock is given at birth or never.

        Returns:
            Whether it is new.
        """
        with _translated(name, ""):
            s3 = _client(self)
            with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
                s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=with_lock)
                return True
        return False

    def let_expire(self, name: str, days: Mapping[str, int]) -> None:
        """Have the server delete objects so many days after they were written, by prefix.

        Objects under other prefixes are kept for good.
        """
        rules: list[Any] = [
            {
                "ID": f"aqsha-{prefix.strip('/') or 'all'}",
                "Status": "Enabled",
                "Filter": {"Prefix": prefix},
                "Expiration": {"Days": after},
            }
            for prefix, after in days.items()
        ]
        with _translated(name, ""):
            _client(self).put_bucket_lifecycle_configuration(
                Bucket=name, LifecycleConfiguration={"Rules": rules}
            )

    def keep_versions(self, name: str) -> None:
        """Have the server keep what is replaced or deleted in a bucket."""
        with _translated(name, ""):
            _client(self).put_bucket_versioning(
                Bucket=name, VersioningConfiguration={"Status": "Enabled"}
            )

    def let_anyone_read(self, name: str) -> None:
        """Let everybody who reaches the server read objects of a bucket, but not list them."""
        read = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["s3:GetObject"],
            "Resource": [f"arn:aws:s3:::{name}/*"],
        }
        self.guard(name, {"Version": "2012-10-17", "Statement": [read]})

    def guard(self, name: str, policy: Mapping[str, object]) -> None:
        """Give a bucket a policy of its own, in place of the one that it had."""
        with _translated(name, ""):
            _client(self).put_bucket_policy(Bucket=name, Policy=json.dumps(policy))

    def unguard(self, name: str) -> None:
        """Take a bucket's own policy away."""
        with _translated(name, ""):
            _client(self).delete_bucket_policy(Bucket=name)

    def check(self) -> None:
        """Whether the server answers and knows us.

        Raises:
            StoreFailed: it does not.
        """
        with _translated("the list of buckets", ""):
            _client(self).list_buckets()


class ObjectStore:
    """One bucket."""

    def __init__(self, connection: Connection, bucket: str, kept_days: int = 0) -> None:
        self._connection = connection
        self._s3 = _client(connection)
        self.bucket = bucket
        self._kept_days = kept_days

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process opens it anew."""
        return ObjectStore, (self._connection, self.bucket, self._kept_days)

    def get(self, key: str) -> bytes:
        return self.get_with_etag(key).body

    def get_with_etag(self, key: str) -> Found:
        """The bytes, and the etag that `put_if_unchanged` asks for.

        Raises:
            NoSuchObject: nothing is stored there.
        """
        with _translated(self.bucket, key):
            answer = self._s3.get_object(Bucket=self.bucket, Key=key)
            with closing(answer["Body"]) as body:
                return Found(body.read(), answer["ETag"])

    def get_file(self, key: str, path: Path) -> Described:
        """Copy the object's bytes to a file, streamed; gives what stands beside them.

        Raises:
            NoSuchObject: nothing is stored there.
        """
        with _translated(self.bucket, key):
            answer = self._s3.get_object(Bucket=self.bucket, Key=key)
            with closing(answer["Body"]) as body, path.open("wb") as file:
                shutil.copyfileobj(body, file, 1 << 20)
        return Described(answer["ContentType"], answer["Metadata"])

    def put_new(
        self, key: str, body: bytes, media_type: str, metadata: Mapping[str, str] | None = None
    ) -> str:
        """Write an object that must not exist yet, which the store itself sees to; gives its etag.

        Raises:
            AlreadyExists: it does.
        """
        noted = {**(metadata or {}), "sha256": hashlib.sha256(body).hexdigest()}
        words = {"ContentType": media_type, "IfNoneMatch": "*", **self._retention()}
        return self._put(key, body, noted, words, AlreadyExists)

    def put_new_file(
        self, key: str, path: Path, media_type: str, metadata: Mapping[str, str] | None = None
    ) -> str:
        """`put_new` of a file's bytes, streamed.

        Raises:
            AlreadyExists: the object exists.
            TooLarge: the file has more than 5 GiB, S3's limit for one PUT.
        """
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise TooLarge(
                f"{path.name} has {size} bytes, the store takes {MOST_BYTES} at most, nothing "
                f"was written. Ask for it in parts."
            )
        words = {"ContentType": media_type, "IfNoneMatch": "*", **self._retention()}
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            noted = {**(metadata or {}), "sha256": digest}
            return self._put(key, file, noted, words, AlreadyExists)

    def put(self, key: str, body: bytes, media_type: str) -> None:
        """Write an object whether or not it exists: for pointers, which lose nothing by it."""
        with _translated(self.bucket, key):
            self._s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=media_type)

    def put_if_unchanged(self, key: str, body: bytes, media_type: str, *, etag: str) -> str:
        """Replace the object that had `etag` when it was read; gives the new etag.

        Raises:
            Changed: it was replaced or deleted in the meantime.
        """
        noted = {"sha256": hashlib.sha256(body).hexdigest()}
        words = {"ContentType": media_type, "IfMatch": etag}
        return self._put(key, body, noted, words, Changed)

    def sha256(self, key: str) -> str:
        """The digest of an object's bytes, streamed: those that lie there, not those noted.

        Raises:
            NoSuchObject: nothing is stored there.
        """
        digest = hashlib.sha256()
        with _translated(self.bucket, key):
            answer = self._s3.get_object(Bucket=self.bucket, Key=key)
            with closing(answer["Body"]) as body:
                for piece in body.iter_chunks(1 << 20):
                    digest.update(piece)
        return digest.hexdigest()

    def exists(self, key: str) -> bool:
        try:
            with _translated(self.bucket, key):
                self._s3.head_object(Bucket=self.bucket, Key=key)
        except NoSuchObject:
            return False
        return True

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Keys that begin with `prefix`, in their order."""
        with _translated(self.bucket, prefix):
            pages = self._s3.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
                yield from (found["Key"] for found in page.get("Contents", ()))

    def listed(self, prefix: str = "") -> Iterator[Listed]:
        """Objects whose keys begin with `prefix`, in order of key."""
        with _translated(self.bucket, prefix):
            pages = self._s3.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
                for one in page.get("Contents", ()):
                    yield Listed(one["Key"], one["Size"], one["ETag"], one["LastModified"])

    def get_part(self, key: str, offset: int, write: Callable[[bytes], int], *, etag: str) -> None:
        """Give the object's bytes from `offset` on to `write`, piece by piece.

        Raises:
            Changed: it no longer has that etag.
            NoSuchObject: nothing is stored there.
            StoreFailed: the transfer broke off.
        """
        part = f"bytes={offset}-"
        try:
            with _translated(self.bucket, key, but=(_REFUSED,)):
                answer = self._s3.get_object(Bucket=self.bucket, Key=key, Range=part, IfMatch=etag)
                with closing(answer["Body"]) as body:
                    for piece in body.iter_chunks(1 << 20):
                        write(piece)
        except ClientError:
            raise Changed(self.bucket, key) from None

    def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        with _translated(self.bucket, key):
            self._s3.delete_object(Bucket=self.bucket, Key=key)

    def presigned_url(self, key: str, seconds: int) -> str:
        """An address that lets anyone read this one object for so long."""
        return self._s3.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=seconds
        )

    @cached_property
    def has_lock(self) -> bool:
        """Whether the bucket was made with object lock."""
        try:
            with _translated(self.bucket, "", but=(_NO_LOCK,)):
                found = self._s3.get_object_lock_configuration(Bucket=self.bucket)
        except ClientError:
            return False
        return found["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled"

    def _retention(self) -> dict[str, Any]:
        """Nobody, its owner included, deletes or replaces the object before that day."""
        if not self._kept_days or not self.has_lock:
            return {}
        until = datetime.now(UTC) + timedelta(days=self._kept_days)
        return {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}

    def _put(
        self,
        key: str,
        body: bytes | BinaryIO,
        metadata: Mapping[str, str],
        words: dict[str, Any],
        refusal: type[AlreadyExists | Changed],
    ) -> str:
        for attempt in range(_ATTEMPTS_AT_A_CONFLICT):
            if not isinstance(body, bytes):
                body.seek(0)
            try:
                with _translated(self.bucket, key, but=(_REFUSED, _CONFLICT)):
                    return self._s3.put_object(
                        Bucket=self.bucket, Key=key, Body=body, Metadata=metadata, **words
                    )["ETag"]
            except ClientError as error:
                if error.response["Error"]["Code"] == _CONFLICT:
                    time.sleep(0.05 * 2**attempt)
                    continue
                retried = error.response["ResponseMetadata"]["RetryAttempts"] > 0
            # When an answer was lost, the retry is refused because of what we wrote ourselves.
            if retried and (etag := self._etag_of(key, metadata["sha256"])):
                return etag
            break
        raise refusal(self.bucket, key)

    def _etag_of(self, key: str, digest: str) -> str | None:
        with suppress(NoSuchObject), _translated(self.bucket, key):
            found = self._s3.head_object(Bucket=self.bucket, Key=key)
            if found["Metadata"].get("sha256") == digest:
                return found["ETag"]
        return None


@cache
def _client(connection: Connection) -> "S3Client":
    return boto3.session.Session().client(
        "s3",
        endpoint_url=connection.endpoint,
        aws_access_key_id=connection.key_id,
        aws_secret_access_key=connection.secret,
        region_name=connection.region,
        config=Config(
            s3={"addressing_style": "path"},
            signature_version="s3v4",
            connect_timeout=5,
            read_timeout=60,
            retries={"mode": "standard", "max_attempts": 4},
            max_pool_connections=_THREADS,
        ),
    )


@contextmanager
def _translated(bucket: str, key: str, but: tuple[str, ...] = ()) -> Iterator[None]:
    address = f"{bucket}/{key}"
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in but:
            raise
        if code in ("NoSuchKey", str(HTTPStatus.NOT_FOUND.value)):
            raise NoSuchObject(bucket, key) from None
        if code in _PASSING:
            raise StoreFailed(
                f"The object store failed at {address} ({code}). It is full, overloaded or broken: "
                f"look at its disk and its log, then run again."
            ) from error
        raise StoreRefused(
            f"The object store refused {address} ({code}). "
            f"Check AQSHA_S3_KEY_ID, AQSHA_S3_SECRET and that the bucket exists."
        ) from error
    except BotoCoreError as error:
        raise StoreFailed(
            f"The object store did not answer for {address} ({type(error).__name__}). "
            f"Check AQSHA_S3_ENDPOINT and that the server runs, then run again."
        ) from error
