"""One statement (`Stmt`), report (`Rpt`) or notification (`Ntfctn`): account, balances, totals."""

from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from infra.wire.iso20022 import Node, accounts, amount, bics, decimal, iin, names, numbers, tree

KINDS = ("Stmt", "Rpt", "Ntfctn")

CELLS = (
    "STATEMENT_ID",
    "ACCOUNT",
    "ACCOUNT_BANK",
    "HOLDER_NAME",
    "OPENING_BALANCE",
    "CLOSING_BALANCE",
)
"""What is the same in all records of a statement."""

_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD", "ITBD")
_UNMOVED = Decimal(0)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a statement says of its entries in one direction, or of all; null where it does not."""

    entries: str | None
    total: str | None


class Statement:
    """What stands above the entries, and what the entries read so far come to."""

    def __init__(self, element: etree._Element, place: str) -> None:
        """Read what stands in `element` so far: by the schema, all but entries and remarks."""
        told = _without_entries(element)
        account = told.at("Acct") or Node("Acct", "")
        owner = account.at("Ownr")
        self.place = place
        self.account = next(filter(None, accounts(account)), None)
        self.holder_iin = iin(numbers(owner))
        self.cells = (
            next(filter(None, told.found("Id")), None),
            self.account,
            next(filter(None, bics(account.at("Svcr"))), None),
            next(filter(None, names(owner)), None),
            _balance(told, account, _OPENING),
            _balance(told, account, _CLOSING),
        )
        self.entries = 0
        self._summary = None if _is_one_page_of_several(element, told) else told.at("TxsSummry")
        self._sums = {"CRDT": _UNMOVED, "DBIT": _UNMOVED}
        self._counts = {"CRDT": 0, "DBIT": 0}
        self._is_countable = True
        # Whether there is something to reconcile, and the whole statement is here to do so.
        self.declares_totals = self._summary is not None and any(
            self._summary.found(
                *(f"{of}/{what}" for of in _TOTALS for what in ("NbOfNtries", "Sum")), *_NET
            )
        )

    def add(self, direction: str | None, moved: str | None) -> None:
        """Count one entry."""
        try:
            self._sums[direction or ""] += Decimal(moved or "")
            self._counts[direction or ""] += 1
        except (KeyError, ArithmeticError):
            self._is_countable = False

    def is_reconciled(self) -> bool | None:
        """The declared numbers and sums are those of the entries; null where none is declared."""
        if not self.declares_totals or self._summary is None:
            return None
        if not self._is_countable:
            return False
        if not all(total.is_finite() for total in self._sums.values()):
            return False
        credit, debit = self._sums["CRDT"], self._sums["DBIT"]
        found = {
            "TtlNtries": (self.entries, credit + debit),
            "TtlCdtNtries": (self._counts["CRDT"], credit),
            "TtlDbtNtries": (self._counts["DBIT"], debit),
        }
        declared = ((self._summary.at(name), *what) for name, what in found.items())
        return all(
            _agrees(told, "NbOfNtries", count) and _agrees(told, "Sum", total)
            for told, count, total in declared
            if told is not None
        ) and self._agrees_net(credit - debit)

    def _agrees_net(self, net: Decimal) -> bool:
        summary = self._summary or Node("TxsSummry", "")
        told = next(filter(None, summary.found(*_NET)), None)
        if told is None:
            return True
        sign = summary.found("TtlNtries/TtlNetNtry/CdtDbtInd", "TtlNtries/CdtDbtInd")
        expected = decimal(told)
        if expected is None:
            return False
        if sign and sign[0] == "DBIT":
            expected = -expected
        return expected == net or (not sign and expected == abs(net))


_TOTALS = ("TtlNtries", "TtlCdtNtries", "TtlDbtNtries")
_NET = ("TtlNtries/TtlNetNtry/Amt", "TtlNtries/TtlNetNtryAmt")


def _agrees(told: Node[str], name: str, found: Decimal | int) -> bool:
    declared = next(filter(None, told.found(name)), None)
    return declared is None or decimal(declared) == found


def _without_entries(element: etree._Element) -> Node[str]:
    children = [
        tree(child)
        for child in element
        if not str(child.tag).endswith(("}Ntry", "TtlNtriesPerBkTxCd")) and child.tag != "Ntry"
    ]
    return Node("Stmt", "", None, children)


def _balance(told: Node[str], account: Node[str], kinds: tuple[str, ...]) -> str | None:
    """The balance of the first of these kinds; of several, the last in the account's currency."""
    currency = next(iter(account.found("Ccy")), None)
    for kind in kinds:
        found = [
            balance
            for balance in told.all("Bal")
            if kind in balance.found("Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Cd", "Tp")
            and balance.at("Amt") is not None
        ]
        in_currency = [
            balance
            for balance in found
            if currency is None or _amount_of(balance).currency == currency
        ]
        if found:
            chosen = in_currency or found
            # Of two interim balances the first opens and the last closes the time reported.
            return _signed(chosen[-1] if kind == "ITBD" else chosen[0])
    return None


def _amount_of(balance: Node[str]) -> Node[str]:
    return balance.at("Amt") or Node("Amt", "")


def _signed(balance: Node[str]) -> str | None:
    told = amount(_amount_of(balance).value)
    is_debit = "DBIT" in balance.found("CdtDbtInd")
    number = decimal(told)
    if told is None or number is None or not is_debit or number <= 0:
        return told
    return f"-{told}"


def _is_one_page_of_several(element: etree._Element, told: Node[str]) -> bool:
    """The totals of a statement in several messages cannot be had from one of them."""
    message = element.getparent()
    header = None if message is None else next(message.iterchildren("{*}GrpHdr"), None)
    pages = [told.at(name) for name in ("StmtPgntn", "RptPgntn", "NtfctnPgntn")] + (
        [] if header is None else [tree(header).at("MsgPgntn")]
    )
    return any(
        page is not None
        and (page.found("PgNb") not in ([], ["1"]) or "false" in page.found("LastPgInd"))
        for page in pages
    )
