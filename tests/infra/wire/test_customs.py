"""Dialects of customs declarations, written by hand, and what damaged ones do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.wire import Unreadable, messages
from infra.wire.beginning import Beginning
from infra.wire.customs import asycuda, esadout, eu_h1, wco_dec
from infra.wire.customs.declared import civil_day, goods_code, kilograms, movement
from infra.wire.inspection import contents
from infra.wire.problems import faulty

SAD_ITEM = """<Item><Packages><Number_of_packages>{packages}</Number_of_packages></Packages>
<Tarification><HScode><Commodity_code>{code}</Commodity_code><Precision_1>{precision}</Precision_1>
</HScode><Extended_customs_procedure>{procedure}</Extended_customs_procedure>
<Item_price>{price}</Item_price></Tarification><Goods_description>
<Country_of_origin_code>cn</Country_of_origin_code><Description_of_goods>Acids</Description_of_goods>
<Commercial_Description>Acetic anhydride
 CAS 108-24-7</Commercial_Description></Goods_description><Valuation_item><Weight_itm>
<Gross_weight_itm>{gross}</Gross_weight_itm><Net_weight_itm>1.5</Net_weight_itm></Weight_itm>
<Total_CIF_itm>{cif}</Total_CIF_itm></Valuation_item></Item>"""
SAD = """<?xml version="1.0" encoding="UTF-8"?><ASYCUDA><Property><Sad_flow>{flow}</Sad_flow><Nbers>
<Total_number_of_items>{items}</Total_number_of_items>
<Total_number_of_packages>{packages}</Total_number_of_packages></Nbers></Property><Identification>
<Office_segment><Customs_clearance_office_code>55301</Customs_clearance_office_code></Office_segment>
<Type><Type_of_declaration>{kind}</Type_of_declaration>
<Declaration_gen_procedure_code>{general}</Declaration_gen_procedure_code></Type>
<Registration><Serial_number>C</Serial_number><Number>{number}</Number><Date>{date}</Date>
</Registration></Identification><Traders><Consignee><Consignee_code>940140000385</Consignee_code>
<Consignee_name><null/></Consignee_name></Consignee></Traders><Valuation>
<Total_CIF>{cif}</Total_CIF><Gs_Invoice><Currency_code>USD</Currency_code></Gs_Invoice>
<Total><Total_invoice>{invoice}</Total_invoice><Total_weight>{gross}</Total_weight></Total></Valuation>
{body}</ASYCUDA>"""


def sad_item(**cells):
    told = {
        "packages": "1", "code": "29152400", "precision": "00", "procedure": "4000",
        "price": "10.25", "gross": "2.5", "cif": "1200",
    }  # fmt: skip
    return SAD_ITEM.format(**(told | cells))


def sad(*items, **cells):
    told = {
        "flow": "I", "items": len(items), "packages": len(items), "kind": "IM", "general": "4",
        "number": "123", "date": "2025-08-18", "cif": 1200 * len(items),
        "invoice": f"{10.25 * len(items):.2f}", "gross": 2.5 * len(items),
    }  # fmt: skip
    return SAD.format(**(told | cells), body="".join(items))


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "declaration.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def read(module, tmp_path, text):
    return [record.cells for record in module.FORMATS[0].records(write(tmp_path, text))]


class TestAsycuda:
    def test_a_registered_declaration_is_quoted_by_office_year_serial_and_number(self, tmp_path):
        [row] = read(asycuda, tmp_path, sad(sad_item()))

        told = ("DECLARATION_NO", "REGISTERED_ON", "OFFICE", "HS_CODE", "GOODS", "ORIGIN", "NET_KG")
        assert [row[name] for name in told] == [
            "55301/2025/C/123", "2025-08-18", "55301", "2915240000",
            "Acids; Acetic anhydride CAS 108-24-7", "CN", "1.5",
        ]  # fmt: skip

    def test_one_not_yet_registered_says_what_there_is(self, tmp_path):
        [row] = read(asycuda, tmp_path, sad(sad_item(), number="<null/>", date=""))

        assert (row["DECLARATION_NO"], row["REGISTERED_ON"], row["OFFICE"]) == (None, None, "55301")

    @pytest.mark.parametrize(
        ("flow", "kind", "general", "moved"),
        [
            ("I", "IM", "4", "import"),
            ("E", "EX", "1", "export"),
            ("I", "IM", "8", "transit"),
            ("I", "TR", "8", "transit"),
            ("<null/>", "EX", "1", "export"),
            ("I", "<null/>", "<null/>", "import"),
        ],
    )
    def test_movement(self, tmp_path, flow, kind, general, moved):
        [row] = read(asycuda, tmp_path, sad(sad_item(), flow=flow, kind=kind, general=general))

        assert row["MOVEMENT"] == moved

    @pytest.mark.parametrize(
        ("declared", "reconciled"),
        [
            ({}, "true"),
            ({"items": 3}, "false"),
            ({"packages": 3}, "false"),
            ({"cif": "2401"}, "true"),
            ({"cif": "2402"}, "false"),
            ({"invoice": "20.51"}, "true"),
            ({"invoice": "20.52"}, "false"),
            ({"gross": "5.1"}, "true"),
            ({"gross": "5.2"}, "false"),
            ({"gross": "5.5 kg"}, "false"),
        ],
    )
    def test_totals_may_be_off_by_the_rounding_of_each_item(self, tmp_path, declared, reconciled):
        rows = read(asycuda, tmp_path, sad(sad_item(), sad_item(), **declared))

        assert [row["IS_RECONCILED"] for row in rows] == [reconciled] * 2

    def test_totals_that_are_not_told_are_not_judged(self, tmp_path):
        nothing = dict.fromkeys(("items", "packages", "cif", "invoice", "gross"), "<null/>")

        [row] = read(asycuda, tmp_path, sad(sad_item(), **nothing))

        assert row["IS_RECONCILED"] is None

    def test_an_item_without_a_code_is_given_and_found_incomplete(self, tmp_path):
        path = write(tmp_path, sad(sad_item(), sad_item(code="<null/>", precision="<null/>")))

        with contents(path) as found:
            problems = faulty(found, most=5).problems

        assert [(p.where, p.field, p.rule) for p in problems] == [
            ("/ASYCUDA/Item[2]", "HS_CODE", "missing")
        ]

    def test_items_in_a_wrapper_and_a_namespace_are_the_same(self, tmp_path):
        text = sad(f"<Items>{sad_item()}{sad_item()}</Items>").replace(
            "<ASYCUDA>", '<ASYCUDA xmlns="urn:x" id="7">'
        )

        records = list(asycuda.records(write(tmp_path, text)))

        assert [r.place for r in records] == ["/ASYCUDA/Items/Item[1]", "/ASYCUDA/Items/Item[2]"]

    def test_a_declaration_without_items_is_one_record(self, tmp_path):
        [row] = read(asycuda, tmp_path, sad(items=1))

        assert (row["IS_RECONCILED"], row.get("HS_CODE")) == ("false", None)


ESAD = """<e:ESADout_CU xmlns:e="urn:customs.ru:Information:CustomsDocuments:ESADout_CU:5.11.0"
 xmlns:catESAD_cu="urn:customs.ru:CUESADCommonAggregateTypesCust:5.11.0" xmlns:cat_ru="urn:c:5.10.0">
