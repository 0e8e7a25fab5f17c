from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.crypto_transfers import FEED

DELIVERED = """
breaks | id  | completed_at              | direction  | user_iin     | network  | address                                    | txid                                                               | asset | quantity
--------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
-      | T1  | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
-      | T2  | 2025-08-18T10:15:00+05:00 | withdrawal | 871231100006 | bitcoin  | 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | BTC   | 12.5
-      | T3  | 2025-08-18T23:59:59+05:00 | deposit    | 871231100006 | ethereum | 0xde709f2102306220921060314715629080e2fb77 | 0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | ETH   | 12.5
XTR-01 | -   | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-02 | T5  | -                         | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-03 | T6  | 2025-08-18T10:15:00+05:00 | -          | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-04 | T7  | 2025-08-18T10:15:00+05:00 | deposit    | -            | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-05 | T8  | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | -        | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-06 | T9  | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | tron     | -                                          | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-07 | T10 | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | -                                                                  | USDT  | 12.5
XTR-08 | T11 | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | -     | 12.5
XTR-09 | T12 | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 1e3
XTR-10 | T13 | 2025-08-19T00:00:00+05:00 | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-11 | T14 | 2025-08-18T10:15:00+05:00 | in         | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-12 | T15 | 2025-08-18T10:15:00+05:00 | deposit    | 871231100007 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-13 | T16 | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | solana   | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-14 | T17 | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | bitcoin  | 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-15 | T18 | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | ethereum | 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-16 | T19 | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMX         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-17 | T20 | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | usdt  | 12.5
XTR-18 | T21 | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 0
XTR-19 | U   | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-19 | U   | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa   | USDT  | 12.5
XTR-20 | T24 | 2025-08-18T10:15:00+05:00 | deposit    | 871231100006 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | 77                                                                 | USDT  | 12.5
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
