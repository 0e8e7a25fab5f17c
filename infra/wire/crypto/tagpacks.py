"""GraphSense TagPacks: YAML of tags that inherit what their header says.

Read as a stream of events, twice, since a header may stand below its tags. Aliases are refused
(a few of them write a file of any size), and so are tags of YAML such as `!include`.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from re import MULTILINE, compile
from typing import Any

import yaml

from infra.wire.beginning import Beginning
from infra.wire.errors import Unreadable
from infra.wire.opened import opened
from infra.wire.records import Format, Record

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS = {
    "!",
    *(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")),
    *(f"tag:yaml.org,2002:{name}" for name in ("seq", "map")),
}
_NULLS = {"", "~", "null", "Null", "NULL"}
_MOST_DEPTH = 20
_MOST_NODES = 10_000
_LONGEST = 64 << 10

_HAS_TAGS = compile(r"^[\"']?tags[\"']?[ ]*:", MULTILINE)
_HAS_HEADER = compile(
    r"^[\"']?(title|creator|label|source|currency|network|lastmod|confidence|header)[\"']?[ ]*:",
    MULTILINE,
)
_DAY = compile(r"(\d{4}-\d\d-\d\d)([T ].*)?")

_ASSETS = {"XBT": "BTC"}
_CATEGORIES = {"mixing_service": "mixer", "marketplace": "market"}

Events = Iterator[Any]


def records(path: Path) -> Iterator[Record]:
    """One record a tag.

    Raises:
        Unreadable: no YAML, with aliases or other tags than YAML's own, or no TagPack.
    """
    header: dict[str, Any] = {}
    with suppress(Unreadable):  # raised again where the tags are given, after those before it
        for name, _, node in _sections(path, lambda name: name != "tags"):
            header[name] = node
    included = header.get("header")
    if isinstance(included, dict):
        header = {**included, **header}
    tags = _sections(path, lambda name: name == "tags")
    for entry, (_, line, tag) in enumerate(tags, start=1):
        own = tag if isinstance(tag, dict) else {}
        yield Record(entry, f"line {line}", _cells({**header, **own}))


def _cells(tag: dict[str, Any]) -> dict[str, str | None]:
    asset = _said(tag, "currency", "network", "asset")
    category = _said(tag, "category", "concepts", "concept")
    day = _said(tag, "lastmod")
    dated = _DAY.fullmatch(day) if day else None
    return {
        "address": _said(tag, "address"),
        "asset": None if asset is None else _ASSETS.get(asset.upper(), asset.upper()),
        "label": _said(tag, "label"),
        "category": None if category is None else _CATEGORIES.get(category, category),
        "actor": _said(tag, "actor"),
        "abuse": _said(tag, "abuse"),
        "confidence": _said(tag, "confidence"),
        "source": _said(tag, "source"),
        "as_of": dated[1] if dated else day,
        "context": _said(tag, "context"),
    }


def _said(tag: dict[str, Any], *names: str) -> str | None:
    for name in names:
        told = tag.get(name)
        if isinstance(told, list) and all(isinstance(one, str) for one in told):
            told = ", ".join(told)
        elif isinstance(told, (list, dict)):
            told = json.dumps(told, ensure_ascii=False)
        if told:
            return str(told).strip() or None
    return None


def _sections(path: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, int, Any]]:
    """Name, line and content of the header's sections, or of each tag."""
    events = _events(path)
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            break
        if not isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
            raise _no_tagpack(path)
    has_tags = False
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        name = str(_node(event, events, path))
        value = next(events)
        is_list = isinstance(value, yaml.SequenceStartEvent)
        has_tags |= name == "tags" and is_list
        if not wanted(name):
            _skip(value, events)
        elif name == "tags" and is_list:
            for one in events:
                if isinstance(one, yaml.SequenceEndEvent):
                    break
                yield name, one.start_mark.line + 1, _node(one, events, path)
        elif name != "tags":
            yield name, value.start_mark.line + 1, _node(value, events, path)
    if not has_tags or any(isinstance(event, yaml.DocumentStartEvent) for event in events):
        raise _no_tagpack(path)


def _events(path: Path) -> Events:
    with opened(path) as file:
        try:
            for event in yaml.parse(file, Loader=_PARSER):
                if isinstance(event, yaml.AliasEvent):
                    raise _refused(path, event, "an alias, which could stand for any amount")
                tag = getattr(event, "tag", None)
                if tag is not None and tag not in _PLAIN_TAGS:
                    raise _refused(path, event, "a tag of YAML such as !include")
                yield event
        except (yaml.YAMLError, UnicodeError) as error:
            mark = getattr(error, "problem_mark", None)
            line = "" if mark is None else f", line {mark.line + 1},"
            raise Unreadable(
                f"{path.name}{line} is not well-formed YAML. What stands after is not known. Ask "
                f"the sender for the file again."
            ) from None


def _refused(path: Path, event: Any, what: str) -> Unreadable:
    return Unreadable(
        f"{path.name}, line {event.start_mark.line + 1}, has {what}. It was not read on. Ask the "
        f"sender for a file that has everything written out."
    )


def _no_tagpack(path: Path) -> Unreadable:
    return Unreadable(
        f"{path.name} is no TagPack: one mapping with a list of tags is expected. Ask the sender "
        f"what it is."
    )


def _skip(event: Any, events: Events) -> None:
    depth = 0
    while True:
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth == 0:
            return
        event = next(events)


def _node(event: Any, events: Events, path: Path) -> Any:
    """A scalar as it is written, a mapping, or a list; null where it says so."""
    stack: list[tuple[Any, str | None]] = []
    done: Any = None
    nodes, letters = 0, 0
    while True:
        nodes += 1
        if isinstance(event, yaml.CollectionStartEvent):
            stack.append(({} if isinstance(event, yaml.MappingStartEvent) else [], None))
        else:
            if isinstance(event, yaml.CollectionEndEvent):
                done = stack.pop()[0]
            else:
                done = None if event.implicit[0] and event.value in _NULLS else event.value
                letters += len(event.value)
            if not stack:
                return done
            _put(stack, done)
        if nodes > _MOST_NODES or len(stack) > _MOST_DEPTH or letters > _LONGEST:
            raise _refused(path, event, "one tag or section that is bigger than any of a TagPack")
        event = next(events)


def _put(stack: list[tuple[Any, str | None]], done: Any) -> None:
    into, key = stack[-1]
    if isinstance(into, list):
        into.append(done)
    elif key is None:
        stack[-1] = (into, str(done))
    else:
        into[key] = done
        stack[-1] = (into, None)


def _version(beginning: Beginning) -> str | None:
    """TagPacks have no number."""
    text = beginning.text
    if text.lstrip("\ufeff \t\r\n").startswith(("<", "{", "[")) or "\0" in text:
        return None
    return "tagpack" if _HAS_TAGS.search(text) and _HAS_HEADER.search(text) else None


FORMATS: tuple[Format, ...] = (
    Format(
        name="tagpack",
        feed="wallet_labels",
        says="GraphSense TagPack, YAML",
        version=_version,
        records=records,
        needs=("address", "asset", "label"),
    ),
)
