"""Which arrests a night touches: lives and breaks are made anew of these, and of no others.

What becomes of an arrest depends on what registers and decisions tell of its measure, on the
calendar, and on other measures of the same asset; a break also on the case. Whatever none of
these has touched since the table was made is as it was. It is found by a few columns of all that
was ever told; whole rows are read of the days alone on which what is touched was told of.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from transforms.arrests.identity import asset_identity, card_identity
from transforms.arrests.measure_sources import ASSET_OF_MEASURE, sources
from transforms.arrests.measures import measures
from transforms.contracts import Table

Registers = Mapping[str, pl.LazyFrame]
"""Rows by the name of their feed or fact."""

ASSET = ("asset_code", "asset_id")
MEASURE_ID_OF = {
    "card_arrest_orders": "order_id",
    "card_arrest_confirmations": "order_id",
    "card_arrests": "order_id",
    "account_arrests": "order_id",
    "asset_arrests": "measure_id",
    "wallet_freezes": "measure_id",
    "measure_events": "measure_id",
    "measures": "measure_id",
}
_EVENTS = "measure_events"


@dataclass(frozen=True, slots=True)
class Turn:
    """The days that have come since a table was made."""

    since: date
    until: date

    @classmethod
    def after(cls, was: date, night: date) -> "Turn":
        """Those after one night, to another; none where they are one."""
        return cls(was + timedelta(days=1), night)

    def has(self, *days: pl.Expr | str) -> pl.Expr:
        """One of these dates is among them."""
        dates = [pl.col(day) if isinstance(day, str) else day for day in days]
        return pl.any_horizontal(day.is_between(self.since, self.until) for day in dates).fill_null(
            value=False
        )


class Renewed(NamedTuple):
    """Rows of a table that a night touches: as they lie there, and as they are now."""

    before: pl.LazyFrame
    now: pl.LazyFrame


def lives_renewed(
    kept: pl.LazyFrame,
    changed: Registers,
    registers: Registers,
    turn: Turn,
    parameters: pl.DataFrame,
) -> Renewed:
    """`MEASURES` of the assets whose measures may have become another, by the end of a turn.

    Collects what is touched, as `at_hand` says.

    Args:
        kept: `MEASURES` as they were made before the turn.
        changed: rows that came or went since, by register.
        registers: what the lives are made of, all that was delivered by the end of the turn.
        turn: the days since.
        parameters: dated numbers of the law.
    """
    known = found_by({**registers, "measures": kept}, {"measures": (*_DATES[1:], "term_on")})
    came = delivered({name: known[name] for name in registers}, turn)
    is_turned = turn.has(*_DATES, pl.col("term_on").dt.offset_by("1d"))
    by_calendar = known["measures"].filter(is_turned).select("measure_id")
    ids = pl.concat([touched_measures(changed, came, known), by_calendar])
    named = assets_named(known, changed, came)
    assets = named.join(ids, on="measure_id", how="semi").select(ASSET).unique()
    bearing = named.join(assets, on=ASSET, how="semi").select("measure_id").unique()
    assets, bearing = at_hand(assets, bearing)
    mine = about(registers, known, bearing)
    events = mine.pop(_EVENTS)
    now = measures(sources(**mine, parameters=parameters), events, turn.until)
    before = on_days_of(kept, known["measures"].join(assets, on=ASSET, how="semi"))
    return Renewed(*(lives.join(assets, on=ASSET, how="semi") for lives in (before, now)))


_DATES = (
    *("business_date", "ordered_on", "sent_on", "answered_on", "executed_on"),
    *("expired_on", "lifted_on", "returned_on", "confiscated_on"),
)


_FOUND_BY: Mapping[str, tuple[str, ...]] = {
    "card_arrest_orders": ("order_id", "account_iban"),
    "card_arrest_confirmations": ("order_id",),
    "criminal_cases": ("case_no",),
    "card_arrests": ("order_id", "bank_bic", "card_token"),
    "account_arrests": ("order_id", "account_iban"),
    "asset_arrests": ("measure_id", *ASSET),
    "wallet_freezes": ("measure_id", "address"),
    _EVENTS: ("event_id", "measure_id"),
    "measures": ("measure_id", *ASSET),
}
"""What tells of each register which of its rows a night touches, beside the business date."""


def found_by(registers: Registers, also: Mapping[str, Sequence[str]]) -> dict[str, pl.LazyFrame]:
    """All rows, with the few columns by which, and these `also`, it is found what is touched.

    They are `at_hand`.
    """
    few = [
        rows.select("business_date", *_FOUND_BY[name], *also.get(name, ()))
        for name, rows in registers.items()
    ]
    return dict(zip(registers, at_hand(*few), strict=True))


def on_days_of(rows: pl.LazyFrame, found: pl.LazyFrame) -> pl.LazyFrame:
    """Those of the business dates that were found; files of other days are not opened."""
    [days] = pl.collect_all([found.select(pl.col("business_date").unique())])
    return rows.filter(pl.col("business_date").is_in(days["business_date"].implode()))


def at_hand(*frames: pl.LazyFrame) -> list[pl.LazyFrame]:
    """In memory: they are few, and each of many rules looks at them several times.

    As one plan, a night would look for what is touched once for each of these rules.
    """
    return [rows.lazy() for rows in pl.collect_all(frames)]


def in_place_of(
    table: Table, there: pl.LazyFrame, renewed: Renewed, days: Sequence[date]
) -> pl.LazyFrame:
    """Rows of these business dates: those that were touched as they are now, and the rest.

    Args:
        table: whose rows all are.
        there: its rows of these dates as they lie there.
        renewed: what was touched, of any date.
        days: business dates.
    """
    rest = there.join(renewed.before, on=table.key, how="anti", nulls_equal=True)
    return pl.concat([rest, renewed.now.filter(pl.col("business_date").is_in(days))])


def delivered(registers: Registers, turn: Turn) -> Registers:
    """Rows that were delivered on the days since: what is later than its night, a table lacks."""
    return {name: rows.filter(turn.has("business_date")) for name, rows in registers.items()}


def touched_measures(changed: Registers, came: Registers, registers: Registers) -> pl.LazyFrame:
    """`measure_id` of whatever changed, or was `delivered` since, once.

    A decision told again may be about another measure than it was: then both are touched.
    """
    found = [_ids(name, rows) for part in (changed, came) for name, rows in part.items()]
    events = [part[_EVENTS].select("event_id") for part in (changed, came) if _EVENTS in part]
    if events:
        again = registers[_EVENTS].join(pl.concat(events), on="event_id", how="semi")
        found.append(_ids(_EVENTS, again))
    return pl.concat(found).unique()


def assets_named(registers: Registers, *came: Registers) -> pl.LazyFrame:
    """`ASSET_OF_MEASURE`: each asset that stands under a measure, or that rows name which came.

    One may be there more than once. Lives name every asset that another may share, but orders of
    wallets that an exchange's word stands for. Accounts as orders write them are there too, as
    `iban`.
    """
    lying = [of(registers[name]) for name, of in _LYING.items() if name in registers]
    new = [of(part[name]) for part in came for name, of in _NAMED.items() if name in part]
    every = [rows.select(ASSET_OF_MEASURE) for rows in (*lying, *new)]
    return pl.concat(every).drop_nulls()


def with_same_assets(ids: pl.LazyFrame, named: pl.LazyFrame) -> pl.LazyFrame:
    """These `measure_id`, and those of all other measures of their assets, once."""
    assets = named.join(ids, on="measure_id", how="semi").select(ASSET).unique()
    others = named.join(assets, on=ASSET, how="semi").select("measure_id")
    return pl.concat([ids, others]).unique()


def about(registers: Registers, known: Registers, ids: pl.LazyFrame) -> dict[str, pl.LazyFrame]:
    """Rows about these measures alone, `at_hand`; of decisions, each telling of those ever so.

    Args:
        registers: whole rows.
        known: the same, `found_by`.
        ids: `measure_id`, each once.
    """
    keys = {**MEASURE_ID_OF, _EVENTS: "event_id"}
    found = {
        name: known[name].join(ids, left_on=MEASURE_ID_OF[name], right_on="measure_id", how="semi")
        for name in registers
    }
    if _EVENTS in found:
        found[_EVENTS] = known[_EVENTS].join(found[_EVENTS], on="event_id", how="semi")
    rows = [
        on_days_of(registers[name], of).join(of, on=keys[name], how="semi")
        for name, of in zip(found, at_hand(*found.values()), strict=True)
    ]
    return dict(zip(found, at_hand(*rows), strict=True))


def _ids(name: str, rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.select(measure_id=MEASURE_ID_OF[name])


def _of_orders(orders: pl.LazyFrame) -> pl.LazyFrame:
    return orders.select(measure_id="order_id", asset_code=pl.lit("iban"), asset_id="account_iban")


def _of_cards(cards: pl.LazyFrame) -> pl.LazyFrame:
    return cards.select(measure_id="order_id", asset_code=pl.lit("card"), asset_id=card_identity())


def _of_accounts(accounts: pl.LazyFrame) -> pl.LazyFrame:
    account = pl.lit("bank_account")
    number = asset_identity(account, pl.col("account_iban"))
    return accounts.select(measure_id="order_id", asset_code=account, asset_id=number)


def _of_register(assets: pl.LazyFrame) -> pl.LazyFrame:
    code = pl.col("asset_code").replace("crypto", "wallet")
    told = asset_identity(code, pl.col("asset_id"))
    return assets.select("measure_id", asset_code=code, asset_id=pl.coalesce(told, "measure_id"))


def _of_wallets(frozen: pl.LazyFrame) -> pl.LazyFrame:
    wallet = pl.lit("wallet")
    address = asset_identity(wallet, pl.col("address"))
    return frozen.select("measure_id", asset_code=wallet, asset_id=address)


_Naming = Callable[[pl.LazyFrame], pl.LazyFrame]
_NAMED: Mapping[str, _Naming] = {
    "card_arrest_orders": _of_orders,
    "card_arrests": _of_cards,
    "account_arrests": _of_accounts,
    "asset_arrests": _of_register,
    "wallet_freezes": _of_wallets,
    "measures": lambda lives: lives,
}
_LYING: Mapping[str, _Naming] = {
    "card_arrest_orders": _of_orders,
    "card_arrests": _of_cards,
    "asset_arrests": lambda told: _of_register(told.filter(pl.col("asset_code") == "crypto")),
    "measures": lambda lives: lives,
}
