"""The nodes at which trails begin, read from the lake: for the night and for a case on demand."""

from datetime import date
from typing import Any

from infra.lake import Lake
from transforms.arrests.cards import CARD_ARRESTS
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS
from transforms.trail.parameters import look_back
from transforms.trail.seeds import SEEDS, seed_nodes


def case_seeds(lake: Lake, night: date, *, windows_of: date) -> Any:
    """`SEED_NODES` of all cases: what was named, and cards under arrest, up to a night.

    Args:
        night: last day whose seeds and orders count.
        windows_of: night whose windows tell the accounts of cards and people.
    """
    return _nodes(
        lake,
        lake.read(SEEDS, until=night),
        lake.read(CARD_ARRESTS, until=night),
        windows_of,
    )


def named_seeds(lake: Lake, decided: Any, *, windows_of: date) -> Any:
    """`SEED_NODES` of `decided` alone, rows of `SEEDS`; windows as for `case_seeds`."""
    return _nodes(lake, decided, lake.read(CARD_ARRESTS).limit(0), windows_of)


def _nodes(lake: Lake, seeds: Any, arrests: Any, windows_of: date) -> Any:
    windows = {"night": [windows_of]}
    return seed_nodes(
        seeds,
        arrests,
        lake.read(LINK_WINDOWS, partitions=windows),
        lake.read(ACCOUNT_WINDOWS, partitions=windows),
        look_back=look_back(),
    )
