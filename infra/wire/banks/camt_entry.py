"""One entry (`Ntry`) of a statement → its records, one a payment.

Entries of one bank have few shapes. Where in a shape the cells stand is worked out once for each
(`camt_layout`); an entry then costs a few look-ups.

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

from collections.abc import Sequence
from functools import lru_cache

from lxml import etree

from infra.wire.banks.camt_layout import Element, Layout, Numbers, Shape
from infra.wire.banks.camt_statement import Statement
from infra.wire.banks.purpose import purpose_codes
from infra.wire.iso20022 import amount, iin, local, moment

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


class Plan(Layout):
    """What the cells of entries of one shape are made of."""

    def records(self, texts: Sequence[str], statement: Statement) -> list[Cells]:
        """Place below the entry, and `CELLS`, of each payment; what is not told may be "".

        The entry is counted for the statement's totals.

        Args:
            texts: of the elements that are `used`.
            statement: to which the entry belongs.
        """
        told: list[str | None] = [None, *map(str.strip, texts)]
        chosen = [told[choice[0]] or _first(told, choice) for choice in self.choices]
        told += reversed(chosen)
        entry_direction = told[self.direction]
        if statement.declares_totals and not self.is_part:
            statement.add(entry_direction, told[self.amount])
        own_account = statement.account
        booked_on, booked_at = moment(told[self.booked])
        valued_on, _ = moment(told[self.valued])
        status = told[self.status]
        found: list[Cells] = []
        for payment in self.payments:
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
                    told[self.entry_id],
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
                    told[self.reversal],
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


def _first(told: Texts, places: tuple[int, ...]) -> str | None:
    for place in places:
        if told[place]:
            return told[place]
    return None


def _joined(told: Texts, places: tuple[int, ...]) -> str | None:
    if len(places) < 2:
        return told[places[0]] if places else None
    return " ".join(text for text in (told[n] for n in places) if text) or None


def _iin(told: Texts, places: Numbers) -> str | None:
    return iin([(told[n], [told[s] for s in schemes]) for n, schemes in places])


def _bank_code(told: Texts, places: tuple[int, ...]) -> str | None:
    return "/".join([text for n in places if (text := told[n])]) or None


def _sum(told: Texts, places: tuple[int, ...]) -> str | None:
    numbers_told = [text for text in (told[n] for n in places) if text]
    if len(numbers_told) > 1 and all(text.isascii() and text.isdigit() for text in numbers_told):
        return str(sum(map(int, numbers_told)))
    return " ".join(numbers_told) or None
