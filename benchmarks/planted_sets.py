"""Labelled transfers in the layout of AMLSim, one set for each published pattern, made here.

Patterns are those of AMLSim and AMLworld: fan-in, fan-out, cycle, gather-scatter, scatter-gather,
bipartite, stack, random walk, and all of them mixed. Each is planted among accounts that have
usual counterparties, in the usual amounts or in small ones. They serve to see that no detector is
good at one pattern only; no number of a detector was fitted to them.

`python -m benchmarks.planted_sets FOLDER` writes them; `python -m benchmarks.detection FOLDER`
measures.
"""

import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

Legs = list[tuple[int, int, float, float]]
_ACCOUNTS, _PATTERNS, _DAYS = 5_000, 40, 150
_USUAL, _SMALL = (100.0, 600.0), (10.0, 20.0)
_FEE = 0.05
_SPREAD = {"usual": (1.0, 1.0), "small": (1.0, 1.0), "varied": (0.75, 1.25)}
"""All transfers of a pattern in one sum, as AMLSim has them; the last kind differs in each."""


def fan_in(who: list[int], tiyn: float, dice: np.random.Generator) -> Legs:
    return [(payer, who[0], tiyn, when) for payer, when in _timed(who[1:], dice)]


def fan_out(who: list[int], tiyn: float, dice: np.random.Generator) -> Legs:
    return [(who[0], payee, tiyn, when) for payee, when in _timed(who[1:], dice)]


def cycle(who: list[int], tiyn: float, dice: np.random.Generator) -> Legs:
    return _chain([*who, who[0]], tiyn, dice)


def random_walk(who: list[int], tiyn: float, dice: np.random.Generator) -> Legs:
    return _chain(who, tiyn, dice)


def gather_scatter(who: list[int], tiyn: float, dice: np.random.Generator) -> Legs:
    half = len(who) // 2 + 1
    into, out = who[1:half], who[half:]
    share = tiyn * len(into) * (1 - _FEE) / len(out)
    return [(payer, who[0], tiyn, when / 2) for payer, when in _timed(into, dice)] + [
        (who[0], payee, share, 0.5 + when / 2) for payee, when in _timed(out, dice)
    ]


def scatter_gather(who: list[int], tiyn: float, dice: np.random.Generator) -> Legs:
    first, last, between = who[0], who[1], who[2:]
    return [(first, m, tiyn, when / 2) for m, when in _timed(between, dice)] + [
        (m, last, tiyn * (1 - _FEE), 0.5 + when / 2) for m, when in _timed(between, dice)
    ]


def bipartite(who: list[int], tiyn: float, dice: np.random.Generator) -> Legs:
    half = len(who) // 2
    return [
        (payer, payee, tiyn, when)
        for payer in who[:half]
        for payee, when in _timed(who[half:], dice)
    ]


def stack(who: list[int], tiyn: float, dice: np.random.Generator) -> Legs:
    third = len(who) // 3
    layers = [who[:third], who[third : 2 * third], who[2 * third :]]
    return [
        (payer, payee, tiyn * (1 - _FEE) ** step, (step + when) / 2)
        for step, (froms, tos) in enumerate(pairwise(layers))
        for payer in froms
        for payee, when in _timed(tos, dice)
    ]


PATTERNS: dict[str, Callable[[list[int], float, np.random.Generator], Legs]] = {
    each.__name__: each
    for each in (
        fan_in,
        fan_out,
        cycle,
        gather_scatter,
        scatter_gather,
        bipartite,
        stack,
        random_walk,
    )
}


def _timed(who: list[int], dice: np.random.Generator) -> Iterator[tuple[int, float]]:
    return zip(who, dice.random(len(who)).tolist(), strict=True)


def _chain(who: list[int], tiyn: float, dice: np.random.Generator) -> Legs:
    times = np.sort(dice.random(len(who) - 1)).tolist()
    return [
        (a, b, tiyn * (1 - _FEE) ** n, when)
        for n, (a, b, when) in enumerate(zip(who, who[1:], times, strict=False))
    ]


def planted_set(
    kinds: tuple[str, ...], *, seed: int, accounts: int = _ACCOUNTS, amounts: str = "usual"
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Transfers as AMLSim writes them, and alerts: who belongs to which pattern."""
    dice = np.random.default_rng(seed)
    legs, alerts, spread = _background(dice, accounts), [], _SPREAD[amounts]
    count = _PATTERNS * accounts // _ACCOUNTS
    for n in range(count):
        kind = kinds[n % len(kinds)]
        who = dice.choice(accounts, int(dice.integers(6, 12)), replace=False).tolist()
        sum_ = float(dice.uniform(*(_SMALL if amounts == "small" else _USUAL)))
        length = float(dice.uniform(5, 30))
        start = float(dice.uniform(0, _DAYS - length))
        legs += [
            (a, b, round(tiyn * float(dice.uniform(*spread)), 2), int(start + at * length))
            for a, b, tiyn, at in PATTERNS[kind](who, sum_, dice)
        ]
        alerts += [(n, member, kind) for member in who]
    schema = ("ACCOUNT_ID", "COUNTER_PARTY_ACCOUNT_NUM", "TXN_AMOUNT_ORIG", "start")
    rows = pl.DataFrame(legs, schema=schema, orient="row").sort("start", maintain_order=True)
    return (
        rows.with_row_index("TXN_ID"),
        pl.DataFrame(alerts, schema=("ALERT_KEY", "ACCOUNT_ID", "CHECK_NAME"), orient="row"),
    )


def _background(dice: np.random.Generator, accounts: int) -> Legs:
    """Everybody pays a few usual others, who are the same for many: some pay and get very much."""
    out = np.minimum(dice.zipf(2.2, accounts) + 2, 200)
    weight = dice.pareto(1.5, accounts) + 0.3
    legs: Legs = []
    for payer, count in enumerate(out.tolist()):
        payees = dice.choice(accounts, count, p=weight / weight.sum())
        for payee in payees.tolist():
            if payee == payer:
                continue
            for _ in range(1 + int(dice.random() < 0.03)):
                sum_ = round(float(dice.uniform(*_USUAL)), 2)
                legs.append((payer, payee, sum_, int(dice.integers(0, _DAYS))))
    return legs


def write(folder: Path, *, seed: int = 1) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    sets = {**{kind: (kind,) for kind in PATTERNS}, "mixed": tuple(PATTERNS)}
    for n, (name, kinds) in enumerate(sets.items()):
        for amounts in _SPREAD:
            stem = f"{name}_{amounts}"
            rows, alerts = planted_set(kinds, seed=seed * 100 + n, amounts=amounts)
            rows.write_csv(folder / f"{stem}_tx.csv")
            alerts.write_csv(folder / f"{stem}_alerts.csv")
            known = pl.DataFrame({"ACCOUNT_ID": np.arange(_ACCOUNTS)}).with_columns(isFraud=False)
            known.write_csv(folder / f"{stem}_accounts.csv")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
