from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.wallet_labels import FEED

DELIVERED = """
breaks | address                                    | asset | label   | category | source                | as_of
---------------------------------------------------------------------------------------------------------------------
-      | 0xde709f2102306220921060314715629080e2fb77 | ETH   | Hydra   | market   | https://example.org/a | 2025-08-18
-      | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW         | TRX   | Hydra   | -        | https://example.org/a | -
-      | 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2         | BTC   | Hydra   | market   | https://example.org/a | 2025-08-18
-      | 0xde709f2102306220921060314715629080e2fb77 | ETH   | Hydra   | market   | https://example.org/b | 2025-08-18
-      | whatever                                   | XMR   | Hydra   | market   | https://example.org/a | 2025-08-18
WLB-01 | -                                          | ETH   | Hydra   | market   | https://example.org/a | 2025-08-18
WLB-02 | 0xde709f2102306220921060314715629080e2fb77 | -     | Hydra   | market   | https://example.org/a | 2025-08-18
WLB-03 | 0xde709f2102306220921060314715629080e2fb77 | ETH   | -       | market   | https://example.org/a | 2025-08-18
WLB-04 | 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3         | BTC   | Hydra   | market   | https://example.org/a | 2025-08-18
WLB-05 | 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD | ETH   | Hydra   | market   | https://example.org/a | 2025-08-18
WLB-06 | TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMX         | TRX   | Hydra   | market   | https://example.org/a | 2025-08-18
WLB-07 | 0xde709f2102306220921060314715629080e2fb77 | ETH   | later   | market   | https://example.org/a | 2025-08-19
WLB-08 | 0xde709f2102306220921060314715629080e2fb77 | ETH   | twice   | market   | https://example.org/a | 2025-08-18
WLB-08 | 0xde709f2102306220921060314715629080e2fb77 | ETH   | twice   | market   | https://example.org/a | 2025-08-18
WLB-09 | 0xde709f2102306220921060314715629080e2fb77 | ETH   | undated | market   | https://example.org/a | 1660000000
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
