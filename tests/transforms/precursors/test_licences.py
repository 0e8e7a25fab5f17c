"""Imports of precursors: which goods are controlled, and which licence was in force."""

from tests.transforms.drawings import assert_drawn
from tests.transforms.precursors.customs import violations


def test_only_release_for_home_use_counts():
    result = violations(
        """
        declaration_no | item_no | procedure_code | hs_code    | registered_on | consignee_bin
        --------------------------------------------------------------------------------------
        1              | 1       | 40             | 2915240000 | 2026-03-02    | A
        2              | 1       | 80             | 2915240000 | 2026-03-02    | A
        3              | 1       | 10             | 2915240000 | 2026-03-02    | A
        """
    )

    assert_drawn(
        result,
        """
        declaration_no | substance_id     | hs6    | reason_code    | region_code
        -------------------------------------------------------------------------
        1              | acetic_anhydride | 291524 | never_licensed | unknown
        """,
    )


GOODS = """
declaration_no | item_no | procedure_code | hs_code    | goods_text                  | registered_on
---------------------------------------------------------------------------------------------------
1              | 1       | 40             | 2933399000 | 4-пиперидон CAS 41661-47-6  | 2026-03-02
1              | 2       | 40             | 2933399000 | пестицид                    | 2026-03-02
1              | 3       | 40             | 2933399000 | CAS 141661-47-6             | 2026-03-02
1              | 4       | 40             | 2933399000 | CAS 41661-47-61             | 2026-03-02
1              | 5       | 40             | 2933399000 | CAS41661-47-6; 1609-66-1    | 2026-03-02
1              | 6       | 40             | 291524     | реактив                     | 2026-03-02
1              | 7       | 40             | 2915241000 | CAS 41661-47-6              | 2026-03-02
1              | 8       | 40             | 2904209000 | nitroethane CAS 79-24-3     | 2026-03-02
"""


def test_a_basket_subheading_needs_the_substance_in_the_description():
    result = violations(GOODS)

    assert_drawn(
        result,
        """
        item_no | substance_id     | other_substances
        ----------------------------------------------
        1       | 4_piperidone     | -
        5       | 4_piperidone     | norfentanyl
        6       | acetic_anhydride | -
        7       | 4_piperidone     | acetic_anhydride
        """,
    )


def test_a_substance_counts_from_the_day_of_its_control():
    result = violations(
        """
        declaration_no | item_no | procedure_code | hs_code | goods_text | registered_on
        --------------------------------------------------------------------------------
        1              | 1       | 40             | 291899  | 25547-51-7 | 2024-12-02
        1              | 2       | 40             | 291899  | 25547-51-7 | 2024-12-03
        """
    )

    assert_drawn(
        result,
        """
        item_no | registered_on | substance_id
        ---------------------------------------------
        2       | 2024-12-03    | bmk_glycidic_acid
        """,
    )


ONE_LICENCE = """
business_date | licence_no | holder_bin | substance_id     | valid_from | valid_to   | status_code
------------------------------------------------------------------------------------------------
2026-01-05    | L          | A          | acetic_anhydride | 2026-02-02 | 2026-03-20 | issued
"""

ACETIC_ANHYDRIDE_DAY_BY_DAY = """
declaration_no | item_no | procedure_code | hs_code | registered_on | consignee_bin
-----------------------------------------------------------------------------------
1              | 1       | 40             | 291524  | 2026-02-01    | A
2              | 1       | 40             | 291524  | 2026-02-02    | A
3              | 1       | 40             | 291524  | 2026-03-09    | A
4              | 1       | 40             | 291524  | 2026-03-10    | A
5              | 1       | 40             | 291524  | 2026-03-20    | A
6              | 1       | 40             | 291524  | 2026-03-21    | A
7              | 1       | 40             | 291524  | 2026-03-09    | B
"""


def test_a_licence_holds_on_its_first_and_its_last_day():
    result = violations(ACETIC_ANHYDRIDE_DAY_BY_DAY, ONE_LICENCE)

    assert_drawn(
        result,
        """
        declaration_no | registered_on | reason_code
        -------------------------------------------------
        1              | 2026-02-01    | not_yet_in_force
        6              | 2026-03-21    | expired
        7              | 2026-03-09    | never_licensed
        """,
    )


def test_a_withdrawal_ends_a_licence_from_the_day_of_its_delivery():
    withdrawn = "2026-03-10 | L | A | acetic_anhydride | 2026-02-02 | 2026-03-20 | withdrawn"

    result = violations(ACETIC_ANHYDRIDE_DAY_BY_DAY, ONE_LICENCE + withdrawn)

    assert_drawn(
        result,
        """
        declaration_no | registered_on | reason_code
        -------------------------------------------------
        1              | 2026-02-01    | not_yet_in_force
        4              | 2026-03-10    | withdrawn
        5              | 2026-03-20    | withdrawn
        6              | 2026-03-21    | expired
        7              | 2026-03-09    | never_licensed
        """,
    )


def test_a_licence_for_another_substance_does_not_cover():
    result = violations(
        """
        declaration_no | item_no | procedure_code | hs_code | registered_on | consignee_bin
        -----------------------------------------------------------------------------------
        1              | 1       | 40             | 291411  | 2026-03-09    | A
        2              | 1       | 40             | 291411  | 2026-03-21    | A
        """,
        ONE_LICENCE,
    )

    assert_drawn(
        result,
        """
        declaration_no | substance_id | reason_code
        -----------------------------------------------
        1              | acetone      | other_substance
        2              | acetone      | never_licensed
        """,
    )


PAST_AND_FUTURE_LICENCES = """\
2026-01-05 | K | A | acetic_anhydride | 2025-01-01 | 2025-12-31 | issued
2026-01-05 | M | A | acetic_anhydride | 2026-06-01 | 2026-12-31 | issued
"""


def test_one_licence_in_force_is_enough_beside_others_that_are_not():
    result = violations(ACETIC_ANHYDRIDE_DAY_BY_DAY, ONE_LICENCE + PAST_AND_FUTURE_LICENCES)

    assert_drawn(
        result,
        """
        declaration_no | reason_code
        -------------------------------
        1              | expired
        6              | expired
        7              | never_licensed
        """,
    )


CORRECTED_ITEMS = """
business_date | declaration_no | item_no | procedure_code | hs_code | registered_on | net_kg
-------------------------------------------------------------------------------------------
2026-03-02    | 1              | 1       | 40             | 291524  | 2026-03-02    | 5
2026-03-04    | 1              | 1       | 40             | 291529  | 2026-03-02    | 5
2026-03-02    | 1              | 2       | 40             | 291524  | 2026-03-02    | 7
2026-03-05    | 1              | 2       | 40             | 291524  | 2026-03-02    | 8.0005
"""


def test_a_corrected_item_stops_being_a_violation():
    result = violations(CORRECTED_ITEMS)

    assert_drawn(
        result,
        """
        business_date | item_no | net_kg | net_g
        ----------------------------------------
        2026-03-05    | 2       | 8.0005 | 8001
        """,
    )


def test_transit_and_cancelled_declarations_are_no_violations():
    result = violations(
        """
        declaration_no | item_no | procedure_code | hs_code | registered_on | movement_code | action_code
        -------------------------------------------------------------------------------------------------
        1              | 1       | 40             | 291524  | 2026-03-02    | import        | original
        2              | 1       | 40             | 291524  | 2026-03-02    | transit       | original
        3              | 1       | 40             | 291524  | 2026-03-02    | import        | original
        3              | -       | -              | -       | -             | -             | cancellation
        """
    )

    assert_drawn(result.select("declaration_no"), "declaration_no\n---\n1")
