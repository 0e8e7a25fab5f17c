"""Notes: how to read the report, how each figure is counted, where the data is from."""

from collections.abc import Iterable, Mapping

from templates.completeness import rows_in
from templates.material import Material
from templates.measures import least_base
from templates.model import Fact, Note
from templates.terms import feed_name
from templates.wording import message

RELEASES: Mapping[str, str] = {
    "rule": message(
        "Released by rule, without a person: enough was delivered, and all sums reconcile."
    ),
    "person": message(
        "Released by a second person, who did not make it; the release log says who, when and why."
    ),
}
"""How an edition came out, as it says itself, by `release.by` of its manifest."""


def reading(material: Material) -> Iterable[str]:
    """How to read the signs of the report."""
    say = material.words.say
    yield say("“p” marks a provisional figure: a delivery that it rests on is missing.")
    yield say("Columns of comparison give the earlier figure, then the change since.")
    yield say(
        "Changes are given in percent where the earlier figure is %(n)s or more.",
        n=material.words.whole(int(least_base("cards", material.period.end))),
    )
    yield say("“†” marks small numbers: the change is given as it is, without a percentage.")
    yield say("Zero means that there was nothing; a dash means that there is no data.")
    yield say(
        "A dash also stands for a count of very few persons, and for what it would follow from."
    )
    yield say("Rounded figures may not add up to the total; the exact ones do, and are checked.")
    yield say("Arrest, blocking, seizure and confiscation are different measures, counted apart.")


def note(material: Material, name: str) -> Note:
    """How one indicator is counted, what it leaves out, and from which feeds."""
    indicator = material.figures.indicator(name)
    language = material.words.language
    facts = [material.figures.indicator(part).fact for part in material.made_of(name)]
    feeds = dict.fromkeys(feed for fact in facts if fact for feed in fact.feeds)
    return Note(
        indicator=name,
        number=material.notes[name],
        name=material.figures.name(name),
        definition=getattr(indicator.definition, language),
        leaves_out=getattr(indicator.leaves_out, language),
        sources="; ".join(feed_name(feed, material.words) for feed in feeds),
    )


def provenance(material: Material, release: str, fingerprint: str) -> Iterable[Fact]:
    """What the edition was made from."""
    words, tonight = material.words, material.tonight
    yield Fact(words.say("As of"), words.long_date(material.period.end))
    yield Fact(words.say("Revision"), str(material.revision))
    yield Fact(words.say("Release"), words.say(RELEASES[release]))
    yield Fact(words.say("Deliveries of the night"), words.whole(len(tonight)))
    accepted = words.whole(rows_in(tonight, "rows_accepted"))
    yield Fact(words.say("Rows accepted in the night"), accepted)
    yield Fact(words.say("Fingerprint of the data"), fingerprint)
