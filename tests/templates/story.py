"""Made-up indicators and deliveries of one night: small, whole, the same every time."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256

import polars as pl

from templates.edition import edition
from templates.found import nothing_found
from templates.model import Edition
from templates.render import render
from templates.reports import DAILY, YEAR_TO_DATE, Report
from templates.sections.rules import RulesMeasured
from tests.tables import table
from transforms.deliveries import GAPS
from transforms.droppers.evaluation import TRUTH, evaluation
from transforms.droppers.typologies import in_force_on, typologies
from transforms.indicators import (
    INDICATOR_BY_ID,
    INDICATOR_TABLE,
    INDICATORS,
    Indicator,
    periods_before,
)
from transforms.periods import Period, PeriodKind
from transforms.regions import COUNTRY, REGION_CODES, UNKNOWN_REGION, inhabitants

DRAWN_REPORTS = (DAILY, YEAR_TO_DATE)  # the others are the same but for their period
NIGHT = date(2025, 8, 18)
FINGERPRINT = "3f9a2c71d0b84e56"
CHECKS = "../../../../../checks/2025-08-18/latest.html"
EVALUATED = "../../../../../checks/evaluation/7/2025-08-18/evaluation"

PLANTED = """
account_iban | is_member | role      | network | scheme
-------------------------------------------------------
a            | true      | dropper   | 1:a     | fan_in
b            | true      | collector | 1:a     | fan_in
c            | false     | seller    | -       | -
"""
LISTED = """
account_iban | score
--------------------
a            | 90
c            | 80
"""
SHOWN = """
account_iban | typology_code | points
-------------------------------------
a            | DRP-01        | 40
c            | DRP-03        | 80
"""


def rules(codes: tuple[str, ...] = ("DRP-01", "DRP-03", "CTR-01")) -> RulesMeasured:
    """Some typologies in force, measured on three accounts."""
    listed, shown = (table(d).with_columns(night=pl.lit(NIGHT)) for d in (LISTED, SHOWN))
    truth = table(PLANTED).cast(dict(TRUTH.schema))
    measured = evaluation(listed, shown, truth, rule_version="7", tops=(1,), seed=1).collect()
    in_force = in_force_on(typologies(), NIGHT).filter(pl.col("code").is_in(codes))
    return RulesMeasured("7", in_force.to_dicts(), measured, EVALUATED)


# For the year to the night; a day has a share of it.
YEAR = {
    "dropper_cards_ordered": 88_987,
    "dropper_cards_arrested": 85_214,
    "dropper_cards_partly": 4_310,
    "dropper_cards_refused": 3_127,
    "dropper_cards_missed": 646,
    "dropper_amount_arrested": 2_304_618_273_46,
    "followmoney_case_amount": 9_243_187_406_91,
    "followmoney_regions": 5,
    "cashout_amount_cash": 1_204_361_918_37,
    "cashout_amount_on_accounts": 1_097_254_602_83,
    "crypto_arrested": 6_013_482_57,
    "crypto_arrested_tenge": 3_217_000_000_00,
    "crypto_arrest_measures": 3_806_129_44,
    "crypto_wallets": 88,
    "crypto_case_amount": 12_037_418_63,
    "shop_transactions": 500_873,
    "shop_transaction_amount": 70_124_638_215_40,
    "labs_dismantled": 2,
    "participants_arrested": 24,
    "ocg_members_detained": 9,
    "drug_adverts_removed": 35_418,
    "drug_advertisers_detained": 22,
    "drug_advert_cases": 133,
    "precursor_import_violations": 58,
    "precursor_entities_liable": 37,
    "precursor_net_weight": 48_310_400,
    "precursor_other_violations": 9,
    "precursor_over_quota": 2,
    "precursor_split_under_threshold": 0,
    "precursor_split_among_related": 0,
    "precursor_misdeclared": 4,
    "precursor_consignee_unregistered": 0,
    "precursor_consignee_newly_founded": 3,
    "precursor_consignee_known_from_case": 0,
    "precursor_no_end_use": 0,
    "precursor_entities_of_any_violation": 41,
    "precursor_substance_weight": 51_204_300,
    "precursor_possible_product": 16_240_100,
    "precursor_possible_doses": 31_402_118,
    "precursor_substances": 9,
    "precursor_countries": 4,
    "precursor_offices": 12,
    "seizure_acts": 11_906,
    "drug_seizures": 9_874,
    "drugs_seized": 3_412_705,
    "seized_value": 1_960_442_118_05,
    "dropper_accounts_arrested": 83_902,
    "dropper_holders_arrested": 71_466,
    "dropper_cards_pending": 214,
    "arrest_hours_median": 38,
    "arrest_hours_p90": 61,
    "account_arrest_hours_median": 37,
    "account_arrest_hours_p90": 60,
    "amount_left_before_arrest": 187_330_412_09,
    "accounts_not_judged_before_arrest": 1_204,
    "arrest_breaks": 311,
    "assets_ordered": 2_418,
    "assets_not_answered": 307,
    "assets_arrested_partly": 1_204,
    "assets_refused": 88,
    "cards_under_arrest": 83_112,
    "assets_under_arrest": 88_640,
    "assets_under_arrest_worth": 10_950_412_118_07,
    "arrest_terms_ending": 41,
    "arrests_expired": 63,
    "arrests_lifted": 512,
    "assets_returned_worth": 212_004_118_00,
    "assets_confiscated_worth": 501_220_914_50,
    "asset_arrest_days_median": 1,
    "asset_arrest_days_p90": 3,
    "payment_holds": 47,
    "payment_holds_amount": 9_871_204_33,
    "payment_holds_ending": 12,
    "payment_holds_lapsed": 3,
    "crypto_wallets_arrested": 142,
    "crypto_held_at_arrest": 5_871_204_33,
    "crypto_held_tonight": 6_420_118_75,
    "crypto_held_at_arrest_tenge": 3_141_094_316_55,
    "crypto_held_tonight_tenge": 3_434_763_531_25,
}
WEEKS_TOLD = 8
EARLIER = 0.62  # the year before, and the day before, had less
MEMBERS = {
    "bank_bic": ("CASPKZKA", "HSBKKZKX", "KCJBKZKX", "IRTYKZKA", "KSNVKZKA", "EURIKZKA"),
    "reason_code": (
        "never_licensed",
        "expired",
        "not_yet_in_force",
        "other_substance",
        "withdrawn",
    ),
    "origin_country_code": ("CN", "RU"),
    "office_code": ("55751", "55101"),
    "violation_code": ("misdeclared", "consignee_newly_founded", "over_quota"),
    "product_code": ("heroin", "amphetamine"),
    "substance_id": ("acetone", "hydrochloric_acid", "toluene", "ephedrine"),
    "substance_code": ("cannabis", "mephedrone", "alpha_pvp", "heroin", "unknown"),
    "asset_code": ("cash", "vehicle", "equipment", "real_estate"),
    "acts_code": ("bank", "agency"),
    "blocked_by_code": ("bank", "anti_fraud_centre"),
    "break_code": ("order_not_answered", "card_in_two_cases", "case_without_orders"),
}
GAP = {"card_arrest_confirmations": "missing", "seizures": "unreadable"}
OWED = {
    "card_arrest_confirmations": MEMBERS["bank_bic"],
    "card_arrest_orders": ("kpssu",),
    "card_transactions": MEMBERS["bank_bic"],
    "asset_arrests": ("kpssu",),
    "criminal_cases": ("kpssu",),
    "wallet_freezes": ("EXCH01", "EXCH02"),
    "payment_holds": ("nbk",),
    "import_declarations": ("kgd",),
    "precursor_licences": ("mvd",),
    "legal_entities": ("minjust",),
    "seizures": ("mvd", "kgd"),
    "field_reports": ("gp",),
    "exchange_rates": ("nbk",),
    "crypto_prices": ("nbk",),
}


@cache
def indicators(
    night: date = NIGHT, kinds: tuple[PeriodKind, ...] = (PeriodKind.DAY, PeriodKind.YEAR_TO_DATE)
) -> pl.DataFrame:
    """`INDICATOR_TABLE` of the night: some kinds of period, with what they are compared to."""
    spans = [
        period
        for kind in kinds
        for this in [Period.ending(kind, night)]
        for period in dict.fromkeys((this, this.before, this.year_before))
    ]
    rows = [row for span in spans for i in INDICATORS for row in _rows(i, span, night)]
    if PeriodKind.DAY in kinds:
        rows += _history(Period.ending(PeriodKind.DAY, night), night)
    return pl.DataFrame(rows, schema=INDICATOR_TABLE.schema, orient="row").sort(INDICATOR_TABLE.key)


def _history(this: Period, night: date) -> list[tuple[object, ...]]:
    """Totals of the headlines on the same weekday of the weeks before, since the feeds began."""
    told = {part for name in DAILY.headlines for part in (name, *INDICATOR_BY_ID[name].parts)}
    return [
        row
        for span in periods_before(this)[:WEEKS_TOLD]
        for name in sorted(told)
        for row in _rows(INDICATOR_BY_ID[name], span, night)
        if not row[6]
    ]


def completeness(night: date = NIGHT, *, whole: bool = False) -> pl.DataFrame:
    """Deliveries of the night. One bank is missing and one file can't be read, unless `whole`."""
    rows = []
    for feed, institutions in OWED.items():
        for number, institution in enumerate(institutions):
            is_last = number == len(institutions) - 1
            state = GAP.get(feed, "in_time") if is_last and not whole else "in_time"
            if feed == "wallet_freezes" and number == 0 and not whole:
                state = "late"
            delivered = 40 + _dice(feed, institution) % 900
            aside = 3 if feed in {"card_transactions", "seizures"} and not whole else 0
            has_rows = state not in GAPS
            rows.append(
                (
                    feed,
                    institution,
                    night,
                    state,
                    delivered if has_rows else None,
                    None,
                    delivered - aside if has_rows else None,
                    aside if has_rows else None,
                    "Line 1 is not the header of annex 2. Deliver the file again."
                    if state == "unreadable"
                    else None,
                    [i.id for i in INDICATORS if i.fact is not None and feed in i.fact.feeds],
                )
            )
    return pl.DataFrame(
        rows,
        schema={
            "feed": pl.String,
            "institution": pl.String,
            "business_date": pl.Date,
            "state_code": pl.String,
            "rows_delivered": pl.Int64,
            "usual_rows": pl.Int64,
            "rows_accepted": pl.Int64,
            "rows_quarantined": pl.Int64,
            "reason": pl.String,
            "affects": pl.List(pl.String),
        },
        orient="row",
    )


