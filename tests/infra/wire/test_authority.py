"""Requests of the authority, answers of banks, and arrest orders as messages."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from infra.wire.banks import arrest_order, auth001, auth002
from infra.wire.beginning import Beginning
from infra.wire.errors import Unreadable
from infra.wire.messages import format_of, recognised, to_parquet
from tests.infra.wire.conftest import SAMPLES

Sample = Callable[[str], Path]

SCHEMAS = SAMPLES / "banks" / "xsd"

NOW = datetime(2025, 8, 18, 4, 5, 6, tzinfo=UTC)
ORDER = {
    "order_id": "А-2025/17",
    "case_no": "257500000012345",
    "ordered_on": date(2025, 8, 18),
    "bank_bic": "CASPKZKA",
    "card_token": "tok_9f3a",
    "account_iban": "KZ86125KZT5004100100",
    "holder_iin": "871231100006",
    "region_code": "75",
    "agency_code": "police",
}
WIRE = {
    "ORDER_NO": "order_id",
    "CASE_NO": "case_no",
    "ORDERED_ON": "ordered_on",
    "BANK_BIC": "bank_bic",
    "CARD_TOKEN": "card_token",
    "ACCOUNT": "account_iban",
    "IIN": "holder_iin",
    "KATO": "region_code",
    "AGENCY": "agency_code",
}
ANSWER = """<Envelope><AppHdr><CreDt>2025-08-18T10:00:00Z</CreDt></AppHdr>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:auth.002.001.01"><InfReqRspn>
<RspnId>R1</RspnId><InvstgtnId>A-17</InvstgtnId><RspnSts>{status}</RspnSts>
<SchCrit><Acct><Id><Id><IBAN>KZ86125KZT5004100100</IBAN></Id></Id></Acct></SchCrit>
<RtrInd><AuthrtyReqTp><MsgNmId>aqsha.arrest.1</MsgNmId></AuthrtyReqTp>
<InvstgtnRslt>{result}</InvstgtnRslt><AddtlInf>closed in May</AddtlInf></RtrInd>{more}
</InfReqRspn></Document></Envelope>"""
AGREED = (
    '<ArrstRspn xmlns="urn:aqsha-izi:arrest:1"><OrdrDt>2025-08-18</OrdrDt>'
    "<CardTkn>tok_9f3a</CardTkn><Rslt>partly</Rslt><HldAmt Ccy='{currency}'>1500.50</HldAmt>"
    "<AnswrdAt>2025-08-18T15:20:00+05:00</AnswrdAt><Rsn>less than ordered</Rsn></ArrstRspn>"
)

BOTH = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:auth.002.001.02"><InfReqRspn>
<RspnId>R1</RspnId><InvstgtnId>A-17</InvstgtnId><RspnSts>COMP</RspnSts><SchCrit><Acct>
<Id><Id><IBAN>KZ86125KZT5004100100</IBAN></Id></Id>
<AuthrtyReqTp><MsgNmId>camt.052.001.08</MsgNmId></AuthrtyReqTp>
<AuthrtyReqTp><MsgNmId>supl.027.001.01</MsgNmId></AuthrtyReqTp></Acct></SchCrit>
<RtrInd><InvstgtnRslt><Rslt><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08">
<BkToCstmrAcctRpt><Rpt><Id>S1</Id><Acct><Id><IBAN>KZ86125KZT5004100100</IBAN></Id></Acct>
<Ntry><Amt Ccy="KZT">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>
</Rpt></BkToCstmrAcctRpt></Document></Rslt></InvstgtnRslt></RtrInd>
<RtrInd><InvstgtnRslt><Rslt><Document xmlns="urn:iso:std:iso:20022:tech:xsd:supl.027.001.01">
<InfRspnSD1><AcctAndPties><Acct><Id><IBAN>KZ86125KZT5004100100</IBAN></Id><Ccy>KZT</Ccy></Acct>
<Role><Pty><Id><PrvtId><Othr><Id>871231100006</Id></Othr></PrvtId></Id></Pty>
<OwnrTp><Prtry><Id>OWNE</Id></Prtry></OwnrTp></Role></AcctAndPties></InfRspnSD1></Document>
</Rslt></InvstgtnRslt></RtrInd></InfReqRspn></Document>"""

