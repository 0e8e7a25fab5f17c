"""What each rule of a feed says, by its code: for receipts and for those who look at quarantine."""

from typing import NamedTuple

from great_expectations.expectations.metadata_types import FailureSeverity

from expectations.screen import WHOLE_DELIVERY
from expectations.suites import SUITE_BY_FEED

REJECTING = FailureSeverity.CRITICAL.value


class Rule(NamedTuple):
    """How grave a rule is, the sentence that the supplier can act on, and where it is written."""

    severity: str
    says: str
    source: str


_WHOLE_DELIVERY = Rule(
    REJECTING,
    "Too many rows of the file break one rule: the file itself is wrong, and all of it is set "
    "aside. It is to be corrected and sent again.",
    "Exchange agreement, acceptance of deliveries (assumed)",
)


def rules_of(feed: str) -> dict[str, Rule]:
    """The rules of a feed in force, and that about the delivery as a whole, by code."""
    rules: dict[str, Rule] = {}
    for expectation in SUITE_BY_FEED[feed].expectations:
        meta, severity = expectation.meta or {}, FailureSeverity(expectation.severity).value
        rules[meta["code"]] = Rule(severity, expectation.description or "", meta["source"])
    return rules | {WHOLE_DELIVERY: _WHOLE_DELIVERY}