def rendered(report: Report, area: str = COUNTRY, **changed: object) -> dict[str, bytes]:
    """The files of one report of the night; `changed` replaces arguments of `render`."""
    arguments: dict[str, object] = {
        "area": area,
        "business_date": NIGHT,
        "revision": 1,
        "release": "rule",
        "indicators": indicators(),
        "completeness": completeness(),
        "checks": CHECKS,
        "rules": rules(),
        "found": nothing_found(),
        "catalogue": INDICATORS,
        "fingerprint": FINGERPRINT,
    }
    return render(report, **{**arguments, **changed})


def composed(report: Report, language: str = "en", **changed: object) -> Edition:
    """One edition of the night; `changed` replaces arguments of `edition`.

    An edition is frozen: one of the story's own tables is made once.
    """
    if changed.keys() <= {"area", "revision", "release", "business_date", "fingerprint"}:
        return _composed_once(report, language, tuple(changed.items()))
    return _composed(report, language, changed)


@cache
def _composed_once(
    report: Report, language: str, changed: tuple[tuple[str, object], ...]
) -> Edition:
    return _composed(report, language, dict(changed))


def _composed(report: Report, language: str, changed: Mapping[str, object]) -> Edition:
    arguments: dict[str, object] = {
        "area": COUNTRY,
        "business_date": NIGHT,
        "revision": 1,
        "release": "rule",
        "language": language,
        "indicators": indicators(),
        "completeness": completeness(),
        "checks": CHECKS,
        "rules": rules(),
        "found": nothing_found(),
        "catalogue": INDICATORS,
        "fingerprint": FINGERPRINT,
    }
    return edition(report, **{**arguments, **changed})


