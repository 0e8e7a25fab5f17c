"""Words for codes: units, feeds, institutions, members of dimensions, states of a delivery."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from templates.wording import Plural, Wording, message, messages
from transforms.reference import reference

UNIT_NOUNS: Mapping[str, Plural] = {
    "cards": messages("%(n)s card", "%(n)s cards"),
    "orders": messages("%(n)s order", "%(n)s orders"),
    "persons": messages("%(n)s person", "%(n)s persons"),
    "wallets": messages("%(n)s wallet", "%(n)s wallets"),
    "transactions": messages("%(n)s payment", "%(n)s payments"),
    "objects": messages("%(n)s object", "%(n)s objects"),
    "cases": messages("%(n)s case", "%(n)s cases"),
    "facts": messages("%(n)s fact", "%(n)s facts"),
    "entities": messages("%(n)s legal entity", "%(n)s legal entities"),
    "laboratories": messages("%(n)s laboratory", "%(n)s laboratories"),
    "acts": messages("%(n)s act", "%(n)s acts"),
    "regions": messages("%(n)s region", "%(n)s regions"),
    "accounts": messages("%(n)s account", "%(n)s accounts"),
    "hours": messages("%(n)s hour", "%(n)s hours"),
    "days": messages("%(n)s day", "%(n)s days"),
    "breaks": messages("%(n)s contradiction", "%(n)s contradictions"),
    "holds": messages("%(n)s hold", "%(n)s holds"),
    "doses": messages("%(n)s dose", "%(n)s doses"),
    "substances": messages("%(n)s substance", "%(n)s substances"),
    "countries": messages("%(n)s country", "%(n)s countries"),
    "offices": messages("%(n)s office", "%(n)s offices"),
    "seizures": messages("%(n)s seizure", "%(n)s seizures"),
}

TOLD_UNITS: Mapping[str, str] = {
    "tablet": message("%(n)s tablets"),
    "plant": message("%(n)s plants"),
    "dose": message("%(n)s doses (as told)"),
    "litre": message("%(n)s litres"),
    "ml": message("%(n)s ml"),
}
"""Units of what agencies count instead of weighing, by their codes; others are said as told."""

UNITS: Mapping[str, str] = {
    "cards": message("cards"),
    "orders": message("orders"),
    "persons": message("persons"),
    "wallets": message("wallets"),
    "transactions": message("payments"),
    "objects": message("objects"),
    "cases": message("cases"),
    "facts": message("facts"),
    "entities": message("legal entities"),
    "laboratories": message("laboratories"),
    "acts": message("acts"),
    "regions": message("regions"),
    "accounts": message("accounts"),
    "hours": message("hours"),
    "days": message("days"),
    "breaks": message("contradictions"),
    "holds": message("holds"),
    "doses": message("doses"),
    "substances": message("substances"),
    "countries": message("countries"),
    "offices": message("offices"),
    "seizures": message("seizures"),
}

_FEEDS: Mapping[str, str] = {
    "card_transactions": message("Card transactions"),
    "card_arrest_orders": message("Card arrest orders"),
    "card_arrest_confirmations": message("Banks' answers on card arrests"),
    "criminal_cases": message("Register of criminal cases"),
    "asset_arrests": message("Asset arrests"),
    "wallet_freezes": message("Wallet freezes at exchanges"),
    "measure_events": message("Answers and decisions on arrests"),
    "payment_holds": message("Holds on payments"),
    "crypto_transfers": message("Crypto transfers"),
    "p2p_orders": message("P2P orders"),
    "import_declarations": message("Import declarations"),
    "precursor_licences": message("Precursor licences"),
    "legal_entities": message("Register of legal entities"),
    "seizures": message("Seizure acts"),
    "field_reports": message("Reports of regional prosecutors"),
    "exchange_rates": message("Official exchange rates"),
    "crypto_prices": message("Prices of digital assets"),
    "account_movements": message("Account statements"),
    "account_holders": message("Holders of accounts"),
    "interbank_payments": message("Interbank payments"),
    "fiat_transfers": message("Fiat transfers at exchanges"),
    "wallet_labels": message("Wallet labels"),
    "travel_rule_transfers": message("Travel rule messages"),
}

_INSTITUTIONS: Mapping[str, str] = {
    "kpssu": message("Committee on Legal Statistics"),
    "kgd": message("State Revenue Committee"),
    "mvd": message("Ministry of Internal Affairs"),
    "minjust": message("Ministry of Justice"),
    "knb": message("National Security Committee"),
    "special_prosecutors": message("Special prosecutors"),
    "nbk": message("National Bank"),
    "gfc": message('State Corporation "Government for Citizens"'),
    "gp": message("General Prosecutor's Office"),
}

_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "acts_code": {
        "bank": message("The bank"),
        "agency": message("The investigating agency"),
        "executor": message("The exchange or registrar"),
        "committee": message("Committee on Legal Statistics"),
    },
    "agency_code": {
        "police": message("Police"),
        "national_security": message("National Security Committee"),
        "special_prosecutors": message("Special prosecutors"),
        "financial_monitoring": message("Agency for Financial Monitoring"),
        "customs": message("Customs"),
    },
    "blocked_by_code": {
        "bank": message("The bank"),
        "anti_fraud_centre": message("The Anti-Fraud Centre"),
    },
    "break_code": {
        "confirmation_without_order": message(
            "A bank answered an order that is not in the register"
        ),
        "order_not_answered": message("A bank did not answer an order within its term"),
        "case_not_registered": message("The case of an order is not in the register of cases"),
        "case_without_orders": message("A case of a dropper network has no order to arrest a card"),
        "executed_after_refusal": message(
            "A card was arrested after the bank had refused or not found it"
        ),
        "held_amount_differs": message(
            "Answers of a bank name different held amounts for one arrest"
        ),
        "card_in_two_cases": message("A card is ordered to be arrested in a second case"),
        "account_in_two_cases": message(
            "An account is ordered to be arrested in a second case under another card"
        ),
        "order_of_other_region": message("An order names another region than its case"),
        "order_of_other_agency": message("An order names another agency than its case"),
        "executed_before_order": message(
            "A card or other asset was arrested before the day of its order"
        ),
        "order_date_differs": message("A bank quotes another date of the order than the register"),
        "answer_of_other_bank": message("Another bank answered than the one that was ordered"),
        "event_without_measure": message(
            "An answer or decision is about an arrest that is not in the register"
        ),
        "measure_not_answered": message(
            "An arrest of an account, wallet or property was not answered within its term"
        ),
        "asset_in_two_cases": message(
            "An account, wallet or property is arrested in a second case"
        ),
        "register_and_answer_differ": message(
            "The register has an arrest in force that was refused or not found"
        ),
        "wallet_frozen_without_order": message("An exchange froze a wallet that no order names"),
        "confiscated_without_arrest": message(
            "A court confiscated what was not under arrest on that day"
        ),
    },
    "reason_code": {
        "withdrawn": message("Licence withdrawn"),
        "expired": message("Licence expired"),
        "not_yet_in_force": message("Licence not yet in force"),
        "other_substance": message("Licence for another substance"),
        "never_licensed": message("Never licensed"),
        "cumulative_in_year": message("More in the year than allowed"),
        "one_consignee": message("By one consignee"),
        "related_consignees": message("By related consignees"),
        "text_against_code": message("Description against the code"),
        "price": message("Unusual price"),
        "price_and_route": message("Unusual price and route"),
        "package_weight": message("Unusual weight of a package"),
        "not_found": message("Not in the register"),
        "liquidated": message("Struck off the register"),
        "not_yet_registered": message("Not yet registered"),
        "newly_founded": message("Newly founded"),
        "head_in_case": message("Its head is named in a case"),
        "entity_in_case": message("Named in a case"),
        "none_stated": message("No end use stated"),
    },
    "violation_code": {
        "unlicensed": message("Without a licence"),
        "over_quota": message("Over the quota"),
        "split_under_threshold": message("Split under a threshold"),
        "split_among_related": message("Split among related consignees"),
        "misdeclared": message("Misdeclared"),
        "consignee_unregistered": message("Consignee not registered"),
        "consignee_newly_founded": message("Consignee newly founded"),
        "consignee_known_from_case": message("Consignee known from a case"),
        "no_end_use": message("No end use"),
    },
    "change_code": {
        "found": message("Found"),
        "changed": message("Changed"),
        "undone": message("Undone"),
    },
    "cause_code": {
        "cancelled": message("Declaration cancelled"),
        "amended": message("Declaration amended"),
        "corrected": message("Declaration corrected"),
        "delivered": message("Declaration delivered"),
        "register": message("Registers or lists say otherwise"),
    },
    "status_code": {
        "issued": message("Issued"),
        "withdrawn": message("Withdrawn"),
    },
    "product_code": {
        "heroin": message("Heroin"),
        "methamphetamine": message("Methamphetamine"),
        "amphetamine": message("Amphetamine"),
        "mdma": message("MDMA"),
        "fentanyl": message("Fentanyl"),
        "lsd": message("LSD"),
    },
    "asset_code": {
        "cash": message("Cash"),
        "bank_account": message("Bank accounts"),
        "wallet": message("Crypto wallets"),
        "business_share": message("Shares in companies"),
        "vehicle": message("Vehicles"),
        "equipment": message("Equipment"),
        "real_estate": message("Real estate"),
        "precursor": message("Precursors"),
        "drug": message("Drugs"),
        "crypto": message("Digital assets"),
    },
    "substance_code": {
        "cannabis": message("Cannabis"),
        "hashish": message("Hashish"),
        "mephedrone": message("Mephedrone"),
        "alpha_pvp": message("Alpha-PVP"),
        "synthetic_cannabinoids": message("Synthetic cannabinoids"),
        "methamphetamine": message("Methamphetamine"),
        "amphetamine": message("Amphetamine"),
        "heroin": message("Heroin"),
        "opium": message("Opium"),
        "mdma": message("MDMA"),
        "cocaine": message("Cocaine"),
        "lsd": message("LSD"),
        "methadone": message("Methadone"),
        "cannabis_plants": message("Cannabis plants"),
    },
}

DIMENSIONS: Mapping[str, str] = {
    "bank_bic": message("Bank"),
    "reason_code": message("Reason"),
    "substance_id": message("Substance"),
    "violation_code": message("Violation"),
    "product_code": message("Drug"),
    "origin_country_code": message("Country of origin"),
    "office_code": message("Customs office"),
    "substance_code": message("Substance"),
    "asset_code": message("Kind"),
    "blocked_by_code": message("Who blocked"),
    "break_code": message("Contradiction"),
    "acts_code": message("Who has to act"),
    "agency_code": message("Agency"),
}

STATES: Mapping[str, str] = {
    "in_time": message("in time"),
    "late": message("late"),
    "corrected": message("corrected by the institution"),
    "duplicate": message("handed over twice, counted once"),
    "missing": message("not delivered"),
    "unreadable": message("unreadable"),
    "control_mismatch": message("control totals disagree"),
    "rejected": message("all rows set aside"),
    "stopped": message("not judged: the checks of the feed stopped"),
    "short": message("fewer rows than usual"),
    "swollen": message("more rows than usual"),
}

UNKNOWN_MEMBER = "unknown"


def unit_name(unit: str, wording: Wording) -> str:
    return wording.say(UNITS[unit])


def feed_name(feed: str, wording: Wording) -> str:
    return wording.say(_FEEDS[feed]) if feed in _FEEDS else feed


def institution_name(institution: str, wording: Wording) -> str:
    """The institution in words; a bank or register that no list names stands by its code."""
    if institution in _INSTITUTIONS:
        return wording.say(_INSTITUTIONS[institution])
    return _named("banks", "bic", institution, wording) or institution


_THINGS = ("precursors", "watched_chemicals", "lab_equipment_hs")


def unit_told(unit: str, quantity: Decimal, wording: Wording) -> str:
    """How many of a unit, as agencies told them: 2,300 tablets."""
    exact = f"{quantity.normalize():f}"
    number = wording.decimal(quantity, len(exact.partition(".")[2]))
    if unit not in TOLD_UNITS:
        return f"{number} {unit}"
    return wording.say(TOLD_UNITS[unit], n=number)


def member_name(dimension: str, member: str, wording: Wording) -> str:
    """A member of a dimension in words; one that no list names stands by its code."""
    if member == UNKNOWN_MEMBER:
        return wording.say("Not known")
    if dimension == "bank_bic":
        return institution_name(member, wording)
    if dimension == "origin_country_code":
        return wording.country(member)
    if member in _MEMBERS.get(dimension, {}):
        return wording.say(_MEMBERS[dimension][member])
    named = (_named(codelist, "id", member, wording) for codelist in _THINGS)
    return next((name for name in named if name), member)


def _named(codelist: str, key: str, code: str, wording: Wording) -> str | None:
    """The name in a codelist; one that has no Kazakh names gives the Russian one."""
    return _names(codelist, key, wording.language).get(code)


@cache
def _names(codelist: str, key: str, language: str) -> Mapping[str, str]:
    names = reference(codelist)
    column = f"name_{language}"
    shown = column if column in names.columns else "name_ru"
    first = names.unique(key, keep="first", maintain_order=True)
    return dict(first.select(key, shown).iter_rows())
