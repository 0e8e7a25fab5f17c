from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.card_transactions import FEED

DELIVERED = """
breaks | TXN_ID | BOOKED_AT                 | ACCOUNT              | CARD_TOKEN | IIN          | DIRECTION | AMOUNT    | CURRENCY | OPERATION | COUNTERPARTY_ACCOUNT | COUNTERPARTY_IIN | KNP | CHANNEL | DEVICE | KATO | ATM_ID
--------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
-      | 1      | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
-      | 2      | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | -          | 940140000385 | debit     | 1500.25   | KZT      | transfer  | -                    | -                | -   | mobile  | -      | 75 | -
-      | 3      | 2025-08-18T23:59:59+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-01 | -      | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-01 | 5      | 2025-08-18                | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-01 | 6      | 2025-08-18T10:15:00+05:00 | -                    | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-01 | 7      | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | -            | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-01 | 8      | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | -         | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-01 | 9      | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 18250.125 | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-01 | 10     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | -        | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-01 | 11     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | -         | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-01 | 12     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | -       | dev    | 75 | -
CTX-01 | 13     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 750 | -
CTX-02 | 14     | 2025-08-19T00:00:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-03 | 15     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100101 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-04 | 16     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100007 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-05 | 17     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | in        | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-06 | 18     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 0         | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-07 | 19     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | XXX      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-08 | 20     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | gift      | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-09 | 21     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | post    | dev    | 75 | -
CTX-10 | 22     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 99 | -
CTX-11 | 800    | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-11 | 800    | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | -
CTX-12 | 25     | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000380     | 119 | mobile  | dev    | 75 | -
-      | 801    | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | cash_withdrawal  | KZ86125KZT5004100100 | 940140000385     | 119 | atm     | dev    | 75 | ATM-1
CTX-13 | 802    | 2025-08-18T10:15:00+05:00 | KZ86125KZT5004100100 | tok        | 871231100006 | debit     | 1500.25   | KZT      | transfer  | KZ86125KZT5004100100 | 940140000385     | 119 | mobile  | dev    | 75 | ATM-1
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
