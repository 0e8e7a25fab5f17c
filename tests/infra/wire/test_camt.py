"""Statements of ISO 20022: what a record holds, in every version and dialect."""

import gzip
import re
import tracemalloc
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from infra.wire.banks import camt_kept
from infra.wire.banks.camt import COLUMNS, FORMATS, batches, records
from infra.wire.beginning import Beginning
from infra.wire.errors import Unreadable
from tests.infra.wire.conftest import SAMPLES
from transforms.feeds.account_movements import FEED

ACCOUNT = "<Acct><Id><IBAN>KZ86125KZT5004100100</IBAN></Id><Ccy>KZT</Ccy></Acct>"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def entry(inside="", *, amount="100.00", currency="KZT", direction="CRDT", more=""):
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{more}'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2025-08-18</Dt></BookgDt>{inside}</Ntry>"
    )


def payment(inside="", **further):
    return entry(f"<NtryDtls><TxDtls>{inside}</TxDtls></NtryDtls>", **further)


def statement(*entries, head=ACCOUNT, root="BkToCstmrStmt", kind="Stmt", namespace=NAMESPACE):
    return (
        f'<Document xmlns="{namespace}"><{root}><GrpHdr><MsgId>M</MsgId></GrpHdr>'
        f"<{kind}><Id>S1</Id>{head}{''.join(entries)}</{kind}></{root}></Document>"
    )


@pytest.fixture
def cells(tmp_path):
    def of(text):
        return [dict(record.cells) for record in all_records(tmp_path, text)]

    return of


def all_records(folder, text):
    path = folder / "statement.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(records(path))


def version(folder, text):
    path = folder / "statement.xml"
    path.write_text(text)
    return [told for known in FORMATS if (told := known.version(Beginning.of(path)))]


def told(record):
    return {name: cell for name, cell in record.cells.items() if cell is not None}


# Samples


@pytest.mark.parametrize(
    ("name", "expected", "entries", "payments"),
    [
        ("200519_camt.052_P_CH*", "camt.052.001.04", 2, 2),
        ("200519_camt.054_P_CH*", "camt.054.001.04", 1, 2),
        ("200519_camt054-returns*", "camt.054.001.04", 1, 1),
        ("FI_camt_052_sample.xml", "camt.052.001.02", 2, 2),
        ("FI_camt_053_sample.xml", "camt.053.001.02", 10, 13),
        ("genkgo-camt052.v6.xml", "camt.052.001.06", 1, 1),
        ("genkgo-camt053.v2.multi.statement.xml", "camt.053.001.02", 2, 2),
        ("genkgo-camt053.v4.xml", "camt.053.001.04", 1, 1),
        ("genkgo-camt053.v8.xml", "camt.053.001.08", 1, 1),
        ("genkgo-camt054.v4.xml", "camt.054.001.04", 1, 3),
        ("genkgo-camt054.v8-with-UETR.xml", "camt.054.001.08", 1, 1),
        ("gs_camt052_001_02.xml", "camt.052.001.02", 17, 17),
    ],
)
def test_every_sample_is_read_whole(name, expected, entries, payments):
    path = next(iter((SAMPLES / "banks" / "camt").glob(name)), None)
    if path is None:
        pytest.skip("the collection of samples is not here")

    found = list(records(path))

    assert [known.version(Beginning.of(path)) for known in FORMATS].count(expected) == 1
    assert (found[-1].entry, len(found)) == (entries, payments)
    assert entries == len(etree.parse(path).xpath("//*[local-name()='Ntry']"))
    for record in found:
        assert all(record.cells[name] for known in FORMATS for name in known.needs)
        assert record.cells["IS_RECONCILED"] != "false"


def test_a_place_is_where_the_payment_stands(sample):
    path = sample("banks/camt/FI_camt_053_sample.xml")
    document = etree.parse(path)

    for record in records(path):
        steps = [
            re.match(r"(\w+)(\[\d+\])?", step).groups() for step in record.place.split("/")[1:]
        ]
        found = document.xpath("/" + "/".join(f"*[local-name()='{n}']{i or ''}" for n, i in steps))
        assert len(found) == 1


