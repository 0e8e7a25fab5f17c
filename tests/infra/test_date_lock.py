"""Of two nights for one date, one works; a dead one does not stand in the way for ever."""

import json
import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest

from infra.date_lock import DateLocked, DateLockLost, date_lock, held_locks
from infra.object_store import Connection
from tests.infra.bad_line import BadLine

SECOND = 1 / 60


@pytest.fixture
def locks(connection, installation):
    return connection.bucket(installation.ledger_bucket)


@pytest.fixture
def day(fresh) -> date:
    """A date that no other test locks."""
    return date(2000, 1, 1) + timedelta(days=int(fresh, 16) % 900_000)


def test_a_rival_is_told_who_holds_the_date_and_what_to_do(locks, day):
    with (
        date_lock(locks, day, "quick-falcon", 5),
        pytest.raises(DateLocked) as refused,
        date_lock(locks, day, "slow-snail", 5),
    ):
        pass

    sentence = str(refused.value)
    assert sentence.startswith(f"{day} is locked by quick-falcon until 20")
    assert "slow-snail did nothing. Wait for it to end" in sentence


def test_a_date_given_back_is_free_at_once(locks, day):
    for owner in ("quick-falcon", "slow-snail", "quick-falcon"):
        with date_lock(locks, day, owner, 5) as held:
            held.check()


def test_another_date_is_free(locks, day):
    other = day - timedelta(days=1)

    with date_lock(locks, day, "quick-falcon", 5), date_lock(locks, other, "snail", 5) as held:
        held.check()


def test_a_night_that_fails_gives_its_date_back(locks, day):
    with suppress(ZeroDivisionError), date_lock(locks, day, "quick-falcon", 5):
        raise ZeroDivisionError

    with date_lock(locks, day, "slow-snail", 5) as held:
        held.check()


def test_a_lock_is_renewed_for_as_long_as_it_is_held(locks, day):
    with date_lock(locks, day, "quick-falcon", 0.6 * SECOND) as held:
        time.sleep(1.5)
        held.check()

        with pytest.raises(DateLocked), date_lock(locks, day, "slow-snail", 5):
            pass


def test_of_rivals_for_a_free_date_one_wins(locks, day):
    assert winners(locks, day) == 1


def test_of_rivals_for_an_expired_lock_one_wins(locks, day):
    with date_lock(locks, day, "quick-falcon", 5):
        pass

    assert winners(locks, day) == 1


def test_who_lost_the_lock_notices_and_leaves_the_next_holder_alone(locks, day):
    with date_lock(locks, day, "quick-falcon", 0.6 * SECOND) as held:
        locks.delete(f"locks/{day}.json")
        with date_lock(locks, day, "slow-snail", 5):
            time.sleep(0.5)
            with pytest.raises(DateLockLost, match=f"^The lock of {day} ran out before quick-fal"):
                held.check()
            held.release()
            with (
                pytest.raises(DateLocked, match="locked by slow-snail"),
                date_lock(locks, day, "third", 5),
            ):
                pass


def test_the_lock_of_a_night_killed_on_this_machine_is_free_at_once(locks, day, connection):
    kill_a_holder(locks, day, connection)

    with date_lock(locks, day, "next", 5) as held:
        held.check()


def test_a_lock_that_the_store_did_not_let_us_give_back_does_not_bar_our_own_retry(
    locks, day, connection
):
    with BadLine(connection.endpoint) as line:
        beyond = replace(connection, endpoint=line.endpoint).bucket(locks.bucket)
        with date_lock(beyond, day, "first attempt", 5):
            line.fail("cut", str(day), times=99)

    with date_lock(locks, day, "second attempt", 5) as held:
        held.check()
        with pytest.raises(DateLocked, match="second attempt"), date_lock(locks, day, "rival", 5):
            pass


def test_the_lock_of_a_night_killed_elsewhere_runs_out(locks, day, connection):
    kill_a_holder(locks, day, connection)
    key = f"locks/{day}.json"
    claim = json.loads(locks.get(key))
    claim["process"]["machine"] = "another"
    locks.put(key, json.dumps(claim).encode(), "application/json")

    with pytest.raises(DateLocked, match="locked by doomed"), date_lock(locks, day, "next", 5):
        pass
    time.sleep(1.6)
    with date_lock(locks, day, "next", 5) as held:
        held.check()


def kill_a_holder(locks, day, connection) -> None:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    night = spawn.Process(target=hold_until_killed, args=(connection, locks.bucket, day, theirs))
    night.start()
    assert ours.recv() == "held"
    night.kill()
    night.join(10)


def winners(locks, day) -> int:
    """How many of eight rivals get the date, while whoever has it waits for the others."""
    start, tried = Barrier(8), Barrier(8)

    def has_won(n: int) -> bool:
        start.wait(10)
        try:
            with date_lock(locks, day, f"rival-{n}", 5):
                tried.wait(10)
                return True
        except DateLocked:
            tried.wait(10)
            return False

    with ThreadPoolExecutor(8) as rivals:
        return list(rivals.map(has_won, range(8))).count(True)


def hold_until_killed(connection: Connection, bucket: str, day: date, parent) -> None:
    with date_lock(connection.bucket(bucket), day, "doomed", 1.5 * SECOND):
        parent.send("held")
        time.sleep(60)


def test_one_who_waits_gets_the_lock_when_the_other_lets_go(locks, fresh):
    with ThreadPoolExecutor(1) as other, date_lock(locks, fresh, "quick-falcon", 5):
        begun = time.monotonic()
        waiting = other.submit(hold_for_a_moment, locks, fresh, timedelta(seconds=30))
        time.sleep(0.7)
        assert not waiting.done()

    assert waiting.result() - begun >= 0.7


def test_one_whose_patience_ends_is_told_who_holds_it(locks, fresh):
    with date_lock(locks, fresh, "quick-falcon", 5), pytest.raises(DateLocked, match="quick-falc"):
        hold_for_a_moment(locks, fresh, timedelta(seconds=0.2))


def test_locks_that_are_held_or_were_left_by_the_dead_are_listed(locks, day, fresh, connection):
    kill_a_holder(locks, day, connection)
    with date_lock(locks, fresh, "quick-falcon", 5):
        held = {lock.subject: lock for lock in held_locks(locks)}

    assert (held[fresh].owner, held[fresh].is_void) == ("quick-falcon", False)
    assert (held[str(day)].owner, held[str(day)].is_void) == ("doomed", True)
    assert fresh not in {lock.subject for lock in held_locks(locks)}


def hold_for_a_moment(locks, subject, patience) -> float:
    with date_lock(locks, subject, "slow-snail", 5, patience):
        return time.monotonic()
