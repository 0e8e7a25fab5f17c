"""The tables of a dossier: held money, measures, wallets, persons, exits, timeline, rules."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from templates.dossier_model import Cell, DossierTable
from templates.dossier_terms import (
    CAME,
    ENDED,
    RULE_NAMES,
    many,
    measure,
    one,
    operation,
    reason,
    state,
)
from templates.places import region_name
from templates.terms import institution_name
from templates.wording import Wording, message
from transforms.money import TIYN_PER_TENGE, total
from transforms.trail.dossier import largest_steps
from transforms.trail.tracing import Traced

_MOST_PERSONS, _MOST_HELD, _MOST_EXITS, _MOST_STEPS = 50, 30, 30, 40
_SHOWN_FIRST = (
    "organizer", "shop", "operator", "collector", "cash_out_point", "dropper", "account",
    "recipient", "exchange_client",
)  # fmt: skip
_NUMBER, _TEXT = "number", "text"
_WORTH = ["value_tiyn", "value_usd_cent", "night_value_tiyn", "night_value_usd_cent"]

_COMPARED = {
    "transactions": message("Payments on the trail"),
    "layers": message("Layers"),
    "accounts": message("Accounts"),
    "entered_tiyn": message("Entered the trail, tenge"),
    "held_tiyn": message("Held, tenge"),
    "arrestable_tiyn": message("Can still be arrested, tenge"),
}

_COMPARED_BACKWARD = {
    "transactions": message("Payments on the trail"),
    "layers": message("Layers"),
    "accounts": message("Accounts"),
    "entered_tiyn": message("Money followed back, tenge"),
    "held_tiyn": message("Not explained further, tenge"),
}


def tables(case: Traced, words: Wording) -> tuple[DossierTable, ...]:
    """All tables of a case, in the order in which they are read."""
    forward = (
        ()
        if case.is_backward
        else (_held(case, words), _measures(case, words), *_wallets(case, words))
    )
    return (
        *forward,
        _persons(case, words),
        _exits(case, words),
        _timeline(case, words),
        _rules(case, words),
    )


def tenge(tiyn: int, words: Wording) -> str:
    """An exact amount in tenge, with tiyn where there are any."""
    return words.decimal(Decimal(tiyn) / TIYN_PER_TENGE, 2 if tiyn % TIYN_PER_TENGE else 0)


def node_name(node: str, role: str, words: Wording) -> str:
    """A node as people know it: IBAN, region of cash, country of an account abroad, address."""
    prefix, _, rest = node.partition(":")
    if role == "cash":
        return region_name(rest, words)
    if role == "abroad":
        country = words.locale.territories.get(rest[:2], rest[:2])
        return f"{country}, {rest}"
    if role in ("service", "exchange") and " at " in rest:
        code, _, institution = rest.partition(" at ")
        return f"{operation(code, words)}, {institution_name(institution, words)}"
    return rest if prefix == "service" else node


def _rules(case: Traced, words: Wording) -> DossierTable:
    by_rule = {row["rule_code"]: row for row in case.figures.iter_rows(named=True)}
    rules = [case.rule_code, *(rule for rule in RULE_NAMES if rule != case.rule_code)]
    ended = CAME if case.is_backward else ENDED
    compared = _COMPARED_BACKWARD if case.is_backward else _COMPARED
    rows = []
    for column, name in {**compared, **ended}.items():
        values = [by_rule[rule][column] for rule in rules]
        if column in ended and not any(values):
            continue
        shown = [
            tenge(value, words) if column.endswith("_tiyn") else words.whole(value)
            for value in values
        ]
        heading = words.say(name)
        if column in ended:
            heading = words.say("%(what)s, tenge", what=heading)
        rows.append((Cell(_TEXT, _capital(heading)), *(Cell(_NUMBER, text) for text in shown)))
    return DossierTable(
        id="rules",
        title=words.say("The same trail by other rules"),
        note=words.say("The dossier shows the first column."),
        headings=((_TEXT, ""), *((_NUMBER, words.say(RULE_NAMES[rule])) for rule in rules)),
        rows=tuple(rows),
        empty="",
        more="",
    )


def _persons(case: Traced, words: Wording) -> DossierTable:
    shown = case.persons.filter(pl.col("role_code") != "payer")
    order = pl.col("role_code").replace_strict(
        {role: n for n, role in enumerate(_SHOWN_FIRST)}, default=99
    )
    found = shown.sort(order, "amount_tiyn", "person", descending=[False, True, False])
    rows = [
        (
            Cell(_TEXT, _capital(one(row["role_code"], words))),
            Cell("code", row["person"], tuple(n for n in row["nodes"] if n != row["person"])),
            Cell(_NUMBER, tenge(row["amount_tiyn"], words)),
            Cell(_NUMBER, tenge(row["held_tiyn"], words)),
            *(() if case.is_backward else (_reasons(row["reasons"], words),)),
        )
        for row in found.head(_MOST_PERSONS).iter_rows(named=True)
    ]
    payers = case.persons.filter(pl.col("role_code") == "payer").height
    return DossierTable(
        id="persons",
        title=words.say("Persons by role"),
        note=words.count(
            "%(n)s payer is not listed here but in the files.",
            "%(n)s payers are not listed here but in the files.",
            payers,
        )
        if payers
        else "",
        headings=_headings_of_persons(case, words),
        rows=tuple(rows),
        empty=words.say("Nobody."),
        more=_more(found.height - len(rows), words),
    )


def _headings_of_persons(case: Traced, words: Wording) -> tuple[tuple[str, str], ...]:
    who = ((_TEXT, words.say("Role")), (_TEXT, words.say("IIN or BIN, accounts")))
    if case.is_backward:
        return (
            *who,
            (_NUMBER, words.say("Money followed back, tenge")),
            (_NUMBER, words.say("Not explained further, tenge")),
        )
    return (
        *who,
        (_NUMBER, words.say("Tainted money in, tenge")),
        (_NUMBER, words.say("Held, tenge")),
        (_TEXT, words.say("Why")),
    )


def _reasons(reasons: Iterable[Mapping[str, Any]], words: Wording) -> Cell:
    lines = (reason(one["reason_code"], one["measured"], words) for one in reasons)
    return Cell("reasons", "", tuple(lines))


def _held(case: Traced, words: Wording) -> DossierTable:
    found = case.held.sort(
        "arrestable_tiyn", "held_tiyn", "node_id", descending=[True, True, False]
    )
    rows = [
        (
            Cell("code", row["node_id"], _known(row["holder_iin"])),
            Cell(_TEXT, one(row["role_code"], words)),
            Cell(_NUMBER, tenge(row["held_tiyn"], words)),
            Cell(_TEXT, state(row["arrest_code"], words), _confiscated(row, words)),
            Cell(_NUMBER, tenge(row["arrestable_tiyn"], words)),
            Cell(_TEXT, words.moment(row["last_at"])),
        )
        for row in found.head(_MOST_HELD).iter_rows(named=True)
    ]
    return DossierTable(
        id="held",
        title=words.say("Where money is held"),
        note=words.say("The most that can still be arrested comes first."),
        headings=(
            (_TEXT, words.say("Account or wallet, holder")),
            (_TEXT, words.say("Role")),
            (_NUMBER, words.say("Held, tenge")),
            (_TEXT, words.say("Arrest")),
            (_NUMBER, words.say("Can still be arrested, tenge")),
            (_TEXT, words.say("Freshest movement")),
        ),
        rows=tuple(rows),
        empty=words.say("Nothing is held: all money has left."),
        more=_more(found.height - len(rows), words),
    )


def _confiscated(row: Mapping[str, Any], words: Wording) -> tuple[str, ...]:
    if not (tiyn := row["confiscated_tiyn"]):
        return ()
    return (words.say("confiscated: %(amount)s tenge", amount=tenge(tiyn, words)),)


def _exits(case: Traced, words: Wording) -> DossierTable:
    found = case.exits.sort("tainted_tiyn", "node_id", descending=[True, False])
    rows = [
        (
            Cell(_TEXT, many(row["role_code"], words)),
            Cell(_TEXT, node_name(row["node_id"], row["role_code"], words)),
            Cell(_NUMBER, words.whole(row["transactions"])),
            Cell(_NUMBER, words.whole(row["payers"])),
            Cell(_NUMBER, tenge(row["tainted_tiyn"], words)),
            Cell(_TEXT, words.moment(row["last_at"])),
        )
        for row in found.head(_MOST_EXITS).iter_rows(named=True)
    ]
    return DossierTable(
        id="exits",
        title=words.say("Where the money came into bank accounts")
        if case.is_backward
        else words.say("Where money left bank accounts"),
        note=words.say("What a client of an exchange sent on to a wallet stands in both lines.")
        if (case.exits["role_code"] == "exchange_client").any()
        else "",
        headings=(
            (_TEXT, words.say("Kind")),
            (_TEXT, words.say("Where")),
            (_NUMBER, words.say("Payments")),
            (_NUMBER, words.say("Accounts")),
            (_NUMBER, words.say("Tainted money, tenge")),
            (_TEXT, words.say("Freshest movement")),
        ),
        rows=tuple(rows),
        empty=words.say("Nowhere."),
        more=_more(found.height - len(rows), words),
    )


def _measures(case: Traced, words: Wording) -> DossierTable:
    rows = [
        (
            Cell(_TEXT, measure(row["measure_code"], words)),
            Cell(_TEXT, state(row["stage_code"], words)),
            Cell(_NUMBER, words.whole(row["objects"])),
            Cell(_NUMBER, tenge(row["amount_tiyn"], words)),
        )
        for row in case.measures.iter_rows(named=True)
    ]
    return DossierTable(
        id="measures",
        title=words.say("Measures of the case"),
        note=words.say("Amounts as of the day of each measure; kinds and stages are not added."),
        headings=(
            (_TEXT, words.say("Measure")),
            (_TEXT, words.say("State")),
            (_NUMBER, words.say("Number")),
            (_NUMBER, words.say("Amount, tenge")),
        ),
        rows=tuple(rows),
        empty=words.say("None is registered for what was asked."),
        more="",
    )


def _wallets(case: Traced, words: Wording) -> tuple[DossierTable, ...]:
    """Wallets under measures of the case, worth then and tonight; nothing where there are none."""
    if case.wallets.is_empty():
        return ()
    order = ["night_value_tiyn", "address", "asset_code"]
    found = case.wallets.sort(order, descending=[True, False, False], nulls_last=True)
    rows = [
        (
            Cell("code", row["address"], _also_elsewhere(row, words)),
            Cell(_TEXT, state(row["state_code"], words), (words.day(row["frozen_on"]),)),
            Cell(_NUMBER, _quantity(row["quantity"], words), (row["asset_code"],)),
            _worth(row["value_tiyn"], row["value_usd_cent"], words),
            _worth(row["night_value_tiyn"], row["night_value_usd_cent"], words),
        )
        for row in found.iter_rows(named=True)
    ]
    # Arrested, confiscated and what was given back are never added.
    sums = [
        (
            Cell(_TEXT, words.say("All")),
            Cell(_TEXT, state(row["state_code"], words)),
            Cell(_NUMBER, ""),
            _worth(row["value_tiyn"], row["value_usd_cent"], words),
            _worth(row["night_value_tiyn"], row["night_value_usd_cent"], words),
        )
        for row in found.group_by("state_code", maintain_order=True)
        .agg(pl.when(pl.col(name).is_not_null().any()).then(total(name)) for name in _WORTH)
        .iter_rows(named=True)
    ]
    table = DossierTable(
        id="wallets",
        title=words.say("Crypto wallets of the case"),
        note=words.say(
            "Worth by the price and the official rate of the day of the measure, and by those of "
            "%(day)s; what has no price counts nothing.",
            day=words.long_date(case.night),
        ),
        headings=(
            (_TEXT, words.say("Address")),
            (_TEXT, words.say("Measure")),
            (_NUMBER, words.say("Quantity")),
            (_NUMBER, words.say("Worth then, tenge and dollars")),
            (_NUMBER, words.say("Worth now, tenge and dollars")),
        ),
        rows=(*rows, *sums),
        empty="",
        more="",
    )
    return (table,)


def _also_elsewhere(row: Mapping[str, Any], words: Wording) -> tuple[str, ...]:
    if row["is_first_case"]:
        return ()
    return (words.say("under a measure of an earlier case too"),)


def _worth(tiyn: int | None, cents: int | None, words: Wording) -> Cell:
    """Tenge with dollars below; a dash where no price or no rate is known."""
    dollars = () if cents is None else (f"${words.decimal(Decimal(cents) / 100, 2)}",)
    return Cell(_NUMBER, "—" if tiyn is None else tenge(tiyn, words), dollars)


def _quantity(quantity: Decimal, words: Wording) -> str:
    """All its decimals, without noughts at the end."""
    _, _, decimals = f"{quantity:f}".partition(".")
    return words.decimal(quantity, len(decimals.rstrip("0")))


def _timeline(case: Traced, words: Wording) -> DossierTable:
    found = largest_steps(case.steps.lazy(), most=_MOST_STEPS).collect()
    role = dict(case.roles.select("node_id", "role_code").iter_rows())
    rows = [
        (
            Cell(_TEXT, words.moment(row["at"])),
            *(_end(row[f"{side}_id"], role, words) for side in ("from", "to")),
            Cell(_NUMBER, tenge(row["amount_tiyn"], words)),
            Cell(_NUMBER, tenge(row["tainted_tiyn"], words)),
            Cell(_NUMBER, words.whole(row["layer"])),
        )
        for row in found.iter_rows(named=True)
    ]
    return DossierTable(
        id="timeline",
        title=words.say("The largest steps in order of time"),
        note="",
        headings=(
            (_TEXT, words.say("When, Almaty")),
            (_TEXT, words.say("From")),
            (_TEXT, words.say("To")),
            (_NUMBER, words.say("Transfer, tenge")),
            (_NUMBER, words.say("Tainted, tenge")),
            (_NUMBER, words.say("Layer")),
        ),
        rows=tuple(rows),
        empty="",
        more=_more(case.steps.height - len(rows), words),
    )


def _end(node: str, role: dict[str, str], words: Wording) -> Cell:
    code = role[node]
    return Cell("code", node_name(node, code, words), (one(code, words),))


def _known(number: str | None) -> tuple[str, ...]:
    return (number,) if number else ()


def _more(number: int, words: Wording) -> str:
    if number <= 0:
        return ""
    return words.count("%(n)s more is in the files.", "%(n)s more are in the files.", number)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
