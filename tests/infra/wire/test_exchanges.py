"""Interfaces of Binance and Bybit: wrappers, exact amounts, times, statuses, who it was."""

import gzip
import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.wire.beginning import Beginning
from infra.wire.crypto import binance, bybit
from infra.wire.crypto.exchange_json import moment, money, network, number
from infra.wire.crypto.json_values import values
from infra.wire.errors import Unreadable

FORMATS = {(one.name, one.feed): one for one in (*binance.FORMATS, *bybit.FORMATS)}
DEPOSIT = {"id": "1", "coin": "btc", "amount": 0.00206412, "insertTime": 1661493146000, "status": 1}
ORDER = {
    "orderNumber": "9", "advNo": "1", "tradeType": "SELL", "asset": "USDT", "fiat": "KZT",
    "amount": "12.5", "totalPrice": "6500.50000000", "orderStatus": "COMPLETED",
    "counterPartNickName": "nick", "advertisementRole": "MAKER",
}  # fmt: skip
P2P = {
    "id": "5", "side": 0, "tokenId": "USDT", "amount": "6500", "currencyId": "KZT",
    "notifyTokenQuantity": "12.5", "targetNickName": "nick", "targetUserId": "2", "userId": "1",
    "status": 50, "createDate": "1741769000000",
}  # fmt: skip


@pytest.fixture
def written(tmp_path):
    def of(body, name="answer.json"):
        path = tmp_path / name
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
        return path

    return of


def told(path, name="binance", feed="crypto_transfers"):
    return [record.cells for record in FORMATS[name, feed].records(path)]


def claims(path):
    found = {key: one.version(Beginning.of(path)) for key, one in FORMATS.items()}
    return {key: version for key, version in found.items() if version}


def some(cells, *names):
    return tuple(cells.get(name) for name in names)


@pytest.mark.parametrize(
    ("file", "name", "feed", "version", "places"),
    [
        ("binance_c2c_orders", "binance", "p2p_orders", "c2c orderMatch", ["/data/0"]),
        ("binance_deposit_history", "binance", "crypto_transfers", "capital deposit", ["/0"]),
        (
            "binance_travel_rule_withdraw_history_v2",
            "binance",
            "crypto_transfers",
            "localentity withdrawal",
            ["/0"],
        ),
        (
            "binance_get_fiat_deposit_withdraw_history",
            "binance",
            "fiat_transfers",
            "fiat orders",
            ["/data/0"],
        ),
        ("bybit_p2p_orders", "bybit", "p2p_orders", "p2p order", ["/result/items/0"]),
        (
            "bybit_withdraw_records",
            "bybit",
            "crypto_transfers",
            "withdraw",
            ["/result/rows/0", "/result/rows/1"],
        ),
    ],
)
def test_every_sample_is_of_one_format_and_whole(sample, file, name, feed, version, places):
    path = sample(f"crypto/exchange_api/{file}.json")
    known = FORMATS[name, feed]

    found = list(known.records(path))

    assert claims(path) == {(name, feed): version}
    assert [(r.entry, r.place) for r in found] == list(enumerate(places, start=1))
    assert all(record.cells.get(cell) for record in found for cell in known.needs if cell)


def test_a_sample_of_deposits(sample):
    (cells,) = told(sample("crypto/exchange_api/binance_deposit_history.json"))

    assert {name: value for name, value in cells.items() if value} == {
        "id": "769800519366885376",
        "completed_at": "2022-08-26T05:52:26+00:00",
        "created_at": "2022-08-26T05:52:26+00:00",
        "direction": "deposit",
        "status": "completed",
        "network": "bnb",
        "own_address": "bnb136ns6lfw4zs5hg4n85vdthaad7hq5m4gtkgf23",
        "address_tag": "101764890",
        "txid": "98A3EA560C6B3336D348B6C83F0F95ECE4F1F5919E94BD006E5BF3BF264FACFC",
        "asset": "BNB",
        "quantity": "0.001",
        "internal": "false",
        "travel_rule_status": "0",
    }


def test_a_sample_of_withdrawals_under_the_travel_rule(sample):
    (cells,) = told(sample("crypto/exchange_api/binance_travel_rule_withdraw_history_v2.json"))

    assert some(cells, "direction", "status", "network", "asset", "quantity", "fee") == (
        "withdrawal", "completed", "ethereum", "USDT", "8.91000000", "0.004",
    )  # fmt: skip
    assert some(cells, "created_at", "completed_at") == (
        "2019-10-12T11:12:02+00:00",
        "2023-03-23T16:52:41+00:00",
    )
    assert cells["address"] == "0x94df8b352de7f46f64b01d3666bf6e936e44ce60"


