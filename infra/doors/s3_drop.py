"""The S3 door: an institution puts objects under a prefix of a bucket."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.doors.credentials import Credentials
from infra.doors.door import DoorFailed, Offered
from infra.doors.names import NamePattern
from infra.doors.partial import Short, brought
from infra.doors.terms import S3Terms
from infra.object_store import Changed, Connection, NoSuchObject, StoreFailed

_AGAIN = "What came is kept; it is tried again. If it stays so, call them."


class S3Door:
    """Objects of one bucket; a piece is only ever continued by the same version of the object."""

    def __init__(
        self,
        terms: S3Terms,
        credentials: Credentials,
        feed: str,
        institution: str,
        names: NamePattern,
    ) -> None:
        connection = Connection(
            terms.endpoint,
            credentials.get(terms.key).get_secret_value(),
            credentials.get(terms.secret).get_secret_value(),
            terms.region,
        )
        self._objects = connection.bucket(terms.bucket)
        self._endpoint = terms.endpoint
        self._prefix = terms.prefix
        self._feed = feed
        self._institution = institution
        self._names = names

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def offered(self, until: date) -> Iterator[Offered]:
        """As `Door` says."""
        try:
            listed = list(self._objects.listed(self._prefix))
        except StoreFailed as error:
            raise self._unanswered(error) from None
        found = []
        for one in listed:
            name = one.key.removeprefix(self._prefix)
            day = self._names.day(name)
            if day is not None and day <= until:
                found.append(
                    Offered(
                        self._feed,
                        self._institution,
                        day,
                        name,
                        one.key,
                        one.bytes,
                        one.changed_at.replace(microsecond=0),
                        one.etag,
                    )
                )
        yield from sorted(found, key=lambda file: (file.arrived_at, file.name))

    def bring(self, file: Offered, folder: Path) -> Path:
        """As `Door` says."""
        try:
            return brought(
                file,
                folder,
                lambda at, write: self._objects.get_part(file.at, at, write, etag=file.mark),
            )
        except Changed:
            raise self._failed(f"{file.name} changed while it was read.") from None
        except Short as error:
            raise self._failed(f"{file.name} came short: {error}") from None
        except (StoreFailed, NoSuchObject) as error:
            raise self._unanswered(error) from None

    def companion(self, name: str) -> bytes | None:
        """As `Door` says."""
        try:
            return self._objects.get(f"{self._prefix}{name}")
        except NoSuchObject:
            return None
        except StoreFailed as error:
            raise self._unanswered(error) from None

    def _unanswered(self, error: Exception) -> DoorFailed:
        kind = type(error.__cause__ or error).__name__
        return self._failed(f"{self._objects.bucket} at {self._endpoint} failed: {kind}.")

    def _failed(self, says: str) -> DoorFailed:
        return DoorFailed(self._institution, "s3", says, _AGAIN)
