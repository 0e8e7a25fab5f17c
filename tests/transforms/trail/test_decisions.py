"""Decisions to follow: whole days in Almaty, each written once, listed without what is personal."""

from datetime import date

from tests.transforms.drawings import assert_drawn, rows_of
from transforms.trail.naming import Named
from transforms.trail.seeds import SEEDS, decisions, new_decisions, seeds_by_case

A, B = Named("account", "A"), Named("account", "B")
KNOWN = """
business_date | case_no | kind    | id | from_at              | set_by
-----------------------------------------------------------------------
2026-03-02    | c       | account | A  | 2026-03-01T19:00:00Z | first
2026-03-03    | c       | account | A  | 2026-03-02T19:00:00Z | other
2026-03-03    | d       | wallet  | w  | 2026-03-02T19:00:00Z | first
"""


def decided(*named: Named, case_no: str = "c", from_on: date = date(2026, 3, 2)):
    return decisions(
        named,
        case_no=case_no,
        decided_on=date(2026, 3, 5),
        from_on=from_on,
        reason="why",
        set_by="who",
    )


def test_money_is_followed_from_midnight_in_almaty_and_nobody_twice():
    assert_drawn(
        decided(B, A, B),
        """
        business_date | case_no | kind    | id | from_at              | reason | set_by
        --------------------------------------------------------------------------------
        2026-03-05    | c       | account | A  | 2026-03-01T19:00:00Z | why    | who
        2026-03-05    | c       | account | B  | 2026-03-01T19:00:00Z | why    | who
        """,
    )


def test_only_a_decision_that_changes_what_is_followed_is_new():
    def new(*named: Named, **asked) -> list[str]:
        known = rows_of(SEEDS, KNOWN)
        return new_decisions(decided(*named, **asked), known).collect()["id"].to_list()

    assert new(A, B) == ["B"]
    assert new(A, from_on=date(2026, 3, 1)) == ["A"]
    assert new(A, from_on=date(2026, 3, 4)) == []
    assert new(A, case_no="d") == ["A"]


def test_seeds_are_counted_by_case_and_kind():
    assert_drawn(
        seeds_by_case(rows_of(SEEDS, KNOWN)),
        """
        case_no | kind    | seeds | set_by       | last_on
        ------------------------------------------------------
        c       | account | 1     | first, other | 2026-03-03
        d       | wallet  | 1     | first        | 2026-03-03
        """,
    )
