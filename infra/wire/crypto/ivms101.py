"""Travel-rule messages: IVMS101 in all its spellings, alone or in an envelope.

The data model names its parts once, and everybody spells them otherwise: camelCase, snake_case,
PascalCase, singular and plural, codes as `LEGL`, as names of enumerations or as their numbers.
Here a key is its letters and digits in lower case, and a part that may be many is many or one.
Envelopes: TRISA (`identity` and `transaction`), CODE, OpenVASP's TRP (`IVMS101` beside `asset`).

Numbers of name types are TRISA's of today; those of 2020 began at another one, and nothing in a
message tells which. Where no name is marked as legal, the first counts.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.wire.beginning import Beginning
from infra.wire.crypto.exchange_json import Cells, asset, moment, network, number
from infra.wire.crypto.json_values import first_values, values
from infra.wire.records import Format, Record

Part = dict[str, Any]

_NO_LETTERS = re.compile(r"[^a-z0-9]")
_WITH_TAG = re.compile(r"([A-Za-z0-9]{25,100})[:?](.+)", re.DOTALL)
_DEEPEST = 4
_LONGEST_TEXT = 1 << 20

_ENVELOPES = ("identity", "ivms101", "payload", "identitypayload", "travelruledata")
_SIDES = {
    "originator": ("originatingvasp", "originatorvasp"),
    "beneficiary": ("beneficiaryvasp",),
}
_ASSET_OF_SLIP44 = {"0": "BTC", "60": "ETH", "195": "TRX"}
_ASSET_OF_DTI = {"4H95J0R2X": "BTC", "X9J9K872S": "ETH"}
_LEGAL_NUMBER = {"natural": "4", "legal": "1"}


def records(path: Path) -> Iterator[Record]:
    """One record a message.

    Raises:
        Unreadable: no JSON, or cut off.
    """
    entry = 0
    for found in values(path):
        if found.is_wrapper:
            continue
        entry += 1
        yield Record(entry, found.place, _cells(_plain(found.value)))


def _plain(value: Any) -> Any:
    """The same with keys of small letters and digits; an empty one never hides a full one."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    found: Part = {}
    for key, told in value.items():
        name = _NO_LETTERS.sub("", key.lower())
        if not found.get(name):
            found[name] = _plain(told)
    return found


def _cells(message: Any) -> Cells:
    if not isinstance(message, dict):
        return {}
    identity = _identity(message) or {}
    moved = _moved(message)
    return {
        "message_id": _first(
            moved, "envelopeid", "transferid", "requestidentifier", "messageid", "id"
        ),
        "sent_at": moment(
            _first([message], "sentat") or _first(moved, "timestamp", "tradeisodatetime", "sentat")
        ),
        **_side("originator", identity, moved),
        **_side("beneficiary", identity, moved),
        "asset": _asset(moved),
        "quantity": number(_first(moved, "amount", "quantity", "transactionamount")),
        "network": network(_first(moved, "network", "chain", "blockchain")),
        "txid": _first(moved, "txid", "txhash", "transactionhash", "transactionid"),
    }


def _identity(message: Part, depth: int = 0) -> Part | None:
    """The part that has the sides, however deep in an envelope."""
    if _is_identity(message):
        return message
    if depth >= _DEEPEST:
        return None
    for name in (*_ENVELOPES, *message):
        inner = message.get(name)
        if name in _ENVELOPES and isinstance(inner, str):
            inner = _from_text(inner)
        found = _identity(inner, depth + 1) if isinstance(inner, dict) else None
        if found is not None:
            return found
    return None


def _is_identity(part: Part) -> bool:
    return any(
        isinstance(part.get(name), dict)
        for side, vasps in _SIDES.items()
        for name in (side, *vasps)
    )


def _from_text(text: str) -> Any:
    if not text.lstrip().startswith("{") or len(text) > _LONGEST_TEXT:
        return None
    try:
        found = json.loads(text, parse_float=str, parse_int=str)
        json.dumps(found, ensure_ascii=False).encode()  # halves of letters are damage
        return _plain(found)
    except (ValueError, RecursionError):
        return None


