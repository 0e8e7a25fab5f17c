"""Labels of real arrests keep time apart, and a model of simulations alone lists nobody."""

from datetime import date, timedelta

import polars as pl
import pytest

from tests.transforms.drawings import rows_of
from transforms.arrests.cards import CARD_ARRESTS
from transforms.droppers.confirmed import (
    SIMULATED_ONLY,
    confirmed_rows,
    may_list,
    nights_to_learn_from,
    validation,
    with_validation,
)
from transforms.droppers.drift import DRIFT, producer
from transforms.droppers.model_card import MODEL_CARDS

NIGHT, MONTH = date(2026, 3, 1), timedelta(days=30)


def card(*limits: str) -> pl.DataFrame:
    said = [("threshold", "probability", 0.5), *(("limit", name, None) for name in limits)]
    return pl.DataFrame(
        [("v", NIGHT, section, name, value, None, None) for section, name, value in said],
        MODEL_CARDS.schema,
        orient="row",
    )


def decides(of: pl.DataFrame) -> tuple[str, str]:
    drifts = pl.LazyFrame([(NIGHT, "v", "score", 0.01, 0.0, 9)], DRIFT.schema, orient="row")
    said = producer(of, drifts, night=NIGHT, oldest=MONTH, most_drift=0.25).collect()
    return said.select("produced_by_code", "reason_code").row(0)


def held(found: int, wronged: int, missed: int) -> pl.DataFrame:
    parts = [(0.9, True)] * found + [(0.9, False)] * wronged + [(0.1, True)] * missed
    return pl.DataFrame(parts, schema=("probability", "is_member"), orient="row")


def said(scored: pl.DataFrame) -> list[tuple]:
    return validation(scored, least_probability=0.5, least_cases=30, least_precision=0.5)


def test_a_model_of_simulations_alone_scores_and_lists_nobody_whatever_the_drift():
    assert decides(card(SIMULATED_ONLY)) == ("rules", "not_validated")
    assert decides(card()) == ("model", "in_use")


@pytest.mark.parametrize(
    ("scored", "decider"),
    [
        (held(40, 5, 10), ("model", "in_use")),
        (held(29, 0, 0), ("rules", "not_validated")),
        (held(20, 20, 20), ("rules", "not_validated")),
        (held(0, 0, 50), ("rules", "not_validated")),
    ],
    ids=["borne out", "too few", "too often wrong", "finds none"],
)
def test_confirmed_cases_that_it_had_not_seen_bear_a_model_out_or_do_not(scored, decider):
    made = with_validation(card(SIMULATED_ONLY), said(scored))

    assert may_list(made) == (decider[0] == "model")
    assert decides(made) == decider


def test_only_orders_that_followed_and_were_carried_out_in_time_confirm_an_account():
    orders = rows_of(
        CARD_ARRESTS,
        """
        order_id | card_token | bank_bic | case_no | ordered_on | status_code | executed_on
        ----------------------------------------------------------------------------------
        1        | t-known    | X        | 7       | 2026-03-01 | executed    | 2026-03-02
        2        | t-found    | X        | 7       | 2026-03-02 | partly      | 2026-03-09
        3        | t-refused  | X        | 7       | 2026-03-02 | refused     | -
        4        | t-late     | X        | 7       | 2026-03-30 | executed    | 2026-04-02
        5        | t-nobody   | Y        | 7       | 2026-03-02 | executed    | 2026-03-09
        """,
    )
    names = ("known", "found", "refused", "late", "nobody")
    windows = pl.LazyFrame({"account_iban": names, "bank_bic": "X"})
    links = pl.LazyFrame(
        {"account_iban": names, "link_code": "card", "other": [f"t-{name}" for name in names]}
    )

    rows = confirmed_rows(windows, links, orders, night=NIGHT, horizon=MONTH).collect()

    assert "known" not in rows["account_iban"].to_list()
    assert rows.filter("is_member").select("account_iban", "network").rows() == [
        ("found", "case:7")
    ]


def test_nights_lie_a_horizon_apart_and_the_latest_is_old_enough():
    nights = [NIGHT - timedelta(days=n) for n in range(90)]

    chosen = nights_to_learn_from(nights, until=NIGHT, horizon=MONTH)

    assert chosen == [NIGHT - MONTH, NIGHT - 2 * MONTH]
