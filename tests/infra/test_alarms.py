"""Alarms reach people once: over a real mail server and a real web server."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from aiosmtpd.controller import Controller

from infra.alarm_letters import NotTold, pass_on
from infra.alarms import TITLES, Alarm, AlarmBook
from infra.mail import Attachment, Letter, MailFailed, send
from infra.settings import Settings

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
MISSED = Alarm("OPS-03", "2026-03-01", "Nobody has held the night of 2026-03-01.")
LATE = Alarm("OPS-01", "card_transactions 2026-03-01", "Not there yet: HSBKKZKX.")


class Mailbox:
    """Handler of aiosmtpd that keeps what it is given, or refuses it."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.recipients: list[str] = []
        self.refuses = False

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        if self.refuses:
            return "451 come back later"
        self.recipients = envelope.rcpt_tos
        self.letters.append(envelope.content.decode())
        return "250 kept"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, port
    server.stop()


@pytest.fixture
def hook() -> Iterator[tuple[list[dict], str]]:
    posted: list[dict] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204 if self.path == "/hook" else 500)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    Thread(target=server.serve_forever, daemon=True).start()
    yield posted, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def chosen(mailbox, hook, tmp_path) -> Settings:
    return Settings(
        _env_file=None,
        home=tmp_path,
        smtp_host="127.0.0.1",
        smtp_port=mailbox[1],
        smtp_security="none",
        mail_from="aqsha@example.kz",
        alarms_to="saule@example.kz, erlan@example.kz",
        alarms_webhook=f"{hook[1]}/hook",
        runbook_url="https://example.kz/runbook",
    )


@pytest.fixture
def book(tmp_path) -> AlarmBook:
    return AlarmBook(tmp_path, DAY)


def test_what_is_new_goes_to_all_with_its_entry_of_the_runbook(chosen, book, mailbox, hook):
    book.tell([MISSED, LATE], NOW, lambda news: pass_on(chosen, news))

    [letter] = mailbox[0].letters
    [posted] = hook[0]
    assert mailbox[0].recipients == ["saule@example.kz", "erlan@example.kz"]
    assert "Subject: Aqsha: A night was missed (2026-03-01) and 1 more" in letter
    assert "https://example.kz/runbook#ops-03" in letter
    assert "Not there yet: HSBKKZKX." in letter
    assert [alarm["code"] for alarm in posted["raised"]] == ["OPS-03", "OPS-01"]
    assert posted["raised"][0]["runbook"] == "https://example.kz/runbook#ops-03"
    assert "Nobody has held" in posted["text"]


def test_what_stands_is_told_again_after_a_day_and_not_before(chosen, book, mailbox):
    for minutes in (0, 5, 24 * 60 - 1):
        book.tell([MISSED], NOW + timedelta(minutes=minutes), lambda news: pass_on(chosen, news))
    assert len(mailbox[0].letters) == 1

    book.tell([MISSED], NOW + DAY, lambda news: pass_on(chosen, news))
    assert len(mailbox[0].letters) == 2


def test_that_it_is_over_is_told_once(chosen, book, mailbox):
    for alarms in ([MISSED], [], []):
        book.tell(alarms, NOW, lambda news: pass_on(chosen, news))

    assert len(mailbox[0].letters) == 2
    assert "Subject: Aqsha: over: A night was missed (2026-03-01)" in mailbox[0].letters[1]


def test_two_that_watch_at_once_tell_it_once(chosen, tmp_path, mailbox):
    def look(_: int) -> None:
        AlarmBook(tmp_path, DAY).tell([MISSED], NOW, lambda news: pass_on(chosen, news))

    with ThreadPoolExecutor(4) as watchers:
        list(watchers.map(look, range(4)))

    assert len(mailbox[0].letters) == 1


def test_what_could_not_be_told_is_news_the_next_time(chosen, book, mailbox, hook):
    mailbox[0].refuses = True
    with pytest.raises(NotTold, match="451"):
        book.tell([MISSED], NOW, lambda news: pass_on(chosen, news))
    assert len(hook[0]) == 1, "the webhook is tried all the same"

    mailbox[0].refuses = False
    book.tell([MISSED], NOW, lambda news: pass_on(chosen, news))
    assert len(mailbox[0].letters) == 1


def test_a_webhook_that_fails_is_told_and_the_letter_is_sent_all_the_same(
    chosen, book, mailbox, hook
):
    broken = chosen.model_copy(update={"alarms_webhook": f"{hook[1]}/broken"})

    with pytest.raises(NotTold, match="did not take the alarms"):
        book.tell([MISSED], NOW, lambda news: pass_on(broken, news))

    assert len(mailbox[0].letters) == 1


def test_a_torn_book_tells_all_once_more(chosen, book, mailbox, tmp_path):
    book.tell([MISSED], NOW, lambda news: pass_on(chosen, news))
    (tmp_path / "alarms.json").write_text('{"OPS-03/2026')

    book.tell([MISSED], NOW, lambda news: pass_on(chosen, news))

    assert len(mailbox[0].letters) == 2


def test_where_nobody_is_to_be_told_nothing_fails(tmp_path, book):
    alone = Settings(_env_file=None, home=tmp_path)

    book.tell([MISSED], NOW, lambda news: pass_on(alone, news))


def test_a_letter_carries_its_files(chosen, mailbox):
    file = Attachment("отчёт.csv", "text/csv", b"a;b\n")

    send(chosen, Letter("operations", ("saule@example.kz",), "Отчёт", "Текст", (file,)))

    [letter] = mailbox[0].letters
    assert "multipart/mixed" in letter
    assert "Auto-Submitted: auto-generated" in letter


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"smtp_host": None}, "AQSHA_SMTP_HOST names no mail server"),
        ({"smtp_port": 9}, "Check the AQSHA_SMTP_ settings"),
        ({"smtp_security": "starttls"}, "STARTTLS"),
        ({"smtp_security": "tls"}, "SSL"),
    ],
)
def test_a_letter_that_is_not_handed_over_says_why(chosen, change, says):
    letter = Letter("operations", ("saule@example.kz",), "Report", "text")

    with pytest.raises(MailFailed, match=says):
        send(chosen.model_copy(update=change), letter)


def test_codes_are_never_given_twice():
    assert list(TITLES) == sorted(TITLES)
    assert len(set(TITLES.values())) == len(TITLES)
