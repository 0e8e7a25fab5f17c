"""Identifiers: what is well formed, and what only looks like it.

The vectors are public examples of the standards, or made for this file. Valid IINs carry a mark
of the 1800s, so that none can be a living person's.
"""

import polars as pl
import pytest

from transforms.identifiers import (
    electronic_iban,
    is_bic,
    is_bin,
    is_bitcoin_address,
    is_card_number,
    is_ethereum_address,
    is_hs_code,
    is_iin,
    is_kz_iban,
    is_no_card_number,
    is_payment_purpose_code,
    is_tron_address,
)

VALID_IINS = {
    "871231100006": "first pass",
    "640229200001": "first pass, leap day 1864",
    "960229100001": "first pass, leap day 1896",
    "871231100704": "second pass",
    "640229200209": "second pass",
    "990101100111": "second pass",
}
INVALID_IINS = {
    "871231100730": "both passes give 10: never issued",
    "871231100007": "wrong control digit",
    "000229300005": "29 February 1900 does not exist",
    "000229100002": "29 February 1800 does not exist",
    "991331100004": "month 13",
    "871231700004": "century mark 7",
    "000000000000": "no date",
    "87123110000": "11 digits",
    "8712311000066": "13 digits",
    "87123110000x": "a letter",
    "٨٧١٢٣١١٠٠٠٠٦": "digits of another script",
    "": "empty",
}
VALID_BINS = {
    "940140000385": "first pass, head unit",
    "950341000052": "first pass, branch",
    "961141000023": "second pass",
    "070941024691": "first pass, branch",
    "250840000009": "first pass",
    "250840001800": "second pass",
    "250851000019": "branch of a non-resident",
    "250863000024": "farm of a joint enterprise",
}
INVALID_BINS = {
    "940140000380": "wrong control digit",
    "250847000007": "digit 6 is 7",
    "251340000003": "month 13",
    "871231100006": "an IIN",
}
VALID_IBANS = {
    "KZ86125KZT5004100100": "example of the registry",
    "KZ72722S000000000001": "letter in the account",
    "KZ726010000000000000": "bank 601",
    "KZ919140000000000007": "bank 914",
    "KZ42998ABCDEFGHIJKLM": "bank 998",
    "KZ027220000000000027": "lowest check digits",
}
INVALID_IBANS = {
    "KZ86125KZT5004100101": "wrong check",
    "KZ86125KZT500410010": "19 characters",
    "KZ997220000000000027": "check digits 99: right by arithmetic, never generated",
    "KZ017220000000000045": "check digits 01: right by arithmetic, never generated",
    "KZ86 125K ZT50 0410 0100": "with blanks: not the electronic form",
    "kz86125kzt5004100100": "small letters: not the electronic form",
}
VALID_CARDS = {
    "4111111111111111": "Visa",
    "5555555555554444": "Mastercard",
    "2223000048400011": "Mastercard, 2-series",
    "378282246310005": "American Express, 15 digits",
    "30569309025904": "Diners Club, 14 digits",
    "3530111333300000": "JCB",
    "6011111111111117": "Discover",
    "6200000000000005": "UnionPay",
    "2200000000000004": "Mir",
}
INVALID_CARDS = {
    "4111111111111112": "Luhn",
    "0000000000000000": "no card starts with zero",
    "41111111111": "11 digits",
    "41111111111111111111": "20 digits",
    "4111 1111 1111 1111": "blanks",
}
VALID_BICS = {
    "CASPKZKA": "head office",
    "HSBKKZKXXXX": "with the branch",
    "E097DEXX": "digits in the prefix, since 2014",
}
INVALID_BICS = {
    "CASPKZK": "7 signs",
    "CASPKZKAX": "9 signs",
    "CASPK1KA": "digit in the country",
    "caspkzka": "small letters",
    "CASPKZKA ": "a blank",
}
VALID_PURPOSES = {"119": "KNP", "010": "KNP", "SALA": "ISO 20022"}
INVALID_PURPOSES = {"19": "2 digits", "0119": "4 digits", "sala": "small letters", "SAL": "3"}
VALID_HS_CODES = {
    "854370": "heading of 6",
    "2924298300": "tariff line of 10",
    "010121": "chapter 01",
}
INVALID_HS_CODES = {
    "000000": "chapter 00",
    "980000": "chapter 98",
    "85437": "5 digits",
    "29242983001": "11 digits",
    "8543.70": "a point",
}
VALID_BITCOIN = {
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2": "P2PKH",
    "1NEDqZPvTWRaoho48qXuLLsrYomMXPABfD": "P2PKH",
    "1111111111111111111114oLvT2": "P2PKH of twenty zero bytes",
    "31h1vYVSYuKP6AhS86fbRdMw9XHieotbST": "P2SH of twenty zero bytes",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy": "P2SH",
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": "version 0, capitals",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0": "taproot",
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y": "40 bytes",
    "BC1SW50QGDZ25J": "version 16",
    "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs": "version 2",
}
INVALID_BITCOIN = {
    "1NEDqZPvTWRaoho48qXuLLsrYomMXPABfX": "checksum",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5": "checksum",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd": "bech32 checksum on v1",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh": "bech32m checksum on v0",
    "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4": "letter not of the alphabet",
    "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R": "witness version",
    "bc1pw5dgrnzv": "program of one byte",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P": "length of v0",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf": "padding over 4 bits",
    "bc1gmk9yu": "no data",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7KV8F3T4": "mixed case",
    "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW": "a TRON address",
    "": "empty",
}
VALID_ETHEREUM = {
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed": "EIP-55",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359": "EIP-55",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB": "EIP-55",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb": "EIP-55",
    "0x52908400098527886E0F7030069857D2E4169EE7": "capitals",
    "0xde709f2102306220921060314715629080e2fb77": "small letters",
    "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed": "small letters: no checksum",
}
INVALID_ETHEREUM = {
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD": "checksum",
    "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed": "no 0x",
    "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae": "39 digits",
    "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg": "not hexadecimal",
}
VALID_TRON = {
    "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW": "example of the documentation",
    "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb": "twenty zero bytes",
    "TMVQGm1qAQYVdetCeGRRkTWYYrLXuHK2HC": "example of a library",
}
INVALID_TRON = {
    "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMX": "checksum",
    "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxM0": "letter not of the alphabet",
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2": "a Bitcoin address",
}
RULES = (
    (is_iin, VALID_IINS, INVALID_IINS),
    (is_bin, VALID_BINS, INVALID_BINS),
    (is_kz_iban, VALID_IBANS, INVALID_IBANS),
    (is_card_number, VALID_CARDS, INVALID_CARDS),
    (is_no_card_number, INVALID_CARDS, VALID_CARDS),
    (is_bic, VALID_BICS, INVALID_BICS),
    (is_payment_purpose_code, VALID_PURPOSES, INVALID_PURPOSES),
    (is_hs_code, VALID_HS_CODES, INVALID_HS_CODES),
    (is_bitcoin_address, VALID_BITCOIN, INVALID_BITCOIN),
    (is_ethereum_address, VALID_ETHEREUM, INVALID_ETHEREUM),
    (is_tron_address, VALID_TRON, INVALID_TRON),
)


