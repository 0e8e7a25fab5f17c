"""What messages of ISO 20022 share: a tree without namespaces, parties, moments, versions.

The shape of a party changed between versions (`Dbtr/Nm`, later `Dbtr/Pty/Nm` or `Dbtr/Agt`), the
name of a BIC too (`BIC`, `BICFI`, `AnyBIC`); every shape is looked for in every version.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Generic, TypeVar

from lxml import etree

from infra.wire.beginning import Beginning

Value = TypeVar("Value", str, int)
_INSIDE_OTHERS = {"InfReqRspn", "InfReqOpng"}  # auth.001, auth.002: their readers read the rest


@dataclass(slots=True)
class Node(Generic[Value]):
    """An element by its local name, with its text (or what stands for it) and its currency."""

    name: str
    value: Value
    currency: str | None = None
    children: list["Node[Value]"] = field(default_factory=list)

    def all(self, name: str) -> list["Node[Value]"]:
        """Children of one name."""
        return [child for child in self.children if child.name == name]

    def every(self, path: str) -> list["Node[Value]"]:
        """All elements on the path, in their order."""
        name, _, rest = path.partition("/")
        found = self.all(name)
        return [below for one in found for below in one.every(rest)] if rest else found

    def at(self, path: str) -> "Node[Value] | None":
        """The first element on the path, its names parted by `/`; every branch is tried."""
        name, _, rest = path.partition("/")
        for child in self.children:
            if child.name == name:
                found = child.at(rest) if rest else child
                if found is not None:
                    return found
        return None

    def found(self, *paths: str) -> list[Value]:
        """Values of those of the paths that are there, in the order of the paths."""
        nodes = (self.at(path) for path in paths)
        return [node.value for node in nodes if node is not None]


@lru_cache(maxsize=4096)
def local(tag: str) -> str:
    """The name without its namespace."""
    return tag.rpartition("}")[2]


def xpath(element: etree._Element | None) -> str:
    """Where the element stands, by local names; `[2]` after what is not the first of its name."""
    if element is None:
        return ""
    before = sum(1 for _ in element.itersiblings(str(element.tag), preceding=True))
    index = f"[{before + 1}]" if before else ""
    return f"{xpath(element.getparent())}/{local(str(element.tag))}{index}"


def tree(element: etree._Element) -> Node[str]:
    """An element and all below it, with their texts, without blanks at the ends."""
    name = local(str(element.tag))
    currency = element.get("Ccy") if name.endswith("Amt") else None
    children = [tree(child) for child in element]
    return Node(name, (element.text or "").strip(), currency, children)


def message_version(beginning: Beginning, root: str, name: str) -> str | None:
    """The message's full identifier, such as camt.053.001.08, or its short name.

    Null where the message's root element is not in the file's beginning, or stands in a message
    of the authority (auth.001, auth.002).
    """
    if any(element in _INSIDE_OTHERS for _, element in beginning.elements):
        return None
    return authority_version(beginning, root, name)


def authority_version(beginning: Beginning, root: str, name: str) -> str | None:
    """The same of any message, also of the authority's own."""
    # The first versions have their number in the root's name: BkToCstmrStmtV01, pacs.008.001.01.
    roots = re.compile(rf"{root}(?:V\d\d)?|{re.escape(name)}\.\d{{3}}\.\d{{2}}")
    found = [(space, element) for space, element in beginning.elements if roots.fullmatch(element)]
    if not found:
        return None
    full = re.compile(rf"(?<![\w.]){re.escape(name)}\.\d{{3}}\.\d{{2}}(?!\w)")
    told = full.search(found[0][0]) or full.search(beginning.text)
    return told.group() if told else name


def names(party: Node[Value] | None) -> list[Value]:
    """Where a party's name may stand."""
    return [] if party is None else party.found("Pty/Nm", "Nm", "Agt/FinInstnId/Nm")


def accounts(account: Node[Value] | None) -> list[Value]:
    """Where an account's number may stand: IBAN first."""
    if account is None:
        return []
    return account.found("Id/IBAN", "Id/Othr/Id", "Id/BBAN", "Id/PrtryAcct/Id", "Id/UPIC")


def bics(agent: Node[Value] | None) -> list[Value]:
    """Where a bank's BIC may stand."""
    return [] if agent is None else agent.found("FinInstnId/BICFI", "FinInstnId/BIC")