def test_a_batch_of_the_finnish_sample(sample):
    found = list(records(sample("banks/camt/FI_camt_053_sample.xml")))

    assert [record.entry for record in found] == [1, 2, 3, 3, 3, 4, 5, 6, 7, 8, 9, 10, 10]
    assert [record.cells["BATCH_PAYMENTS"] for record in found][:2] == ["4", "3"]
    assert [Decimal(r.cells["AMOUNT"]) for r in found if r.entry == 3] == [
        Decimal("2000.02"), Decimal("1000.01"), Decimal("1230.02"),
    ]  # fmt: skip
    assert found[2].cells["COUNTERPARTY_ACCOUNT"] == "29501800020582"
    assert found[2].cells["PURPOSE"] == "3900"


def test_an_exchange_of_the_finnish_sample(sample):
    found = list(records(sample("banks/camt/FI_camt_053_sample.xml")))[8]

    assert found.entry == 7
    assert told(found) == {
        "STATEMENT_ID": "BANKSTMTID0972009",
        "ACCOUNT": "FI7433010001222090",
        "ACCOUNT_BANK": "ESSEFIHX",
        "HOLDER_NAME": "BANK ACCOUNT OWNER",
        "OPENING_BALANCE": "10000.00",
        "CLOSING_BALANCE": "23644.83",
        "ENTRY_ID": "091029ACCTSTMTARCH06",
        "TRANSACTION_ID": "ISSRBKREF12345678",
        "DIRECTION": "credit",
        "AMOUNT": "2120.00",
        "CURRENCY": "EUR",
        "BOOKED_ON": "2009-10-29",
        "VALUE_ON": "2009-10-30",
        "STATUS": "booked",
        "BANK_CODE": "PMNT/RCDT/XBCT",
        "COUNTERPARTY_NAME": "DEBTOR NAME",
        "COUNTERPARTY_BANK": "BOFAUS6H",
        "PURPOSE": "INVOICE US20291092",
        "INSTRUCTED_AMOUNT": "3200.00",
        "INSTRUCTED_CURRENCY": "USD",
        "EXCHANGE_RATE": "0.666667",
        "IS_RECONCILED": "true",
    }


def test_a_return_of_the_swiss_sample(sample):
    folder = sample("banks/camt")
    found = next(records(next(folder.glob("200519_camt054-returns*"))))

    assert found.cells["RETURN_REASON"] == "AC01"
    assert found.cells["PURPOSE"] == "Kontouebertrag"
    assert found.cells["BATCH_PAYMENTS"] == "1"


def test_moments_with_fractions_of_the_american_sample(sample):
    first = next(records(sample("banks/camt/gs_camt052_001_02.xml")))

    assert first.place == "/Document/BkToCstmrAcctRpt/Rpt[2]/Ntry[1]/NtryDtls[1]/TxDtls[1]"
    assert first.cells["ACCOUNT"] == "105084986"
    assert first.cells["BOOKED_AT"] == "2021-08-03T16:25:20.862Z"
    assert first.cells["BOOKED_ON"] == "2021-08-03"


def test_the_wrapped_report_of_an_authority_declares_an_entry_more_than_it_has(sample):
    path = sample("banks/authority/camt052_response.xml")

    found = list(records(path))

    assert [record.entry for record in found] == [1, 1, 1, 1, 2, 3, 4, 5]
    assert {record.cells["IS_RECONCILED"] for record in found} == {"false"}
    assert [known.version(Beginning.of(path)) for known in FORMATS] == [None] * 3


# Versions and envelopes


@pytest.mark.parametrize(
    ("namespace", "expected"),
    [
        (NAMESPACE, "camt.053.001.08"),
        ("urn:iso:std:iso:20022:tech:xsd:camt.053.001.14", "camt.053.001.14"),
        ("", "camt.053"),
        ("urn:bank", "camt.053"),
    ],
)
def test_the_version_is_what_the_namespace_says(tmp_path, namespace, expected):
    assert version(tmp_path, statement(namespace=namespace)) == [expected]


def test_a_version_that_only_the_header_says(tmp_path):
    text = statement(namespace="")
    wrapped = f"<E><AppHdr><MsgDefIdr>camt.053.001.09</MsgDefIdr></AppHdr>{text}</E>"

    assert version(tmp_path, wrapped) == ["camt.053.001.09"]


def test_a_statement_inside_an_answer_to_an_authority_is_not_ours(tmp_path):
    assert version(tmp_path, f"<Document><InfReqRspn>{statement()}</InfReqRspn></Document>") == []


