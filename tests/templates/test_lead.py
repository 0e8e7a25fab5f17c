"""The first sentences of a report, word by word, against the rows that they are counted from."""

import polars as pl
import pytest

from templates.comparing import comparisons
from templates.figures import Figures
from templates.found import nothing_found
from templates.material import Material
from templates.reports import DAILY
from templates.sections.lead import lead
from templates.wording import LANGUAGES, wording
from tests.templates.story import NIGHT, completeness
from tests.templates.test_wording import plain
from tests.transforms.drawings import rows_of
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.cards import CARD_ARRESTS
from transforms.facts import ALL_FACTS
from transforms.indicators import INDICATOR_BY_ID, INDICATORS, values_for
from transforms.periods import Period

TOLD = (
    *("dropper_cards_arrested", "dropper_amount_arrested"),
    *("followmoney_case_amount", "drug_assets_arrested_total"),
)
# Of the night 150 + 50 million tenge on three cards of two accounts: cards of one account share its
# balance, the second arrest of a card holds no more, a refusal holds nothing, and the day before
# had one card of 100 million.
CARDS = """
order_id | card_token | bank_bic | region_code | status_code | executed_on | executed_at          | held_tiyn
-------------------------------------------------------------------------------------------------------------
1        | a          | X        | 75          | executed    | 2025-08-18  | 2025-08-18T06:00:00Z | 15000000000
1        | b          | X        | 75          | executed    | 2025-08-18  | 2025-08-18T06:00:00Z | 15000000000
2        | c          | Y        | 10          | executed    | 2025-08-18  | 2025-08-18T06:00:00Z | 5000000000
3        | a          | X        | 75          | executed    | 2025-08-18  | 2025-08-18T09:00:00Z | 700000000
3        | d          | X        | 75          | refused     | -           | -                    | -
4        | e          | X        | 75          | executed    | 2025-08-17  | 2025-08-17T06:00:00Z | 10000000000
"""
ACCOUNTS = """
order_id | account_iban | bank_bic | region_code | status_code | executed_on | executed_at          | held_tiyn
---------------------------------------------------------------------------------------------------------------
1        | a-and-b      | X        | 75          | executed    | 2025-08-18  | 2025-08-18T06:00:00Z | 15000000000
2        | c            | Y        | 10          | executed    | 2025-08-18  | 2025-08-18T06:00:00Z | 5000000000
3        | a-and-b      | X        | 75          | executed    | 2025-08-18  | 2025-08-18T09:00:00Z | 700000000
3        | d            | X        | 75          | refused     | -           | -                    | -
4        | e            | X        | 75          | executed    | 2025-08-17  | 2025-08-17T06:00:00Z | 10000000000
"""
# 300 million of special prosecutors: neither digital assets, nor other agencies, nor what is only
# looked into; 100 million the day before.
ASSETS = """
measure_id | stage_code          | asset_code | agency_code          | region_code | arrested_on | value_tiyn
-----------------------------------------------------------------------------------------------------------
1          | arrested            | cash       | special_prosecutors  | 75          | 2025-08-18  | 30000000000
2          | arrested            | crypto     | special_prosecutors  | 75          | 2025-08-18  | 1100000000
3          | arrested            | cash       | police               | 75          | 2025-08-18  | 1300000000
4          | under_investigation | cash       | special_prosecutors  | 75          | 2025-08-18  | 1700000000
5          | arrested            | vehicle    | special_prosecutors  | 75          | 2025-08-17  | 10000000000
"""
SAID = {
    "en": (
        "500.0 million tenge is the value of arrested assets of the drug trade: 200.0 million tenge "
        "on dropper cards (3 cards) and 300.0 million tenge in cases of special prosecutors.",
        "Against the day before: +150.0% in value, +2 in cards.",
        "Against the same day of 2024: +500.0 million tenge in value, +3 in cards.",
        "Most cards were arrested in: Almaty (2) and Abai Region (1).",
        "All deliveries that were due are in.",
    ),
    "ru": (
        "500,0 млн тенге — стоимость арестованных активов наркобизнеса: 200,0 млн тенге на картах "
        "дропперов (3 карты) и 300,0 млн тенге по делам спецпрокуроров.",
        "К предыдущему дню: +150,0 % по сумме, +2 по числу карт.",
        "К тому же дню 2024 года: +500,0 млн тенге по сумме, +3 по числу карт.",
        "Больше всего карт арестовано: город Алматы (2) и область Абай (1).",
        "Все ожидавшиеся поставки данных получены.",
    ),
    "kk": (
        "500,0 млн теңге — есірткі бизнесінің тыйым салынған активтерінің құны: 200,0 млн теңге "
        "дроппер карталарында (3 карта) және 300,0 млн теңге арнайы прокурорлардың істері бойынша.",
        "Алдыңғы күнге қарағанда: сомасы бойынша +150,0%, карталар саны бойынша +2.",
        "2024 жылғы дәл осы күнге қарағанда: сомасы бойынша +500,0 млн теңге, "
        "карталар саны бойынша +3.",
        "Карталарға ең көп тыйым салынған өңірлер: Алматы қаласы (2) және Абай облысы (1).",
        "Күтілген деректердің барлық жеткізілімі алынды.",
    ),
}


def said(language: str) -> list[str]:
    words, day = wording(language), Period.ending(DAILY.period, NIGHT)
    facts = {fact.table.name: rows_of(fact.table) for fact in ALL_FACTS}
    drawn = {CARD_ARRESTS: CARDS, ACCOUNT_ARRESTS: ACCOUNTS, ASSET_ARRESTS: ASSETS}
    told_on = pl.lit(NIGHT).alias("business_date")
    facts |= {t.name: rows_of(t, drawing).with_columns(told_on) for t, drawing in drawn.items()}
    values = values_for(
        [INDICATOR_BY_ID[name] for name in TOLD],
        facts,
        [day, day.before, day.year_before],
        NIGHT,
        provisional=[],
        versions=dict.fromkeys(facts, 1),
    )
    at_hand = Material(
        report=DAILY,
        period=day,
        area="KZ",
        revision=1,
        compared=comparisons(DAILY, day, words),
        beside=None,
        figures=Figures(values.collect(), INDICATORS, words),
        completeness=completeness(whole=True),
        found=nothing_found(),
        checks="",
        notes={},
        words=words,
    )
    return [plain(sentence) for sentence in lead(at_hand)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_leadership_reads_first_is_what_the_rows_of_arrests_come_to(language):
    assert tuple(said(language)) == SAID[language]
