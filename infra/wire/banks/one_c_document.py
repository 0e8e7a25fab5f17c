"""What one section of a file `1CClientBankExchange` says: of an account, or of a document."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Self

from infra.wire.banks.purpose import masked_card, told_kbe, told_knp

_ACCOUNTS = ("иик", "счет", "расчсчет", "ик", "iban")

_PAYER, _PAYEE = "плательщик", "получатель"

_DAY = re.compile(r"^([0-9]{2})\.([0-9]{2})\.([0-9]{4})(?:[ T].*)?$")
_BLANKS = re.compile(r"[\s'`’]+")
_PLAIN = re.compile(r"^[+-]?[0-9]+(?:[.,][0-9]*)?$")
_THOUSANDS_OR_NOT = re.compile(r"^[+-]?[0-9]{1,3},[0-9]{3}$")
_GROUPED = re.compile(r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+$")
_GROUPED_BY_POINTS = re.compile(r"^[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+$")
_RUSSIAN_ACCOUNT = re.compile(r"^[0-9]{5}([0-9]{3})[0-9]{12}$")
_KAZAKH_ACCOUNT = re.compile(r"^KZ[0-9]{2}[0-9]{3}[0-9A-Z]{13}$")

# ISO 4217, numbers; 810 is how Russian account numbers still write the rouble.
_CURRENCIES = {
    "398": "KZT",
    "643": "RUB",
    "810": "RUB",
    "840": "USD",
    "978": "EUR",
    "156": "CNY",
    "826": "GBP",
    "756": "CHF",
    "784": "AED",
    "949": "TRY",
    "417": "KGS",
    "860": "UZS",
    "933": "BYN",
}


@dataclass(frozen=True, slots=True)
class Section:
    """Balances and totals of accounts over some days."""

    accounts: tuple[str, ...]
    begins: str | None
    ends: str | None
    opening: str | None
    closing: str | None
    totals: Mapping[str, str | None]

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Self:
        """Of a header, too: it names accounts only."""
        written = re.split(r"[\n,;]", told.get("расчсчет", ""))
        return cls(
            tuple(dict.fromkeys(filter(None, map(_account, written)))),
            _day(told.get("датаначала")),
            _day(told.get("датаконца")),
            _amount(_first(told, "начальныйостаток", "остатокначальный", "входящийостаток")),
            _amount(_first(told, "конечныйостаток", "остатокконечный", "исходящийостаток")),
            {
                "credit": _amount(_first(told, "всегопоступило", "всегоприход", "приход")),
                "debit": _amount(_first(told, "всегосписано", "всегорасход", "расход")),
            },
        )

    def holds(self, day: str) -> bool:
        """It is about that day."""
        return (self.begins or "") <= day <= (self.ends or self.begins or "")


class _Side(NamedTuple):
    """Payer or payee of a document."""

    accounts: tuple[str, ...]
    name: str | None
    iin: str | None
    bank: str | None
    ultimate_name: str | None
    ultimate_iin: str | None

    @classmethod
    def of(cls, told: Mapping[str, str], who: str) -> Self:
        accounts = (_account(told.get(f"{who}{key}", "")) for key in _ACCOUNTS)
        return cls(
            tuple(dict.fromkeys(filter(None, accounts))),
            _name(told, who),
            _number_of(told, who),
            _first(told, f"{who}банкбик", f"{who}бик"),
            _name(told, f"фактический{who}") or _name(told, f"факт{who}"),
            _number_of(told, f"фактический{who}") or _number_of(told, f"факт{who}"),
        )

    def own(self, own: Set[str]) -> str | None:
        """Which of its accounts is one of the file's."""
        return next((account for account in self.accounts if account in own), None)


class Movement(NamedTuple):
    """What a document means for one account; `sides` are its holder and the other, where known."""

    account: str | None
    direction: str | None
    amount: str | None
    sides: tuple[_Side, _Side] | None


def movements(told: Mapping[str, str], own: Set[str]) -> Iterator[Movement]:
    """One movement, or two between accounts of the file, or one of no account.

    Args:
        told: the document's keys.
        own: the file's accounts.
    """
    payer, payee = _Side.of(told, _PAYER), _Side.of(told, _PAYEE)
    amounts = {
        "debit": _moved(told, "суммарасход", "суммасписано", "расход"),
        "credit": _moved(told, "суммаприход", "суммадоход", "суммапоступило", "приход"),
    }
    total = _amount(_first(told, "сумма", "суммадокумента"))
    sides = {"debit": (payer, payee), "credit": (payee, payer)}
    is_told = any(amounts.values())
    found = 0
    for direction, (holder, other) in sides.items():
        account = holder.own(own)
        if amounts[direction] or (account and not is_told):
            found += 1
            if account is None and other.own(own):  # the document contradicts its own direction
                holder, other = other, holder  # noqa: PLW2901
            account = holder.own(own) or _only(holder, own)
            yield Movement(account, direction, amounts[direction] or total, (holder, other))
    if not found:
        amount = total or _amount(_first(told, "суммаприход", "суммарасход", "суммадоход"))
        yield Movement(None, None, amount, None)


