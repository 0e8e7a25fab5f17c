"""One entry (`Ntry`) of a statement → its records, one a payment.

Entries of one bank have few shapes. What a shape's cells are made of is worked out once for each
shape, as positions in the list of its texts; an entry then costs a few look-ups. A shape is the
names of all elements below the entry, in order, with their depth and currency.

- An entry with `TxDtls` gives a record for each; one without gives a single record, which carries
  `Btch/NbOfTxs` as BATCH_PAYMENTS; so does an entry that itemises one payment of a larger batch.
- A payment that stands alone in its entry carries the entry's amount and direction: that is what
  moved on the account. Of several payments each has its own amount, the first of `Amt`, `TxAmt`
  and `CntrValAmt` that is in the entry's currency, else the first of them. It has none where
  the bank tells none.
- The direction of a reversal is what `CdtDbtInd` says: a reversed debit is a credit.
- The other side of a credit is the debtor, of a debit the creditor; the other way round where the
  statement's own account is that party's. (In returns and reversals parties keep the roles that
  they had in the first payment.)
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from infra.wire.camt_statement import Statement
from infra.wire.iso20022 import (
    Node,
    accounts,
    amount,
    bics,
    exchange_rate,
    iin,
    local,
    moment,
    names,
    numbers,
    remittance,
)
from infra.wire.purpose import purpose_codes

CELLS = (
    "ENTRY_ID",
    "TRANSACTION_ID",
    "END_TO_END_ID",
    "UETR",
    "HOLDER_IIN",
    "DIRECTION",
    "AMOUNT",
    "CURRENCY",
    "BOOKED_ON",
    "BOOKED_AT",
    "VALUE_ON",
    "STATUS",
    "IS_REVERSAL",
    "BANK_CODE",
    "COUNTERPARTY_ACCOUNT",
    "COUNTERPARTY_NAME",
    "COUNTERPARTY_IIN",
    "COUNTERPARTY_BANK",
    "COUNTERPARTY_ULTIMATE_NAME",
    "COUNTERPARTY_ULTIMATE_IIN",
    "HOLDER_ULTIMATE_NAME",
    "HOLDER_ULTIMATE_IIN",
    "KNP",
    "KBE",
    "PURPOSE",
    "MASKED_CARD",
    "INSTRUCTED_AMOUNT",
    "INSTRUCTED_CURRENCY",
    "EXCHANGE_RATE",
    "BATCH_PAYMENTS",
    "RETURN_REASON",
)
"""What `records` gives of a payment, in order."""

Element = tuple[int, str, str | None]
Shape = tuple[Element, ...]
Texts = Sequence[str | None]
Cells = tuple[str | None, ...]

_DIRECTIONS: dict[str | None, str | None] = {"CRDT": "credit", "DBIT": "debit"}
# A future entry (FUTR, since version 8) is not booked yet, as a pending one.
_STATUSES: dict[str | None, str | None] = {
    "BOOK": "booked",
    "PDNG": "pending",
    "INFO": "information",
    "FUTR": "pending",
}
_NOT_PROVIDED = "NOTPROVIDED"


class _Side(NamedTuple):
    """Where debtor or creditor stand; 0 is nowhere."""

    name: int
    account: int
    bank: int
    numbers: tuple[tuple[int, tuple[int, ...]], ...]
    ultimate_name: int
    ultimate_numbers: tuple[tuple[int, tuple[int, ...]], ...]


class _Payment(NamedTuple):
    place: str
    transaction_id: int
    end_to_end_id: int
    uetr: int
    direction: int
    amount: int
    currency: str | None
    bank_code: tuple[int, ...]
    debtor: _Side
    creditor: _Side
    purpose_code: int
    purpose: tuple[int, ...]
    further: tuple[int, ...]
    instructed: int
    instructed_currency: str | None
    rate: int
    batch: tuple[int, ...]
    reason: int


class Plan:
    """What the cells of entries of one shape are made of.

    `used` are the elements whose texts are needed, by their number in the shape.
    """

    def __init__(self, shape: Shape, *, is_part: bool = False) -> None:
        """Work out the plan; a part of an entry never holds its only payment."""
        entry = _skeleton(shape)
        self._is_part = is_part
        self._position: dict[int, int] = {}
        self._work_out(entry)
        self.used = tuple(sorted(self._position))
        self._position = {element: n for n, element in enumerate(self.used, start=1)}
        self._work_out(entry)

    def _work_out(self, entry: Node[int]) -> None:
        self._choices: list[tuple[int, ...]] = []
        self._entry_id = self._of(entry.found("AcctSvcrRef", "NtryRef"))
        self._amount = self._of(entry.found("Amt"))
        self._direction = self._of(entry.found("CdtDbtInd"))
        self._reversal = self._of(entry.found("RvslInd"))
        self._status = self._of(entry.found("Sts/Cd", "Sts/Prtry", "Sts"))
        self._booked = self._of(entry.found("BookgDt/DtTm", "BookgDt/Dt"))
        self._valued = self._of(entry.found("ValDt/Dt", "ValDt/DtTm"))
        self._payments = tuple(self._payment(*found) for found in _payments(entry, self._is_part))

    def records(self, texts: Sequence[str], statement: Statement) -> list[Cells]:
        """Place below the entry, and `CELLS`, of each payment; what is not told may be "".

        The entry is counted for the statement's totals.

        Args:
            texts: of the elements that are `used`.
            statement: to which the entry belongs.
        """
        # 0 is null, then the texts; -1 is the first choice of several, -2 the second, …
        told: list[str | None] = [None, *map(str.strip, texts)]
        chosen = [told[choice[0]] or _first(told, choice) for choice in self._choices]
        told += reversed(chosen)
        entry_direction = told[self._direction]
        if statement.declares_totals and not self._is_part:
            statement.add(entry_direction, told[self._amount])
        own_account = statement.account
        booked_on, booked_at = moment(told[self._booked])
        valued_on, _ = moment(told[self._valued])
        status = told[self._status]
        found: list[Cells] = []
        for payment in self._payments:
            direction = told[payment.direction] or entry_direction
            other, own = payment.debtor, payment.creditor
            if direction != "CRDT":
                other, own = own, other
            if own_account and told[other.account] == own_account != told[own.account]:
                other, own = own, other
            purpose = _joined(told, payment.purpose)
            further = _joined(told, payment.further) if payment.further else None
            knp, kbe, card = purpose_codes(told[payment.purpose_code], purpose, further)
            reference = told[payment.end_to_end_id]
            is_told_own = own.numbers and own_account and told[own.account] == own_account
            found.append(
                (
                    payment.place,
                    told[self._entry_id],
                    told[payment.transaction_id],
                    None if reference == _NOT_PROVIDED else reference,
                    told[payment.uetr],
                    statement.holder_iin or (_iin(told, own.numbers) if is_told_own else None),
                    _DIRECTIONS.get(direction, direction),
                    amount(told[payment.amount]),
                    payment.currency,
                    booked_on,
                    booked_at,
                    valued_on,
                    _STATUSES.get(status, status),
                    told[self._reversal],
                    _bank_code(told, payment.bank_code),
                    told[other.account],
                    told[other.name],
                    _iin(told, other.numbers) if other.numbers else None,
                    told[other.bank],
                    told[other.ultimate_name],
                    _iin(told, other.ultimate_numbers) if other.ultimate_numbers else None,
                    told[own.ultimate_name],
                    _iin(told, own.ultimate_numbers) if own.ultimate_numbers else None,
                    knp,
                    kbe,
                    purpose or further,
                    card,
                    amount(told[payment.instructed]) if payment.instructed else None,
                    payment.instructed_currency,
                    told[payment.rate],
                    _sum(told, payment.batch) if payment.batch else None,
                    told[payment.reason],
                )
            )
        return found

    def _of(self, elements: Sequence[int]) -> int:
        positions = tuple(self._at(element) for element in dict.fromkeys(elements))
        if len(positions) < 2:
            return positions[0] if positions else 0
        self._choices.append(positions)
        return -len(self._choices)

    def _at(self, element: int) -> int:
        return self._position.setdefault(element, len(self._position) + 1)

    def _numbers(self, party: Node[int] | None) -> tuple[tuple[int, tuple[int, ...]], ...]:
        return tuple(
            (self._at(number), tuple(self._at(scheme) for scheme in schemes))
            for number, schemes in numbers(party)
        )

    def _side(self, role: str, parties: Node[int] | None, agents: Node[int] | None) -> _Side:
        party = parties.at(role) if parties else None
        ultimate = parties.at(f"Ultmt{role}") if parties else None
        account = parties.at(f"{role}Acct") if parties else None
        bank = agents.at(f"{role}Agt") if agents else None
        agent = party.at("Agt") if party else None
        return _Side(
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
    ) -> _Payment:
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
        return _Payment(
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


class Head:
    """An entry less its payments, which are so many that each is read by itself."""

    def __init__(self, entry: etree._Element) -> None:
        self._shape: list[Element] = []
        self._texts: list[str] = []
        for child in entry:
            if local(child.tag) not in ("NtryDtls", "TxDtls"):
                _flatten(child, 0, self._shape, self._texts)
        self._block: etree._Element | None = None
        self._within = 0

    def moved(self) -> tuple[str | None, str | None]:
        """Direction and amount of the whole entry."""
        told = zip(self._shape, self._texts, strict=True)
        found = {name: text.strip() for (depth, name, _), text in told if depth == 0}
        return found.get("CdtDbtInd"), found.get("Amt")

    def record(self, payment: etree._Element, statement: Statement) -> Cells:
        """The next payment."""
        block = payment.getparent()
        if block is not self._block:
            self._block, self._within = block, 0
        self._within += 1
        shape, texts = [*self._shape, (0, "NtryDtls", None)], [*self._texts, ""]
        _flatten(payment, 1, shape, texts)
        known = _plan_of_part(tuple(shape))
        cells = known.records([texts[n] for n in known.used], statement)[0]
        above = "" if block is None or local(block.tag) == "Ntry" else f"/{_place(block)}"
        return (f"{above}/TxDtls[{self._within}]", *cells[1:])


def _place(block: etree._Element) -> str:
    before = sum(1 for _ in block.itersiblings(str(block.tag), preceding=True))
    return f"{local(str(block.tag))}[{before + 1}]"


@lru_cache(maxsize=4096)
def plan(shape: Shape) -> Plan:
    """The plan of a shape; the latest few thousand are kept."""
    return Plan(shape)


@lru_cache(maxsize=4096)
def _plan_of_part(shape: Shape) -> Plan:
    return Plan(shape, is_part=True)


def flattened(entry: etree._Element) -> tuple[Shape, list[str]]:
    """An entry's shape, and the texts of all its elements."""
    shape: list[Element] = []
    texts: list[str] = []
    for child in entry:
        _flatten(child, 0, shape, texts)
    return tuple(shape), texts


