"""The rules of the list of droppers: what each weighs, and how often it was right in simulation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from templates.evaluation import with_interval
from templates.model import RuleRow, RulesTable
from templates.typology_terms import threshold_text, typology_name
from templates.wording import Wording


@dataclass(frozen=True, slots=True)
class RulesMeasured:
    """The typologies in force, and how they did when they were last measured.

    `measured` holds the rows of `EVALUATION` of this version of the rules, without a model, of
    one simulated night; none where it has not been measured. `page` is where all of that
    evaluation is, seen from the edition, up to the language; null likewise.
    """

    version: str
    typologies: Sequence[Mapping[str, Any]]
    measured: pl.DataFrame
    page: str | None


def rules_table(rules: RulesMeasured, words: Wording) -> RulesTable:
    """What the methodology says of the rules: all of them, the newest evaluation beside."""
    found = {r["name"]: r for r in rules.measured.filter(part_code="typology").to_dicts()}
    return RulesTable(
        title=words.say("The rules that find droppers"),
        version=words.say("Version %(version)s of the rules.", version=rules.version),
        text=_text(rules.measured, words),
        headings=(
            words.say("Typology"),
            words.say("Counts from"),
            words.say("Points"),
            words.say("Precision"),
            words.say("Recall"),
        ),
        rows=tuple(_row(rule, found.get(rule["code"]), words) for rule in rules.typologies),
        page=f"{rules.page}.{words.language}.html" if rules.page else "",
    )


def _text(measured: pl.DataFrame, words: Wording) -> str:
    if measured.is_empty():
        return words.say(
            "This version has not been measured yet; `aqsha evaluate` measures it on simulated "
            "networks whose truth the rules cannot see."
        )
    whole = measured.filter(part_code="list").row(0, named=True)
    return words.say(
        "Measured on simulated networks whose truth the rules cannot see: of %(planted)s planted "
        "members %(found)s were listed, and of %(listed)s accounts listed %(wronged)s were "
        "innocent. Precision %(precision)s, recall %(recall)s, each with its 95%% interval. It "
        "says nothing of real people. One typology alone lists nobody: points add up.",
        planted=words.whole(whole["planted"]),
        found=words.whole(whole["found"]),
        listed=words.whole(whole["listed"]),
        wronged=words.whole(whole["listed"] - whole["found"]),
        precision=with_interval(whole, "precision", words),
        recall=with_interval(whole, "recall", words),
    )


def _row(rule: Mapping[str, Any], found: Mapping[str, Any] | None, words: Wording) -> RuleRow:
    counts_against = rule["points"] > 0 and found is not None
    return RuleRow(
        code=f"{rule['code']}.{rule['version']}",
        name=typology_name(rule, words),
        source=rule["source"],
        cells=(
            threshold_text(rule, words),
            words.whole(rule["points"]),
            *(
                with_interval(found, name, words) if counts_against and found else "—"
                for name in ("precision", "recall")
            ),
        ),
    )
