"""The runbook has an entry for each alarm, and none for an alarm that does not exist."""

import re
from pathlib import Path

from infra.alarms import TITLES

RUNBOOK = Path(__file__).parents[2].joinpath("docs/runbook.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^### (OPS-\d\d)\n\n\*\*(.+?)[.*]", RUNBOOK, re.MULTILINE)


def test_each_alarm_has_its_entry_under_the_address_that_letters_link():
    assert [code for code, _ in ENTRIES] == list(TITLES)


def test_an_entry_has_the_title_of_its_alarm_and_says_what_to_check():
    told = dict(ENTRIES)
    parts = re.split(r"^### ", RUNBOOK, flags=re.MULTILINE)[1:]

    for code, title in TITLES.items():
        assert told[code] == title
    assert all("\n- " in part for part in parts)


def test_what_links_within_the_runbook_leads_somewhere():
    linked = set(re.findall(r"\(#(ops-\d\d)\)", RUNBOOK))

    assert linked <= {code.lower() for code in TITLES}