def _rows(indicator: Indicator, span: Period, night: date) -> list[tuple[object, ...]]:
    if indicator.per_inhabitants:
        return _rates(indicator, span, night)
    regions = _by_region(indicator, span, night)
    if not (indicator.adds_up or indicator.has_zeros):
        return _same_everywhere(indicator, span, night)
    # Different things are at most as many as in all regions, and at least as in any of them.
    country = sum(regions.values()) if indicator.adds_up else max(regions.values())
    cells = [("", "", COUNTRY, country)]
    cells += [("", "", region, value) for region, value in regions.items()]
    for dimension in indicator.by:
        members = MEMBERS.get(dimension, ("police", "special_prosecutors"))
        for region, value in [(COUNTRY, country), *regions.items()]:
            shares = _split(value, members, f"{indicator.id}{dimension}{span.end}")
            cells += [(dimension, m, region, v) for m, v in shares.items() if v]
    return _worded(indicator, span, night, cells)


def _rates(indicator: Indicator, span: Period, night: date) -> list[tuple[object, ...]]:
    regions = _by_region(INDICATOR_BY_ID[indicator.per_inhabitants], span, night)
    counted = {COUNTRY: sum(regions.values()), **regions}
    people = dict(inhabitants().collect().iter_rows())
    cells = [("", "", area, 10**7 * counted[area] // people[area]) for area in people]
    return _worded(indicator, span, night, cells)


def _same_everywhere(indicator: Indicator, span: Period, night: date) -> list[tuple[object, ...]]:
    """A median has one value of its own at each bank but the last, which arrested nothing."""
    value = YEAR[indicator.id] + (0 if span.end == night else 5)
    banks = MEMBERS["bank_bic"][:-1]
    cells = [("", "", COUNTRY, value)]
    cells += [("bank_bic", bank, COUNTRY, value + n) for n, bank in enumerate(banks)]
    return _worded(indicator, span, night, cells)


def _worded(
    indicator: Indicator, span: Period, night: date, cells: list[tuple[str, str, str, int]]
) -> list[tuple[object, ...]]:
    feeds = [f for i in _made_of(indicator) if i.fact for f in i.fact.feeds]
    is_open = span.end == night and bool(set(feeds) & set(GAP))
    return [
        (
            night,
            str(span.kind),
            span.start,
            span.end,
            indicator.id,
            region,
            dimension,
            member,
            value,
            indicator.unit,
            "provisional" if is_open else "final",
            [f"{i.fact.table.name}@7" for i in _made_of(indicator) if i.fact],
        )
        for dimension, member, region, value in cells
    ]


def _by_region(indicator: Indicator, span: Period, night: date) -> dict[str, int]:
    places = (*REGION_CODES, UNKNOWN_REGION)
    if indicator.parts:
        parts = [_by_region(INDICATOR_BY_ID[p], span, night) for p in indicator.parts]
        return {place: sum(part[place] for part in parts) for place in places}
    if indicator.id == "followmoney_regions":
        return {place: int(place in {"47", "62", "71", "75", "79"}) for place in places}
    share = 1 if span.kind is PeriodKind.YEAR_TO_DATE else 1 / 230
    is_week_before = span.kind is PeriodKind.DAY and 1 < (night - span.end).days < 100
    earlier = 0.4 + _dice(str(span.end)) % 70 / 100 if is_week_before else EARLIER
    total = YEAR[indicator.id] * share * (1 if span.end == night else earlier)
    return _split(round(total), places, f"{indicator.id}{span.end.year}")


def _split(total: int, names: tuple[str, ...], seed: str) -> dict[str, int]:
    """A whole number in uneven whole parts; the last name, which is "unknown", gets least."""
    weights = {name: 1 + _dice(seed, name) % 97 for name in names}
    weights[names[-1]] = 1
    whole = sum(weights.values())
    parts = {name: total * weight // whole for name, weight in weights.items()}
    parts[max(weights, key=lambda name: weights[name])] += total - sum(parts.values())
    return parts


def _made_of(indicator: Indicator) -> list[Indicator]:
    return [INDICATOR_BY_ID[part] for part in indicator.made_of] or [indicator]


def _dice(*words: str) -> int:
    return int.from_bytes(sha256("/".join(words).encode()).digest()[:4], "big")
