"""Alarms: what needs a person, by permanent codes, each told once and again only after a day.

The book of alarms that were told lies in the home, not in the object store: whoever watches must be
able to say that the store is gone, and not to say it every five minutes.
"""

import fcntl
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "OPS-01": "A delivery is overdue",
        "OPS-02": "A delivery cannot be used",
        "OPS-03": "A night was missed",
        "OPS-04": "A night failed",
        "OPS-05": "A report is late",
        "OPS-06": "A run is stuck",
        "OPS-07": "A run died and left its lock",
        "OPS-08": "The disk is nearly full",
        "OPS-09": "The object store is nearly full",
        "OPS-10": "The object store does not answer",
        "OPS-11": "Prefect does not answer",
        "OPS-12": "A run waits to be started",
    }
)
"""Each code is for good; docs/runbook.md has an entry for each."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong: counts, codes and dates only, never a row or a name of a person."""

    code: str
    subject: str
    says: str

    @property
    def key(self) -> str:
        return f"{self.code}/{self.subject}"

    @property
    def title(self) -> str:
        return TITLES[self.code]


@dataclass(frozen=True, slots=True)
class _Noted:
    code: str
    subject: str
    says: str
    since: str
    told_at: str


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told now: what is new or stands for long, and what is over."""

    raised: tuple[Alarm, ...]
    standing: tuple[Alarm, ...]
    over: tuple[Alarm, ...]

    @property
    def to_tell(self) -> bool:
        return bool(self.raised or self.over)


class AlarmBook:
    """Which alarms stand, and when each was last told."""

    def __init__(self, home: Path, again_after: timedelta) -> None:
        self._path = home / "alarms.json"
        self._again_after = again_after

    def tell(self, alarms: Iterable[Alarm], now: datetime, tell: Callable[[News], None]) -> News:
        """Tell what is new since the last time, and note it once it has been told.

        Two that watch at once tell nothing twice. What could not be told is news the next time.

        Args:
            alarms: all that stand now.
            now: the moment, in UTC.
            tell: passes the news on; raises when it could not.
        """
        with self._opened() as book:
            standing = {alarm.key: alarm for alarm in alarms}
            news = News(
                raised=tuple(a for k, a in standing.items() if self._is_due(book.get(k), now)),
                standing=tuple(standing.values()),
                over=tuple(
                    Alarm(noted.code, noted.subject, noted.says)
                    for key, noted in book.items()
                    if key not in standing
                ),
            )
            if news.to_tell:
                tell(news)
            self._write(_told(book, news, now))
        return news

    def _is_due(self, noted: _Noted | None, now: datetime) -> bool:
        return noted is None or now - datetime.fromisoformat(noted.told_at) >= self._again_after

    @contextmanager
    def _opened(self) -> Iterator[dict[str, _Noted]]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._read()

    def _read(self) -> dict[str, _Noted]:
        try:
            noted = json.loads(self._path.read_text(encoding="utf-8"))
            return {key: _Noted(**fields) for key, fields in noted.items()}
        except (FileNotFoundError, ValueError, TypeError):  # lost or torn: tell all once more
            return {}

    def _write(self, book: Mapping[str, _Noted]) -> None:
        body = {key: asdict(noted) for key, noted in sorted(book.items())}
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8")
        new.replace(self._path)


def _told(book: Mapping[str, _Noted], news: News, now: datetime) -> dict[str, _Noted]:
    at, raised = now.astimezone(UTC).isoformat(), {alarm.key for alarm in news.raised}
    told = {}
    for alarm in news.standing:
        before = book.get(alarm.key)
        since = before.since if before else at
        told_at = at if alarm.key in raised or before is None else before.told_at
        told[alarm.key] = _Noted(alarm.code, alarm.subject, alarm.says, since, told_at)
    return told
