"""A process that ends by itself is begun again, but not for ever."""

import subprocess
import sys
import time

import pytest

from flows.kept import EndsAgainAndAgain, Kept


class Begun:
    """Begins processes, each of which lasts until it is killed."""

    def __init__(self) -> None:
        self.all: list[subprocess.Popen[bytes]] = []

    def __call__(self) -> "subprocess.Popen[bytes]":
        waiting = [sys.executable, "-c", "import time; time.sleep(600)"]
        self.all.append(subprocess.Popen(waiting))
        return self.all[-1]

    def kill_last(self) -> None:
        self.all[-1].kill()
        self.all[-1].wait()


@pytest.fixture
def begun():
    made = Begun()
    yield made
    for process in made.all:
        process.kill()
        process.wait()


def test_one_that_lives_is_left_alone(begun):
    kept = Kept(begun)

    assert not kept.look()
    assert begun.all == [kept.process]


def test_one_that_was_killed_is_begun_again_while_somebody_looks(begun):
    kept = Kept(begun)
    with kept.looked_after():
        begun.kill_last()
        deadline = time.monotonic() + 60
        while len(begun.all) < 2:
            assert time.monotonic() < deadline, "nobody began it again"
            time.sleep(0.05)

    assert kept.process.poll() is None
    begun.kill_last()
    assert len(begun.all) == 2, "afterwards nobody does"


def test_one_that_ends_again_and_again_is_given_up(begun):
    kept = Kept(begun)
    for _ in range(3):
        begun.kill_last()
        assert kept.look()
    begun.kill_last()

    with pytest.raises(EndsAgainAndAgain, match="-9"):
        kept.look()


def test_it_is_asked_to_end_and_does(begun):
    kept = Kept(begun)
    kept.end()

    assert kept.process.poll() is not None
