"""Mail to roles over a real store and a real mail server: once, not too early, or late and why."""

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import count
from urllib.request import urlopen

import polars as pl
import pytest
import trustme
from botocore.exceptions import ClientError

from flows.deliver import Delivered, delivered
from infra import installation as built
from infra.editions import Place
from infra.installation import Installation
from infra.mail import MailFailed
from infra.object_store import _client
from infra.publication import Terms
from infra.settings import Settings
from tests.infra.test_mail import Inbox, running
from transforms.volumes import VOLUMES

BY_RULE = Terms("night", "reconciled")
A_DAY = timedelta(days=1)
ROLES = """
[[role]]
name = "leadership"
language = "kk"
reports = ["daily"]
areas = ["KZ"]
addresses = ["first@example.kz", "second@example.kz"]

[[role]]
name = "region"
language = "ru"
reports = ["daily"]
areas = ["75"]
addresses = ["third@example.kz"]
"""
_nights = (date(2025, 3, 3) + n * 10 * A_DAY for n in count())


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture(scope="module")
def at(installation, endpoint, tmp_path_factory, authority, inbox) -> Iterator[Installation]:
    """Buckets of their own on the server that all tests share, and a mail server with TLS."""
    folder = tmp_path_factory.mktemp("mail")
    (folder / "roles.toml").write_text(ROLES)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    with running(inbox, authority) as port, pytest.MonkeyPatch.context() as patched:
        chosen = Settings(
            _env_file=None,
            home=installation.home,
            bucket_prefix="mail-",
            smtp_host="localhost",
            smtp_port=port,
            smtp_authority=folder / "ca.pem",
            recipients=folder / "roles.toml",
        )
        patched.setattr(built, "settings", lambda: chosen)
        built.installation.cache_clear()
        here = built.installation()
        yield here
        built.installation.cache_clear()
        _clear(here, chosen)


def _clear(here: Installation, chosen: Settings) -> None:
    """A bucket takes volumes, of which there are few."""
    for name in chosen.buckets:
        store = here.connection.bucket(name)
        for key in list(store.keys("")):
            store.delete(key)
        with suppress(ClientError):
            _client(here.connection).delete_bucket(Bucket=name)


@pytest.fixture
def night(inbox) -> date:
    """A night of which nothing was told yet."""
    inbox.envelopes.clear()
    inbox.refuses = ()
    return next(_nights)


def publish(at, night, text="a", terms=BY_RULE, areas=("KZ", "75")) -> None:
    for area in areas:
        files = {
            f"{language}.{form}": f"{text} {area} {language} {form}".encode()
            for language in ("ru", "kk")
            for form in ("html", "pdf")
        }
        at.publisher.publish(
            Place("daily", area, night), lambda _, files=files: files, {"tables": {}}, terms
        )


def letters(inbox) -> dict[tuple[str, ...], EmailMessage]:
    return {
        tuple(envelope.rcpt_tos): message_from_bytes(envelope.content, policy=default)
        for envelope, was_encrypted in inbox.envelopes
        if was_encrypted
    }


def body(letter: EmailMessage) -> str:
    return letter.get_body().get_content()


def test_each_role_gets_each_revision_once_with_its_pdf_and_a_link_that_opens(at, night, inbox):
    publish(at, night)

    assert delivered(at, night) == Delivered(opened=0, sent=2, late=0)
    assert delivered(at, night) == Delivered(0, 0, 0)
    of_country = letters(inbox)["first@example.kz", "second@example.kz"]
    (attached,) = of_country.iter_attachments()
    (link,) = [line for line in body(of_country).splitlines() if line.startswith("http")]
    assert attached.get_content() == b"a KZ kk pdf"
    assert urlopen(link, timeout=10).read() == b"a KZ kk html"  # noqa: S310
    assert "X-Amz-Expires" in link

    inbox.envelopes.clear()
    publish(at, night, "b", areas=["KZ"])

    assert delivered(at, night).sent == 1, "the region's is as it was"
    (again,) = letters(inbox).values()
    (attached,) = again.iter_attachments()
    assert attached.get_filename() == f"daily-KZ-{night}-r2.kk.pdf"
    assert again["Message-ID"] != of_country["Message-ID"]


