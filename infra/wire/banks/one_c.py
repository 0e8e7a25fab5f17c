"""Statements in the exchange format of 1C, `1CClientBankExchange`, as Kazakh banks write it.

Lines `key=value`: a header, a section for each account (and often for each day), a section for
each document, and the word `КонецФайла`. Banks differ in the case of keys, in their names
(ИИК or РасчСчет, БИН_ИИН or ИНН), and in whether a document names its amount as Сумма, or as
СуммаПриход and СуммаРасход; Russian files of version 1.0x are read too.

* DIRECTION is what the document itself says (СуммаПриход, СуммаРасход), else which of its sides
  is an account of the file (РасчСчет); a document between two of them is two movements.
* A document of none of the file's accounts is a movement without account or direction, so that
  it is seen; where it says its direction and the file has one account, it is of that.
* A document without Валюта is in the currency of its account: that of a Russian account stands in
  its number, an account of a Kazakh bank without any word of a currency is in tenge.
* IS_RECONCILED compares ВсегоПоступило and ВсегоСписано of all sections of an account with its
  documents.
* A file without КонецФайла is cut off, unless it declares totals of every account: then those
  are the judge, and IS_RECONCILED is false in each movement when something is missing.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from infra.wire.banks.one_c_document import Movement, Section, cells, movements, number
from infra.wire.banks.one_c_parts import ACCOUNT, DOCUMENT, END, HEADER, parts, version
from infra.wire.beginning import Beginning
from infra.wire.errors import Unreadable
from infra.wire.records import Format, Record

_ZERO = Decimal(0)


@dataclass(slots=True)
class _Account:
    """One of the file's own accounts: its sections, and what its documents come to."""

    sections: dict[tuple[str | None, str | None], Section] = field(default_factory=dict)
    found: dict[str | None, Decimal] = field(
        default_factory=lambda: {"credit": _ZERO, "debit": _ZERO}
    )
    movements: int = 0
    is_countable: bool = True

    def add(self, movement: Movement) -> None:
        self.movements += 1
        amount = number(movement.amount)
        if amount is None or movement.direction not in self.found:
            self.is_countable = False
        else:
            self.found[movement.direction] += amount

    @property
    def is_reconciled(self) -> bool | None:
        """Null where no section declares a total."""
        declared = [
            (direction, section.totals[direction])
            for section in self.sections.values()
            for direction in ("credit", "debit")
            if section.totals[direction] is not None
        ]
        if not declared:
            return None
        sums = {direction: _ZERO for direction, _ in declared}
        for direction, told in declared:
            total = number(told)
            if total is None:
                return False
            sums[direction] += total
        return self.is_countable and all(self.found[d] == total for d, total in sums.items())

    def section_of(self, day: str | None) -> Section | None:
        """The section of that day: the shortest that holds it, or the only one there is."""
        sections = list(self.sections.values())
        holding = [section for section in sections if day and section.holds(day)]
        if holding:
            return min(holding, key=lambda section: (section.ends or "", section.begins or ""))
        return sections[0] if len(sections) == 1 else None


def records(path: Path) -> Iterator[Record]:
    """One record a movement; `entry` counts documents.

    The file is read twice, first for its totals; so memory grows with its accounts only.

    Raises:
        Unreadable: in another encoding than declared, cut off, or with sections within sections;
            or an account has totals, but no document at all.
    """
    accounts = _accounts(path)
    own = frozenset(accounts)
    verdicts = {name: account.is_reconciled for name, account in accounts.items()}
    entries = 0
    is_closed = False
    for part in parts(path):
        is_closed = is_closed or part.kind == END
        if part.kind == DOCUMENT:
            entries += 1
            for movement in movements(part.told, own):
                told = cells(movement, part.told, part.title)
                account = accounts.get(movement.account or "")
                section = account.section_of(told["BOOKED_ON"]) if account else None
                told |= _of_statement(section, verdicts.get(movement.account or ""))
                yield Record(entries, f"line {part.line}", told)
    _refuse_cut_off(path, accounts, is_closed=is_closed)


def _of_statement(section: Section | None, verdict: bool | None) -> dict[str, str | None]:
    return {
        "OPENING_BALANCE": section.opening if section else None,
        "CLOSING_BALANCE": section.closing if section else None,
        "IS_RECONCILED": None if verdict is None else str(verdict).lower(),
    }


def _accounts(path: Path) -> dict[str, _Account]:
    """The file's own accounts with what they come to, as far as the file can be read."""
    known: dict[str, _Account] = {}
    while True:
        accounts = {account: _Account() for account in known}
        with suppress(Unreadable):  # it is raised where the records before have been given
            _read_through(path, accounts)
        if accounts.keys() == known.keys():
            return accounts
        known = accounts


def _read_through(path: Path, accounts: dict[str, _Account]) -> None:
    for part in parts(path):
        if part.kind in (HEADER, ACCOUNT):
            section = Section.of(part.told)
            for own in section.accounts:
                account = accounts.setdefault(own, _Account())
                if part.kind == ACCOUNT:
                    account.sections.setdefault((section.begins, section.ends), section)
        elif part.kind == DOCUMENT:
            for movement in movements(part.told, accounts.keys()):
                if movement.account in accounts:
                    accounts[movement.account].add(movement)


def _refuse_cut_off(path: Path, accounts: Mapping[str, _Account], *, is_closed: bool) -> None:
    verdicts = [account.is_reconciled for account in accounts.values()]
    if not is_closed and (not verdicts or None in verdicts):
        raise Unreadable(
            f"{path.name} is cut off: it ends without КонецФайла. Nothing of it was taken. Ask the "
            f"sender for the whole file."
        )
    bare = [one for one in accounts.values() if one.is_reconciled is False and not one.movements]
    if bare:
        raise Unreadable(
            f"{path.name} is not whole: {len(bare)} of its {len(accounts)} accounts declare "
            f"totals, but have no document. Nothing of it was taken. Ask the sender for the whole "
            f"file."
        )


def _version(beginning: Beginning) -> str | None:
    return version(beginning.head)


FORMATS = (
    Format(
        name="1c",
        feed="account_movements",
        says="1CClientBankExchange, statement of accounts for 1C",
        version=_version,
        records=records,
        needs=("ACCOUNT", "DIRECTION", "AMOUNT", "CURRENCY", "BOOKED_ON"),
    ),
)