def test_a_sample_of_p2p_orders_names_both_sides(sample):
    (cells,) = told(sample("crypto/exchange_api/bybit_p2p_orders.json"), "bybit", "p2p_orders")

    assert some(cells, "seller_id", "seller_name", "buyer_id", "buyer_name", "buyer_nickname") == (
        "1448939", "TEST", "290118", "1111", "test",
    )  # fmt: skip
    assert some(cells, "status", "fiat_amount", "fiat", "quantity", "asset", "side") == (
        "failed", "64.40", "EUR", "70.0000", "USDT", None,
    )  # fmt: skip
    assert cells["completed_at"] is None


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("{}", ["line 1"]),
        ("[{}]", ["/0"]),
        ("[{},{}]", ["/0", "/1"]),
        ('{{"code":"000000","data":[{}]}}', ["/data/0"]),
        ('{{"retCode":0,"result":{{"rows":[{},{}]}}}}', ["/result/rows/0", "/result/rows/1"]),
        ('{{"code":"000000","message":"ok","data":{}}}', ["/data"]),
        ("{}\n{}\n", ["line 1", "line 2"]),
        ("\n\n{}\n\n{}", ["line 3", "line 5"]),
        ('{{"data":[{}]}}\r\n{{"data":[{},{}]}}\r\n', None),
        ('[{{"data":[{}]}},{{"data":[{}]}}]', ["/0/data/0", "/1/data/0"]),
    ],
)
def test_rows_are_found_in_every_wrapper(written, body, places):
    count = body.count("{}")
    path = written(body.format(*[json.dumps(DEPOSIT)] * count))

    found = list(FORMATS["binance", "crypto_transfers"].records(path))

    places = places or ["line 1 /data/0", "line 2 /data/0", "line 2 /data/1"]
    assert [(r.entry, r.place) for r in found] == list(enumerate(places, start=1))
    assert {r.cells["quantity"] for r in found} == {"0.00206412"}
    assert claims(path) == {("binance", "crypto_transfers"): "capital deposit"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_unicode_encoding_is_read(written, encoding):
    path = written(
        json.dumps([{**DEPOSIT, "userName": "Әлия"}], ensure_ascii=False).encode(encoding)
    )

    assert told(path)[0]["user_name"] == "Әлия"
    assert len(claims(path)) == 1


def test_packed_files_are_read(written):
    path = written(gzip.compress(json.dumps([DEPOSIT]).encode()), "answer.json.gz")

    assert len(told(path)) == 1


@pytest.mark.parametrize(
    ("spelled", "exact"),
    [
        ("0.123456789012345678", "0.123456789012345678"),
        ("123456789012345678.123456789012345678", "123456789012345678.123456789012345678"),
        ("1e-8", "0.00000001"),
        ("1E3", "1000"),
        ('"1E-8"', "0.00000001"),
        ('"0.10"', "0.10"),
        ('"1,5"', "1,5"),
        ("12", "12"),
        ("1e99999", "1E+99999"),
        ("null", None),
    ],
)
def test_amounts_are_exact_however_they_are_spelled(written, spelled, exact):
    path = written(f'[{{"id":"1","coin":"BTC","insertTime":1,"amount":{spelled}}}]')

    assert told(path)[0]["quantity"] == exact


@given(st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=0, max_value=10**18))
def test_a_number_stays_itself(amount):
    assert Decimal(number(str(amount))) == amount
    assert "E" not in number(str(amount))


@pytest.mark.parametrize(
    ("told_as", "means"),
    [
        ("1661493146000", "2022-08-26T05:52:26+00:00"),
        ("1661493146123", "2022-08-26T05:52:26.123000+00:00"),
        ("1661493146", "2022-08-26T05:52:26+00:00"),
        ("2019-10-12 11:12:02", "2019-10-12T11:12:02+00:00"),
        ("2019-10-12T11:12:02Z", "2019-10-12T11:12:02Z"),
        ("0", None),
        ("166149314600", "166149314600"),
        ("yesterday", "yesterday"),
        (None, None),
    ],
)
def test_moments(told_as, means):
    assert moment(told_as) == means


@pytest.mark.parametrize(
    ("told_as", "means"),
    [("33400.00000000", "33400.00"), ("64.400", "64.40"), ("5", "5"), ("0.5", "0.50"),
     ("0.125", "0.125"), ("1 000", "1 000"), (None, None)],
)  # fmt: skip
def test_money_has_two_decimals_and_more_only_where_they_say_something(told_as, means):
    assert money(told_as) == means


