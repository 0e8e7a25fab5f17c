"""Editions: complete or not there, never overwritten, `latest` last."""

import json
from datetime import date

import pytest

from infra.publication import Place, Publisher, sums


class Died(Exception):
    """The process was killed here."""


@pytest.fixture
def reports(connection, fresh):
    connection.make_bucket(f"reports-{fresh}")
    return connection.bucket(f"reports-{fresh}")


@pytest.fixture
def publisher(reports) -> Publisher:
    return Publisher(reports)


PLACE = Place("daily", "KZ", date(2025, 8, 18))


def pages(text: str):
    def render(revision: int) -> dict[str, bytes]:
        return {"ru.html": f"{text} r{revision}".encode(), "figures.json": b"{}"}

    return render


def latest(reports) -> dict[str, object]:
    return json.loads(reports.get(f"{PLACE.address}/latest.json"))


def test_the_first_edition_is_revision_one_with_its_sums(publisher, reports):
    edition = publisher.publish(PLACE, pages("a"), {"code_version": "1"})

    manifest = json.loads(reports.get(f"{edition.address}/manifest.json"))
    assert (edition.revision, edition.is_new) == (1, True)
    assert manifest["files"] == sums({"ru.html": b"a r1", "figures.json": b"{}"})
    assert latest(reports) == {"edition": edition.address, "revision": 1}


def test_equal_pages_make_no_new_revision(publisher, reports):
    publisher.publish(PLACE, pages("a"), {"tables": 1})

    again = publisher.publish(PLACE, pages("a"), {"tables": 2})

    assert (again.revision, again.is_new) == (1, False)
    assert len(list(reports.keys(f"{PLACE.address}/r"))) == 3


def test_a_correction_is_the_next_revision_and_the_first_stays(publisher, reports):
    first = publisher.publish(PLACE, pages("a"), {})

    second = publisher.publish(PLACE, pages("b"), {})

    assert second.revision == 2
    assert reports.get(f"{first.address}/ru.html") == b"a r1"
    assert latest(reports)["revision"] == 2


def test_an_edition_broken_off_before_its_manifest_is_none(publisher, reports, monkeypatch):
    publisher.publish(PLACE, pages("a"), {})
    monkeypatch.setattr(publisher, "_put_manifest", _die)
    with pytest.raises(Died):
        publisher.publish(PLACE, pages("b"), {})
    assert latest(reports)["revision"] == 1
    monkeypatch.undo()

    taken_up = publisher.publish(PLACE, pages("b"), {})

    assert taken_up.revision == latest(reports)["revision"] == 2


def test_files_left_by_another_attempt_are_never_mixed_in(publisher, reports, monkeypatch):
    monkeypatch.setattr(publisher, "_put_manifest", _die)
    with pytest.raises(Died):
        publisher.publish(PLACE, pages("half"), {})
    monkeypatch.undo()

    edition = publisher.publish(PLACE, pages("whole"), {})

    assert edition.revision == 2
    assert publisher.files(edition.address)["ru.html"] == b"whole r2"


def test_a_crash_before_latest_is_made_good_by_the_next_run(publisher, reports, monkeypatch):
    monkeypatch.setattr(publisher, "_point_at", _die)
    with pytest.raises(Died):
        publisher.publish(PLACE, pages("a"), {})
    monkeypatch.undo()

    publisher.publish(PLACE, pages("a"), {})

    assert latest(reports)["revision"] == 1


def _die(*_: object) -> None:
    raise Died
