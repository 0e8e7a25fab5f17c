"""The ledger says what is done, once and for good."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.ledger import Entry, EntryError, Ledger, fingerprint

DAY = date(2026, 11, 1)
AT = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def ledger(connection, installation) -> Ledger:
    return Ledger(connection.bucket(installation.ledger_bucket))


@pytest.fixture
def staged(fresh) -> Entry:
    return Entry(
        business_date=DAY,
        step="stage",
        subject=f"card_transactions/{fresh}",
        fingerprint=fingerprint("rules 3", {"delivery": fresh}),
        outcome="done",
        run="quick-falcon",
        at=AT,
        details={"rows": 5000, "version": 7},
    )


def found(ledger: Ledger, like: Entry) -> Entry | None:
    return ledger.find(like.business_date, like.step, like.subject, like.fingerprint)


def test_what_was_not_recorded_is_not_done(ledger, staged):
    assert found(ledger, staged) is None


def test_what_is_recorded_is_found_with_its_details(ledger, staged):
    ledger.record(staged)

    assert found(ledger, staged) == staged


def test_other_inputs_are_another_matter(ledger, staged):
    ledger.record(staged)

    assert found(ledger, replace(staged, fingerprint=fingerprint("rules 4"))) is None


def test_of_two_who_did_the_same_the_first_counts(ledger, staged):
    later = replace(staged, run="slow-snail", at=AT + timedelta(hours=1))

    first, second = ledger.record(staged), ledger.record(later)

    assert first == second == found(ledger, staged) == staged


def test_of_rivals_all_are_told_the_same(ledger, staged):
    with ThreadPoolExecutor(8) as rivals:
        told = list(
            rivals.map(lambda n: ledger.record(replace(staged, run=f"run-{n}")).run, range(8))
        )

    assert len(set(told)) == 1


def test_a_failure_is_kept_and_does_not_stand_in_the_way(ledger, staged):
    failed = replace(staged, outcome="failed", at=AT - timedelta(hours=1))
    again = replace(failed, at=AT - timedelta(minutes=30))
    ledger.record(failed)
    ledger.record(again)

    assert found(ledger, staged) is None
    ledger.record(staged)

    assert found(ledger, staged) == staged
    mine = [entry for entry in ledger.entries(DAY) if entry.subject == staged.subject]
    assert mine == [failed, again, staged]


def test_a_time_is_noted_in_utc(ledger, staged):
    almaty = AT.astimezone(timezone(timedelta(hours=5)))

    ledger.record(replace(staged, at=almaty))

    assert found(ledger, staged).at.isoformat() == "2026-11-02T01:30:00+00:00"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"step": "a/b"}, "step is 'a/b', nothing was noted"),
        ({"subject": "../x y"}, "subject is '../x y', nothing was noted"),
        ({"subject": ""}, "subject is '', nothing was noted"),
        ({"at": AT.replace(tzinfo=None)}, "without a time zone"),
    ],
)
def test_an_entry_that_could_not_be_found_again_is_refused(staged, wrong, sentence):
    with pytest.raises(EntryError, match=sentence):
        replace(staged, **wrong)


@given(
    st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3), max_size=4),
    st.randoms(),
)
def test_a_fingerprint_does_not_depend_on_the_order_of_a_mapping(inputs, chance):
    shuffled = list(inputs.items())
    chance.shuffle(shuffled)

    assert fingerprint("rules 3", dict(shuffled)) == fingerprint("rules 3", inputs)


@given(st.text(), st.text())
def test_different_parts_have_different_fingerprints(one, other):
    assert (fingerprint(one) == fingerprint(other)) == (one == other)
    assert fingerprint(one, other) != fingerprint(one + other)


def is_last(ledger: Ledger, like: Entry) -> bool:
    return ledger.is_last(like.business_date, like.step, like.subject, like.fingerprint)


def test_the_last_to_settle_is_last_also_when_it_was_done_before(ledger, staged):
    newer = replace(staged, fingerprint=fingerprint("rules 4"), at=AT + timedelta(hours=1))
    assert not is_last(ledger, staged)

    ledger.settle(staged)
    ledger.settle(newer)
    assert (is_last(ledger, staged), is_last(ledger, newer)) == (False, True)

    ledger.settle(replace(staged, at=AT + timedelta(hours=2)))
    assert (is_last(ledger, staged), is_last(ledger, newer)) == (True, False)


def test_the_last_entry_is_of_what_lies_there_now(ledger, staged):
    newer = replace(staged, fingerprint=fingerprint("rules 4"), details={"version": 8})
    place = (staged.business_date, staged.step, staged.subject)

    assert ledger.last(*place) is None
    for entry in (staged, newer):
        ledger.settle(entry)
        assert ledger.last(*place) == entry
    ledger.settle(staged)
    assert ledger.last(*place) == staged
    ledger.record(replace(newer, outcome="failed"))
    assert ledger.last(*place) == staged
