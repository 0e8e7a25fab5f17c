"""Thresholds by which roles in a trail are told, as the reference table has them."""

from dataclasses import dataclass

from transforms.reference import reference


@dataclass(frozen=True, slots=True)
class Signs:
    """From which value on a sign counts. Shares are 0 to 1."""

    front_payers: int
    front_outside_share: float
    inside_payers: int
    passes_on_share: float
    exits_share: float
    cash_share: float
    keeps_share: float
    payments: int
    feeds_share: float


def signs() -> Signs:
    """The latest values: a case is told by one method from end to end."""
    rows = reference("trail_roles").rows_by_key("parameter", named=True, unique=True)
    value = {name: int(row["value"]) for name, row in rows.items()}
    return Signs(
        front_payers=value["role_front_payers"],
        front_outside_share=value["role_front_outside_percent"] / 100,
        inside_payers=value["role_inside_payers"],
        passes_on_share=value["role_passes_on_percent"] / 100,
        exits_share=value["role_exits_percent"] / 100,
        cash_share=value["role_cash_percent"] / 100,
        keeps_share=value["role_keeps_percent"] / 100,
        payments=value["role_payments"],
        feeds_share=value["role_feeds_percent"] / 100,
    )