MOVEMENTS = next(known for known in auth002.FORMATS if known.feed == "account_movements")

signs = st.characters(codec="utf-8", exclude_categories=("C", "Z"))
text = st.text(signs | st.just(" "), min_size=1, max_size=35).map(str.strip).filter(bool)
orders = st.fixed_dictionaries(
    dict.fromkeys(("order_id", "case_no", "card_token", "region_code", "agency_code"), text)
    | {
        "ordered_on": st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        "bank_bic": st.sampled_from(["CASPKZKA", "HSBKKZKX"]),
        "account_iban": st.from_regex(r"KZ[0-9]{5}[0-9A-Z]{13}", fullmatch=True),
        "holder_iin": st.from_regex(r"[0-9]{12}", fullmatch=True),
    }
)


@cache
def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(file=SCHEMAS / f"{name}.xsd")


def records(read, document: str | bytes) -> list[dict[str, str | None]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "message.xml"
        path.write_bytes(document if isinstance(document, bytes) else document.encode())
        return [dict(record.cells) for record in read(path)]


def feeds_of(path: Path) -> list[tuple[str, str, str]]:
    found = recognised(Beginning.of(path))
    return [(known.name, known.feed, version) for known, version in found]


def answer(
    status: str = "COMP", result: str = "<InvstgtnSts>FOUN</InvstgtnSts>", more: str = ""
) -> dict[str, str | None]:
    (cells,) = records(
        auth002.confirmations, ANSWER.format(status=status, result=result, more=more)
    )
    return cells


@given(orders)
def test_an_order_comes_back_from_its_message_as_it_was(order):
    (read,) = records(auth001.records, arrest_order.message(order, "kpssu", NOW))

    told = {wire: order[name] for wire, name in WIRE.items()}
    assert read == told | {"ORDERED_ON": order["ordered_on"].isoformat()}


@pytest.mark.skipif(not SCHEMAS.exists(), reason="the collection of samples is not here")
@given(orders)
def test_every_message_is_valid_by_the_schemas(order):
    for part in etree.fromstring(arrest_order.message(order, "kpssu", NOW)):
        name = etree.QName(part).namespace.rpartition(":")[2]
        schema(name).assertValid(etree.ElementTree(part))


def identifier(order, at: datetime = NOW) -> bytes:
    message = arrest_order.message(order, "kpssu", at)
    return re.search(rb"<BizMsgIdr>(.*)</BizMsgIdr>", message)[1]


def test_the_same_order_has_the_same_identifier_and_name_each_time():
    other = {**ORDER, "card_token": "tok_other"}

    assert identifier(ORDER) == identifier(ORDER, datetime(2025, 8, 19, tzinfo=UTC))
    assert identifier(ORDER) != identifier(other)
    assert arrest_order.file_name(other) != arrest_order.file_name(ORDER)


def test_a_corrected_order_is_no_copy_to_the_bank_but_has_its_place_in_the_folder():
    corrected = {**ORDER, "agency_code": "national_security"}

    assert identifier(ORDER) != identifier(corrected)
    assert arrest_order.file_name(corrected) == arrest_order.file_name(ORDER)


def test_a_file_name_has_no_sign_that_leads_elsewhere_and_nothing_of_a_person():
    name = arrest_order.file_name({**ORDER, "order_id": "../../etc/passwd"})

    assert re.fullmatch(r"CASPKZKA_etc-passwd_[0-9a-f]{32}\.xml", name)
    assert not any(ORDER[column] in name for column in ("card_token", "holder_iin", "account_iban"))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("holder_iin", None),
        ("order_id", "n" * 36),
        ("bank_bic", "caspkzka"),
        ("account_iban", "17-200"),
        ("card_token", "tok\n17"),
        ("card_token", " tok"),
    ],
)
def test_a_row_that_the_standard_has_no_place_for_is_refused_by_its_column(column, value):
    with pytest.raises(arrest_order.NotAnOrder, match=column) as refused:
        arrest_order.message({**ORDER, column: value}, "kpssu", NOW)

    assert value is None or value not in str(refused.value)