def _moved(message: Part) -> list[Part]:
    """Parts that may tell what was moved: a transaction, the one within it, the envelope."""
    transaction = message.get("transaction")
    outer = [transaction] if isinstance(transaction, dict) else []
    inner = [one["transaction"] for one in outer if isinstance(one.get("transaction"), dict)]
    return [*inner, *outer, message]


def _first(parts: list[Part], *names: str) -> str | None:
    for part in parts:
        for name in names:
            told = _said(part.get(name))
            if told is not None:
                return told
    return None


def _said(value: Any) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _many(part: Any, *names: str) -> list[Any]:
    """All that stands under the first of these names that says something."""
    for name in names:
        told = part.get(name) if isinstance(part, dict) else None
        if told:
            return list(told) if isinstance(told, list) else [told]
    return []


def _parts(part: Any, *names: str) -> list[Part]:
    return [one for one in _many(part, *names) if isinstance(one, dict)]


def _asset(moved: list[Part]) -> str | None:
    for part in moved:
        told = part.get("asset")
        if isinstance(told, dict):
            slip, dti = _said(told.get("slip0044")), _said(told.get("dti"))
            if slip is not None:
                return _ASSET_OF_SLIP44.get(slip, f"slip0044:{slip}" if slip.isdigit() else slip)
            if dti is not None:
                return _ASSET_OF_DTI.get(dti, f"dti:{dti}")
            return _first([told], "symbol", "code", "name")
    return asset(_first(moved, "assettype", "asset", "currency", "symbol", "transactionasset"))


def _side(side: str, identity: Part, moved: list[Part]) -> Cells:
    party = identity.get(side)
    persons = [_person(one) for one in _parts(party, f"{side}persons", f"{side}person")]
    kind, person = next((told for told in persons if told[0]), (None, {}))
    named = [told for told in (_names(*one) for one in persons) if told]
    accounts = [told for one in _accounts(party) if (told := _said(one))]
    accounts = accounts or [told for part in moved if (told := _said(part.get(side)))][:1]
    address, tag = _address(accounts[0]) if accounts else (None, None)
    vasp = _vasp(identity, side)
    others = [told.get("name") or told.get("local_name") for told in named[1:]] + accounts[1:]
    number_of = next(iter(_parts(person, "nationalidentification", "nationalidentifications")), {})
    return {
        f"{side}_name": named[0].get("name") if named else None,
        f"{side}_local_name": named[0].get("local_name") if named else None,
        f"{side}_kind": kind,
        f"{side}_id": _first([number_of], "nationalidentifier"),
        f"{side}_id_type": _code(_first([number_of], "nationalidentifiertype")),
        f"{side}_id_country": _first([number_of], "countryofissue", "country"),
        f"{side}_customer_id": _first([person], "customeridentification", "customernumber"),
        f"{side}_country": _country(person),
        f"{side}_born_on": _first(
            _parts(person, "dateandplaceofbirth"), "dateofbirth", "dob", "birthdate"
        ),
        f"{side}_address": address,
        f"{side}_address_tag": tag,
        f"{side}_others": "; ".join(filter(None, others)) or None,
        **vasp,
    }


def _person(part: Part) -> tuple[str | None, Part]:
    """natural or legal, and the person; the choice is a key, or a key within `person`."""
    for told in (part, *_parts(part, "person")):
        for kind in ("natural", "legal"):
            persons = _parts(told, f"{kind}person")
            if persons:
                return kind, persons[0]
    return None, part


def _names(kind: str | None, person: Part) -> Cells:
    told = person.get("name")
    if isinstance(told, str):
        return {"name": _said(told)}
    found: Cells = {}
    for name, cell in (("nameidentifier", "name"), ("localnameidentifier", "local_name")):
        known = [one for part in _parts(person, "name") for one in _parts(part, name, f"{name}s")]
        legal = [one for one in known if _is_legal(one, kind)]
        spelled = [text for one in (*legal, *known) if (text := _spelled(one))]
        if spelled:
            found[cell] = spelled[0]
    return found


