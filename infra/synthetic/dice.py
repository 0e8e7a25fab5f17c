"""Chance that falls the same way each time: seeded draws, and exact splits of a total."""

import hashlib
from datetime import date

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]


def rng(seed: int, *words: object) -> np.random.Generator:
    """The generator of one purpose; another purpose's draws never move it."""
    return np.random.default_rng(number(seed, *words))


def number(seed: int, *words: object) -> int:
    """A 64-bit number that stands for a seed and a purpose."""
    text = "|".join(map(str, (seed, *words)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def mixed(values: Words | Ints, salt: int) -> Words:
    """One well-mixed 64-bit number for each value (SplitMix64)."""
    z = values.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(salt)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def split(dice: np.random.Generator, total: int, parts: int, *, spread: float) -> Ints:
    """`parts` whole numbers above zero, unequal by `spread`, that make up `total` exactly."""
    weights = np.exp(dice.normal(0.0, spread, parts))
    shares = np.maximum(1, np.floor(weights / weights.sum() * total)).astype(np.int64)
    shares[np.argmax(shares)] += total - shares.sum()
    return np.asarray(shares)


def picks(dice: np.random.Generator, count: int, weights: dict[str, float]) -> Names:
    """`count` words, each as likely as its weight."""
    words = np.array(list(weights))
    return words[drawn(dice, count, np.array(list(weights.values()), dtype=np.float64))]


def drawn(dice: np.random.Generator, count: int, weights: Floats) -> Ints:
    """`count` positions, each as likely as its weight."""
    return np.searchsorted(np.cumsum(weights / weights.sum()), dice.random(count)).clip(
        0, len(weights) - 1
    )


def day_number(day: date) -> int:
    """Days since 1970, as NumPy counts them."""
    return (day - date(1970, 1, 1)).days
