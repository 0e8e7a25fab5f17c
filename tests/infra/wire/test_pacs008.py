"""Credit transfers between banks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.wire.banks.pacs008 import FORMATS, records
from infra.wire.beginning import Beginning
from infra.wire.errors import Unreadable
from transforms.feeds.interbank_payments import FEED

(PACS,) = FORMATS

TRANSFER = """
<CdtTrfTxInf>
  <PmtId><EndToEndId>{reference}</EndToEndId><TxId>T1</TxId><UETR>u-1</UETR></PmtId>
  <IntrBkSttlmAmt Ccy="{currency}">{amount}</IntrBkSttlmAmt>
  <InstdAmt Ccy="USD">3.5</InstdAmt><XchgRate>536.58</XchgRate>
  <Dbtr><Nm>Payer</Nm><Id><PrvtId><Othr><Id>871231100006</Id></Othr></PrvtId></Id></Dbtr>
  <DbtrAcct><Id><IBAN>KZ72722S000000000001</IBAN></Id></DbtrAcct>
  <DbtrAgt><FinInstnId><BICFI>CASPKZKA</BICFI></FinInstnId></DbtrAgt>
  <UltmtDbtr><Nm>Actual payer</Nm></UltmtDbtr>
  <CdtrAgt><FinInstnId><BIC>KCJBKZKX</BIC></FinInstnId></CdtrAgt>
  <Cdtr><Nm>Payee</Nm><Id><OrgId><Othr><Id>940140000385</Id></Othr></OrgId></Id></Cdtr>
  <CdtrAcct><Id><IBAN>KZ86125KZT5004100100</IBAN></Id></CdtrAcct>
  <UltmtCdtr><Nm>Actual payee</Nm></UltmtCdtr>
  <Purp><Prtry>119</Prtry></Purp>
  <RmtInf><Ustrd>Перевод /KBE/19/</Ustrd></RmtInf>
