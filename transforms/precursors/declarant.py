"""What of the tables of precursors is one importer's."""

from collections.abc import Mapping

import polars as pl

from transforms.precursors.changes import VIOLATION_CHANGES
from transforms.redelivery import latest

_ENTITY = {
    "entity": "entity_bin",
    "violations": "consignee_bin",
    "goods": "consignee_bin",
    "licences": "holder_bin",
}


def of_declarant(tables: Mapping[str, pl.LazyFrame], entity_bin: str) -> dict[str, pl.DataFrame]:
    """Rows of one BIN: `entity` (as last told), `violations`, `goods`, `licences`, `changes`."""
    own = {
        name: tables[name].filter(pl.col(column) == entity_bin) for name, column in _ENTITY.items()
    }
    own["entity"] = own["entity"].pipe(latest, ("entity_bin",))
    sides = [pl.col(f"consignee_bin_{when}") == entity_bin for when in ("before", "after")]
    is_own = pl.any_horizontal(*(side.fill_null(value=False) for side in sides))
    own["changes"] = tables["changes"].filter(is_own).sort(VIOLATION_CHANGES.key)
    return {name: rows.collect() for name, rows in own.items()}
