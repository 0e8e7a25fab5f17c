"""How well the rules did on pretend worlds, as a page: worded, formatted, frozen.

It names no account. All of it is simulated, and it says so first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from templates.dossier_model import Amount, Cell, Dossier, DossierTable
from templates.dossier_terms import one
from templates.evaluation_terms import role_name, scheme_name
from templates.model import Fact, LanguageLink
from templates.typology_terms import typology_name
from templates.wording import LANGUAGE_NAMES, Wording, wording

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """`EVALUATION` rows of one list, the typologies by code, and the seeds of its worlds."""

    night: date
    rows: pl.DataFrame
    rules: Mapping[str, _Row]
    worlds: tuple[int, ...]
    has_model: bool

    def of(self, part_code: str) -> pl.DataFrame:
        return self.rows.filter(part_code=part_code)

    @property
    def whole(self) -> dict[str, Any]:
        return self.of("list").row(0, named=True)


def evaluation_page(measured: Measured, *, language: str, pages: Mapping[str, str]) -> Dossier:
    """The page of an evaluation. Equal inputs give an equal page.

    Args:
        measured: which evaluation.
        language: one of `LANGUAGES`.
        pages: address of the page in each language, seen from this one.

    Raises:
        UnknownLanguage: there is no such language.
    """
    words = wording(language)
    say = words.say
    tables = (_tops, _typologies, _schemes, _roles, _trail_roles, _innocents, _networks)
    return Dossier(
        language=language,
        languages=tuple(
            LanguageLink(other, LANGUAGE_NAMES[other], href, other == language)
            for other, href in pages.items()
        ),
        issuer=say("General Prosecutor's Office of the Republic of Kazakhstan"),
        marking=say("Measured on simulated accounts only. It says nothing of real people."),
        title=say("Evaluation of the dropper rules"),
        subject=measured.whole["rule_version"],
        period=say("simulated night of %(date)s", date=words.long_date(measured.night)),
        method=say("Rules and learned model") if measured.has_model else say("Rules alone"),
        lead=tuple(_lead(measured, words)),
        amounts=tuple(_amounts(measured, words)),
        diagram=None,
        tables=tuple(table(measured, words) for table in tables),
        reading=tuple(_reading(measured, words)),
        provenance=(
            Fact(say("Version of the rules"), measured.whole["rule_version"]),
            Fact(say("Seeds of the worlds"), words.series(map(str, measured.worlds))),
        ),
        files=(),
    )


def _lead(measured: Measured, words: Wording) -> list[str]:
    whole = measured.whole
    wronged = whole["listed"] - whole["found"]
    said = [
        words.say(
            "%(found)s of %(planted)s planted members were listed, and %(wronged)s innocents.",
            found=words.whole(whole["found"]),
            planted=words.whole(whole["planted"]),
            wronged=words.whole(wronged),
        )
    ]
    if wronged == 0:
        said.append(
            words.say(
                "That no innocent was listed shows that these worlds are too easy to tell how "
                "often the rules wrong somebody."
            )
        )
    if measured.has_model:
        said.append(
            words.say(
                "The model learned from other worlds of the same simulator: these figures tell "
                "how well it knows the simulator, and are no measure of its worth."
            )
        )
    return said


def _amounts(measured: Measured, words: Wording) -> list[Amount]:
    whole, say = measured.whole, words.say
    networks = measured.of("network")
    return [
        Amount(
            say("Precision"), _share(whole["precision"], words),
            _interval(whole, "precision", words), is_leading=True,
        ),
        Amount(
            say("Recall"), _share(whole["recall"], words),
            _interval(whole, "recall", words), is_leading=True,
        ),
        Amount(
            say("Average precision"), _share(whole["average_precision"], words),
            _interval(whole, "average_precision", words), is_leading=False,
        ),
        Amount(
            say("Accounts listed"), words.whole(whole["listed"]),
            say("of %(accounts)s", accounts=words.whole(whole["accounts"])), is_leading=False,
        ),
        Amount(
            say("Innocents listed"), words.whole(whole["listed"] - whole["found"]),
            say("of %(accounts)s", accounts=words.whole(whole["accounts"] - whole["planted"])),
            is_leading=False,
        ),
        Amount(
            say("Networks with half of their members found"),
            words.whole(networks.filter(pl.col("recall") >= 0.5).height),
            say("of %(accounts)s", accounts=words.whole(networks.height)), is_leading=False,
        ),
    ]  # fmt: skip


def _tops(measured: Measured, words: Wording) -> DossierTable:
    rows = measured.of("top").sort(pl.col("name").cast(pl.Int64)).to_dicts()
    return _table(
        (
            "tops",
            words.say("From the top of the list"),
            words.say("Of accounts with equal points at the edge, members count in their share."),
        ),
        (words.say("First"), words.say("Members"), words.say("Precision"), words.say("Recall")),
        [
            [
                Cell("text", row["name"]),
                _number(row["found"], words),
                _with_interval(row, "precision", words),
                _with_interval(row, "recall", words),
            ]
            for row in rows
        ],
        words,
    )


def _typologies(measured: Measured, words: Wording) -> DossierTable:
    rows = measured.of("typology").sort("name").to_dicts()
    return _table(
        (
            "typologies",
            words.say("Each typology by itself"),
            words.say(
                "Accounts that show it, listed or not. One typology alone lists nobody: points "
                "add up."
            ),
        ),
        (
            words.say("Typology"),
            words.say("Accounts"),
            words.say("Members"),
            words.say("Precision"),
            words.say("Recall"),
        ),
        [
            [
                Cell("code", row["name"], (typology_name(measured.rules[row["name"]], words),)),
                _number(row["listed"], words),
                _number(row["found"], words),
                _with_interval(row, "precision", words),
                _with_interval(row, "recall", words),
            ]
            for row in rows
        ],
        words,
    )


def _schemes(measured: Measured, words: Wording) -> DossierTable:
    rows = measured.of("scheme").sort("recall", "name").to_dicts()
    return _recalls(
        "schemes",
        words.say("How the networks work, least found first"),
        rows,
        lambda code: Cell("text", scheme_name(code, words)),
        words,
    )


def _roles(measured: Measured, words: Wording) -> DossierTable:
    rows = measured.of("role").filter(pl.col("planted") > 0).sort("recall", "name").to_dicts()
    return _recalls(
        "roles",
        words.say("Roles in the networks"),
        rows,
        lambda code: Cell("text", role_name(code, words)),
        words,
    )


def _trail_roles(measured: Measured, words: Wording) -> DossierTable:
    rows = measured.of("trail_role").sort("recall", "name", nulls_last=True).to_dicts()
    innocents = [row for row in rows if row["planted"] == 0]
    note = words.say(
        "Told by what money did within eight days of a shop's first, from the account of each shop "
        "alone. Members whom the money of no shop reaches cannot be found."
    )
    said = [
        words.say(
            "Innocents whom the money met: %(met)s. Told in one of these roles: %(told)s.",
            met=words.whole(row["accounts"]),
            told=words.whole(row["listed"]),
        )
        for row in innocents
    ]
    return _table(
        ("trail-roles", words.say("Roles told by the trail of the money"), " ".join([note, *said])),
        (
            words.say("Role"),
            words.say("Planted"),
            words.say("Told"),
            words.say("Rightly"),
            words.say("Precision"),
            words.say("Recall"),
        ),
        [
            [
                Cell("text", one(row["name"], words)),
                _number(row["planted"], words),
                _number(row["listed"], words),
                _number(row["found"], words),
                _with_interval(row, "precision", words),
                _with_interval(row, "recall", words),
            ]
            for row in rows
            if row not in innocents
        ],
        words,
    )


def _networks(measured: Measured, words: Wording) -> DossierTable:
    rows = measured.of("network").sort("recall", "name").to_dicts()
    return _recalls(
        "networks",
        words.say("Each network, least found first"),
        rows,
        lambda code: Cell("code", code),
        words,
    )


def _recalls(
    table: str, title: str, rows: list[dict[str, Any]], name: Callable[[str], Cell], words: Wording
) -> DossierTable:
    headings = (title, words.say("Planted"), words.say("Found"), words.say("Recall"))
    return _table(
        (table, title, ""),
        ("", *headings[1:]),
        [
            [
                name(row["name"]),
                _number(row["planted"], words),
                _number(row["found"], words),
                _with_interval(row, "recall", words),
            ]
            for row in rows
        ],
        words,
    )


def _innocents(measured: Measured, words: Wording) -> DossierTable:
    rows = (
        measured.of("role")
        .with_columns(
            innocents=pl.col("accounts") - pl.col("planted"),
            wronged_accounts=pl.col("listed") - pl.col("found"),
        )
        .filter(pl.col("innocents") > 0)
        .sort("wronged_accounts", "innocents", "name", descending=[True, False, False])
    )
    return _table(
        (
            "innocents",
            words.say("Innocents, and who of them was listed"),
            words.say("Kinds of life that look like a dropper's are planted on purpose."),
        ),
        (
            words.say("Kind of life"),
            words.say("Accounts"),
            words.say("Listed"),
            words.say("Share of them"),
        ),
        [
            [
                Cell("text", role_name(row["name"], words)),
                _number(row["innocents"], words),
                _number(row["wronged_accounts"], words),
                _with_interval(row, "wronged", words),
            ]
            for row in rows.to_dicts()
        ],
        words,
    )


def _table(
    heading: tuple[str, str, str],
    headings: tuple[str, ...],
    rows: list[list[Cell]],
    words: Wording,
) -> DossierTable:
    table, title, note = heading
    first, *others = headings
    return DossierTable(
        id=table,
        title=title,
        note=note,
        headings=(("text", first), *(("number", heading) for heading in others)),
        rows=tuple(tuple(row) for row in rows),
        empty=words.say("None."),
        more="",
    )


def _reading(measured: Measured, words: Wording) -> list[str]:
    whole, say = measured.whole, words.say
    return [
        say(
            "All accounts are simulated. What the rules find among real ones is not known until "
            "cases are confirmed."
        ),
        say(
            "Thresholds and points were chosen on other worlds of the same simulator, not on "
            "these. Real life differs more, so that these figures flatter."
        ),
        say(
            "Here %(share)s of the accounts are members, many times more than in life: of a real "
            "list a smaller part would be right.",
            share=_share(whole["planted"] / whole["accounts"], words),
        ),
        say(
            "One night is measured: members of a network that had fallen silent weeks before "
            "count as missed, though earlier nights may have listed them."
        ),
        say(
            "Nobody was known before: no card had been ordered to be arrested. Exemptions are "
            "left out."
        ),
        say(
            "Intervals hold the true share 95 times of 100 in this simulation: Wilson's for "
            "shares; networks drawn anew for average precision."
        ),
        say(
            "Average precision: precision at each member from the top of the list, in mean; one "
            "that was not listed counts as found last."
        ),
    ]


def _number(value: int, words: Wording) -> Cell:
    return Cell("number", words.whole(value))


def with_interval(row: Mapping[str, Any], name: str, words: Wording) -> str:
    """A share of an evaluation with its interval: "98.1% (96.0% – 99.2%)"; a dash for none."""
    value = row[name]
    if value is None:
        return "—"
    return f"{_share(value, words)} ({_ends(row, name, words)})"


def _with_interval(row: _Row, name: str, words: Wording) -> Cell:
    return Cell("number", with_interval(row, name, words))


def _interval(row: _Row, name: str, words: Wording) -> str:
    if row[name] is None:
        return words.say("not known")
    return words.say("95%% interval %(ends)s", ends=_ends(row, name, words))


def _ends(row: _Row, name: str, words: Wording) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{_share(low, words)} – {_share(high, words)}"


def _share(value: float | None, words: Wording) -> str:
    return "—" if value is None else words.percent(Decimal(str(value)))
