"""People, firms, accounts and cards that cannot exist, each a pure function of its number.

An IIN carries the mark of a birth in the 1800s, so that no living person can be meant. Client 7
of a bank is the same person on every date and at every scale; no register of them is kept.
"""

import numpy as np
import polars as pl

from infra.synthetic.dice import Ints, Words, mixed, number
from transforms.reference import reference

_FIRST_PASS = tuple(range(1, 12))
_SECOND_PASS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)

BANKS = {
    "CASPKZKA": 0.36,
    "HSBKKZKX": 0.27,
    "KCJBKZKX": 0.12,
    "IRTYKZKA": 0.10,
    "KSNVKZKA": 0.08,
    "EURIKZKA": 0.07,
}
_BANK_CODES = {
    bic: int(code) for bic, code in reference("banks").select("bic", "iban_bank_code").iter_rows()
}

_HEAVY_REGIONS = {"75": 1.9, "71": 1.7, "79": 1.8, "35": 1.5}
REGION_WEIGHTS: dict[str, float] = {
    kato: int(people) / 1e6 * _HEAVY_REGIONS.get(kato, 1.0)
    for kato, people in sorted(reference("regions").select("kato2", "population").iter_rows())
}


def digits(values: Ints | Words, width: int) -> pl.Series:
    """Whole numbers as text with leading zeros."""
    return pl.Series(values.astype(np.int64)).cast(pl.String).str.zfill(width)


def hexadecimal(values: Words) -> pl.Series:
    """Sixteen hexadecimal digits for each number."""
    written = values.astype(">u8").tobytes().hex().encode()
    return pl.Series(np.frombuffer(written, dtype="S16").astype("U16"))


def iins(chance: Words) -> pl.Series:
    """An IIN of somebody born in the 1800s for each number."""
    year = (chance % np.uint64(52)).astype(np.int64)
    return iins_of(np.where(year < 45, 55 + year, year - 45), chance)


def iins_of(years: Ints, chance: Words) -> pl.Series:
    """An IIN of somebody born in a year of the 1800s, told by its last two digits."""
    month = (chance >> np.uint64(8)) % np.uint64(12) + np.uint64(1)
    day = (chance >> np.uint64(16)) % np.uint64(28) + np.uint64(1)
    mark = (chance >> np.uint64(24)) % np.uint64(2) + np.uint64(1)
    stem = ((years * 100 + month.astype(np.int64)) * 100 + day.astype(np.int64)) * 10 + mark.astype(
        np.int64
    )
    serial = ((chance >> np.uint64(32)) % np.uint64(10_000)).astype(np.int64)
    return digits(_with_control_digit(stem * 10_000, serial, 10_000), 12)


def bins(numbers: Ints, seed: int) -> pl.Series:
    """A BIN of a resident company, head unit, for each number."""
    chance = mixed(numbers, number(seed, "BIN"))
    year = (chance % np.uint64(24)).astype(np.int64)
    month = ((chance >> np.uint64(8)) % np.uint64(12)).astype(np.int64) + 1
    stem = ((year * 100 + month) * 10 + 4) * 10
    return digits(_with_control_digit(stem * 100_000, numbers % 100_000, 100_000), 12)


def _with_control_digit(stem: Ints, serial: Ints, serials: int) -> Ints:
    serial = serial.copy()
    while True:
        first = _weighted(stem + serial, _FIRST_PASS)
        control = np.where(first == 10, _weighted(stem + serial, _SECOND_PASS), first)
        is_never_issued = control == 10
        if not is_never_issued.any():
            return (stem + serial) * 10 + control
        serial[is_never_issued] = (serial[is_never_issued] + 1) % serials


def _weighted(eleven: Ints, weights: tuple[int, ...]) -> Ints:
    total = np.zeros_like(eleven)
    for place, weight in enumerate(weights):
        total += eleven // 10 ** (10 - place) % 10 * weight
    return total % 11


def ibans(bank_codes: Ints, accounts: Ints) -> pl.Series:
    """An IBAN for each bank code and 13-digit account."""
    remainder = (bank_codes % 97 * pow(10, 13, 97) + accounts) % 97
    check = 98 - (remainder * pow(10, 6, 97) + 203_500) % 97
    return "KZ" + digits(check, 2) + digits(bank_codes, 3) + digits(accounts, 13)


def clients(bank: str, numbers: Ints, seed: int) -> pl.DataFrame:
    """Clients of one bank: `bank`, `iin`, `iban`, `token`, `device`, `kato`."""
    chance = mixed(numbers, number(seed, "client", bank))
    further = mixed(numbers, number(seed, "card", bank))
    accounts = (further % np.uint64(10**13)).astype(np.int64)
    return pl.DataFrame(
        {
            "bank": pl.repeat(bank, len(numbers), eager=True),
            "iin": iins(chance),
            "iban": ibans(np.full(len(numbers), _BANK_CODES[bank]), accounts),
            "token": "tok_" + hexadecimal(mixed(further, 1)),
            "device": "dev-" + hexadecimal(mixed(further, 2)).str.slice(0, 12),
            "kato": _home(mixed(further, 3)),
        }
    )


def firms(numbers: Ints, seed: int, *, purpose: str) -> pl.DataFrame:
    """Accounts of companies: `iin` (their BIN), `iban`, `kato`."""
    chance = mixed(numbers, number(seed, "firm", purpose))
    banks = np.array([_BANK_CODES[bic] for bic in BANKS])
    return pl.DataFrame(
        {
            "iin": bins(numbers, number(seed, purpose)),
            "iban": ibans(
                banks[(chance % np.uint64(len(banks))).astype(np.int64)],
                (mixed(chance, 1) % np.uint64(10**13)).astype(np.int64),
            ),
            "kato": _home(chance),
        }
    )


def _home(chance: Words) -> pl.Series:
    bounds = np.cumsum(list(REGION_WEIGHTS.values()))
    place = (chance >> np.uint64(11)).astype(np.float64) / 2**53 * bounds[-1]
    return pl.Series(list(REGION_WEIGHTS)).gather(np.searchsorted(bounds, place, side="right"))
