"""Official rates of the National Bank: XML, `rates` / `item`, one document a day.

`description` is the rate for `quant` units; a day without rates has no `item` and is no error.
Any number of `rates` elements may stand in one document, each with its own `date`.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import ParseError

import polars as pl
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from infra.wire.errors import Unreadable

COLUMNS = ("date", "title", "quant", "description")


def rows(documents: Mapping[str, bytes]) -> pl.LazyFrame:
    """Text columns of the feed, with `url` and `row` counted through all documents from 0."""
    return (
        pl.concat(items(body, url).with_columns(url=pl.lit(url)) for url, body in documents.items())
        .with_row_index("row")
        .lazy()
    )


def items(body: bytes, name: str) -> pl.DataFrame:
    """The items of one document, in its order, as text.

    Raises:
        Unreadable: not XML, or with entities or an external DTD, which are never followed.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        raise Unreadable(
            f"{name} is not an XML document of rates: {error}. Ask the sender for it again."
        ) from None
    found = [
        {
            "date": rates.findtext("date"),
            **{field: item.findtext(field) for field in COLUMNS[1:]},
        }
        for rates in root.iter("rates")
        for item in rates.iter("item")
    ]
    return pl.DataFrame(found, schema=dict.fromkeys(COLUMNS, pl.String()))
