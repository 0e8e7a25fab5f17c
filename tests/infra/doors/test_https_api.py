"""An API against a real HTTPS server that asks for proof, pages, hurries, fails and lies."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import trustme

from infra.doors.credentials import Credentials
from infra.doors.door import DoorFailed
from infra.doors.https_api import HttpsDoor
from infra.doors.terms import HttpsTerms

DAY = date(2025, 8, 18)
NOW = datetime(2025, 8, 19, 1, 30, tzinfo=UTC)
ROWS = [f'{{"n": {n}, "amount": 0.{n}0000000000000000001}}' for n in range(5)]


class Answer(Exception):
    """What the server says instead of the usual."""

    def __init__(self, status, headers=None, body=b"", length=None):
        self.status, self.headers, self.body, self.length = status, headers or {}, body, length


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def _answer(self):
        split = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        question = {
            "path": split.path,
            "query": split.query,
            "asked": {k: v[0] for k, v in parse_qs(split.query).items()},
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": self.rfile.read(length).decode(),
        }
        self.server.questions.append(question)
        try:
            answer = Answer(200, body=self.server.respond(question).encode())
        except Answer as other:
            answer = other
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(answer.length or len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
        if answer.length:
            self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def api(authority):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.context = context
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.questions = []
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def secrets(tmp_path, authority):
    for name in ("TOKEN", "KEY", "SECRET"):
        (tmp_path / name).write_text(f"{name.lower()}-of-ours")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("aqsha").private_key_and_cert_chain_pem.write_to_path(tmp_path / "OURS")
    return tmp_path


@pytest.fixture
def fetch(api, secrets):
    """Bring the day through a door with these terms: its lines, and how long it waited."""
    waited = []

    def fetched(address="/rows?date={yyyy-mm-dd}", **terms):
        stated = {
            "kind": "https",
            "address": f"https://127.0.0.1:{api.server_port}{address}",
            "records": "rows",
            "ca": str(secrets / "ca.pem"),
            "per_second": 1000,
        }
        door = HttpsDoor(
            HttpsTerms.model_validate(stated | terms),
            Credentials(secrets),
            "orders",
            "EXCH",
            [DAY],
            stall_s=2,
            sleep=lambda s: waited.append(s) if s > 0.01 else None,
            now=lambda: NOW,
        )
        with door as opened:
            [file] = opened.offered(DAY)
            return opened.bring(file, secrets / "incoming").read_text().splitlines()

    fetched.waited = waited
    return fetched


def page(rows, **further):
    told = "".join(f', "{name}": {json.dumps(value)}' for name, value in further.items())
    return f'{{"rows": [{", ".join(rows)}]{told}}}'


def test_records_come_one_a_line_exactly_as_written(api, fetch):
    api.respond = lambda _: page(ROWS)

    assert fetch() == ROWS
    assert api.questions[0]["asked"] == {"date": "2025-08-18"}


def test_without_a_path_of_records_a_page_is_one_line(api, fetch):
    api.respond = lambda _: '{\n"code": "000000",\r\n"data": [1.10]}'

    assert fetch(records=None) == ['{ "code": "000000",  "data": [1.10]}']


def test_the_day_is_asked_for_from_midnight_to_midnight_in_almaty(api, fetch):
    api.respond = lambda _: page([])

    fetch("/rows?startTime={from_ms}&endTime={to_ms}")

    begin, end = (int(api.questions[0]["asked"][name]) for name in ("startTime", "endTime"))
    assert datetime.fromtimestamp(begin / 1000, UTC) == datetime(2025, 8, 17, 19, tzinfo=UTC)
    assert end - begin == 86_400_000 - 1


@pytest.mark.parametrize(
    ("paging", "respond"),
    [
        (
            {"kind": "number", "parameter": "page", "first": 1},
            lambda q: page(ROWS[2 * int(q["asked"]["page"]) - 2 :][:2]),
        ),
        (
            {"kind": "cursor", "field": "next", "parameter": "after"},
            lambda q: (
                page(ROWS[int(q["asked"].get("after", 0)) :][:2])
                if int(q["asked"].get("after", 0)) + 2 >= len(ROWS)
                else page(
                    ROWS[int(q["asked"].get("after", 0)) :][:2],
                    next=int(q["asked"].get("after", 0)) + 2,
                )
            ),
        ),
        (
            {"kind": "next", "field": "next"},
            lambda q: page(ROWS[:3], next="/more") if q["path"] == "/rows" else page(ROWS[3:]),
        ),
    ],
    ids=["numbers", "cursor", "address"],
)
def test_every_page_is_asked_for_once(api, fetch, paging, respond):
    api.respond = respond

    assert fetch(paging=paging) == ROWS


def test_the_link_header_leads_on(api, fetch):
    def respond(question):
        if question["path"] == "/rows":
            body = page(ROWS[:2]).encode()
            raise Answer(200, {"Link": '</more>; rel="next"'}, body)
        return page(ROWS[2:])

    api.respond = respond

    assert fetch(paging={"kind": "next"}) == ROWS


def test_a_page_that_comes_again_and_again_is_stopped(api, fetch):
    api.respond = lambda _: page(ROWS, next="same")

    with pytest.raises(DoorFailed, match="its next page is the same page"):
        fetch(paging={"kind": "cursor", "field": "next"})


def test_a_next_page_on_another_server_is_not_asked_for(api, fetch):
    api.respond = lambda _: page(ROWS, next="https://elsewhere.example/rows")

    with pytest.raises(DoorFailed, match=r"another server, elsewhere\.example"):
        fetch(paging={"kind": "next", "field": "next"})


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry-After": "7"}, [7]),
        ({"Retry-After": "Tue, 19 Aug 2025 01:30:09 GMT"}, [9]),
        ({"Retry-After": "86400"}, [120]),
        ({}, [1]),
    ],
    ids=["seconds", "date", "ceiling", "silent"],
)
def test_too_many_questions_wait_as_long_as_the_server_says(api, fetch, headers, waited):
    def respond(question):
        if len(api.questions) == 1:
            raise Answer(429, headers)
        return page(ROWS)

    api.respond = respond

    assert fetch() == ROWS
    assert fetch.waited == waited


def test_a_server_that_recovers_is_waited_for_and_one_that_does_not_is_given_up(api, fetch):
    def respond(question):
        if len(api.questions) < 3:
            raise Answer(500)
        return page(ROWS)

    api.respond = respond
    assert fetch() == ROWS

    def fail(question):
        raise Answer(503)

    api.respond = fail
    with pytest.raises(DoorFailed, match=r"EXCH \(https\): 5 times it answered 503"):
        fetch()


def test_an_answer_shorter_than_it_says_is_not_taken(api, fetch, secrets):
    def respond(question):
        raise Answer(200, body=page(ROWS).encode(), length=10_000)

    api.respond = respond

    with pytest.raises(DoorFailed, match="did not answer: RemoteProtocolError"):
        fetch()
    assert not list((secrets / "incoming").rglob("*.jsonl"))


@pytest.mark.parametrize("body", ["no JSON", '{"rows": [1, 2', '{"other": []}'])
def test_an_answer_that_is_no_whole_json_is_not_taken(api, fetch, body):
    api.respond = lambda _: body

    with pytest.raises(DoorFailed, match="no JSON with records at rows"):
        fetch()


def test_a_token_is_sent_and_its_refusal_is_said_without_it(api, fetch):
    def respond(question):
        if question["headers"].get("authorization") != "Bearer token-of-ours":
            raise Answer(401)
        return page(ROWS)

    api.respond = respond
    proof = {"kind": "token", "secret": "TOKEN"}

    assert fetch(proof=proof) == ROWS
    with pytest.raises(DoorFailed, match="answered 401") as failed:
        fetch(proof=proof | {"secret": "KEY"})
    assert "key-of-ours" not in str(failed.value)


def test_oauth2_takes_a_token_and_renews_it_when_it_is_refused(api, fetch):
    issued = []

    def respond(question):
        if question["path"] == "/token":
            basic = base64.b64encode(b"aqsha:secret-of-ours").decode()
            assert question["headers"]["authorization"] == f"Basic {basic}"
            assert parse_qs(question["body"])["grant_type"] == ["client_credentials"]
            issued.append(f"t{len(issued)}")
            return json.dumps({"access_token": issued[-1], "token_type": "bearer"})
        if question["headers"]["authorization"] != f"Bearer {issued[-1]}":
            raise Answer(401)
        number = int(question["asked"]["page"])
        if number == 2 and len(issued) == 1:
            issued.append("another")  # the first token has run out
            raise Answer(401)
        return page(ROWS[:2] if number == 1 else ROWS[2:] if number == 2 else [])

    api.respond = respond
    address = f"https://127.0.0.1:{api.server_port}/token"
    proof = {"kind": "oauth2", "address": address, "client": "aqsha", "secret": "SECRET"}

    assert fetch(proof=proof, paging={"kind": "number"}) == ROWS
    assert [q["path"] for q in api.questions].count("/token") == 2


def test_binance_signs_the_query_with_the_time(api, fetch):
    api.respond = lambda _: page(ROWS)

    fetch(
        "/rows?asset=USDT",
        proof={"kind": "hmac", "manner": "binance", "key": "KEY", "secret": "SECRET"},
    )

    question = api.questions[0]
    signed, _, signature = question["query"].rpartition("&signature=")
    assert signed == f"asset=USDT&timestamp={int(NOW.timestamp() * 1000)}"
    assert signature == hmac.new(b"secret-of-ours", signed.encode(), hashlib.sha256).hexdigest()
    assert question["headers"]["x-mbx-apikey"] == "key-of-ours"


def test_bybit_signs_time_key_window_and_query(api, fetch):
    api.respond = lambda _: page(ROWS)

    fetch(
        "/rows?coin=USDT",
        proof={"kind": "hmac", "manner": "bybit", "key": "KEY", "secret": "SECRET"},
    )

    headers = api.questions[0]["headers"]
    signed = f"{int(NOW.timestamp() * 1000)}key-of-ours5000coin=USDT"
    assert (
        headers["x-bapi-sign"]
        == hmac.new(b"secret-of-ours", signed.encode(), hashlib.sha256).hexdigest()
    )


def test_a_server_that_demands_our_certificate_gets_it(api, fetch, authority):
    api.context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(api.context)
    api.respond = lambda _: page(ROWS)

    assert fetch(certificate="OURS") == ROWS
    with pytest.raises(DoorFailed):
        fetch()


def test_a_certificate_of_an_unknown_authority_is_refused(api, fetch):
    api.respond = lambda _: page(ROWS)

    with pytest.raises(DoorFailed, match="did not answer: ConnectError"):
        fetch(ca=None)
    assert api.questions == []
