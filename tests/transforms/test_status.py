"""Feeds by day, for the status page."""

from datetime import date

from polars.testing import assert_frame_equal

from tests.tables import table
from transforms.deliveries import COMPLETENESS
from transforms.status import feeds_by_day

TOLD = """
night      | feed     | institution | business_date | state_code       | rows_accepted
-----------------------------------------------------------------------------------
2025-08-18 | seizures | a           | 2025-08-18    | in_time          | 5
2025-08-18 | seizures | b           | 2025-08-18    | missing          | -
2025-08-18 | seizures | c           | 2025-08-18    | control_mismatch | -
2025-08-18 | seizures | d           | 2025-08-18    | rejected         | 0
2025-08-18 | seizures | a           | 2025-08-17    | late             | 3
2025-08-18 | seizures | b           | 2025-08-17    | corrected        | 2
2025-08-18 | seizures | c           | 2025-08-17    | short            | 1
2025-08-18 | seizures | a           | 2025-08-16    | in_time          | 1
"""


def test_each_delivery_is_of_one_kind():
    told = table(
        TOLD, {n: COMPLETENESS.schema[n] for n in TOLD.split("\n")[1].replace(" ", "").split("|")}
    )

    result = feeds_by_day(told, date(2025, 8, 17))

    expected = table(
        """
        feed     | business_date | deliveries | corrupt | missing | short | late | in_time | rows_accepted
        ----------------------------------------------------------------------------------------------------
        seizures | 2025-08-17    | 3          | 0       | 0       | 1     | 1    | 1       | 6
        seizures | 2025-08-18    | 4          | 2       | 1       | 0     | 0    | 1       | 5
        """,
        result.collect_schema(),
    )
    assert_frame_equal(result, expected)
