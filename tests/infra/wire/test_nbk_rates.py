"""The National Bank's rates: quantities kept, empty days no error, no entity followed."""

import pytest

from infra.wire import Unreadable
from infra.wire.nbk_rates import items, rows

DAY = """<?xml version="1.0" encoding="utf-8"?>
<rates><title>Rates</title><description>feed</description><date>03.02.2031</date>
<item><fullname>ДОЛЛАР США</fullname><title>USD</title><description>500.00</description>
<quant>1</quant><index>UP</index><change>+1.50</change></item>
<item><fullname>ИРАНСКИЙ РИАЛ</fullname><title>IRR</title><description>5.25</description>
<quant>10000</quant><index></index><change>0.00</change></item></rates>"""
EMPTY_DAY = "<rates><date>02.02.2031</date></rates>"
BOMB = '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><rates><date>&b;</date></rates>'


def test_title_and_description_are_those_of_the_item_not_of_the_feed():
    found = items(DAY.encode(), "rates.xml")

    assert found.rows() == [
        ("03.02.2031", "USD", "1", "500.00"),
        ("03.02.2031", "IRR", "10000", "5.25"),
    ]


def test_an_empty_day_has_no_rows():
    assert items(EMPTY_DAY.encode(), "rates.xml").is_empty()


def test_rows_are_counted_through_all_documents():
    found = rows({"a": DAY.encode(), "b": EMPTY_DAY.encode(), "c": DAY.encode()}).collect()

    assert found.select("url", "row").rows() == [("a", 0), ("a", 1), ("c", 2), ("c", 3)]


@pytest.mark.parametrize("body", [BOMB, "<rates>", "no XML"], ids=["entities", "cut", "text"])
def test_what_is_no_plain_xml_is_refused_by_name(body):
    with pytest.raises(Unreadable, match=r"rates\.xml is not an XML document"):
        items(body.encode(), "rates.xml")
