"""From a night's blocking list to its page: worded, formatted, frozen.

The list is casework: it names accounts and persons. It is never part of a report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from templates.dossier_model import Amount, Cell, Dossier, DossierTable
from templates.dossier_tables import tenge
from templates.dossier_terms import state
from templates.feature_terms import feature_name, feature_value
from templates.measures import told
from templates.model import Fact, LanguageLink
from templates.places import region_name
from templates.terms import institution_name
from templates.typology_terms import threshold_text, typology_name, worded
from templates.wording import LANGUAGE_NAMES, Wording, message, wording

_MOST_ROWS = 100

_EXEMPT = {
    "close_relatives": message("close relatives"),
    "wages": message("wages"),
    "social_payments": message("social payments"),
    "registered_business": message("registered business"),
    "charity": message("charity"),
    "investigator": message("decision of the investigator"),
}


_MODEL = {
    "in_use": message("lists beside the rules"),
    "no_model": message("there is none; rules alone list"),
    "without_threshold": message("never precise enough on held-out networks; rules alone list"),
    "not_validated": message(
        "scores only: it knows simulations, and no confirmed cases have borne it out; rules alone "
        "list"
    ),
    "stale": message("too old; rules alone list"),
    "no_drift_measured": message("drift was not measured; rules alone list"),
    "drift": message("accounts differ from those that it learned from; rules alone list"),
}
"""Who made the list, by `droppers.producers`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The list of a night: `BLOCKING`, and the typologies that its reasons name, by code."""

    night: date
    rows: pl.DataFrame
    rules: Mapping[str, Mapping[str, Any]]
    rule_version: str
    code_version: str
    model_reason_code: str = "no_model"

    def of(self, state_code: str) -> pl.DataFrame:
        return self.rows.filter(state_code=state_code)


def blocking_page(
    listed: Listed, *, language: str, pages: Mapping[str, str], files: Sequence[str]
) -> Dossier:
    """The page of a list. Equal inputs give an equal page.

    Args:
        listed: which list.
        language: one of `LANGUAGES`.
        pages: address of the page in each language, seen from this one.
        files: names of the files beside it.

    Raises:
        UnknownLanguage: there is no such language.
    """
    words = wording(language)
    say = words.say
    return Dossier(
        language=language,
        languages=tuple(
            LanguageLink(other, LANGUAGE_NAMES[other], href, other == language)
            for other, href in pages.items()
        ),
        issuer=say("General Prosecutor's Office of the Republic of Kazakhstan"),
        marking=say("Case material with personal data. Not for publication."),
        title=say("Whom to block"),
        subject=words.long_date(listed.night),
        period=say("rules %(version)s", version=listed.rule_version),
        method=say("A lead for a decision, not a finding of guilt"),
        lead=tuple(_lead(listed, words)),
        amounts=tuple(_amounts(listed, words)),
        diagram=None,
        tables=(
            _to_block(listed, words),
            _ordered(listed, words),
            _exempted(listed, words),
            _typologies(listed, words),
        ),
        reading=tuple(_reading(words)),
        provenance=(
            Fact(say("As of"), words.long_date(listed.night)),
            Fact(say("Version of the rules"), listed.rule_version),
            Fact(say("Version of the program"), listed.code_version),
            Fact(say("Learned model"), say(_MODEL[listed.model_reason_code])),
        ),
        files=tuple(files),
    )


def reasons(row: Mapping[str, Any], listed: Listed, words: Wording) -> list[str]:
    """Why an account is listed, in words: what is urgent, then its evidence, then the model."""
    said = []
    if row["is_held"]:
        until = row["held_until_on"]
        said.append(
            words.say("A payment is held until %(date)s", date=words.long_date(until))
            if until
            else words.say("A payment is held, its term is not known")
        )
    if row["state_code"] == "to_block" and row["arrest_code"]:
        said.append(words.say("Earlier order: %(state)s", state=state(row["arrest_code"], words)))
    said += [worded(one, listed.rules[one["typology_code"]], words) for one in row["reasons"]]
    if row["probability"] is not None:
        share = words.percent(Decimal(str(row["probability"])))
        said.append(words.say("Probability by the learned model: %(share)s", share=share))
    if row["produced_by_code"] == "model":
        said += [_of_model(one, words) for one in row["model_reasons"]]
    return said


def arrest(row: Mapping[str, Any], words: Wording) -> list[str]:
    """What became of orders to arrest an account, and what has left it since."""
    said = [state(row["arrest_code"], words)]
    if row["left_since_tiyn"]:
        said.append(
            words.say(
                "Left after the arrest of %(moment)s: %(amount)s tenge",
                moment=words.moment(row["arrested_at"]),
                amount=tenge(row["left_since_tiyn"], words),
            )
        )
    return said


def _of_model(one: Mapping[str, Any], words: Wording) -> str:
    """What raised the model's score, in words."""
    code, value = one["feature_code"], one["measured"]
    named = feature_name(code, words)
    if value is None:
        return words.say("The model counts against it: %(feature)s", feature=named)
    return words.say(
        "The model counts against it: %(feature)s = %(value)s",
        feature=named,
        value=feature_value(code, value, words),
    )