@pytest.mark.parametrize(
    "wrapped",
    [
        "{}",
        "<RequestPayload><AppHdr xmlns='urn:head'><Fr/></AppHdr>{}</RequestPayload>",
        "<BizMsgEnvlp>\n{}</BizMsgEnvlp>",
        "<?xml version='1.0' encoding='UTF-8'?>\n<!-- <Ntry></Ntry> -->{}",
    ],
)
def test_envelopes_do_not_matter(cells, wrapped):
    assert [it["AMOUNT"] for it in cells(wrapped.format(statement(entry(), entry())))] == [
        "100.00", "100.00",
    ]  # fmt: skip


@pytest.mark.parametrize("prefix", ["n0", "urn2", "x-y.z"])
def test_prefixes_do_not_matter(tmp_path, prefix):
    plain = statement(*[payment("<Refs><TxId>T</TxId></Refs>")] * 40)
    prefixed = re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}:", plain).replace("xmlns=", f"xmlns:{prefix}=")

    assert all_records(tmp_path, plain) == all_records(tmp_path, prefixed)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251"])
def test_encodings_do_not_matter(tmp_path, encoding):
    body = statement(*[payment("<RmtInf><Ustrd>За услуги</Ustrd></RmtInf>")] * 3)
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = f'<?xml version="1.0" encoding="{declared}"?>{body}'

    found = all_records(tmp_path, text.encode(encoding))

    assert [it.cells["PURPOSE"] for it in found] == ["За услуги"] * 3


def test_a_packed_file_is_read_as_one_that_is_not(tmp_path):
    path = tmp_path / "statement.xml.gz"
    path.write_bytes(gzip.compress(statement(entry()).encode()))

    assert len(list(records(path))) == 1


def test_the_first_version_has_payments_directly_below_the_entry(cells):
    first = "<TxDtls><Refs><TxId>1</TxId></Refs></TxDtls>"

    assert [it["TRANSACTION_ID"] for it in cells(statement(entry(first)))] == ["1"]


# Entries and payments


def test_an_entry_without_details_is_one_record(cells):
    (only,) = cells(statement(entry(more="<AcctSvcrRef>R1</AcctSvcrRef>")))

    assert (only["ENTRY_ID"], only["AMOUNT"], only["BATCH_PAYMENTS"]) == ("R1", "100.00", None)


def test_a_batch_without_details_says_how_many_payments_it_sums_up(cells):
    details = "<NtryDtls><Btch><NbOfTxs>7</NbOfTxs></Btch></NtryDtls>"

    assert [it["BATCH_PAYMENTS"] for it in cells(statement(entry(details)))] == ["7"]


def test_several_batches_without_details_are_one_record(cells):
    details = "<NtryDtls><Btch><NbOfTxs>7</NbOfTxs></Btch></NtryDtls>" * 2

    assert [it["BATCH_PAYMENTS"] for it in cells(statement(entry(details)))] == ["14"]


def test_each_payment_of_a_batch_has_its_own_amount_and_place(tmp_path):
    one = '<TxDtls><Amt Ccy="KZT">{}</Amt><CdtDbtInd>{}</CdtDbtInd></TxDtls>'
    first, second, third = one.format(60, "CRDT"), one.format(50, "CRDT"), one.format(10, "DBIT")
    blocks = f"<NtryDtls>{first}{second}</NtryDtls><NtryDtls>{third}</NtryDtls>"

    found = all_records(tmp_path, statement(entry(blocks)))

    assert [(it.cells["AMOUNT"], it.cells["DIRECTION"]) for it in found] == [
        ("60", "credit"), ("50", "credit"), ("10", "debit"),
    ]  # fmt: skip
    assert [it.place.partition("/Ntry[1]")[2] for it in found] == [
        "/NtryDtls[1]/TxDtls[1]", "/NtryDtls[1]/TxDtls[2]", "/NtryDtls[2]/TxDtls[1]",
    ]  # fmt: skip
    assert {it.entry for it in found} == {1}


def test_of_several_payments_one_without_an_amount_has_none(cells):
    details = '<NtryDtls><TxDtls/><TxDtls><Amt Ccy="KZT">5</Amt></TxDtls></NtryDtls>'

    assert [it["AMOUNT"] for it in cells(statement(entry(details)))] == [None, "5"]


def test_a_payment_in_another_currency_counts_in_that_of_the_entry(cells):
    foreign = (
        '<TxDtls><Amt Ccy="USD">4.1</Amt><AmtDtls><InstdAmt><Amt Ccy="USD">4.2</Amt></InstdAmt>'
        '<TxAmt><Amt Ccy="USD">4.1</Amt></TxAmt><CntrValAmt><Amt Ccy="KZT">2200</Amt><CcyXchg>'
        "<XchgRate>536.58</XchgRate></CcyXchg></CntrValAmt></AmtDtls></TxDtls>"
    )

    for it in cells(statement(entry(f"<NtryDtls>{foreign * 2}</NtryDtls>"))):
        assert (it["AMOUNT"], it["CURRENCY"]) == ("2200", "KZT")
        assert (it["INSTRUCTED_AMOUNT"], it["INSTRUCTED_CURRENCY"]) == ("4.2", "USD")
        assert it["EXCHANGE_RATE"] == "536.58"


