"""The embedded server: one per home, shared by processes, stopped by the last."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from infra.object_server import ServerError, object_server
from infra.object_store import Connection, StoreFailed
from infra.settings import Settings


@pytest.fixture
def home(tmp_path) -> Settings:
    return at(tmp_path / "home")


def at(path: Path, **settings) -> Settings:
    return Settings(_env_file=None, home=path, **settings)


def note(home: Settings) -> dict:
    text = (home.home / "object-store" / "server.json").read_text(encoding="utf-8")
    return json.loads(text)


def answers(home: Settings, endpoint: str) -> bool:
    with suppress(StoreFailed):
        Connection.of(home, endpoint).check()
        return True
    return False


def test_a_server_of_ones_own_is_used_as_it_is(home):
    foreign = at(home.home, s3_endpoint="https://s3.example.kz", s3_secret="hush-hush-hush")

    with object_server(foreign) as endpoint:
        assert endpoint == "https://s3.example.kz"

    assert not home.home.exists()


def test_a_browser_opens_what_is_published_and_nothing_else(home):
    with object_server(home) as endpoint:
        for bucket in home.buckets:
            Connection.of(home, endpoint).bucket(bucket).put("a.html", b"<p>", "text/html")

        opened = {bucket: status(f"{endpoint}/{bucket}/a.html") for bucket in home.buckets}

        assert opened == dict.fromkeys(home.buckets, 403) | {home.reports_bucket: 200}
        assert status(f"{endpoint}/{home.reports_bucket}?list-type=2") == 403
        assert status(f"{endpoint}/{home.reports_bucket}/a.html", "PUT") == 403
        assert status(f"{endpoint}/{home.reports_bucket}/a.html", "DELETE") == 403


def status(address: str, method: str = "GET") -> int:
    return httpx.request(method, address).status_code


def test_the_server_is_stopped_by_the_last_to_leave_and_keeps_what_it_was_given(home):
    with object_server(home) as endpoint:
        with object_server(home) as again:
            assert again == endpoint
        lake = Connection.of(home, endpoint).bucket(home.lake_bucket)
        lake.put_new("key", b"kept", "text/plain")
        pid = note(home)["pid"]
    assert not is_running(pid)

    with object_server(home) as endpoint_then:
        lake = Connection.of(home, endpoint_then).bucket(home.lake_bucket)
        assert endpoint_then == endpoint
        assert lake.get("key") == b"kept"


def test_what_was_given_is_found_at_another_address(home):
    with object_server(home) as endpoint:
        Connection.of(home, endpoint).bucket(home.lake_bucket).put_new("key", b"kept", "text/plain")
    (home.home / "object-store" / "server.json").unlink()

    with object_server(home) as elsewhere:
        found = Connection.of(home, elsewhere).bucket(home.lake_bucket).get("key")

    assert elsewhere != endpoint
    assert found == b"kept"


def test_a_second_process_uses_the_running_server_and_does_not_stop_it(home):
    with object_server(home) as endpoint:
        told = in_process(home.home)

        assert told == endpoint
        assert answers(home, endpoint)


def test_processes_that_start_at_once_share_one_server(home):
    spawn = multiprocessing.get_context("spawn")
    both, told = spawn.Barrier(2), spawn.SimpleQueue()
    processes = [spawn.Process(target=use, args=(home.home, both, told)) for _ in range(2)]
    for each in processes:
        each.start()
    for each in processes:
        each.join(60)

    assert [each.exitcode for each in processes] == [0, 0]
    assert told.get() == told.get()
    assert not is_running(note(home)["pid"])


def test_servers_of_different_homes_start_at_once(tmp_path):
    def own(n: int) -> str:
        home = at(tmp_path / str(n))
        with object_server(home) as endpoint:
            assert answers(home, endpoint)
            return endpoint

    with ThreadPoolExecutor(3) as starters:
        endpoints = set(starters.map(own, range(3)))

    assert len(endpoints) == 3


def test_a_server_left_by_a_killed_process_is_used_and_then_stopped(home):
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from infra.settings import Settings; from infra.object_server import object_server\n"
        "with object_server(Settings(_env_file=None, home=Path(sys.argv[1]))):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(home.home)], check=False)
    left = note(home)

    with object_server(home) as endpoint:
        assert (endpoint, note(home)["pid"]) == (left["endpoint"], left["pid"])

    assert not is_running(left["pid"])


@pytest.mark.parametrize("pid", ["dead", "of another process"])
def test_a_stale_note_is_replaced_and_no_stranger_is_killed(home, pid):
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    if pid == "dead":
        stranger.kill()
        stranger.wait()
    with object_server(home):
        before = note(home)
    path = home.home / "object-store" / "server.json"
    path.write_text(json.dumps(before | {"pid": stranger.pid}), encoding="utf-8")

    with object_server(home) as endpoint:
        assert answers(home, endpoint)
        assert note(home)["pid"] != stranger.pid

    if pid != "dead":
        assert stranger.poll() is None
        stranger.kill()
        stranger.wait()


def test_a_server_that_no_longer_answers_is_replaced(home):
    with object_server(home):
        hung = note(home)["pid"]
        os.kill(hung, signal.SIGKILL)

        with object_server(home) as endpoint:
            assert answers(home, endpoint)
            assert note(home)["pid"] != hung


def test_a_running_server_is_not_used_with_another_key(home):
    with object_server(home):
        other = at(home.home, s3_secret="another-secret")

        with pytest.raises(ServerError, match="runs with another key, so it was not used"):
            object_server(other).__enter__()


def test_a_server_that_cannot_start_says_why_and_what_to_do(home):
    data = home.home / "object-store" / "data"
    data.mkdir(parents=True)
    (data / "filerldb2").write_text("a file in the way", encoding="utf-8")

    with pytest.raises(ServerError) as refused:
        object_server(home).__enter__()

    sentence = str(refused.value)
    assert sentence.startswith("The embedded object server did not come up in 5 attempts; nothing")
    assert "name a server in AQSHA_S3_ENDPOINT. Its last words:\n" in sentence
    assert "filerldb2" in sentence


def is_running(pid: int) -> bool:
    with suppress(FileNotFoundError):
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        return state not in "ZX"
    return False


def in_process(path: Path) -> str:
    program = (
        "import sys; from pathlib import Path\n"
        "from infra.settings import Settings; from infra.object_server import object_server\n"
        "with object_server(Settings(_env_file=None, home=Path(sys.argv[1]))) as endpoint:\n"
        "    print(endpoint, end='')\n"
    )
    command = [sys.executable, "-c", program, str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def use(path: Path, both, told) -> None:
    home = at(path)
    both.wait(30)
    with object_server(home) as endpoint:
        both.wait(30)
        told.put((note(home)["pid"], answers(home, endpoint)))
