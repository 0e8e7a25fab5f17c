"""Official rates of the National Bank: XML, `rates` / `item`, one document a day.

`description` is the rate for `quant` units; a day without rates has no `item` and is no error.
Any number of `rates` elements may stand in one document, each with its own `date`. The bank's
RSS of the same (`rss` / `channel` / `item`) has a `pubDate` in each item instead.
"""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from infra.wire.beginning import Beginning
from infra.wire.errors import Unreadable
from infra.wire.records import Format, Record
from infra.wire.safe_xml import ended, local_name

COLUMNS = ("date", "title", "quant", "description")

_MOST_WAITING = 10_000


def records(path: Path) -> Iterator[Record]:
    """One record an item, in the document's order; a day without items has none.

    Raises:
        Unreadable: no plain XML, or none of rates.
    """
    day: str | None = None
    documents, entries, position = 0, 0, 0
    waiting: list[Record] = []  # items that stand before the date of their day
    for element in ended(path, "date", "item", "rates", "channel"):
        name, above = local_name(element), _name_above(element)
        if name == "item" and above in ("rates", "channel"):
            entries, position = entries + 1, position + 1
            place = f"(//{above})[{documents + 1}]/item[{position}]"
            waiting.append(Record(entries, place, _cells(element)))
        elif name == "date" and above == "rates":
            day = _said(element)
        is_over = name in ("rates", "channel")
        if day or is_over or above == "channel" or len(waiting) >= _MOST_WAITING:
            yield from (_dated(record, day) for record in waiting)
            waiting.clear()
        if is_over:
            day, documents, position = None, documents + 1, 0
        if is_over or name == "item":
            _discard(element)
    if not documents:
        raise Unreadable(
            f"{path.name} is no document of rates: it has no element rates or channel. Ask the "
            f"sender what it is."
        )


def _cells(item: etree._Element) -> dict[str, str | None]:
    told = {local_name(child): _said(child) for child in item if isinstance(child.tag, str)}
    return {"date": told.get("pubDate"), **{name: told.get(name) for name in COLUMNS[1:]}}


def _dated(record: Record, day: str | None) -> Record:
    return record._replace(cells={**record.cells, "date": record.cells["date"] or day})


def _said(element: etree._Element) -> str | None:
    return (element.text or "").strip() or None


def _name_above(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else local_name(parent)


def _discard(element: etree._Element) -> None:
    """Free it and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _version(beginning: Beginning) -> str | None:
    """`rates` or `rss`, which the bank does not number.

    Several days may stand together in an element of any name.
    """
    names = [name for _, name in beginning.elements]
    is_of_rates = {"item", "quant"} <= set(names) or ("date" in names and "item" not in names)
    return next((n for n in names[:2] if n in ("rates", "rss")), None) if is_of_rates else None


FORMATS = (
    Format(
        name="nbk_rates_xml",
        feed="exchange_rates",
        says="Official rates of the National Bank, XML",
        version=_version,
        records=records,
        needs=COLUMNS,
    ),
)