def test_an_entry_that_lacks_its_amount_is_not_dropped(cells):
    (only,) = cells(statement("<Ntry><Sts>BOOK</Sts></Ntry>"))

    assert (only["AMOUNT"], only["CURRENCY"], only["DIRECTION"]) == (None, None, None)


@pytest.mark.parametrize("payments", [99, 100, 101, 102, 350])
def test_an_entry_with_very_many_payments_is_one_entry(tmp_path, payments):
    one = '<TxDtls><Refs><TxId>{}</TxId></Refs><Amt Ccy="KZT">1</Amt></TxDtls>'
    many = "".join(one.format(n) for n in range(payments))
    total = "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries><Sum>101</Sum></TtlNtries></TxsSummry>"
    big = entry(f"<NtryDtls><Btch/>{many}</NtryDtls>", amount="100")

    found = all_records(tmp_path, statement(big, entry(amount="1"), head=ACCOUNT + total))

    assert [it.entry for it in found] == [1] * payments + [2]
    assert [it.cells["TRANSACTION_ID"] for it in found[:-1]] == [str(n) for n in range(payments)]
    assert found[payments - 1].place.endswith(f"/Ntry[1]/NtryDtls[1]/TxDtls[{payments}]")
    assert {it.cells["AMOUNT"] for it in found} == {"1"}
    assert {it.cells["IS_RECONCILED"] for it in found} == {"true"}


def test_the_direction_of_a_reversal_is_as_written(cells):
    (only,) = cells(statement(entry(direction="DBIT", more="<RvslInd>true</RvslInd>")))

    assert (only["DIRECTION"], only["IS_REVERSAL"]) == ("debit", "true")


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("<Sts>BOOK</Sts>", "booked"),
        ("<Sts><Cd>PDNG</Cd></Sts>", "pending"),
        ("<Sts>\n <Cd>INFO</Cd>\n</Sts>", "information"),
        ("<Sts><Cd>FUTR</Cd></Sts>", "pending"),
        ("<Sts><Prtry>HOLD</Prtry></Sts>", "HOLD"),
    ],
)
def test_a_status_is_text_or_a_code(cells, written, status):
    text = statement(entry()).replace("<Sts><Cd>BOOK</Cd></Sts>", written)

    assert [it["STATUS"] for it in cells(text)] == [status]


@pytest.mark.parametrize(
    ("written", "on", "at"),
    [
        ("<Dt>2025-08-18</Dt>", "2025-08-18", None),
        ("<Dt>2025-08-18+05:00</Dt>", "2025-08-18", None),
        ("<DtTm>2025-08-18T10:15:00</DtTm>", "2025-08-18", None),
        ("<DtTm>2025-08-18T23:30:00-02:00</DtTm>", "2025-08-18", "2025-08-18T23:30:00-02:00"),
        ("<DtTm>2025-08-18T10:15:00.5Z</DtTm>", "2025-08-18", "2025-08-18T10:15:00.5Z"),
        ("<DtTm>2025-08-31T24:00:00Z</DtTm>", "2025-08-31", "2025-09-01T00:00:00Z"),
        ("<DtTm>18.08.2025 at ten</DtTm>", "18.08.2025 at ten", "18.08.2025 at ten"),
    ],
)
def test_a_moment_has_a_civil_date_and_with_an_offset_an_instant(cells, written, on, at):
    text = statement(entry()).replace("<Dt>2025-08-18</Dt>", written)

    assert [(it["BOOKED_ON"], it["BOOKED_AT"]) for it in cells(text)] == [(on, at)]


@pytest.mark.parametrize(
    ("written", "read"),
    [("1.12345", "1.12345"), ("+5", "5"), (".5", "0.5"), ("5.", "5"), ("1,5", "1,5"), ("-1", "-1")],
)
def test_amounts_are_canonical_or_as_written(cells, written, read):
    assert [it["AMOUNT"] for it in cells(statement(entry(amount=written)))] == [read]


# Parties

