"""Roles in a trail: each rule with a case that breaks it, and the planted networks found."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import rows_of
from tests.transforms.trail.drawn import followed, seeds_of, transfers_of
from tests.transforms.trail.planted import followed_from_shops, networks_moved
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.trail.role_signs import signs
from transforms.trail.roles import ROLES, roles

# Three buyers pay shop and dropper; both pay the collector, he the operator, who takes cash,
# buys crypto and pays the organizer three times.
NETWORK = """
transfer_id | at                   | from_id | to_id      | to_kind | amount_tiyn | operation_code
--------------------------------------------------------------------------------------------------
01          | 2026-03-02T01:00:00Z | buyer1  | shop       | account | 100         | transfer
02          | 2026-03-02T01:01:00Z | buyer2  | shop       | account | 100         | transfer
03          | 2026-03-02T01:02:00Z | buyer3  | shop       | account | 100         | transfer
04          | 2026-03-02T01:03:00Z | buyer1  | dropper    | account | 100         | transfer
05          | 2026-03-02T01:04:00Z | buyer2  | dropper    | account | 100         | transfer
06          | 2026-03-02T01:05:00Z | buyer4  | dropper    | account | 100         | transfer
07          | 2026-03-02T02:00:00Z | shop    | collector  | account | 290         | transfer
08          | 2026-03-02T02:01:00Z | dropper | collector  | account | 290         | transfer
09          | 2026-03-02T03:00:00Z | collector | operator | account | 300         | transfer
10a         | 2026-03-02T03:01:00Z | collector | operator | account | 270         | transfer
10          | 2026-03-02T04:00:00Z | operator | cash:75   | cash    | 200         | cash_withdrawal
11          | 2026-03-02T04:01:00Z | operator | exchange  | service | 200         | exchange_topup
12          | 2026-03-02T05:01:00Z | operator | organizer | account | 50          | transfer
13          | 2026-03-02T05:02:00Z | operator | organizer | account | 50          | transfer
14          | 2026-03-02T05:03:00Z | operator | organizer | account | 50          | transfer
15          | 2026-03-02T05:04:00Z | operator | friend    | account | 5           | transfer
"""


def roles_of(drawing: str, *seeds: str, arrested: str | None = None) -> pl.DataFrame:
    moved = transfers_of(drawing)
    trail = followed(moved, seeds_of(*seeds))
    return roles(
        moved, trail.steps, trail.holdings, rows_of(ACCOUNT_ARRESTS, arrested), signs=signs()
    ).collect()


def by_node(found: pl.DataFrame, rule: str = "haircut") -> dict[str, str]:
    return dict(found.filter(pl.col("rule_code") == rule).select("node_id", "role_code").rows())


def test_each_takes_the_role_that_the_money_shows():
    found = by_node(roles_of(NETWORK, "shop"))

    assert found == {
        "shop": "shop",
        "dropper": "dropper",
        "collector": "collector",
        "operator": "operator",
        "organizer": "organizer",
        "friend": "recipient",
        "cash:75": "cash",
        "exchange": "exchange",
        **{f"buyer{n}": "payer" for n in (1, 2, 3, 4)},
    }


def test_a_role_tells_what_was_measured():
    found = roles_of(NETWORK, "shop").filter(pl.col("rule_code") == "haircut")

    reasons = {
        row["node_id"]: {r["reason_code"]: round(r["measured"], 2) for r in row["reasons"]}
        for row in found.iter_rows(named=True)
    }
    assert reasons["shop"] == {"seed": 1, "front_payers": 3, "front_outside": 1}
    assert reasons["dropper"] == {"front_payers": 3, "front_outside": 1, "feeds": 1}
    assert reasons["collector"] == {"inside_payers": 2, "passes_on": 0.98}
    assert reasons["organizer"] == {"keeps": 1, "payments": 3}
    assert reasons["buyer1"] == {"payments": 2}
    assert reasons["cash:75"] == {}


def test_a_seed_whose_card_was_ordered_to_be_arrested_is_a_dropper():
    found = roles_of(NETWORK, "shop", arrested="order_id | account_iban\n---\no | shop")

    assert by_node(found)["shop"] == "dropper"


def changed(old: str, new: str) -> str:
    assert old in NETWORK
    return NETWORK.replace(old, new)


def test_two_payers_make_no_front():
    found = by_node(roles_of(changed("buyer3  | shop ", "buyer1  | shop "), "shop"))

    assert found["shop"] == "recipient"


def test_a_payer_who_gets_money_and_spends_it_elsewhere_is_no_dropper():
    innocent = NETWORK + (
        "16 | 2026-03-02T01:06:00Z | buyer5 | dropper | account | 9 | transfer\n"
        "17 | 2026-03-02T02:06:00Z | dropper | landlord | account | 500 | transfer\n"
    )

    assert "dropper" not in by_node(roles_of(innocent, "shop"))


CHAIN = """
transfer_id | at                   | from_id | to_id   | to_kind | amount_tiyn | operation_code
-----------------------------------------------------------------------------------------------
01          | 2026-03-02T01:00:00Z | buyer1  | shop    | account | 100         | transfer
02          | 2026-03-02T01:01:00Z | buyer2  | shop    | account | 100         | transfer
03          | 2026-03-02T01:02:00Z | buyer3  | shop    | account | 100         | transfer
04          | 2026-03-02T02:00:00Z | shop    | first   | account | 150         | transfer
05          | 2026-03-02T02:01:00Z | shop    | second  | account | 150         | transfer
06          | 2026-03-02T03:00:00Z | first   | second  | account | 70          | transfer
07          | 2026-03-02T03:01:00Z | second  | first   | account | 70          | transfer
08          | 2026-03-02T04:00:00Z | first   | last    | account | 140         | transfer
09          | 2026-03-02T04:01:00Z | second  | last    | account | 140         | transfer
10          | 2026-03-02T05:00:00Z | last    | cash:75 | cash    | 280         | cash_withdrawal
"""


def test_whoever_stands_in_a_chain_is_a_dropper_and_no_collector():
    told = roles_of(CHAIN, "shop")
    found = by_node(told)

    first = told.filter(rule_code="haircut", node_id="first")["reasons"].item().to_list()
    assert {one["reason_code"] for one in first} == {"inside_in", "passes_on"}
    assert (found["first"], found["second"], found["last"]) == (
        "dropper",
        "dropper",
        "cash_out_point",
    )


RING = """
transfer_id | at                   | from_id | to_id   | to_kind | amount_tiyn | operation_code
-----------------------------------------------------------------------------------------------
01          | 2026-03-02T01:00:00Z | buyer1  | shop    | account | 100         | transfer
02          | 2026-03-02T01:01:00Z | buyer2  | shop    | account | 100         | transfer
03          | 2026-03-02T01:02:00Z | buyer3  | shop    | account | 100         | transfer
04          | 2026-03-02T02:00:00Z | shop    | one     | account | 100         | transfer
05          | 2026-03-02T02:01:00Z | shop    | two     | account | 100         | transfer
06          | 2026-03-02T02:02:00Z | shop    | three   | account | 100         | transfer
07          | 2026-03-02T03:00:00Z | one     | two     | account | 30          | transfer
08          | 2026-03-02T03:01:00Z | two     | three   | account | 30          | transfer
09          | 2026-03-02T03:02:00Z | three   | one     | account | 30          | transfer
10          | 2026-03-02T04:00:00Z | one     | gets    | account | 95          | transfer
11          | 2026-03-02T04:01:00Z | two     | gets    | account | 95          | transfer
12          | 2026-03-02T04:02:00Z | three   | gets    | account | 95          | transfer
13          | 2026-03-02T05:00:00Z | gets    | last    | account | 140         | transfer
14          | 2026-03-02T05:01:00Z | gets    | last    | account | 140         | transfer
15          | 2026-03-02T06:00:00Z | last    | cash:75 | cash    | 280         | cash_withdrawal
"""


def test_a_collector_gathers_from_those_who_gather_nothing():
    apart = "\n".join(line for line in RING.splitlines() if not line.startswith(("07", "08", "09")))

    assert by_node(roles_of(RING, "shop"))["gets"] == "dropper"
    assert by_node(roles_of(apart, "shop"))["gets"] == "collector"


def test_who_is_paid_by_the_case_once_takes_no_part_in_it():
    once = "\n".join(line for line in CHAIN.splitlines() if not line.startswith(("05", "07", "09")))

    assert by_node(roles_of(once, "shop"))["last"] == "recipient"


def test_a_trace_of_the_case_s_money_makes_nobody_work_for_it():
    own = "11 | 2026-03-02T01:30:00Z | rider | last | account | 14000 | transfer\n"
    more = own.replace("14000", "13000")

    assert by_node(roles_of(CHAIN + own, "shop"))["last"] == "recipient"
    assert by_node(roles_of(CHAIN + more, "shop"))["last"] == "cash_out_point"


def test_who_takes_all_as_cash_is_a_cash_out_point_unless_he_pays_an_organizer():
    cash = changed("exchange  | service", "cash:75   | cash   ")
    little = cash.replace("| account | 50 ", "| account | 5  ")
    alone = little.replace("operator | organizer", "collector | organizer")

    assert by_node(roles_of(alone, "shop"))["operator"] == "cash_out_point"
    told = roles_of(little, "shop").filter(rule_code="haircut", node_id="operator")
    assert told["role_code"].item() == "operator"
    reasons = {one["reason_code"]: one["measured"] for one in told["reasons"].item().to_list()}
    assert reasons["shares_paid"] == 3


def test_whom_several_of_the_case_pay_works_for_it_though_its_money_came_once():
    # Of the case's money the shop's first sum alone goes on, by one transfer.
    once = "\n".join(line for line in CHAIN.splitlines() if not line.startswith(("05", "06", "07")))
    fed = once + (
        "\n11 | 2026-03-02T01:10:00Z | buyer1 | second | account | 50 | transfer"
        "\n12 | 2026-03-02T01:11:00Z | buyer2 | second | account | 50 | transfer"
        "\n13 | 2026-03-02T01:12:00Z | buyer4 | second | account | 50 | transfer\n"
    )

    assert by_node(roles_of(fed, "shop"))["last"] == "cash_out_point"
    assert by_node(roles_of(once, "shop"))["last"] == "recipient"


def test_the_other_accounts_of_who_brings_money_to_a_case_bring_it_too():
    lines = NETWORK.strip().splitlines()
    rows = [
        *lines[2:],
        *(
            f"2{n} | 2026-03-02T01:1{n}:00Z | buyer{n} | side | account | 100 | transfer"
            for n in (5, 6, 7)
        ),
        "28 | 2026-03-02T01:30:00Z | side | dropper | account | 300 | transfer",
        "29 | 2026-03-02T02:02:00Z | dropper | collector | account | 300 | transfer",
    ]

    def told(holder_of: dict[str, str]) -> dict[str, str]:
        held = [
            f"{row} | {holder_of.get(sides[2], '-')} | {holder_of.get(sides[3], '-')}"
            for row in rows
            for sides in [[cell.strip() for cell in row.split("|")]]
        ]
        heading = [f"{lines[0]} | from_iin | to_iin", lines[1]]
        return by_node(roles_of("\n".join([*heading, *held]), "shop"))

    one = dict.fromkeys(("dropper", "side"), "870101300001")
    assert told(one)["side"] == "dropper"
    assert told(one | {"side": "870101300002"})["side"] == "payer"


def test_a_share_paid_twice_only_makes_no_organizer():
    found = by_node(
        roles_of(
            changed(
                "14          | 2026-03-02T05:03:00Z | operator | organizer",
                "14          | 2026-03-02T05:03:00Z | operator | friend   ",
            ),
            "shop",
        )
    )

    assert found["organizer"] == "recipient"


def test_who_passes_the_share_on_is_no_organizer():
    passed = NETWORK + "16 | 2026-03-02T06:00:00Z | organizer | villa | account | 140 | transfer\n"

    assert by_node(roles_of(passed, "shop"))["organizer"] == "recipient"


def test_who_spends_the_share_at_merchants_keeps_it():
    spent = "16 | 2026-03-02T06:00:00Z | organizer | till | service | 140 | purchase\n"

    assert by_node(roles_of(NETWORK + spent, "shop"))["organizer"] == "organizer"


# The operator pays the boss before any money of the shop has come to him.
BOSS = """\
20 | 2026-03-02T02:30:00Z | operator | boss | account | 50 | transfer
21 | 2026-03-02T02:31:00Z | operator | boss | account | 50 | transfer
22 | 2026-03-02T02:32:00Z | operator | boss | account | 50 | transfer
"""


def test_whoever_lives_on_what_the_case_pays_is_an_organizer_though_its_money_never_reached_him():
    [boss] = (
        roles_of(NETWORK + BOSS, "shop")
        .filter(rule_code="haircut", node_id="boss")
        .iter_rows(named=True)
    )

    assert (boss["role_code"], boss["layer"], boss["held_tiyn"]) == ("organizer", None, 0)
    assert boss["amount_tiyn"] == 150
    assert {r["reason_code"]: r["measured"] for r in boss["reasons"]} == {"keeps": 1, "payments": 3}
    assert boss["first_at"].minute == 30
    assert boss["last_at"].minute == 32


@pytest.mark.parametrize(
    "other",
    [
        "23 | 2026-03-02T06:00:00Z | tenant | boss | account | 160 | transfer",
        "23 | 2026-03-02T06:00:00Z | boss | villa | account | 80 | transfer",
        "23 | 2026-03-02T06:00:00Z | boss | cash:75 | cash | 80 | cash_withdrawal",
        "23 | 2026-03-02T06:00:00Z | boss | exchange | service | 80 | exchange_topup",
    ],
    ids=["most is others'", "passes on", "takes cash", "buys crypto"],
)
def test_beside_the_trail_nobody_is_an_organizer_who_has_other_money_or_hands_on(other):
    assert "boss" not in by_node(roles_of(NETWORK + BOSS + other + "\n", "shop"))


def test_two_payments_beside_the_trail_make_no_organizer():
    twice = "".join(BOSS.splitlines(keepends=True)[:2])

    assert "boss" not in by_node(roles_of(NETWORK + twice, "shop"))


def test_wages_make_nobody_a_front():
    paid = NETWORK.replace("| 100         | transfer", "| 100         | salary")

    found = by_node(roles_of(paid, "shop"))
    assert "payer" not in found.values()
    assert "dropper" not in found.values()


def test_one_payer_through_three_accounts_is_one():
    held = changed("operation_code", "operation_code | from_iin").replace("--\n", "--\n", 1)
    lines = held.strip().splitlines()
    rows = [f"{line} | {'870101300001' if 'buyer' in line else '-'}" for line in lines[2:]]
    found = by_node(roles_of("\n".join([*lines[:2], *rows]), "shop"))

    assert "shop" not in found.values()


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(15)))
def test_the_order_of_rows_changes_nothing(order):
    moved = transfers_of(NETWORK).collect()
    trail = followed(moved.lazy(), seeds_of("shop"))
    arrests = rows_of(ACCOUNT_ARRESTS)

    def told(rows: pl.DataFrame) -> pl.DataFrame:
        return roles(rows.lazy(), trail.steps, trail.holdings, arrests, signs=signs()).collect()

    assert_frame_equal(told(moved), told(moved[order]))


def test_without_a_trail_there_are_no_roles():
    found = roles_of(NETWORK)

    assert found.is_empty()
    assert found.schema == ROLES.schema


@pytest.fixture(scope="module")
def planted() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Roles as told by haircut with those planted beside, of six days; and all that is planted.

    Buyers of several shops lead from one network into another, so that a case finds members of
    others too.
    """
    moved, everybody = networks_moved(date(2025, 8, 10), days=6)
    trail = followed_from_shops(moved, everybody)
    is_haircut = pl.col("rule_code") == "haircut"
    found = roles(
        moved.lazy(),
        trail.steps.filter(is_haircut),
        trail.holdings.filter(is_haircut),
        rows_of(ACCOUNT_ARRESTS),
        signs=signs(),
    )
    truth = everybody.select("network", node_id="iban", planted="role")
    told = found.filter(pl.col("node_kind") == "account").collect()
    return told.join(truth, on="node_id", how="left", validate="m:1"), truth


