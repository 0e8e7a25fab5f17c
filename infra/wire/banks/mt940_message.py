"""One message MT940 or MT942, and the statement that one or more of them are the pages of."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from mt940 import tags

from infra.wire.banks.mt940_fields import END, Field, canonical, decimal

_BALANCE, _SUM = tags.FinalOpeningBalance().re, tags.SumDebitEntries().re
_FLOOR = re.compile(r"(?P<currency>[A-Z]{3})[ CD]?[0-9,]+")
_BIC_BEFORE = re.compile(r"^([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)/(.+)$")
_IBAN = re.compile(r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$")
_NONE = (0, Decimal(0))


@dataclass(slots=True)
class Message:
    """What stands above and below the entries of one message, and what they come to."""

    line: int
    reference: str
    is_interim: bool
    is_enveloped: bool
    account: str | None = None
    bank: str | None = None
    opening: Field | None = None
    closing: Field | None = None
    currency: str | None = None
    is_ended: bool = False
    entries: int = 0
    found: dict[str, tuple[int, Decimal]] = field(
        default_factory=lambda: {"credit": _NONE, "debit": _NONE}
    )
    declared: dict[str, tuple[int, Decimal] | None] = field(default_factory=dict)

    def add(self, told: Field) -> None:
        """Take in a field that is no entry."""
        if told.tag in ("25", "25P"):
            self._add_account(told.text.strip())
        elif told.tag in ("60F", "60M") and self.opening is None:
            self.opening = told
            self.currency = self.currency or _currency(_BALANCE, told)
        elif told.tag in ("62F", "62M") and self.closing is None:
            self.closing = told
            self.currency = self.currency or _currency(_BALANCE, told)
        elif told.tag == "34F":
            self.is_interim = True
            self.currency = self.currency or _currency(_FLOOR, told)
        elif told.tag in ("90C", "90D"):
            self.declared["credit" if told.tag == "90C" else "debit"] = _sum(told)
            self.currency = self.currency or _currency(_SUM, told)
        elif told.tag.startswith("13"):
            self.is_interim = True
        elif told.tag == END:
            self.is_ended = True

    def _add_account(self, text: str) -> None:
        account, _, bank = text.partition("\n")
        before = _BIC_BEFORE.match(account)
        self.bank, self.account = before.groups() if before else (bank.strip() or None, account)

    def count(self, direction: str | None, amount: Decimal | None) -> None:
        """Add an entry to what the message comes to."""
        self.entries += 1
        if direction is not None and amount is not None:
            number, total = self.found[direction]
            self.found[direction] = (number + 1, total + amount)

    @property
    def is_whole(self) -> bool:
        """It ends as its standard wants: with its closing balance, or as an interim report."""
        if self.is_enveloped and not self.is_ended:
            return False
        if self.is_interim and self.opening is None:
            return self.is_ended or bool(self.declared)
        told = _told(_BALANCE, self.closing) if self.closing else None
        return told is not None and decimal(told["amount"]) is not None

    @property
    def is_reconciled(self) -> bool | None:
        """:90C: and :90D: are number and sum of its entries; null where there is neither."""
        if not self.declared:
            return None
        counted = sum(number for number, _ in self.found.values())
        return counted == self.entries and all(
            self.found[direction] == told for direction, told in self.declared.items()
        )


class Statement:
    """A statement of one or more pages, from its first message to its last."""

    def __init__(self, number: int, page: Message) -> None:
        self.first = page
        self.last = page
        self.last_number = number
        self.is_reconciled = page.is_reconciled
        self.currency = page.currency

    def add(self, number: int, page: Message) -> bool:
        """Take in the next message; false, and nothing is done, where it begins another one."""
        carried, brought = self.last.closing, page.opening
        if page.account != self.first.account or carried is None or brought is None:
            return False
        if (carried.tag, brought.tag) != ("62M", "60M"):
            return False
        verdicts = (
            self.is_reconciled,
            page.is_reconciled,
            None if _balance(carried) == _balance(brought) else False,
        )
        told = [verdict for verdict in verdicts if verdict is not None]
        self.is_reconciled = all(told) if told else None
        self.last, self.last_number = page, number
        return True

    @property
    def cells(self) -> dict[str, str | None]:
        """Cells that its entries have in common."""
        opening, closing = self.first.opening, self.last.closing
        verdict = self.is_reconciled
        return {
            "STATEMENT_ID": self.first.reference or None,
            "ACCOUNT": _account(self.first.account, self.currency),
            "ACCOUNT_BANK": self.first.bank,
            "OPENING_BALANCE": _balance(opening) if opening and opening.tag == "60F" else None,
            "CLOSING_BALANCE": _balance(closing) if closing and closing.tag == "62F" else None,
            "IS_RECONCILED": None if verdict is None else str(verdict).lower(),
        }


def _told(pattern: re.Pattern[str], told: Field) -> re.Match[str] | None:
    """The whole field by the pattern; some banks write a decimal point."""
    text = told.text.strip()
    return pattern.fullmatch(text if "," in text else text.replace(".", ",", 1))


def _currency(pattern: re.Pattern[str], told: Field) -> str | None:
    found = _told(pattern, told)
    return found["currency"].upper() if found else None


def _sum(told: Field) -> tuple[int, Decimal] | None:
    found = _told(_SUM, told)
    total = decimal(found["amount"]) if found else None
    return None if found is None or total is None else (int(found["number"] or 0), total)


def _balance(told: Field) -> str:
    """The amount, negative when it is the holder's debt."""
    found = _told(_BALANCE, told)
    amount = decimal(found["amount"]) if found else None
    if found is None or amount is None:
        return told.text.strip()
    is_owed = found["status"].upper() == "D" and amount
    return f"{'-' if is_owed else ''}{canonical(found['amount'])}"


def _account(written: str | None, currency: str | None) -> str | None:
    """Without the currency that some banks write behind the number."""
    account = (written or "").strip()
    if currency and account.endswith(currency) and not _is_iban(account):
        account = account.removesuffix(currency).rstrip(" /")
    return account or None


def _is_iban(account: str) -> bool:
    if not _IBAN.match(account):
        return False
    return int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97 == 1
