"""Where bars and bands of a dossier's diagram stand: layers as columns, money as width.

Ends of the trail (cash, exchanges, wallets, accounts abroad, services) share the last column, and
late layers the column before. Bands that would lead back or stay within a column are not drawn
but counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

ENDS = ("cash", "exchange", "wallet", "abroad", "service")
_ORDER = (
    "shop", "dropper", "collector", "operator", "cash_out_point", "organizer", "account",
    "recipient", "exchange_client", "wallet", "exchange", "cash", "abroad", "service",
)  # fmt: skip
_WIDTH, _BAR, _RIGHT, _TOP = 1056.0, 14.0, 190.0, 34.0
_MONEY_HEIGHT, _SLOT, _GAP, _LEAST = 300.0, 40.0, 12.0, 2.0
_MOST_COLUMNS = 6
_THINNEST = 0.5


@dataclass(frozen=True, slots=True)
class Link:
    """Money from one role at one layer to another; as `trail.links`."""

    from_layer: int
    from_role: str
    to_layer: int
    to_role: str
    transactions: int
    tainted_tiyn: int


@dataclass(slots=True)
class Place:
    """One bar: where it stands, and how much came in and went out of it."""

    column: int
    role: str
    came: int = 0
    went: int = 0
    x: float = 0.0
    y: float = 0.0
    height: float = 0.0
    used_in: float = 0.0
    used_out: float = 0.0

    @property
    def value(self) -> int:
        return max(self.came, self.went)


@dataclass(slots=True)
class Drawn:
    """One band between two bars, money of several links."""

    payer: Place
    payee: Place
    transactions: int = 0
    tainted_tiyn: int = 0
    path: str = ""


@dataclass(slots=True)
class Layout:
    """Everything that is drawn, and the money that is not."""

    columns: int
    last_is_ends: bool
    height: float = 0.0
    places: dict[tuple[int, str], Place] = field(default_factory=dict)
    bands: dict[tuple[tuple[int, str], tuple[int, str]], Drawn] = field(default_factory=dict)
    undrawn_tiyn: int = 0
    undrawn_transactions: int = 0
    last_layer: int = 0
    has_later_layers: bool = False

    def key(self, layer: int, role: str) -> tuple[int, str]:
        """Column and role of the bar that a node is part of."""
        is_end = _is_end(layer, role)
        return self.last_layer + 1 if is_end else min(layer, self.last_layer), role

    @property
    def width(self) -> float:
        return _WIDTH

    @property
    def bar_width(self) -> float:
        return _BAR


def laid_out(links: Sequence[Link]) -> Layout:
    """The diagram of some links; equal links in any order give an equal one."""
    inner = [link.from_layer for link in links] + [
        link.to_layer for link in links if not _is_end(link.to_layer, link.to_role)
    ]
    deepest = max(inner, default=0)
    last_layer = min(deepest, _MOST_COLUMNS - 2)
    has_ends = any(_is_end(link.to_layer, link.to_role) for link in links)
    layout = Layout(
        last_layer + 1 + has_ends,
        has_ends,
        last_layer=last_layer,
        has_later_layers=deepest > last_layer,
    )
    for link in links:
        payer = layout.key(link.from_layer, link.from_role)
        payee = layout.key(link.to_layer, link.to_role)
        if payer[0] < payee[0]:
            _add(layout, payer, payee, link)
        else:
            layout.undrawn_tiyn += link.tainted_tiyn
            layout.undrawn_transactions += link.transactions
    _place(layout)
    _draw(layout)
    return layout


def _is_end(layer: int, role: str) -> bool:
    """A seed is where the trail starts, whatever it is."""
    return role in ENDS and layer > 0


def _add(layout: Layout, payer: tuple[int, str], payee: tuple[int, str], link: Link) -> None:
    start, end = (layout.places.setdefault(key, Place(*key)) for key in (payer, payee))
    start.went += link.tainted_tiyn
    end.came += link.tainted_tiyn
    band = layout.bands.setdefault((payer, payee), Drawn(start, end))
    band.transactions += link.transactions
    band.tainted_tiyn += link.tainted_tiyn


def _scale(layout: Layout) -> float:
    """Points for a tiyn: the fullest column fills the height."""
    sums = [
        sum(place.value for place in layout.places.values() if place.column == column)
        for column in range(layout.columns)
    ]
    return _MONEY_HEIGHT / max([*sums, 1])


def _place(layout: Layout) -> None:
    step = (_WIDTH - _RIGHT - _BAR) / max(layout.columns - 1, 1)
    bottoms = []
    for column in range(layout.columns):
        y = _TOP
        found = [place for place in layout.places.values() if place.column == column]
        for place in sorted(found, key=lambda one: _ORDER.index(one.role)):
            place.x, place.y = column * step, y
            place.height = max(place.value * _scale(layout), _LEAST)
            y += max(place.height, _SLOT) + _GAP
        bottoms.append(y)
    layout.height = max([*bottoms, _TOP]) - _GAP
    if layout.last_is_ends:  # at the bottom, so that long bands pass below what they pass by
        for place in layout.places.values():
            if place.column == layout.columns - 1:
                place.y += layout.height + _GAP - bottoms[-1]


def _draw(layout: Layout) -> None:
    """Bands leave and reach a bar in the order of the bars at their other ends."""
    scale, top_from, top_to = _scale(layout), {}, {}
    for key, band in _by_place(layout, of_payee_first=False):
        top_from[key] = band.payer.y + band.payer.used_out
        band.payer.used_out += band.tainted_tiyn * scale
    for key, band in _by_place(layout, of_payee_first=True):
        top_to[key] = band.payee.y + band.payee.used_in
        band.payee.used_in += band.tainted_tiyn * scale
    for key, band in layout.bands.items():
        wide = max(band.tainted_tiyn * scale, _THINNEST)
        band.path = _path(band.payer.x + _BAR, top_from[key], band.payee.x, top_to[key], wide)


def _by_place(layout: Layout, *, of_payee_first: bool) -> list[tuple[Any, Drawn]]:
    def order(item: tuple[Any, Drawn]) -> tuple[float, ...]:
        ends = (item[1].payer, item[1].payee)
        one, other = reversed(ends) if of_payee_first else ends
        return (one.x, one.y, other.y, other.x)

    return sorted(layout.bands.items(), key=order)


def _path(start: float, top_from: float, end: float, top_to: float, wide: float) -> str:
    middle = (start + end) / 2
    return (
        f"M{start:.1f} {top_from:.1f}"
        f"C{middle:.1f} {top_from:.1f} {middle:.1f} {top_to:.1f} {end:.1f} {top_to:.1f}"
        f"V{top_to + wide:.1f}"
        f"C{middle:.1f} {top_to + wide:.1f} {middle:.1f} {top_from + wide:.1f} "
        f"{start:.1f} {top_from + wide:.1f}Z"
    )
