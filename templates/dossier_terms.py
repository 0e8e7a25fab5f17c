"""Words for codes of a trail: roles, reasons, rules, states of an arrest, kinds of measures."""

from collections.abc import Mapping
from decimal import Decimal

from templates.wording import Plural, Wording, message, messages

_ROLES: Mapping[str, str] = {
    "payer": message("Payers"),
    "shop": message("Shop"),
    "dropper": message("Droppers"),
    "collector": message("Collectors"),
    "operator": message("Operators"),
    "cash_out_point": message("Cash-out points"),
    "organizer": message("Organizers"),
    "recipient": message("Other recipients"),
    "account": message("Accounts"),
    "cash": message("Cash"),
    "exchange": message("Exchanges"),
    "exchange_client": message("Clients of exchanges"),
    "wallet": message("Crypto wallets"),
    "abroad": message("Accounts abroad"),
    "service": message("Shops and services"),
}

_ROLE_OF_ONE: Mapping[str, str] = {
    "payer": message("payer"),
    "shop": message("shop"),
    "dropper": message("dropper"),
    "collector": message("collector"),
    "operator": message("operator"),
    "cash_out_point": message("cash-out point"),
    "organizer": message("organizer"),
    "recipient": message("recipient"),
    "account": message("account"),
    "cash": message("cash"),
    "exchange": message("exchange"),
    "exchange_client": message("client of an exchange"),
    "wallet": message("crypto wallet"),
    "abroad": message("account abroad"),
    "service": message("service"),
}

RULES: Mapping[str, str] = {
    "haircut": message("Haircut: money mixes, each transfer carries its share"),
    "fifo": message("FIFO: what came first goes first"),
    "poison": message("Poison: all that leaves a tainted account is tainted, an upper bound"),
}

RULE_NAMES: Mapping[str, str] = {
    "haircut": message("Haircut"),
    "fifo": message("FIFO"),
    "poison": message("Poison (upper bound)"),
}

_SHARES: Mapping[str, str] = {
    "front_outside": message("%(share)s of what it gets comes from outside the case"),
    "inside_in": message("%(share)s of what it gets comes from the case"),
    "passes_on": message("passes on %(share)s"),
    "exits": message("%(share)s of that leaves the banks"),
    "cash": message("%(share)s of that as cash"),
    "keeps": message("keeps %(share)s"),
    "feeds": message("brings %(share)s of its money into the case"),
}

_COUNTS: Mapping[str, Plural] = {
    "front_payers": messages("%(n)s outsider pays it", "%(n)s outsiders pay it"),
    "inside_payers": messages(
        "%(n)s member of the case pays it", "%(n)s members of the case pay it"
    ),
    "payments": messages("%(n)s such payment", "%(n)s such payments"),
    "shares_paid": messages("paid an organizer %(n)s time", "paid an organizer %(n)s times"),
}

_FACTS: Mapping[str, str] = {
    "seed": message("named by the investigation"),
    "arrest_ordered": message("arrest of its card was ordered"),
}

_ARRESTS: Mapping[str, str] = {
    "executed": message("arrested"),
    "arrested": message("arrested"),
    "partly": message("arrested in part"),
    "pending": message("ordered, no answer yet"),
    "refused": message("refused"),
    "not_found": message("not found"),
    "ordered": message("ordered, no answer yet"),
    "sent": message("ordered, no answer yet"),
    "restricted": message("restricted for ten days"),
    "lifted": message("lifted"),
    "expired": message("term is over"),
    "returned": message("returned to its owner"),
    "confiscated": message("confiscated by a court"),
    "measures_taken": message("measures taken"),
    "under_investigation": message("under investigation"),
}

_MEASURES: Mapping[str, str] = {
    "account": message("Bank accounts"),
    "asset": message("Property and money"),
    "wallet": message("Crypto wallets"),
}

ENDED: Mapping[str, str] = {
    "cash_tiyn": message("taken as cash"),
    "exchange_tiyn": message("sent to exchanges"),
    "abroad_tiyn": message("sent abroad"),
    "service_tiyn": message("spent in shops and on services"),
    "mixer_tiyn": message("sent into mixers"),
    "lost_tiyn": message("not followed further"),
}

CAME: Mapping[str, str] = {
    "cash_tiyn": message("paid in as cash"),
    "exchange_tiyn": message("came from exchanges"),
    "abroad_tiyn": message("came from abroad"),
    "service_tiyn": message("came from firms and services"),
    "mixer_tiyn": message("came from mixers"),
    "lost_tiyn": message("not followed further"),
}

NOT_EXPLAINED = message("not explained further")

_OPERATIONS: Mapping[str, str] = {
    "purchase": message("purchase"),
    "utility": message("utility payment"),
    "exchange_topup": message("exchange top-up"),
    "salary": message("wages"),
    "social_payment": message("benefit"),
    "transfer": message("transfer"),
}


def reason(code: str, measured: float, wording: Wording) -> str:
    """A reason of a role with what was measured, in words."""
    if code in _FACTS:
        return wording.say(_FACTS[code])
    if code in _COUNTS:
        text = _COUNTS[code]
        return wording.count(text.singular, text.plural, round(measured))
    return wording.say(_SHARES[code], share=wording.percent(Decimal(str(measured))))


def one(role: str, wording: Wording) -> str:
    """A role as it is said of one account or person."""
    return wording.say(_ROLE_OF_ONE[role])


def many(role: str, wording: Wording) -> str:
    """A role as the heading of all who have it."""
    return wording.say(_ROLES[role])


def operation(code: str, wording: Wording) -> str:
    """What a payment to nobody who is named was for."""
    return wording.say(_OPERATIONS[code])


def state(arrest: str | None, wording: Wording) -> str:
    """How far an arrest is; a dash where nobody ordered one."""
    return wording.say(_ARRESTS[arrest]) if arrest else "—"


def measure(code: str, wording: Wording) -> str:
    """What a measure was taken on."""
    return wording.say(_MEASURES[code])
