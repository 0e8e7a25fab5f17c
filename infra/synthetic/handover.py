"""Everything that institutions have handed over by a night, and the truth behind it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from infra.catalogue import Catalogue, Source
from infra.synthetic import (
    assets,
    card_arrests,
    cases,
    customs,
    field_reports,
    holders,
    holds,
    measures,
    networks,
    seizure_acts,
)
from infra.synthetic.bad_rows import with_bad_rows
from infra.synthetic.busy_people import BusyPeople
from infra.synthetic.days import all_days
from infra.synthetic.exchanges import exchanges_of, fiat_transfers_of
from infra.synthetic.faults import as_handed_over
from infra.synthetic.markets import ASSETS, Markets
from infra.synthetic.outbox import (
    BadRow,
    Outgoing,
    archives,
    at_almaty,
    compressor,
    due_files,
    header,
    outgoing,
    put,
)
from infra.synthetic.scenario import LAST_DAY, OPENING_ARCHIVE
from infra.synthetic.special_acts import with_special_acts
from infra.synthetic.told import EVENT_ON, INSTITUTION, WHY_BAD, Told
from infra.synthetic.transactions import clients_of_a_day, clients_of_banks, day_of_transactions
from infra.synthetic.truth import Truth
from transforms.feeds import FEED_BY_NAME

_IN_BULK = frozenset({"card_transactions", "crypto_transfers", "fiat_transfers", "p2p_orders"})

_ABOUT_CASES = frozenset(
    {
        "criminal_cases",
        "card_arrest_orders",
        "card_arrest_confirmations",
        "asset_arrests",
        "wallet_freezes",
        "payment_holds",
        "measure_events",
        "seizures",
        "field_reports",
    }
)
_FILES_BETWEEN_NEWS = 100
_WRITERS = 4

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What lies in the folder door: files and their rows, and how many files are new."""

    files: int
    rows: int
    new_files: int


def deliver(
    business_date: date,
    outside: Path,
    truth: Path,
    catalogue: Catalogue,
    *,
    seed: int = 1,
    transactions: int = 20_000,
    progress: Progress | None = None,
) -> Delivered:
    """Put into `outside` all that was handed over by the night after a business date.

    Files that are there already are left alone. What was planted goes to `truth`, which no flow
    reads.

    Args:
        transactions: bank transaction rows of one business date, of all banks together.
        progress: told the feed, the files done and the files known so far.

    Raises:
        ValueError: the date lies outside the scenario, or `truth` belongs to another seed.
    """
    if not OPENING_ARCHIVE <= business_date <= LAST_DAY:
        raise ValueError(
            f"The scenario runs from {OPENING_ARCHIVE} to {LAST_DAY}; {business_date} is outside. "
            "Nothing was written."
        )
    day = _Day(business_date, outside, catalogue, seed, transactions, Markets(seed))
    known = Truth.at(truth, seed)
    if not known.covers(business_date, day.night, outside):
        _hand_over(day, known, progress)
        known.write(business_date)
    handed = known.until(day.night)
    return Delivered(len(handed), sum(h.rows for h in handed), known.new_files)


@dataclass(frozen=True, slots=True)
class _Day:
    business_date: date
    outside: Path
    catalogue: Catalogue
    seed: int
    transactions: int
    markets: Markets

    @property
    def night(self) -> datetime:
        """Until when files count as handed over."""
        return at_almaty(self.business_date + timedelta(days=1), 6)


def _hand_over(day: _Day, known: Truth, progress: Progress | None) -> None:
    expected = sum(
        len(day.catalogue.owed(feed, OPENING_ARCHIVE, day.business_date)) for feed in FEED_BY_NAME
    )
    with ThreadPoolExecutor(_WRITERS) as writers:
        written = []
        for done, file in enumerate(_every_file(day, known), start=1):
            for handed in as_handed_over(file):
                if handed.handed_over_at <= day.night:
                    written.append((handed, writers.submit(put, day.outside, handed)))
            if isinstance(file.content, Path):
                # The spool goes when the day is done.
                wait(task for _, task in written[-2:])
            if progress and done % _FILES_BETWEEN_NEWS == 0:
                progress(file.feed, done, max(done, expected))
        for handed, task in written:
            known.note(handed, is_new=task.result())


def _every_file(day: _Day, known: Truth) -> Iterator[Outgoing]:
    everybody = known.members = networks.members(day.seed)
    known.innocents = BusyPeople(day.seed, clients_of_a_day(day.transactions)).accounts
    for told in _registers(day, known, everybody):
        sources = day.catalogue.of(told.feed)
        yield from due_files(
            day.seed, with_bad_rows(told), sources, OPENING_ARCHIVE, day.business_date
        )
    yield from _rates(day)
    firsts = [s.since for feed in _IN_BULK for s in day.catalogue.of(feed)]
    if firsts:
        for date_of in all_days(min(firsts), day.business_date):
            yield from _bulk(day, known, everybody, date_of)


