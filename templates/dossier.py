"""From a traced case to its dossier: worded, formatted, frozen.

A dossier is casework: it names accounts and persons. It is never part of a report.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from templates.dossier_diagram import diagram
from templates.dossier_model import Amount, Dossier
from templates.dossier_tables import tables, tenge
from templates.dossier_terms import CAME, ENDED, NOT_EXPLAINED, RULES
from templates.measures import told
from templates.model import Fact, LanguageLink
from templates.wording import LANGUAGE_NAMES, Wording, wording
from transforms.trail.tracing import Traced

_MOST_ENDS = 3


def dossier(
    case: Traced,
    *,
    subject: str,
    language: str,
    pages: Mapping[str, str],
    files: Sequence[str],
    code_version: str,
) -> Dossier:
    """The dossier of a traced case. Equal inputs give an equal dossier.

    Args:
        case: which case; not one that is empty.
        subject: what was asked for: a case or an identifier.
        language: one of `LANGUAGES`.
        pages: address of the page in each language, seen from this one.
        files: names of the exports beside it.
        code_version: of the program that traced it.

    Raises:
        UnknownLanguage: there is no such language.
    """
    words = wording(language)
    figures = _figures_of(case)
    title = (
        words.say("Where the money came from")
        if case.is_backward
        else words.say("Where the money went")
    )
    return Dossier(
        language=language,
        languages=tuple(
            LanguageLink(other, LANGUAGE_NAMES[other], href, other == language)
            for other, href in pages.items()
        ),
        issuer=words.say("General Prosecutor's Office of the Republic of Kazakhstan"),
        marking=words.say("Case material with personal data. Not for publication."),
        title=title,
        subject=subject,
        period=f"{words.long_date(case.since)} – {words.long_date(case.night)}",
        method=words.say(RULES[case.rule_code]),
        lead=tuple(_lead(case, figures, words)),
        amounts=tuple(_amounts(case, figures, words)),
        diagram=diagram(case, words),
        tables=tables(case, words),
        reading=tuple(_reading(case, words)),
        provenance=tuple(_provenance(case, code_version, words)),
        files=tuple(files),
    )


def _figures_of(case: Traced) -> dict[str, Any]:
    return next(
        row for row in case.figures.iter_rows(named=True) if row["rule_code"] == case.rule_code
    )


def _lead(case: Traced, figures: dict[str, Any], words: Wording) -> list[str]:
    carried = told(figures["transactions"], "transactions", words)
    entered = told(figures["entered_tiyn"], "tiyn", words)
    layers = words.count("%(n)s layer", "%(n)s layers", figures["layers"])
    if case.is_backward:
        first = words.say(
            "%(amount)s is followed back through %(layers)s: %(transactions)s.",
            amount=entered, layers=layers, transactions=carried,
        )  # fmt: skip
        ends = [*_largest(figures, CAME), (figures["held_tiyn"], NOT_EXPLAINED)]
        return [first, *_parts(ends, words)]
    first = words.say(
        "%(amount)s entered the trail and moved on through %(layers)s: %(transactions)s.",
        amount=entered, layers=layers, transactions=carried,
    )  # fmt: skip
    third = words.say(
        "Still held: %(held)s; of this no measure holds %(arrestable)s.",
        held=told(figures["held_tiyn"], "tiyn", words),
        arrestable=told(figures["arrestable_tiyn"], "tiyn", words),
    )
    return [first, *_parts(_largest(figures, ENDED), words), third]


def _largest(figures: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[int, str]]:
    """The largest amounts of these figures with what each is."""
    found = sorted(((figures[c], c) for c in names if figures[c]), reverse=True)
    return [(value, names[c]) for value, c in found[:_MOST_ENDS]]


def _parts(parts: Sequence[tuple[int, str]], words: Wording) -> list[str]:
    """The parts of what was followed in one sentence; none where all of them are nothing."""
    said = [f"{told(value, 'tiyn', words)} {words.say(what)}" for value, what in parts if value]
    return [words.say("Of this: %(parts)s.", parts=words.series(said))] if said else []


def _amounts(case: Traced, figures: dict[str, Any], words: Wording) -> list[Amount]:
    say = words.say
    entered = Amount(
        say("Money followed"),
        told(figures["entered_tiyn"], "tiyn", words),
        say("%(amount)s tenge exactly", amount=tenge(figures["entered_tiyn"], words)),
        is_leading=case.is_backward,
    )
    freshest = Amount(
        say("Freshest movement"),
        words.moment(figures["last_at"]),
        say("first: %(moment)s", moment=words.moment(figures["first_at"])),
        is_leading=False,
    )
    accounts = Amount(
        say("Accounts"),
        words.whole(figures["accounts"]),
        words.count("of %(n)s known holder", "of %(n)s known holders", figures["holders"]),
        is_leading=False,
    )
    if case.is_backward:
        return [entered, accounts, freshest]
    arrestable = Amount(
        say("Can still be arrested"),
        told(figures["arrestable_tiyn"], "tiyn", words),
        say("of %(amount)s held", amount=told(figures["held_tiyn"], "tiyn", words)),
        is_leading=True,
    )
    arrested = Amount(
        say("Arrested on the trail"),
        told(figures["arrested_tiyn"], "tiyn", words),
        _confiscated(figures, words) or say("held by measures of any case"),
        is_leading=False,
    )
    payers = Amount(
        say("Payers"),
        words.whole(figures["payers"]),
        say("paid %(amount)s", amount=told(figures["paid_tiyn"], "tiyn", words)),
        is_leading=False,
    )
    return [arrestable, entered, arrested, accounts, payers, freshest]


def _confiscated(figures: dict[str, Any], words: Wording) -> str:
    """Never part of what is arrested or can be; empty where nothing was confiscated."""
    if not (tiyn := figures["confiscated_tiyn"]):
        return ""
    return words.say("apart from that confiscated: %(amount)s", amount=told(tiyn, "tiyn", words))


def _reading(case: Traced, words: Wording) -> list[str]:
    say = words.say
    lines = [
        say("Figures of different rules are never added: each is another answer to one question."),
        say("Balances before the first tainted payment are unknown and taken to be clean."),
        say("What is held is what was seen to come and not to leave. The bank tells the balance."),
        say("A trail ends at cash, services, accounts abroad, exchanges' and mixers' wallets."),
    ]
    if case.is_backward:
        return [
            *lines[:1],
            say("A payment is explained by the latest money that came before it."),
            say("What no payment explains was there before, or nobody told of it."),
        ]
    return [
        *lines,
        say(
            "A role is told from the movement of money alone. It is a lead, not a finding of guilt."
        ),
        say("Thresholds: reference/trail_roles.csv and reference/trail_parameters.csv."),
    ]


def _provenance(case: Traced, code_version: str, words: Wording) -> list[Fact]:
    say, stops = words.say, case.limits.stops
    return [
        Fact(say("As of"), words.long_date(case.night)),
        Fact(say("Rule"), say(RULES[case.rule_code])),
        Fact(
            say("Seeds"),
            say(
                "%(all)s, money moved at %(moved)s",
                all=words.whole(case.seeds),
                moved=words.whole(case.seeds_moved),
            ),
        ),
        Fact(say("Most transfers from a seed"), words.whole(_most_hops(case))),
        Fact(
            say("Least tainted amount followed"),
            told(case.limits.least_tiyn, "tiyn", words),
        ),
        *([Fact(say("Stops that were named"), words.whole(len(stops)))] if stops else []),
        Fact(say("Version of the program"), code_version),
    ]


def _most_hops(case: Traced) -> int:
    is_poison = case.rule_code == "poison"
    return case.limits.most_poison_hops if is_poison else case.limits.most_hops
