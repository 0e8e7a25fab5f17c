"""The contract of a feed, for those who deliver it: what a row holds, what is asked, what follows.

Layouts are those of `transforms/feeds`; rules, formats and terms of delivery are given. What
columns mean and what rules say is English in every language, as in receipts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from hashlib import sha256

import polars as pl

from templates.contract_model import Agreed, ColumnRow, Contract, Message, Rule, RuleRow, Terms
from templates.model import Fact, LanguageLink
from templates.terms import feed_name, institution_name
from templates.wording import LANGUAGE_NAMES, Wording, message, wording
from transforms.feeds.cells import FORMS
from transforms.feeds.feed import Feed, Field


class UnknownType(LookupError):
    """A column has a type or unit that no sender was told of yet."""


_TYPES: Mapping[pl.DataType, str] = {
    pl.String(): message("text"),
    pl.Int64(): message("whole number"),
    pl.Boolean(): message("yes or no"),
    pl.Date(): message("day"),
    pl.Datetime("us", "UTC"): message("moment, UTC"),
}

_UNITS: Mapping[str, str] = {
    "currency_units": message("units of the currency"),
    "minor_units": message("hundredths of the currency"),
    "asset_units": message("units of the asset"),
    "told_units": message("units as told"),
    "tiyn": message("tiyn, hundredths of a tenge"),
    "tenge": message("tenge"),
    "usd": message("US dollars"),
    "kg": message("kilograms"),
    "packages": message("packages"),
    "objects": message("objects"),
    "transactions": message("payments"),
    "payments": message("payments"),
}

_OF_DELIVERIES: Mapping[str, str] = {
    "institution": message("the sender"),
    "delivery": message("the file"),
    "line": message("the line in it"),
}

_CALENDARS: Mapping[str, str] = {
    "every_day": message("every day"),
    "working_days": message("every working day"),
    "fridays": message("every Friday"),
}

_CONTROLS: Mapping[str, str] = {
    "json": message("%(file)s: JSON with rows, sha256 and, where agreed, sums by currency"),
    "sha256": message("%(file)s: the SHA-256 of the file, as sha256sum writes it"),
    "count": message("%(file)s: the number of rows"),
    "none": message("nothing"),
}

_TABLES = ("csv", "jsonl", "parquet", "xlsx")
_PACKED_BY_THEMSELVES = ("parquet", "xlsx")


def contract(
    feed: Feed,
    *,
    language: str,
    rules: Sequence[Rule],
    messages: Sequence[Message],
    agreed: Sequence[Agreed],
    most_rejected: float,
    pages: Mapping[str, str],
) -> Contract:
    """One feed in words. Equal inputs give an equal contract.

    Args:
        feed: which feed.
        language: one of `LANGUAGES`.
        rules: all in force.
        messages: of standards, that may be delivered in place of a table.
        agreed: terms of those senders that the page is for.
        most_rejected: share of a delivery's rows that may break one rule that rejects, 0 to 1.
        pages: address of the page in each language, seen from this one; none stands alone.

    Raises:
        UnknownType: a column's type or unit has no words yet.
    """
    asked = partial(
        _worded,
        feed,
        rules=rules,
        messages=messages,
        agreed=agreed,
        most_rejected=most_rejected,
    )
    return replace(
        asked(wording(language)),
        stamp=sha256(repr(asked(wording("en"))).encode()).hexdigest()[:12],
        languages=tuple(
            LanguageLink(other, LANGUAGE_NAMES[other], href, other == language)
            for other, href in pages.items()
        ),
    )


def _worded(
    feed: Feed,
    words: Wording,
    *,
    rules: Sequence[Rule],
    messages: Sequence[Message],
    agreed: Sequence[Agreed],
    most_rejected: float,
) -> Contract:
    wires = {field.column.name: field.wire for field in feed.fields}
    return Contract(
        feed=feed.name,
        language=words.language,
        languages=(),
        stamp="",
        issuer=words.say("General Prosecutor's Office of the Republic of Kazakhstan"),
        title=feed_name(feed.name, words),
        grain=feed.grain,
        key=words.series(_named(name, wires, words) for name in feed.key),
        terms=tuple(Terms(_who(one, words), tuple(_terms(one, feed, words))) for one in agreed),
        columns=tuple(_column(field, words) for field in feed.fields if field.in_tables),
        message_columns=tuple(_column(f, words) for f in feed.fields if not f.in_tables),
        messages=tuple(messages),
        rules=tuple(_rule(rule, words) for rule in rules),
        consequences=tuple(_consequences(most_rejected, words)),
    )


def _named(column: str, wires: Mapping[str, str], words: Wording) -> str:
    return words.say(_OF_DELIVERIES[column]) if column in _OF_DELIVERIES else wires[column]


def _column(field: Field, words: Wording) -> ColumnRow:
    column = field.column
    return ColumnRow(
        wire=field.wire,
        needed=words.say("may be empty") if column.nullable else words.say("must be there"),
        is_needed=not column.nullable,
        personal=words.say("personal data") if column.is_personal else "",
        form=FORMS[field.read],
        name=column.name,
        dtype=_type(column.dtype, words),
        unit=_unit(column.unit, words) if column.unit else "",
        meaning=column.description,
    )


def _type(dtype: pl.DataType, words: Wording) -> str:
    if isinstance(dtype, pl.Decimal):
        return words.say("number with %(digits)s decimals", digits=str(dtype.scale))
    if dtype not in _TYPES:
        raise UnknownType(f"{dtype} has no words for senders. Add them to templates/contract.py.")
    return words.say(_TYPES[dtype])


def _unit(unit: str, words: Wording) -> str:
    if unit not in _UNITS:
        raise UnknownType(f"{unit} has no words for senders. Add them to templates/contract.py.")
    return words.say(_UNITS[unit])


def _rule(rule: Rule, words: Wording) -> RuleRow:
    outcome = words.say("set aside") if rule.is_rejecting else words.say("reported")
    return RuleRow(rule.code, outcome, rule.is_rejecting, rule.says, rule.source)


def _who(agreed: Agreed, words: Wording) -> str:
    named = [(institution_name(code, words), code) for code in agreed.institutions]
    return words.series(name if name == code else f"{name} ({code})" for name, code in named)


def _terms(agreed: Agreed, feed: Feed, words: Wording) -> list[Fact]:
    days = words.say(_CALENDARS[agreed.calendar])
    facts = [
        Fact(words.say("Form"), _form(agreed, words)),
        Fact(words.say("Name of the file"), _names(agreed, feed, words)),
        Fact(
            words.say("Business dates"),
            words.say("%(days)s since %(date)s", days=days, date=words.long_date(agreed.since)),
        ),
        Fact(
            words.say("Due"),
            words.say(
                "by %(hour)s, Almaty time, on the day after the business date",
                hour=f"{agreed.due:%H:%M}",
            ),
        ),
        Fact(words.say("Beside the file"), _control(agreed, feed, words)),
        Fact(
            words.say("If it does not come"),
            words.say("reports are provisional until it does")
            if agreed.is_mandatory
            else words.say("reports do not wait for it"),
        ),
    ]
    if agreed.columns:
        named = "; ".join(f"{ours} = {theirs}" for ours, theirs in agreed.columns.items())
        facts.append(Fact(words.say("Columns that have another name"), named))
    return facts


def _form(agreed: Agreed, words: Wording) -> str:
    parts = [agreed.format.upper() if agreed.format in _TABLES else agreed.format]
    if agreed.format == "csv":
        parts.append(words.say("separated by “%(sign)s”", sign=_visible(agreed.separator, words)))
    if agreed.format in ("csv", "jsonl"):
        parts.append(words.say("encoding %(name)s", name=agreed.encoding.upper()))
    if agreed.is_decimal_comma:
        parts.append(words.say("numbers with a decimal comma"))
    if agreed.format not in _PACKED_BY_THEMSELVES:
        parts.append(words.say("plain, .gz, .zst or a .zip of one file"))
    return ", ".join(parts)


def _visible(sign: str, words: Wording) -> str:
    return words.say("tab") if sign == "\t" else sign


def _names(agreed: Agreed, feed: Feed, words: Wording) -> str:
    pattern, sender = agreed.names.replace("{feed}", feed.name), agreed.institutions[0]
    example = (
        pattern.replace("{institution}", sender)
        .replace("{yyyymmdd}", f"{agreed.since:%Y%m%d}")
        .replace("{yyyy-mm-dd}", agreed.since.isoformat())
    )
    if example.endswith("*") and agreed.format in _TABLES:
        example = f"{example[:-1]}.{agreed.format}"
    return words.say("%(pattern)s, as %(example)s", pattern=pattern, example=example)


def _control(agreed: Agreed, feed: Feed, words: Wording) -> str:
    file = words.say("name of the file") + f" + {agreed.control_suffix}"
    said = words.say(_CONTROLS[agreed.control], file=file)
    if agreed.control != "json" or feed.adds_up is None:
        return said
    wires = {field.column.name: field.wire for field in feed.fields}
    amount, currency = (wires.get(name, name) for name in feed.adds_up)
    return f"{said} ({amount}, {currency})"


def _consequences(most_rejected: float, words: Wording) -> list[Fact]:
    share = words.percent(Decimal(str(most_rejected)))
    return [
        Fact(
            words.say("A rule marked “set aside” is broken"),
            words.say(
                "The row is in no figure. It is kept as it was delivered, with the codes of all "
                "rules that it broke, and the receipt of the file names its line. All other rows "
                "count."
            ),
        ),
        Fact(
            words.say("A rule marked “reported” is broken"),
            words.say("The row counts. We count such rows and may ask about them."),
        ),
        Fact(
            words.say("More than %(share)s of the rows break one rule", share=share),
            words.say(
                "The whole file is set aside: correct it and send it again, whole. It concerns "
                "rules marked “set aside” only."
            ),
        ),
        Fact(
            words.say("A cell cannot be read"),
            words.say(
                "It is taken as empty, never guessed, and the rules judge it so. What was written "
                "there is kept."
            ),
        ),
        Fact(
            words.say("Columns are missing or unknown or, in a CSV, in another order"),
            words.say("Nothing of the file is taken. Send it again in the agreed layout."),
        ),
        Fact(
            words.say("The file and its control file disagree"),
            words.say("Nothing of the file is taken. Send both again."),
        ),
        Fact(
            words.say("A further file comes for the same business date"),
            words.say(
                "It replaces the earlier one whole, and both are kept. The same content twice "
                "counts once."
            ),
        ),
    ]
