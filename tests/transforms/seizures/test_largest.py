"""A few very large seizures are told apart where they carry a total."""

from datetime import date

from tests.transforms.drawings import assert_drawn, rows_of
from transforms.periods import Period, PeriodKind
from transforms.seizures.items import SEIZURES
from transforms.seizures.largest import largest_seizures
from transforms.seizures.units import counted_drugs

MONTH = Period(PeriodKind.MONTH, date(2026, 3, 1), date(2026, 3, 31))

SEIZED = """
agency_code | act_no | item_no | seizure_id | is_counted | asset_code | substance_code | region_code | seized_on  | net_g
-----------------------------------------------------------------------------------------------------------------------
police      | 1      | 1       | a          | true       | drug       | heroin         | 75          | 2026-03-02 | 5000
police      | 1      | 2       | a          | true       | drug       | heroin         | 10          | 2026-03-02 | 1000
customs     | 1      | 1       | a          | false      | drug       | heroin         | 75          | 2026-03-02 | 5000
police      | 2      | 1       | b          | true       | drug       | heroin         | 75          | 2026-03-02 | 20
police      | 3      | 1       | c          | true       | drug       | heroin         | 75          | 2026-03-02 | 30
police      | 4      | 1       | d          | true       | drug       | heroin         | unknown     | 2026-03-02 | 50
police      | 5      | 1       | e          | true       | drug       | heroin         | 75          | 2026-04-02 | 9000
police      | 6      | 1       | f          | true       | drug       | hashish        | 75          | 2026-03-02 | 40
police      | 7      | 1       | g          | true       | precursor  | acetone        | 75          | 2026-03-02 | 900
"""


def test_the_largest_three_carry_a_total_only_where_there_are_more():
    assert_drawn(
        largest_seizures(rows_of(SEIZURES, SEIZED), MONTH),
        """
        substance_code | region_code | seizures | net_g | largest_g | is_carried
        -----------------------------------------------------------------------
        hashish        | 75          | 1        | 40    | 40        | false
        hashish        | KZ          | 1        | 40    | 40        | false
        heroin         | 75          | 3        | 6050  | 6050      | false
        heroin         | KZ          | 4        | 6100  | 6080      | true
        heroin         | unknown     | 1        | 50    | 50        | false
        """,
    )


def test_they_are_named_the_largest_first():
    found = largest_seizures(rows_of(SEIZURES, SEIZED), MONTH).collect()

    assert found.row(3, named=True)["largest_ids"] == ["a", "d", "c"]


def test_what_was_counted_has_its_sum_and_factor_by_drug_and_unit_and_none_where_there_is_none():
    counted = """
    agency_code | act_no | item_no | is_counted | asset_code | substance_code | region_code | seized_on  | quantity | unit_code | net_g
    ---------------------------------------------------------------------------------------------------------------------------------
    police      | 1      | 1       | true       | drug       | mdma           | 75          | 2026-03-02 | 40       | tablet    | 12
    police      | 2      | 1       | true       | drug       | mdma           | 10          | 2026-03-02 | 60       | tablet    | 18
    customs     | 3      | 1       | false      | drug       | mdma           | 10          | 2026-03-02 | 60       | tablet    | 18
    police      | 4      | 1       | true       | drug       | hashish        | 10          | 2026-03-02 | 3        | handful   | -
    police      | 5      | 1       | true       | crypto     | -              | 10          | 2026-03-02 | 3        | BTC       | -
    """

    assert_drawn(
        counted_drugs(rows_of(SEIZURES, counted), MONTH),
        """
        period | substance_code | unit_code | region_code | items | quantity | grams_per_unit | net_g
        -------------------------------------------------------------------------------------------
        month  | hashish        | handful   | 10          | 1     | 3        | -              | -
        month  | hashish        | handful   | KZ          | 1     | 3        | -              | -
        month  | mdma           | tablet    | 10          | 1     | 60       | 0.3            | 18
        month  | mdma           | tablet    | 75          | 1     | 40       | 0.3            | 12
        month  | mdma           | tablet    | KZ          | 2     | 100      | 0.3            | 30
        """,
    )
