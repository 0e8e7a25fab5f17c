"""What the night sees of a pretend world, by the night's own steps; and the truth beside it."""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from infra.synthetic.worlds.world import World, world
from transforms.droppers.activity import account_days, account_links
from transforms.droppers.contacts import account_contacts
from transforms.droppers.learned import training_rows
from transforms.droppers.parameters import parameters_of_activity
from transforms.droppers.window_figures import account_windows, summed

DAYS = 90
_NOBODY_KNOWN = pl.LazyFrame(schema={"account_iban": pl.String})


class Seen(NamedTuple):
    """`ACCOUNT_WINDOWS` and `LINK_WINDOWS` of a world's last night, and `TRUTH` of its accounts.

    No account is known before: no card was ever ordered to be arrested.
    """

    windows: pl.DataFrame
    links: pl.DataFrame
    truth: pl.DataFrame


def seen(seed: int, *, people: int, networks: int, days: int = DAYS) -> Seen:
    """A world of its own, as of its last night. Truth goes past the steps that look for droppers.

    Raises:
        ValueError: see `world`.
    """
    made = world(seed, days=days, people=people, networks=networks)
    windows, links = _windows(made)
    return Seen(windows, links, made.truth.accounts)


def learning_rows(seeds: Sequence[int], *, people: int, networks: int) -> pl.LazyFrame:
    """Accounts of several worlds with what they really are, for `learned.fitted`."""
    rows = []
    for seed in seeds:
        made = seen(seed, people=people, networks=networks)
        rows.append(training_rows(made.windows.lazy(), made.truth.lazy(), world=f"{seed}"))
    return pl.concat(rows)


def _windows(made: World) -> tuple[pl.DataFrame, pl.DataFrame]:
    night, numbers = made.days[-1], parameters_of_activity()
    booked = made.card_transactions.lazy()
    contacts = account_contacts(made.account_holders.lazy())
    days = account_days(booked, made.p2p_orders.lazy(), parameters=numbers).collect()
    links_of_days = account_links(booked, parameters=numbers).collect()
    sums = summed(days.lazy(), links_of_days.lazy(), night, numbers)
    links = sums.links.collect()
    windows = account_windows(
        sums.accounts,
        links.lazy(),
        night,
        known=_NOBODY_KNOWN,
        contacts=contacts,
        parameters=numbers,
    )
    return windows.collect(), links