def exemption_reason(code: str, words: Wording) -> str:
    """Why somebody is exempted."""
    return words.say(_EXEMPT[code])


def _lead(listed: Listed, words: Wording) -> list[str]:
    open_, left = listed.of("to_block"), listed.of("ordered").filter(pl.col("left_since_tiyn") > 0)
    fresh = open_.filter(
        pl.col("freshest_at").dt.convert_time_zone("Asia/Almaty").dt.date() == listed.night
    ).height
    said = [
        words.say(
            "%(accounts)s to block; %(amount)s may still be there.",
            accounts=told(open_.height, "accounts", words),
            amount=told(int(open_["amount_at_stake_tiyn"].sum()), "tiyn", words),
        ),
        words.say(
            "Moved money on the last day: %(accounts)s.", accounts=told(fresh, "accounts", words)
        ),
    ]
    if open_.is_empty():
        said = [words.say("No account is to be blocked.")]
    if left.height:
        said.append(
            words.say(
                "Left after the bank had answered that it arrested: %(amount)s, %(accounts)s.",
                amount=told(int(left["left_since_tiyn"].sum()), "tiyn", words),
                accounts=told(left.height, "accounts", words),
            )
        )
    return said


def _amounts(listed: Listed, words: Wording) -> list[Amount]:
    say = words.say
    open_ = listed.of("to_block")
    at_stake = int(open_["amount_at_stake_tiyn"].sum())
    last = max(open_["freshest_at"], default=None)
    ordered = listed.of("ordered")
    return [
        Amount(
            say("At stake now"),
            told(at_stake, "tiyn", words),
            say("%(amount)s tenge exactly", amount=tenge(at_stake, words)),
            is_leading=True,
        ),
        Amount(
            say("Accounts to block"),
            words.whole(open_.height),
            words.count(
                "of %(n)s known holder",
                "of %(n)s known holders",
                open_["holder_iin"].drop_nulls().n_unique(),
            ),
            is_leading=False,
        ),
        Amount(
            say("Banks to order"),
            words.whole(open_["bank_bic"].drop_nulls().n_unique()),
            say("a draft of orders for each"),
            is_leading=False,
        ),
        Amount(
            say("Order stands already"),
            words.whole(ordered.height),
            say(
                "%(amount)s seen there",
                amount=told(int(ordered["amount_at_stake_tiyn"].sum()), "tiyn", words),
            ),
            is_leading=False,
        ),
        Amount(
            say("Exempted"), words.whole(listed.of("exempted").height), say("by a decision"),
            is_leading=False,
        ),
        Amount(
            say("Freshest movement"),
            words.moment(last) if last else "—",
            say("of accounts to block"),
            is_leading=False,
        ),
    ]  # fmt: skip


def _to_block(listed: Listed, words: Wording) -> DossierTable:
    found = listed.of("to_block")
    return DossierTable(
        id="to-block",
        title=words.say("To block, the most urgent first"),
        note=words.say("In order of points; of equal ones the greater amount comes first."),
        headings=(*_headings(words), ("text", words.say("Why"))),
        rows=tuple(
            (*_cells(row, words), Cell("reasons", "", tuple(reasons(row, listed, words))))
            for row in found.head(_MOST_ROWS).iter_rows(named=True)
        ),
        empty=words.say("Nobody."),
        more=_more(found, words),
    )