def test_requests_of_an_authority_are_known_and_say_what_they_are_about(sample: Sample):
    asked = {"auth001_query_IBAN.xml": "Customs_aggr", "camt052_query.xml": "ABC1234"}
    for name, number in asked.items():
        path = sample(f"banks/authority/{name}")
        (record,) = auth001.records(path)

        assert feeds_of(path) == [("auth.001", "card_arrest_orders", "auth.001.001.01")]
        assert record.cells["ORDER_NO"] == number
        assert record.cells["ACCOUNT"].startswith("FI")
        assert record.cells["CARD_TOKEN"] is record.cells["ORDERED_ON"] is None


def test_movements_are_read_from_the_answer_that_wraps_them(sample: Sample):
    path = sample("banks/authority/camt052_response.xml")
    found = list(MOVEMENTS.records(path))

    assert feeds_of(path) == [("auth.002", "account_movements", "auth.002.001.01")]
    assert [record.entry for record in found] == [1, 1, 1, 1, 2, 3, 4, 5]
    assert {record.cells["BOOKED_AT"] for record in found} == {"2019-05-08T00:00:00.444Z"}
    assert {record.cells["ACCOUNT"] for record in found} == {"FI8529501800030574"}
    assert {record.cells["IS_RECONCILED"] for record in found} == {"false"}
    assert found[0].place.startswith("/Envelope/Body/ApplicationResponse/Document/InfReqRspn/")


def test_persons_and_their_roles_are_read_from_the_answer(sample: Sample):
    path = sample("banks/authority/auth002_response_iban_cat1.xml")
    customer, *parties = auth002.holders(path)

    assert feeds_of(path) == [("auth.002", "account_holders", "auth.002.001.01")]
    assert customer.cells["ROLE"] == "customer"
    assert customer.cells["HOLDER_IIN"] == "2372050-2"
    assert customer.cells["SINCE"] == "1987-07-08"
    assert [record.cells["ROLE"] for record in parties] == [
        *("authorised", "authorised", "authorised", "owner"),
    ]
    assert {record.cells["ACCOUNT"] for record in (customer, *parties)} == {"FI2447066587000379"}
    assert {record.cells["CURRENCY"] for record in parties} == {"EUR"}
    assert {record.cells["OPENED_ON"] for record in parties} == {"2000-10-14"}
    assert parties[1].cells["HOLDER_IIN"] == "210360-387X"
    assert parties[1].place.endswith("/AcctAndPties/Role[2]")


@pytest.mark.parametrize(
    ("contacts", "phone", "address"),
    [
        (
            "<PstlAdr><StrtNm>Абая</StrtNm><BldgNb>10</BldgNb><TwnNm>Алматы</TwnNm></PstlAdr>"
            "<CtctDtls><PhneNb>+7-7272000000</PhneNb><MobNb>+7-7011234567</MobNb></CtctDtls>",
            "+7-7011234567",
            "Алматы, Абая, 10",
        ),
        (
            "<PstlAdr><Ctry>KZ</Ctry><AdrLine>ул. Абая, 10</AdrLine><AdrLine>кв. 5</AdrLine></PstlAdr>"
            "<CtctDtls><PhneNb>+7-7272000000</PhneNb></CtctDtls>",
            "+7-7272000000",
            "ул. Абая, 10, кв. 5",
        ),
        ("<PstlAdr><TwnNm>Алматы</TwnNm><Ctry>KZ</Ctry></PstlAdr>", None, None),
        ("", None, None),
    ],
)
def test_a_party_is_told_with_telephone_and_address_where_it_has_them(contacts, phone, address):
    document = f"""<InfReqRspn><AcctAndPties><Acct><Id><IBAN>KZ86125KZT5004100100</IBAN></Id></Acct>
    <Role><Pty><Nm>A</Nm>{contacts}</Pty></Role></AcctAndPties></InfReqRspn>"""
    (party,) = records(auth002.holders, document)

    assert (party["PHONE"], party["ADDRESS"]) == (phone, address)


