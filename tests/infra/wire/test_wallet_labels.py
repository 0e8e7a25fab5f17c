"""TagPacks and OFAC's lists: what a header says holds for its tags; nothing is written out twice."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.wire.beginning import Beginning
from infra.wire.crypto import ofac, tagpacks
from infra.wire.errors import Unreadable

(TAGPACK,) = tagpacks.FORMATS
ADDRESSES, SDN = ofac.FORMATS
FORMATS = (TAGPACK, ADDRESSES, SDN)

PACK = """title: Some pack
creator: somebody
label: Hydra
currency: BTC
lastmod: 2023-05-10
source: https://example.org
category: mixing_service
tags:
- address: one
- address: 'two'
  currency: XBT
  label: "Other"
  lastmod: 2024-01-02T03:04:05
  abuse: scam
  context: '{"token": "USDT"}'
"""
SDN_LIST = """<?xml version="1.0"?>
<sdnList xmlns="https://sanctions.example/SDN">
<publshInformation><Publish_Date>09/27/2024</Publish_Date></publshInformation>
<sdnEntry><uid>1</uid><lastName>NOBODY</lastName><idList><id><uid>9</uid>
<idType>Passport</idType><idNumber>A1</idNumber></id></idList></sdnEntry>
<sdnEntry><uid>2</uid><firstName>Some</firstName><lastName>BODY</lastName><idList>
<id><idType>Digital Currency Address - XBT</idType><idNumber>1abc</idNumber></id>
<id><idType>Passport</idType><idNumber>A2</idNumber></id>
<id><idType>Digital Currency Address - USDT</idType><idNumber>Tabc</idNumber></id>
</idList></sdnEntry></sdnList>"""


@pytest.fixture
def written(tmp_path):
    def of(body, name="pack.yaml"):
        path = tmp_path / name
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
        return path

    return of


def told(known, path):
    return [{k: v for k, v in record.cells.items() if v} for record in known.records(path)]


def claimed(path):
    return [known.name for known in FORMATS if known.version(Beginning.of(path))]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("blender_io", ("3NDzzVxiLBUs1WPvVGRfCYDTAD2Ua2PvW4", "BTC", "Blender.io", "mixer")),
        (
            "exchange-wallets-binance",
            (
                "34xp4vRoCGJym3xR7yCVPFHoCNxv4Twseo",
                "BTC",
                "binance reserve wallets BTC",
                "exchange",
            ),
        ),
        (
            "exchange-wallets-bybit",
            (
                "bc1q2qqqt87kh33s0er58akh7v9cwjgd83z5smh9rp",
                "BTC",
                "Bybit reserve wallets",
                "exchange",
            ),
        ),
        ("hydra", ("1BCWMwpR4M1nYUuuYe2bmzrNuwGoF9ZAbA", "BTC", "Hydra Market", "market")),
        (
            "usdt_blacklist",
            (
                "0x008fe40574e881e7247b50b991c0cc057d66647f",
                "ETH",
                "USDT_blacklisted",
                "black_list",
            ),
        ),
    ],
)
def test_every_tag_of_the_samples_is_read(sample, name, first):
    path = sample(f"crypto/labels/tagpack-{name}.yaml")
    lines = path.read_text().split("\n")
    starts = [n for n, line in enumerate(lines, start=1) if line.startswith("- address:")]

    found = list(TAGPACK.records(path))

    assert claimed(path) == ["tagpack"]
    assert [record.place for record in found] == [f"line {n}" for n in starts]
    assert [record.entry for record in found] == list(range(1, len(starts) + 1))
    assert all(record.cells[cell] for record in found for cell in TAGPACK.needs)
    cells = found[0].cells
    assert (cells["address"], cells["asset"], cells["label"], cells["category"]) == first


@pytest.mark.parametrize(
    ("file", "asset", "count"), [("ETH", "ETH", 152), ("USDT", "USDT", 26), ("XBT", "BTC", 435)]
)
def test_every_address_of_the_samples_is_read(sample, file, asset, count):
    path = sample(f"crypto/labels/ofac_sanctioned_{file}.json")

    found = list(ADDRESSES.records(path))

    assert claimed(path) == ["ofac_addresses"]
    assert [record.cells["address"] for record in found] == re.findall(r'"(\w+)"', path.read_text())
    assert len(found) == count
    assert {record.cells["asset"] for record in found} == {asset}
    assert (found[0].place, found[-1].place) == ("/0", f"/{count - 1}")


def test_tags_have_what_their_header_says_unless_they_say_otherwise(written):
    path = written(PACK)
    header = {"category": "mixer", "source": "https://example.org"}

    assert told(TAGPACK, path) == [
        {**header, "address": "one", "asset": "BTC", "label": "Hydra", "as_of": "2023-05-10"},
        {
            **header,
            "address": "two",
            "asset": "BTC",
            "label": "Other",
            "as_of": "2024-01-02",
            "abuse": "scam",
            "context": '{"token": "USDT"}',
        },
    ]


def test_a_header_below_its_tags_holds_too(written):
    head, tags = PACK.split("tags:\n")

    assert told(TAGPACK, written("tags:\n" + tags + head)) == told(TAGPACK, written(PACK, "b.yaml"))


def test_a_header_of_its_own_and_lists_are_read(written):
    path = written(
        "header:\n  title: T\n  label: L\n  network: trx\ntags:\n- address: x\n"
        "  concepts: [exchange, market]\n  context: {a: [1, b]}\n- justtext\n- address: ~\n"
    )

    first, second, third = told(TAGPACK, path)

    assert (first["label"], first["asset"], first["category"]) == ("L", "TRX", "exchange, market")
    assert json.loads(first["context"]) == {"a": ["1", "b"]}
    assert "address" not in second
    assert "address" not in third


def test_nothing_of_a_scalar_is_interpreted(written):
    path = written("label: 007\ncurrency: NO\ntags:\n- address: 0x10\n  actor: 1_000\n")

    assert told(TAGPACK, path) == [
        {"address": "0x10", "asset": "NO", "label": "007", "actor": "1_000"}
    ]


BOMB = "a: &a [x,x]\nb: &b [*a,*a]\nlabel: l\ntags:\n- address: *b\n"


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        "label: l\ntags:\n- &t\n  address: x\n- *t\n",
        "label: l\nbase: &b {currency: BTC}\ntags:\n- <<: *b\n",
        "label: l\nheader: !include other.yaml\ntags:\n- address: x\n",
        "label: l\ntags: !!python/object/apply:os.system [id]\n",
        "label: l\ntags:\n- address: !!binary aGk=\n  label: !mine x\n",
    ],
)
def test_aliases_and_tags_of_yaml_are_refused(written, body):
    with pytest.raises(Unreadable, match="was not read on"):
        list(TAGPACK.records(written(body)))


@pytest.mark.parametrize(
    "body",
    [
        "label: l\ntags:\n- address: " + "[" * 5_000,
        "label: l\ntags:\n- address: x\n  context: " + "x" * 70_000 + "\n",
        "label: l\ntags:\n- [" + "x, " * 20_000 + "x]\n",
        "label: l\ntags:\n- address: 'x\n",
        "label: l\ntags:\n- address: x\n bad: indent\n",
        "label: l\ntags: none\n",
        "label: l\ntags:\n- address: x\n---\nlabel: m\n",
        "- label: l\n- tags: []\n",
        "",
        b"label: l\ntags:\n- address: \xff\xfe\n",
        b"label: l\ntags:\n- address: \x00\n",
    ],
)
def test_what_is_no_tagpack_is_unreadable(written, body):
    with pytest.raises(Unreadable):
        list(TAGPACK.records(written(body)))


def test_tags_before_the_damage_are_given(written):
    found = []

    with pytest.raises(Unreadable, match="line 17, is not well-formed YAML"):
        found.extend(TAGPACK.records(written(PACK + "- a: [\n]]\n")))

    assert [record.cells["address"] for record in found] == ["one", "two", None]
    assert {record.cells["source"] for record in found} == {"https://example.org"}


@pytest.mark.parametrize(
    ("address", "asset"),
    [
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "BTC"),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "BTC"),
        ("0xde709f2102306220921060314715629080e2fb77", "ETH"),
        ("TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW", "TRX"),
        ("t1MMXtBrSp1XG38Lx9cePcNUCJj5vdWfUWL", None),
    ],
)
def test_an_unnamed_list_tells_the_chain_by_the_form(written, address, asset):
    path = written(json.dumps([address]), "5f3c.json")

    assert claimed(path) == ["ofac_addresses"]
    assert told(ADDRESSES, path)[0].get("asset") == asset


def test_the_list_itself(written):
    path = written(SDN_LIST, "sdn.xml")

    assert claimed(path) == ["ofac_sdn"]
    assert SDN.version(Beginning.of(path)) == "https://sanctions.example/SDN"
    assert told(SDN, path) == [
        {
            "address": address,
            "asset": asset,
            "label": "BODY Some",
            "category": "sanction",
            "source": "OFAC SDN",
            "actor": "2",
            "as_of": "2024-09-27",
        }
        for address, asset in (("1abc", "BTC"), ("Tabc", "USDT"))
    ]
    assert [record.place for record in SDN.records(path)] == [
        "/sdnList/sdnEntry[2]/idList/id[1]",
        "/sdnList/sdnEntry[2]/idList/id[3]",
    ]


@pytest.mark.parametrize(
    "body",
    [
        '{"address":"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"}',
        '["too short"]',
        "[1, 2]",
        "[]",
        '[{"coin":"BTC"}]',
        "a: 1\ntags: []\n",
        "address;label\n1;2\n",
        "tags: in a sentence, source: none",
        "<rates/>",
        "",
    ],
)
def test_other_files_are_not_claimed(written, body):
    assert claimed(written(body)) == []


@settings(
    max_examples=200, deadline=20_000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_the_bytes_are_the_file_is_read_or_unreadable(tmp_path, data):
    good = data.draw(st.sampled_from([PACK.encode(), SDN_LIST.encode(), BOMB.encode()]))
    cut = data.draw(st.integers(0, len(good)))
    body = (
        good[:cut] + data.draw(st.binary(max_size=4)) + good[cut + data.draw(st.integers(0, 3)) :]
    )
    path = tmp_path / "fuzz"
    path.write_bytes(body)

    for known in FORMATS:
        try:
            known.version(Beginning.of(path))
            for record in known.records(path):
                assert all(cell is None or isinstance(cell, str) for cell in record.cells.values())
        except Unreadable as error:
            assert known is SDN or "\n" not in str(error)