@pytest.mark.parametrize(
    ("predicate", "valid", "invalid"), RULES, ids=[predicate.__name__ for predicate, *_ in RULES]
)
def test_every_vector_is_judged_as_its_standard_says(predicate, valid, invalid):
    written = pl.LazyFrame({"written": [*valid, *invalid, None]}, schema={"written": pl.String})

    judged = written.select("written", verdict=predicate(pl.col("written"))).collect()

    expected = dict.fromkeys(valid, True) | dict.fromkeys(invalid, False) | {None: None}
    assert dict(judged.iter_rows()) == expected


@pytest.mark.parametrize(
    ("predicate", "number"),
    [
        (is_kz_iban, "KZ86125KZT5004100100"),
        (is_card_number, "4111111111111111"),
        (is_bitcoin_address, "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
        (is_ethereum_address, "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"),
        (is_tron_address, "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW"),
    ],
)
def test_one_mistyped_digit_is_noticed_wherever_it_stands(predicate, number):
    next_digit = dict(zip("0123456789", "1234567890", strict=True))
    mistyped = [
        number[:at] + next_digit[sign] + number[at + 1 :]
        for at, sign in enumerate(number)
        if sign in next_digit
    ]

    verdicts = pl.DataFrame({"written": mistyped}).select(predicate(pl.col("written")))

    assert verdicts.to_series().to_list() == [False] * len(mistyped)


def test_blanks_and_small_letters_of_an_iban_are_a_matter_of_writing():
    written = pl.DataFrame({"iban": ["KZ86 125K ZT50 0410 0100", "kz86125kzt5004100100"]})

    judged = written.select(is_kz_iban(electronic_iban(pl.col("iban"))))

    assert judged.to_series().to_list() == [True, True]


def test_the_same_verdicts_come_from_the_streaming_engine_and_on_no_rows():
    written = pl.LazyFrame({"w": [*VALID_TRON, *INVALID_TRON]})

    streamed = written.select(is_tron_address(pl.col("w"))).collect(engine="streaming")
    none = written.clear().select(is_tron_address(pl.col("w"))).collect()

    assert streamed.to_series().to_list() == [True] * 3 + [False] * 3
    assert none.height == 0
