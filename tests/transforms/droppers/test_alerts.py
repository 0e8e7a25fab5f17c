"""Evidence and the list: what counts, how much it weighs, and in which order accounts stand."""

from datetime import date
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from infra.synthetic.worlds import world
from tests.transforms.drawings import assert_drawn, rows_of
from transforms.droppers.activity import account_days, account_links
from transforms.droppers.alerts import alerts, parameters_of_alerts
from transforms.droppers.contacts import account_contacts
from transforms.droppers.evaluation import evaluation
from transforms.droppers.evidence import EVIDENCE, evidence
from transforms.droppers.exemptions import EXEMPTED
from transforms.droppers.main_payees import MAIN_PAYEES_TIYN
from transforms.droppers.parameters import parameters_of_activity
from transforms.droppers.persons import PERSONS, persons
from transforms.droppers.signs import ONLY_OVER_LONGEST, SIGNS, histories
from transforms.droppers.suspicion import COLUMNS
from transforms.droppers.typologies import in_force_on, typologies
from transforms.droppers.window_figures import account_windows, summed
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS

NIGHT = date(2026, 3, 31)
NOBODY = pl.LazyFrame(schema={"account_iban": pl.String})
NO_EXEMPTIONS = pl.LazyFrame(schema=EXEMPTED.schema)


def windows(drawing: str) -> pl.LazyFrame:
    """Windows of accounts; what is not drawn of a count is none, of anything else unknown."""
    drawn = rows_of(ACCOUNT_WINDOWS, drawing)
    counts = [c.name for c in ACCOUNT_WINDOWS.columns if c.dtype == pl.Int64 and not c.nullable]
    return drawn.with_columns(
        pl.col(counts).fill_null(0),
        pl.col("region_code").fill_null("75"),
        pl.col("is_of_firm").fill_null(value=False),
        night=pl.lit(NIGHT),
    )


def rule(code: str, **cells: object) -> pl.DataFrame:
    """A typology of the file, some cells of it changed."""
    row = typologies().filter(code=code, version=1)
    return row.with_columns(pl.lit(v, row.schema[c]).alias(c) for c, v in cells.items())


def shown(
    accounts: pl.LazyFrame,
    *rules: pl.DataFrame,
    people: str | None = None,
    links: str | None = None,
) -> pl.LazyFrame:
    of_people, linked = (
        rows_of(table, drawing).with_columns(night=pl.lit(NIGHT))
        for table, drawing in ((PERSONS, people), (LINK_WINDOWS, links))
    )
    return evidence(accounts, of_people, linked, rules=pl.concat(rules))


def listed(
    accounts: pl.LazyFrame, drawing: str | None, exempted: str | None = None, **model: object
) -> pl.LazyFrame:
    on = {"night": pl.lit(NIGHT)}
    drawn = rows_of(EVIDENCE, drawing).with_columns(**on)
    exempt = rows_of(EXEMPTED, exempted).with_columns(**on)
    return alerts(accounts, drawn, exempt, parameters=parameters_of_alerts(), **model)


@pytest.mark.parametrize(
    ("comparison", "who"),
    [("at_least", ["B", "C"]), ("above", ["C"]), ("at_most", ["A", "B"]), ("below", ["A"])],
)
def test_what_is_measured_counts_from_the_threshold_on(comparison, who):
    accounts = windows(
        """
        account_iban | payers_30d | transfers_in_30d
        --------------------------------------------
        A            | 19         | 20
        B            | 20         | 20
        C            | 21         | 20
        """
    )

    result = shown(accounts, rule("DRP-01", comparison_code=comparison)).collect()

    assert result["account_iban"].to_list() == who
    assert set(result["threshold"]) == {20.0}


def test_too_little_activity_shows_nothing():
    accounts = windows(
        """
        account_iban | payers_30d | transfers_in_30d
        --------------------------------------------
        A            | 20         | 20
        B            | 20         | 19
        """
    )

    assert_drawn(
        shown(accounts, rule("DRP-01")),
        """
        account_iban | typology_code | window_days | measured | threshold | points
        ---------------------------------------------------------------------------
        A            | DRP-01        | 30          | 20       | 20        | 10
        """,
    )


def test_what_favours_an_account_is_told_only_beside_what_counts_against_it():
    accounts = windows(
        """
        account_iban | payers_30d | transfers_in_30d | is_of_firm
        ---------------------------------------------------------
        A            | 20         | 20               | true
        B            | 1          | 1                | true
        """
    )

    assert_drawn(
        shown(accounts, rule("DRP-01"), rule("CTR-05")),
        """
        account_iban | typology_code | points
        -------------------------------------
        A            | CTR-05        | -30
        A            | DRP-01        | 10
        """,
    )


