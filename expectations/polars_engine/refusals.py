"""Core expectations of GX 1.24 that the Polars engine refuses, each with its reason.

An expectation is either answered or stands here; a test holds this against the installed version
of Great Expectations. A refused expectation raises in validation, it never passes.
"""

REFUSED: dict[str, str] = {
    **dict.fromkeys(
        (
            "expect_column_values_to_match_like_pattern",
            "expect_column_values_to_match_like_pattern_list",
            "expect_column_values_to_not_match_like_pattern",
            "expect_column_values_to_not_match_like_pattern_list",
        ),
        "LIKE patterns are SQL's, and GX's pandas engine refuses them too: write a regex.",
    ),
    **dict.fromkeys(
        ("unexpected_rows_expectation", "expect_query_results_to_match_comparison"),
        "It is a query in SQL, and GX's pandas engine refuses it too.",
    ),
    "expect_table_row_count_to_equal_other_table": (
        "A batch is one frame, without a table beside it; GX's pandas engine refuses it too."
    ),
    "expect_multicolumn_values_to_be_unique": (
        "GX keeps its name, but neither a rule behind it nor an entry in its registry: "
        "expect_select_column_values_to_be_unique_within_record is the same."
    ),
    **dict.fromkeys(
        ("expect_column_values_to_be_of_type", "expect_column_values_to_be_in_type_list"),
        "GX decides these by the class of its own engines and answers nothing for another: "
        "expect_column_type_to_be asks the same of a column, which has one type in Polars.",
    ),
}