<cat_ru:DocumentID>{document}</cat_ru:DocumentID><e:CustomsProcedure>{kind}</e:CustomsProcedure>
<e:CustomsModeCode>40</e:CustomsModeCode><e:RecipientCountryCode>KZ</e:RecipientCountryCode>
<e:ESADout_CUGoodsShipment><catESAD_cu:TotalGoodsNumber>{items}</catESAD_cu:TotalGoodsNumber>
<catESAD_cu:TotalCustCost>{cost}</catESAD_cu:TotalCustCost>
<catESAD_cu:CustCostCurrencyCode>KZT</catESAD_cu:CustCostCurrencyCode>
<e:ESADout_CUConsignee><catESAD_cu:EqualIndicator>true</catESAD_cu:EqualIndicator></e:ESADout_CUConsignee>
<e:ESADout_CUDeclarant><cat_ru:OrganizationName>ТОО</cat_ru:OrganizationName>
<cat_ru:RKOrganizationFeatures><cat_ru:BIN>940140000385</cat_ru:BIN><cat_ru:ITN>
<cat_ru:CategoryCode>01</cat_ru:CategoryCode><cat_ru:KATOCode>75</cat_ru:KATOCode></cat_ru:ITN>
</cat_ru:RKOrganizationFeatures></e:ESADout_CUDeclarant>
<e:ESADout_CUMainContractTerms><catESAD_cu:ContractCurrencyCode>USD</catESAD_cu:ContractCurrencyCode>
<catESAD_cu:TotalInvoiceAmount>100.50</catESAD_cu:TotalInvoiceAmount></e:ESADout_CUMainContractTerms>
<e:ESADout_CUGoods><catESAD_cu:GoodsNumeric>1</catESAD_cu:GoodsNumeric>
<catESAD_cu:GoodsDescription>Уксусный ангидрид,</catESAD_cu:GoodsDescription>
<catESAD_cu:GoodsDescription>CAS 108-24-7</catESAD_cu:GoodsDescription>
<catESAD_cu:NetWeightQuantity>12.500000</catESAD_cu:NetWeightQuantity>
<catESAD_cu:InvoicedCost>100.50</catESAD_cu:InvoicedCost><catESAD_cu:CustomsCost>54000</catESAD_cu:CustomsCost>
<catESAD_cu:GoodsTNVEDCode>2915240000</catESAD_cu:GoodsTNVEDCode>
<catESAD_cu:OriginCountryCode>CN</catESAD_cu:OriginCountryCode>
<e:ESADCustomsProcedure><catESAD_cu:MainCustomsModeCode>40</catESAD_cu:MainCustomsModeCode>
<catESAD_cu:PrecedingCustomsModeCode>00</catESAD_cu:PrecedingCustomsModeCode></e:ESADCustomsProcedure>
</e:ESADout_CUGoods></e:ESADout_CUGoodsShipment></e:ESADout_CU>"""
MARK = """<g:GTDoutCustomsMark xmlns:g="urn:g" xmlns:cat_ru="urn:c">
<g:GTDDocumentID>{document}</g:GTDDocumentID><g:GTDID><cat_ru:CustomsCode>55301</cat_ru:CustomsCode>
<cat_ru:RegistrationDate>2025-08-18</cat_ru:RegistrationDate>
<cat_ru:GTDNumber>{number}</cat_ru:GTDNumber></g:GTDID></g:GTDoutCustomsMark>"""
CORRECTION = """<KDTout_CU><KDTNumber>2</KDTNumber><CustomsProcedure>ИМ</CustomsProcedure>
<GtdRegistryNumber><CustomsCode>55301</CustomsCode><RegistrationDate>2025-08-18</RegistrationDate>
<GTDNumber>0001</GTDNumber></GtdRegistryNumber><KDToutGoodsShipment>
<TotalGoodsNumber>7</TotalGoodsNumber><KDToutGoods><GoodsNumeric>3</GoodsNumeric>
<GoodsTNVEDCode>2915240000</GoodsTNVEDCode></KDToutGoods></KDToutGoodsShipment></KDTout_CU>"""


def esad(document="D1", kind="ИМ", items=1, cost="54000"):
    return ESAD.format(document=document, kind=kind, items=items, cost=cost)


def container(*documents):
    docs = "".join(
        f"<ContainerDoc><DocBody><Signature><Object>{one}</Object></Signature></DocBody></ContainerDoc>"
        for one in documents
    )
    return f'<ED_Container xmlns="urn:ED_Container:5.11.0">{docs}</ED_Container>'


class TestEsadout:
    def test_prefixes_and_albums_do_not_matter(self, tmp_path):
        bare = esad().replace("catESAD_cu:", "").replace("cat_ru:", "").replace("e:", "")
        bare = bare[bare.index(">") :].replace("></ESADout_CU>", "></ESADout_CU>")

        [one], [other] = (read(esadout, tmp_path, it) for it in (esad(), f"<ESADout_CU{bare}"))

        assert one == other
        told = (
            "MOVEMENT", "PROCEDURE", "EXTENDED_PROCEDURE", "CONSIGNEE", "CONSIGNEE_BIN",
            "CONSIGNEE_KATO", "NET_KG", "GOODS", "CUSTOMS_VALUE", "IS_RECONCILED", "LRN",
        )  # fmt: skip
        assert [one[name] for name in told] == [
            "import", "40", "4000", "ТОО", "940140000385", "75", "12.5",
            "Уксусный ангидрид, CAS 108-24-7", "54000", "true", "D1",
        ]  # fmt: skip

    def test_a_container_registers_each_declaration_by_the_mark_that_names_it(self, tmp_path):
        marks = [
            MARK.format(document=name, number=n) for name, n in (("D2", "0002"), ("D1", "0001"))
        ]
        whole = container(esad("D1"), esad("D2", "ЭК"), *marks)
        soap = f'<s:Envelope xmlns:s="urn:s"><s:Body><ROEnvelope>{whole}</ROEnvelope></s:Body></s:Envelope>'

        records = list(esadout.records(write(tmp_path, soap)))

        assert [(r.entry, r.cells["DECLARATION_NO"], r.cells["MOVEMENT"]) for r in records] == [
            (1, "55301/180825/0001", "import"),
            (2, "55301/180825/0002", "export"),
        ]
        assert records[1].place == ("(//ESADout_CU)[2]/ESADout_CUGoodsShipment/ESADout_CUGoods[1]")
        assert {r.cells["REGISTERED_ON"] for r in records} == {"2025-08-18"}

    def test_a_mark_that_names_none_is_of_the_only_declaration(self, tmp_path):
        mark = MARK.format(document="", number="7")

        [alone] = read(esadout, tmp_path, container(esad(), mark))
        two = read(esadout, tmp_path, container(esad("D1"), esad("D2"), mark))

        assert alone["DECLARATION_NO"] == "55301/180825/7"
        assert [row.get("DECLARATION_NO") for row in two] == [None, None]

    @pytest.mark.parametrize(
        ("kind", "moved"),
        [
            ("ИМ", "import"),
            ("IM", "import"),
            ("ЭК", "export"),
            ("ТТ", "transit"),
            ("TT", "transit"),
        ],
    )
    def test_kinds_in_both_alphabets(self, tmp_path, kind, moved):
        [row] = read(esadout, tmp_path, esad(kind=kind))

        assert row["MOVEMENT"] == moved

    def test_totals_that_are_not_the_items_are_told(self, tmp_path):
        rows = [read(esadout, tmp_path, it)[0] for it in (esad(items=2), esad(cost="53999"))]

        assert [row["IS_RECONCILED"] for row in rows] == ["false", "false"]

    def test_a_correction_amends_the_registered_declaration_in_part(self, tmp_path):
        [row] = read(esadout, tmp_path, CORRECTION)

        told = ("DECLARATION_NO", "ACTION", "IS_PARTIAL", "VERSION", "ITEM_NO", "IS_RECONCILED")
        assert [row[name] for name in told] == [
            "55301/180825/0001", "amendment", "true", "3", "3", None,
        ]  # fmt: skip


DEC = """<MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">
<WCODataModelVersionCode>3.6</WCODataModelVersionCode><WCOTypeName>DEC</WCOTypeName>
<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>{function}</FunctionCode>
<FunctionalReferenceID>L1</FunctionalReferenceID>{number}<TypeCode>{kind}</TypeCode>
<GoodsItemQuantity>{items}</GoodsItemQuantity>
<TotalGrossMassMeasure unitCode="TNE">0.003</TotalGrossMassMeasure><GoodsShipment>
<GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric><Commodity>
<Description>x</Description><Classification><ID>00</ID>
<IdentificationTypeCode>TRC</IdentificationTypeCode></Classification>
<Classification><ID>VATZ</ID><IdentificationTypeCode>GN</IdentificationTypeCode></Classification>
<Classification><ID>29152400</ID><IdentificationTypeCode>TSP</IdentificationTypeCode></Classification>
<GoodsMeasure><GrossMassMeasure unitCode="GRM">3000</GrossMassMeasure>
<NetNetWeightMeasure unitCode="{unit}">2.5</NetNetWeightMeasure></GoodsMeasure>
<InvoiceLine><ItemChargeAmount currencyID="GBP">10.5</ItemChargeAmount></InvoiceLine></Commodity>
<GovernmentProcedure><CurrentCode>40</CurrentCode><PreviousCode>00</PreviousCode></GovernmentProcedure>
<GovernmentProcedure><CurrentCode>1CG</CurrentCode></GovernmentProcedure>
</GovernmentAgencyGoodsItem><Importer><ID>GB1</ID></Importer></GoodsShipment></Declaration></MetaData>"""
INVALIDATION = """<MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"><Declaration
 xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>{function}</FunctionCode>
