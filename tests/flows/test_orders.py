"""`aqsha orders`: each sound order becomes one message, and nothing personal is shown."""

import json
import stat

import pytest
from typer.testing import CliRunner

from flows.cli import app
from infra.wire.banks import auth001
from transforms.feeds import FEED_BY_NAME

FINE, FAILED, WRONG_USE, SOME_REJECTED = 0, 1, 2, 3
COLUMNS = FEED_BY_NAME["card_arrest_orders"].wire_columns
GOOD = {
    "ORDER_NO": "75-1/2025",
    "CASE_NO": "257500000012345",
    "ORDERED_ON": "2025-08-18",
    "BANK_BIC": "CASPKZKA",
    "CARD_TOKEN": "tok_9f3a",
    "ACCOUNT": "KZ86125KZT5004100100",
    "IIN": "871231100006",
    "KATO": "75",
    "AGENCY": "police",
}
WRONG_IIN = GOOD | {"ORDER_NO": "75-2/2025", "IIN": "871231100007"}
TOO_LONG = GOOD | {"ORDER_NO": "75-" + "3" * 40}
PERSONAL = ("tok_9f3a", "KZ86125KZT5004100100", "871231100006", "871231100007")


def run(*words):
    return CliRunner().invoke(app, ["orders", *map(str, words)])


def made(*words):
    result = run("--json", *words)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def delivery(tmp_path):
    def write(*rows, name="orders.csv"):
        path = tmp_path / name
        lines = [";".join(COLUMNS), *(";".join(row[c] for c in COLUMNS) for row in rows), ""]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


def test_every_sound_order_becomes_a_message_that_reads_back(delivery, tmp_path):
    other_card = GOOD | {"CARD_TOKEN": "tok_0000"}
    code, [told] = made(delivery(GOOD, other_card), "--to", tmp_path / "out" / "today")

    assert code == FINE
    assert (told["orders"], told["written"], told["rejected_rows"]) == (2, 2, 0)
    paths = [tmp_path / "out" / "today" / name for name in told["messages"]]
    assert [dict(r.cells) for p in paths for r in auth001.records(p)] == [GOOD, other_card]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert sorted(p.name for p in paths[0].parent.iterdir()) == sorted(told["messages"])


def test_a_message_is_itself_a_delivery_of_its_order(delivery, tmp_path):
    _, [first] = made(delivery(GOOD), "--to", tmp_path / "a")
    [name] = first["messages"]

    code, [again] = made(tmp_path / "a" / name, "--to", tmp_path / "b")

    assert (code, again["messages"]) == (FINE, [name])


def test_an_order_that_breaks_a_rule_becomes_no_message(delivery, tmp_path):
    code, [told] = made(delivery(WRONG_IIN, GOOD), "--to", tmp_path / "out")

    assert code == SOME_REJECTED
    assert (told["written"], told["rejected_rows"]) == (1, 1)
    assert [(r["where"], r["field"], r["rule"]) for r in told["rejected"]] == [
        ("line 2", "IIN", "CAO-14"),
    ]


def test_an_order_that_the_standard_has_no_place_for_is_named_by_its_column(delivery, tmp_path):
    code, [told] = made(delivery(TOO_LONG), "--to", tmp_path / "out")

    assert (code, told["written"], told["rejected_rows"]) == (SOME_REJECTED, 0, 1)
    [fault] = told["rejected"]
    assert (fault["where"], fault["rule"]) == ("line 2", "auth.001")
    assert "order_id" in fault["message"]


def test_running_it_again_leaves_messages_as_they_are(delivery, tmp_path):
    _, [first] = made(delivery(GOOD), "--to", tmp_path / "out")
    path = tmp_path / "out" / first["messages"][0]
    before = path.stat().st_mtime_ns, path.read_bytes()

    code, [again] = made(delivery(GOOD), "--to", tmp_path / "out")

    assert code == FINE
    assert (again["written"], again["already_there"]) == (0, 1)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_a_corrected_order_never_replaces_the_message_that_may_be_sent(delivery, tmp_path):
    _, [first] = made(delivery(GOOD), "--to", tmp_path / "out")
    path = tmp_path / "out" / first["messages"][0]
    before = path.read_bytes()

    code, [told] = made(delivery(GOOD | {"AGENCY": "national_security"}), "--to", tmp_path / "out")

    assert (code, told["written"]) == (SOME_REJECTED, 0)
    assert "says otherwise" in told["rejected"][0]["message"]
    assert path.read_bytes() == before
    assert len(list(path.parent.iterdir())) == 1


def test_no_order_number_leads_out_of_the_folder(delivery, tmp_path):
    far = GOOD | {"ORDER_NO": "../../../far/away"}
    code, [told] = made(delivery(far), "--to", tmp_path / "in" / "here")

    assert code == FINE
    assert [p.name for p in (tmp_path / "in" / "here").iterdir()] == told["messages"]
    assert not (tmp_path / "far").exists()


def test_the_sender_is_the_agency_or_whoever_is_named(delivery, tmp_path):
    _, [by_agency] = made(delivery(GOOD), "--to", tmp_path / "a")
    _, [by_name] = made(delivery(GOOD), "--to", tmp_path / "b", "--sender", "KPSSU")

    assert b">police</Id>" in (tmp_path / "a" / by_agency["messages"][0]).read_bytes()
    assert b">KPSSU</Id>" in (tmp_path / "b" / by_name["messages"][0]).read_bytes()


def test_nothing_personal_is_shown(delivery, tmp_path):
    shown = run(delivery(GOOD, WRONG_IIN, TOO_LONG), "--to", tmp_path / "out").output

    assert "1 messages written" in shown
    assert not [word for word in PERSONAL if word in shown]


def test_a_file_that_holds_no_orders_is_unreadable(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear colleagues")

    code, [told] = made(path, "--to", tmp_path / "out")

    assert code == FAILED
    assert told["rejected"][0]["rule"] == "format"
    assert not (tmp_path / "out").exists()


def test_an_institution_that_delivers_no_orders_is_wrong_use(delivery, tmp_path):
    result = run(delivery(GOOD), "--to", tmp_path / "out", "--institution", "CASPKZKA")

    assert result.exit_code == WRONG_USE
