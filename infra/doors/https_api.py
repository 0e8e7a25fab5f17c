"""The HTTPS door: an API that is asked for each business date, page by page."""

import hashlib
import json
import ssl
import time
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

import httpx

from infra.doors.credentials import Credentials
from infra.doors.door import PART, DoorFailed, Offered
from infra.doors.json_pieces import NoSuchPiece, elements, on_one_line, piece_at, said_at
from infra.doors.partial import kept_as
from infra.doors.proofs import proof
from infra.doors.terms import Cursor, HttpsTerms, NextAddress, PageNumbers

_ALMATY = ZoneInfo("Asia/Almaty")
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_ATTEMPTS = 5
_MOST_PAGES = 100_000
_MOST_PAGE_BYTES = 64 << 20
_AGAIN = "Nothing of the day was taken; it is tried again. If it stays so, call them."


class HttpsDoor:
    """Asks for the days that are owed and not here yet; a day's pages become one file.

    Args:
        days: business dates to ask for.
        stall_s: how long to wait for an answer.
        most_wait_s: the longest that we wait because a server says so (Retry-After).
        sleep: how to wait.
        now: the time, which signatures carry.
    """

    def __init__(
        self,
        terms: HttpsTerms,
        credentials: Credentials,
        feed: str,
        institution: str,
        days: Collection[date],
        *,
        stall_s: float = 60,
        most_wait_s: float = 120,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._terms = terms
        self._feed = feed
        self._institution = institution
        self._days = days
        self._most_wait_s = most_wait_s
        self._sleep = sleep
        self._now = now
        self._asked_at = 0.0
        self._http = httpx.Client(
            timeout=stall_s,
            verify=_trust(terms, credentials),
            follow_redirects=False,
            trust_env=False,
            auth=proof(terms.proof, credentials, lambda: int(now().timestamp() * 1000)),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def offered(self, until: date) -> Iterator[Offered]:
        """One file for each day that is asked for; its size is not known before it is brought."""
        for day in sorted(self._days):
            if day <= until:
                name = f"{self._feed}_{self._institution}_{day:%Y%m%d}.jsonl"
                moment = self._now().replace(microsecond=0)
                yield Offered(
                    self._feed, self._institution, day, name, self._address(day), 0, moment
                )

    def bring(self, file: Offered, folder: Path) -> Path:
        """All pages of the day as JSON Lines: a record a line, or a whole page where no path of
        records is declared; each exactly as it was written.

        Pages are not resumed: between two attempts the API may have put records elsewhere.
        """
        whole = kept_as(file, folder, "")
        part = whole.with_name(whole.name + PART)
        with part.open("w", encoding="utf-8", newline="\n") as out:
            for page in self._pages(file.at):
                for line in self._lines(page):
                    out.write(line + "\n")
        part.rename(whole)
        return whole

    def companion(self, name: str) -> bytes | None:  # noqa: ARG002
        """An API has none."""
        return None

    def _pages(self, address: str) -> Iterator[str]:
        seen: set[str] = set()
        question: tuple[str, dict[str, str]] | None = self._first(address)
        while question is not None:
            answer = self._asked(*question)
            text = self._text(answer)
            mark = hashlib.sha256(f"{question}\0{text}".encode()).hexdigest()
            if mark in seen or len(seen) >= _MOST_PAGES:
                raise self._failed("it gives the same page again and again.", _AGAIN)
            seen.add(mark)
            if isinstance(self._terms.paging, PageNumbers) and not self._lines(text):
                return
            yield text
            question = self._next(address, question, answer, text, len(seen))

    def _first(self, address: str) -> tuple[str, dict[str, str]]:
        paging = self._terms.paging
        if isinstance(paging, PageNumbers):
            return address, {paging.parameter: str(paging.first)}
        return address, {}

    def _next(
        self,
        address: str,
        question: tuple[str, dict[str, str]],
        answer: httpx.Response,
        text: str,
        pages: int,
    ) -> tuple[str, dict[str, str]] | None:
        paging = self._terms.paging
        following: tuple[str, dict[str, str]] | None = None
        if isinstance(paging, PageNumbers):
            following = address, {paging.parameter: str(paging.first + pages)}
        elif isinstance(paging, Cursor):
            cursor = said_at(text, paging.field)
            following = (address, {paging.parameter: cursor}) if cursor else None
        elif isinstance(paging, NextAddress):
            link = answer.links.get("next", {}).get("url")
            at = said_at(text, paging.field) if paging.field else link
            following = (self._same_host(answer.url.join(at)), {}) if at else None
        if following == question:
            raise self._failed("its next page is the same page.", _AGAIN)
        return following

    def _same_host(self, address: httpx.URL) -> str:
        ours = httpx.URL(self._terms.address.split("?")[0])
        if (address.scheme, address.host, address.port) != (ours.scheme, ours.host, ours.port):
            raise self._failed(
                f"its next page is on another server, {address.host}; nothing was asked there.",
                "Ask them whether that is theirs, and change the address in the catalogue.",
            )
        return str(address)

    def _asked(self, address: str, parameters: dict[str, str]) -> httpx.Response:
        said = ""
        for attempt in range(_ATTEMPTS):
            self._not_too_fast()
            wait = 2.0**attempt
            try:
                url = httpx.URL(address).copy_merge_params(parameters)
                answer = self._http.get(url, headers={"Accept": "application/json"})
            except httpx.HTTPStatusError as error:
                answer = error.response
            except (httpx.HTTPError, KeyError, json.JSONDecodeError) as error:
                said = f"it did not answer: {type(error).__name__}."
                self._sleep(min(wait, self._most_wait_s))
                continue
            if answer.is_success:
                return answer
            said = f"it answered {answer.status_code}."
            if answer.status_code in (401, 403):
                to_do = "Put the right secret among the secrets, or ask them what we may read."
                raise self._failed(said, to_do)
            if answer.status_code not in _PASSING:
                raise self._failed(said, "Correct its address in the catalogue, or ask them.")
            self._sleep(min(self._told_to_wait(answer) or wait, self._most_wait_s))
        raise self._failed(f"{_ATTEMPTS} times {said}", _AGAIN)

    def _told_to_wait(self, answer: httpx.Response) -> float | None:
        told = answer.headers.get("Retry-After", "")
        if told.isdigit():
            return float(told)
        try:
            return max(0.0, (parsedate_to_datetime(told) - self._now()).total_seconds())
        except (ValueError, TypeError):
            return None

    def _not_too_fast(self) -> None:
        early = self._asked_at + 1 / self._terms.per_second - time.monotonic()
        if early > 0:
            self._sleep(early)
        self._asked_at = time.monotonic()

    def _text(self, answer: httpx.Response) -> str:
        if len(answer.content) > _MOST_PAGE_BYTES:
            raise self._failed("a page of it is over 64 MiB.", "Ask them for smaller pages.")
        try:
            return answer.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise self._failed("its answer is not UTF-8.", "Ask them.") from None

    def _lines(self, text: str) -> list[str]:
        try:
            if self._terms.records is not None:
                return elements(
                    piece_at(text, self._terms.records) if self._terms.records else text
                )
            json.loads(text)
        except (NoSuchPiece, ValueError, RecursionError):
            at = f" with records at {self._terms.records}" if self._terms.records else ""
            raise self._failed(f"its answer is no JSON{at}.", _AGAIN) from None
        return [on_one_line(text)]

    def _address(self, day: date) -> str:
        begin = datetime(day.year, day.month, day.day, tzinfo=_ALMATY)
        end = begin + timedelta(days=1)
        return (
            self._terms.address.replace("{yyyymmdd}", f"{day:%Y%m%d}")
            .replace("{yyyy-mm-dd}", day.isoformat())
            .replace("{from_ms}", str(int(begin.timestamp() * 1000)))
            .replace("{to_ms}", str(int(end.timestamp() * 1000) - 1))
        )

    def _failed(self, says: str, to_do: str) -> DoorFailed:
        return DoorFailed(self._institution, "https", says, to_do)


def _trust(terms: HttpsTerms, credentials: Credentials) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=terms.ca)
    if terms.certificate:
        context.load_cert_chain(credentials.file(terms.certificate))
    return context
