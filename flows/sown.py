"""The nodes at which trails begin, read from the lake: for the night and for a case on demand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from infra.installation import Installation
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS
from transforms.trail.parameters import look_back
from transforms.trail.seeds import (
    SEEDS,
    accounts_found,
    nights_covering,
    seed_nodes,
)

_OF_CLIENTS = ("p2p_orders", "crypto_transfers", "fiat_transfers")


def windows_covering(at: Installation, night: date) -> list[date]:
    """Nights whose windows tell the accounts of cards and people as of a night; none: not known."""
    return nights_covering(at.lake.partition_digests(LINK_WINDOWS), night)


def note_accounts(at: Installation, night: date) -> None:
    """Put the accounts of named cards and people that a night knows first among the seeds."""
    windows = _windows(at, windows_covering(at, night))
    found = accounts_found(at.lake.read(SEEDS, until=night), *windows, night=night)
    if (new := found.collect(engine="streaming")).height:
        at.lake.append(SEEDS, new.lazy())


def case_seeds(at: Installation, night: date) -> Any:
    """`SEED_NODES` of all cases: what was named, and accounts under arrest, up to a night."""
    ordered = at.lake.read(ACCOUNT_ARRESTS, until=night)
    return _nodes(at, at.lake.read(SEEDS, until=night), ordered, windows_covering(at, night))


def named_seeds(at: Installation, decided: Any, night: date) -> Any:
    """`SEED_NODES` of `decided` alone, rows of `SEEDS`, as of a night."""
    ordered = at.lake.read(ACCOUNT_ARRESTS).limit(0)
    return _nodes(at, decided, ordered, windows_covering(at, night))


def _nodes(at: Installation, seeds: Any, arrests: Any, nights: Sequence[date]) -> Any:
    found = seed_nodes(
        seeds,
        arrests,
        *_windows(at, nights),
        exchanges=_exchanges(at),
        look_back=look_back(),
    )
    return found.collect(engine="streaming").lazy()


def _windows(at: Installation, nights: Sequence[date]) -> tuple[Any, Any]:
    windows = {"night": list(nights) or [date.min]}
    link_windows, account_windows = (
        at.lake.read(table, partitions=windows) for table in (LINK_WINDOWS, ACCOUNT_WINDOWS)
    )
    return link_windows, account_windows


def _exchanges(at: Installation) -> list[str]:
    terms = (source for feed in _OF_CLIENTS for source in at.catalogue.of(feed))
    return sorted({institution for source in terms for institution in source.institutions})
