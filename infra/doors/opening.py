"""From an entry of the catalogue to an open door."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from infra.catalogue import Source
from infra.doors.credentials import Credentials
from infra.doors.door import Door
from infra.doors.folder import FolderDoor
from infra.doors.names import NamePattern
from infra.doors.terms import FolderTerms, HttpsTerms, S3Terms, SftpTerms


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Opens doors. `outside` is the root of folder doors, `incoming` keeps transfers' pieces."""

    outside: Path
    incoming: Path
    credentials: Credentials

    def door(
        self, source: Source, institution: str, absent: Collection[date]
    ) -> AbstractContextManager[Door]:
        """The door of one institution for one feed; an API is asked only for `absent` days."""
        terms, feed = source.door, source.feed
        names = NamePattern(source.names, feed, institution)
        if isinstance(terms, FolderTerms):
            root = Path(terms.folder) if terms.folder else self.outside
            return FolderDoor(root / institution / feed, feed, institution, names)
        if isinstance(terms, SftpTerms):
            return _sftp(terms, self.credentials, feed, institution, names)
        if isinstance(terms, S3Terms):
            from infra.doors.s3_drop import S3Door  # noqa: PLC0415

            return S3Door(terms, self.credentials, feed, institution, names)
        return _https(terms, self.credentials, feed, institution, absent)


def _sftp(
    terms: SftpTerms, credentials: Credentials, feed: str, institution: str, names: NamePattern
) -> AbstractContextManager[Door]:
    from infra.doors.sftp import SftpDoor  # noqa: PLC0415 - few installations need it

    return SftpDoor(terms, credentials, feed, institution, names)


def _https(
    terms: HttpsTerms,
    credentials: Credentials,
    feed: str,
    institution: str,
    absent: Collection[date],
) -> AbstractContextManager[Door]:
    from infra.doors.https_api import HttpsDoor  # noqa: PLC0415 - few installations need it

    return HttpsDoor(terms, credentials, feed, institution, absent)
