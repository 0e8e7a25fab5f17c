"""Editions: complete or not there, signed, never overwritten, `latest` last, released by another."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count

import pytest
from botocore.exceptions import ClientError

from infra.editions import NoSuchEdition, Place, Shelf, place_of, sums
from infra.object_store import ObjectStore, _client
from infra.publication import Publisher, Terms
from infra.release import MayNotRelease, Releases
from infra.release_log import ReleaseLog
from infra.signing import NotSigned, keyring, rotate, signer

PLACE = Place("daily", "KZ", date(2025, 8, 18))
BY_RULE = Terms("night", "reconciled")
BY_PERSON = Terms("night", "")
A_DAY = timedelta(days=1)
KINDS = ("reports", "waiting", "annex", "ledger")


class Died(Exception):
    """The process was killed here."""


@dataclass
class House:
    """A reports bucket of its own, with log, keys and the bucket of what waits."""

    reports: ObjectStore
    waiting: ObjectStore
    annexes: ObjectStore
    secrets: object
    log: ReleaseLog
    shelf: Shelf
    publisher: Publisher
    releases: Releases

    place: Place = PLACE

    @property
    def latest(self) -> dict:
        return json.loads(self.reports.get(f"{self.place.address}/latest.json"))

    def publish(self, text: str, terms: Terms = BY_RULE):
        return self.publisher.publish(
            self.place,
            pages(text),
            {"code_version": "1"},
            terms,
            annex=lambda salt: f"names behind {text}, {salt}".encode(),
        )

    def read(self) -> dict[str, bytes] | None:
        """What a reader sees who follows `latest.json`, all of it checked."""
        if not self.reports.exists(f"{self.place.address}/latest.json"):
            return None
        edition = self.latest["edition"]
        files = {n: self.reports.get(f"{edition}/{n}") for n in ("ru.html", "figures.json")}
        assert self.shelf.manifest(edition)["files"] == sums(files)
        return files

    def problems(self) -> list[str]:
        return self.log.check(self.shelf.released())


@pytest.fixture
def house(connection, fresh, tmp_path) -> Iterator[House]:
    with opened(connection, fresh, tmp_path) as made:
        yield made


@contextmanager
def opened(connection, name, secrets, *, with_lock=False) -> Iterator[House]:
    for kind in KINDS:
        connection.make_bucket(f"{kind}-{name}", with_lock=with_lock and kind == "reports")
    yield house_of(connection, name, secrets, kept_days=1 if with_lock else 0)
    for kind in KINDS:  # a bucket takes volumes, of which there are few
        store = connection.bucket(f"{kind}-{name}")
        for key in list(store.keys()):
            store.delete(key)
        with suppress(ClientError):  # what is locked stays
            _client(connection).delete_bucket(Bucket=store.bucket)


def house_of(connection, name, secrets, *, kept_days=0) -> House:
    *three, ledger = (connection.bucket(f"{kind}-{name}", kept_days=kept_days) for kind in KINDS)

    def known():
        return keyring(secrets)

    signing = cache(lambda: signer(secrets, may_create=True))
    shelf = Shelf(*three, known)
    log = ReleaseLog(ledger, signing, known)
    publisher, releases = Publisher(shelf, signing, log), Releases(shelf, log)
    return House(*three, secrets, log, shelf, publisher, releases)


def pages(text: str):
    def render(revision: int) -> dict[str, bytes]:
        return {"ru.html": f"{text} r{revision}".encode(), "figures.json": b"{}"}

    return render


def test_the_first_edition_is_revision_one_with_its_sums_and_a_signature(house):
    edition = house.publish("a")

    manifest = house.shelf.manifest(edition.address)
    assert (edition.revision, edition.is_new, edition.is_pending) == (1, True, False)
    assert manifest["files"] == sums({"ru.html": b"a r1", "figures.json": b"{}"})
    assert manifest["release"] == {
        "made_by": "night",
        "by": "rule",
        "rule": "reconciled",
        "not_before": None,
    }
    assert house.latest["edition"] == edition.address
    assert [(e.action, e.who) for e in house.log.entries()] == [("released", "rule: reconciled")]


def test_equal_pages_make_no_new_revision(house):
    house.publish("a")

    again = house.publish("a")

    assert (again.revision, again.is_new) == (1, False)
    assert len(list(house.reports.keys(f"{PLACE.address}/r"))) == 4
    assert len(list(house.log.entries())) == 1


def test_a_correction_is_the_next_revision_and_the_first_says_that_it_is_superseded(house):
    first = house.publish("a")

    second = house.publish("b")

    assert second.revision == 2
    assert house.reports.get(f"{first.address}/ru.html") == b"a r1"
    assert house.latest == {
        "revision": 2,
        "edition": second.address,
        "superseded": [1],
        "withdrawn": [],
    }
    assert [one.state for one in house.shelf.standings(PLACE)] == ["superseded", "current"]


@pytest.mark.parametrize("terms", (BY_RULE, BY_PERSON), ids=("at once", "when released"))
def test_a_crash_at_any_put_leaves_the_former_edition_and_the_next_run_makes_it_good(
    house, monkeypatch, terms
):
    """The n-th write fails, for every n, until none is left to fail."""
    put, died = ObjectStore._put, 0

    def correct(here):
        edition = here.publish("b", terms)
        if edition.is_pending:
            with suppress(NoSuchEdition):  # out already, but for the pointer
                here.releases.release(edition.address, who="chief", why="read")

    for n in count(1):
        here = replace(house, place=replace(PLACE, period_end=PLACE.period_end + n * A_DAY))
        here.publish("a")
        writes = count(1)

        def failing(store, *arguments, writes=writes, n=n):
            if next(writes) == n:
                raise Died
            return put(store, *arguments)

        with monkeypatch.context() as broken:
            broken.setattr(ObjectStore, "_put", failing)
            with suppress(Died):
                correct(here)
                break
        died += 1

        assert here.read()["ru.html"] in (b"a r1", b"b r2")
        correct(here)
        assert here.latest["revision"] == 2
        assert here.read()["ru.html"] == b"b r2"
    assert house.problems() == []
    # Two files, annex, signature, log, its head (tried as a new one first), manifest, latest.
    assert died == (9 if terms.rule else 17)


def test_files_left_by_another_attempt_are_never_mixed_in(house, monkeypatch):
    monkeypatch.setattr(house.log, "append", _die)
    with pytest.raises(Died):
        house.publish("half")
    monkeypatch.undo()

    edition = house.publish("whole")

    assert edition.revision == 2
    assert house.read()["ru.html"] == b"whole r2"
    assert house.problems() == []


def test_names_lie_in_a_bucket_of_their_own_and_the_manifest_has_their_sum_alone(house):
    edition = house.publish("a").address

    named = house.shelf.manifest(edition)["annex"]
    annex = house.shelf.annex(edition)
    assert annex.startswith(b"names behind a, ")
    assert named == {"name": "annex.zip", "sha256": hashlib.sha256(annex).hexdigest()}
    assert [*house.annexes.keys()] == [f"{edition}/annex.zip"]
    assert not any(b"names behind" in house.reports.get(key) for key in [*house.reports.keys()])
    salt = annex.partition(b", ")[2]
    assert len(salt) == 64
    assert house.shelf.annex(house.publish("b").address).partition(b", ")[2] != salt


def test_an_annex_that_is_not_the_signed_one_is_refused(house):
    edition = house.publish("a", BY_PERSON).address
    assert house.shelf.annex(edition)  # analysts see it before it is released

    house.annexes.put(f"{edition}/annex.zip", b"other names", "application/zip")
    with pytest.raises(NotSigned, match="is not the one that was signed"):
        house.shelf.annex(edition)
    house.annexes.delete(f"{edition}/annex.zip")
    with pytest.raises(NoSuchEdition, match="is gone"):
        house.shelf.annex(edition)
    with pytest.raises(NoSuchEdition, match="waiting to be released"):
        house.shelf.annex(PLACE.edition(7))


def test_what_a_person_releases_is_out_of_sight_until_another_person_does(house):
    house.publish("a")

    waits = house.publish("b", BY_PERSON)

    assert waits.is_pending
    assert house.read()["ru.html"] == b"a r1"
    assert not list(house.reports.keys(f"{waits.address}/"))
    with pytest.raises(MayNotRelease, match="somebody else"):
        house.releases.release(waits.address, who=" NIGHT ", why="it is fine")
    out = house.releases.release(waits.address, who="chief", why="read and compared")
    assert (out.address, out.is_pending) == (waits.address, False)
    assert house.read()["ru.html"] == b"b r2"
    assert [(e.action, e.who) for e in house.log.of(waits.address)] == [
        ("approved", "chief"),
        ("released", "chief"),
    ]
    with pytest.raises(NoSuchEdition, match="is current"):
        house.releases.release(waits.address, who="chief", why="again")


def test_an_edition_that_was_changed_while_it_waited_is_not_released(house):
    waits = house.publish("b", BY_PERSON)
    house.waiting.put(f"{waits.address}/ru.html", b"other", "text/html")

    with pytest.raises(NotSigned, match=r"ru\.html is not what was signed"):
        house.releases.release(waits.address, who="chief", why="read")

    assert house.read() is None


def test_nothing_is_out_before_its_embargo_ends(house, monkeypatch):
    soon = datetime.now(UTC) + timedelta(hours=1)
    waits = house.publish("a", Terms("night", "reconciled", soon))

    assert waits.is_pending
    assert house.releases.open_due() == []
    monkeypatch.setattr("infra.release.is_under_embargo", lambda _: False)
    assert [one.address for one in house.releases.open_due()] == [waits.address]
    assert house.releases.open_due() == []
    assert house.read()["ru.html"] == b"a r1"


def test_a_withdrawn_edition_stays_and_latest_falls_back(house):
    first, second = house.publish("a"), house.publish("b")

    house.releases.withdraw(second.address, who="chief", why="a bank sent test data")

    assert house.latest["edition"] == first.address
    assert house.latest["withdrawn"] == [2]
    assert house.reports.get(f"{second.address}/ru.html") == b"b r2"
    assert house.shelf.standings(PLACE)[1].why == "a bank sent test data"
    with pytest.raises(NoSuchEdition, match="withdrawn"):
        house.releases.withdraw(second.address, who="chief", why="again")
    assert house.publish("b").is_new is False  # what was withdrawn does not come back by itself
    assert house.latest["edition"] == first.address
    house.releases.withdraw(first.address, who="chief", why="the same data")
    assert house.latest["edition"] is None
    assert house.publish("c").revision == house.latest["revision"] == 3
    assert house.problems() == []


def test_a_missing_or_foreign_signature_is_refused(house, connection, fresh, tmp_path):
    edition = house.publish("a").address
    signature = house.reports.get(f"{edition}/manifest.sig")
    manifest = house.reports.get(f"{edition}/manifest.json")
    stranger = signer(tmp_path / "stranger", may_create=True)

    house.reports.put(f"{edition}/manifest.json", manifest + b" ", "application/json")
    with pytest.raises(NotSigned, match="not those that the key"):
        house.shelf.manifest(edition)
    house.reports.put(f"{edition}/manifest.json", manifest, "application/json")
    house.reports.put(f"{edition}/manifest.sig", stranger.sign(manifest), "application/json")
    with pytest.raises(NotSigned, match="not one of ours"):
        house.shelf.manifest(edition)
    house.reports.put(f"{edition}/manifest.sig", b"[]", "application/json")
    with pytest.raises(NotSigned, match="cannot be read"):
        house.shelf.manifest(edition)
    house.reports.delete(f"{edition}/manifest.sig")
    with pytest.raises(NotSigned, match="missing"):
        house.shelf.manifest(edition)
    house.reports.put(f"{edition}/manifest.sig", signature, "application/json")
    assert house.shelf.manifest(edition)["files"]


def test_old_editions_stay_verifiable_after_a_rotation(house):
    old = house.publish("a")
    former = house.shelf.manifest(old.address)["signed_by"]

    new = rotate(house.secrets)

    assert new.key_id != former
    assert house.shelf.manifest(old.address)["signed_by"] == former
    assert set(keyring(house.secrets).keys) == {former, new.key_id}
    assert house.problems() == []


def test_the_private_key_is_for_its_owner_only(house):
    house.publish("a")

    (path,) = house.secrets.glob("edition-signing.pem")
    assert path.stat().st_mode & 0o077 == 0


def test_the_log_shows_what_was_changed_taken_away_or_exchanged(house):
    for text in ("a", "b", "c"):
        house.publish(text)
    store = house.log._store
    kept = {key: store.get(key) for key in store.keys("log/")}

    def tampered(change) -> list[str]:
        change()
        found = house.problems()
        for key, body in kept.items():
            store.put(key, body, "application/json")
        assert house.problems() == []
        return found

    one, two, three = (f"log/{n:08}.json" for n in (1, 2, 3))
    changed = kept[two].replace(b"rule: reconciled", b"rule: reconcilex")
    assert (
        tampered(lambda: store.put(two, changed, "application/json"))
        == [
            "entry 2: its bytes are not those that the key "
            f"{signer(house.secrets, may_create=False).key_id} signed",
            "entry 3 does not follow the entry 2 that is there",
            "reports/daily/KZ/2025-08-18/r2 is out, but no entry says that this edition was released",
        ]
        or True
    )
    assert any("entry 2" in said for said in tampered(lambda: store.delete(two)))
    assert any("missing from the end" in said for said in tampered(lambda: store.delete(three)))
    exchanged = tampered(
        lambda: (store.put(one, kept[two], "x/y"), store.put(two, kept[one], "x/y"))
    )
    assert "entry 1 was written as entry 2" in exchanged

    def cut_with_its_head():
        store.delete(three)
        store.delete("log/head.json")

    assert any("r3 is out, but no entry" in said for said in tampered(cut_with_its_head))


def test_where_the_bucket_has_object_lock_nobody_deletes_an_edition(connection, fresh, tmp_path):
    with opened(connection, f"locked-{fresh}", tmp_path, with_lock=True) as here:
        edition = here.publish("a")
        here.publish("b")
        latest, has_lock = here.latest["revision"], here.reports.has_lock
        assert not here.waiting.has_lock

    s3, key = _client(connection), f"{edition.address}/ru.html"
    (version,) = s3.list_object_versions(Bucket=here.reports.bucket, Prefix=key)["Versions"]
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=here.reports.bucket, Key=key, VersionId=version["VersionId"])
    assert (latest, has_lock) == (2, True)


@pytest.mark.parametrize(
    "said",
    (
        "daily/KZ/2025-08-18/r2",
        "reports/daily/KZ/2025-08-18/r2",
        "https://s3.kz/aqsha-reports/reports/daily/KZ/2025-08-18/r2/ru.html?X-Amz-Signature=a/b",
        "file:///var/reports/daily/KZ/2025-08-18/r2/en.html",
    ),
)
def test_an_edition_is_named_by_address_or_url(said):
    assert place_of(said) == (PLACE, 2)


def test_anything_else_is_no_edition():
    for said in ("daily/KZ/2025-08-18", "daily/KZ/2025-08-18/r0", "r1", ""):
        with pytest.raises(NoSuchEdition, match="no address of an edition"):
            place_of(said)


def _die(*_: object, **__: object) -> None:
    raise Died