def _is_legal(name: Part, kind: str | None) -> bool:
    told = _first([name], "nameidentifiertype", "legalpersonnameidentifiertype", "type") or ""
    if told.isdigit():
        return told == _LEGAL_NUMBER.get(kind or "")
    return told.upper().endswith(("LEGL", "LEGAL"))


def _spelled(name: Part) -> str | None:
    company = _first([name], "legalpersonname", "name")
    if company:
        return company
    last = _first([name], "primaryidentifier", "lastname", "surname")
    first = _first([name], "secondaryidentifier", "firstname", "givenname")
    return " ".join(filter(None, (last, first))) or None


def _code(told: str | None) -> str | None:
    """Four letters, of `NATIONAL_IDENTIFIER_TYPE_CODE_LEIX` too."""
    return told.rpartition("_")[2].upper() if told else None


def _country(person: Part) -> str | None:
    told = _first([person], "countryofresidence", "countryofregistration", "country")
    addresses = _parts(person, "geographicaddress", "geographicaddresses", "addresses")
    return told or _first(addresses, "country")


def _accounts(party: Any) -> list[Any]:
    return _many(party, "accountnumber", "accountnumbers", "walletaddress", "walletaddresses")


def _address(account: str) -> tuple[str, str | None]:
    """A wallet, and the memo or tag that some write behind it."""
    found = _WITH_TAG.fullmatch(account)
    return (found[1], found[2].strip() or None) if found else (account, None)


def _vasp(identity: Part, side: str) -> Cells:
    name = _SIDES[side]
    outer = _parts(identity, *name)
    inner = [one for part in outer for one in _parts(part, *name)] or outer
    for part in inner:
        kind, person = _person(part)
        numbers = _parts(person, "nationalidentification")
        spelled = _names(kind, person)
        return {
            f"{side}_vasp": spelled.get("name") or spelled.get("local_name"),
            f"{side}_vasp_id": _first([*numbers, person], "nationalidentifier", "lei"),
        }
    return {}


def _dialect(beginning: Beginning) -> str | None:
    message = _message(beginning)
    identity = None if message is None else _identity(message)
    if message is None or identity is None or not _has_parts(identity):
        return None
    if isinstance(message.get("identity"), dict):
        return "TRISA"
    if "ivms101" in message and "asset" in message:
        return "TRP"
    return "CODE" if '"Originat' in beginning.text else "IVMS101"


def _has_parts(identity: Part) -> bool:
    """Other messages have an originator too, but not of persons and accounts."""
    for side, vasps in _SIDES.items():
        party = identity.get(side)
        names = {f"{side}persons", f"{side}person", "accountnumber", "accountnumbers"}
        if isinstance(party, dict) and not names.isdisjoint(party):
            return True
        if not identity.keys().isdisjoint(vasps):
            return True
    return False


def _transaction_version(beginning: Beginning) -> str | None:
    message = _message(beginning)
    if message is None or _identity(message) is not None:
        return None
    sides = all(isinstance(message.get(side), str) for side in _SIDES)
    is_moved = "amount" in message and not {"txid", "assettype"}.isdisjoint(message)
    return "TRISA" if sides and is_moved else None


def _message(beginning: Beginning) -> Part | None:
    """The first message; a schema is none."""
    for found in first_values(beginning):
        if isinstance(found.value, dict) and not found.is_wrapper:
            is_schema = not {"$schema", "properties", "openapi"}.isdisjoint(found.value)
            return None if is_schema else _plain(found.value)
    return None


FORMATS: tuple[Format, ...] = (
    Format(
        name="ivms101",
        feed="travel_rule_transfers",
        says="IVMS101 travel-rule message, also of TRISA, CODE and OpenVASP",
        version=_dialect,
        records=records,
        needs=("originator_name", "beneficiary_name"),
    ),
    Format(
        name="trisa_transaction",
        feed="travel_rule_transfers",
        says="TRISA transaction without identities",
        version=_transaction_version,
        records=records,
        needs=("quantity", "asset"),
    ),
)
