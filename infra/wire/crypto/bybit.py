"""Bybit's interfaces for account data: deposits, withdrawals, P2P orders.

Fields and codes: bybit-exchange.github.io, V5 Asset and P2P. The time of the last change is the
completion of what is completed. A list of P2P orders says who bought and who sold, but not who
published the offer.
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
from infra.wire.crypto.json_values import first_values
from infra.wire.records import Format, Record

_DEPOSIT_STATUS = {
    "1": "pending",
    "2": "pending",
    "3": "completed",
    "4": "failed",
    "10011": "pending",
    "10012": "completed",
}
_INTERNAL_STATUS = {"1": "pending", "2": "completed", "3": "failed"}
_WITHDRAWAL_STATUS = {
    "SUCCESS": "completed",
    "SECURITYCHECK": "pending",
    "PENDING": "pending",
    "BLOCKCHAINCONFIRMED": "pending",
    "MOREINFORMATIONREQUIRED": "pending",
    "CANCELBYUSER": "cancelled",
    "REJECT": "rejected",
    "FAIL": "failed",
}
_ORDER_STATUS = {
    **dict.fromkeys(("5", "10", "20", "60", "90"), "pending"),
    **dict.fromkeys(("30", "100", "110"), "disputed"),
    **dict.fromkeys(("40", "80"), "cancelled"),
    "50": "completed",
    "70": "failed",
}
_SIDE = {"0": "buy", "1": "sell"}
_OPPOSITE = {"buy": "sell", "sell": "buy"}


def _is_withdrawal(row: Row) -> bool:
    return "withdrawId" in row or "withdrawType" in row or "withdrawFee" in row


def _is_internal_deposit(row: Row) -> bool:
    return {"coin", "amount", "createdTime", "status"} <= row.keys() and "chain" not in row


def _is_transfer(row: Row) -> bool:
    return {"coin", "chain", "amount"} <= row.keys() or _is_internal_deposit(row)


def _is_order(row: Row) -> bool:
    return "tokenId" in row and not {"currencyId", "notifyTokenQuantity"}.isdisjoint(row)


def _transfer(row: Row, around: Row) -> Cells:
    told = _withdrawal(row) if _is_withdrawal(row) else _deposit(row)
    return {
        "network": network(said(row, "chain")),
        "address_tag": said(row, "tag"),
        "txid": said(row, "txID"),
        "asset": asset(said(row, "coin")),
        "quantity": number(said(row, "amount")),
        "fee": number(said(row, "withdrawFee", "depositFee", "fee")),
        **told,
        **client(row, around),
    }


def _withdrawal(row: Row) -> Cells:
    state = status(said(row, "status"), _WITHDRAWAL_STATUS)
    return {
        "id": said(row, "withdrawId", "id"),
        "direction": "withdrawal",
        "created_at": moment(said(row, "createTime")),
        "completed_at": moment(said(row, "updateTime")) if state == "completed" else None,
        "status": state,
        "address": said(row, "toAddress"),
        "internal": flag(said(row, "withdrawType"), yes="1", no="0"),
    }


def _deposit(row: Row) -> Cells:
    if _is_internal_deposit(row):
        return {
            "id": said(row, "id", "txID"),
            "direction": "deposit",
            "created_at": moment(said(row, "createdTime")),
            "status": status(said(row, "status"), _INTERNAL_STATUS),
            "own_address": said(row, "address"),
            "internal": "true",
        }
    transaction, position = said(row, "txID"), said(row, "txIndex")
    return {
        "id": said(row, "id") or (transaction and f"{transaction}:{position or 0}"),
        "direction": "deposit"
        if not {"successAt", "depositFee", "depositType"}.isdisjoint(row)
        else None,
        "completed_at": moment(said(row, "successAt")),
        "status": status(said(row, "status"), _DEPOSIT_STATUS),
        "address": said(row, "fromAddress"),
        "own_address": said(row, "toAddress"),
    }


def _order(row: Row, around: Row) -> Cells:
    did = _SIDE.get(said(row, "side") or "")
    state = status(said(row, "status"), _ORDER_STATUS)
    return {
        "order_no": said(row, "id", "orderId"),
        "created_at": moment(said(row, "createDate")),
        "completed_at": moment(said(row, "updateDate")) if state == "completed" else None,
        "status": state,
        "side": _taker_did(row, did),
        "asset": asset(said(row, "tokenId")),
        "quantity": number(said(row, "notifyTokenQuantity", "quantity")),
        "fiat": asset(said(row, "currencyId")),
        "fiat_amount": money(said(row, "amount")),
        "pay_method": said(row, "paymentType"),
        "buyer_name": said(row, "buyerRealName"),
        "seller_name": said(row, "sellerRealName"),
        **_sides(row, around, did),
    }


def _sides(row: Row, around: Row, did: str | None) -> Cells:
    if did is None:
        return {}
    mine, other = ("buyer", "seller") if did == "buy" else ("seller", "buyer")
    return {
        f"{mine}_id": client(row, around)["user_id"],
        f"{mine}_nickname": said(row, "nickName"),
        f"{other}_id": said(row, "targetUserId"),
        f"{other}_nickname": said(row, "targetNickName"),
    }


def _taker_did(row: Row, did: str | None) -> str | None:
    """Only an order asked for by itself says who published the offer."""
    if did is None:
        return said(row, "side")
    maker, user = said(row, "makerUserId"), said(row, "userId")
    if maker is None or user is None:
        return None
    return _OPPOSITE[did] if maker == user else did


def _transfers(path: Path) -> Iterator[Record]:
    return records(path, _transfer, _is_transfer)


def _orders(path: Path) -> Iterator[Record]:
    return records(path, _order, _is_order)


def _transfers_version(beginning: Beginning) -> str | None:
    for row in told_rows(beginning):
        if _is_transfer(row):
            return "withdraw" if _is_withdrawal(row) else "deposit"
    return "no rows" if _is_empty(beginning, "rows") else None


def _orders_version(beginning: Beginning) -> str | None:
    if any(map(_is_order, told_rows(beginning))):
        return "p2p order"
    return "no rows" if _is_empty(beginning, "items") else None


def _is_empty(beginning: Beginning, wrapper: str) -> bool:
    is_bybit = is_empty_answer(beginning) and any(
        not {"retCode", "ret_code"}.isdisjoint(found.value) for found in first_values(beginning)
    )
    return is_bybit and f'"{wrapper}"' in beginning.text


FORMATS: tuple[Format, ...] = (
    Format(
        name="bybit",
        feed="crypto_transfers",
        says="Bybit: deposits and withdrawals",
        version=_transfers_version,
        records=_transfers,
        needs=("id", "direction", "asset", "quantity"),
    ),
    Format(
        name="bybit",
        feed="p2p_orders",
        says="Bybit: P2P orders",
        version=_orders_version,
        records=_orders,
        needs=("order_no", "asset", "quantity", "fiat", "fiat_amount"),
    ),
)