def _only(holder: _Side, own: Set[str]) -> str | None:
    """The account of a document that says its direction, but names none of the file's."""
    if own:
        return next(iter(own)) if len(own) == 1 else None
    return next(iter(holder.accounts), None)


def cells(movement: Movement, told: Mapping[str, str], title: str) -> dict[str, str | None]:
    """Cells of a movement by its document and what that is called, all but those of its section."""
    direction = movement.direction
    purpose = _purpose(told)
    booked_on = _booked_on(told, direction)
    found = {
        "ENTRY_ID": _first(told, "номердокумента"),
        "ACCOUNT": movement.account,
        "DIRECTION": direction,
        "AMOUNT": movement.amount,
        "CURRENCY": _currency(told, movement.account),
        "BOOKED_ON": booked_on,
        "VALUE_ON": _day(_first(told, "датавалютирования")),
        "STATUS": "booked" if booked_on else "pending",
        "BANK_CODE": _first(told, "виддокумента") or title or None,
        "KNP": _first(told, "кодназначенияплатежа", "кодназплатежа", "кнп") or told_knp(purpose),
        "KBE": _first(told, f"{_PAYEE}кбе", "кбе", "кодбенефициара") or told_kbe(purpose),
        "PURPOSE": purpose,
        "MASKED_CARD": masked_card(purpose),
        "EXCHANGE_RATE": _amount(_first(told, "курс", "курсвалюты")),
    }
    if movement.sides:
        holder, other = movement.sides
        found |= {
            "ACCOUNT_BANK": holder.bank,
            "HOLDER_NAME": holder.name,
            "HOLDER_IIN": holder.iin,
            "HOLDER_ULTIMATE_NAME": holder.ultimate_name,
            "HOLDER_ULTIMATE_IIN": holder.ultimate_iin,
            "COUNTERPARTY_ACCOUNT": next(iter(other.accounts), None),
            "COUNTERPARTY_NAME": other.name,
            "COUNTERPARTY_IIN": other.iin,
            "COUNTERPARTY_BANK": other.bank,
            "COUNTERPARTY_ULTIMATE_NAME": other.ultimate_name,
            "COUNTERPARTY_ULTIMATE_IIN": other.ultimate_iin,
        }
    return found


def number(amount: str | None) -> Decimal | None:
    """A canonical amount as a number; null when it is none."""
    return Decimal(amount) if amount and _PLAIN.match(amount) and "," not in amount else None


def _first(told: Mapping[str, str], *keys: str) -> str | None:
    """The first of these keys that says something, in one line."""
    found = (" ".join(told.get(key, "").split()) for key in keys)
    return next(filter(None, found), None)


def _name(told: Mapping[str, str], who: str) -> str | None:
    return _first(told, f"{who}наименование", f"{who}1", who)


def _number_of(told: Mapping[str, str], who: str) -> str | None:
    kinds = ("биниин", "иинбин", "бин", "иин", "инн", "рнн")
    return _first(told, *(f"{who}{kind}" for kind in kinds))


def _account(written: str) -> str:
    return re.sub(r"\s", "", written).upper()


def _purpose(told: Mapping[str, str]) -> str | None:
    """In one key, or cut into numbered ones."""
    key = "назначениеплатежа"
    whole = _first(told, key)
    pieces = (_first(told, f"{key}{n}") for n in range(1, 7))
    return whole or " ".join(filter(None, pieces)) or None


def _moved(told: Mapping[str, str], *keys: str) -> str | None:
    """The amount; null also where it is zero, as in the column of the other direction."""
    amount = _amount(_first(told, *keys))
    return None if number(amount) == 0 else amount


def _amount(written: str | None) -> str | None:
    """`4 000,50` and `4,000.50` → 4000.50; what is no amount, or two, stays as it is."""
    if written is None:
        return None
    text = _BLANKS.sub("", written)
    if _PLAIN.match(text) and not _THOUSANDS_OR_NOT.match(text):
        return text.replace(",", ".").rstrip(".").removeprefix("+")
    if _GROUPED.match(text):
        return text.replace(",", "").removeprefix("+")
    if _GROUPED_BY_POINTS.match(text):
        return text.replace(".", "").replace(",", ".").removeprefix("+")
    return written


def _day(written: str | None) -> str | None:
    """`30.06.2023` → 2023-06-30; what is no day stays as it is."""
    found = _DAY.match(written.strip()) if written else None
    return f"{found[3]}-{found[2]}-{found[1]}" if found else (written or None)


def _booked_on(told: Mapping[str, str], direction: str | None) -> str | None:
    """When it was carried out; of a Russian document, on the holder's side."""
    sides = ["датасписано", "датапоступило"]
    keys = sides[::-1] if direction == "credit" else sides
    return _day(_first(told, "датаоперации", "датапроводки", *keys))


def _currency(told: Mapping[str, str], account: str | None) -> str | None:
    written = _first(told, "валюта", "валютадокумента", "кодвалюты")
    if written:
        return _CURRENCIES.get(written, written.upper())
    russian = _RUSSIAN_ACCOUNT.match(account or "")
    if russian:
        return _CURRENCIES.get(russian[1])
    return "KZT" if _KAZAKH_ACCOUNT.match(account or "") else None
