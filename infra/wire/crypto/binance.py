"""Binance's interfaces for account data: deposits, withdrawals, C2C orders, fiat money.

Fields and codes: developers.binance.com, Wallet, C2C and Fiat. A deposit's `address` is the
client's own at the exchange; where it came from is `sourceAddress`. Times without an offset are
UTC. The client is named by the wrapper or by extra cells, if at all.
"""

from collections.abc import Iterator
from pathlib import Path

from infra.wire.beginning import Beginning
from infra.wire.crypto.exchange_json import (
    Cells,
    Row,
    asset,
    client,
    flag,
    is_empty_answer,
    moment,
    money,
    network,
    number,
    records,
    said,
    status,
    told_rows,
)
from infra.wire.records import Format, Record

_DEPOSIT_STATUS = {
    "0": "pending",
    "1": "completed",
    "2": "rejected",
    "6": "credited",
    "7": "failed",
    "8": "pending",
}
_WITHDRAWAL_STATUS = {
    "0": "pending",
    "1": "cancelled",
    "2": "pending",
    "3": "rejected",
    "4": "pending",
    "5": "failed",
    "6": "completed",
}
_ORDER_STATUS = {
    "COMPLETED": "completed",
    "PENDING": "pending",
    "TRADING": "pending",
    "BUYER_PAYED": "pending",
    "DISTRIBUTING": "pending",
    "IN_APPEAL": "disputed",
    "CANCELLED": "cancelled",
    "CANCELLED_BY_SYSTEM": "cancelled",
}
_FIAT_STATUS = {
    "SUCCESSFUL": "completed",
    "FINISHED": "completed",
    "PROCESSING": "pending",
    "REFUNDING": "pending",
    "FAILED": "failed",
    "REFUNDED": "refunded",
    "EXPIRED": "expired",
}
_OPPOSITE = {"buy": "sell", "sell": "buy"}
_FIAT_DIRECTION = {"0": "deposit", "1": "withdrawal"}

_OF_DEPOSITS = ("insertTime", "depositStatus", "depositId", "confirmTimes", "unlockConfirm")
_OF_WITHDRAWALS = ("applyTime", "withdrawalStatus", "withdrawOrderId", "transactionFee")


def _direction(row: Row) -> str | None:
    if any(name in row for name in _OF_WITHDRAWALS):
        return "withdrawal"
    return "deposit" if any(name in row for name in _OF_DEPOSITS) else None


def _is_transfer(row: Row) -> bool:
    return {"coin", "amount"} <= row.keys() and "chain" not in row and _direction(row) is not None


def _is_order(row: Row) -> bool:
    return "orderNumber" in row and not {"tradeType", "orderStatus", "advNo"}.isdisjoint(row)


def _is_fiat(row: Row) -> bool:
    return {"orderNo", "fiatCurrency"} <= row.keys() and "cryptoCurrency" not in row


def _transfer(row: Row, around: Row) -> Cells:
    direction = _direction(row)
    is_deposit = direction == "deposit"
    code = said(row, "depositStatus", "withdrawalStatus", "status")
    address, source = said(row, "address"), said(row, "sourceAddress")
    return {
        "id": said(row, "id", "depositId", "tranId", "trId"),
        "completed_at": moment(said(row, "completeTime")),
        "created_at": moment(said(row, "insertTime", "applyTime")),
        "direction": direction,
        "status": status(code, _DEPOSIT_STATUS if is_deposit else _WITHDRAWAL_STATUS),
        "network": network(said(row, "network")),
        "address": source if is_deposit else address,
        "own_address": address if is_deposit else None,
        "address_tag": said(row, "addressTag"),
        "txid": said(row, "txId"),
        "asset": asset(said(row, "coin")),
        "quantity": number(said(row, "amount")),
        "fee": number(said(row, "transactionFee")),
        "internal": flag(said(row, "transferType"), yes="1", no="0"),
        "travel_rule_status": said(row, "travelRuleStatus"),
        **client(row, around),
    }


