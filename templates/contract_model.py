"""What the page of a contract is made from, and what it may read: worded and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from templates.model import Fact, LanguageLink


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in force: a row that breaks it is set aside, or only reported."""

    code: str
    is_rejecting: bool
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a standard that fills the feed."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """Terms on which some institutions deliver the feed, as the catalogue of sources has them.

    `control` is the kind of file that comes beside each file; `control_suffix` is added to the
    file's name for it, and is empty where none comes.
    """

    institutions: tuple[str, ...]
    format: str
    separator: str
    encoding: str
    is_decimal_comma: bool
    names: str
    columns: Mapping[str, str]
    calendar: str
    since: date
    due: time
    control: str
    control_suffix: str
    is_mandatory: bool


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column as delivered and as staged."""

    wire: str
    needed: str
    is_needed: bool
    personal: str
    form: str
    name: str
    dtype: str
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    code: str
    outcome: str
    is_rejecting: bool
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class Terms:
    """How some institutions deliver."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """One feed in one language. `stamp` is equal where the same is asked, in any language."""

    feed: str
    language: str
    languages: tuple[LanguageLink, ...]
    stamp: str
    issuer: str
    title: str
    grain: str
    key: str
    terms: tuple[Terms, ...]
    columns: tuple[ColumnRow, ...]
    message_columns: tuple[ColumnRow, ...]
    messages: tuple[Message, ...]
    rules: tuple[RuleRow, ...]
    consequences: tuple[Fact, ...]
