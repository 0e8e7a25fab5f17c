"""Why a fact of precursors stands, in words: of its reason and of what recognised the goods."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from templates.measures import told
from templates.wording import Wording, message

_WHY: Mapping[str, str] = {
    "withdrawn": message("The licence for it had been withdrawn by %(registered_on)s."),
    "expired": message("The licence for it had run out by %(registered_on)s."),
    "not_yet_in_force": message("The licence for it began after %(registered_on)s."),
    "other_substance": message("On %(registered_on)s only a licence for another substance stood."),
    "never_licensed": message("Imported on %(registered_on)s; there was never a licence for it."),
    "cumulative_in_year": message(
        "With this item %(imported_g)s came in since the beginning of the year; the licences "
        "allow %(allowed_g)s."
    ),
    "one_consignee": message(
        "%(items)s items close together, %(sum_g)s in all: each is under the threshold of "
        "%(over_g)s, together they are over it."
    ),
    "related_consignees": message(
        "%(items)s items of consignees with one head or address, %(sum_g)s in all: over the "
        "threshold of %(over_g)s."
    ),
    "text_against_code": message(
        "Declared under subheading %(hs6)s; goods so described belong under %(own_hs6)s."
    ),
    "price": message(
        "The price of a kilogram is %(times)s times the usual one of %(peers)s earlier items "
        "(robust score %(score)s)."
    ),
    "price_and_route": message(
        "The price of a kilogram is %(times)s times the usual one of %(peers)s earlier items "
        "(robust score %(score)s), and such goods had not come before: origin %(origin)s, "
        "dispatched from %(dispatch)s."
    ),
    "package_weight": message(
        "A package weighs %(times)s times as much as usual among %(peers)s earlier items (robust "
        "score %(score)s)."
    ),
    "not_found": message("The register of legal entities does not know the consignee."),
    "liquidated": message("The consignee was struck off the register before the import."),
    "not_yet_registered": message("The consignee was registered only after the import."),
    "newly_founded": message(
        "The consignee was founded on %(founded_on)s, %(days)s days before the import."
    ),
    "head_in_case": message(
        "The head of the consignee is named in case %(case_no)s since %(known_on)s."
    ),
    "entity_in_case": message("The consignee is named in case %(case_no)s since %(known_on)s."),
    "none_stated": message("The licence in force states no end use."),
}

_RECOGNISED: Mapping[str, str] = {
    "cas": message("The description has the CAS number of %(listed)s."),
    "name": message("“%(named)s” in the description is a name of %(listed)s."),
    "spelling": message("“%(named)s” in the description is %(listed)s misspelt."),
    "transliteration": message("“%(named)s” is a Chinese name of %(listed)s in Latin letters."),
    "abbreviation": message("“%(named)s” in the description is short for %(listed)s."),
    "formula": message("“%(named)s” in the description is the formula of %(listed)s."),
    "code": message("Subheading %(named)s of the tariff is that of such goods."),
}
_OF_TEXT = re.compile(r"^(?P<basis>\w+) «(?P<named>.*)» → (?P<listed>.*)$")
_OF_NUMBER = re.compile(r"^(?P<basis>cas|code) (?P<named>.*)$")
_NEXT = re.compile(r"; (?=(?:\w+ «|cas |code ))")


def why(reason_code: str, explanation: str, words: Wording) -> str:
    """A sentence with the numbers, days and codes that the fact rests on."""
    told_by_name = dict(pair.split("=", 1) for pair in explanation.split("; "))
    values = {name: _value(name, value, words) for name, value in told_by_name.items()}
    return words.say(_WHY[reason_code], **values)


def recognised(evidence: str, words: Wording) -> Iterable[str]:
    """A sentence for each piece of evidence that the goods are the substance."""
    for piece in _NEXT.split(evidence):
        found = _OF_TEXT.match(piece) or _OF_NUMBER.match(piece)
        if found is None:
            yield piece
            continue
        parts = {"listed": found["named"], **found.groupdict()}
        basis = parts.pop("basis")
        yield words.say(_RECOGNISED[basis], **parts)


def _value(name: str, value: str, words: Wording) -> str:
    if name.endswith("_g"):
        return told(int(float(value)), "gram", words)
    if name.endswith("_on"):
        return words.long_date(date.fromisoformat(value))
    if name in {"times", "score"}:
        number = Decimal(value)
        return words.decimal(number, 1 if abs(number) >= 1 else 3)
    if name in {"origin", "dispatch"}:
        return words.country(value)
    return words.whole(int(value)) if name in {"items", "days", "peers"} else value