def _flatten(element: etree._Element, depth: int, shape: list[Element], texts: list[str]) -> None:
    name = local(element.tag)
    shape.append((depth, name, element.get("Ccy") if name.endswith("Amt") else None))
    texts.append(element.text or "")
    for child in element:
        _flatten(child, depth + 1, shape, texts)


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


def _first(told: Texts, places: tuple[int, ...]) -> str | None:
    for place in places:
        if told[place]:
            return told[place]
    return None


def _joined(told: Texts, places: tuple[int, ...]) -> str | None:
    if len(places) < 2:
        return told[places[0]] if places else None
    return " ".join(text for text in (told[n] for n in places) if text) or None


def _iin(told: Texts, places: tuple[tuple[int, tuple[int, ...]], ...]) -> str | None:
    return iin([(told[n], [told[s] for s in schemes]) for n, schemes in places])


def _bank_code(told: Texts, places: tuple[int, ...]) -> str | None:
    return "/".join([text for n in places if (text := told[n])]) or None


def _sum(told: Texts, places: tuple[int, ...]) -> str | None:
    numbers_told = [text for text in (told[n] for n in places) if text]
    if len(numbers_told) > 1 and all(text.isascii() and text.isdigit() for text in numbers_told):
        return str(sum(map(int, numbers_told)))
    return " ".join(numbers_told) or None
