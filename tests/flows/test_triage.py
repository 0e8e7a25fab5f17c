"""`aqsha inspect`: any file is understood at a glance, and nothing personal is shown."""

import gzip
import json

import pytest
from typer.testing import CliRunner

from flows.cli import app
from transforms.feeds import FEED_BY_NAME

FINE, FAILED, WRONG_USE, SOME_REJECTED = 0, 1, 2, 3
HEADER = ";".join(FEED_BY_NAME["card_transactions"].wire_columns)
GOOD = (
    "T1;2025-08-18T09:00:00+05:00;KZ86125KZT5004100100;tok;871231100006;credit;1500.25;KZT;"
    "transfer;;;119;mobile;dev;75"
)
UNREADABLE = GOOD.replace("T1", "T2").replace("1500.25", "1500,2511")
WRONG_IIN = GOOD.replace("T1", "T3").replace("871231100006", "871231100007")
STATEMENT = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Id>S1</Id><Acct><Id><IBAN>KZ86125KZT5004100100</IBAN></Id></Acct>
<Ntry><Amt Ccy="KZT">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2025-08-17</Dt></BookgDt></Ntry>
<Ntry><Amt Ccy="KZT">1O0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2025-08-18</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


def inspect(*words):
    result = CliRunner().invoke(app, ["inspect", "--json", *map(str, words)])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def csv(tmp_path):
    def write(*lines, name="bank.csv"):
        path = tmp_path / name
        path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
        return path

    return write


def test_a_sound_table_is_accepted_with_its_sums_and_days(csv):
    code, [found] = inspect(csv(GOOD))

    assert code == FINE
    assert (found["format"], found["feed"]) == ("csv", "card_transactions")
    assert (found["entries"], found["transactions"], found["accepted"]) == (1, 1, 1)
    assert found["rejected"] == []
    assert found["sums"] == {"KZT": "1500.25"}
    assert found["period"] == ["2025-08-18", "2025-08-18"]


def test_rows_that_the_night_would_set_aside_are_named_with_rule_field_and_line(csv):
    code, [found] = inspect(csv(GOOD, UNREADABLE, WRONG_IIN))

    assert code == SOME_REJECTED
    assert (found["accepted"], found["rejected_rows"]) == (1, 2)
    first, second = found["rejected"]
    assert (first["where"], first["field"]) == ("line 3", "AMOUNT")
    assert "says “1500,2511”, which is not an amount with a point" in first["message"]
    assert (second["where"], second["field"]) == ("line 4", "IIN")
    assert second["rule"].startswith("CTX-")
    assert found["sums"] == {"KZT": "1500.25"}


def test_no_personal_value_is_shown(csv):
    _, [found] = inspect(csv(WRONG_IIN, GOOD.replace("T1;2025-08-18T09", "T2;871231100006T09")))

    said = json.dumps(found["rejected"], ensure_ascii=False)
    assert len(found["rejected"]) >= 2
    assert "871231100007" not in said
    assert "KZ86125KZT5004100100" not in said


def test_a_message_is_held_to_its_standard_and_its_faults_have_an_xpath(tmp_path):
    path = tmp_path / "statement.xml.gz"
    path.write_bytes(gzip.compress(STATEMENT.encode()))

    code, [found] = inspect(path)

    assert code == SOME_REJECTED
    assert (found["format"], found["version"]) == ("camt.053", "camt.053.001.08")
    assert (found["entries"], found["transactions"], found["accepted"]) == (2, 2, 1)
    [fault] = found["rejected"]
    assert fault["where"] == "/Document/BkToCstmrStmt/Stmt[1]/Ntry[2]"
    assert (fault["field"], fault["rule"]) == ("AMOUNT", "unreadable")
    assert found["sums"] == {"KZT": "100.00"}
    assert found["period"] == ["2025-08-17", "2025-08-17"]


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.bin", b"\0\1\2\3", "is of no format that we read. Tried: "),
        ("a.csv", b"name;sum\n1;2\n", "its columns are those of no feed"),
        ("a.csv.gz", gzip.compress(b"x" * 9000, mtime=0)[:-9], "is damaged"),
        ("a.xml", STATEMENT.encode()[:-40], "is not well-formed XML"),
        ("a.json", b"[1, 2]", "neither JSON Lines nor a message that we know"),
        ("empty", b"", "is of no format that we read"),
    ],
)
def test_what_cannot_be_read_is_said_so_without_a_traceback(tmp_path, name, body, says):
    path = tmp_path / name
    path.write_bytes(body)

    code, [found] = inspect(path)

    assert code == FAILED
    assert says in found["rejected"][0]["message"]
    assert found["accepted"] == 0


def test_the_first_row_of_a_table_without_a_header_is_not_shown(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("871231100006;Aliya Example;1500\n")

    _, [found] = inspect(path)

    assert "Aliya" not in json.dumps(found["rejected"])


def test_a_missing_file_is_an_answer_and_the_others_go_on(csv, tmp_path):
    code, found = inspect(tmp_path / "nowhere.csv", csv(GOOD))

    assert code == FAILED
    assert "cannot be opened" in found[0]["rejected"][0]["message"]
    assert found[1]["accepted"] == 1


def test_only_so_many_faults_are_listed_but_all_are_counted(csv):
    _, [found] = inspect(csv(*[WRONG_IIN.replace("T3", f"T{n}") for n in range(50)]), "--most", 5)

    assert len(found["rejected"]) == 5
    assert found["rejected_rows"] == 50


def test_a_feed_that_does_not_exist_is_wrong_use(csv):
    result = CliRunner().invoke(app, ["inspect", str(csv(GOOD)), "--feed", "nothing"])

    assert result.exit_code == WRONG_USE
    assert "card_transactions" in result.output
