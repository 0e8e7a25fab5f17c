"""Numbers of people, companies, accounts, cards, goods and wallets: which are well formed.

Each predicate judges text as written and answers null for null. A control digit that is right
says that nobody mistyped the number, not that it was ever issued.
"""

from collections.abc import Callable
from functools import reduce
from operator import add

import base58
import polars as pl
from Crypto.Hash import keccak

_FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)

_LETTERS = {chr(ord("A") + place): str(10 + place) for place in range(26)}
_COUNTRY = 20_35  # KZ, each letter as two digits

_BECH32_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_CHECKSUM = 1
_BECH32M_CHECKSUM = 0x2BC830A3


def is_iin(number: pl.Expr) -> pl.Expr:
    """A person's number (IIN): 12 digits, a real birth date, a known century, the control digit.

    Digit 7 tells century and sex, 1 to 6; other marks are not accepted.

    Source: the rules of the state register of persons; the control digit takes two passes.
    """
    first = _beginnings(number, 12)
    year_of_century, month, day = first[2], first[4] - first[2] * 100, first[6] - first[4] * 100
    century_and_sex = first[7] - first[6] * 10
    year = 1800 + (century_and_sex - 1) // 2 * 100 + year_of_century
    return _judged(
        number,
        has_shape=number.str.contains(r"^[0-9]{6}[1-6][0-9]{5}$"),
        rule=_is_day(year, month, day) & _has_control_digit(first),
    )


def is_bin(number: pl.Expr) -> pl.Expr:
    """A company's number (BIN): 12 digits, month of registration, kind, unit, the control digit.

    Digit 5 is 4 (resident), 5 (non-resident) or 6 (joint enterprise); digit 6 is 0 to 3.

    Source: the rules of the state register of legal entities; same control digit as the IIN.
    """
    return _judged(
        number,
        has_shape=number.str.contains(r"^[0-9]{2}(0[1-9]|1[0-2])[4-6][0-3][0-9]{6}$"),
        rule=_has_control_digit(_beginnings(number, 12)),
    )


def electronic_iban(written: pl.Expr) -> pl.Expr:
    """An account number as machines write it: without blanks, in capital letters."""
    return written.str.replace_all(r"\s", "").str.to_uppercase()


def is_kz_iban(number: pl.Expr) -> pl.Expr:
    """A Kazakh account number in electronic form: KZ, check digits 02 to 98, bank, 13 characters.

    Source: ISO 13616, registry entry KZ (3!n13!c); check by ISO 7064, mod 97-10.
    """
    account = number.str.slice(4, 16).str.replace_many(list(_LETTERS), list(_LETTERS.values()))
    # With a letter as two digits it is up to 29 digits long: one division, not one for each sign.
    rest = (account.cast(pl.Int128, strict=False) % 97).cast(pl.Int64)
    check = number.str.slice(2, 2).cast(pl.Int64, strict=False)
    remainder = (rest * 1_000_000 + _COUNTRY * 100 + check) % 97
    return _judged(
        number,
        has_shape=number.str.contains(
            r"^KZ(0[2-9]|[1-8][0-9]|9[0-8])[0-9]{3}[0-9A-Z]{13}$",
        ),
        rule=remainder == 1,
    )


