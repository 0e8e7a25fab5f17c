"""The diagram of a dossier in words and strings: bars, bands, and the same as rows."""

from templates.dossier_model import Band, Bar, Diagram, FlowRow
from templates.dossier_terms import many
from templates.flow_diagram import Drawn, Layout, Link, Place, laid_out
from templates.measures import told
from templates.wording import Wording
from transforms.trail.tracing import Traced

_LINE, _BELOW = 14.0, 16.0


def diagram(case: Traced, words: Wording) -> Diagram | None:
    """Money between roles, layer by layer; null where nothing leads on."""
    links = [
        Link(*row)
        for row in case.links.select(
            "from_layer", "from_role", "to_layer", "to_role", "transactions", "tainted_tiyn"
        ).iter_rows()
    ]
    layout = laid_out([_straight(link) for link in links] if case.is_backward else links)
    if not layout.bands:
        return None
    nodes = _nodes(case, layout)
    bands = sorted(layout.bands.values(), key=lambda band: -band.tainted_tiyn)
    most = bands[0].tainted_tiyn
    return Diagram(
        width=f"{layout.width:.0f}",
        height=f"{layout.height:.0f}",
        description=_description(bands, words),
        columns=tuple(_columns(layout, words)),
        bars=tuple(_bar(place, layout, nodes, words) for place in layout.places.values()),
        bands=tuple(Band(band.path, _said(band, words)) for band in bands),
        rows=tuple(_row(band, most, layout, words) for band in bands),
        left_out=_left_out(layout, words),
    )


def _straight(link: Link) -> Link:
    """A link of a backward trail, drawn from the seed on: the arrow of search, not of money."""
    return Link(
        link.to_layer,
        link.to_role,
        link.from_layer,
        link.from_role,
        link.transactions,
        link.tainted_tiyn,
    )


def _nodes(case: Traced, layout: Layout) -> dict[tuple[int, str], int]:
    """How many nodes stand behind each bar."""
    counts: dict[tuple[int, str], int] = {}
    told_layers = case.roles.drop_nulls("layer").select("layer", "role_code")
    for layer, role in told_layers.iter_rows():
        key = layout.key(layer, role)
        counts[key] = counts.get(key, 0) + 1
    return counts


def _columns(layout: Layout, words: Wording) -> list[tuple[str, str]]:
    xs = sorted({place.column: place.x for place in layout.places.values()}.items())
    return [(f"{x:.1f}", _heading(column, layout, words)) for column, x in xs]


def _heading(column: int, layout: Layout, words: Wording) -> str:
    if column == 0:
        return words.say("Start")
    if column > layout.last_layer:
        return words.say("End of the trail")
    if column == layout.last_layer and layout.has_later_layers:
        return words.say("Layer %(n)s and on", n=words.whole(column))
    return words.say("Layer %(n)s", n=words.whole(column))


def _bar(place: Place, layout: Layout, nodes: dict[tuple[int, str], int], words: Wording) -> Bar:
    is_end = place.column == layout.columns - 1 and layout.last_is_ends
    kind = "start" if place.column == 0 else "end" if is_end else "middle"
    number = words.whole(nodes.get((place.column, place.role), 0))
    amount = told(place.value, "tiyn", words)
    label_x = place.x + layout.bar_width + 6
    return Bar(
        kind=kind,
        x=f"{place.x:.1f}",
        y=f"{place.y:.1f}",
        width=f"{layout.bar_width:.0f}",
        height=f"{place.height:.1f}",
        label_x=f"{label_x:.1f}",
        label_y=f"{place.y + _LINE:.1f}",
        count_y=f"{place.y + _LINE + _BELOW:.1f}",
        anchor="start",
        name=many(place.role, words),
        count=f"{number} · {amount}",
    )


def _said(band: Drawn, words: Wording) -> str:
    ends = [many(place.role, words) for place in (band.payer, band.payee)]
    return f"{ends[0]} → {ends[1]}: {told(band.tainted_tiyn, 'tiyn', words)}"


def _row(band: Drawn, most: int, layout: Layout, words: Wording) -> FlowRow:
    layer = _heading(band.payee.column, layout, words)
    return FlowRow(
        payer=many(band.payer.role, words),
        payee=many(band.payee.role, words),
        transactions=f"{layer} · {told(band.transactions, 'transactions', words)}",
        amount=told(band.tainted_tiyn, "tiyn", words),
        length=f"{100 * band.tainted_tiyn / most:.1f}",
    )


def _description(bands: list[Drawn], words: Wording) -> str:
    largest = [_said(band, words) for band in bands[:5]]
    return words.say("Money between roles, the widest first: %(bands)s.", bands="; ".join(largest))


def _left_out(layout: Layout, words: Wording) -> str:
    if not layout.undrawn_transactions:
        return ""
    return words.say(
        "Not drawn: %(amount)s between nodes of one layer or back towards the start, "
        "%(transactions)s.",
        amount=told(layout.undrawn_tiyn, "tiyn", words),
        transactions=told(layout.undrawn_transactions, "transactions", words),
    )
