"""Flame graphs of stages, small enough to be kept: where a stage waits, by the lines that call.

`py-spy record --idle -f raw -o STACKS -- python -m benchmarks.night_stages STAGE DATE TOLD` samples
a stage; `python -m benchmarks.flames STACKS FUNCTION TO.svg` draws the part of it under a function.
Polars computes in threads of its own: its time stands under the line that waits for it.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Self

_WIDTH, _HEIGHT, _LEAST = 1000.0, 16, 0.004
_OURS = re.compile(r"\((flows|infra|transforms|expectations)/")
_FOLDERS = re.compile(r"\((?:<frozen )?[^)]*?((?:[\w.-]+/)?[\w.<> -]+?)>?(:\d+)?\)")


@dataclass(slots=True)
class Frame:
    """One line of code, and how often it was seen at work."""

    name: str
    samples: int = 0
    calls: dict[str, Self] = field(default_factory=dict)


def read(stacks: Iterable[str], function: str) -> Frame:
    """Samples under the last frame of a function; frames of machinery between ours are left out."""
    root = Frame(function)
    for line in stacks:
        stack, _, count = line.rstrip("\n").rpartition(" ")
        frames = stack.split(";")
        at = max((n for n, f in enumerate(frames) if f.startswith(f"{function} (")), default=None)
        if at is None:
            continue
        here, samples = root, int(count)
        here.samples += samples
        kept = [f for f in frames[at:] if _OURS.search(f)]
        kept += frames[-1:] if frames[-1] not in kept else []
        for name in map(_short, kept):
            here = here.calls.setdefault(name, Frame(name))
            here.samples += samples
    return root


def svg(root: Frame, title: str) -> str:
    """The graph: a bar for each line, as wide as it was seen often."""
    bars = list(_bars(root, 0.0, 0, _WIDTH / max(root.samples, 1)))
    deepest = max((depth for _, _, depth, _ in bars), default=0)
    height = (deepest + 3) * _HEIGHT
    drawn = "".join(_bar(*bar, root.samples) for bar in bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {height}" '
        f'font-family="monospace" font-size="11"><text x="4" y="12">{escape(title)}</text>'
        f"{drawn}</svg>\n"
    )


def _short(frame: str) -> str:
    """A frame without the folders in which this machine keeps its packages."""
    return _FOLDERS.sub(lambda found: f"({found[1]}{found[2] or ''})", frame)


def _bars(
    frame: Frame, x: float, depth: int, scale: float
) -> Iterator[tuple[Frame, float, int, float]]:
    yield frame, x, depth, frame.samples * scale
    for call in sorted(frame.calls.values(), key=lambda one: -one.samples):
        if call.samples * scale >= _LEAST * _WIDTH:
            yield from _bars(call, x, depth + 1, scale)
        x += call.samples * scale


def _bar(frame: Frame, x: float, depth: int, width: float, of: int) -> str:
    y, share = (depth + 1) * _HEIGHT + 4, frame.samples / max(of, 1)
    shade = 55 + sum(frame.name.encode()) % 25
    shown = frame.name[: int(width / 6.7)]
    return (
        f'<g><title>{escape(frame.name)}: {share:.1%}</title><rect x="{x:.1f}" y="{y}" '
        f'width="{width:.1f}" height="{_HEIGHT - 1}" fill="hsl(28 80% {shade}%)"/>'
        f'<text x="{x + 2:.1f}" y="{y + 11}">{escape(shown)}</text></g>'
    )


def main(words: list[str]) -> None:
    stacks, function, to = words
    with Path(stacks).open(encoding="utf-8") as lines:
        root = read(lines, function)
    title = f"{function}: {root.samples} samples"
    Path(to).write_text(svg(root, title), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
