"""Declarations that customs services and traders really wrote, cell by cell."""

from collections import Counter
from decimal import Decimal

import pytest

from infra.wire import Unreadable, messages
from infra.wire.beginning import Beginning
from infra.wire.inspection import contents
from infra.wire.problems import faulty

HEALTHY = {
    "asycuda/np_import_im4_119_items.xml": ("asycuda_sad", "ASYCUDA World", 119),
    "asycuda/al_import_8_items.xml": ("asycuda_sad", "ASYCUDA World", 8),
    "asycuda/al_import_im4_1_item_TR.xml": ("asycuda_sad", "ASYCUDA World", 1),
    "eaeu/esadout_cu_5.23.0_transit_to_KZ.xml": ("esadout_cu", "5.23.0", 1),
    "wco_dec/hmrc_wco_dec_IM001a.xml": ("wco_dec", "3.6", 1),
    "wco_dec/hmrc_wco_dec_IM002a.xml": ("wco_dec", "3.6", 1),
    "eu_import/FI415B.xml": ("eu_h1", "FI415B v3", 1),
    "eu_import/FI429B.xml": ("eu_h1", "FI429B v3", 1),
}


def cells(path):
    found = messages.recognised(Beginning.of(path))
    assert len(found) == 1
    return [record.cells for record in found[0][0].records(path)]


def total(rows, name):
    return sum(Decimal(row[name]) for row in rows)


@pytest.mark.parametrize("name", HEALTHY)
def test_every_healthy_sample_is_one_declaration_with_all_its_items_accepted(sample, name):
    with contents(sample(f"customs/{name}")) as found:
        assert (found.format, found.version, found.transactions) == HEALTHY[name]
        assert found.entries == 1
        assert faulty(found, most=5).problems == ()


def test_the_totals_of_the_declaration_from_nepal_are_met_exactly(sample):
    rows = cells(sample("customs/asycuda/np_import_im4_119_items.xml"))

    assert [row["ITEM_NO"] for row in rows] == [str(n) for n in range(1, 120)]
    assert total(rows, "INVOICE") == Decimal("2108.89")
    assert total(rows, "GROSS_KG") == Decimal(199)
    assert total(rows, "PACKAGES") == Decimal(12)
    assert total(rows, "NET_KG") == Decimal("139.3")
    assert total(rows, "CUSTOMS_VALUE") == Decimal("474580.95")  # apportioned and rounded by item
    declared = {name: cell for name, cell in rows[-1].items() if name.startswith("DECLARED")}
    assert declared == {
        "DECLARED_ITEMS": "119",
        "DECLARED_PACKAGES": "12",
        "DECLARED_INVOICE": "2108.89",
        "DECLARED_CUSTOMS_VALUE": "474575.07",
        "DECLARED_GROSS_KG": "199",
    }
    assert {row["IS_RECONCILED"] for row in rows} == {"true"}


def test_cells_of_the_declaration_from_nepal(sample):
    first = cells(sample("customs/asycuda/np_import_im4_119_items.xml"))[0]

    assert {name: cell for name, cell in first.items() if cell is not None} == {
        "OFFICE": "TIA00",
        "CONSIGNEE_BIN": "1000000000001NP",
        "CONSIGNEE": "Demo Importers Pvt.Ltd Lalitpur Lalitpur",
        "MOVEMENT": "import",
        "ACTION": "original",
        "DECLARANT_ID": "791",
        "DISPATCH_COUNTRY": "CN",
        "DECLARED_ITEMS": "119",
        "DECLARED_PACKAGES": "12",
        "DECLARED_INVOICE": "2108.89",
        "DECLARED_CUSTOMS_VALUE": "474575.07",
        "DECLARED_GROSS_KG": "199",
        "IS_RECONCILED": "true",
        "ITEM_NO": "1",
        "PROCEDURE": "40",
        "PREVIOUS_PROCEDURE": "00",
        "EXTENDED_PROCEDURE": "4000",
        "ADDITIONAL_PROCEDURE": "000",
        "HS_CODE": "8504409090",
        "GOODS": "Other static converters; Adaptar 11 PCS",
        "NET_KG": "1.064",
        "GROSS_KG": "1.52",
        "ORIGIN": "CN",
        "INVOICE": "26.05",
        "CUSTOMS_VALUE": "5862.63",
        "STATISTICAL_VALUE": "5862.63",
        "PACKAGES": "0.06",
    }


def test_whole_lek_a_unit_apart_are_rounding(sample):
    rows = cells(sample("customs/asycuda/al_import_8_items.xml"))

    assert total(rows, "CUSTOMS_VALUE") == Decimal(5085490)
    assert rows[0]["DECLARED_CUSTOMS_VALUE"] == "5085491"
    assert rows[0]["IS_RECONCILED"] == "true"
    assert total(rows, "INVOICE") == Decimal("37031.17")
    assert Counter(row["CURRENCY"] for row in rows) == {"EUR": 8}
    assert [row["HS_CODE"] for row in rows[-2:]] == ["4011209000", "4011201000"]
    assert {row["LODGED_IN"] for row in rows} == {"AL"}


def test_goods_in_transit_to_kazakhstan_are_no_import(sample):
    [row] = cells(sample("customs/eaeu/esadout_cu_5.23.0_transit_to_KZ.xml"))

    told = ("MOVEMENT", "HS_CODE", "GROSS_KG", "NET_KG", "INVOICE", "CURRENCY", "LODGED_IN")
    assert [row[name] for name in told] == [
        "transit", "8703239089", "1435", None, "12158", "USD", "KZ",
    ]  # fmt: skip
    assert row["IS_RECONCILED"] == "true"
    assert row.get("DECLARATION_NO") is None


def test_a_supplementary_declaration_of_hmrc(sample):
    [row] = cells(sample("customs/wco_dec/hmrc_wco_dec_IM002a.xml"))

    told = (
        "LRN", "REGISTERED_ON", "MOVEMENT", "ACTION", "EXTENDED_PROCEDURE", "HS_CODE", "NET_KG",
        "GROSS_KG", "ORIGIN", "DISPATCH_COUNTRY", "INVOICE", "CURRENCY", "PACKAGES",
        "CONSIGNEE_BIN", "DECLARANT_ID",
    )  # fmt: skip
    assert [row[name] for name in told] == [
        "7849431OU9IZ", "2024-03-12", "import", "original", "4071", "1804000000", "10", "15",
        "BR", "US", "1000", "GBP", "55", "GB553202734852", "GB603202734852",
    ]  # fmt: skip


def test_a_release_of_finnish_customs_names_its_declaration(sample):
    [row] = cells(sample("customs/eu_import/FI429B.xml"))

    told = ("DECLARATION_NO", "LRN", "ACTION", "RELEASED_ON", "HS_CODE", "NET_KG", "INVOICE")
    assert [row[name] for name in told] == [
        "20FIU41000004146R0", "OMA VIITE", "release", "2020-08-26", "8711601000", "700", "1000",
    ]  # fmt: skip


def test_a_notification_of_duty_is_refused_as_what_it_is(sample):
    path = sample("customs/wco_dec/hmrc_notification_DMSTAX.xml")

    with pytest.raises(Unreadable, match="is a notification of customs about a declaration"):
        cells(path)
