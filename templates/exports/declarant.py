"""The tables of a declarant as CSV and as a workbook."""

from contextlib import suppress

from templates.declarant import Declarant
from templates.exports.sheets import TooLong, csv, xlsx
from transforms.feeds import FEED_BY_NAME
from transforms.precursors.changes import VIOLATION_CHANGES
from transforms.precursors.goods import LISTED_GOODS
from transforms.precursors.violations import PRECURSOR_VIOLATIONS


def tables(known: Declarant) -> dict[str, bytes]:
    """A CSV of each table, and a workbook where a sheet holds them. Equal inputs, equal bytes."""
    every = {
        "violations": (PRECURSOR_VIOLATIONS, known.violations),
        "goods": (LISTED_GOODS, known.goods),
        "licences": (FEED_BY_NAME["precursor_licences"].accepted_table, known.licences),
        "entity": (FEED_BY_NAME["legal_entities"].accepted_table, known.entity),
        "changes": (VIOLATION_CHANGES, known.changes),
    }
    found = {f"{name}.csv": csv(rows) for name, (_, rows) in every.items()}
    with suppress(TooLong):
        found["declarant.xlsx"] = xlsx(every)
    return found
