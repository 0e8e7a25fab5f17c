"""Which rows of declarations say what was imported: amendments, cancellations, transit."""

from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import accepted, assert_drawn
from transforms.customs import ITEM, current_declarations
from transforms.redelivery import latest


def current(drawing):
    return current_declarations(accepted("import_declarations", drawing))


def test_rows_of_tables_count_item_by_item_from_their_last_delivery():
    result = current(
        """
        business_date | declaration_no | item_no | hs_code | net_kg
        -----------------------------------------------------------
        2026-03-02    | 1              | 1       | 291524  | 5
        2026-03-02    | 1              | 2       | 291524  | 7
        2026-03-04    | 1              | 1       | 291529  | 5
        2026-03-03    | 2              | 1       | 291524  | 9
        """
    )

    assert_drawn(
        result,
        """
        business_date | declaration_no | item_no | hs_code | net_kg
        -----------------------------------------------------------
        2026-03-04    | 1              | 1       | 291529  | 5
        2026-03-02    | 1              | 2       | 291524  | 7
        2026-03-03    | 2              | 1       | 291524  | 9
        """,
    )


def test_only_imports_count_and_rows_that_do_not_tell_are_imports():
    result = current(
        """
        declaration_no | item_no | movement_code | action_code | lodged_country_code
        ----------------------------------------------------------------------------
        1              | 1       | -             | -           | -
        2              | 1       | import        | original    | -
        3              | 1       | import        | original    | KZ
        4              | 1       | transit       | original    | KZ
        5              | 1       | export        | original    | KZ
        6              | 1       | import        | original    | AL
        """
    )

    assert_drawn(result.select("declaration_no"), "declaration_no\n---\n1\n2\n3")


def test_a_cancelled_declaration_is_out_whenever_the_cancellation_came():
    result = current(
        """
        business_date | declaration_no | item_no | action_code
        ------------------------------------------------------
        2026-03-02    | 1              | 1       | original
        2026-03-02    | 1              | 2       | original
        2026-03-05    | 1              | -       | cancellation
        2026-03-06    | 1              | 1       | amendment
        2026-03-02    | 2              | -       | cancellation
        2026-03-06    | 2              | 1       | -
        2026-03-02    | 3              | 1       | original
        """
    )

    assert_drawn(result.select("declaration_no"), "declaration_no\n---\n3")


def test_an_amended_declaration_is_its_last_version():
    result = current(
        """
        business_date | declaration_no | item_no | action_code | version_no | net_kg
        ----------------------------------------------------------------------------
        2026-03-02    | 1              | 1       | original    | 1          | 5
        2026-03-02    | 1              | 2       | original    | 1          | 6
        2026-03-04    | 1              | 1       | amendment   | 3          | 7
        2026-03-05    | 1              | 1       | amendment   | 2          | 8
        2026-03-05    | 1              | 3       | amendment   | 2          | 9
        """
    )

    assert_drawn(
        result,
        """
        item_no | version_no | net_kg
        -----------------------------
        1       | 3          | 7
        """,
    )


def test_without_version_numbers_the_last_business_date_tells():
    result = current(
        """
        business_date | declaration_no | item_no | action_code | net_kg
        ---------------------------------------------------------------
        2026-03-02    | 1              | 1       | original    | 5
        2026-03-04    | 1              | 1       | amendment   | 7
        2026-03-05    | 1              | 1       | amendment   | 8
        """
    )

    assert_drawn(result.select("net_kg"), "net_kg\n---\n8")


def test_a_declaration_delivered_after_its_amendment_does_not_undo_it():
    result = current(
        """
        business_date | declaration_no | item_no | action_code | net_kg
        ---------------------------------------------------------------
        2026-03-02    | 1              | 1       | amendment   | 7
        2026-03-04    | 1              | 1       | original    | 5
        2026-03-05    | 1              | 2       | -           | 6
        """
    )

    assert_drawn(
        result,
        """
        item_no | net_kg
        ----------------
        1       | 7
        """,
    )


def test_a_partial_amendment_changes_only_what_it_tells():
    result = current(
        """
        business_date | declaration_no | item_no | action_code | is_partial | hs_code | net_kg
        --------------------------------------------------------------------------------------
        2026-03-02    | 1              | 1       | original    | -          | 291524  | 5
        2026-03-02    | 1              | 2       | original    | -          | 291524  | 6
        2026-03-04    | 1              | 2       | amendment   | true       | -       | 7
        2026-03-05    | 1              | 2       | amendment   | true       | 291529  | -
        2026-03-05    | 1              | 3       | amendment   | true       | 291411  | 1
        2026-03-05    | 1              | -       | amendment   | true       | -       | -
        """
    )

    assert_drawn(
        result,
        """
        business_date | item_no | hs_code | net_kg
        ------------------------------------------
        2026-03-02    | 1       | 291524  | 5
        2026-03-05    | 2       | 291529  | 7
        2026-03-05    | 3       | 291411  | 1
        """,
    )


def test_a_whole_amendment_wipes_the_partial_ones_before_it():
    result = current(
        """
        business_date | declaration_no | item_no | action_code | is_partial | hs_code | net_kg
        --------------------------------------------------------------------------------------
        2026-03-02    | 1              | 1       | original    | -          | 291524  | 5
        2026-03-03    | 1              | 1       | amendment   | true       | -       | 7
        2026-03-04    | 1              | 1       | amendment   | -          | 291524  | -
        2026-03-05    | 1              | 1       | release     | -          | 291524  | 8
        """
    )

    assert_drawn(
        result,
        """
        business_date | net_kg
        ----------------------
        2026-03-05    | 8
        """,
    )


def test_an_amendment_into_transit_takes_the_goods_out():
    result = current(
        """
        business_date | declaration_no | item_no | action_code | movement_code
        ----------------------------------------------------------------------
        2026-03-02    | 1              | 1       | original    | import
        2026-03-03    | 1              | 1       | amendment   | transit
        """
    )

    assert result.collect().is_empty()


def test_deliveries_of_one_day_are_told_apart_by_content_alone():
    drawn = """
        delivery | line | declaration_no | item_no | hs_code
        ----------------------------------------------------
        {}       | 1    | 1              | 1       | 291524
        {}       | 9    | 1              | 1       | 291411
        """

    one, other = (current(drawn.format(*names)) for names in ("ab", "ba"))

    assert one.collect()["hs_code"].to_list() == other.collect()["hs_code"].to_list() == ["291411"]


@given(
    st.lists(
        st.tuples(*[st.integers(0, 2)] * 4),
        max_size=12,
    )
)
def test_tables_alone_count_as_their_latest_deliveries(told):
    cells = [
        f"2026-03-{day + 2:02} | {declaration} | {item} | {kg}"
        for day, declaration, item, kg in told
    ]
    header = ["business_date | declaration_no | item_no | net_kg", "---", *cells]
    rows = accepted("import_declarations", "\n".join(header))

    assert_frame_equal(current_declarations(rows), latest(rows, ITEM).sort(ITEM))