PARTIES = """
<RltdPties>
  <Dbtr>{dbtr}</Dbtr><DbtrAcct><Id><IBAN>KZ72722S000000000001</IBAN></Id></DbtrAcct>
  <UltmtDbtr><Nm>Actual payer</Nm></UltmtDbtr>
  <Cdtr>{cdtr}</Cdtr><CdtrAcct><Id><Othr><Id>KZ86125KZT5004100100</Id></Othr></Id></CdtrAcct>
  <UltmtCdtr><Pty><Nm>Actual payee</Nm></Pty></UltmtCdtr>
</RltdPties>
<RltdAgts>
  <DbtrAgt><FinInstnId><BIC>CASPKZKA</BIC></FinInstnId></DbtrAgt>
  <CdtrAgt><FinInstnId><BICFI>KCJBKZKX</BICFI></FinInstnId></CdtrAgt>
</RltdAgts>
"""
OLD = "<Nm>{}</Nm><Id><PrvtId><Othr><Id>{}</Id></Othr></PrvtId></Id>"
NEW = "<Pty><Nm>{}</Nm><Id><OrgId><Othr><Id>{}</Id></Othr></OrgId></Id></Pty>"


@pytest.mark.parametrize("shape", [OLD, NEW])
def test_parties_are_found_in_the_shapes_of_all_versions(cells, shape):
    parties = PARTIES.format(
        dbtr=shape.format("Payer", "871231100006"), cdtr=shape.format("Payee", "940140000385")
    )
    (only,) = cells(statement(payment(parties)))

    assert (only["COUNTERPARTY_NAME"], only["COUNTERPARTY_IIN"]) == ("Payer", "871231100006")
    assert only["COUNTERPARTY_ACCOUNT"] == "KZ72722S000000000001"
    assert only["COUNTERPARTY_BANK"] == "CASPKZKA"
    assert only["COUNTERPARTY_ULTIMATE_NAME"] == "Actual payer"
    assert (only["HOLDER_ULTIMATE_NAME"], only["HOLDER_IIN"]) == ("Actual payee", "940140000385")


def test_the_other_side_of_a_debit_is_the_creditor(cells):
    parties = "<RltdPties><Dbtr><Nm>A</Nm></Dbtr><Cdtr><Nm>B</Nm></Cdtr></RltdPties>"

    assert [it["COUNTERPARTY_NAME"] for it in cells(statement(payment(parties)))] == ["A"]
    debit = statement(payment(parties, direction="DBIT"))
    assert [it["COUNTERPARTY_NAME"] for it in cells(debit)] == ["B"]


def test_nobody_is_the_other_side_of_his_own_account(cells):
    parties = PARTIES.format(dbtr="<Nm>Payer</Nm>", cdtr="<Nm>Holder</Nm>")
    (reversed_payment,) = cells(statement(payment(parties, direction="DBIT")))

    assert reversed_payment["COUNTERPARTY_NAME"] == "Payer"
    assert reversed_payment["COUNTERPARTY_ULTIMATE_NAME"] == "Actual payer"


@pytest.mark.parametrize(
    ("others", "number"),
    [
        ("<Othr><Id>871231100006</Id></Othr>", "871231100006"),
        ("<Othr><Id>N12345678</Id></Othr>", None),
        ("<Othr><Id>8712311</Id><SchmeNm><Prtry>IIN</Prtry></SchmeNm></Othr>", "8712311"),
        ("<Othr><Id>1</Id></Othr><Othr><Id>871231100006</Id></Othr>", "871231100006"),
        (
            "<Othr><Id>000000000001</Id></Othr>"
            "<Othr><Id>871231100006</Id><SchmeNm><Cd>ИИН</Cd></SchmeNm></Othr>",
            "871231100006",
        ),
        ("<Othr><Id>123456789</Id><SchmeNm><Prtry>COMBINE</Prtry></SchmeNm></Othr>", None),
    ],
)
def test_only_an_iin_or_bin_is_one(cells, others, number):
    party = f"<RltdPties><Dbtr><Id><PrvtId>{others}</PrvtId></Id></Dbtr></RltdPties>"

    assert [it["COUNTERPARTY_IIN"] for it in cells(statement(payment(party)))] == [number]


# Purpose


