"""1CClientBankExchange: dialects of banks, encodings, directions, totals, and what is cut off."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.wire.banks import one_c
from infra.wire.beginning import Beginning
from infra.wire.errors import Unreadable

FOLDER = "banks/kz_1c"
OURS, OTHER, SECOND = "KZ86125KZT5004100100", "KZ726010000000000000", "KZ72722S000000000001"

DOCUMENT = f"""СекцияДокумент=Выписка
ВидДокумента=ПлатежноеПоручение
ДатаОперации=01.10.2031
СуммаРасход=160000
НомерДокумента=NT-1
ДатаДокумента=30.09.2031
ПлательщикНаименование=ТОО "А"
ПлательщикБИН_ИИН=940140000385
ПлательщикКБЕ=18
ПлательщикИИК={OURS}
ПлательщикБанкБИК=AAAAKZKA
ПолучательНаименование=Б В.
ПолучательБИН_ИИН=871231100006
ПолучательКБЕ=19
ПолучательИИК={OTHER}
ПолучательБанкБИК=BBBBKZKB
НазначениеПлатежа=Перевод, Карта: 440043******1234
КодНазначенияПлатежа=119
ДатаВалютирования=02.10.2031
Сумма=160000
Валюта=KZT
ФактическийПолучательНаименование=Г Д.
КонецДокумента
"""
FILE = f"""1CClientBankExchange
ВерсияФормата=2.00
Кодировка=UTF-8
РасчСчет={OURS}
СекцияРасчСчет
ДатаНачала=01.10.2031
ДатаКонца=31.10.2031
РасчСчет={OURS}
НачальныйОстаток=200 000,50
ВсегоПоступило=0
ВсегоСписано=160000.00
КонечныйОстаток=40000,50
КонецРасчСчет
{DOCUMENT}КонецФайла
"""


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "statement.txt"
    path.write_bytes(text.encode(encoding))
    return path


def read(tmp_path, text, encoding="utf-8"):
    return [record.cells for record in one_c.records(written(tmp_path, text, encoding))]


def told(cells):
    return {key: value for key, value in cells.items() if value is not None}


def document(**keys):
    """A document of these keys alone."""
    lines = "".join(f"{key}={value}\n" for key, value in keys.items())
    return f"СекцияДокумент=Выписка\n{lines}КонецДокумента\n"


def file(*documents, header=f"РасчСчет={OURS}\n", sections=""):
    body = "".join(documents)
    return f"1CClientBankExchange\nВерсияФормата=1.03\n{header}{sections}{body}КонецФайла\n"


def section(account=OURS, first="01.10.2031", last="31.10.2031", **keys):
    lines = "".join(f"{key}={value}\n" for key, value in keys.items())
    days = f"ДатаНачала={first}\nДатаКонца={last}\n"
    return f"СекцияРасчСчет\n{days}РасчСчет={account}\n{lines}КонецРасчСчет\n"


def test_the_sample_of_kaspi_is_read(sample):
    path = sample(f"{FOLDER}/kaspi_1c_v1.01.txt")

    (record,) = one_c.records(path)

    assert one_c.FORMATS[0].version(Beginning.of(path)) == "1.01"
    assert (record.entry, record.place) == (1, "line 17")
    cells = record.cells
    assert (cells["AMOUNT"], cells["CURRENCY"], cells["DIRECTION"]) == ("4000.00", "KZT", "debit")
    assert (cells["ACCOUNT"], cells["BOOKED_ON"]) == ("KZ00722S000000000001", "2023-06-30")
    assert (cells["KNP"], cells["MASKED_CARD"]) == ("119", "*0000")
    assert cells["COUNTERPARTY_NAME"] == "Имя Отчество Ф."


def test_the_sample_of_bank_centercredit_is_read(sample):
    path = sample(f"{FOLDER}/bcc_1c_v2.0.txt")

    (record,) = one_c.records(path)

    assert one_c.FORMATS[0].version(Beginning.of(path)) == "2.0"
    cells = record.cells
    assert (cells["AMOUNT"], cells["KNP"], cells["KBE"]) == ("160000", "341", "18")
    assert cells["MASKED_CARD"] == "489988******0000"
    assert cells["COUNTERPARTY_ACCOUNT"] == "KZ008561000000000002"


@pytest.mark.parametrize("name", ["kaspi_1c_v1.01.txt", "bcc_1c_v2.0.txt"])
def test_samples_are_excerpts_and_say_so_by_their_totals(sample, name):
    (record,) = one_c.records(sample(f"{FOLDER}/{name}"))

    assert record.cells["IS_RECONCILED"] == "false"


def test_a_document_is_read_whole(tmp_path):
    (cells,) = read(tmp_path, FILE)

    assert told(cells) == {
        "ENTRY_ID": "NT-1",
        "ACCOUNT": OURS,
        "ACCOUNT_BANK": "AAAAKZKA",
        "HOLDER_NAME": 'ТОО "А"',
        "HOLDER_IIN": "940140000385",
        "DIRECTION": "debit",
        "AMOUNT": "160000",
        "CURRENCY": "KZT",
        "BOOKED_ON": "2031-10-01",
        "VALUE_ON": "2031-10-02",
        "STATUS": "booked",
        "BANK_CODE": "ПлатежноеПоручение",
        "COUNTERPARTY_ACCOUNT": OTHER,
        "COUNTERPARTY_NAME": "Б В.",
        "COUNTERPARTY_IIN": "871231100006",
        "COUNTERPARTY_BANK": "BBBBKZKB",
        "COUNTERPARTY_ULTIMATE_NAME": "Г Д.",
        "KNP": "119",
        "KBE": "19",
        "PURPOSE": "Перевод, Карта: 440043******1234",
        "MASKED_CARD": "440043******1234",
        "OPENING_BALANCE": "200000.50",
        "CLOSING_BALANCE": "40000.50",
        "IS_RECONCILED": "true",
    }


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("Windows", "cp1251"),
        ("windows-1251", "cp1251"),
        ("DOS", "cp866"),
        ("UTF-8", "utf-8"),
        ("UTF8", "utf-8-sig"),
        ("", "cp1251"),
        ("", "utf-8"),
        ("", "cp866"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_declared_encoding_is_read(tmp_path, declared, encoding, end):
    text = FILE.replace("Кодировка=UTF-8", f"Кодировка={declared}").replace("\n", end)

    assert [told(cells) for cells in read(tmp_path, text, encoding)] == [
        told(cells) for cells in read(tmp_path, FILE)
    ]
    assert one_c.FORMATS[0].version(Beginning.of(written(tmp_path, text, encoding))) == "2.00"


@pytest.mark.parametrize(
    ("declared", "encoding", "says"),
    [
        ("Windows", "utf-8", "declares Кодировка=Windows, but is written in utf-8"),
        ("DOS", "cp1251", "declares Кодировка=DOS, but is written in cp1251"),
        ("UTF-8", "cp866", "declares Кодировка=UTF-8, but is written in cp866"),
        ("KOI8-R", "utf-8", "none of Windows, DOS and UTF-8"),
        ("UTF-8", "utf-16", "is in UTF-16"),
    ],
)
def test_a_wrong_declaration_is_refused(tmp_path, declared, encoding, says):
    with pytest.raises(Unreadable, match=says):
        read(tmp_path, FILE.replace("Кодировка=UTF-8", f"Кодировка={declared}"), encoding)


def test_bytes_that_are_not_of_the_encoding_are_told_by_line(tmp_path):
    path = tmp_path / "statement.txt"
    path.write_bytes(FILE.encode().replace("Перевод".encode(), b"\xcf\xff"))

    with pytest.raises(Unreadable, match="line 30, holds bytes that are no utf-8"):
        list(one_c.records(path))


def test_keys_and_sections_may_be_in_capitals(tmp_path):
    text = FILE.replace("СекцияРасчСчет", "СЕКЦИЯРАСЧСЧЕТ").replace(
        "КонецРасчСчет", "КОНЕЦРАСЧСЧЕТ"
    )
    text = text.replace("СекцияДокумент", "СЕКЦИЯДОКУМЕНТ").replace("СуммаРасход", "СУММАРАСХОД")

    assert read(tmp_path, text) == read(tmp_path, FILE)


PAID = {"ДатаОперации": "01.10.2031", "ПлательщикИИК": OURS, "ПолучательИИК": OTHER}
GOT = {"ДатаОперации": "01.10.2031", "ПлательщикИИК": OTHER, "ПолучательИИК": OURS}
OWN = {"ДатаОперации": "01.10.2031", "ПлательщикИИК": OURS, "ПолучательИИК": SECOND}
STRANGE = {"ДатаОперации": "01.10.2031", "ПлательщикИИК": OTHER, "ПолучательИИК": OTHER}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({**PAID, "Сумма": "5"}, [(OURS, "debit", "5")]),
        ({**GOT, "Сумма": "5"}, [(OURS, "credit", "5")]),
        ({**GOT, "СуммаПриход": "5"}, [(OURS, "credit", "5")]),
        ({**GOT, "СуммаДоход": "5"}, [(OURS, "credit", "5")]),
        ({**PAID, "СуммаРасход": "5", "СуммаПриход": "0.00"}, [(OURS, "debit", "5")]),
        ({**PAID, "СуммаПриход": "5"}, [(OURS, "credit", "5")]),
        ({**OWN, "Сумма": "5"}, [(OURS, "debit", "5"), (SECOND, "credit", "5")]),
        (
            {**OWN, "СуммаРасход": "5", "СуммаПриход": "4"},
            [(OURS, "debit", "5"), (SECOND, "credit", "4")],
        ),
        ({**OWN, "СуммаРасход": "5"}, [(OURS, "debit", "5")]),
        ({**OWN, "СуммаПриход": "5"}, [(SECOND, "credit", "5")]),
        ({**STRANGE, "Сумма": "5"}, [(None, None, "5")]),
        ({**STRANGE, "СуммаРасход": "5"}, [(None, "debit", "5")]),
        ({**PAID}, [(OURS, "debit", None)]),
        ({"НомерДокумента": "1"}, [(None, None, None)]),
    ],
)
def test_direction_is_told_or_is_that_of_the_files_own_account(tmp_path, keys, expected):
    both = f"РасчСчет={OURS}\nРасчСчет={SECOND}\n"

    found = read(tmp_path, file(document(**keys), header=both))

    assert [(c["ACCOUNT"], c["DIRECTION"], c["AMOUNT"]) for c in found] == expected


def test_two_movements_of_one_document_are_one_entry(tmp_path):
    text = file(document(**OWN, Сумма="5"), document(**PAID, Сумма="6"), sections=section(SECOND))

    found = list(one_c.records(written(tmp_path, text)))

    assert [(r.entry, r.place) for r in found] == [(1, "line 9"), (1, "line 9"), (2, "line 15")]
    assert found[0].cells["COUNTERPARTY_ACCOUNT"] == SECOND
    assert found[1].cells["COUNTERPARTY_ACCOUNT"] == OURS


def test_a_fee_that_names_no_own_account_is_of_the_only_one(tmp_path):
    found = read(tmp_path, file(document(**STRANGE, СуммаРасход="5")))

    assert [(c["ACCOUNT"], c["DIRECTION"]) for c in found] == [(OURS, "debit")]


def test_a_file_that_names_no_account_is_of_the_holders_of_its_documents(tmp_path):
    found = read(tmp_path, file(document(**GOT, СуммаПриход="5"), header=""))

    assert [(c["ACCOUNT"], c["DIRECTION"]) for c in found] == [(OURS, "credit")]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1234.5", "1234.5"),
        ("1234,50", "1234.50"),
        ("1 234 567,89", "1234567.89"),
        ("1\u00a0234,5", "1234.5"),
        ("1,234,567.89", "1234567.89"),
        ("1.234.567,89", "1234567.89"),
        ("12,", "12"),
        ("-5.00", "-5.00"),
        ("1,234", "1,234"),
        ("пять", "пять"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_amounts_are_written_with_comma_or_point(tmp_path, amount, expected):
    assert read(tmp_path, file(document(**PAID, Сумма=amount)))[0]["AMOUNT"] == expected


@pytest.mark.parametrize(
    ("account", "keys", "currency"),
    [
        (OURS, {}, "KZT"),
        (OURS, {"Валюта": "usd"}, "USD"),
        (OURS, {"Валюта": "398"}, "KZT"),
        ("40702810900000000001", {}, "RUB"),
        ("40702840900000000001", {}, "USD"),
        ("40702999900000000001", {}, None),
        ("123", {}, None),
    ],
)
def test_a_currency_that_is_not_told_is_that_of_the_account(tmp_path, account, keys, currency):
    text = file(document(ПлательщикСчет=account, Сумма="5", **keys), header=f"РасчСчет={account}\n")

    assert read(tmp_path, text)[0]["CURRENCY"] == currency


def test_a_russian_document_is_booked_on_the_holders_side(tmp_path):
    keys = {"Сумма": "5", "ДатаСписано": "01.10.2031", "ДатаПоступило": "02.10.2031"}
    header = "РасчСчет=40702810900000000001\n"
    paid = document(
        ПлательщикСчет="40702810900000000001",
        Плательщик="ИНН 1 ООО А",
        Плательщик1="ООО А",
        ПлательщикИНН="7700000000",
        **keys,
    )
    got = document(ПолучательРасчСчет="40702810900000000001", **keys)

    debit, credit = read(tmp_path, file(paid, got, header=header))

    assert (debit["BOOKED_ON"], credit["BOOKED_ON"]) == ("2031-10-01", "2031-10-02")
    assert (debit["HOLDER_NAME"], debit["HOLDER_IIN"]) == ("ООО А", "7700000000")


def test_a_document_not_carried_out_is_pending(tmp_path):
    (cells,) = read(
        tmp_path, file(document(ПлательщикИИК=OURS, Сумма="5", ДатаДокумента="01.10.2031"))
    )

    assert (cells["STATUS"], cells["BOOKED_ON"]) == ("pending", None)


def test_a_purpose_of_several_lines_or_keys_is_whole(tmp_path):
    lines = file(document(**PAID, НазначениеПлатежа="за услуги\nКНП 841\nпо договору"))
    keys = file(document(**PAID, НазначениеПлатежа1="за услуги", НазначениеПлатежа2="КНП 841"))

    (first,), (second,) = read(tmp_path, lines), read(tmp_path, keys)

    assert (first["PURPOSE"], first["KNP"]) == ("за услуги КНП 841 по договору", "841")
    assert (second["PURPOSE"], second["KNP"]) == ("за услуги КНП 841", "841")


def test_a_day_that_is_not_understood_stays_as_written(tmp_path):
    keys = {**PAID, "Сумма": "5"}

    stays = read(tmp_path, file(document(**{**keys, "ДатаОперации": "1 октября"})))
    with_hour = read(tmp_path, file(document(**{**keys, "ДатаОперации": "01.10.2031 12:30:00"})))

    assert (stays[0]["BOOKED_ON"], with_hour[0]["BOOKED_ON"]) == ("1 октября", "2031-10-01")


def test_totals_are_compared_account_by_account_over_all_days(tmp_path):
    sections = (
        section(first="01.10.2031", last="01.10.2031", ВсегоПоступило="5", НачальныйОстаток="1")
        + section(first="02.10.2031", last="02.10.2031", ВсегоПоступило="7", НачальныйОстаток="6")
        + section(SECOND, ВсегоСписано="1", ВсегоПоступило="0")
    )
    documents = (
        document(**GOT, Сумма="5"),
        document(**{**GOT, "ДатаОперации": "02.10.2031"}, Сумма="7"),
        document(ДатаОперации="02.10.2031", ПлательщикИИК=SECOND, Сумма="2"),
    )

    found = read(tmp_path, file(*documents, sections=sections))

    assert [c["IS_RECONCILED"] for c in found] == ["true", "true", "false"]
    assert [c["OPENING_BALANCE"] for c in found] == ["1", "6", None]


def test_an_unreadable_amount_cannot_be_reconciled(tmp_path):
    text = FILE.replace("СуммаРасход=160000", "СуммаРасход=много").replace("Сумма=160000\n", "")

    (cells,) = read(tmp_path, text)

    assert (cells["AMOUNT"], cells["IS_RECONCILED"]) == ("много", "false")


def test_sections_may_stand_below_the_documents(tmp_path):
    below = file(document(**GOT, Сумма="5"), section(ВсегоПоступило="5"), header="")

    (cells,) = read(tmp_path, below)

    assert (cells["ACCOUNT"], cells["IS_RECONCILED"]) == (OURS, "true")


WITHOUT_TOTALS = file(document(**PAID, Сумма="5"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no file 1CClientBankExchange"),
        ("РасчСчет=1\n", "is no file 1CClientBankExchange"),
        ("1CClientBankExchange\n", "is no file 1CClientBankExchange"),
        (WITHOUT_TOTALS.removesuffix("КонецФайла\n"), "cut off: it ends without КонецФайла"),
        (FILE[: FILE.index("КонецДокумента")], "the section of line 14 has no end"),
        (FILE.replace("КонецДокумента", "КонецДокум"), "in the section of line 14"),
        (FILE.replace("СекцияДокумент", "Секция"), "КонецДокумента stands outside of a section"),
        (FILE.replace("КонецРасчСчет", ""), "in the section of line 5"),
        (FILE + FILE, "line 38: it goes on behind КонецФайла"),
        (FILE.replace("Перевод", "x" * 70_000), "line 30, is longer than"),
        (FILE.replace("Перевод", "\n".join(["x" * 30_000] * 3)), "section of line 14 is longer"),
        (file(sections=section(ВсегоПоступило="5")), "1 of its 1 accounts declare totals, but"),
    ],
)
def test_what_is_not_whole_is_refused_in_a_sentence(tmp_path, text, says):
    with pytest.raises(Unreadable, match=says):
        read(tmp_path, text)


def test_without_its_last_word_a_file_is_judged_by_its_totals(tmp_path):
    whole = FILE.removesuffix("КонецФайла\n")
    half = whole.replace("ВсегоСписано=160000.00", "ВсегоСписано=170000.00")

    assert [c["IS_RECONCILED"] for c in read(tmp_path, whole)] == ["true"]
    assert [c["IS_RECONCILED"] for c in read(tmp_path, half)] == ["false"]


def test_documents_before_the_damage_are_given(tmp_path):
    text = file(document(**PAID, Сумма="5"), document(**PAID, Сумма="6"))
    found = []

    with pytest.raises(Unreadable):
        for record in one_c.records(written(tmp_path, text.removesuffix("КонецФайла\n"))):
            found.append(record.cells["AMOUNT"])

    assert found == ["5", "6"]


@pytest.mark.parametrize("text", ["", "<a/>", "a=b\n", "x1CClientBankExchange\n", ":20:A\n:25:B\n"])
def test_other_files_are_not_claimed(tmp_path, text):
    assert one_c.FORMATS[0].version(Beginning.of(written(tmp_path, text))) is None


LINES = [f"{line}\n".encode() for line in FILE.splitlines()]


@settings(max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(st.sampled_from(LINES), max_size=60).map(lambda rows: LINES[0] + b"".join(rows)),
        st.tuples(
            st.integers(0, len(FILE.encode())), st.integers(0, 60), st.binary(max_size=20)
        ).map(lambda cut: FILE.encode()[: cut[0]] + cut[2] + FILE.encode()[cut[0] + cut[1] :]),
    )
)
def test_whatever_the_bytes_are_they_are_read_or_refused(tmp_path_factory, body):
    path = tmp_path_factory.getbasetemp() / "fuzzed.txt"
    path.write_bytes(body)

    try:
        one_c.FORMATS[0].version(Beginning.of(path))
        for record in one_c.records(path):
            assert all(v is None or isinstance(v, str) for v in record.cells.values())
    except Unreadable as error:
        assert str(error).endswith(".")
