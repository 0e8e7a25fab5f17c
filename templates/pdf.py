"""Editions as PDF: archival (PDF/A-2a), accessible (PDF/UA-1), typeset by Typst.

The template lies in `typst/` and reads ready strings; its own words are `say("…")`, translated
here as those of the pages are.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

from templates.charts import curve_on_paper, on_paper
from templates.fonts import FOLDER, readable
from templates.model import Edition
from templates.wording import wording

STANDARDS = ("a-2a", "ua-1")
_FOLDER = Path(str(files("templates").joinpath("typst")))
# A compiler serves one call at a time, and tasks of a night are threads of one process.
_ONE_AT_A_TIME = Lock()
_SAID = re.compile(r'\bsay\("([^"]+)"\)')


def pdf(edition: Edition) -> bytes:
    """The edition on paper. Equal editions give equal bytes: its date is the business date.

    Characters that the font lacks stand as their code points: a supplier's odd name can not
    hold up a publication.
    """
    drawings = [{"chart": chart, "svg": on_paper(chart)} for chart in edition.charts]
    with _ONE_AT_A_TIME:
        compiled = _compiler().compile(
            format="pdf",
            sys_inputs={
                "edition": _text(replace(edition, data=())),
                "drawings": _text(drawings),
                "curves": _text(
                    [curve_on_paper(h.curve) if h.curve else "" for h in edition.headlines]
                ),
                "words": _text(_words(edition.language)),
            },
            pdf_standards=list(STANDARDS),
            timestamp=datetime.combine(edition.ends_on, time(), UTC),
        )
    return bytes(compiled)


def messages_of(template: str) -> Iterable[str]:
    """What a template of Typst says in words."""
    return dict.fromkeys(_SAID.findall(template))


@cache
def _words(language: str) -> Mapping[str, str]:
    words = wording(language)
    texts = [path.read_text("utf-8") for path in sorted(_FOLDER.glob("*.typ"))]
    return {said: words.say(said) for text in texts for said in messages_of(text)}


@cache
def _compiler() -> Any:
    import typst  # noqa: PLC0415  20 MB, and only needed where editions are made

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)]
    )
    return typst.Compiler(str(_FOLDER / "report.typ"), root=str(_FOLDER), font_paths=fonts)


def _text(value: object) -> str:
    return json.dumps(_readable(value), ensure_ascii=False, default=str)


def _readable(value: object) -> object:
    if isinstance(value, str):
        return readable(value)
    if is_dataclass(value):
        return {one.name: _readable(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {key: _readable(one) for key, one in value.items()}
    return [_readable(one) for one in value] if isinstance(value, tuple | list) else value
