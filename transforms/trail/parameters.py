"""Numbers of the method of tracing, as the reference table has them."""

from datetime import timedelta
from functools import cache

from transforms.reference import reference
from transforms.trail.crossing import Ties
from transforms.trail.reach import Limits


def limits() -> Limits:
    """Where trails end."""
    return Limits(
        most_hops=_value("trail_most_hops"),
        most_poison_hops=_value("trail_most_poison_hops"),
        least_tiyn=_value("trail_least_tiyn"),
        most_payees=_value("trail_most_payees"),
    )


def ties() -> Ties:
    """What ties a payment to a P2P order."""
    return Ties(
        pays_before=timedelta(seconds=_value("crossing_pays_before_s")),
        pays_after=timedelta(seconds=_value("crossing_pays_after_s")),
        half_life=timedelta(seconds=_value("crossing_half_life_s")),
        other_payer_share=_value("crossing_other_payer_percent") / 100,
        unknown_payer_share=_value("crossing_unknown_payer_percent") / 100,
        least_confidence=_value("crossing_least_percent") / 100,
    )


def look_back() -> timedelta:
    """How long before an arrest order money of the account is followed from."""
    return timedelta(days=_value("trail_look_back_days"))


@cache
def _value(parameter: str) -> int:
    """The latest value: a trail is followed by one method from end to end."""
    rows = reference("trail_parameters").rows_by_key("parameter", named=True, unique=True)
    return int(rows[parameter]["value"])