def numbers(party: Node[Value] | None) -> list[tuple[Value, list[Value]]]:
    """Other identifications of a party, each with where the name of its scheme may stand."""
    if party is None:
        return []
    told = party.every("Id") + party.every("Pty/Id")
    kinds = [kind for identification in told for kind in identification.children]
    others = [other for kind in kinds for other in kind.all("Othr") + kind.all("PrtryId")]
    return [
        (number, other.found("SchmeNm/Prtry", "SchmeNm/Cd", "Issr"))
        for other in others
        for number in other.found("Id")
    ]


_TAX_SCHEME = re.compile(r"(?i)(?<![^\W_])(?:IIN|BIN|ИИН|БИН|ЖСН|БСН)(?![^\W_])|IINBIN|ИИНБИН")


def iin(found: Iterable[tuple[str | None, Sequence[str | None]]]) -> str | None:
    """The IIN or BIN: what a scheme of that name holds, else a number of 12 digits; no other."""
    twelve = None
    for number, schemes in found:
        if not number:
            continue
        for scheme in schemes:
            if names_tax_number(scheme):
                return number
        if twelve is None and len(number) == 12 and number.isascii() and number.isdigit():
            twelve = number
    return twelve


@lru_cache(maxsize=4096)
def names_tax_number(scheme: str | None) -> bool:
    """The scheme of an identification is that of IIN or BIN."""
    return bool(scheme) and _TAX_SCHEME.search(str(scheme)) is not None


_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?")
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:\d\d|[+-]\d{4})?"
)


@lru_cache(maxsize=8_192)
def moment(text: str | None) -> tuple[str | None, str | None]:
    """Civil date and instant of an ISODate or ISODateTime.

    The civil date is the one that the bank writes, by whatever clock. An instant there is only
    with an offset. `2025-08-18T24:00:00Z` is the end of the 18th: the date is the 18th, the
    instant is midnight of the 19th. What is none of these stays as written, in both.
    """
    if not text:
        return None, None
    if day := _DAY.fullmatch(text):
        return day.group(1), None
    told = _MOMENT.fullmatch(text)
    if told is None:
        return text, text
    on, time, fraction, offset = told.groups()
    if offset is None:
        return on, None
    if time == "24:00:00" and not (fraction or "").strip("0"):
        return on, _midnight_after(on, offset)
    parts = f".{fraction}" if fraction else ""
    return on, f"{on}T{time}{parts}{_colon(offset)}"


def _midnight_after(day: str, offset: str) -> str:
    try:
        return f"{date.fromisoformat(day) + timedelta(days=1)}T00:00:00{_colon(offset)}"
    except (ValueError, OverflowError):
        return f"{day}T24:00:00{offset}"


def _colon(offset: str) -> str:
    return f"{offset[:3]}:{offset[3:]}" if len(offset) == 5 else offset


_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_LOOSE = re.compile(r"([+-]?)(\d*)\.?(\d*)")


def amount(text: str | None) -> str | None:
    """An xs:decimal with a digit on both sides of its point and no plus; else as written."""
    if not text or _PLAIN.fullmatch(text):
        return text or None
    told = _LOOSE.fullmatch(text)
    if told is None or not (told.group(2) or told.group(3)):
        return text
    sign, units, decimals = told.groups()
    return f"{sign.strip('+')}{units or '0'}{'.' if decimals else ''}{decimals}"


def decimal(text: str | None) -> Decimal | None:
    """An exact number of at most 40 signs, or null for what is none."""
    told = amount(text)
    return Decimal(told) if told and len(told) <= 40 and _PLAIN.fullmatch(told) else None


def remittance(payment: Node[Value]) -> Iterator[Value]:
    """What the payer writes: free text first, then references and numbers of documents."""
    for info in payment.all("RmtInf"):
        yield from (free.value for free in info.all("Ustrd"))
        for structured in info.all("Strd"):
            yield from structured.found("CdtrRefInf/Ref", "CdtrRefInf/CdtrRef")
            for document in structured.all("RfrdDocInf"):
                yield from document.found("Nb", "RfrdDocNb")
            yield from (more.value for more in structured.all("AddtlRmtInf"))


def exchange_rate(*amounts: Node[Value] | None) -> list[Value]:
    """Where the rate of the exchange may stand, in order."""
    return [
        value for told in amounts if told is not None for value in told.found("CcyXchg/XchgRate")
    ]
