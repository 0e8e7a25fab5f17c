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
    shared_share: float
    tainted_payments: int
    tainted_share: float
    feeds_share: float
    feeds_got_share: float
    gathers_times: int
    relay_inside_share: float


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
        shared_share=value["role_share_percent"] / 100,
        tainted_payments=value["role_tainted_payments"],
        tainted_share=value["role_tainted_percent"] / 100,
        feeds_share=value["role_feeds_percent"] / 100,
        feeds_got_share=value["role_feeds_got_percent"] / 100,
        gathers_times=value["role_gathers_times"],
        relay_inside_share=value["role_relay_inside_percent"] / 100,
    )