@pytest.mark.parametrize("role", ["shop", "dropper", "collector", "operator", "organizer"])
def test_nobody_has_a_role_who_was_not_planted_in_it(planted, role):
    told = planted[0].filter(pl.col("role_code") == role)

    is_of_another = pl.col("network") != pl.col("case_no")
    wrong = told.filter(pl.col("planted").ne_missing(role), ~is_of_another.fill_null(value=False))
    assert wrong.select("case_no", "planted").rows() == []
    assert told["case_no"].n_unique() == 3


@pytest.mark.parametrize(
    ("role", "least"),
    [("shop", 1.0), ("organizer", 1.0), ("operator", 1.0), ("collector", 1.0), ("dropper", 0.8)],
)
def test_planted_members_who_were_at_work_are_found_in_their_role(planted, role, least):
    told, truth = planted
    own = told.filter(pl.col("case_no") == pl.col("network"))
    at_work = own.filter(pl.col("planted") == role)

    found = at_work.filter(pl.col("role_code") == role)
    assert at_work.height >= truth.filter(pl.col("planted") == role).height / 4
    assert found.height / at_work.height >= least


def test_buyers_and_sellers_of_crypto_are_payers_or_recipients(planted):
    outside = planted[0].filter(pl.col("planted").is_null())

    assert set(outside["role_code"].unique()) == {"payer", "recipient"}
