"""Credit transfers between banks: pacs.008 of every version, alone or in an envelope.

The file is read twice: the totals that a message declares (`NbOfTxs`, `CtrlSum`,
`TtlIntrBkSttlmAmt`) stand before its payments and are held against all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path

from lxml import etree

from infra.wire.banks.purpose import purpose_codes
from infra.wire.errors import Unreadable
from infra.wire.iso20022 import (
    Node,
    accounts,
    amount,
    bics,
    decimal,
    iin,
    local,
    message_version,
    moment,
    names,
    numbers,
    remittance,
    tree,
    xpath,
)
from infra.wire.records import Format, Record
from infra.wire.safe_xml import ended

_ROOT = "FIToFICstmrCdtTrf"
_HEADER, _PAYMENT = "GrpHdr", "CdtTrfTxInf"
_UNMOVED = Decimal(0)


@dataclass(slots=True)
class _Message:
    """A header, and what its payments come to."""

    header: Node[str]
    place: str
    payments: int = 0
    total: Decimal | None = _UNMOVED
    currencies: set[str | None] = field(default_factory=set)

    def add(self, settled: Node[str] | None) -> None:
        number = decimal(settled.value) if settled else None
        self.payments += 1
        self.total = None if self.total is None or number is None else self.total + number
        self.currencies.add(settled.currency if settled else None)

    def is_reconciled(self) -> bool | None:
        declared: list[tuple[str, Decimal | None]] = [
            (number, Decimal(self.payments)) for number in self.header.found("NbOfTxs") if number
        ]
        declared += [(number, self.total) for number in self.header.found("CtrlSum") if number]
        sums = self.header.all("TtlIntrBkSttlmAmt")
        # A sum in one currency says nothing of payments in others.
        declared += [(it.value, self.total) for it in sums if self.currencies <= {it.currency}]
        if not declared:
            return None
        return all(decimal(number) == found is not None for number, found in declared)


def records(path: Path) -> Iterator[Record]:
    """Every credit transfer, in order.

    Raises:
        Unreadable: the file cannot be read on; of the message that broke off it is not known
            whether its totals are right.
    """
    reconciled = _verdicts(path)
    for entry, (message, element) in enumerate(_payments(path), start=1):
        place = f"{message.place}/{_PAYMENT}[{message.payments}]"
        cells = _cells(tree(element), message.header)
        yield Record(entry, place, {**cells, "IS_RECONCILED": reconciled.get(message.place)})


def _verdicts(path: Path) -> dict[str, str]:
    """true or false for each whole message that declares totals, by its place."""
    found: dict[str, _Message] = {}
    last = None
    try:
        for message, _ in _payments(path):
            found[message.place] = message
            last = message.place
        last = None
    except Unreadable:
        pass  # raised again where the records are given, after those before the damage
    verdicts = {at: it.is_reconciled() for at, it in found.items() if at != last}
    return {at: str(verdict).lower() for at, verdict in verdicts.items() if verdict is not None}


def _payments(path: Path) -> Iterator[tuple[_Message, etree._Element]]:
    """Each payment with its message, in which it is counted already."""
    message = _Message(Node(_HEADER, ""), "")
    done: etree._Element | None = None
    for element in ended(path, _HEADER, _PAYMENT):
        above = element.getparent()
        if above is None or not _is_message(above):
            continue
        if local(str(element.tag)) == _HEADER:
            message = _Message(tree(element), xpath(above))
            continue
        message.add(_first(element, "IntrBkSttlmAmt"))
        yield message, element
        # libxml2 may still hold the element that ended last, so the one before is removed.
        element.clear()
        parent = None if done is None else done.getparent()
        if parent is not None and done is not None:
            parent.remove(done)
        done = element


def _is_message(element: etree._Element) -> bool:
    return local(str(element.tag)).startswith((_ROOT, "pacs.008"))


def _first(element: etree._Element, name: str) -> Node[str] | None:
    found = next(element.iterchildren(f"{{*}}{name}"), None)
    return None if found is None else tree(found)


def _cells(payment: Node[str], header: Node[str]) -> dict[str, str | None]:
    settled, instructed = payment.at("IntrBkSttlmAmt"), payment.at("InstdAmt")
    days = payment.found("IntrBkSttlmDt") + header.found("IntrBkSttlmDt")
    purpose = " ".join(filter(None, remittance(payment))) or None
    knp, kbe, _ = purpose_codes(_told(payment.found("Purp/Prtry", "Purp/Cd")), purpose)
    reference = _told(payment.found("PmtId/EndToEndId"))
    return {
        "MESSAGE_ID": _told(header.found("MsgId")),
        "PAYMENT_ID": _told(payment.found("PmtId/TxId", "PmtId/EndToEndId")),
        "END_TO_END_ID": None if reference == "NOTPROVIDED" else reference,
        "UETR": _told(payment.found("PmtId/UETR")),
        "SETTLED_ON": moment(_told(days))[0],
        "AMOUNT": amount(settled.value) if settled else None,
        "CURRENCY": settled.currency if settled else None,
        "INSTRUCTED_AMOUNT": amount(instructed.value) if instructed else None,
        "INSTRUCTED_CURRENCY": instructed.currency if instructed else None,
        "EXCHANGE_RATE": _told(payment.found("XchgRate")),
        **_side(payment, "Dbtr", "PAYER"),
        **_side(payment, "Cdtr", "PAYEE"),
        "KNP": knp,
        "KBE": kbe,
        "PURPOSE": purpose,
    }


def _side(payment: Node[str], role: str, who: str) -> dict[str, str | None]:
    party, actual = payment.at(role), payment.at(f"Ultmt{role}")
    return {
        f"{who}_ACCOUNT": _told(accounts(payment.at(f"{role}Acct"))),
        f"{who}_NAME": _told(names(party)),
        f"{who}_IIN": iin(numbers(party)),
        f"{who}_BANK": _told(bics(payment.at(f"{role}Agt"))),
        f"ACTUAL_{who}_NAME": _told(names(actual)),
        f"ACTUAL_{who}_IIN": iin(numbers(actual)),
    }


def _told(values: list[str]) -> str | None:
    return next(filter(None, values), None)


FORMATS: tuple[Format, ...] = (
    Format(
        name="pacs.008",
        feed="interbank_payments",
        says="ISO 20022 credit transfer between banks",
        version=partial(message_version, root=_ROOT, name="pacs.008"),
        records=records,
        needs=("AMOUNT", "CURRENCY"),
    ),
)
