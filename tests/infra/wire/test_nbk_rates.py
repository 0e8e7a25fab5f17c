"""The National Bank's rates: quantities kept, empty days no error, no entity followed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.wire import Unreadable
from infra.wire.beginning import Beginning
from infra.wire.nbk_rates import COLUMNS, FORMATS, records

DAY = """<?xml version="1.0" encoding="utf-8"?>
<rates><title>Rates</title><description>feed</description><date>03.02.2031</date>
<item><fullname>ДОЛЛАР США</fullname><title>USD</title><description>500.00</description>
<quant>1</quant><index>UP</index><change>+1.50</change></item>
<item><fullname>ИРАНСКИЙ РИАЛ</fullname><title>IRR</title><description>5.25</description>
<quant>10000</quant><index></index><change>0.00</change></item></rates>"""
EMPTY_DAY = "<rates><date>02.02.2031</date></rates>"
RSS = """<rss version="2.0"><channel><title>Rates</title><link>l</link>
<item><title>USD</title><pubDate>03.02.2031</pubDate><description>500.00</description>
<quant>1</quant></item></channel></rss>"""
BOMB = '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><rates><date>&b;</date></rates>'


def read(tmp_path, body, encoding="utf-8"):
    path = tmp_path / "rates.xml"
    path.write_bytes(body if isinstance(body, bytes) else body.encode(encoding))
    return path


def told(path):
    return [
        (record.entry, record.place, *(record.cells[name] for name in COLUMNS))
        for record in records(path)
    ]


def test_title_and_description_are_those_of_the_item_not_of_the_feed(tmp_path):
    assert told(read(tmp_path, DAY)) == [
        (1, "(//rates)[1]/item[1]", "03.02.2031", "USD", "1", "500.00"),
        (2, "(//rates)[1]/item[2]", "03.02.2031", "IRR", "10000", "5.25"),
    ]


def test_an_empty_day_has_no_records(tmp_path):
    assert told(read(tmp_path, EMPTY_DAY)) == []


def test_each_of_several_days_has_its_own_date(tmp_path):
    days = f"<all>{DAY.partition('?>')[2]}{EMPTY_DAY}{DAY.partition('?>')[2].replace('03.', '04.')}</all>"

    found = told(read(tmp_path, days))

    assert [(row[0], row[1], row[2]) for row in found] == [
        (1, "(//rates)[1]/item[1]", "03.02.2031"),
        (2, "(//rates)[1]/item[2]", "03.02.2031"),
        (3, "(//rates)[3]/item[1]", "04.02.2031"),
        (4, "(//rates)[3]/item[2]", "04.02.2031"),
    ]


def test_a_date_below_the_items_is_theirs_too(tmp_path):
    date = "<date>03.02.2031</date>"
    below = DAY.replace(date, "").replace("</rates>", f"{date}</rates>")

    assert {row[2] for row in told(read(tmp_path, below))} == {"03.02.2031"}


def test_an_item_without_any_date_is_given_without(tmp_path):
    assert [row[2] for row in told(read(tmp_path, DAY.replace("date>", "data>")))] == [None, None]


def test_the_rss_of_the_same_has_a_date_in_each_item(tmp_path):
    assert told(read(tmp_path, RSS)) == [
        (1, "(//channel)[1]/item[1]", "03.02.2031", "USD", "1", "500.00")
    ]


def test_namespaces_and_encodings_do_not_matter(tmp_path):
    body = DAY.replace("<rates>", '<rates xmlns="urn:x">').replace("utf-8", "windows-1251")

    assert len(told(read(tmp_path, body, "cp1251"))) == 2


@pytest.mark.parametrize(
    ("body", "version"),
    [
        (DAY, "rates"),
        (EMPTY_DAY, "rates"),
        (RSS, "rss"),
        (f"<archive>{EMPTY_DAY}</archive>", "rates"),
        ("<rss><channel><item><title>News</title></item></channel></rss>", None),
        ("<Document><BkToCstmrStmt/></Document>", None),
        ("date;title\n", None),
    ],
)
def test_only_rates_are_taken_for_rates(tmp_path, body, version):
    assert FORMATS[0].version(Beginning.of(read(tmp_path, body))) == version


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (BOMB, "document type"),
        ("<rates>", "not well-formed"),
        ("no XML", "not well-formed"),
        ("<a/>", "no document of rates"),
    ],
    ids=["entities", "cut", "text", "another"],
)
def test_what_is_no_plain_xml_of_rates_is_refused_by_name(tmp_path, body, says):
    with pytest.raises(Unreadable, match=rf"rates\.xml .*{says}"):
        told(read(tmp_path, body))


def test_records_before_the_cut_are_given(tmp_path):
    found = []

    with pytest.raises(Unreadable):
        for record in records(read(tmp_path, DAY[: DAY.index("<item><fullname>ИР") + 9])):
            found.append(record.cells["title"])

    assert found == ["USD"]


@settings(max_examples=100)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.tuples(st.integers(0, len(DAY.encode())), st.integers(0, 30), st.binary(max_size=8)).map(
            lambda cut: DAY.encode()[: cut[0]] + cut[2] + DAY.encode()[cut[0] + cut[1] :]
        ),
    )
)
def test_whatever_the_bytes_are_they_are_read_or_refused(tmp_path_factory, body):
    try:
        told(read(tmp_path_factory.getbasetemp(), body))
    except Unreadable as error:
        assert str(error).endswith(".")