<FunctionalReferenceID>L2</FunctionalReferenceID><ID>24GB22WOA1EV2P6AR5</ID>
<TypeCode>INV</TypeCode></Declaration></MetaData>"""


def dec(function="9", kind="IMA", items=1, unit="KGM", number=""):
    return DEC.format(function=function, kind=kind, items=items, unit=unit, number=number)


class TestWcoDec:
    def test_codes_masses_and_procedures(self, tmp_path):
        [row] = read(wco_dec, tmp_path, dec())

        told = ("HS_CODE", "NET_KG", "GROSS_KG", "ADDITIONAL_PROCEDURE", "IS_RECONCILED")
        assert [row[name] for name in told] == ["2915240000", "2.5", "3", "1CG", "true"]

    def test_a_mass_in_no_unit_of_mass_stays_as_written(self, tmp_path):
        [row] = read(wco_dec, tmp_path, dec(unit="LTR"))

        assert row["NET_KG"] == "2.5 LTR"

    @pytest.mark.parametrize(
        ("function", "kind", "action", "is_partial"),
        [
            ("9", "IMA", "original", None),
            ("13", "COR", "amendment", "true"),
            ("13", "IMA", "amendment", "true"),
            ("4", "IMA", "amendment", "true"),
            ("5", "IMA", "amendment", None),
            ("1", "IMA", "cancellation", None),
            ("13", "INV", "cancellation", None),
            ("13", "GPR", "GPR", None),
            ("3", "IMA", "3", None),
        ],
    )
    def test_what_the_message_does(self, tmp_path, function, kind, action, is_partial):
        number = "<ID>24GB22WOA1EV2P6AR5</ID>"
        [row] = read(wco_dec, tmp_path, dec(function, kind, number=number))

        assert (row["ACTION"], row["IS_PARTIAL"]) == (action, is_partial)
        assert (row["DECLARATION_NO"], row["MRN"]) == ("24GB22WOA1EV2P6AR5",) * 2

    def test_the_totals_of_a_partial_amendment_are_not_held_against_its_items(self, tmp_path):
        whole, part = (read(wco_dec, tmp_path, dec(f, items=7))[0] for f in ("9", "13"))

        assert (whole["IS_RECONCILED"], part["IS_RECONCILED"]) == ("false", None)

    @pytest.mark.parametrize("function", ["13", "1"])
    def test_a_cancellation_is_one_record_without_goods_and_healthy(self, tmp_path, function):
        path = write(tmp_path, INVALIDATION.format(function=function))

        with contents(path) as found:
            assert (found.format, found.entries, found.transactions) == ("wco_dec", 1, 1)
            assert faulty(found, most=5).problems == ()
            [row] = found.rows.collect().rows(named=True)

        assert (row["action_code"], row["declaration_no"]) == ("cancellation", "24GB22WOA1EV2P6AR5")

    def test_a_declaration_within_a_notification_is_none(self, tmp_path):
        text = dec().replace("<Declaration", "<Response><Declaration", 1)
        path = write(tmp_path, text.replace("</MetaData>", "</Response></MetaData>"))

        assert [known.name for known, _ in messages.recognised(Beginning.of(path))] == ["wco_res"]
        with pytest.raises(Unreadable, match="holds no declaration"):
            list(wco_dec.records(path))


FI = """<FI{message}B xmlns="http://tulli.fi/schema/external/import/ext/v3"><FunctionalReference
 function="LRN">L1</FunctionalReference><FunctionalReference function="MRN">20FIU41000004146R0</FunctionalReference>