def is_card_number(number: pl.Expr) -> pl.Expr:
    """A payment card's number: 12 to 19 digits, the first not zero, that pass the Luhn check.

    Source: ISO/IEC 7812-1, annex B. The longest number of 19 digits still fits an UInt64.
    """
    whole = number.cast(pl.UInt64, strict=False)
    digits = [whole // 10**place % 10 for place in range(19)]
    plain = digits[0::2]
    doubled = [2 * digit - pl.when(digit > 4).then(9).otherwise(0) for digit in digits[1::2]]
    return _judged(
        number,
        has_shape=number.str.contains(r"^[1-9][0-9]{11,18}$"),
        rule=reduce(add, (*plain, *doubled)) % 10 == 0,
    )


def is_no_card_number(token: pl.Expr) -> pl.Expr:
    """Anything but the number of a payment card, as a token has to be."""
    return ~is_card_number(token)


def is_bic(code: pl.Expr) -> pl.Expr:
    """A business identifier code: 8 signs, or 11 with the branch, all capital.

    Source: ISO 9362:2022: prefix of four, country of two letters, suffix of two, branch of three.
    """
    return code.str.contains(r"^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$")


def is_payment_purpose_code(code: pl.Expr) -> pl.Expr:
    """A code of payment purpose: three digits (KNP), or four capital letters (ISO 20022).

    Source: rules of the National Bank on codes of sectors and payment purposes; ISO 20022,
    external code set ExternalPurpose1Code.
    """
    return code.str.contains(r"^([0-9]{3}|[A-Z]{4})$")


def is_hs_code(code: pl.Expr) -> pl.Expr:
    """A code of goods: 6 to 10 digits, chapter 01 to 97.

    Source: WCO Harmonized System (6 digits), EAEU commodity nomenclature (10 digits).
    """
    return code.str.contains(r"^(0[1-9]|[1-8][0-9]|9[0-7])[0-9]{4,8}$")


def is_bitcoin_address(address: pl.Expr) -> pl.Expr:
    """A mainnet Bitcoin address whose checksum is right: base58check, bech32 or bech32m.

    Source: BIP-13 and BIP-16 (1…, 3…), BIP-173 (witness version 0), BIP-350 (versions 1 to 16).
    """
    return _each_distinct(address, _is_bitcoin_address)


def is_ethereum_address(address: pl.Expr) -> pl.Expr:
    """An Ethereum address: 0x and 40 hexadecimal digits; in mixed case the checksum is right.

    Source: EIP-55. An address in one case only carries no checksum and is accepted.
    """
    return _each_distinct(address, _is_ethereum_address)


def is_tron_address(address: pl.Expr) -> pl.Expr:
    """A TRON address whose checksum is right: base58check of byte 41 and twenty bytes.

    Source: TRON protocol documentation, "Account address format".
    """
    return _each_distinct(address, _is_tron_address)


def _judged(text: pl.Expr, *, has_shape: pl.Expr, rule: pl.Expr) -> pl.Expr:
    return pl.when(text.is_not_null()).then(has_shape & rule.fill_null(value=False))


def _beginnings(number: pl.Expr, length: int) -> list[pl.Expr]:
    """What the first 0, 1, 2 … digits say, as a number: half the divisions of digit by digit."""
    whole = number.cast(pl.Int64, strict=False)
    return [whole // 10 ** (length - count) for count in range(length)] + [whole]


def _has_control_digit(first: list[pl.Expr]) -> pl.Expr:
    once, twice = (_weighted(first, weights) % 11 for weights in (_FIRST_WEIGHTS, _SECOND_WEIGHTS))
    return first[12] - first[11] * 10 == pl.when(once < 10).then(once).otherwise(twice)


def _weighted(first: list[pl.Expr], weights: tuple[int, ...]) -> pl.Expr:
    """The digits by their weights, added, modulo 11.

    A digit is a beginning less ten times the one before it, so that each beginning counts by its
    own digit's weight, less ten times the next one's.
    """
    own = [weight - 10 * after for weight, after in zip(weights, (*weights[1:], 0), strict=True)]
    counted = (part * (weight % 11) for part, weight in zip(first[1:12], own, strict=True))
    return reduce(add, counted)


def _is_day(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    is_leap_year = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last_day = (
        pl.when(month == 2)
        .then(28 + is_leap_year.cast(pl.Int64))
        .when(month.is_in([4, 6, 9, 11]))
        .then(30)
        .otherwise(31)
    )
    return month.is_between(1, 12) & (day >= 1) & (day <= last_day)


# A checksum over a hash is beyond expressions: these are asked once for each distinct value.
def _each_distinct(text: pl.Expr, is_right: Callable[[str], bool]) -> pl.Expr:
    def verdicts(written: pl.Series) -> pl.Series:
        distinct = written.drop_nulls().unique()
        rights = [value for value in distinct if is_right(value)]
        return written.is_in(pl.Series(rights, dtype=pl.String).implode())

    return text.map_batches(verdicts, return_dtype=pl.Boolean, is_elementwise=True)


def _is_bitcoin_address(address: str) -> bool:
    if address.startswith(("1", "3")):
        version = 0x00 if address.startswith("1") else 0x05
        return _has_base58_checksum(address, version)
    return _is_segwit_address(address)


def _is_tron_address(address: str) -> bool:
    return len(address) == 34 and _has_base58_checksum(address, 0x41)


def _has_base58_checksum(address: str, version: int) -> bool:
    if not 26 <= len(address) <= 35:
        return False
    try:
        payload = base58.b58decode_check(address)
    except ValueError:
        return False
    return len(payload) == 21 and payload[0] == version


def _is_segwit_address(address: str) -> bool:
    if address not in (address.lower(), address.upper()) or len(address) > 90:
        return False
    human, separator, data = address.lower().rpartition("1")
    if (human, separator) != ("bc", "1") or len(data) < 8 or set(data) - set(_BECH32_LETTERS):
        return False
    fives = [_BECH32_LETTERS.index(letter) for letter in data]
    version, program = fives[0], _octets(fives[1:-6])
    wanted = _BECH32_CHECKSUM if version == 0 else _BECH32M_CHECKSUM
    return (
        version <= 16
        and program is not None
        and (len(program) in (20, 32) if version == 0 else 2 <= len(program) <= 40)
        and _bech32_checksum(human, fives) == wanted
    )


def _bech32_checksum(human: str, fives: list[int]) -> int:
    expanded = [*(ord(c) >> 5 for c in human), 0, *(ord(c) & 31 for c in human)]
    checksum = 1
    for value in (*expanded, *fives):
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum


def _octets(fives: list[int]) -> bytes | None:
    bits = len(fives) * 5
    whole = reduce(lambda number, five: number << 5 | five, fives, 0)
    padding = bits % 8
    if padding > 4 or whole & ((1 << padding) - 1):
        return None
    return (whole >> padding).to_bytes(bits // 8, "big")


def _is_ethereum_address(address: str) -> bool:
    digits = address[2:]
    if not address.startswith("0x") or len(digits) != 40:
        return False
    if set(digits) - set("0123456789abcdefABCDEF"):
        return False
    return digits in (digits.lower(), digits.upper(), _eip55(digits.lower()))


def _eip55(digits: str) -> str:
    nibbles = keccak.new(digest_bits=256, data=digits.encode()).hexdigest()
    return "".join(
        digit.upper() if nibble >= "8" else digit
        for digit, nibble in zip(digits, nibbles, strict=False)
    )