def _order(row: Row, around: Row) -> Cells:
    did = (said(row, "tradeType") or "").lower()
    is_taker = {"TAKER": True, "MAKER": False}.get(said(row, "advertisementRole") or "")
    taker_did = None if is_taker is None else did if is_taker else _OPPOSITE.get(did, did)
    mine, other = {"buy": ("buyer", "seller"), "sell": ("seller", "buyer")}.get(did, ("", ""))
    whose = client(row, around)
    sides: Cells = {}
    if mine:
        sides = {
            f"{mine}_id": whose["user_id"],
            f"{mine}_name": whose["user_name"],
            f"{other}_nickname": said(row, "counterPartNickName"),
        }
    return {
        "order_no": said(row, "orderNumber"),
        "created_at": moment(said(row, "createTime")),
        "status": status(said(row, "orderStatus"), _ORDER_STATUS),
        "side": (taker_did or None) if mine else said(row, "tradeType"),
        "asset": asset(said(row, "asset")),
        "quantity": number(said(row, "amount")),
        "fiat": asset(said(row, "fiat")),
        "fiat_amount": money(said(row, "totalPrice")),
        "pay_method": said(row, "payMethodName"),
        **sides,
    }


def _fiat(row: Row, around: Row) -> Cells:
    state = status(said(row, "status"), _FIAT_STATUS)
    return {
        "transfer_no": said(row, "orderNo"),
        "created_at": moment(said(row, "createTime")),
        "completed_at": moment(said(row, "updateTime")) if state == "completed" else None,
        "direction": _FIAT_DIRECTION.get(
            said(row, "transactionType") or said(around, "transactionType") or ""
        ),
        "fiat": asset(said(row, "fiatCurrency")),
        "fiat_amount": money(said(row, "amount", "indicatedAmount")),
        "fiat_fee": money(said(row, "totalFee")),
        "pay_method": said(row, "method"),
        "status": state,
        **client(row, around),
    }


def _transfers(path: Path) -> Iterator[Record]:
    return records(path, _transfer, _is_transfer)


def _orders(path: Path) -> Iterator[Record]:
    return records(path, _order, _is_order)


def _fiats(path: Path) -> Iterator[Record]:
    return records(path, _fiat, _is_fiat)


def _transfers_version(beginning: Beginning) -> str | None:
    for row in told_rows(beginning):
        if _is_transfer(row):
            return _endpoint(row)
    is_nothing = beginning.text.strip("\ufeff \t\r\n").replace(" ", "") == "[]"
    return "no rows" if is_nothing and "sanction" not in beginning.name.lower() else None


def _endpoint(row: Row) -> str:
    kind = _direction(row)
    if not {"trId", "travelRuleStatus", "questionnaire"}.isdisjoint(row) and (
        "withdrawalStatus" in row or "depositStatus" in row or "trId" in row
    ):
        return f"localentity {kind}"
    return f"capital {kind}"


def _orders_version(beginning: Beginning) -> str | None:
    if any(map(_is_order, told_rows(beginning))):
        return "c2c orderMatch"
    return _no_rows(beginning)


def _fiats_version(beginning: Beginning) -> str | None:
    if any(map(_is_fiat, told_rows(beginning))):
        return "fiat orders"
    return _no_rows(beginning)


def _no_rows(beginning: Beginning) -> str | None:
    return "no rows" if is_empty_answer(beginning, "code", "success") else None


FORMATS: tuple[Format, ...] = (
    Format(
        name="binance",
        feed="crypto_transfers",
        says="Binance: deposits and withdrawals, also under the travel rule",
        version=_transfers_version,
        records=_transfers,
        needs=("id", "direction", "asset", "quantity"),
    ),
    Format(
        name="binance",
        feed="p2p_orders",
        says="Binance: C2C orders",
        version=_orders_version,
        records=_orders,
        needs=("order_no", "asset", "quantity", "fiat", "fiat_amount"),
    ),
    Format(
        name="binance",
        feed="fiat_transfers",
        says="Binance: deposits and withdrawals of fiat money",
        version=_fiats_version,
        records=_fiats,
        needs=("transfer_no", "fiat", "fiat_amount"),
    ),
)
