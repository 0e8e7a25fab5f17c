"""What is planted: the only place where a figure of the demonstration is written.

The story is that of the year to 18 August 2025. Each stretch of days has its own figures; those
of `THE_YEAR_TO_THE_STORY` are what the pipeline must arrive at, to the tiyn and the cent.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

STORY_DAY = date(2025, 8, 18)
OPENING_ARCHIVE = date(2024, 12, 31)

MANGYSTAU, ULYTAU, ASTANA, ALMATY, SHYMKENT = "47", "62", "71", "75", "79"


@dataclass(frozen=True, slots=True)
class Violations:
    """Unlicensed imports of one kind: how many declaration items, by how many consignees."""

    kind: str
    facts: int
    entities: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What happens in one stretch of days. Money in tiyn or cents, like the pipeline's."""

    cards_arrested: int
    cards_held_tiyn: int
    cards_refused: int
    cards_never_answered: int
    case_regions: tuple[str, ...]
    case_tiyn: int
    cashout_cash_tiyn: int
    cashout_account_tiyn: int
    wallets_arrested: int
    wallets_arrested_cents: int
    wallets_measures: int
    wallets_measures_cents: int
    crypto_case_cents: int
    shop_transactions: int
    shop_tiyn: int
    laboratories: int
    participants: int
    members: int
    adverts_removed: int
    advertisers: int
    advert_cases: int
    violations: tuple[Violations, ...]
    cases_per_day: int
    assets_per_day: int
    seizures_per_day: int
    goods_per_day: int

    def scaled(self, share: float) -> "Figures":
        """The same story told smaller, in the same regions."""
        violations = tuple(
            replace(v, facts=max(1, round(v.facts * share)), entities=1) for v in self.violations
        )
        per_day = ("cases_per_day", "assets_per_day", "seizures_per_day", "goods_per_day")
        counted = {
            name: round(value * share)
            for name in self.__dataclass_fields__
            if isinstance(value := getattr(self, name), int) and name not in per_day
        }
        return replace(self, violations=violations, **counted)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days `since` to `until`, both included, with one set of figures."""

    name: str
    since: date
    until: date
    figures: Figures


_2025 = Figures(
    cards_arrested=85_214,
    cards_held_tiyn=2_304_618_273_46,
    cards_refused=3_127,
    cards_never_answered=646,
    case_regions=(MANGYSTAU, ULYTAU, ASTANA, ALMATY, SHYMKENT),
    case_tiyn=9_243_187_406_91,
    cashout_cash_tiyn=1_204_361_918_37,
    cashout_account_tiyn=1_097_254_602_83,
    wallets_arrested=41,
    wallets_arrested_cents=6_013_482_57,
    wallets_measures=88,
    wallets_measures_cents=3_806_129_44,
    crypto_case_cents=12_037_418_63,
    shop_transactions=500_873,
    shop_tiyn=70_124_638_215_40,
    laboratories=2,
    participants=24,
    members=9,
    adverts_removed=35_418,
    advertisers=22,
    advert_cases=133,
    violations=(
        Violations("never_licensed", 24, 15),
        Violations("expired", 11, 8),
        Violations("not_yet_in_force", 7, 4),
        Violations("other_substance", 10, 6),
        Violations("withdrawn", 6, 4),
    ),
    cases_per_day=38,
    assets_per_day=34,
    seizures_per_day=52,
    goods_per_day=108,
)

_2024 = Figures(
    cards_arrested=52_906,
    cards_held_tiyn=1_391_744_518_20,
    cards_refused=2_240,
    cards_never_answered=702,
    case_regions=(MANGYSTAU, ULYTAU, ASTANA, SHYMKENT),
    case_tiyn=5_618_902_377_15,
    cashout_cash_tiyn=741_206_338_90,
    cashout_account_tiyn=689_417_250_66,
    wallets_arrested=26,
    wallets_arrested_cents=3_894_217_08,
    wallets_measures=53,
    wallets_measures_cents=2_271_640_19,
    crypto_case_cents=7_918_305_72,
    shop_transactions=311_406,
    shop_tiyn=43_870_112_904_55,
    laboratories=1,
    participants=15,
    members=6,
    adverts_removed=23_972,
    advertisers=14,
    advert_cases=92,
    violations=(
        # None withdrawn: an archive does not tell on which day of its year a licence was.
        Violations("never_licensed", 19, 12),
        Violations("expired", 10, 8),
        Violations("not_yet_in_force", 4, 3),
        Violations("other_substance", 6, 4),
    ),
    cases_per_day=29,
    assets_per_day=24,
    seizures_per_day=41,
    goods_per_day=92,
)

THE_YEAR_TO_THE_STORY = Stretch("2025 to the story", date(2025, 1, 1), STORY_DAY, _2025)
THE_YEAR_BEFORE = Stretch("2024 to the same day", date(2024, 1, 1), date(2024, 8, 18), _2024)

STRETCHES = (
    THE_YEAR_BEFORE,
    Stretch("rest of 2024", date(2024, 8, 19), OPENING_ARCHIVE, _2024.scaled(0.66)),
    THE_YEAR_TO_THE_STORY,
    Stretch("rest of 2025", STORY_DAY + timedelta(days=1), date(2025, 12, 31), _2025.scaled(0.62)),
)
FIRST_DAY = STRETCHES[0].since
LAST_DAY = STRETCHES[-1].until
