"""Words for what a learned model looks at: columns of `ACCOUNT_WINDOWS`, as people say them."""

import re
from collections.abc import Mapping
from decimal import Decimal

from templates.measures import told
from templates.wording import Wording, message, messages

_COUNTED: Mapping[str, str] = {
    "transfers_in": message("transfers that came in"),
    "cash_in": message("cash put on the account"),
    "salaries": message("wages received"),
    "social_payments": message("pensions and benefits received"),
    "transfers_out": message("transfers sent"),
    "cash_out": message("cash withdrawn"),
    "exchange_topups": message("money sent to a crypto exchange"),
    "purchases": message("purchases paid"),
    "utilities": message("utilities paid"),
    "other_in": message("all else that came in"),
    "other_out": message("all else that went out"),
    "p2p_sales": message("crypto sold to people"),
    "p2p_purchases": message("crypto bought from people"),
}
_OTHERS: Mapping[str, str] = {
    "passed_on_soon_tiyn": message("passed on within the hour"),
    "passed_on_same_day_tiyn": message("passed on the same day"),
    "cash_out_after_transfers_in_tiyn": message("cash on the day of transfers in"),
    "exchange_topups_after_transfers_in_tiyn": message("to an exchange on the day of transfers in"),
    "round_transfers_in": message("round transfers in"),
    "repeated_transfers_in": message("equal transfers in on one day"),
    "transfers_in_just_under": message("transfers in just under the threshold"),
    "cash_out_just_under": message("withdrawals just under the limit of a machine"),
    "night_transactions": message("transactions at night"),
    "transactions": message("all transactions"),
    "other_currency_transactions": message("transactions in other currencies"),
    "payers": message("different payers"),
    "single_payers": message("payers who paid once"),
    "payees": message("different payees"),
    "firms": message("firms and authorities on either side"),
    "devices": message("devices used"),
    "cards": message("cards used"),
    "turns": message("accounts that take cash in turn with it"),
    "active_days": message("days with anything booked"),
    "device_accounts": message("accounts on its most shared device"),
    "passed_on_soon_share": message("share passed on within the hour"),
    "passed_on_share": message("share passed on the same day"),
    "holder_age_years": message("age of the holder in years"),
    "is_of_firm": message("the holder is a firm"),
    "holder_accounts": message("accounts of the holder"),
    "holder_banks": message("banks of the holder"),
    "holder_cards": message("cards of the holder that were used"),
    "account_age_days": message("days since the account was opened"),
    "phone_holders": message("persons with the same telephone"),
    "address_holders": message("persons at the same address"),
    "quiet_days": message("days of silence before the present activity"),
}
_DAYS = messages("%(n)s day", "%(n)s days")
_WINDOW = re.compile(r"^(.*)_(\d+)d$")


def feature_name(code: str, words: Wording) -> str:
    """What a feature is: "transfers that came in, number, over 30 days".

    Raises:
        KeyError: the feature has no words yet; add them here.
    """
    within = _WINDOW.match(code)
    base, days = (within[1], int(within[2])) if within else (code, None)
    counted = base.removesuffix("_tiyn")
    if counted in _COUNTED:
        what = words.say(_COUNTED[counted])
        pattern = "%(what)s, amount" if base.endswith("_tiyn") else "%(what)s, number"
        named = words.say(pattern, what=what)
    else:
        named = words.say(_OTHERS[base])
    if days is None:
        return named
    return words.say("%(what)s, over %(days)s", what=named, days=words.count_of(_DAYS, days))


def feature_value(code: str, value: float, words: Wording) -> str:
    """What was measured, in the feature's unit: tenge, a share, or a number."""
    base = code.rsplit("_", 1)[0] if _WINDOW.match(code) else code
    if base.endswith("_tiyn"):
        return told(round(value), "tiyn", words)
    if base.endswith("_share"):
        return words.percent(Decimal(str(value)))
    return words.decimal(Decimal(str(value)), 0 if float(value).is_integer() else 2)


_PATTERNS = (message("%(what)s, amount"), message("%(what)s, number"))