@pytest.mark.parametrize(
    ("written", "knp"),
    [
        ("<Purp><Prtry>119</Prtry></Purp>", "119"),
        ("<Purp><Cd>SALA</Cd></Purp>", "SALA"),
        ("<Purp><Prtry>КНП 342</Prtry></Purp>", "342"),
        ("<RmtInf><Ustrd>перевод КНП 119</Ustrd></RmtInf>", "119"),
        ("<Purp><Cd>OTHR</Cd></Purp><RmtInf><Ustrd>/KNP/119/KBE/19/</Ustrd></RmtInf>", "119"),
        ("<RmtInf><Ustrd>119</Ustrd></RmtInf>", None),
    ],
)
def test_the_purpose_code_is_where_kazakh_banks_put_it(cells, written, knp):
    (only,) = cells(statement(payment(written)))

    assert only["KNP"] == knp
    assert only["KBE"] == ("19" if "KBE" in written else None)


def test_the_purpose_is_all_that_the_payer_wrote(cells):
    written = (
        "<RmtInf><Ustrd>Оплата картой</Ustrd><Ustrd>4405 63** **** 1234</Ustrd><Strd><CdtrRefInf>"
        "<Ref>RF98</Ref></CdtrRefInf><AddtlRmtInf>август</AddtlRmtInf></Strd></RmtInf>"
    )
    (only,) = cells(statement(payment(written)))

    assert only["PURPOSE"] == "Оплата картой 4405 63** **** 1234 RF98 август"
    assert only["MASKED_CARD"] == "440563******1234"


def test_without_the_payers_words_the_banks_words_are_the_purpose(cells):
    (only,) = cells(statement(payment("", more="<AddtlNtryInf>Fee *1234</AddtlNtryInf>")))

    assert (only["PURPOSE"], only["MASKED_CARD"]) == ("Fee *1234", "*1234")


def test_a_reference_that_was_not_provided_is_none(cells):
    refs = "<Refs><EndToEndId>NOTPROVIDED</EndToEndId><UETR>u</UETR></Refs>"
    (only,) = cells(statement(payment(refs)))

    assert (only["END_TO_END_ID"], only["UETR"]) == (None, "u")


# Statements


def balance(kind, amount, direction, currency="KZT"):
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<CdtLine><Amt Ccy="{currency}">9</Amt></CdtLine><Amt Ccy="{currency}">{amount}</Amt>'
        f"<CdtDbtInd>{direction}</CdtDbtInd></Bal>"
    )


@pytest.mark.parametrize(
    ("balances", "opening", "closing"),
    [
        (balance("OPBD", "5.00", "DBIT") + balance("CLBD", "7", "CRDT"), "-5.00", "7"),
        (balance("PRCD", "5.00", "CRDT"), "5.00", None),
        (balance("OPBD", "0.00", "DBIT"), "0.00", None),
        (balance("ITBD", "1", "CRDT") + balance("ITBD", "2", "CRDT"), None, "2"),
        (balance("OPBD", "5", "CRDT", "USD") + balance("OPBD", "6", "CRDT"), "6", None),
        (balance("OPAV", "5", "CRDT") + balance("CLAV", "5", "CRDT"), None, None),
    ],
)
def test_balances_carry_the_sign_of_their_side(cells, balances, opening, closing):
    (only,) = cells(statement(entry(), head=ACCOUNT + balances))

    assert (only["OPENING_BALANCE"], only["CLOSING_BALANCE"]) == (opening, closing)


def totals(inside):
    return f"{ACCOUNT}<TxsSummry>{inside}</TxsSummry>"


BOTH = [entry(amount="10.50"), entry(amount="4", direction="DBIT")]


@pytest.mark.parametrize(
    ("head", "flag"),
    [
        (ACCOUNT, None),
        (totals(""), None),
        (totals("<TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries>"), "true"),
        (totals("<TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries>"), "false"),
        (totals("<TtlNtries><NbOfNtries>two</NbOfNtries></TtlNtries>"), "false"),
        (totals("<TtlNtries><Sum>14.5000</Sum></TtlNtries>"), "true"),
        (totals("<TtlNtries><Sum>14.51</Sum></TtlNtries>"), "false"),
        (totals("<TtlCdtNtries><Sum>10.5</Sum></TtlCdtNtries>"), "true"),
        (totals("<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>4</Sum></TtlDbtNtries>"), "true"),
        (totals("<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>5</Sum></TtlDbtNtries>"), "false"),
        (
            totals(
                "<TtlNtries><TtlNetNtryAmt>6.50</TtlNetNtryAmt><CdtDbtInd>CRDT</CdtDbtInd></TtlNtries>"
            ),
            "true",
        ),
        (
            totals(
                "<TtlNtries><TtlNetNtry><Amt>6.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></TtlNetNtry></TtlNtries>"
            ),
            "false",
        ),
        (
            "<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"
            + totals("<TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries>"),
            None,
        ),
    ],
)
def test_declared_totals_are_held_against_the_entries(cells, head, flag):
    assert {it["IS_RECONCILED"] for it in cells(statement(*BOTH, head=head))} == {flag}


