"""Persons over all their accounts, and the places where money left."""

import polars as pl

from tests.transforms.drawings import assert_drawn, rows_of
from tests.transforms.trail.drawn import followed, seeds_of, transfers_of
from tests.transforms.trail.test_roles import NETWORK, roles_of
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.trail.persons import exits, persons
from transforms.trail.role_signs import signs
from transforms.trail.roles import ROLES, roles


def test_a_person_is_one_over_all_accounts_with_the_strongest_role():
    drawn = rows_of(
        ROLES,
        """
        case_no | rule_code | node_kind       | node_id | holder_iin | role_code       | amount_tiyn | held_tiyn
        ------------------------------------------------------------------------------------------------------
        c       | fifo      | account         | KZ1     | 8          | recipient       | 100         | 1
        c       | fifo      | account         | KZ2     | 8          | operator        | 10          | 2
        c       | fifo      | exchange_client | E/8     | 8          | exchange_client | 5           | 0
        c       | fifo      | account         | KZ3     | -          | payer           | 7           | 0
        c       | fifo      | cash            | cash:75 | -          | cash            | 7           | 0
        c       | haircut   | account         | KZ1     | 8          | payer           | 3           | 0
        """,
    )

    found = persons(drawn)

    assert_drawn(
        found.with_columns(pl.col("nodes").list.join(" ")),
        """
        case_no | rule_code | person | role_code | nodes       | amount_tiyn | held_tiyn
        ------------------------------------------------------------------------------
        c       | fifo      | 8      | operator  | KZ2 KZ1 E/8 | 115         | 3
        c       | fifo      | KZ3    | payer     | KZ3         | 7           | 0
        c       | haircut   | 8      | payer     | KZ1         | 3           | 0
        """,
    )


def test_every_role_of_an_account_has_a_place_in_the_order():
    found = persons(roles_of(NETWORK, "shop").lazy()).collect()

    assert found.filter(pl.col("rule_code") == "haircut").height == 10


def test_places_where_money_left_are_told_with_who_brought_it():
    moved = transfers_of(NETWORK)
    trail = followed(moved, seeds_of("shop"))
    found = roles(moved, trail.steps, trail.holdings, rows_of(ACCOUNT_ARRESTS), signs=signs())

    result = exits(trail.steps, found).filter(pl.col("rule_code") == "haircut")

    assert_drawn(
        result,
        """
        node_id  | role_code | transactions | payers | tainted_tiyn
        -----------------------------------------------------------
        cash:75  | cash      | 1            | 1      | 100
        exchange | exchange  | 1            | 1      | 100
        """,
    )
