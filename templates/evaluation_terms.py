"""Words for pretend worlds: how networks work, who works in them, and who only looks alike."""

from collections.abc import Mapping

from templates.wording import Wording, message

_SCHEMES: Mapping[str, str] = {
    "fan_in": message("many pay in, few collect"),
    "pass_through": message("passed on from account to account"),
    "scatter_gather": message("scattered and gathered again"),
    "structuring": message("split into sums under the threshold"),
    "night_cash": message("cash at night"),
    "p2p_cash_out": message("turned into crypto from people"),
    "dormant_burst": message("silent accounts that wake"),
    "many_cards": message("many cards of one person"),
    "shared_device": message("many accounts led from one device"),
    "slow": message("slow, days between the steps"),
    "round_trip": message("money that comes round again"),
    "recruits": message("recruited young people"),
    "card_bag": message("a courier with a bag of others' cards"),
}

_ROLES: Mapping[str, str] = {
    "dropper": message("dropper"),
    "collector": message("collector"),
    "operator": message("operator"),
    "organizer": message("organizer"),
    "courier": message("courier"),
    "shop": message("shop"),
    "salaried": message("employee"),
    "pensioner": message("pensioner"),
    "student": message("student"),
    "self-employed": message("craftsman, self-employed"),
    "landlord": message("landlord"),
    "seller": message("seller at home or at a market"),
    "driver": message("taxi driver"),
    "treasurer": message("treasurer of parents or colleagues"),
    "crypto hobbyist": message("trader of crypto as a hobby"),
    "quiet saver": message("saver with a silent account"),
    "collection": message("collection for somebody ill"),
    "charity": message("charity"),
    "money changer": message("exchange office"),
    "trader": message("trader of crypto who lives by it"),
    "market seller": message("stall holder at a bazaar without a BIN"),
    "cash courier": message("courier of a firm's cash"),
    "pool treasurer": message("keeper of a savings circle"),
    "fleet driver": message("driver for a boss"),
    "fleet boss": message("owner of hired cars"),
    "remitter": message("sender of a brigade's money home"),
    "migrant": message("worker without a contract"),
    "led by family": message("old person whose account relatives keep"),
}


def scheme_name(code: str, words: Wording) -> str:
    """How a planted network works."""
    return words.say(_SCHEMES[code])


def role_name(code: str, words: Wording) -> str:
    """A role in a network, or a kind of life outside."""
    return words.say(_ROLES[code])
