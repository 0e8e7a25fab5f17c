"""SFTP against a real server: resumed after a cut, refused by a wrong host key, never half."""

import asyncio
import os
import threading
from datetime import date

import asyncssh
import pytest

from infra.doors.credentials import Credentials
from infra.doors.door import DoorFailed
from infra.doors.names import USUAL, NamePattern
from infra.doors.sftp import SftpDoor
from infra.doors.terms import SftpTerms

DAY = date(2025, 8, 18)
NAME = "rates_BANK_20250818.csv"
PASSWORD = "open sesame"
BODY = os.urandom(9 << 20)


class Faults:
    """How the server misbehaves: after how many bytes it cuts off or stalls."""

    cut_after: int | None = None
    stall_after: int | None = None
    asked_from: int | None = None


class Server(asyncssh.SSHServer):
    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == ("aqsha", PASSWORD)


def files(faults, root):
    class Files(asyncssh.SFTPServer):
        def __init__(self, channel):
            super().__init__(channel, chroot=str(root).encode())
            self._channel = channel

        async def read(self, file_obj, offset, size):
            if faults.asked_from is None:
                faults.asked_from = offset
            if faults.cut_after is not None and offset >= faults.cut_after:
                self._channel.get_connection().abort()
                return b""
            if faults.stall_after is not None and offset >= faults.stall_after:
                await asyncio.sleep(30)
            file_obj.seek(offset)
            return file_obj.read(size)

    return Files


class Running:
    """An SFTP server in a thread of its own."""

    def __init__(self, root, client_key=None):
        self.faults = Faults()
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._root = root
        self._client_key = client_key
        threading.Thread(target=self._run, daemon=True).start()
        assert self._ready.wait(10)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(
            asyncssh.listen(
                "127.0.0.1",
                0,
                server_factory=Server,
                server_host_keys=[self.key],
                authorized_client_keys=self._client_key,
                sftp_factory=files(self.faults, self._root),
            )
        )
        self.port = self._server.get_port()
        self._ready.set()
        self._loop.run_forever()

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)


@pytest.fixture
def outbox(tmp_path):
    folder = tmp_path / "served" / "out"
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(BODY)
    os.utime(folder / NAME, (1755500000, 1755500000))
    (folder / "readme.txt").write_text("not a delivery")
    return folder


@pytest.fixture
def server(outbox):
    running = Running(outbox.parent)
    yield running
    running.stop()


@pytest.fixture
def secrets(tmp_path):
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "BANK_PASSWORD").write_text(PASSWORD + "\n")
    return folder


def door(server, secrets, **changes):
    terms = {
        "kind": "sftp",
        "host": "127.0.0.1",
        "port": server.port,
        "user": "aqsha",
        "folder": "/out",
        "host_key": server.key.get_fingerprint("sha256"),
        "password": "BANK_PASSWORD",
    }
    names = NamePattern(USUAL, "rates", "BANK")
    stated = SftpTerms.model_validate({**terms, **changes})
    return SftpDoor(stated, Credentials(secrets), "rates", "BANK", names, stall_s=2)


def test_only_deliveries_are_offered_and_they_come_whole(server, secrets, tmp_path):
    with door(server, secrets) as opened:
        [file] = opened.offered(DAY)
        path = opened.bring(file, tmp_path / "incoming")

        assert (file.name, file.business_date, file.bytes) == (NAME, DAY, len(BODY))
        assert path.read_bytes() == BODY
        assert opened.companion("readme.txt") == b"not a delivery"
        assert opened.companion("nothing.control.json") is None
        assert list(opened.offered(date(2025, 8, 17))) == []


def test_a_transfer_that_was_cut_off_goes_on_where_it_stopped(server, secrets, tmp_path):
    server.faults.cut_after = 5 << 20
    with pytest.raises(DoorFailed, match=r"BANK \(sftp\): 127\.0\.0\.1 failed"):
        with door(server, secrets) as opened:
            opened.bring(next(opened.offered(DAY)), tmp_path / "incoming")
    server.faults.cut_after = server.faults.asked_from = None

    with door(server, secrets) as opened:
        path = opened.bring(next(opened.offered(DAY)), tmp_path / "incoming")

    assert path.read_bytes() == BODY
    assert server.faults.asked_from >= 4 << 20


def test_a_file_that_changed_meanwhile_is_begun_anew(server, secrets, outbox, tmp_path):
    server.faults.cut_after = 5 << 20
    with pytest.raises(DoorFailed):
        with door(server, secrets) as opened:
            opened.bring(next(opened.offered(DAY)), tmp_path / "incoming")
    server.faults.cut_after = None
    corrected = os.urandom(len(BODY))
    (outbox / NAME).write_bytes(corrected)

    with door(server, secrets) as opened:
        path = opened.bring(next(opened.offered(DAY)), tmp_path / "incoming")

    assert path.read_bytes() == corrected


def test_a_file_that_changes_while_it_is_read_is_not_taken(server, secrets, outbox, tmp_path):
    with door(server, secrets) as opened:
        [file] = opened.offered(DAY)
        (outbox / NAME).write_bytes(os.urandom(len(BODY)))

        with pytest.raises(DoorFailed, match="changed while it was read"):
            opened.bring(file, tmp_path / "incoming")


def test_a_server_that_stalls_is_given_up(server, secrets, tmp_path):
    server.faults.stall_after = 5 << 20

    with door(server, secrets) as opened, pytest.raises(DoorFailed, match="did not answer for 2 s"):
        opened.bring(next(opened.offered(DAY)), tmp_path / "incoming")


def test_a_server_with_another_host_key_gets_nothing_from_us(server, secrets):
    other = asyncssh.generate_private_key("ssh-ed25519").get_fingerprint("sha256")

    with pytest.raises(DoorFailed, match="does not have the host key"):
        with door(server, secrets, host_key=other):
            pass


def test_a_wrong_password_is_said_without_the_password(server, secrets):
    (secrets / "BANK_PASSWORD").write_text("guess")

    with pytest.raises(DoorFailed, match="refused aqsha") as failed:
        with door(server, secrets):
            pass

    assert "guess" not in str(failed.value)


def test_a_key_opens_too(outbox, secrets):
    key = asyncssh.generate_private_key("ssh-ed25519")
    (secrets / "BANK_KEY").write_bytes(key.export_private_key())
    public = asyncssh.import_authorized_keys(key.export_public_key().decode())
    running = Running(outbox.parent, public)

    with door(running, secrets, password=None, key="BANK_KEY") as opened:
        assert [file.name for file in opened.offered(DAY)] == [NAME]
    running.stop()


def test_nobody_at_the_address_is_said(server, secrets):
    server.stop()

    with pytest.raises(DoorFailed, match=r"127\.0\.0\.1"):
        with door(server, secrets, port=1):
            pass