def test_networks_have_our_codes_or_small_letters():
    assert [network(name) for name in ("BTC", "ERC20", "trx", "TRC20", "ETH", "BSC", None)] == [
        "bitcoin", "ethereum", "tron", "tron", "ethereum", "bsc", None,
    ]  # fmt: skip


def test_the_client_is_named_by_the_row_or_by_what_wraps_it(written):
    path = written(
        json.dumps({"uid": 77, "data": [DEPOSIT, {**DEPOSIT, "uid": "78", "email": "a@b"}]})
    )

    assert [some(cells, "user_id", "user_name") for cells in told(path)] == [
        ("77", None),
        ("78", "a@b"),
    ]


def test_a_deposit_comes_from_its_source_to_the_clients_own_address(written):
    path = written(json.dumps([{**DEPOSIT, "address": "mine", "sourceAddress": "theirs"}]))

    assert some(told(path)[0], "address", "own_address") == ("theirs", "mine")


@pytest.mark.parametrize(
    ("role", "did", "side", "nickname_of"),
    [
        ("TAKER", "SELL", "sell", "buyer"),
        ("MAKER", "SELL", "buy", "buyer"),
        ("TAKER", "BUY", "buy", "seller"),
        ("MAKER", "BUY", "sell", "seller"),
        (None, "BUY", None, "seller"),
        ("TAKER", "SWAP", "SWAP", None),
    ],
)
def test_the_side_is_the_takers(written, role, did, side, nickname_of):
    path = written(json.dumps({**ORDER, "advertisementRole": role, "tradeType": did}))

    (cells,) = told(path, feed="p2p_orders")

    assert cells["side"] == side
    assert cells["fiat_amount"] == "6500.50"
    named = [one for one in ("buyer", "seller") if cells.get(f"{one}_nickname") == "nick"]
    assert named == ([nickname_of] if nickname_of else [])


def test_bybits_taker_is_known_where_the_maker_is(written):
    path = written("\n".join(json.dumps({**P2P, "makerUserId": maker}) for maker in ("1", "2")))

    assert [cells["side"] for cells in told(path, "bybit", "p2p_orders")] == ["sell", "buy"]


def test_bybits_deposits(written):
    rows = [
        {"coin": "USDT", "chain": "TRX", "amount": "5", "txID": "ab", "status": 3, "txIndex": "1",
         "toAddress": "mine", "fromAddress": "theirs", "successAt": "1742738340000"},
        {"id": "i1", "coin": "USDT", "amount": "5", "status": 2, "createdTime": "1742738340",
         "address": "someone@mail", "txID": "x"},
    ]  # fmt: skip
    path = written(json.dumps({"retCode": 0, "result": {"rows": rows}}))

    chain, inside = told(path, "bybit")

    assert some(chain, "id", "address", "own_address", "status", "network", "direction") == (
        "ab:1", "theirs", "mine", "completed", "tron", "deposit",
    )  # fmt: skip
    assert some(inside, "id", "internal", "status", "direction") == (
        "i1", "true", "completed", "deposit",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "name", "feed", "status"),
    [
        ({**DEPOSIT, "status": 0}, "binance", "crypto_transfers", "pending"),
        ({**DEPOSIT, "status": 6}, "binance", "crypto_transfers", "credited"),
        ({**DEPOSIT, "status": 99}, "binance", "crypto_transfers", "99"),
        ({**ORDER, "orderStatus": "IN_APPEAL"}, "binance", "p2p_orders", "disputed"),
        ({**ORDER, "orderStatus": "NEW_WORD"}, "binance", "p2p_orders", "NEW_WORD"),
        ({**P2P, "status": 40}, "bybit", "p2p_orders", "cancelled"),
        ({**P2P, "status": 41}, "bybit", "p2p_orders", "41"),
    ],
)
def test_unknown_statuses_stay_as_they_are_written(written, row, name, feed, status):
    assert told(written(json.dumps(row)), name, feed)[0]["status"] == status


@pytest.mark.parametrize(
    ("body", "claimed"),
    [
        ("[]", {("binance", "crypto_transfers")}),
        (
            '{"code":"000000","message":"success","data":[],"total":0,"success":true}',
            {("binance", "p2p_orders"), ("binance", "fiat_transfers")},
        ),
        ('{"retCode":0,"result":{"rows":[]}}', {("bybit", "crypto_transfers")}),
        ('{"ret_code":0,"result":{"count":0,"items":[]}}', {("bybit", "p2p_orders")}),
    ],
)
def test_an_answer_without_rows_is_an_empty_day(written, body, claimed):
    path = written(body)

    assert set(claims(path)) == claimed
    assert all(told(path, *key) == [] for key in claimed)