def _registers(day: _Day, known: Truth, everybody: pl.DataFrame) -> Iterator[Told]:
    """The feeds of the catalogue that tell of cases, measures, goods and prices."""
    wanted = {source.feed for source in day.catalogue.sources}
    if wanted & _ABOUT_CASES:
        every_case = cases.criminal_cases(day.seed)
        yield cases.told(every_case)
        ordered = networks.members_to_order(everybody)
        orders, answers = card_arrests.card_arrests(day.seed, every_case, ordered)
        yield from (orders, answers, holds.payment_holds(day.seed, orders.rows))
        frozen = assets.wallet_freezes(day.seed, every_case, day.markets)
        arrested = measures.with_numbers(
            day.seed, assets.asset_arrests(day.seed, every_case, day.markets)
        )
        yield frozen
        yield measures.with_wallet_orders(arrested, frozen, every_case)
        yield measures.measure_events(day.seed, arrested, orders, answers)
        planted = seizure_acts.seizures(day.seed, every_case)
        known.double_seizures = planted.doubles
        yield with_special_acts(day.seed, planted.told)
        yield field_reports.field_reports(day.seed, every_case)
    if wanted & {"import_declarations", "precursor_licences", "legal_entities"}:
        border = customs.customs(day.seed)
        known.violations = border.violations
        yield border.declarations
        yield border.licences
        yield border.entities
    if "account_holders" in wanted:
        clients = clients_of_banks(day.seed, day.transactions)
        yield holders.account_holders(day.seed, clients, known.innocents, everybody)
    yield _prices(day.markets)


def _prices(markets: Markets) -> Told:
    rows = [
        (on.isoformat(), asset, markets.price(asset, on), on, "nbk")
        for on in markets.days
        for asset in ASSETS
    ]
    columns = ["PRICE_ON", "ASSET", "PRICE_USD", EVENT_ON, INSTITUTION]
    return Told("crypto_prices", pl.DataFrame(rows, schema=columns, orient="row"))


def _rates(day: _Day) -> Iterator[Outgoing]:
    """One document a day; an archive holds one for each working day since the archive before."""
    start = '<?xml version="1.0" encoding="utf-8"?>\n'
    for source in day.catalogue.of("exchange_rates"):
        working = [d for d in day.markets.days if source.calendar.has(d)]
        documents = {
            d: day.markets.rates_document(d)
            for d in working
            if source.since <= d <= day.business_date
        }
        after = date.min
        for archive in archives(source):
            held = [day.markets.rates_document(d) for d in working if after < d <= archive]
            after = archive
            if archive <= day.business_date:
                documents[archive] = f"<archive>{''.join(held)}</archive>"
        for on, text in documents.items():
            rows = text.count("<item>")
            for institution in source.institutions:
                content = f"{start}{text}\n".encode()
                yield outgoing(day.seed, source, institution, on, content=content, rows=rows)


def _bulk(day: _Day, known: Truth, everybody: pl.DataFrame, on: date) -> Iterator[Outgoing]:
    """What banks and exchanges tell of one day, unless all of it was handed over before."""
    if known.has_all_of(on, day.outside):
        return
    planted = networks.traffic(day.seed, everybody, on)
    known.plant_traffic(on, planted)
    for told in exchanges_of(day.seed, on, day.transactions, planted, day.markets):
        sources = day.catalogue.of(told.feed)
        yield from due_files(day.seed, with_bad_rows(told), sources, on, on)
    with TemporaryDirectory(dir=known.folder, prefix=".spool-") as spool:
        slices = day_of_transactions(day.seed, on, day.transactions, planted)
        topups: list[pl.DataFrame] = []
        for source in day.catalogue.of("card_transactions"):
            if source.expects(on):
                noted = _noting_topups(slices, topups)
                yield from _bank_files(day, source, on, noted, Path(spool))
    if topups:
        told = fiat_transfers_of(day.seed, on, pl.concat(topups))
        yield from due_files(day.seed, told, day.catalogue.of(told.feed), on, on)


def _noting_topups(
    slices: Iterator[pl.DataFrame], topups: list[pl.DataFrame]
) -> Iterator[pl.DataFrame]:
    for rows in slices:
        topups.append(rows.filter(pl.col("OPERATION") == "exchange_topup"))
        yield rows


class _BankFile:
    """One bank's file of one day, growing slice by slice."""

    def __init__(self, path: Path, source: Source) -> None:
        self.path, self.source, self.rows = path, source, 0
        self.bad_rows: tuple[BadRow, ...] = ()
        self._squeeze = compressor()
        path.write_bytes(self._squeeze.compress(header(source.feed, source)))

    def add(self, rows: pl.DataFrame, institution: str, on: date) -> None:
        why = rows.select(pl.col(WHY_BAD), line=pl.int_range(1, pl.len() + 1)).drop_nulls(WHY_BAD)
        self.bad_rows += tuple(
            BadRow(self.source.feed, institution, on, self.rows + line, reason)
            for reason, line in why.iter_rows()
        )
        cells = rows.select(FEED_BY_NAME[self.source.feed].wire_columns)
        text = cells.write_csv(include_header=False, separator=self.source.separator)
        with self.path.open("ab") as stream:
            stream.write(self._squeeze.compress(text.encode()))
        self.rows += rows.height

    def close(self) -> None:
        with self.path.open("ab") as stream:
            stream.write(self._squeeze.flush())


def _bank_files(
    day: _Day, source: Source, on: date, slices: Iterator[pl.DataFrame], spool: Path
) -> Iterator[Outgoing]:
    banks = {bank: _BankFile(spool / bank, source) for bank in source.institutions}
    with ThreadPoolExecutor(2) as pool:
        for n, entries in enumerate(slices):
            rows = entries.with_columns(pl.lit(None, pl.String).alias(WHY_BAD))
            if n == 0:
                told = Told(source.feed, entries.with_columns(pl.lit(on).alias(EVENT_ON)))
                rows = with_bad_rows(told).rows
            parts = [(bank, rows.filter(pl.col(INSTITUTION) == bank)) for bank in banks]
            list(pool.map(lambda part: banks[part[0]].add(part[1], part[0], on), parts))
    for bank, file in banks.items():
        file.close()
        yield outgoing(
            day.seed, source, bank, on, content=file.path, rows=file.rows, bad_rows=file.bad_rows
        )