def test_a_correction_is_sent_within_a_week_and_nothing_older_is_looked_at(at, night, inbox):
    publish(at, night)

    assert delivered(at, night + 6 * A_DAY).sent == 2
    publish(at, night, "b")

    assert delivered(at, night + 7 * A_DAY).sent == 0


def test_nothing_is_said_before_an_embargo_ends(at, night, inbox):
    held = Terms("night", "reconciled", datetime.now(UTC) + timedelta(hours=1))
    publish(at, night, terms=held)

    assert delivered(at, night) == Delivered(0, 0, 0)
    assert inbox.envelopes == []


def test_what_waits_for_a_second_person_is_late_and_goes_once_it_is_released(at, night, inbox):
    publish(at, night, terms=Terms("night", ""))

    assert delivered(at, night) == Delivered(0, 0, 2)
    assert delivered(at, night) == Delivered(0, 0, 0)
    of_region = letters(inbox)["third@example.kz",]
    assert "готово и ждёт выпуска" in body(of_region)
    assert list(of_region.iter_attachments()) == []

    at.releases.release(f"daily/75/{night}/r1", who="prosecutor", why="read")
    inbox.envelopes.clear()

    assert delivered(at, night) == Delivered(0, 1, 0)
    assert [*letters(inbox)] == [("third@example.kz",)]


def test_a_late_edition_is_told_with_the_feeds_of_which_too_little_came(at, night, inbox):
    row = (night, "card_transactions", 3, 900, "short", None, None)
    volumes = pl.LazyFrame([row], schema=VOLUMES.schema, orient="row")
    at.lake.replace(VOLUMES, volumes, partitions={"night": [night]})

    assert delivered(at, night) == Delivered(0, 0, 2)
    assert delivered(at, night) == Delivered(0, 0, 0)
    says = body(letters(inbox)["third@example.kz",])
    assert "Операции по картам" in says


def test_an_edition_that_was_never_made_is_told_as_such_and_one_taken_back_is_not(at, night, inbox):
    publish(at, night, areas=["KZ"])
    at.releases.withdraw(f"daily/KZ/{night}/r1", who="prosecutor", why="wrong law")

    assert delivered(at, night) == Delivered(0, 0, 1)
    assert [*letters(inbox)] == [("third@example.kz",)]


def test_a_refused_letter_stops_no_other_and_goes_the_next_time(at, night, inbox):
    publish(at, night)
    inbox.refuses = ("first@example.kz", "second@example.kz")

    with pytest.raises(MailFailed, match="leadership"):
        delivered(at, night)
    assert [*letters(inbox)] == [("third@example.kz",)]

    inbox.refuses = ("second@example.kz",)
    with pytest.raises(MailFailed, match="1 addresses of leadership"):
        delivered(at, night)
    assert delivered(at, night) == Delivered(0, 0, 0), "who has the letter does not get it twice"


def test_no_log_and_no_ledger_names_a_recipient(at, night, inbox, caplog, capfd, monkeypatch):
    monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)  # the server's own
    publish(at, night)
    inbox.refuses = ("third@example.kz",)

    with caplog.at_level(logging.DEBUG), pytest.raises(MailFailed) as failed:
        delivered(at, night)

    entries = at.ledger.entries(night, "mail")
    noted = json.dumps([entry.details for entry in entries])
    said = noted + str(failed.value) + "".join([*caplog.messages, *capfd.readouterr()])
    assert [entry.details["role"] for entry in entries] == ["leadership"]
    assert "example.kz" not in said


def test_reports_never_go_over_an_open_wire(at, night):
    publish(at, night)
    bare = at.settings.model_copy(update={"smtp_security": "none"})

    with pytest.raises(MailFailed, match="over TLS only"):
        delivered(replace(at, settings=bare), night)