def test_an_account_without_a_person_is_measured_all_the_same():
    accounts = windows(
        """
        account_iban | payers_30d | transfers_in_30d | payers_90d
        ---------------------------------------------------------
        A            | 20         | 20               | 20
        B            | 20         | 20               | 20
        """
    )
    people = """
        account_iban | person_id | person_banks_90d
        -------------------------------------------
        B            | b         | 4
        """

    assert_drawn(
        shown(accounts, rule("DRP-01"), rule("DRP-18"), people=people),
        """
        account_iban | typology_code
        ----------------------------
        A            | DRP-01
        B            | DRP-01
        B            | DRP-18
        """,
    )


def test_every_sign_can_be_measured_of_an_account_that_did_nothing():
    accounts = windows("account_iban\n---\nA")
    none = pl.lit(0, pl.Int64)
    met = {name: pl.lit(None, pl.Float64) if "share" in name else none for name in COLUMNS}
    met[MAIN_PAYEES_TIYN] = pl.lit(None, pl.Int64)

    known = accounts.with_columns(person_banks_90d=none, bank_cards_90d=none, **met)
    result = known.join(histories(accounts), how="cross").select(
        sign(90 if name in ONLY_OVER_LONGEST else 30).alias(name) for name, sign in SIGNS.items()
    )

    shares = [name for name in SIGNS if name.endswith("share")]
    assert result.select(shares).collect().null_count().row(0) == (1,) * len(shares)


def test_who_holds_money_for_days_and_hands_it_on_to_few_is_told_from_who_spends_or_hurries():
    accounts = windows(
        """
        account_iban | payers_90d | transfers_in_tiyn_90d | transfers_out_tiyn_90d | is_of_firm
        ---------------------------------------------------------------------------------------
        holder       | 40         | 100                   | 80                     | -
        hasty        | 40         | 100                   | 80                     | -
        buyer        | 40         | 100                   | 80                     | -
        spender      | 40         | 100                   | 300                    | -
        shop         | 40         | 100                   | 80                     | true
        keeper       | 40         | 100                   | 0                      | -
        """
    ).with_columns(
        passed_on_same_day_tiyn_90d=pl.when(pl.col("account_iban") == "hasty").then(60).otherwise(5)
    )
    links = """
        account_iban | link_code | other  | transactions_90d | amount_tiyn_90d
        --------------------------------------------------------------------
        holder       | payee     | first  | 20               | 40
        holder       | payee     | second | 10               | 20
        holder       | payee     | third  | 10               | 15
        holder       | payer     | fourth | 20               | 90
        hasty        | payee     | first  | 20               | 70
        buyer        | payee     | clinic | 9                | 80
        spender      | payee     | first  | 20               | 300
        shop         | payee     | first  | 20               | 80
        """

    result = shown(accounts, rule("DRP-34"), links=links).collect()

    assert result.select("account_iban", "measured").rows() == [("holder", 0.55)]


def test_a_silence_that_ended_before_the_window_is_no_burst():
    accounts = windows(
        """
        account_iban | payers_30d | quiet_from_on | quiet_days
        ------------------------------------------------------
        A            | 15         | 2026-02-01    | 28
        B            | 15         | 2026-02-01    | 27
        C            | 15         | -             | -
        """
    )

    assert shown(accounts, rule("DRP-14")).collect()["account_iban"].to_list() == ["A"]


def test_accounts_are_new_only_where_most_others_are_older():
    old = """
        account_iban | payers_30d | active_days_30d | active_days_90d
        -------------------------------------------------------------
        A            | 15         | 5               | 5
        B            | 15         | 5               | 6
        """
    third = "        C            | 0          | 5               | 6\n"

    assert shown(windows(old), rule("DRP-15")).collect().is_empty()
    assert shown(windows(old.rstrip() + "\n" + third), rule("DRP-15")).collect()[
        "account_iban"
    ].to_list() == ["A"]


def test_who_spends_far_more_of_other_money_is_no_place_of_transit():
    accounts = windows(
        """
        account_iban | transfers_in_30d | transfers_in_tiyn_30d | passed_on_same_day_tiyn_30d
        -------------------------------------------------------------------------------------
        dropper      | 10               | 100                   | 95
        driver       | 10               | 100                   | 95
        keeper       | 10               | 100                   | 79
        nobody       | 10               | 0                     | 0
        """
    ).with_columns(
        cash_out_tiyn_30d=pl.when(pl.col("account_iban") == "driver").then(2_000).otherwise(0)
    )

    result = shown(accounts, rule("DRP-03")).collect()

    assert result.select("account_iban", "measured").rows() == [("dropper", 0.95)]


