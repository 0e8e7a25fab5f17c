"""Receipts that go back to senders: a JSON document beside each delivered file.

`docs/receipts.md` is their description for those who read them. They name rows by line or place
and hold no cell of any.
"""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from typing import Any

from infra.changes import NEVER, Changes
from infra.lake import Lake
from infra.object_store import NoSuchObject, ObjectStore
from transforms.deliveries import deliveries_table, screened_table
from transforms.feeds.feed import Feed
from transforms.receipts import receipts

VERSION = 1
MOST_LINES = 100

_AT_ONCE = 16


Rules = Mapping[str, tuple[str, str]]
"""Code of a rule → its severity, and the sentence for those who are held to it."""

_RETIRED = ("retired", "This rule is no longer in force.")


class Receipts:
    """Writes the receipts of files about which something is new, and reads them."""

    def __init__(self, lake: Lake, deliveries: ObjectStore, changes: Changes) -> None:
        self._lake = lake
        self._deliveries = deliveries
        self._changes = changes

    def write(self, feed: Feed, rules: Callable[[], Rules]) -> int:
        """Replace the receipts of the dates of which files or outcomes have changed.

        Written last and remembered after, so that a night that broke off leaves them to the next.

        Args:
            feed: of which to write receipts.
            rules: gives the feed's rules by code; asked only when there is something to write.

        Returns:
            How many were written.
        """
        remembered_as = f"receipts.{feed.name}"
        tables = {"deliveries": deliveries_table(feed), "screened": screened_table(feed)}
        before, now = self._changes.before(remembered_as), self._changes.now(tables)
        dates = {d for n, seen in now.items() for d in seen.changed_since(before.get(n, NEVER))}
        if not dates:
            return 0
        files = self._files(feed, sorted(dates))
        said = rules()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            written = list(pool.map(lambda file: self._put(feed, file, said), files))
        self._changes.remember(remembered_as, now)
        return len(written)

    def of(self, feed: Feed, day: date, institution: str | None = None) -> dict[str, bytes]:
        """Receipts for one business date, by its key in the bucket of deliveries."""
        table, found = deliveries_table(feed), {}
        files = self._lake.read(table, partitions={"business_date": [day]}).collect()
        for file in files.sort("institution", "arrived_at", "file_name").iter_rows(named=True):
            if institution in (None, file["institution"]):
                with suppress(NoSuchObject):  # the night that took the file has not screened it yet
                    found[_key(file)] = self._deliveries.get(_key(file))
        return found

    def _files(self, feed: Feed, dates: list[date]) -> list[dict[str, Any]]:
        partitions = {"business_date": dates}
        frame = receipts(
            self._lake.read(deliveries_table(feed), partitions=partitions),
            self._lake.read(screened_table(feed), partitions=partitions),
            self._lake.read(feed.accepted_table, partitions=partitions),
            self._lake.read(feed.quarantine_table, partitions=partitions),
            most_lines=MOST_LINES,
        )
        return frame.collect(engine="streaming").to_dicts()

    def _put(self, feed: Feed, file: Mapping[str, Any], rules: Rules) -> None:
        body = json.dumps(_receipt(feed, file, rules), ensure_ascii=False, indent=2) + "\n"
        self._deliveries.put(_key(file), body.encode(), "application/json")


def _key(file: Mapping[str, Any]) -> str:
    """Beside the file itself."""
    folder = str(file["address"]).rpartition("/")[0]
    return f"{folder}/{file['delivery']}.receipt.json"


def _receipt(feed: Feed, file: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    return {
        "receipt_version": VERSION,
        "feed": feed.name,
        "institution": file["institution"],
        "business_date": file["business_date"].isoformat(),
        "file_name": file["file_names"][0],
        "also_handed_over_as": file["file_names"][1:],
        "sha256": file["delivery"],
        "state": file["state"],
        "reason": file["reason"],
        "rows_delivered": file["rows"],
        "rows_accepted": file["rows_accepted"],
        "rows_rejected": file["rows_quarantined"],
        "rows_corrected": file["rows_corrected"],
        "rules": [_broken(rule, rules) for rule in file["rules"] or []],
    }


def _broken(rule: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    severity, says = rules.get(rule["code"], _RETIRED)
    return {
        "code": rule["code"],
        "severity": severity,
        "says": says,
        "rows": rule["rows"],
        "lines": rule["lines"],
        "places": rule["places"],
    }
