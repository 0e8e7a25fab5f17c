"""What the interfaces of exchanges have in common: wrappers, clients, times, amounts, networks."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from infra.wire.beginning import Beginning
from infra.wire.crypto.json_values import Value, first_values, plain, values
from infra.wire.errors import Unreadable
from infra.wire.records import Record

Row = Mapping[str, Any]
Cells = dict[str, str | None]

_WELL = {"0", "000000", "200", "SUCCESS", ""}
_CODES = ("retCode", "ret_code", "code")
_SAYS = ("retMsg", "ret_msg", "msg", "message")

_NUMBER = re.compile(r"[+-]?\d{1,60}(\.\d{1,60})?([eE][+-]?\d{1,3})?")
_UTC = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?")
_DIGITS_TO_SECONDS = {10: 1, 13: 1_000, 16: 1_000_000}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_NETWORKS = {
    "bitcoin": ("BTC", "BITCOIN", "SEGWITBTC", "BTC-SEGWIT", "BTCSEGWIT"),
    "ethereum": ("ETH", "ETHEREUM", "ERC20", "ERC-20"),
    "tron": ("TRX", "TRON", "TRC20", "TRC-20"),
}
_CODE_OF_NETWORK = {name: code for code, names in _NETWORKS.items() for name in names}

_USER_ID = ("userId", "user_id", "uid", "accountId", "memberId", "subMemberId", "subAccountId")
_USER_NAME = ("userName", "realName", "nickName", "email")
_USER_IIN = ("iin", "userIin", "user_iin")


def records(
    path: Path, cells: Callable[[Row, Row], Cells], is_row: Callable[[Row], bool]
) -> Iterator[Record]:
    """One record a row, whatever wraps them; a row of another kind is a record of what it has.

    Raises:
        Unreadable: no JSON, or an answer that tells of an error instead of rows.
    """
    entry = 0
    for found in values(path):
        row = found.value if isinstance(found.value, dict) else {}
        if found.is_wrapper or (not is_row(row) and _is_answer(row)):
            _refuse_error(found, path)
            continue
        entry += 1
        yield Record(entry, found.place, cells(row, found.around))


def _is_answer(row: Row) -> bool:
    return any(name in row for name in _CODES) and any(name in row for name in _SAYS)


def _refuse_error(found: Value, path: Path) -> None:
    code = next((str(found.value[name]) for name in _CODES if name in found.value), "")
    if code.upper() not in _WELL or found.value.get("success") == "false":
        raise Unreadable(
            f"{path.name}{f', {found.place},' if found.place else ''} is an answer that says of "
            f"itself that it failed, with code {code[:20] or '“”'}. Rows may be missing. Ask the "
            f"sender to fetch it again."
        )


def told_rows(beginning: Beginning) -> list[Row]:
    """Rows in a file's head."""
    return [
        found.value
        for found in first_values(beginning)
        if isinstance(found.value, dict) and not found.is_wrapper
    ]


def is_empty_answer(beginning: Beginning, *names: str) -> bool:
    """A whole answer without rows, whose wrapper has all these names."""
    found = first_values(beginning)
    return bool(found) and all(
        one.is_wrapper and all(name in one.value for name in names) for one in found
    )


def said(row: Row, *names: str) -> str | None:
    """The first of these cells that says something."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def client(row: Row, around: Row) -> Cells:
    """Whose account it is, as the row or else its wrapper says."""

    def of(names: tuple[str, ...]) -> str | None:
        return said(row, *names) or said(around, *names)

    return {"user_iin": of(_USER_IIN), "user_id": of(_USER_ID), "user_name": of(_USER_NAME)}


def moment(told: str | None) -> str | None:
    """Epoch seconds, milli- or microseconds, or UTC without saying so; 0 is not told."""
    if told is None or told.strip("0") == "":
        return None
    if told.isascii() and told.isdigit() and len(told) in _DIGITS_TO_SECONDS:
        micros = int(told) * 1_000_000 // _DIGITS_TO_SECONDS[len(told)]
        return (_EPOCH + timedelta(microseconds=micros)).isoformat()
    if _UTC.fullmatch(told):
        return told.replace(" ", "T") + "+00:00"
    return told


def number(told: str | None) -> str | None:
    """A number in plain notation; anything else as written."""
    if told is None or not _NUMBER.fullmatch(told):
        return told
    try:
        return plain(Decimal(told))
    except InvalidOperation:
        return told


def money(told: str | None) -> str | None:
    """An amount of a currency with two decimals where no more are needed."""
    exact = number(told)
    if exact is None or "." not in exact:
        return exact
    whole, _, decimals = exact.partition(".")
    kept = decimals.rstrip("0")
    return f"{whole}.{kept.ljust(2, '0')}"


def network(told: str | None) -> str | None:
    """Our code of a network, else its name in lower case."""
    return None if told is None else _CODE_OF_NETWORK.get(told.upper(), told.lower())


def asset(told: str | None) -> str | None:
    """Code of an asset in capital letters."""
    return None if told is None else told.upper()


def status(told: str | None, words: Mapping[str, str]) -> str | None:
    """Our word for a status, else as the exchange writes it."""
    return None if told is None else words.get(told.upper(), told)


def flag(told: str | None, yes: str, no: str) -> str | None:
    """true or false for the codes that mean it; others are not known."""
    return {yes: "true", no: "false"}.get(told or "")