<Type function="DeclarationType">IM</Type><Invoice CurrencyUnit="EUR">{invoice}</Invoice>{goods}</FI{message}B>"""
FI_GOODS = """<GoodsShipment><GovernmentAgencyGoodsItem><Sequence>{n}</Sequence><Commodity><InvoiceLine>
<ItemCharge CurrencyUnit="{currency}">10</ItemCharge></InvoiceLine></Commodity>
</GovernmentAgencyGoodsItem></GoodsShipment>"""


class TestEuH1:
    @pytest.mark.parametrize(
        ("message", "action"),
        [
            ("413", "amendment"),
            ("414", "cancellation"),
            ("410", "cancellation"),
            ("428", "original"),
        ],
    )
    def test_the_number_of_the_message_is_what_it_does(self, tmp_path, message, action):
        [row] = read(eu_h1, tmp_path, FI.format(message=message, invoice="", goods=""))

        assert (row["ACTION"], row["DECLARATION_NO"]) == (action, "20FIU41000004146R0")

    def test_a_message_about_a_declaration_is_refused_by_name(self, tmp_path):
        with pytest.raises(Unreadable, match=r"a message about a declaration \(FI426B\)"):
            read(eu_h1, tmp_path, FI.format(message="426", invoice="", goods=""))

    @pytest.mark.parametrize(
        ("invoice", "currency", "reconciled"),
        [("10", "EUR", "true"), ("11", "EUR", "false"), ("11", "USD", None)],
    )
    def test_an_invoice_is_compared_in_its_own_currency(
        self, tmp_path, invoice, currency, reconciled
    ):
        goods = FI_GOODS.format(n=1, currency=currency)

        [row] = read(eu_h1, tmp_path, FI.format(message="415", invoice=invoice, goods=goods))

        assert row["IS_RECONCILED"] == reconciled


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-08-18", "2025-08-18"),
        ("2025-08-18T23:10:00+05:00", "2025-08-18"),
        ("20240312105354+01", "2024-03-12"),
        ("20240312", "2024-03-12"),
        ("18.08.2025", "2025-08-18"),
        ("8/24/16", "2016-08-24"),
        ("24/08/2016", "2016-08-24"),
        ("08/08/2016", "2016-08-08"),
        ("3/4/16", "3/4/16"),
        ("31.02.2025", "31.02.2025"),
        (None, None),
    ],
)
def test_a_day_is_told_where_it_can_be_read_in_one_way(text, day):
    assert civil_day(text) == day


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("85044090", "900"), "8504409090"),
        (("0802.11", "90", "00"), "0802119000"),
        (("291524", None, "00"), "291524"),
        (("29152400", "A00"), "29152400"),
        (("2915 24",), "291524"),
        (("acid", "00"), "acid"),
        ((None,), None),
    ],
)
def test_a_code_of_goods_is_joined_to_ten_digits_at_most(parts, code):
    assert goods_code(*parts) == code


@pytest.mark.parametrize(
    ("text", "unit", "kg"),
    [
        ("1435.000000", None, "1435"), ("2500", "GRM", "2.5"), ("0.003", "TNE", "3"),
        ("5", "kgm", "5"), ("5,5", None, "5,5"), ("5", "LTR", "5 LTR"), (".5", None, "0.5"),
    ],
)  # fmt: skip
def test_weights_become_kilograms_where_the_unit_is_told(text, unit, kg):
    assert kilograms(text, unit) == kg


def test_an_unknown_kind_without_a_procedure_stays_as_written():
    assert [movement("XX", None), movement("CO", "40"), movement("CO", "10")] == [
        "XX", "import", "export",
    ]  # fmt: skip


def test_items_before_the_damage_of_whole_declarations_are_given(tmp_path):
    whole = container(esad("D1"), esad("D2"))
    path = write(tmp_path, whole[: whole.rindex("<e:ESADout_CUGoods>")])
    found = esadout.records(path)

    assert next(found).cells["LRN"] == "D1"
    with pytest.raises(Unreadable, match=r"declaration\.xml is not well-formed"):
        next(found)


DOCUMENTS = [sad(sad_item(), sad_item()), container(esad(), CORRECTION), dec(), INVALIDATION]
MODULES = (asycuda, esadout, wco_dec, eu_h1)


def assert_read_or_refused(path):
    for known in (known for module in MODULES for known in module.FORMATS):
        try:
            known.version(Beginning.of(path))
            list(known.records(path))
        except Unreadable as error:
            assert "declaration.xml" in str(error)


@settings(max_examples=60)
@given(data=st.data())
def test_truncations_and_mutations_are_read_or_refused(tmp_path_factory, data):
    body = bytearray(data.draw(st.sampled_from(DOCUMENTS)).encode())
    for at, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(body) - 1), st.integers(0, 255)), max_size=4)
    ):
        body[at] = byte
    path = tmp_path_factory.mktemp("fuzz") / "declaration.xml"
    path.write_bytes(bytes(body[: data.draw(st.integers(0, len(body)))]))

    assert_read_or_refused(path)


@settings(max_examples=60)
@given(body=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory, body):
    path = tmp_path_factory.mktemp("fuzz") / "declaration.xml"
    path.write_bytes(body)

    assert_read_or_refused(path)


@settings(max_examples=60)
@given(
    text=st.text(max_size=40), where=st.sampled_from(["packages", "gross", "cif", "code", "price"])
)
def test_any_cell_is_read_or_stays_as_written(tmp_path_factory, text, where):
    path = tmp_path_factory.mktemp("fuzz") / "declaration.xml"
    path.write_bytes(sad(sad_item(**{where: text})).encode(errors="replace"))

    assert_read_or_refused(path)