@pytest.mark.parametrize(
    "body",
    [
        '{"retCode":10001,"retMsg":"bad","result":{}}',
        '{"retCode":10001,"retMsg":"bad","result":{"rows":[]}}',
        '{"code":-1121,"msg":"bad"}',
        '{"code":"351001","message":"bad","data":[],"success":false}',
    ],
)
def test_an_answer_that_failed_is_not_taken_for_an_empty_one(written, body):
    path = written(json.dumps(DEPOSIT) + "\n" + body + "\n" + json.dumps(DEPOSIT))
    found = []

    with pytest.raises(Unreadable, match=r"line 2.*says of itself that it failed"):
        found.extend(FORMATS["bybit", "crypto_transfers"].records(path))
    assert [record.place for record in found] in ([], ["line 1"])


def test_what_is_no_row_is_a_record_of_nothing(written):
    path = written(json.dumps([DEPOSIT, None, "text", {}, {"coin": "BTC"}]))

    cells = told(path)

    assert [one.get("asset") for one in cells] == ["BTC", None, None, None, "BTC"]
    assert [one["direction"] for one in cells] == ["deposit", None, None, None, None]


@pytest.mark.parametrize(
    "body",
    [
        '{"id":"T1","completed_at":"2025-08-18T10:15:00+05:00","direction":"deposit"}',
        '{"order_no":"1","asset":"USDT","fiat":"KZT"}',
        '{"$schema":"x","properties":{"coin":{},"amount":{},"insertTime":{}}}',
        '["0x94df8b352de7f46f64b01d3666bf6e936e44ce60"]',
        "<xml/>",
        "coin;amount;insertTime",
        "",
        "nonsense",
    ],
)
def test_other_files_are_not_claimed(written, body):
    assert claims(written(body)) == {}


def test_a_row_longer_than_the_head_is_still_known(written):
    path = written(json.dumps([{**DEPOSIT, "note": "x" * 200_000}, DEPOSIT]))

    assert len(claims(path)) == 1
    assert len(told(path)) == 2


def test_rows_before_the_damage_are_given(written):
    path = written(json.dumps([DEPOSIT] * 3)[:-10])
    found = []

    with pytest.raises(Unreadable, match="line 1, is not well-formed JSON"):
        found.extend(FORMATS["binance", "crypto_transfers"].records(path))

    assert len(found) in (0, 2)


@pytest.mark.parametrize(
    "body",
    [
        "[" * 5_000,
        '{"data":' * 5_000,
        '[{"a":' + "[" * 100 + "]" * 100 + "}]",
        "[" + '{"a":1,' + ",".join(f'"k{n}":{n}' for n in range(201_000)) + "}]",
        '[{"a":"' + "x" * (17 << 20) + '"}]',
    ],
    ids=["arrays", "wrappers", "deep", "wide", "long"],
)
def test_what_is_bigger_than_any_row_is_not_read_on(written, body):
    path = written(body)

    with pytest.raises(Unreadable):
        list(values(path))


@pytest.mark.parametrize("body", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b" \n", b"\xff\xfe\x00"])
def test_a_file_of_nothing_is_unreadable(written, body):
    with pytest.raises(Unreadable):
        list(values(written(body)))


@pytest.mark.parametrize("body", ['[{"amount":' + "9" * 5_000 + "}]", "[1e99999999999999999999]"])
def test_numbers_that_no_machine_holds_are_damage(written, body):
    with pytest.raises(Unreadable):
        list(values(written(body)))


GOOD = json.dumps({"retCode": 0, "result": {"rows": [DEPOSIT, ORDER, P2P]}}).encode()


@settings(
    max_examples=150, deadline=20_000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_the_bytes_are_the_file_is_read_or_unreadable(tmp_path, data):
    if data.draw(st.booleans()):
        body = data.draw(st.binary(max_size=200))
    else:
        cut = data.draw(st.integers(0, len(GOOD)))
        body = (
            GOOD[:cut]
            + data.draw(st.binary(max_size=4))
            + GOOD[cut + data.draw(st.integers(0, 3)) :]
        )
    path = tmp_path / "fuzz.json"
    path.write_bytes(body)

    for known in FORMATS.values():
        try:
            known.version(Beginning.of(path))
            for record in known.records(path):
                assert all(cell is None or isinstance(cell, str) for cell in record.cells.values())
        except Unreadable as error:
            assert "\n" not in str(error)
