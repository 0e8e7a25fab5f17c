"""MT940 and MT942: statements, pages, reversals, the turn of the year, and what is refused."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mt940 import parse_statements

from infra.wire.banks import mt940
from infra.wire.beginning import Beginning
from infra.wire.errors import Unreadable

FOLDER = "banks/mt940"
ENTRIES_OF_SAMPLE = {
    "betterplace-sepa_mt9401.sta": 97,
    "cmxl-mt940.sta": 16,
    "jejik-rabobank.sta": 5,
    "mBank-mt942.sta": 3,
}

STATEMENT = """:20:ST-1
:25:KZ86125KZT5004100100
:28C:7/1
:60F:C311230KZT1000,00
:61:3112311231D150,25NTRFPAY-1//BANK-1
/OCMT/USD0,30/EXCH/500,8333
:86:Оплата КНП 119 КБе 19 карта 440043******1234
:61:3112310102C20,NMSCNONREF
:62F:C320102KZT869,75
-
"""


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "statement.sta"
    path.write_bytes(text.encode(encoding))
    return path


def read(tmp_path, text, encoding="utf-8"):
    return [record.cells for record in mt940.records(written(tmp_path, text, encoding))]


def told(path):
    found = [(known.name, known.version(Beginning.of(path))) for known in mt940.FORMATS]
    return [pair for pair in found if pair[1]]


@pytest.mark.parametrize(("name", "entries"), ENTRIES_OF_SAMPLE.items())
def test_each_sample_gives_every_entry_with_what_the_standard_demands(sample, name, entries):
    path = sample(f"{FOLDER}/{name}")

    found = list(mt940.records(path))

    assert [record.entry for record in found] == list(range(1, entries + 1))
    assert len(re.findall(rb"(?m)^:61:", path.read_bytes())) == entries
    needs = mt940.FORMATS[0].needs
    assert all(record.cells[column] for record in found for column in needs)
    assert {record.cells["IS_RECONCILED"] for record in found} <= {None, "true"}


@pytest.mark.parametrize("name", ENTRIES_OF_SAMPLE)
def test_amounts_and_days_are_those_that_the_library_reads(sample, name):
    path = sample(f"{FOLDER}/{name}")
    text = path.read_text("utf-8").replace("\x01", "").lstrip()
    by_library = [t.data for one in parse_statements(text) for t in one if "status" in t.data]

    found = [record.cells for record in mt940.records(path)]

    assert [(Decimal(c["AMOUNT"]), c["VALUE_ON"]) for c in found] == [
        (abs(t["amount"].amount), t["date"].isoformat()) for t in by_library
    ]


@pytest.mark.parametrize("name", ENTRIES_OF_SAMPLE)
def test_a_sample_is_told_by_its_beginning(sample, name):
    kind = "mt942" if "942" in name else "mt940"

    assert told(sample(f"{FOLDER}/{name}")) == [(kind, kind.upper())]


def test_entries_of_a_real_statement_lead_from_its_first_balance_to_its_last(sample):
    of_statement = {}
    for record in mt940.records(sample(f"{FOLDER}/betterplace-sepa_mt9401.sta")):
        of_statement.setdefault(record.cells["STATEMENT_ID"], []).append(record.cells)

    for cells in of_statement.values():
        moved = sum(Decimal(c["AMOUNT"]) * (1 if c["DIRECTION"] == "credit" else -1) for c in cells)
        assert Decimal(cells[0]["OPENING_BALANCE"]) + moved == Decimal(cells[0]["CLOSING_BALANCE"])
    assert len(of_statement) == 20
    assert len(of_statement["T089414006000001"]) == 8  # two pages, 62M and 60M between them


def test_cells_of_a_structured_entry(sample):
    found = list(mt940.records(sample(f"{FOLDER}/betterplace-sepa_mt9401.sta")))

    reversal = found[5].cells
    assert (reversal["AMOUNT"], reversal["DIRECTION"], reversal["IS_REVERSAL"]) == (
        "204.88",
        "debit",
        "true",
    )
    credit = next(r.cells for r in found if r.cells["ENTRY_ID"] == "0724710290621954")
    assert credit["END_TO_END_ID"] == "EndToEndIdTFNR2000400001"
    assert credit["COUNTERPARTY_ACCOUNT"] == "DE42100100100043921105"
    assert credit["COUNTERPARTY_BANK"] == "PBNKDEFF100"
    assert credit["COUNTERPARTY_NAME"] == "Richter Renate 70 Zeichen Beginn Fuellzeichen xxxxxxxx"
    assert credit["BANK_CODE"] == "NTRF/166"


def test_national_numbers_and_lines_broken_anywhere(sample):
    found = [record.cells for record in mt940.records(sample(f"{FOLDER}/cmxl-mt940.sta"))]

    assert found[11]["COUNTERPARTY_ACCOUNT"] == "10020030/234567"
    assert (found[11]["VALUE_ON"], found[11]["BOOKED_ON"]) == ("2002-11-01", "2002-11-02")
    assert (found[13]["ACCOUNT_BANK"], found[13]["ACCOUNT"]) == ("BPHKPLPK", "320000546101")
    assert found[13]["COUNTERPARTY_ACCOUNT"] == "PL08106000760000777777777777"
    assert found[15]["PURPOSE"].startswith("Odsetki od lokaty nr 101000")


def test_totals_of_an_interim_report_are_compared(sample):
    found = [record.cells for record in mt940.records(sample(f"{FOLDER}/mBank-mt942.sta"))]

    assert [(c["AMOUNT"], c["CURRENCY"], c["IS_RECONCILED"]) for c in found] == [
        ("0.01", "PLN", "true")
    ] * 3


def test_an_entry_is_read_whole(tmp_path):
    paid, got = read(tmp_path, STATEMENT)

    assert {key: value for key, value in paid.items() if value is not None} == {
        "STATEMENT_ID": "ST-1",
        "ACCOUNT": "KZ86125KZT5004100100",
        "OPENING_BALANCE": "1000.00",
        "CLOSING_BALANCE": "869.75",
        "ENTRY_ID": "BANK-1",
        "END_TO_END_ID": "PAY-1",
        "DIRECTION": "debit",
        "AMOUNT": "150.25",
        "CURRENCY": "KZT",
        "BOOKED_ON": "2031-12-31",
        "VALUE_ON": "2031-12-31",
        "STATUS": "booked",
        "IS_REVERSAL": "false",
        "BANK_CODE": "NTRF",
        "KNP": "119",
        "KBE": "19",
        "PURPOSE": "Оплата КНП 119 КБе 19 карта 440043******1234 /OCMT/USD0,30/EXCH/500,8333",
        "MASKED_CARD": "440043******1234",
        "INSTRUCTED_AMOUNT": "0.30",
        "INSTRUCTED_CURRENCY": "USD",
        "EXCHANGE_RATE": "500.8333",
    }
    assert (got["AMOUNT"], got["END_TO_END_ID"]) == ("20", None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_cyrillic_is_read_in_each_encoding(tmp_path, encoding):
    assert read(tmp_path, STATEMENT, encoding)[0]["PURPOSE"].startswith("Оплата КНП")


def test_letters_of_latin_1_stand_alone_and_are_told_from_cyrillic(tmp_path):
    text = STATEMENT.replace("Оплата КНП 119 КБе 19 карта", "Überweisung für Müller, Gebühr")

    assert read(tmp_path, text, "latin-1")[0]["PURPOSE"].startswith("Überweisung für Müller, Gebü")


@pytest.mark.parametrize(
    ("line", "value_on", "booked_on"),
    [
        ("3112310102", "2031-12-31", "2032-01-02"),
        ("3201021231", "2032-01-02", "2031-12-31"),
        ("3201020102", "2032-01-02", "2032-01-02"),
        ("320102", "2032-01-02", "2032-01-02"),
        ("3202280229", "2032-02-28", "2032-02-29"),
        ("9912311231", "1999-12-31", "1999-12-31"),
        ("3201020230", "2032-01-02", "0230"),
        ("3213410102", "321341", "321341"),
    ],
)
def test_the_entry_date_is_of_the_year_nearest_to_the_value_date(
    tmp_path, line, value_on, booked_on
):
    found = read(tmp_path, STATEMENT.replace("3112310102", line))[1]

    assert (found["VALUE_ON"], found["BOOKED_ON"]) == (value_on, booked_on)


@pytest.mark.parametrize(
    ("mark", "direction", "is_reversal", "status"),
    [
        ("C", "credit", "false", "booked"),
        ("D", "debit", "false", "booked"),
        ("CT", "credit", "false", "booked"),
        ("RC", "debit", "true", "booked"),
        ("RD", "credit", "true", "booked"),
        ("RDT", "credit", "true", "booked"),
        ("EC", "credit", "false", "pending"),
        ("ED", "debit", "false", "pending"),
    ],
)
def test_marks_of_debit_and_credit(tmp_path, mark, direction, is_reversal, status):
    found = read(tmp_path, STATEMENT.replace("C20,", f"{mark}20,"))[1]

    assert (found["DIRECTION"], found["IS_REVERSAL"]) == (direction, is_reversal)
    assert (found["STATUS"], found["AMOUNT"]) == (status, "20")
    assert (found["BOOKED_ON"] is None) == (status == "pending")


@pytest.mark.parametrize(
    ("written_as", "amount"),
    [
        ("C000000000020,50N", "20.50"),
        ("C,5N", "0.5"),
        ("C20.50N", "20.50"),
        ("C20N", "20"),
        ("C1.234,5N", None),
        ("C1234567890123456,N", None),
        ("X20,N", None),
    ],
)
def test_an_amount_that_is_not_understood_stays_as_written(tmp_path, written_as, amount):
    found = read(tmp_path, STATEMENT.replace("C20,N", written_as))

    assert len(found) == 2
    expected = amount or f"3112310102{written_as}MSCNONREF"[:24]
    assert found[1]["AMOUNT"] == expected


def test_an_envelope_says_what_is_in_it(tmp_path):
    enveloped = "{1:F01AAAAKZKAXXXX0000000000}{2:O9400000}{4:\n" + STATEMENT.removesuffix("-\n")
    whole = enveloped + "-}{5:{CHK:0}}\n" + enveloped + "-}"

    assert len(read(tmp_path, whole)) == 4
    assert told(written(tmp_path, whole)) == [("mt940", "MT940")]
    assert told(written(tmp_path, whole.replace("O940", "I942"))) == [("mt942", "MT942")]
    with pytest.raises(Unreadable, match=r"begins in line 13 is without its closing balance"):
        read(tmp_path, enveloped + "-}\n" + enveloped)


def interim(*entries, totals=":90D:1KZT5,\n:90C:2KZT30,50\n"):
    lines = "".join(f":61:3201020102{entry}NTRFNONREF\n" for entry in entries)
    return f":20:I-1\n:25:1\n:28C:1\n:34F:KZT0,\n:13D:3201021200+0500\n{lines}{totals}"


def test_numbers_and_sums_of_an_interim_report_are_compared_by_direction(tmp_path):
    right = interim("C10,", "C20,50", "D5,")
    reversed_credit = interim("C10,", "C20,50", "RC5,")

    assert {c["IS_RECONCILED"] for c in read(tmp_path, right)} == {"true"}
    assert {c["IS_RECONCILED"] for c in read(tmp_path, reversed_credit)} == {"true"}
    for wrong in (
        interim("C10,", "D5,"),
        interim("C30,50", "D5,"),
        interim("C10,", "C20,5,", "D5,"),
    ):
        assert {c["IS_RECONCILED"] for c in read(tmp_path, wrong)} == {"false"}


def test_an_interim_report_without_totals_needs_its_mark_of_the_end(tmp_path):
    without = interim("C10,", totals="")

    assert [c["IS_RECONCILED"] for c in read(tmp_path, without + "-\n")] == [None]
    with pytest.raises(Unreadable, match="without its end"):
        read(tmp_path, without)


def paged(carried, brought):
    return (
        f":20:P1\n:25:1\n:28C:1/1\n:60F:D320101KZT5,\n:61:320102C10,NTRFA\n:62M:C320102KZT{carried}\n"
        f":20:P2\n:25:1\n:28C:1/2\n:60M:C320102KZT{brought}\n:61:320102C1,NTRFB\n:62F:C320102KZT6,\n"
        f":20:Q\n:25:1\n:28C:2/1\n:60F:C320102KZT6,\n:61:320102C1,NTRFC\n:62F:C320102KZT7,\n"
    )


def test_pages_are_one_statement(tmp_path):
    found = read(tmp_path, paged("5,", "5,"))

    assert [(c["OPENING_BALANCE"], c["CLOSING_BALANCE"]) for c in found] == [
        ("-5", "6"),
        ("-5", "6"),
        ("6", "7"),
    ]
    assert [c["STATEMENT_ID"] for c in found] == ["P1", "P1", "Q"]


def test_a_page_that_does_not_go_on_from_the_one_before_is_not_reconciled(tmp_path):
    found = read(tmp_path, paged("5,", "9,"))

    assert [c["IS_RECONCILED"] for c in found] == ["false", "false", None]


@pytest.mark.parametrize(
    ("account", "expected", "bank"),
    [
        ("1291.99.348EUR", "1291.99.348", None),
        ("KZ86125KZT5004100100 EUR", "KZ86125KZT5004100100", None),
        ("AAAAKZKAXXX/123", "123", "AAAAKZKAXXX"),
        ("50880050/0194774600", "50880050/0194774600", None),
    ],
)
def test_accounts_are_read_without_bank_and_currency(tmp_path, account, expected, bank):
    text = STATEMENT.replace("KZT1000,00", "EUR1000,00").replace("KZ86125KZT5004100100", account)

    found = read(tmp_path, text)[0]

    assert (found["ACCOUNT"], found["ACCOUNT_BANK"]) == (expected, bank)


def test_codes_between_slashes_are_read(tmp_path):
    text = STATEMENT.replace(
        ":62F:", ":86:/EREF/E-1/NAME/ТОО А/IDN/940140000385/KNP/841/ASSIGN/за услуги\n:62F:"
    )

    found = read(tmp_path, text)[1]

    assert (found["END_TO_END_ID"], found["KNP"]) == ("E-1", "841")
    assert (found["COUNTERPARTY_NAME"], found["COUNTERPARTY_IIN"]) == ("ТОО А", "940140000385")


def test_remarks_on_the_statement_are_not_those_of_its_last_entry(tmp_path):
    text = STATEMENT.replace("-\n", ":86:remark on the statement\n-\n")

    assert read(tmp_path, text)[1]["PURPOSE"] is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no message"),
        ("hello\n", "no message"),
        (STATEMENT.partition(":62F:")[0], "without its closing balance"),
        (STATEMENT.replace("KZT869,75", "KZT"), "without its closing balance"),
        (STATEMENT + STATEMENT.replace(":20:", "20"), "belongs to no statement"),
        (STATEMENT.replace("-\n", "") + STATEMENT.replace(":20:", "20"), "belongs to no statement"),
        (STATEMENT.replace("Оплата", "\n".join("x" * 202)), "more than 200 lines"),
        (STATEMENT.replace("Оплата", "x" * 70_000), "longer than"),
    ],
)
def test_what_is_not_whole_is_refused_in_a_sentence(tmp_path, text, says):
    with pytest.raises(Unreadable, match=says):
        read(tmp_path, text)


def test_entries_before_the_damage_are_given(tmp_path):
    found = []

    with pytest.raises(Unreadable):
        for record in mt940.records(written(tmp_path, STATEMENT + STATEMENT.partition(":62F")[0])):
            found.append(record.place)

    assert found == ["line 5", "line 8", "line 15", "line 18"]


@pytest.mark.parametrize(
    "text",
    ["", "<a/>", "a;b\n1;2\n", ":20:1\n:32A:200101KZT1,\n:50:X\n", "1CClientBankExchange\n", "{}"],
)
def test_other_files_are_not_claimed(tmp_path, text):
    assert told(written(tmp_path, text)) == []


ALPHABET = ":206186F-{}C,\n\rDN?1/O4R"


@settings(max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(ALPHABET, max_size=200).map(str.encode),
        st.tuples(
            st.integers(0, len(STATEMENT.encode())),
            st.integers(0, 40),
            st.one_of(st.binary(max_size=20), st.text(ALPHABET, max_size=20).map(str.encode)),
        ).map(
            lambda cut: STATEMENT.encode()[: cut[0]] + cut[2] + STATEMENT.encode()[sum(cut[:2]) :]
        ),
    )
)
def test_whatever_the_bytes_are_they_are_read_or_refused(tmp_path_factory, body):
    path: Path = tmp_path_factory.getbasetemp() / "fuzzed.sta"
    path.write_bytes(body)

    try:
        told(path)
        for record in mt940.records(path):
            assert all(v is None or isinstance(v, str) for v in record.cells.values())
    except Unreadable as error:
        assert str(error).endswith(".")