def test_each_statement_of_a_file_has_its_own_verdict(tmp_path):
    one = "<Stmt><Id>{}</Id><Acct><Id><Othr><Id>{}</Id></Othr></Id></Acct>{}{}</Stmt>"
    declared = "<TxsSummry><TtlNtries><NbOfNtries>{}</NbOfNtries></TtlNtries></TxsSummry>"
    parts = [
        one.format("A", 1, declared.format(2), entry() * 2),
        one.format("B", 2, declared.format(2), ""),
        one.format("C", 3, "", entry()),
        one.format("D", 4, declared.format(2), entry()),
    ]
    text = f"<Document><BkToCstmrStmt>{''.join(parts)}</BkToCstmrStmt></Document>"

    found = all_records(tmp_path, text)

    assert [
        (
            it.entry,
            it.place,
            it.cells["STATEMENT_ID"],
            it.cells["ACCOUNT"],
            it.cells["IS_RECONCILED"],
        )
        for it in found
    ] == [
        (1, "/Document/BkToCstmrStmt/Stmt[1]/Ntry[1]", "A", "1", "true"),
        (2, "/Document/BkToCstmrStmt/Stmt[1]/Ntry[2]", "A", "1", "true"),
        (3, "/Document/BkToCstmrStmt/Stmt[3]/Ntry[1]", "C", "3", None),
        (4, "/Document/BkToCstmrStmt/Stmt[4]/Ntry[1]", "D", "4", "false"),
    ]


def test_rows_kept_aside_come_in_order_and_with_their_verdict(tmp_path, monkeypatch):
    monkeypatch.setattr(camt_kept, "_ROWS", 10)
    monkeypatch.setattr(camt_kept, "_FRAMES_IN_MEMORY", 2)
    one = "<Stmt><Id>{}</Id>{}{}</Stmt>"
    declared = "<TxsSummry><TtlNtries><NbOfNtries>{}</NbOfNtries></TtlNtries></TxsSummry>"
    parts = [
        one.format("A", "", entry() * 13),
        one.format("B", declared.format(77), entry() * 77),
        one.format("C", declared.format(1), entry() * 12),
    ]
    path = tmp_path / "statement.xml"
    path.write_text(f"<Document><BkToCstmrStmt>{''.join(parts)}</BkToCstmrStmt></Document>")

    found = [row for batch in batches(path) for row in batch.iter_rows(named=True)]

    assert [it["entry"] for it in found] == list(range(1, 103))
    assert [(it["STATEMENT_ID"], it["IS_RECONCILED"]) for it in found] == [
        *[("A", None)] * 13, *[("B", "true")] * 77, *[("C", "false")] * 12,
    ]  # fmt: skip


def test_cells_are_the_columns_of_the_feed():
    assert set(COLUMNS) == set(FEED.message_columns)


# Entries cut out without lxml are those that lxml would give

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="<>&\r", exclude_categories=("Cc", "Cs", "Cn")),
    max_size=12,
).map(escape)
WRITTEN = st.one_of(TEXTS, st.sampled_from(["&lt;", "a&amp;b", "&quot;ТОО&quot;", "&#65;", "x>y"]))
PIECES = (
    "<Refs><TxId>{}</TxId></Refs>",
    "<Refs><AcctSvcrRef>{}</AcctSvcrRef><EndToEndId/></Refs>",
    "<RltdPties><Dbtr>\n <Nm>{}</Nm></Dbtr></RltdPties>",
    "<RltdPties><Cdtr Kind='a>b'><Nm>{}</Nm></Cdtr></RltdPties>",
    "<Purp><Cd>{}</Cd></Purp>",
    "<RmtInf><Ustrd>{}</Ustrd><Ustrd/></RmtInf>",
    "<RmtInf><Ustrd><![CDATA[<Ntry>]]>{}</Ustrd></RmtInf>",
    "<AddtlTxInf >{}</AddtlTxInf >",
)
SHAPES = st.lists(st.sampled_from(PIECES), max_size=4)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    shapes=st.lists(SHAPES, min_size=1, max_size=3),
    order=st.lists(st.integers(0, 2), min_size=1, max_size=60),
    texts=st.lists(WRITTEN, min_size=1, max_size=20),
)
def test_the_short_way_and_lxml_give_the_same(tmp_path_factory, shapes, order, texts):
    folder = tmp_path_factory.mktemp("camt")
    said = iter(texts * 1000)
    entries = [
        payment("".join(piece.format(next(said)) for piece in shapes[n % len(shapes)]))
        for n in order
    ]

    short = all_records(folder, statement(*entries))
    long = all_records(
        folder, statement(*(it.replace("<Amt", "<!-- --><Amt", 1) for it in entries))
    )

    assert short == long
    assert len(short) == len(order)


