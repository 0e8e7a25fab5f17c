"""What holds for every figure: regions, periods, status, sources, reconciliation."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from templates.reports import DAILY, YEAR_TO_DATE
from tests.transforms.drawings import rows_of
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.cards import CARD_ARRESTS
from transforms.contracts import Table
from transforms.facts import ALL_FACTS
from transforms.indicators import (
    INDICATOR_BY_ID,
    INDICATOR_TABLE,
    INDICATORS,
    Indicator,
    composite_values,
    indicator_values,
    unreconciled,
    values_for,
)
from transforms.indicators.figures import IncompleteCatalogue
from transforms.periods import Period, PeriodKind
from transforms.regions import REGION_CODES, inhabitants

NIGHT = date(2026, 3, 10)
DAY = Period.ending(PeriodKind.DAY, NIGHT)
YEAR = Period.ending(PeriodKind.YEAR_TO_DATE, NIGHT)
PERIODS = (DAY, DAY.before, YEAR, YEAR.before)
VERSIONS = {fact.table.name: 12 for fact in ALL_FACTS}
UNITS = {
    *("cards", "tiyn", "usd_cent", "gram", "persons", "wallets", "transactions", "objects"),
    *("cases", "facts", "entities", "laboratories", "acts", "regions"),
    *("accounts", "hours", "days", "breaks", "holds", "per_10_million"),
    *("substances", "countries", "offices", "doses"),
}
WITH_ZEROS = [i.id for i in INDICATORS if i.has_zeros]
DAYS_OF_THEIR_OWN = [i.fact.table.name for i in INDICATORS if i.happened_on == "business_date"]
STOCKS = [
    *("arrest_breaks", "dropper_cards_pending"),
    *("payment_holds", "payment_holds_amount", "payment_holds_ending", "payment_holds_lapsed"),
]
"""What is open at the end of a period, whenever it began."""

CODES = {
    "status_code": ["executed", "partly", "refused", "not_found", "pending"],
    "stage_code": ["arrested", "measures_taken", "under_investigation"],
    "asset_code": ["cash", "bank_account", "crypto", "drug"],
    "agency_code": ["special_prosecutors", "police"],
    "scheme_code": ["cash_out", "unknown"],
    "event_code": ["shop_account_examined", "advert_removed", "member_detained"],
    "article_code": ["299-1", "297"],
    "break_code": ["order_not_answered", "case_without_orders"],
    "region_code": ["10", "75", "unknown"],
}


def cells(name: str, dtype: pl.DataType, *, nullable: bool) -> st.SearchStrategy:
    if name in CODES:
        return st.sampled_from(CODES[name])
    if name == "business_date":
        return st.just(NIGHT)
    if dtype == pl.Date:
        days = [date(2025, 3, 3), date(2026, 2, 1), date(2026, 3, 9), NIGHT]
        return st.sampled_from([*days, None] if nullable else days)
    if dtype == pl.Int64:
        return st.sampled_from([1, 20, None] if nullable else [1, 20])
    if dtype == pl.String:
        return st.sampled_from(["a", "b"])
    return st.none()


def facts_of(table: Table) -> st.SearchStrategy:
    row = st.fixed_dictionaries(
        {c.name: cells(c.name, c.dtype, nullable=c.nullable) for c in table.columns}
    )
    return st.lists(row, max_size=6, unique_by=lambda r: tuple(r[key] for key in table.key)).map(
        lambda rows: pl.DataFrame(rows, schema=table.schema)
    )


all_facts = st.fixed_dictionaries({fact.table.name: facts_of(fact.table) for fact in ALL_FACTS})


def figures_of(facts: dict[str, pl.DataFrame], provisional: tuple[str, ...] = ()) -> pl.DataFrame:
    return values_for(
        INDICATORS,
        {name: rows.lazy() for name, rows in facts.items()},
        PERIODS,
        NIGHT,
        provisional=provisional,
        versions=VERSIONS,
    ).collect()


@pytest.fixture(scope="module")
def nothing() -> dict[str, pl.DataFrame]:
    return {fact.table.name: pl.DataFrame(schema=fact.table.schema) for fact in ALL_FACTS}


@pytest.fixture(scope="module")
def of_nothing(nothing) -> pl.DataFrame:
    return figures_of(nothing)


def test_all_regions_are_always_shown_with_the_country_and_the_unknown(of_nothing):
    shown = (
        of_nothing.filter(pl.col("indicator").is_in(WITH_ZEROS))
        .group_by("indicator", "period_start", "period_end")
        .agg(regions=pl.col("region_code").sort(), value=pl.col("value").sum())
    )

    assert shown["indicator"].unique().sort().to_list() == sorted(WITH_ZEROS)
    assert shown.height == len(WITH_ZEROS) * len(PERIODS)
    assert shown["regions"].to_list() == [[*REGION_CODES, "KZ", "unknown"]] * shown.height
    assert shown["value"].to_list() == [0] * shown.height


def test_the_values_conform_and_their_key_is_unique(of_nothing):
    assert of_nothing.schema == INDICATOR_TABLE.schema
    assert not of_nothing.select(INDICATOR_TABLE.key).is_duplicated().any()


def test_every_indicator_has_its_unit_and_is_worded_in_three_languages():
    words = [w for i in INDICATORS for w in (i.name, i.definition, i.leaves_out)]

    assert {i.unit for i in INDICATORS} == UNITS
    assert len(INDICATOR_BY_ID) == len(INDICATORS)
    assert all(text.strip() for w in words for text in (w.ru, w.kk, w.en))


def test_every_indicator_reads_columns_of_its_facts():
    named = [(i, {i.happened_on, *i.by}) for i in INDICATORS if i.fact]

    assert [i.id for i, columns in named if not columns <= set(i.fact.table.schema)] == []


@settings(max_examples=12)
@given(all_facts)
def test_regions_and_members_and_parts_add_up(facts):
    values = figures_of(facts).lazy()

    assert unreconciled(values).collect().is_empty()


@settings(max_examples=6)
@given(all_facts)
def test_the_order_of_rows_changes_nothing(facts):
    backwards = {name: rows.reverse() for name, rows in facts.items()}

    assert_frame_equal(figures_of(backwards), figures_of(facts))


@settings(max_examples=6)
@given(all_facts)
def test_facts_of_a_later_night_or_of_other_days_change_nothing(facts):
    later = {
        name: pl.concat(
            [
                rows,
                rows.with_columns(business_date=pl.lit(date(2026, 3, 11))),
                rows.with_columns(
                    pl.col(pl.Date)
                    .exclude(() if name in DAYS_OF_THEIR_OWN else "business_date")
                    .dt.offset_by("-10y")
                ),
            ]
        )
        for name, rows in facts.items()
    }

    is_of_days = ~pl.col("indicator").is_in(STOCKS)
    assert_frame_equal(figures_of(later).filter(is_of_days), figures_of(facts).filter(is_of_days))


@settings(max_examples=6)
@given(facts_of(CARD_ARRESTS), st.sampled_from(PERIODS))
def test_one_indicator_alone_has_the_values_that_it_has_among_all(facts, period):
    indicator = INDICATOR_BY_ID["dropper_cards_arrested"]
    others = {f.table.name: pl.DataFrame(schema=f.table.schema) for f in ALL_FACTS}

    alone = indicator_values(
        indicator,
        facts.lazy(),
        period,
        NIGHT,
        status="final",
        sources=["facts.card_arrests@12"],
    ).collect()

    among_all = figures_of(others | {CARD_ARRESTS.name: facts}).filter(
        pl.col("indicator") == indicator.id,
        pl.col("period") == str(period.kind),
        pl.col("period_start") == period.start,
    )
    assert_frame_equal(alone, among_all)


def test_a_gap_makes_its_figures_and_their_sums_provisional(nothing):
    values = figures_of(nothing, provisional=("facts.account_arrests", "facts.card_arrests"))

    provisional = values.filter(pl.col("status_code") == "provisional")
    assert provisional["indicator"].unique().sort().to_list() == [
        "dropper_accounts_arrested",
        "dropper_amount_arrested",
        "dropper_cards_arrested",
        "dropper_cards_arrested_per_inhabitants",
        "dropper_cards_missed",
        "dropper_cards_ordered",
        "dropper_cards_partly",
        "dropper_cards_pending",
        "dropper_cards_refused",
        "dropper_holders_arrested",
        "drug_assets_arrested_total",
    ]


def test_a_figure_names_the_versions_that_it_was_computed_from(of_nothing):
    sources = dict(of_nothing.select("indicator", "sources").unique().iter_rows())

    assert sources["dropper_cards_missed"] == ["facts.card_arrests@12"]
    assert sources["drug_assets_arrested_total"] == [
        "facts.account_arrests@12",
        "facts.asset_arrests@12",
    ]


def test_a_composite_is_the_sum_of_its_parts_in_every_region():
    parts = rows_of(
        Table(
            name="drawn",
            grain="",
            key=(),
            columns=tuple(c for c in INDICATOR_TABLE.columns if c.name != "sources"),
        ),
        """
        indicator                  | region_code | value | status_code | dimension
        ---------------------------------------------------------------------------
        cashout_amount_cash        | KZ          | 5     | final       | -
        cashout_amount_on_accounts | KZ          | 7     | provisional | -
        cashout_amount_cash        | 75          | 5     | final       | -
        cashout_amount_on_accounts | 10          | 7     | final       | -
        followmoney_case_amount    | KZ          | 900   | final       | -
        """,
    ).with_columns(
        sources=pl.lit(["facts.asset_arrests@1"]),
        dimension=pl.lit(""),
        member=pl.lit(""),
    )

    result = composite_values(
        INDICATOR_BY_ID["cashout_amount_intercepted"], parts.select(INDICATOR_TABLE.schema.names())
    )

    shown = result.select("region_code", "value", "status_code", "sources").collect()
    source = ["facts.asset_arrests@1"]
    assert shown.rows() == [
        ("10", 7, "final", source),
        ("75", 5, "final", source),
        ("KZ", 12, "provisional", source),
    ]


def test_a_sum_without_its_parts_is_refused(nothing):
    total = INDICATOR_BY_ID["drug_assets_arrested_total"]
    facts = {name: rows.lazy() for name, rows in nothing.items()}

    with pytest.raises(IncompleteCatalogue, match="needs its parts dropper_amount_arrested"):
        values_for([total], facts, PERIODS, NIGHT, provisional=(), versions=VERSIONS)


def test_a_table_of_facts_that_is_not_given_is_refused():
    arrested = INDICATOR_BY_ID["dropper_cards_arrested"]

    with pytest.raises(IncompleteCatalogue, match=r"facts\.card_arrests was not given"):
        values_for([arrested], {}, PERIODS, NIGHT, provisional=(), versions=VERSIONS)


@pytest.fixture(scope="module")
def of_one_arrest(nothing) -> pl.DataFrame:
    arrest = rows_of(
        ACCOUNT_ARRESTS,
        """
        business_date | bank_bic | region_code | executed_on | status_code | held_tiyn
        -------------------------------------------------------------------------------
        2026-03-10    | X        | 75          | 2026-03-10  | executed    | 100
        """,
    ).collect()
    return figures_of(nothing | {ACCOUNT_ARRESTS.name: arrest}).filter(
        pl.col("period") == "day", pl.col("period_end") == NIGHT
    )


@pytest.mark.parametrize(
    ("region_code", "dimension", "found"),
    [
        ("75", "", {("dropper_amount_arrested", "regions", 100, 0)}),
        ("KZ", "", {("dropper_amount_arrested", "regions", 0, 100)}),
        ("75", "bank_bic", {("dropper_amount_arrested", "members", 100, 0)}),
    ],
)
def test_a_figure_that_is_missing_is_found(of_one_arrest, region_code, dimension, found):
    is_lost = (
        (pl.col("indicator") == "dropper_amount_arrested")
        & (pl.col("region_code") == region_code)
        & (pl.col("dimension") == dimension)
    )

    result = unreconciled(of_one_arrest.lazy().filter(~is_lost)).collect()

    listed = set(result.select("indicator", "rule_code", "expected", "found").iter_rows())
    assert found <= listed


def test_a_sum_that_is_not_that_of_its_parts_is_found(of_one_arrest):
    is_total = pl.col("indicator") == "drug_assets_arrested_total"
    wrong = pl.when(is_total).then(pl.col("value") * 2).otherwise("value")

    result = unreconciled(of_one_arrest.lazy().with_columns(value=wrong)).collect()

    assert result.select("region_code", "rule_code", "expected", "found").rows() == [
        ("75", "parts", 200, 100),
        ("KZ", "parts", 200, 100),
    ]


def test_a_region_that_is_in_no_codelist_is_found(nothing):
    arrest = rows_of(
        CARD_ARRESTS,
        """
        business_date | region_code | executed_on | status_code | held_tiyn
        -------------------------------------------------------------------
        2026-03-10    | 99          | 2026-03-10  | executed    | 100
        """,
    ).collect()

    result = unreconciled(figures_of(nothing | {CARD_ARRESTS.name: arrest}).lazy()).collect()

    assert ("dropper_cards_arrested", "regions") in set(
        result.select("indicator", "rule_code").iter_rows()
    )


def test_a_period_given_twice_counts_once(nothing, of_nothing):
    facts = {name: rows.lazy() for name, rows in nothing.items()}

    values = values_for(
        INDICATORS, facts, PERIODS * 2, NIGHT, provisional=(), versions=VERSIONS
    ).collect()

    assert_frame_equal(values, of_nothing)


def test_a_rate_is_per_ten_million_inhabitants_of_the_region_and_of_the_country(nothing):
    arrests = rows_of(
        CARD_ARRESTS,
        """
        business_date | card_token | bank_bic | region_code | executed_on | status_code | held_tiyn
        -------------------------------------------------------------------------------------------
        2026-03-10    | a          | X        | 75          | 2026-03-10  | executed    | 1
        2026-03-10    | b          | X        | 75          | 2026-03-10  | executed    | 1
        2026-03-10    | c          | X        | unknown     | 2026-03-10  | executed    | 1
        """,
    ).collect()

    values = figures_of(nothing | {CARD_ARRESTS.name: arrests}).filter(
        pl.col("indicator") == "dropper_cards_arrested_per_inhabitants",
        pl.col("period") == "day",
        pl.col("period_end") == NIGHT,
    )

    rates = dict(values.select("region_code", "value").iter_rows())
    assert rates["75"] == 9  # 2 of 2,347,924
    assert rates["KZ"] == 1  # 3 of 20,495,975: what has no region counts for the country
    assert rates["10"] == 0
    assert "unknown" not in rates


def test_the_country_is_not_the_sum_of_regions_of_two_dates():
    people = dict(inhabitants().collect().iter_rows())

    assert people.keys() == {"KZ", *REGION_CODES}
    assert people["KZ"] == 20_495_975
    assert people["KZ"] != sum(people[code] for code in REGION_CODES)


HEADLINES_OF_THE_SEED = (
    *("followmoney_case_amount", "followmoney_regions", "ocg_members_detained"),
    *("cashout_amount_intercepted", "cashout_amount_cash", "cashout_amount_on_accounts"),
    *("crypto_arrested", "crypto_arrest_measures", "crypto_wallets", "crypto_case_amount"),
    *("shop_transactions", "shop_transaction_amount", "labs_dismantled", "participants_arrested"),
    *("dropper_cards_arrested", "dropper_amount_arrested", "drug_assets_arrested_total"),
    *("drug_adverts_removed", "drug_advertisers_detained", "drug_advert_cases"),
    *("precursor_import_violations", "precursor_entities_liable"),
)


@pytest.mark.parametrize("name", HEADLINES_OF_THE_SEED)
def test_every_headline_figure_of_the_glossary_is_defined_with_what_it_leaves_out(name):
    indicator = INDICATOR_BY_ID[name]

    said = (indicator.name, indicator.definition, indicator.leaves_out)
    assert all(len({w.ru, w.kk, w.en}) == 3 for w in said)
    assert indicator.source
    assert indicator.parts or indicator.happened_on
    assert any(name in report.indicators for report in (DAILY, YEAR_TO_DATE))


@settings(max_examples=3)
@given(all_facts, st.sampled_from([fact.table.name for fact in ALL_FACTS]))
def test_a_row_of_one_table_changes_no_figure_of_another(facts, name):
    without = facts | {name: facts[name].clear()}
    read = [i.id for i in INDICATORS if name in _tables_under(i)]
    is_unrelated = ~pl.col("indicator").is_in(read)

    assert_frame_equal(
        figures_of(facts).filter(is_unrelated), figures_of(without).filter(is_unrelated)
    )


@settings(max_examples=20)
@given(facts_of(ACCOUNT_ARRESTS))
def test_an_arrest_in_one_region_changes_no_figure_of_another(arrests):
    # An account arrested in two regions counts where it was arrested first: drawn are others.
    once = arrests.unique("account_iban", keep="none")
    elsewhere = ~pl.col("region_code").is_in(["75", "KZ"])

    whole, without = (
        indicator_values(
            INDICATOR_BY_ID["dropper_amount_arrested"],
            rows.lazy(),
            YEAR,
            NIGHT,
            status="final",
            sources=[],
        )
        .filter(elsewhere)
        .collect()
        for rows in (once, once.filter(pl.col("region_code") != "75"))
    )

    assert_frame_equal(whole, without)


def _tables_under(indicator: Indicator) -> set[str]:
    parts = [INDICATOR_BY_ID[name] for name in indicator.made_of] or [indicator]
    return {part.fact.table.name for part in parts if part.fact}
