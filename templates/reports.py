"""Which reports exist, and what stands in each of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from templates.wording import LANGUAGES, message
from transforms.periods import Period, PeriodKind
from transforms.regions import COUNTRY, REGION_CODES


class Comparison(StrEnum):
    """What a figure of the period is held against."""

    BEFORE = "before"
    YEAR_BEFORE = "year_before"


@dataclass(frozen=True, slots=True)
class Chapter:
    """Figures that belong together, one row of a table each."""

    title: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegionTable:
    """Every region and the country; a column is an indicator whose regions add up."""

    title: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemberTable:
    """One row for each member of a dimension; a column is an indicator given by it."""

    title: str
    dimension: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One report. The first headline leads; `beside` is a longer period shown beside each figure.

    `map_of` and each of `charts` is an indicator that is drawn by region.
    """

    id: str
    title: str
    period: PeriodKind
    comparisons: tuple[Comparison, ...]
    headlines: tuple[str, ...]
    map_of: str
    charts: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    region_tables: tuple[RegionTable, ...]
    member_tables: tuple[MemberTable, ...]
    beside: PeriodKind | None = None
    languages: tuple[str, ...] = LANGUAGES

    def within(self, area: str) -> "Report":
        """The report as it stands for an area: a region has no map, and no tables of regions.

        Nor does it show what only the country has, such as in how many regions something was.
        """
        if area == COUNTRY:
            return self
        return replace(
            self,
            charts=(),
            region_tables=(),
            chapters=tuple(
                replace(part, indicators=_without(part.indicators, _OF_THE_COUNTRY_ALONE))
                for part in self.chapters
            ),
        )

    @property
    def periods(self) -> tuple[PeriodKind, ...]:
        """The kinds of period whose indicators it is made from."""
        return (self.period, self.beside) if self.beside else (self.period,)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Every indicator that stands somewhere in the report, in order of appearance."""
        return tuple(
            dict.fromkeys(
                [
                    *self.headlines,
                    self.map_of,
                    *self.charts,
                    *(i for part in self.chapters for i in part.indicators),
                    *(i for part in self.region_tables for i in part.indicators),
                    *(i for part in self.member_tables for i in part.indicators),
                ]
            )
        )


_HEADLINES = (
    "drug_assets_arrested_total",
    "dropper_cards_arrested",
    "cashout_amount_intercepted",
    "crypto_arrested",
    "shop_transaction_amount",
    "drug_adverts_removed",
    "precursor_import_violations",
)

_PER_INHABITANTS = (
    "dropper_cards_arrested_per_inhabitants",
    "drug_adverts_removed_per_inhabitants",
    "drug_advert_cases_per_inhabitants",
    "seizure_acts_per_inhabitants",
)

_CHAPTERS = (
    Chapter(
        message("Dropper cards"),
        (
            "dropper_cards_ordered",
            "dropper_cards_arrested",
            "dropper_cards_partly",
            "dropper_cards_refused",
            "dropper_cards_missed",
            "dropper_amount_arrested",
        ),
    ),
    Chapter(
        message("Arrests of accounts: time, what left before, contradictions"),
        (
            "dropper_accounts_arrested",
            "dropper_holders_arrested",
            "dropper_cards_pending",
            "arrest_hours_median",
            "arrest_hours_p90",
            "account_arrest_hours_median",
            "account_arrest_hours_p90",
            "amount_left_before_arrest",
            "accounts_not_judged_before_arrest",
            "arrest_breaks",
        ),
    ),
    Chapter(
        message("Under arrest, and what became of arrests"),
        (
            "assets_ordered",
            "assets_not_answered",
            "assets_refused",
            "cards_under_arrest",
            "assets_under_arrest",
            "assets_arrested_partly",
            "assets_under_arrest_worth",
            "arrest_terms_ending",
            "arrests_expired",
            "arrests_lifted",
            "assets_returned_worth",
            "assets_confiscated_worth",
            "asset_arrest_days_median",
            "asset_arrest_days_p90",
        ),
    ),
    Chapter(
        message("Payments on hold: blocked, not arrested"),
        (
            "payment_holds",
            "payment_holds_amount",
            "payment_holds_ending",
            "payment_holds_lapsed",
        ),
    ),
    Chapter(
        message("Arrested assets and cash-out"),
        (
            "drug_assets_arrested_total",
            "followmoney_case_amount",
            "followmoney_regions",
            "cashout_amount_intercepted",
            "cashout_amount_cash",
            "cashout_amount_on_accounts",
        ),
    ),
    Chapter(
        message("Digital assets"),
        (
            "crypto_arrested",
            "crypto_arrested_tenge",
            "crypto_arrest_measures",
            "crypto_wallets",
            "crypto_case_amount",
        ),
    ),
    Chapter(
        message("Wallets arrested: what they were worth then and are now"),
        (
            "crypto_wallets_arrested",
            "crypto_held_at_arrest",
            "crypto_held_tonight",
            "crypto_held_at_arrest_tenge",
            "crypto_held_tonight_tenge",
        ),
    ),
    Chapter(
        message("Drug shops, laboratories, groups"),
        (
            "shop_transactions",
            "shop_transaction_amount",
            "labs_dismantled",
            "participants_arrested",
            "ocg_members_detained",
        ),
    ),
    Chapter(
        message("Drug adverts"),
        ("drug_adverts_removed", "drug_advertisers_detained", "drug_advert_cases"),
    ),
    Chapter(
        message("Precursors"),
        (
            "precursor_import_violations",
            "precursor_entities_liable",
            "precursor_net_weight",
            "precursor_other_violations",
            "precursor_entities_of_any_violation",
            "precursor_substances",
            "precursor_countries",
            "precursor_offices",
            "precursor_substance_weight",
            "precursor_possible_product",
            "precursor_possible_doses",
        ),
    ),
    Chapter(message("Seizures"), ("seizure_acts", "drugs_seized", "seized_value")),
    Chapter(message("Per 100,000 inhabitants"), _PER_INHABITANTS),
)

_REGION_TABLES = (
    RegionTable(
        message("Regions: cards and money"),
        (
            "dropper_cards_arrested",
            "dropper_amount_arrested",
            "followmoney_case_amount",
            "drug_assets_arrested_total",
            "cashout_amount_intercepted",
        ),
    ),
    RegionTable(
        message("Regions: digital assets and drug shops"),
        (
            "crypto_arrested",
            "crypto_arrest_measures",
            "crypto_wallets",
            "crypto_case_amount",
            "shop_transactions",
            "shop_transaction_amount",
        ),
    ),
    RegionTable(
        message("Regions: laboratories and people"),
        (
            "labs_dismantled",
            "participants_arrested",
            "ocg_members_detained",
            "drug_advertisers_detained",
        ),
    ),
    RegionTable(
        message("Regions: drugs, adverts, precursors"),
        (
            "drug_adverts_removed",
            "drug_advert_cases",
            "precursor_import_violations",
            "precursor_entities_liable",
            "seizure_acts",
            "drugs_seized",
        ),
    ),
    RegionTable(
        message("Regions: precursors"),
        (
            "precursor_net_weight",
            "precursor_other_violations",
            "precursor_entities_of_any_violation",
            "precursor_substances",
            "precursor_countries",
            "precursor_offices",
            "precursor_possible_product",
            "precursor_possible_doses",
        ),
    ),
    RegionTable(message("Regions: per 100,000 inhabitants"), _PER_INHABITANTS),
)

_MEMBER_TABLES = (
    MemberTable(
        message("Dropper cards by bank"),
        "bank_bic",
        (
            "dropper_cards_ordered",
            "dropper_cards_arrested",
            "dropper_cards_refused",
            "dropper_cards_missed",
            "dropper_amount_arrested",
        ),
    ),
    MemberTable(
        message("Arrests of accounts by bank"),
        "bank_bic",
        (
            "dropper_accounts_arrested",
            "arrest_hours_median",
            "arrest_hours_p90",
            "account_arrest_hours_median",
            "account_arrest_hours_p90",
            "dropper_cards_pending",
            "amount_left_before_arrest",
            "accounts_not_judged_before_arrest",
        ),
    ),
    MemberTable(
        message("Orders to arrest, by kind"),
        "asset_code",
        ("assets_ordered", "assets_not_answered", "assets_arrested_partly", "assets_refused"),
    ),
    MemberTable(
        message("Under arrest, by kind"),
        "asset_code",
        (
            "assets_under_arrest",
            "assets_under_arrest_worth",
            "arrests_lifted",
            "assets_confiscated_worth",
            "asset_arrest_days_median",
            "asset_arrest_days_p90",
        ),
    ),
    MemberTable(
        message("Payments on hold, by bank"),
        "bank_bic",
        (
            "payment_holds",
            "payment_holds_amount",
            "payment_holds_ending",
            "payment_holds_lapsed",
        ),
    ),
    MemberTable(message("Payments on hold, by who blocked"), "blocked_by_code", ("payment_holds",)),
    MemberTable(message("Contradictions, by kind"), "break_code", ("arrest_breaks",)),
    MemberTable(message("Contradictions, by who has to act"), "acts_code", ("arrest_breaks",)),
    MemberTable(
        message("Precursors imported without a licence, by reason"),
        "reason_code",
        ("precursor_import_violations",),
    ),
    MemberTable(
        message("Precursors imported without a licence, by substance"),
        "substance_id",
        ("precursor_import_violations",),
    ),
    MemberTable(
        message("Goods with a violation: weight of the substances themselves"),
        "substance_id",
        ("precursor_substance_weight",),
    ),
    MemberTable(
        message("Precursors imported without a licence, by customs office"),
        "office_code",
        ("precursor_import_violations",),
    ),
    MemberTable(
        message("Cards ordered to be arrested, by agency"),
        "agency_code",
        ("dropper_cards_ordered",),
    ),
    MemberTable(
        message("Seizures, by agency"),
        "agency_code",
        ("seizure_acts", "drugs_seized", "seized_value"),
    ),
    MemberTable(
        message("Cash-out, by agency"),
        "agency_code",
        ("cashout_amount_cash", "cashout_amount_on_accounts"),
    ),
    MemberTable(message("Drug advert cases, by agency"), "agency_code", ("drug_advert_cases",)),
    MemberTable(
        message("Assets in cases of special prosecutors, by kind"),
        "asset_code",
        ("followmoney_case_amount",),
    ),
    MemberTable(
        message("Digital assets arrested, by kind"),
        "asset_code",
        ("crypto_arrested", "crypto_arrest_measures"),
    ),
    MemberTable(
        message("Precursors imported without a licence, by country of origin"),
        "origin_country_code",
        ("precursor_import_violations",),
    ),
    MemberTable(
        message("Violations in imports of precursors, by kind"),
        "violation_code",
        ("precursor_other_violations",),
    ),
    MemberTable(
        message("Drugs that the precursors could make at most, by drug"),
        "product_code",
        ("precursor_possible_product", "precursor_possible_doses"),
    ),
    MemberTable(
        message("Drugs seized, by substance"), "substance_code", ("drugs_seized", "drug_seizures")
    ),
    MemberTable(message("Property seized, by kind"), "asset_code", ("seized_value",)),
)

_OF_THE_COUNTRY_ALONE = ("followmoney_regions",)


def _without(indicators: Iterable[str], left_out: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in indicators if name not in left_out)


def _report(
    id_: str, title: str, period: PeriodKind, *against: Comparison, beside: PeriodKind | None
) -> Report:
    """All reports show the same figures: they differ in period and in what it is held against."""
    return Report(
        id=id_,
        title=title,
        period=period,
        comparisons=against,
        beside=beside,
        headlines=_HEADLINES,
        map_of="dropper_cards_arrested",
        charts=("dropper_cards_arrested", "dropper_amount_arrested"),
        chapters=_CHAPTERS,
        region_tables=_REGION_TABLES,
        member_tables=_MEMBER_TABLES,
    )


_BOTH = (Comparison.BEFORE, Comparison.YEAR_BEFORE)
_SO_FAR = PeriodKind.YEAR_TO_DATE

DAILY = _report("daily", message("Daily brief"), PeriodKind.DAY, *_BOTH, beside=_SO_FAR)
WEEKLY = _report("weekly", message("Weekly report"), PeriodKind.WEEK, *_BOTH, beside=_SO_FAR)
MONTHLY = _report("monthly", message("Monthly report"), PeriodKind.MONTH, *_BOTH, beside=_SO_FAR)
QUARTERLY = _report(
    "quarterly", message("Quarterly report"), PeriodKind.QUARTER, *_BOTH, beside=_SO_FAR
)
HALF_YEARLY = _report(
    "half_yearly", message("Half-yearly report"), PeriodKind.HALF_YEAR, *_BOTH, beside=_SO_FAR
)
YEARLY = _report(
    "yearly", message("Annual report"), PeriodKind.YEAR, Comparison.YEAR_BEFORE, beside=None
)
YEAR_TO_DATE = _report(
    "year_to_date",
    message("Results since the beginning of the year"),
    PeriodKind.YEAR_TO_DATE,
    Comparison.YEAR_BEFORE,
    beside=None,
)

REPORTS: tuple[Report, ...] = (
    DAILY,
    WEEKLY,
    MONTHLY,
    QUARTERLY,
    HALF_YEARLY,
    YEARLY,
    YEAR_TO_DATE,
)

REPORT_BY_ID = {report.id: report for report in REPORTS}

AREAS: tuple[str, ...] = (COUNTRY, *REGION_CODES)


def reports_due(night: date) -> tuple[Report, ...]:
    """Those whose period is over with this day, and the year to date, which never is."""
    return tuple(r for r in REPORTS if Period.ending(r.period, night).is_due)