@pytest.mark.parametrize(
    "between",
    ["<!-- {} -->", "<![CDATA[{}]]>", "<Other>{}</Other>", "<?pi {} ?>"],
)
def test_what_only_looks_like_an_entry_is_none(tmp_path, between):
    many = [payment("<Refs><TxId>T</TxId></Refs>")] * 30

    found = all_records(tmp_path, statement(*many, between.format(many[0] * 3), *many))

    assert len(found) == 60


# Damage


def broken(tmp_path, text):
    path = tmp_path / "statement.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = []
    with pytest.raises(Unreadable) as error:
        for record in records(path):
            found.append(record)
    return found, str(error.value)


def test_what_came_before_the_damage_is_given_without_a_verdict(tmp_path):
    head = totals("<TtlNtries><NbOfNtries>40</NbOfNtries></TtlNtries>")
    text = statement(*[entry()] * 40, head=head)

    found, says = broken(tmp_path, text[: text.rindex("<Ntry>") + 30])

    assert len(found) == 39
    assert {it.cells["IS_RECONCILED"] for it in found} == {None}
    assert says.startswith("statement.xml is not well-formed XML, after entry 39: ")


@pytest.mark.parametrize("character", ["\x01", "\x0b", "\uffff", "&#0;", "&nbsp;", "]]>"])
def test_a_character_that_xml_does_not_have_is_found_in_any_entry(tmp_path, character):
    one = payment("<RmtInf><Ustrd>{}</Ustrd></RmtInf>")
    entries = [one.format("a")] * 50 + [one.format(f"Иванов{character}")] + [one.format("a")] * 50

    found, says = broken(tmp_path, statement(*entries))

    assert len(found) == 50
    assert "Иванов" not in says


def test_broken_utf_8_is_found_in_any_entry(tmp_path):
    text = statement(*[entry()] * 50, "@", *[entry()] * 50).encode().replace(b"@", b"\xd0")

    assert len(broken(tmp_path, text)[0]) == 50


def test_a_document_type_is_refused(tmp_path):
    bomb = '<!DOCTYPE d [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]>'

    found, says = broken(tmp_path, bomb + statement(payment("<Purp><Cd>&b;</Cd></Purp>")))

    assert found == []
    assert "document type" in says


@pytest.mark.parametrize("text", ["", " ", "nothing", "<a", "\0\0", "<a/><b/>"])
def test_what_is_no_xml_is_said_so(tmp_path, text):
    assert broken(tmp_path, text)[0] == []


GOOD = statement(*[payment(PARTIES.format(dbtr=NEW, cdtr=OLD))] * 20, head=totals("")).encode()


@settings(max_examples=150)
@given(data=st.data())
def test_damaged_files_raise_nothing_but_unreadable(tmp_path_factory, data):
    kind = data.draw(st.sampled_from(["bytes", "cut", "changed", "spliced"]))
    if kind == "bytes":
        text = data.draw(st.binary(max_size=200))
    else:
        at, till = sorted(data.draw(st.tuples(*[st.integers(0, len(GOOD))] * 2)))
        between = data.draw(st.binary(max_size=5)) if kind == "changed" else b""
        text = GOOD[:at] if kind == "cut" else GOOD[:at] + between + GOOD[till:]
    path = tmp_path_factory.mktemp("camt") / "statement.xml"
    path.write_bytes(text)

    try:
        for record in records(path):
            assert set(record.cells) == set(COLUMNS)
    except Unreadable as error:
        assert str(error).startswith("statement.xml ")


def test_memory_does_not_grow_with_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(camt_kept, "_ROWS", 500)
    peaks = []
    for entries in (4_000, 12_000):
        path = tmp_path / "statement.xml"
        path.write_text(statement(payment("<Refs><TxId>T</TxId></Refs>") * entries))
        tracemalloc.start()
        assert sum(batch.height for batch in batches(path)) == entries
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.5