def test_beneficiaries_of_a_customer_are_persons_of_their_own():
    document = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:auth.002.001.02"><InfReqRspn>
    <SchCrit><Acct><Id><Id><IBAN>FI24</IBAN></Id></Id></Acct></SchCrit><RtrInd><InvstgtnRslt><Rslt>
    <Document xmlns="urn:fin.013.001.04"><InfRspnFin013><LegalPersonInfo><Id><Nm>Oyj</Nm><Id><OrgId>
    <Othr><Id>1957-07-29</Id><SchmeNm><Cd>RGDT</Cd></SchmeNm></Othr>
    <Othr><Id>100540003214</Id><SchmeNm><Prtry>БИН</Prtry></SchmeNm></Othr></OrgId></Id></Id>
    <Beneficiaries><Id><Nm>Person</Nm><PrvtId><Othr><Id>871231100006</Id><SchmeNm><Cd>PIC</Cd>
    </SchmeNm></Othr></PrvtId><StartDt>2020-01-31</StartDt></Id></Beneficiaries>
    </LegalPersonInfo></InfRspnFin013></Document></Rslt></InvstgtnRslt></RtrInd>
    </InfReqRspn></Document>"""
    customer, person = records(auth002.holders, document)

    assert (customer["HOLDER_NAME"], customer["HOLDER_IIN"]) == ("Oyj", "100540003214")
    assert (person["HOLDER_NAME"], person["HOLDER_IIN"]) == ("Person", "871231100006")
    assert (person["ROLE"], person["SINCE"]) == ("beneficial_owner", "2020-01-31")
    assert (person["CUSTOMER_NAME"], person["CUSTOMER_IIN"]) == ("Oyj", "100540003214")
    assert {customer["ACCOUNT"], person["ACCOUNT"]} == {"FI24"}


def test_an_answer_about_a_person_names_customers_without_an_account():
    document = """<InfReqRspn><SchCrit><CstmrId/></SchCrit><LegalPersonInfo><Id><Nm>Person</Nm>
    <Id><PrvtId><Othr><Id>FI</Id><SchmeNm><Cd>NATI</Cd></SchmeNm></Othr></PrvtId></Id></Id>
    <CustomerInfo><OpngDt>2015-01-02</OpngDt></CustomerInfo></LegalPersonInfo></InfReqRspn>"""
    (customer,) = records(auth002.holders, document)

    assert (customer["ROLE"], customer["SINCE"]) == ("customer", "2015-01-02")
    # A nationality stands among the numbers, and is none.
    assert (customer["ACCOUNT"], customer["HOLDER_IIN"]) == (None, None)


def test_an_account_whose_number_is_too_long_has_it_as_its_name():
    account = """<Acct><Id><Othr><Id>1</Id><SchmeNm><Cd>GLID</Cd></SchmeNm></Othr></Id>
    <Nm>KZ-0000-1111-2222</Nm><Ccy>KZT</Ccy><ClsgDt>2024-05-31</ClsgDt></Acct>"""
    role = "<Role><Pty><Nm>A</Nm></Pty><Pty><Nm>B</Nm></Pty><OwnrTp><Tp>BENE</Tp></OwnrTp></Role>"
    document = f"<InfReqRspn><AcctAndPties>{account}{role}<AddtlInf>see annex</AddtlInf></AcctAndPties></InfReqRspn>"
    found = records(auth002.holders, document)

    assert [(it["HOLDER_NAME"], it["ROLE"]) for it in found] == [
        *(("A", "beneficial_owner"), ("B", "beneficial_owner")),
    ]
    assert {it["ACCOUNT"] for it in found} == {"KZ-0000-1111-2222"}
    assert {(it["OPENED_ON"], it["CLOSED_ON"]) for it in found} == {(None, "2024-05-31")}


def test_a_request_about_a_person_says_whom():
    number = "<Othr><Id>871231100006</Id></Othr>"
    criterion = f"<CstmrId><Pty><Id><PrvtId>{number}</PrvtId></Id></Pty></CstmrId>"
    (request,) = records(
        auth001.records,
        f"<InfReqOpng><InvstgtnId>7</InvstgtnId><SchCrit>{criterion}</SchCrit></InfReqOpng>",
    )

    told = {name: cell for name, cell in request.items() if cell is not None}
    assert told == {"ORDER_NO": "7", "IIN": "871231100006"}


def test_the_answer_to_an_arrest_order_is_a_confirmation():
    wrapped = f"<Rslt>{AGREED.format(currency='KZT')}</Rslt>"

    assert answer("PART", wrapped) == {
        "ORDER_NO": "A-17",
        "ORDERED_ON": "2025-08-18",
        "CARD_TOKEN": "tok_9f3a",
        "RESULT": "partly",
        "ANSWERED_AT": "2025-08-18T15:20:00+05:00",
        "HELD_KZT": "1500.50",
        "REASON": "less than ordered",
    }


def test_what_was_agreed_may_stand_in_the_supplementary_data_too():
    more = f"<SplmtryData><Envlp>{AGREED.format(currency='KZT')}</Envlp></SplmtryData>"

    assert answer(more=more)["HELD_KZT"] == "1500.50"


def test_an_amount_in_another_currency_is_not_taken_for_tenge():
    wrapped = f"<Rslt>{AGREED.format(currency='USD')}</Rslt>"

    assert answer("PART", wrapped)["HELD_KZT"] == "1500.50 USD"


@pytest.mark.parametrize(
    ("status", "code", "result", "held"),
    [
        ("COMP", "FOUN", "executed", None),
        ("PART", "FOUN", "partly", None),
        ("NRES", "FOUN", None, None),
        ("COMP", "NFOU", "not_found", "0"),
        ("NRES", "NOAP", "refused", "0"),
    ],
)
def test_codes_of_the_standard_say_what_came_of_an_order(status, code, result, held):
    found = answer(status, f"<InvstgtnSts>{code}</InvstgtnSts>")

    assert (found["RESULT"], found["HELD_KZT"]) == (result, held)
    assert found["ANSWERED_AT"] == "2025-08-18T10:00:00Z"
    assert found["REASON"] == "closed in May"


@pytest.mark.parametrize(
    ("result", "feed"),
    [
        ("<Rslt><Document><BkToCstmrStmt/></Document></Rslt>", "card_arrest_confirmations"),
        ("<InvstgtnSts>NFOU</InvstgtnSts>", "card_arrest_confirmations"),
    ],
)
def test_what_was_asked_for_decides_which_feed_an_answer_fills(tmp_path, result, feed):
    path = tmp_path / "answer.xml"
    path.write_text(ANSWER.format(status="COMP", result=result, more=""))
    plain = tmp_path / "plain.xml"
    plain.write_text(path.read_text().replace("aqsha.arrest.1", "camt.053.001.08"))

    assert [found[1] for found in feeds_of(path)] == [feed]
    assert [found[1] for found in feeds_of(plain)] == ["account_movements"]


def test_an_answer_that_wraps_both_fills_both_feeds(tmp_path):
    path = tmp_path / "answer.xml"
    path.write_text(BOTH)

    assert feeds_of(path) == [
        ("auth.002", "account_movements", "auth.002.001.02"),
        ("auth.002", "account_holders", "auth.002.001.02"),
    ]
    (movement,) = records(MOVEMENTS.records, BOTH)
    (holder,) = records(auth002.holders, BOTH)
    assert (movement["ACCOUNT"], movement["AMOUNT"]) == ("KZ86125KZT5004100100", "100.00")
    assert (holder["ACCOUNT"], holder["HOLDER_IIN"]) == ("KZ86125KZT5004100100", "871231100006")


def test_what_was_asked_for_tells_of_what_is_wrapped_far_behind(tmp_path):
    path = tmp_path / "answer.xml"
    path.write_text(BOTH.replace("<Ntry>", "<Ntry><AddtlNtryInf>" + "x" * 70_000, 1))

    assert [feed for _, feed, _ in feeds_of(path)] == ["account_movements", "account_holders"]


def test_an_answer_to_another_question_is_said_to_be_one(tmp_path):
    path = tmp_path / "answer.xml"
    path.write_text(BOTH.replace("supl.027.001.01", "camt.052").replace("InfRspnSD1", "Other"))

    with pytest.raises(Unreadable, match=r"looks like auth\.002 for account_movements"):
        to_parquet(format_of("auth.002", "account_holders"), path, tmp_path / "rows")


def test_movements_before_the_damage_are_given():
    found = []
    with TemporaryDirectory() as folder, pytest.raises(Unreadable):
        path = Path(folder) / "answer.xml"
        path.write_text(BOTH[: BOTH.index("</Rpt>")])
        found.extend(MOVEMENTS.records(path))

    assert [record.cells["AMOUNT"] for record in found] == ["100.00"]


def test_of_several_results_that_of_the_order_counts():
    others = """<SchCrit/><RtrInd><AuthrtyReqTp><MsgNmId>camt.052.001.08</MsgNmId></AuthrtyReqTp>
    <InvstgtnRslt><InvstgtnSts>NFOU</InvstgtnSts></InvstgtnRslt><AddtlInf>no movements</AddtlInf>
    </RtrInd>"""
    document = ANSWER.format(status="COMP", result="<InvstgtnSts>FOUN</InvstgtnSts>", more="")
    (found,) = records(auth002.confirmations, document.replace("<RtrInd>", f"{others}<RtrInd>", 1))

    assert (found["RESULT"], found["HELD_KZT"], found["REASON"]) == (
        *("executed", None, "closed in May"),
    )


READERS = (auth001.records, *(known.records for known in auth002.FORMATS))
GOOD = (
    arrest_order.message(ORDER, "kpssu", NOW).decode(),
    ANSWER.format(status="PART", result=f"<Rslt>{AGREED.format(currency='KZT')}</Rslt>", more=""),
    BOTH,
)


def read_by_all(document: bytes) -> None:
    for read in READERS:
        try:
            records(read, document)
        except Unreadable as error:
            assert "871231100006" not in str(error)


@given(st.sampled_from(GOOD), st.data())
def test_a_damaged_message_is_unreadable_and_nothing_else(good, data):
    whole = good.encode()
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))

    read_by_all(whole[:begin] + data.draw(st.binary(max_size=40)) + whole[end:])


@given(st.sampled_from(GOOD), st.data())
def test_a_message_whose_elements_are_elsewhere_gives_records_or_is_unreadable(good, data):
    names = sorted(set(re.findall(r"<([A-Za-z]+)", good)))
    one, other = data.draw(st.tuples(*[st.sampled_from(names)] * 2))
    text = data.draw(st.text(st.characters(codec="utf-8", exclude_characters="<&"), max_size=8))
    moved = re.sub(rf"(</?){one}\b", rf"\g<1>{other}", good)

    read_by_all(moved.replace("KZ86125KZT5004100100", text).encode())


@given(st.binary(max_size=200))
def test_other_bytes_are_no_message_of_the_authority(document):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "message.xml"
        path.write_bytes(document)

        with suppress(Unreadable):
            assert "auth.001" not in {name for name, _, _ in feeds_of(path)}

    read_by_all(document)