FOUR_ACCOUNTS = """
account_iban | bank_bic | transfers_in_tiyn_90d | transfers_out_tiyn_90d | last_at
-----------------------------------------------------------------------------------------------
A            | X        | 100                   | 90                     | 2026-03-31T05:00:00Z
B            | Y        | 100                   | 20                     | 2026-03-31T06:00:00Z
C            | X        | 100                   | 150                    | 2026-03-31T07:00:00Z
D            | X        | 0                     | 0                      | 2026-03-31T08:00:00Z
"""
THEIR_EVIDENCE = """
account_iban | typology_code | points
-------------------------------------
A            | DRP-03        | 35
A            | DRP-23        | 15
B            | DRP-03        | 50
C            | DRP-03        | 80
C            | CTR-02        | -20
D            | DRP-03        | 49
"""


def test_the_list_is_in_order_of_score_and_then_of_what_is_at_stake():
    result = listed(windows(FOUR_ACCOUNTS), THEIR_EVIDENCE)

    assert_drawn(
        result,
        """
        account_iban | score | typologies | produced_by_code | amount_at_stake_tiyn | freshest_at
        ---------------------------------------------------------------------------------------------------
        C            | 60    | 1          | rules            | 0                    | 2026-03-31T07:00:00Z
        B            | 50    | 1          | rules            | 80                   | 2026-03-31T06:00:00Z
        A            | 50    | 2          | rules            | 10                   | 2026-03-31T05:00:00Z
        """,
    )


def test_the_model_lists_what_the_rules_do_not_and_says_so():
    scores = pl.LazyFrame(
        {
            "night": [NIGHT] * 3,
            "account_iban": ["B", "C", "D"],
            "probability": [0.1, 0.9, 0.8],
        }
    )

    result = listed(windows(FOUR_ACCOUNTS), THEIR_EVIDENCE, scores=scores, least_probability=0.8)

    assert_drawn(
        result,
        """
        account_iban | score | produced_by_code | probability
        -----------------------------------------------------
        C            | 60    | both             | 0.9
        B            | 50    | rules            | 0.1
        A            | 50    | rules            | -
        D            | 49    | model            | 0.8
        """,
    )


def test_an_exempted_account_stands_at_the_end_with_its_reason():
    exempted = """
        account_iban | exemption_code | exempt_until_on
        -----------------------------------------------
        C            | wages          | 2026-04-30
        """

    assert_drawn(
        listed(windows(FOUR_ACCOUNTS), THEIR_EVIDENCE, exempted),
        """
        account_iban | score | exemption_code | exempt_until_on
        -------------------------------------------------------
        B            | 50    | -              | -
        A            | 50    | -              | -
        C            | 60    | wages          | 2026-04-30
        """,
    )


def test_a_night_without_evidence_has_an_empty_list():
    assert listed(windows(FOUR_ACCOUNTS), None).collect().is_empty()


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_evidence_does_not_matter(order):
    rows = rows_of(EVIDENCE, THEIR_EVIDENCE).with_columns(night=pl.lit(NIGHT)).collect()
    accounts = windows(FOUR_ACCOUNTS)
    given_, turned = (
        alerts(accounts, r.lazy(), NO_EXEMPTIONS, parameters=parameters_of_alerts())
        for r in (rows, rows[list(order)])
    )

    assert_frame_equal(given_, turned)


@cache
def measured(seed: int) -> pl.DataFrame:
    """`EVALUATION` of the list of a world's last night."""
    made = world(seed, days=25, people=900, networks=6)
    night, numbers = made.days[-1], parameters_of_activity()
    days = account_days(made.card_transactions.lazy(), made.p2p_orders.lazy(), parameters=numbers)
    sums = summed(
        days, account_links(made.card_transactions.lazy(), parameters=numbers), night, numbers
    )
    links = sums.links.collect().lazy()
    accounts = account_windows(
        sums.accounts,
        links,
        night,
        known=NOBODY,
        contacts=account_contacts(made.account_holders.lazy()),
        parameters=numbers,
    )
    accounts = accounts.collect().lazy()
    rules = in_force_on(typologies(), night)
    found = evidence(accounts, persons(accounts, links), links, rules=rules).collect().lazy()
    on_list = alerts(accounts, found, NO_EXEMPTIONS, parameters=parameters_of_alerts())
    truth = made.truth.accounts.lazy()
    return evaluation(on_list, found, truth, rule_version="1", tops=(10, 50), seed=1).collect()


def test_the_top_of_the_list_is_of_planted_networks_and_not_of_those_who_look_alike():
    result = measured(31)

    top = result.filter(part_code="top", name="50")
    whole = result.filter(part_code="list")
    assert top["precision"].item() >= 0.9
    assert whole["precision"].item() >= 0.8
    assert whole["recall"].item() >= 0.5
    innocents = result.filter(pl.col("part_code") == "role", pl.col("planted") == 0)
    assert innocents["listed"].max() <= 3
