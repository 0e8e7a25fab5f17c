"""The dated numbers that the recognition and the facts of precursors rest on."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from transforms.reference import reference


@cache
def parameters_of_precursors() -> Mapping[str, float]:
    """Value of each parameter in force, by its name.

    Raises:
        ValueError: a parameter has no value in force, or two.
    """
    rows = reference("precursor_parameters").rows(named=True)
    current = [row for row in rows if not row["in_force_to"]]
    names = {row["parameter"] for row in rows}
    if len(current) != len(names) or {row["parameter"] for row in current} != names:
        raise ValueError("precursor_parameters.csv: each parameter needs one value in force.")
    return {row["parameter"]: float(row["value"]) for row in current}


def day_of(text: str | None) -> date:
    """A day of a reference file; an open end is the last day there is."""
    return date.fromisoformat(text) if text else date.max
