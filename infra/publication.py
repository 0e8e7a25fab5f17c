"""Putting an edition out: create-only files, a signed manifest last, then `latest` moves.

A crash at any moment leaves readers with the former complete edition: files without a manifest
are no edition, and `latest.json` names only editions that have one. What comes out is in the
release log before readers can see it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from infra.editions import (
    ANNEX,
    MANIFEST,
    SIGNATURE,
    Place,
    Shelf,
    is_there,
    sha256,
    sums,
    to_json,
)
from infra.object_store import ObjectStore
from infra.release_log import ABANDONED, APPROVED, RELEASED, ReleaseLog
from infra.signing import Signer

PROVENANCE = "provenance."


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition as published, or as it waits for its release."""

    address: str
    revision: int
    is_new: bool
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """How an edition comes out: by a person or by rule, made by whom, and not before when.

    `rule` names the rule; empty where a person releases. `not_before` is in UTC.
    """

    made_by: str
    rule: str
    not_before: datetime | None = None

    @property
    def is_direct(self) -> bool:
        """Nothing has to be waited for."""
        return bool(self.rule) and not is_under_embargo(self.not_before)

    @property
    def by(self) -> str:
        return "rule" if self.rule else "person"

    def to_json(self) -> dict[str, object]:
        return {
            "made_by": self.made_by,
            "by": self.by,
            "rule": self.rule,
            "not_before": self.not_before and self.not_before.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class _Made:
    """What a revision consists of, before it is signed."""

    files: Mapping[str, bytes]
    annex: bytes | None
    provenance: Mapping[str, object]


class Publisher:
    """Puts editions out. An edition is never overwritten: a correction is the next revision."""

    def __init__(self, shelf: Shelf, signer: Callable[[], Signer], log: ReleaseLog) -> None:
        self._shelf = shelf
        self._signer = signer
        self._log = log

    def publish(
        self,
        place: Place,
        render: Callable[[int], Mapping[str, bytes]],
        provenance: Mapping[str, object],
        terms: Terms,
        *,
        beside: Callable[[Mapping[str, bytes]], Mapping[str, bytes]] = lambda _: {},
        annex: Callable[[str], bytes] | None = None,
    ) -> Edition:
        """Publish what `render(revision)` gives, unless the latest revision is equal to it.

        Args:
            place: report, area and period.
            render: files by name for a revision number, which stands in their text.
            provenance: what the manifest says beside the sums: table versions, deliveries, code.
            beside: files that tell where those of an edition come from, their names begin with
                `provenance.`; other versions of the same tables make no new revision.
            terms: where a person releases, or an embargo lasts, the edition waits out of sight.
            annex: what it rests on with names, for analysts alone; given a salt that only the
                holder of the signing key can tell. The manifest has its SHA-256 and no more; rows
                behind equal figures that differ make no new revision.
        """
        out = self._shelf.revisions(place)
        latest = max([*out, *self._shelf.revisions(place, waiting=True)], default=0)
        if latest and self._is_equal(place.edition(latest), latest in out, render(latest)):
            return self._settled(place, latest, terms, is_new=False, is_out=latest in out)
        store = self._shelf.reports if terms.is_direct else self._shelf.waiting
        revision, signer = latest + 1, self._signer()
        self._shelf.publish_key(signer.key_id, signer.public_pem)
        while True:
            files = render(revision)
            with_names = annex and annex(signer.secret_of(place.edition(revision)))
            made = _Made({**files, **beside(files)}, with_names or None, provenance)
            if self._put(store, place, revision, made, terms):
                break
            why = "broken off before it was out"
            self._log.append(ABANDONED, place.edition(revision), "", who=_by(terms), why=why)
            revision += 1
        return self._settled(place, revision, terms, is_new=True, is_out=terms.is_direct)

    def _is_equal(self, edition: str, is_out: bool, files: Mapping[str, bytes]) -> bool:
        known = self._shelf.manifest(edition, waiting=not is_out)["files"]
        compared = {n: digest for n, digest in known.items() if not n.startswith(PROVENANCE)}
        return compared == sums(files)

    def _settled(
        self, place: Place, revision: int, terms: Terms, *, is_new: bool, is_out: bool
    ) -> Edition:
        address = place.edition(revision)
        if is_out:
            self._shelf.point(place)
        elif terms.rule:
            approve(self._shelf, self._log, address, who=_by(terms), why="")
        return Edition(address, revision, is_new, is_pending=not is_out)

    def _put(
        self,
        store: ObjectStore,
        place: Place,
        revision: int,
        made: "_Made",
        terms: Terms,
    ) -> bool:
        """Put a revision, its manifest last; false when other bytes are there."""
        address, signer, files = place.edition(revision), self._signer(), made.files
        if not all(is_there(store, f"{address}/{name}", files[name]) for name in sorted(files)):
            return False
        if made.annex and not is_there(self._shelf.annexes, f"{address}/{ANNEX}", made.annex):
            return False
        manifest = to_json(
            {
                "report": place.report,
                "area": place.area,
                "period_end": place.period_end.isoformat(),
                "revision": revision,
                "files": sums(files),
                "signed_by": signer.key_id,
                "release": terms.to_json(),
                "annex": made.annex and {"name": ANNEX, "sha256": sha256(made.annex)},
                **made.provenance,
            }
        )
        if not is_there(store, f"{address}/{SIGNATURE}", signer.sign(manifest)):
            return False
        if store is self._shelf.reports:
            self._log.append(RELEASED, address, sha256(manifest), who=_by(terms), why="")
        return is_there(store, f"{address}/{MANIFEST}", manifest)


def approve(shelf: Shelf, log: ReleaseLog, edition: str, *, who: str, why: str) -> None:
    """Note that an edition that waits may come out; who approved it first stays on it."""
    manifest = sha256(shelf.manifest_bytes(edition, waiting=True))
    key = f"{edition}/approved.json"
    if not shelf.waiting.exists(key):
        entry = log.append(APPROVED, edition, manifest, who=who, why=why)
        is_there(shelf.waiting, key, to_json({"who": who, "why": why, "log": entry.number}))


def embargo_of(release: Mapping[str, str | None]) -> datetime | None:
    """When an embargo ends, by the `release` of a manifest; null where there is none."""
    not_before = release["not_before"]
    return datetime.fromisoformat(not_before) if not_before else None


def is_under_embargo(not_before: datetime | None) -> bool:
    return not_before is not None and not_before > datetime.now(UTC)


def _by(terms: Terms) -> str:
    return f"rule: {terms.rule}"
