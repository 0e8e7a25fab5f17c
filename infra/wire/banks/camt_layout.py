"""Where in an entry of one shape the parts of its payments stand.

A shape is the names of all elements below the entry, in order, with their depth and currency.
Places are positions in a list: 0 is null, then the texts of the elements that are used; -1 is
the first choice of several that may say the same, -2 the second, and so on.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from infra.wire.iso20022 import Node, accounts, bics, exchange_rate, names, numbers, remittance

Element = tuple[int, str, str | None]
Shape = tuple[Element, ...]
Numbers = tuple[tuple[int, tuple[int, ...]], ...]


class Side(NamedTuple):
    """Where debtor or creditor stand."""

    name: int
    account: int
    bank: int
    numbers: Numbers
    ultimate_name: int
    ultimate_numbers: Numbers


class Payment(NamedTuple):
    """Where the parts of one payment stand; currencies are those of the shape itself."""

    place: str
    transaction_id: int
    end_to_end_id: int
    uetr: int
    direction: int
    amount: int
    currency: str | None
    bank_code: tuple[int, ...]
    debtor: Side
    creditor: Side
    purpose_code: int
    purpose: tuple[int, ...]
    further: tuple[int, ...]
    instructed: int
    instructed_currency: str | None
    rate: int
    batch: tuple[int, ...]
    reason: int


class Layout:
    """Places of all that is told. `used` are elements by their number in the shape, in order."""

    def __init__(self, shape: Shape, *, is_part: bool = False) -> None:
        """Find all places; a part of an entry never holds its only payment."""
        entry = _skeleton(shape)
        self.is_part = is_part
        self._position: dict[int, int] = {}
        self._work_out(entry)
        self.used = tuple(sorted(self._position))
        self._position = {element: n for n, element in enumerate(self.used, start=1)}
        self._work_out(entry)

    def _work_out(self, entry: Node[int]) -> None:
        self.choices: list[tuple[int, ...]] = []
        self.entry_id = self._of(entry.found("AcctSvcrRef", "NtryRef"))
        self.amount = self._of(entry.found("Amt"))
        self.direction = self._of(entry.found("CdtDbtInd"))
        self.reversal = self._of(entry.found("RvslInd"))
        self.status = self._of(entry.found("Sts/Cd", "Sts/Prtry", "Sts"))
        self.booked = self._of(entry.found("BookgDt/DtTm", "BookgDt/Dt"))
        self.valued = self._of(entry.found("ValDt/Dt", "ValDt/DtTm"))
        self.payments = tuple(self._payment(*found) for found in _payments(entry, self.is_part))

    def _of(self, elements: Sequence[int]) -> int:
        positions = tuple(self._at(element) for element in dict.fromkeys(elements))
        if len(positions) < 2:
            return positions[0] if positions else 0
        self.choices.append(positions)
        return -len(self.choices)

    def _at(self, element: int) -> int:
        return self._position.setdefault(element, len(self._position) + 1)

    def _numbers(self, party: Node[int] | None) -> Numbers:
        return tuple(
            (self._at(number), tuple(self._at(scheme) for scheme in schemes))
            for number, schemes in numbers(party)
        )

    def _side(self, role: str, parties: Node[int] | None, agents: Node[int] | None) -> Side:
        party = parties.at(role) if parties else None
        ultimate = parties.at(f"Ultmt{role}") if parties else None
        account = parties.at(f"{role}Acct") if parties else None
        bank = agents.at(f"{role}Agt") if agents else None
        agent = party.at("Agt") if party else None
        return Side(
            name=self._of(names(party)),
            account=self._of(accounts(account)),
            bank=self._of([*bics(bank), *bics(agent)]),
            numbers=self._numbers(party),
            ultimate_name=self._of(names(ultimate)),
            ultimate_numbers=self._numbers(ultimate),
        )

    def _payment(
        self,
        entry: Node[int],
        details: Node[int],
        payment: Node[int] | None,
        is_alone: bool,
        place: str,
    ) -> Payment:
        told = payment or Node("TxDtls", -1)
        moved = _moved(entry, told, is_alone)
        parties, agents = told.at("RltdPties"), told.at("RltdAgts")
        instructed = told.at("AmtDtls/InstdAmt")
        if instructed is None and is_alone:
            instructed = entry.at("AmtDtls/InstdAmt")
        instructed_amount = instructed.at("Amt") if instructed else None
        code = told.at("BkTxCd/Domn") or told.at("BkTxCd/Prtry")
        code = code or entry.at("BkTxCd/Domn") or entry.at("BkTxCd/Prtry")
        further = told.found("AddtlTxInf")
        if is_alone:
            further += [told.value for told in entry.all("AddtlNtryInf")]
        direction = [] if is_alone else told.found("CdtDbtInd")
        return Payment(
            place=place,
            transaction_id=self._of(told.found("Refs/TxId", "Refs/AcctSvcrRef", "Refs/ClrSysRef")),
            end_to_end_id=self._of(told.found("Refs/EndToEndId")),
            uetr=self._of(told.found("Refs/UETR")),
            direction=self._of(direction),
            amount=self._at(moved.value) if moved else 0,
            currency=moved.currency if moved else None,
            bank_code=tuple(
                self._at(value)
                for value in (code.found("Cd", "Fmly/Cd", "Fmly/SubFmlyCd") if code else ())
            ),
            debtor=self._side("Dbtr", parties, agents),
            creditor=self._side("Cdtr", parties, agents),
            purpose_code=self._of(told.found("Purp/Prtry", "Purp/Cd")),
            purpose=tuple(self._at(value) for value in remittance(told)),
            further=tuple(self._at(value) for value in further),
            instructed=self._at(instructed_amount.value) if instructed_amount else 0,
            instructed_currency=instructed_amount.currency if instructed_amount else None,
            rate=self._of(_rates(told) or (_rates(entry) if is_alone else [])),
            batch=tuple(self._at(value) for value in _batch(entry, details, is_alone)),
            reason=self._of(told.found("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/AddtlInf")),
        )


def _skeleton(shape: Shape) -> Node[int]:
    entry = Node("Ntry", -1)
    above = [entry]
    for number, (depth, name, currency) in enumerate(shape):
        node = Node(name, number, currency)
        del above[depth + 1 :]
        above[depth].children.append(node)
        above.append(node)
    return entry


def _payments(
    entry: Node[int], is_part: bool
) -> Iterator[tuple[Node[int], Node[int], Node[int] | None, bool, str]]:
    # In the first version payments stood directly below the entry.
    blocks = [("", entry)]
    blocks += [(f"/NtryDtls[{n}]", block) for n, block in enumerate(entry.all("NtryDtls"), start=1)]
    found = [
        (block, payment, f"{place}/TxDtls[{n}]")
        for place, block in blocks
        for n, payment in enumerate(block.all("TxDtls"), start=1)
    ]
    if not found:
        yield entry, Node("NtryDtls", -1), None, True, ""
    for block, payment, place in found:
        yield entry, block, payment, len(found) == 1 and not is_part, place


def _moved(entry: Node[int], payment: Node[int], is_alone: bool) -> Node[int] | None:
    whole = entry.at("Amt")
    if is_alone:
        return whole
    places = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt")
    own = [told for told in map(payment.at, places) if told is not None]
    same = [told for told in own if whole is not None and told.currency == whole.currency]
    return next(iter(same or own), None)


def _rates(told: Node[int]) -> list[int]:
    kinds = ("InstdAmt", "TxAmt", "CntrValAmt", "AnncdPstngAmt")
    return exchange_rate(*(told.at(f"AmtDtls/{kind}") for kind in kinds))


def _batch(entry: Node[int], details: Node[int], is_alone: bool) -> list[int]:
    if not is_alone:
        return []
    blocks = [details] if details.children else [entry, *entry.all("NtryDtls")]
    return [value for block in blocks for value in block.found("Btch/NbOfTxs")]
