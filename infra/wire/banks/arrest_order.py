"""An arrest order as a message to the bank: auth.001.001.01 under a header head.001.001.01.

ISO 20022 asks for information (InformationRequestOpening); an arrest is asked for by the same
message, by agreement, as the supplementary data below say. One message is about one card. The
standard has a place for the order's number (`InvstgtnId`), the account, its holder and its bank;
the rest stands in `ArrstOrdr`:

    CaseNb      register number of the case (ERDR)
    OrdrDt      day on which the order was sanctioned
    CardTkn     the bank's token for the card
    Rgn         region of the case, KATO
    Agcy        who asked

`auth001` beside it reads such a message back, `auth002` the bank's answer to it.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import partial

from lxml import etree

HEADER = "urn:iso:std:iso:20022:tech:xsd:head.001.001.01"
REQUEST = "urn:iso:std:iso:20022:tech:xsd:auth.001.001.01"
ARREST = "urn:aqsha-izi:arrest:1"
ASKS_FOR = "aqsha.arrest.1"
"""What an arrest order asks for, where a request for information names a message."""

_LEGAL_BASIS = "CPC RK, art. 161, 163"
_LONGEST = 35  # Max35Text
_BIC = re.compile(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[a-zA-Z0-9]{1,30}")


def _made(namespace: str, name: str, *inside: etree._Element | str) -> etree._Element:
    element = etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace})  # type: ignore[dict-item]  # the stubs know no default namespace
    for one in inside:
        if isinstance(one, str):
            element.text = one
        else:
            element.append(one)
    return element


_head = partial(_made, HEADER)
_auth = partial(_made, REQUEST)
_arrest = partial(_made, ARREST)


Order = Mapping[str, str | date | None]
"""Staged columns of a row of `card_arrest_orders`, by name."""


class NotAnOrder(ValueError):
    """The row lacks what a message must say; the message names columns, never their values."""


def message(order: Order, sender: str, made_at: datetime) -> bytes:
    """The message for one row of `card_arrest_orders`.

    The same row gives the same identifier (`BizMsgIdr`) each time, so that a bank that gets it
    twice can tell; a corrected row gives another, so that it is not taken for a copy.

    Args:
        order: the row.
        sender: who orders, as the channel knows it.
        made_at: when the message is made.

    Returns:
        XML, UTF-8: `BizMsg` with `AppHdr` and `Document`, each valid by its schema; a channel
        may put both into an envelope of its own.

    Raises:
        NotAnOrder: a column is empty, or its value does not fit the standard.
    """
    told = {name: _text(order, name) for name in _COLUMNS}
    _require("bank_bic", _BIC.fullmatch(told["bank_bic"]))
    _require("account_iban", _IBAN.fullmatch(told["account_iban"]))
    _require("the sender", 0 < len(sender) <= _LONGEST and sender.isprintable())
    envelope = etree.Element("BizMsg")
    envelope.append(_header(told, sender, made_at))
    envelope.append(_request(told))
    return etree.tostring(envelope, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def file_name(order: Order) -> str:
    """A name of its own for each card of each order, with nothing of a person in it."""
    told = {name: _text(order, name) for name in _COLUMNS}
    number = re.sub(r"[^A-Za-z0-9]+", "-", told["order_id"]).strip("-")
    return f"{told['bank_bic']}_{number}_{_digest(told, _KEY)}.xml"


_COLUMNS = (
    *("order_id", "case_no", "ordered_on", "bank_bic", "card_token"),
    *("account_iban", "holder_iin", "region_code", "agency_code"),
)
_KEY = ("order_id", "bank_bic", "card_token")


def _header(told: Mapping[str, str], sender: str, made_at: datetime) -> etree._Element:
    return _head(
        "AppHdr",
        _head("CharSet", "UTF-8"),
        _head(
            "Fr", _head("OrgId", _head("Id", _head("OrgId", _head("Othr", _head("Id", sender)))))
        ),
        _head("To", _head("FIId", _head("FinInstnId", _head("BICFI", told["bank_bic"])))),
        _head("BizMsgIdr", _digest(told, _COLUMNS)),
        _head("MsgDefIdr", "auth.001.001.01"),
        _head("CreDt", f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"),
    )


def _digest(told: Mapping[str, str], columns: Iterable[str]) -> str:
    said = "\n".join(told[column] for column in columns)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _request(told: Mapping[str, str]) -> etree._Element:
    iin = _auth("Othr", _auth("Id", told["holder_iin"]), _auth("SchmeNm", _auth("Prtry", "IIN")))
    account = _auth(
        "Id",
        _auth("Id", _auth("IBAN", told["account_iban"])),
        _auth("Ownr", _auth("Id", _auth("PrvtId", iin))),
        _auth("Svcr", _auth("FinInstnId", _auth("BICFI", told["bank_bic"]))),
    )
    asked = _auth(
        "AuthrtyReqTp", _auth("MsgNmId", ASKS_FOR), _auth("MsgNm", "Arrest of a card's account")
    )
    order = _arrest(
        "ArrstOrdr",
        _arrest("CaseNb", told["case_no"]),
        _arrest("OrdrDt", told["ordered_on"]),
        _arrest("CardTkn", told["card_token"]),
        _arrest("Rgn", told["region_code"]),
        _arrest("Agcy", told["agency_code"]),
    )
    day = told["ordered_on"]
    return _auth(
        "Document",
        _auth(
            "InfReqOpng",
            _auth("InvstgtnId", told["order_id"]),
            _auth("LglMndtBsis", _auth("Prgrph", _LEGAL_BASIS)),
            _auth("CnfdtltySts", "true"),
            _auth("InvstgtnPrd", _auth("Dt", _auth("FrDt", day), _auth("ToDt", day))),
            _auth(
                "SchCrit",
                _auth("Acct", account, _auth("InvstgtdPties", _auth("Cd", "OWNE")), asked),
            ),
            _auth("SplmtryData", _auth("Envlp", order)),
        ),
    )


def _text(order: Order, column: str) -> str:
    value = order.get(column)
    text = value.isoformat() if isinstance(value, date) else value or ""
    # A reader drops blanks at the ends, and XML takes no control characters.
    _require(column, text and text == text.strip() and text.isprintable())
    _require(column, len(text) <= _LONGEST)
    return text


def _require(column: str, is_right: object) -> None:
    if not is_right:
        raise NotAnOrder(
            f"{column} is empty or does not fit auth.001: no message was made. Correct the order "
            f"in the register."
        )
