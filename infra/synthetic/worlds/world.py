"""A whole pretend world: what banks and exchanges tell, and apart from it what was planted."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from infra.synthetic.days import all_days
from infra.synthetic.dice import Ints, rng
from infra.synthetic.markets import Markets
from infra.synthetic.scenario import FIRST_DAY, LAST_DAY
from infra.synthetic.worlds.books import DAY, NOBODY, Books, amounts
from infra.synthetic.worlds.crews import TYPOLOGIES, Crews, crews_of
from infra.synthetic.worlds.desk import Desk
from infra.synthetic.worlds.grey_zone import GREY_ZONE
from infra.synthetic.worlds.holders import holder_rows
from infra.synthetic.worlds.lives import Lives
from infra.synthetic.worlds.lookalikes import LOOKALIKES
from infra.synthetic.worlds.people import People, people_of
from infra.synthetic.worlds.planted import Planted, planted
from infra.synthetic.worlds.rows import (
    bank_rows,
    coin_rows,
    order_rows,
    price_rows,
    rate_rows,
    staged,
)
from infra.synthetic.worlds.schemes import SCHEMES
from infra.synthetic.worlds.street import Street

_FEWEST_PEOPLE = 300
_PEOPLE_FOR_A_BUYER = 100
_BUYERS = (12, 80)
_LIKELY_BUYERS = ("salaried", "student", "self-employed", "driver")


@dataclass(frozen=True, slots=True)
class World:
    """Accepted rows of each feed, for all days together; and the truth, which no detector reads.

    Each frame has the schema of the feed's accepted table, and `business_date` tells the days.
    """

    seed: int
    days: tuple[date, ...]
    card_transactions: pl.DataFrame
    account_holders: pl.DataFrame
    p2p_orders: pl.DataFrame
    crypto_transfers: pl.DataFrame
    crypto_prices: pl.DataFrame
    exchange_rates: pl.DataFrame
    truth: Planted


def world(
    seed: int,
    *,
    days: int = 90,
    people: int = 3_000,
    networks: int = len(TYPOLOGIES),
    since: date = date(2025, 5, 20),
) -> World:
    """A world of so many days, people and networks; the same seed gives the same one.

    A day is the same however many days follow it: a shorter world is the beginning of a longer
    one. Networks take the typologies in turn, so that as many as there are have one of each.

    Args:
        people: innocents of all kinds, small firms among them; they have one or two accounts.

    Raises:
        ValueError: fewer than 300 people, or days outside the scenario's markets.
    """
    until = since + timedelta(days=days - 1)
    if people < _FEWEST_PEOPLE or days < 1 or not FIRST_DAY <= since <= until <= LAST_DAY:
        raise ValueError(
            f"Asked for {people} people from {since} to {until}. A world has at least "
            f"{_FEWEST_PEOPLE} people and lies between {FIRST_DAY} and {LAST_DAY}. "
            "Nothing was made."
        )
    everybody = people_of(seed, people, since)
    crews = crews_of(seed, networks, since, everybody.accounts.height)
    accounts = pl.concat([everybody.accounts, crews.members], how="diagonal")
    books = _lived(seed, everybody, crews, since, days)
    return _told(seed, books, accounts, (everybody, crews), all_days(since, until))


def _lived(seed: int, people: People, crews: Crews, since: date, days: int) -> Books:
    books, lives = Books(), Lives(seed, people, since)
    for n in range(days):
        lives.day(books, n)
        street = Street(seed, people, books, n)
        for look_alike in (LOOKALIKES | GREY_ZONE).values():
            look_alike(street)
        _work(seed, people, crews, books, n)
        _members_live(seed, people, crews.alive, books, n)
    return books


def _work(seed: int, people: People, crews: Crews, books: Books, n: int) -> None:
    likely = people.main[people.of(*_LIKELY_BUYERS)]
    likely = likely[people.opened[likely] <= n]
    sellers = people.main[people.of("crypto hobbyist", "trader")]
    usual = int(np.clip(len(people.main) / _PEOPLE_FOR_A_BUYER, *_BUYERS))
    for net in crews.networks:
        dice = rng(seed, "network", net.number, n)
        # Few buy often, many once: the shop's own customers come first in its order of people.
        chance = dice.random(int(dice.poisson(usual))) ** 2 * len(likely)
        order = rng(seed, "customers", net.number).permutation(len(likely))
        buyers = likely[order[chance.astype(np.int64)]]
        desk = Desk(dice, books, net.number, people.exchange, net.wallets, sellers)
        SCHEMES[net.typology](desk, net, n, buyers)


def _members_live(seed: int, people: People, alive: Ints, books: Books, n: int) -> None:
    """Purchases of members who have a life, and money from and to acquaintances outside."""
    dice = rng(seed, "members' life", n)
    for often, operation in ((0.8, "purchase"), (0.08, "transfer"), (0.08, "gift")):
        who = np.repeat(alive, dice.poisson(often, len(alive)))
        at = n * DAY + dice.integers(8 * 3600, 23 * 3600, len(who))
        sums = amounts(dice, len(who), 8.4, 1.0)
        other = people.main[dice.integers(0, len(people.main), len(who))]
        if operation == "purchase":
            books.moves_of(at, who, NOBODY, sums, operation=operation, channel="pos")
        elif operation == "transfer":
            books.moves_of(at, who, other, sums)
        else:
            books.moves_of(at, other, who, sums)


def _told(
    seed: int,
    books: Books,
    accounts: pl.DataFrame,
    everybody: tuple[People, Crews],
    days: list[date],
) -> World:
    people, crews = everybody
    since, until, markets = days[0], len(days) * DAY, Markets(seed)
    moves = _of_open_accounts(books.moves(until), people)
    booked = bank_rows(moves, accounts, since)
    orders = order_rows(books.orders(until), accounts, since, markets)
    coins = coin_rows(books.transfers_of_coins(until), accounts, since, markets, seed=seed)
    told = {
        "card_transactions": booked,
        "account_holders": holder_rows(people, crews, since, len(days), seed),
        "p2p_orders": orders,
        "crypto_transfers": coins,
        "crypto_prices": price_rows(days, markets),
        "exchange_rates": rate_rows(days, markets),
    }
    frames = {feed: staged(feed, wire, since) for feed, wire in told.items()}
    return World(
        seed=seed,
        days=tuple(days),
        truth=planted(moves, booked, accounts, crews, since),
        **frames,
    )


def _of_open_accounts(moves: pl.DataFrame, people: People) -> pl.DataFrame:
    """Without what people would have done with accounts that they had not opened yet."""
    opened = pl.DataFrame(
        {"account": np.arange(len(people.opened)), "opened": people.opened}
    ).filter(pl.col("opened") > 0)
    ends = {
        f"{end}_opened": opened.rename({"account": end, "opened": f"{end}_opened"})
        for end in ("payer", "payee")
    }
    for end, days in zip(("payer", "payee"), ends.values(), strict=True):
        moves = moves.join(days, on=end, how="left", maintain_order="left", validate="m:1")
    is_open = pl.all_horizontal(pl.col(list(ends)).fill_null(0) <= pl.col("day"))
    return moves.filter(is_open | (pl.col("network") >= 0)).drop(list(ends))
