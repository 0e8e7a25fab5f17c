"""At the set hour: what is approved comes out, and roles get their mail; who waits is told why."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from prefect import flow, runtime, task

from flows.business_date import business_date_of
from flows.portal import refresh
from flows.progress import tell
from flows.sign_off import links_of
from flows.steps import AGAINST_THE_OUTSIDE, done
from infra.editions import Place, media_type, place_of
from infra.installation import Installation, installation
from infra.ledger import fingerprint
from infra.mail import Attachment, Letter, MailFailed, SomeRefused, send
from infra.publication import embargo_of, is_under_embargo
from infra.roles import Role, roles
from templates.mail import NOT_MADE, TOO_FEW_ROWS, WAITS, edition_mail, late_mail
from templates.reports import reports_due
from transforms.volumes import VOLUMES, collapsed

_HOURS = 7 * 24
_NIGHTS_BACK = 7
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was let out, and how many messages went."""

    opened: int
    sent: int
    late: int


@flow(name="deliver", flow_run_name="deliver-{business_date}", persist_result=True)
def deliver(business_date: date | None = None) -> Delivered:
    """Let out what is due, then write to every role once for each revision.

    Args:
        business_date: Last day whose editions are told of; empty for the day that the schedule
            meant.
    """
    return mail_of(business_date or business_date_of(runtime.flow_run.scheduled_start_time))


@task(name="mail", task_run_name="mail {ending}", **AGAINST_THE_OUTSIDE)
def mail_of(ending: date) -> Delivered:
    """Editions out → mail to roles, each revision once; late ones are told of once."""
    return delivered(installation(), ending)


def delivered(at: Installation, ending: date) -> Delivered:
    """What is approved and due comes out; roles are written to about the week up to `ending`.

    Nothing is said of an edition before it is out, so nothing before its embargo ends.

    Raises:
        MailFailed: letters were not taken; the others went, and are not sent again.
    """
    opened = at.releases.open_due()
    if opened:
        refresh(at, [place_of(one.address)[0] for one in opened])
    if not at.settings.smtp_host:
        return Delivered(len(opened), 0, 0)
    if at.settings.smtp_security == "none":
        raise MailFailed("Reports are mailed over TLS only. Set AQSHA_SMTP_SECURITY to starttls.")
    failed: list[str] = []
    letters = [each for role in roles(at.settings.recipients) for each in _owed(at, role, ending)]
    went = [each.is_late for each in letters if _once(at, each, failed)]
    tell("mail", "sent", f"{went.count(False)} about editions, {went.count(True)} about late ones")
    if failed:
        raise MailFailed(" ".join(failed))
    return Delivered(len(opened), went.count(False), went.count(True))


@dataclass(frozen=True, slots=True)
class _Owed:
    """A letter that a role is owed about an edition, or about the lack of it."""

    place: Place
    is_late: bool
    letter: Letter


def _owed(at: Installation, role: Role, ending: date) -> Iterator[_Owed]:
    for day in (ending - n * _A_DAY for n in range(_NIGHTS_BACK)):
        for place in _places(role, day):
            if revision := _current(at, place):
                yield _Owed(place, is_late=False, letter=_of_edition(at, role, place, revision))
            elif day == ending and _is_late(at, place):
                yield _Owed(place, is_late=True, letter=_of_late(at, role, place))


def _places(role: Role, day: date) -> Iterator[Place]:
    for report in reports_due(day):
        if report.id in role.reports:
            yield from (Place(report.id, area, day) for area in role.areas)


def _once(at: Installation, owed: _Owed, failed: list[str]) -> bool:
    """Send a letter unless it is in the ledger; what was sent and not noted has the same id."""
    place, role, stamp = owed.place, owed.letter.addressee, fingerprint(owed.letter.id)
    subject = f"{place.report}/{place.area}/{fingerprint(role)}"
    if at.ledger.find(place.period_end, "mail", subject, stamp):
        return False
    try:
        send(at.settings, owed.letter)
    except SomeRefused as error:
        failed.append(str(error))
    except MailFailed as error:
        failed.append(str(error))
        return False
    at.ledger.record(done(place.period_end, "mail", subject, stamp, role=role))
    return True


def _of_edition(at: Installation, role: Role, place: Place, revision: int) -> Letter:
    edition = place.edition(revision)
    files = at.shelf.manifest(edition)["files"]
    page, pdf = f"{role.language}.html", f"{role.language}.pdf"
    url = at.settings.reports_url
    link = f"{url}/{edition}/{page}" if url else links_of(at, edition, _HOURS)[page]
    subject, body = edition_mail(
        place.report,
        place.area,
        place.period_end,
        language=role.language,
        revision=revision,
        link=link,
        has_pdf=pdf in files,
    )
    name = f"{place.report}-{place.area}-{place.period_end}-r{revision}.{pdf}"
    attached: tuple[Attachment, ...] = ()
    if pdf in files:
        attached = (Attachment(name, media_type(pdf), at.shelf.reports.get(f"{edition}/{pdf}")),)
    return _letter(role, edition, subject, body, attached)


def _of_late(at: Installation, role: Role, place: Place) -> Letter:
    """Why an edition is not out: it waits, or too little came, or its night has not made it."""
    short = collapsed(at.lake.read(VOLUMES, partitions={"night": [place.period_end]})).collect()
    feeds = tuple(sorted({*short["feed"]} & at.catalogue.mandatory))
    reason = TOO_FEW_ROWS if feeds else NOT_MADE
    if any(one.state == "pending" for one in at.shelf.standings(place)):
        reason = WAITS
    subject, body = late_mail(
        place.report,
        place.area,
        place.period_end,
        language=role.language,
        reason=reason,
        feeds=feeds,
    )
    return _letter(role, f"{place.address}/late", subject, body)


def _current(at: Installation, place: Place) -> int:
    return max((s.revision for s in at.shelf.standings(place) if s.state == "current"), default=0)


def _is_late(at: Installation, place: Place) -> bool:
    """Whether there should be an edition now: not one taken back, nor one held by its embargo."""
    standings = at.shelf.standings(place)
    pending = [place.edition(one.revision) for one in standings if one.state == "pending"]
    terms = [at.shelf.manifest(edition, waiting=True)["release"] for edition in pending]
    if any(is_under_embargo(embargo_of(told)) for told in terms):
        return False
    return bool(pending) or not any(one.state == "withdrawn" for one in standings)


def _letter(
    role: Role, about: str, subject: str, text: str, attached: tuple[Attachment, ...] = ()
) -> Letter:
    one = hashlib.sha256(f"{role.name}\n{about}".encode()).hexdigest()[:32]
    return Letter(role.name, role.addresses, subject, text, attached, one)
