"""The SFTP door: a folder on a server of the institution's, or of ours that it writes to."""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import asyncssh

from infra.doors.credentials import Credentials
from infra.doors.door import DoorFailed, Offered
from infra.doors.names import NamePattern
from infra.doors.partial import Short, Write, brought
from infra.doors.terms import SftpTerms

T = TypeVar("T")

_PIECE = 4 << 20
_MOST_COMPANION = 1 << 20
_SHORT = 0.1  # seconds for a short question, or as long as a stall may last


class SftpDoor:
    """One connection. Its host key must have the declared fingerprint; anything else is refused.

    Args:
        stall_s: how long to wait for an answer before the transfer counts as broken off.
    """

    def __init__(
        self,
        terms: SftpTerms,
        credentials: Credentials,
        feed: str,
        institution: str,
        names: NamePattern,
        *,
        stall_s: float = 60,
    ) -> None:
        self._terms = terms
        self._credentials = credentials
        self._feed = feed
        self._institution = institution
        self._names = names
        self._stall_s = stall_s
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        try:
            self._connection, self._sftp = self._run(self._connected())
        except BaseException:
            self._runner.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.abort()
        self._runner.close()

    def offered(self, until: date) -> Iterator[Offered]:
        """As `Door` says. Names that do not follow the pattern are left where they lie."""
        found = []
        for entry in self._run(self._sftp.readdir(self._terms.folder)):
            name, attributes = str(entry.filename), entry.attrs
            day = self._names.day(name)
            if day is None or day > until or attributes.size is None:
                continue
            changed = int(attributes.mtime or 0)
            found.append(
                Offered(
                    self._feed,
                    self._institution,
                    day,
                    name,
                    self._at(name),
                    attributes.size,
                    datetime.fromtimestamp(changed, tz=UTC),
                    str(changed),
                )
            )
        yield from sorted(found, key=lambda file: (file.arrived_at, file.name))

    def bring(self, file: Offered, folder: Path) -> Path:
        """As `Door` says; resumed at the byte where it broke off."""
        try:
            whole = brought(
                file, folder, lambda at, write: self._run(self._copied(file, at, write), None)
            )
        except Short as error:
            raise self._failed(f"{file.name} came short: {error}", _AGAIN) from None
        now = self._run(self._sftp.stat(file.at))
        if (now.size, str(int(now.mtime or 0))) != (file.bytes, file.mark):
            whole.unlink()
            raise self._failed(f"{file.name} changed while it was read.", _AGAIN)
        return whole

    def companion(self, name: str) -> bytes | None:
        """As `Door` says."""
        at = self._at(name)
        if not self._run(self._sftp.exists(at)):
            return None
        return self._run(self._read(at))

    async def _connected(self) -> tuple[asyncssh.SSHClientConnection, asyncssh.SFTPClient]:
        terms = self._terms
        password = self._credentials.get(terms.password) if terms.password else None
        keys = (
            [
                asyncssh.import_private_key(
                    self._credentials.get(terms.key).get_secret_value() + "\n"
                )
            ]
            if terms.key
            else None
        )
        connection = await asyncssh.connect(
            terms.host,
            terms.port,
            username=terms.user,
            password=password.get_secret_value() if password else None,
            client_keys=keys,
            client_factory=lambda: _OneHostKey(terms.host_key),
            known_hosts=([], [], []),
            config=None,
            agent_path=None,
            gss_host=None,
            preferred_auth="password,keyboard-interactive" if password else "publickey",
            connect_timeout=self._stall_s,
            login_timeout=self._stall_s,
            keepalive_interval=self._stall_s,
        )
        return connection, await connection.start_sftp_client()

    async def _copied(self, file: Offered, offset: int, write: Write) -> None:
        remote = await self._sftp.open(file.at, "rb")
        while offset < file.bytes:
            piece = await asyncio.wait_for(remote.read(_PIECE, offset), self._stall_s)
            if not piece:
                break
            write(_bytes(piece))
            offset += len(piece)
        await remote.close()  # not after a stall: it would wait for the answer that stalls

    async def _read(self, at: str) -> bytes:
        async with self._sftp.open(at, "rb") as remote:
            return _bytes(await remote.read(_MOST_COMPANION))

    def _run(self, work: Coroutine[Any, Any, T], within_s: float | None = _SHORT) -> T:
        try:
            return self._runner.run(self._in_time(work, within_s))
        except asyncssh.HostKeyNotVerifiable:
            raise self._failed(
                f"the server at {self._terms.host} does not have the host key "
                f"{self._terms.host_key}; nothing was sent to it.",
                "Ask them whether they changed it; if not, somebody is in between.",
            ) from None
        except asyncssh.PermissionDenied:
            raise self._failed(
                f"{self._terms.host} refused {self._terms.user}.",
                "Put the right password or key among the secrets.",
            ) from None
        except TimeoutError:
            raise self._failed(
                f"{self._terms.host} did not answer for {self._stall_s:g} s.", _AGAIN
            ) from None
        except (asyncssh.Error, OSError) as error:
            raise self._failed(
                f"{self._terms.host} failed: {type(error).__name__}.", _AGAIN
            ) from None

    async def _in_time(self, work: Coroutine[Any, Any, T], within_s: float | None) -> T:
        return await asyncio.wait_for(work, within_s and max(within_s, self._stall_s))

    def _at(self, name: str) -> str:
        return f"{self._terms.folder.rstrip('/')}/{name}"

    def _failed(self, says: str, to_do: str) -> DoorFailed:
        return DoorFailed(self._institution, "sftp", says, to_do)


_AGAIN = "What came is kept; it is tried again. If it stays so, call them."


def _bytes(piece: bytes | str) -> bytes:
    return piece if isinstance(piece, bytes) else piece.encode()  # a file opened "rb" gives bytes


class _OneHostKey(asyncssh.SSHClient):
    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint

    def validate_host_public_key(
        self,
        host: str,  # noqa: ARG002
        addr: str,  # noqa: ARG002
        port: int,  # noqa: ARG002
        key: asyncssh.SSHKey,
    ) -> bool:
        return key.get_fingerprint("sha256") == self._fingerprint
