from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.wallet_freezes import FEED

DELIVERED = """
breaks | measure_id | case_no         | stage    | frozen_at                 | network  | address                                    | asset | quantity | kato
--------------------------------------------------------------------------------------------------------------------------------------------------------------
-      | W1         | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 75
-      | W2         | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | bitcoin  | 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2         | BTC   | 0        | 75
-      | W3         | 257500010000017 | arrested | 2025-08-18T23:59:59+05:00 | ethereum | 0xde709f2102306220921060314715629080e2fb77 | ETH   | 12.5     | 75
WFR-01 | -          | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 75
WFR-02 | W5         | -               | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 75
WFR-03 | W6         | 257500010000017 | -        | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 75
WFR-04 | W7         | 257500010000017 | arrested | 18.08.2025                | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 75
WFR-05 | W8         | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | -        | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 75
WFR-06 | W9         | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | -                                          | USDT  | 12.5     | 75
WFR-07 | W10        | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | -     | 12.5     | 75
WFR-08 | W11        | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 1,5      | 75
WFR-09 | W12        | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | -
WFR-10 | W13        | 17              | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 75
WFR-11 | W14        | 257500010000017 | frozen   | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 75
WFR-12 | W15        | 257500010000017 | arrested | 2025-08-19T00:00:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 75
WFR-13 | W16        | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | solana   | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 75
WFR-14 | W17        | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | bitcoin  | 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3         | USDT  | 12.5     | 75
WFR-15 | W18        | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | ethereum | 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD | USDT  | 12.5     | 75
WFR-16 | W19        | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMX         | USDT  | 12.5     | 75
WFR-17 | W20        | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | DOGE  | 12.5     | 75
WFR-18 | W21        | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | -0.1     | 75
WFR-19 | W22        | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 99
WFR-20 | V          | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 75
WFR-20 | V          | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | USDT  | 12.5     | 75
-      | V          | 257500010000017 | arrested | 2025-08-18T10:15:00+05:00 | tron     | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | TRX   | 12.5     | 75
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