def _ordered(listed: Listed, words: Wording) -> DossierTable:
    found = listed.of("ordered")
    return DossierTable(
        id="ordered",
        title=words.say("An order stands already"),
        note=words.say(
            "Carried out, carried out in part, or not yet answered: ask the bank. Those that money "
            "left after the bank's answer come first."
        ),
        headings=(*_headings(words), ("text", words.say("Arrest"))),
        rows=tuple(
            (*_cells(row, words), Cell("reasons", "", tuple(arrest(row, words))))
            for row in found.head(_MOST_ROWS).iter_rows(named=True)
        ),
        empty=words.say("None."),
        more=_more(found, words),
    )


def _exempted(listed: Listed, words: Wording) -> DossierTable:
    found = listed.of("exempted")
    return DossierTable(
        id="exempted",
        title=words.say("Exempted"),
        note=words.say("Not to be blocked, by a decision that ends on its day."),
        headings=(*_headings(words), ("text", words.say("Reason")), ("text", words.say("Until"))),
        rows=tuple(
            (
                *_cells(row, words),
                Cell("text", exemption_reason(row["exemption_code"], words)),
                Cell("text", words.long_date(row["exempt_until_on"])),
            )
            for row in found.head(_MOST_ROWS).iter_rows(named=True)
        ),
        empty=words.say("Nobody."),
        more=_more(found, words),
    )


def _typologies(listed: Listed, words: Wording) -> DossierTable:
    """Each typology that stands in the list, with its source: a reason is looked up by its code."""
    shown = listed.rows.select(pl.col("reasons").explode().struct.field("typology_code"))
    accounts = shown.drop_nulls().to_series().value_counts(sort=False).sort("typology_code")
    return DossierTable(
        id="typologies",
        title=words.say("What the reasons rest on"),
        note=words.say("By the code behind each reason; sources are named as they are published."),
        headings=(
            ("text", words.say("Typology")),
            ("text", words.say("Counts from")),
            ("number", words.say("Points")),
            ("number", words.say("Accounts")),
        ),
        rows=tuple(
            (
                Cell("code", f"{code}.{rule['version']}", (name, rule["source"])),
                Cell("text", threshold_text(rule, words)),
                Cell("number", words.whole(rule["points"])),
                Cell("number", words.whole(height)),
            )
            for code, height in accounts.iter_rows()
            if (rule := listed.rules[code]) and (name := typology_name(rule, words))
        ),
        empty=words.say("None."),
        more="",
    )


def _headings(words: Wording) -> tuple[tuple[str, str], ...]:
    return (
        ("text", words.say("Account, holder, cards")),
        ("text", words.say("Bank and region")),
        ("number", words.say("Points")),
        ("number", words.say("At stake, tenge")),
        ("text", words.say("Freshest movement")),
    )


def _cells(row: Mapping[str, Any], words: Wording) -> tuple[Cell, ...]:
    holder = row["holder_iin"]
    who = (
        words.say("IIN or BIN %(number)s", number=holder) if holder else words.say("holder unknown")
    )
    cards = [words.say("card %(token)s", token=token) for token in row["cards"]]
    bank = row["bank_bic"]
    place = region_name(row["region_code"], words)
    where = institution_name(bank, words) if bank else words.say("Bank unknown")
    return (
        Cell("code", row["account_iban"], (who, *cards)),
        Cell("text", f"{where}, {place}"),
        Cell("number", words.whole(row["score"])),
        Cell("number", tenge(row["amount_at_stake_tiyn"], words)),
        Cell("text", words.moment(row["freshest_at"])),
    )


def _more(found: pl.DataFrame, words: Wording) -> str:
    rest = found.height - _MOST_ROWS
    if rest <= 0:
        return ""
    return words.count("%(n)s more is in the files.", "%(n)s more are in the files.", rest)


def _reading(words: Wording) -> list[str]:
    return [
        words.say("Points say how much speaks against the holder; what favours them is taken off."),
        words.say(
            "At stake: tenge that came in over 90 days less what went out, never below 0. The bank "
            "tells the balance."
        ),
        words.say("Cards are those that were used in 90 days; the bank knows the others."),
        words.say(
            "An account is listed again when its order was refused or not found, or its arrest was "
            "lifted or is over."
        ),
        words.say(
            "Orders are drafts: number, case and its region, day and authority are empty until a "
            "prosecutor fills them in; aqsha orders then makes the messages."
        ),
        words.say("Every number behind a reason stands in evidence.csv, a typology a row."),
    ]
