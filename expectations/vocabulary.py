"""Expectations in the words of the field: an IIN, an account, a code of goods, a wallet.

What is well formed is defined once, in `transforms.identifiers`; here it becomes an expectation
that a suite can name. Missing cells pass: whether a cell may be missing is a rule of its own.
"""

from typing import ClassVar

import polars as pl
from great_expectations.expectations.expectation import ColumnMapExpectation

from expectations.polars_engine import map_condition
from transforms.identifiers import (
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


class ExpectColumnValuesToBeValidIin(ColumnMapExpectation):
    """Each value is a person's number: a real birth date, a known century, the control digit.

    Source: rules of the state register of persons (IIN).
    """

    map_metric: ClassVar[str] = "column_values.valid_iin"


class ExpectColumnValuesToBeValidBin(ColumnMapExpectation):
    """Each value is a company's number: month of registration, kind, unit, the control digit.

    Source: rules of the state register of legal entities (BIN).
    """

    map_metric: ClassVar[str] = "column_values.valid_bin"


class ExpectColumnValuesToBeValidIinOrBin(ColumnMapExpectation):
    """Each value is a person's or a company's number; digit 5 tells which of them it claims to be.

    Source: rules of the state registers of persons (IIN) and of legal entities (BIN).
    """

    map_metric: ClassVar[str] = "column_values.valid_iin_or_bin"


class ExpectColumnValuesToBeValidKzIban(ColumnMapExpectation):
    """Each value is a Kazakh account number in electronic form, its check digits right.

    Source: ISO 13616, registry entry KZ; ISO 7064, mod 97-10.
    """

    map_metric: ClassVar[str] = "column_values.valid_kz_iban"


class ExpectColumnValuesToBeValidLuhnCardNumber(ColumnMapExpectation):
    """Each value is a payment card's number of 12 to 19 digits that passes the Luhn check.

    Some UnionPay cards are said to fail it: for them, let the rule warn.

    Source: ISO/IEC 7812-1, annex B.
    """

    map_metric: ClassVar[str] = "column_values.valid_luhn_card_number"


class ExpectColumnValuesToBeNoCardNumbers(ColumnMapExpectation):
    """No value is a payment card's number: a token stands for it, and nobody sends the number.

    One token in ten of 12 to 19 digits passes the Luhn check by chance: let the rule warn.

    Source: PCI DSS 4.0, requirement 3; ISO/IEC 7812-1, annex B.
    """

    map_metric: ClassVar[str] = "column_values.no_card_number"


class ExpectColumnValuesToBeValidBic(ColumnMapExpectation):
    """Each value is a BIC of 8 or 11 signs, by its form; whose it is a directory tells.

    Source: ISO 9362:2022.
    """

    map_metric: ClassVar[str] = "column_values.valid_bic"


class ExpectColumnValuesToBeValidPaymentPurposeCode(ColumnMapExpectation):
    """Each value is a KNP of three digits, or a purpose code of ISO 20022 in four letters.

    Source: rules of the National Bank on codes of sectors and payment purposes (parts assumed).
    """

    map_metric: ClassVar[str] = "column_values.valid_payment_purpose_code"


class ExpectColumnValuesToBeValidHsCode(ColumnMapExpectation):
    """Each value is a code of goods: 6 to 10 digits, chapter 01 to 97.

    Source: WCO Harmonized System; EAEU commodity nomenclature (TN VED).
    """

    map_metric: ClassVar[str] = "column_values.valid_hs_code"


class ExpectColumnValuesToBeValidRegionCode(ColumnMapExpectation):
    """Each value is a first-level unit of KATO: two digits, of the codes in force given.

    Source: classifier of administrative-territorial objects (KATO).
    """

    value_set: list[str]

    map_metric: ClassVar[str] = "column_values.valid_region_code"
    success_keys: ClassVar[tuple[str, ...]] = ("value_set", "mostly")


class ExpectColumnValuesToBeValidCurrencyCode(ColumnMapExpectation):
    """Each value is a currency: three capital letters, of the codes given.

    Source: ISO 4217.
    """

    value_set: list[str]

    map_metric: ClassVar[str] = "column_values.valid_currency_code"
    success_keys: ClassVar[tuple[str, ...]] = ("value_set", "mostly")


class ExpectColumnValuesToBeValidBtcAddress(ColumnMapExpectation):
    """Each value is a mainnet Bitcoin address whose checksum is right.

    Source: BIP-13, BIP-16 (base58check), BIP-173 (bech32), BIP-350 (bech32m).
    """

    map_metric: ClassVar[str] = "column_values.valid_btc_address"


class ExpectColumnValuesToBeValidEthAddress(ColumnMapExpectation):
    """Each value is an Ethereum address; one in mixed case has the right checksum.

    Source: EIP-55.
    """

    map_metric: ClassVar[str] = "column_values.valid_eth_address"


class ExpectColumnValuesToBeValidTronAddress(ColumnMapExpectation):
    """Each value is a TRON address whose checksum is right.

    Source: TRON protocol documentation, "Account address format".
    """

    map_metric: ClassVar[str] = "column_values.valid_tron_address"


map_condition("column_values.valid_iin")(is_iin)
map_condition("column_values.valid_bin")(is_bin)
map_condition("column_values.valid_kz_iban")(is_kz_iban)
map_condition("column_values.valid_luhn_card_number")(is_card_number)
map_condition("column_values.no_card_number")(is_no_card_number)
map_condition("column_values.valid_bic")(is_bic)
map_condition("column_values.valid_payment_purpose_code")(is_payment_purpose_code)
map_condition("column_values.valid_hs_code")(is_hs_code)
map_condition("column_values.valid_btc_address")(is_bitcoin_address)
map_condition("column_values.valid_eth_address")(is_ethereum_address)
map_condition("column_values.valid_tron_address")(is_tron_address)


@map_condition("column_values.valid_iin_or_bin")
def is_iin_or_bin(number: pl.Expr) -> pl.Expr:
    """A person's or a company's number."""
    return is_iin(number) | is_bin(number)


@map_condition("column_values.valid_region_code", value_keys=("value_set",))
def is_region_code(code: pl.Expr, *, value_set: list[str]) -> pl.Expr:
    """Two digits, of the codes given."""
    return code.str.contains(r"^[0-9]{2}$") & code.is_in(value_set)


@map_condition("column_values.valid_currency_code", value_keys=("value_set",))
def is_currency_code(code: pl.Expr, *, value_set: list[str]) -> pl.Expr:
    """Three capital letters, of the codes given."""
    return code.str.contains(r"^[A-Z]{3}$") & code.is_in(value_set)
