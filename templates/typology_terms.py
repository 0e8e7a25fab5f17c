"""Words for typologies and for the evidence that an account shows."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from templates.wording import Wording, message, messages

NAMES = (
    message("Many payers"),
    message("Gathers from many, hands on to few"),
    message("Passes on what comes"),
    message("Passes on within the hour"),
    message("Payers who pay once"),
    message("Cash after transfers"),
    message("Exchange after transfers"),
    message("Buys crypto from people"),
    message("Equal amounts"),
    message("Round amounts"),
    message("Just under the threshold"),
    message("Cash just under the limit of a machine"),
    message("Works at night"),
    message("Wakes with many payers"),
    message("New account with many payers"),
    message("Young holder with many payers"),
    message("More cards in one bank than allowed"),
    message("Many banks of one person"),
    message("Device shared by many accounts"),
    message("Beside a known dropper or shop"),
    message("Account or card ordered to be arrested"),
    message("Few payers, again and again"),
    message("No everyday life"),
    message("Has passed on what came, over months"),
    message("Money comes and stays"),
    message("Collects from suspects"),
    message("Money of suspects"),
    message("Pays where suspects pay"),
    message("Many payers in a short life, then silence"),
    message("Cash in turn with others"),
    message("Telephone of many persons"),
    message("Address of many persons"),
    message("Just opened and paid by many"),
    message("Holds for days, then hands on to one or two"),
    message("Wages, pensions and benefits"),
    message("Everyday spending"),
    message("Money stays for days"),
    message("Regular payers"),
    message("Registered firm"),
    message("Sells crypto to people"),
)
"""Texts of `reference/typologies.csv`, marked for translation."""

SAYS = (
    message("Different payers"),
    message("Payers for each payee"),
    message("Share of transfers passed on the day they came"),
    message("Share in transit: came by transfer, left the same day"),
    message("Share in transit: came by transfer, left within the hour"),
    message("Share of payers who paid once"),
    message("Share in transit: came by transfer, left as cash the same day"),
    message("Share of transfers sent to a crypto exchange the same day"),
    message("Share of money out that paid sellers of crypto"),
    message("Share of transfers in of the same amount on one day"),
    message("Share of transfers in of round amounts"),
    message("Share of transfers in just under the amount that asks for the sender's number"),
    message("Share of withdrawals just under the limit of a machine"),
    message("Share of transactions at night"),
    message("Different payers after a long silence"),
    message("Different payers of a new account"),
    message("Age of a holder whom many pay"),
    message("Cards of the holder used at this bank"),
    message("Banks that the holder's accounts are with"),
    message("Accounts led from the same device"),
    message("Different payers, of an account at most two steps from a known one"),
    message("The account or a card of it was ordered to be arrested, and it is used further"),
    message("Transfers in for each payer"),
    message("Share of money out that was spent on purchases and utilities"),
    message("Share of money in that went out"),
    message("Suspects that pay it"),
    message("Share of transfers in that suspects sent"),
    message("Suspects that pay whom it pays most to"),
    message("Payers for each day of work of an account that fell silent"),
    message("Accounts that take cash at the same machine right before or after"),
    message("Persons reached by the same telephone"),
    message("Persons at the same address"),
    message("Different payers of an account opened within 90 days"),
    message("Share that lay overnight and then went, again and again, to the two paid most"),
    message("Wages, pensions and benefits in all that came in"),
    message("Purchases and utilities in all that went out"),
    message("Share of payers who came again"),
    message("The account is of a registered firm (BIN)"),
    message("Share of money in that buyers of crypto paid"),
)
"""Likewise, what is measured."""

_DAYS = messages("%(n)s day", "%(n)s days")
_YEARS = messages("%(n)s year", "%(n)s years")


def typology_name(rule: Mapping[str, Any], wording: Wording) -> str:
    """Name of a typology; `rule` is its row of `TYPOLOGIES`."""
    name: str = rule["name"]
    return wording.say(name)


def threshold_text(rule: Mapping[str, Any], wording: Wording) -> str:
    """From where on a typology counts: "20 over 30 days"; nothing for what is or is not so."""
    if rule["unit"] == "flag":
        return ""
    value = _value(rule["threshold"], rule["unit"], wording)
    if rule["unit"] == "years":
        return value
    days = wording.count_of(_DAYS, rule["window_days"])
    return wording.say("%(value)s over %(days)s", value=value, days=days)


def worded(evidence: Mapping[str, Any], rule: Mapping[str, Any], wording: Wording) -> str:
    """A row of `EVIDENCE` as a sentence with what was measured, and its typology's code.

    `rule` is that typology.
    """
    unit, what = rule["unit"], rule["says"]
    values = {
        "what": wording.say(what),
        "measured": _value(evidence["measured"], unit, wording),
        "threshold": _value(evidence["threshold"], unit, wording),
    }
    if unit == "flag":
        said = values["what"]
    elif unit == "years":
        said = wording.say("%(what)s: %(measured)s; threshold %(threshold)s", **values)
    else:
        said = wording.say(
            "%(what)s over %(days)s: %(measured)s; threshold %(threshold)s",
            days=wording.count_of(_DAYS, evidence["window_days"]),
            **values,
        )
    if evidence["points"] < 0:
        said = wording.say("In favour of the holder: %(reason)s", reason=said)
    return f"{_signed(evidence['points'], wording)} · {said} ({evidence['typology_code']})"


def _value(value: float, unit: str, wording: Wording) -> str:
    exact = Decimal(str(value))
    if unit == "ratio":
        return wording.percent(exact)
    if unit == "years":
        return wording.count_of(_YEARS, int(exact))
    return wording.decimal(exact, 1 if unit == "times" else 0)


def _signed(points: int, wording: Wording) -> str:
    return f"{'+' if points > 0 else ''}{wording.whole(points)}"