</CdtTrfTxInf>
"""


def transfer(amount="100", currency="KZT", reference="E1"):
    return TRANSFER.format(amount=amount, currency=currency, reference=reference)


def message(*transfers, head="<NbOfTxs>1</NbOfTxs>", namespace="pacs.008.001.10"):
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{namespace}"><FIToFICstmrCdtTrf>'
        f"<GrpHdr><MsgId>M1</MsgId>{head}<IntrBkSttlmDt>2025-08-18</IntrBkSttlmDt></GrpHdr>"
        f"{''.join(transfers)}</FIToFICstmrCdtTrf></Document>"
    )


@pytest.fixture
def read(tmp_path):
    def of(text):
        path = tmp_path / "message.xml"
        path.write_text(text)
        return list(records(path))

    return of


def test_every_sample_is_read_whole(sample):
    first, second = (
        sample("banks/pacs/pacs.008.001.07.xml"),
        sample("banks/pacs/pacs.008.001.08-small.xml"),
    )

    assert [PACS.version(Beginning.of(path)) for path in (first, second)] == [
        "pacs.008.001.07", "pacs.008.001.08",
    ]  # fmt: skip
    (only,) = records(first)
    assert only.place == "/message/Document/FIToFICstmrCdtTrf/CdtTrfTxInf[1]"
    assert (only.cells["PAYMENT_ID"], only.cells["SETTLED_ON"]) == ("123452342", "2018-07-31")
    # The header declares 10000, the one payment is of 5000.
    assert only.cells["IS_RECONCILED"] == "false"
    (only,) = records(second)
    assert only.cells["UETR"] == "128551e7-3799-41b3-b82b-f87a59e8345f"
    assert only.cells["IS_RECONCILED"] == "true"


def test_all_that_a_transfer_says(read):
    (only,) = read(message(transfer()))

    assert set(only.cells) == set(FEED.message_columns)
    assert only.cells == {
        "MESSAGE_ID": "M1",
        "PAYMENT_ID": "T1",
        "END_TO_END_ID": "E1",
        "UETR": "u-1",
        "SETTLED_ON": "2025-08-18",
        "AMOUNT": "100",
        "CURRENCY": "KZT",
        "INSTRUCTED_AMOUNT": "3.5",
        "INSTRUCTED_CURRENCY": "USD",
        "EXCHANGE_RATE": "536.58",
        "PAYER_ACCOUNT": "KZ72722S000000000001",
        "PAYER_NAME": "Payer",
        "PAYER_IIN": "871231100006",
        "PAYER_BANK": "CASPKZKA",
        "ACTUAL_PAYER_NAME": "Actual payer",
        "ACTUAL_PAYER_IIN": None,
        "PAYEE_ACCOUNT": "KZ86125KZT5004100100",
        "PAYEE_NAME": "Payee",
        "PAYEE_IIN": "940140000385",
        "PAYEE_BANK": "KCJBKZKX",
        "ACTUAL_PAYEE_NAME": "Actual payee",
        "ACTUAL_PAYEE_IIN": None,
        "KNP": "119",
        "KBE": "19",
        "PURPOSE": "Перевод /KBE/19/",
        "IS_RECONCILED": "true",
    }


def test_a_transfer_that_says_nothing_is_a_record(read):
    (only,) = read(message("<CdtTrfTxInf/>"))

    assert (only.cells["AMOUNT"], only.cells["SETTLED_ON"]) == (None, "2025-08-18")
    assert only.cells["IS_RECONCILED"] == "true"


@pytest.mark.parametrize(
    ("head", "flag"),
    [
        ("", None),
        ("<NbOfTxs>2</NbOfTxs>", "true"),
        ("<NbOfTxs>3</NbOfTxs>", "false"),
        ("<CtrlSum>100.10</CtrlSum>", "true"),
        ("<CtrlSum>100</CtrlSum>", "false"),
        ("<CtrlSum>1E2</CtrlSum>", "false"),
        ('<TtlIntrBkSttlmAmt Ccy="KZT">100.1</TtlIntrBkSttlmAmt>', "true"),
        ('<TtlIntrBkSttlmAmt Ccy="KZT">1</TtlIntrBkSttlmAmt>', "false"),
        ('<TtlIntrBkSttlmAmt Ccy="USD">1</TtlIntrBkSttlmAmt>', None),
    ],
)
def test_declared_totals_are_held_against_the_payments(read, head, flag):
    found = read(message(transfer("100"), transfer("0.1"), head=head))

    assert {it.cells["IS_RECONCILED"] for it in found} == {flag}


def test_each_message_of_an_envelope_has_its_own_verdict(read):
    found = read(f"<E>{message(transfer())}{message(transfer(), transfer())}</E>")

    assert [(it.entry, it.place, it.cells["IS_RECONCILED"]) for it in found] == [
        (1, "/E/Document/FIToFICstmrCdtTrf/CdtTrfTxInf[1]", "true"),
        (2, "/E/Document[2]/FIToFICstmrCdtTrf/CdtTrfTxInf[1]", "false"),
        (3, "/E/Document[2]/FIToFICstmrCdtTrf/CdtTrfTxInf[2]", "false"),
    ]


def test_what_came_before_the_damage_is_given_without_a_verdict(tmp_path):
    path = tmp_path / "message.xml"
    path.write_text(message(*[transfer()] * 3)[:-90])
    found = []

    with pytest.raises(Unreadable, match=r"message\.xml is not well-formed XML"):
        for record in records(path):
            found.append(record)

    assert [it.cells["IS_RECONCILED"] for it in found] == [None, None]


GOOD = message(transfer(), transfer()).encode()


@settings(max_examples=100)
@given(st.binary(max_size=5), st.integers(0, len(GOOD)), st.integers(0, 40))
def test_damaged_files_raise_nothing_but_unreadable(tmp_path_factory, between, at, less):
    path = tmp_path_factory.mktemp("pacs") / "message.xml"
    path.write_bytes(GOOD[:at] + between + GOOD[at + less :])

    try:
        for record in records(path):
            assert set(record.cells) == set(FEED.message_columns)
    except Unreadable as error:
        assert str(error).startswith("message.xml ")
