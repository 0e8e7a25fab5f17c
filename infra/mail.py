"""Letters by SMTP: the one way in which this installation writes to people.

Addresses are personal data: no error, log or other recipient is told them.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from infra.settings import Settings

_PATIENCE_S = 30.0


class MailFailed(OSError):
    """A letter was not handed over to the mail server; waiting may help."""


class SomeRefused(MailFailed):
    """All but some recipients have the letter; sending it again would only repeat it to them."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    media_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written, and to whom.

    Attributes:
        addressee: What the recipients are together, such as the name of a role.
        to: Their addresses, which do not see each other.
        subject: Its subject.
        text: What it says.
        attachments: Files that go with it.
        id: Makes a letter that goes twice the same for who gets it; empty: each is another.
    """

    addressee: str
    to: tuple[str, ...] = field(repr=False)
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    id: str = ""


def send(settings: Settings, letter: Letter) -> None:
    """Hand a letter over to the mail server of the settings.

    Raises:
        MailFailed: no server is set, it did not answer, or it refused the letter or everybody.
        SomeRefused: it took the letter, and refused some of the recipients.
    """
    host = settings.smtp_host
    if host is None:
        raise MailFailed(
            f"The letter to {letter.addressee} was not sent: AQSHA_SMTP_HOST names no mail server. "
            f"Set it, or leave out who should be written to."
        )
    try:
        with _connected(settings, host) as server:
            message = _message(settings.mail_from, letter)
            refused = server.send_message(message, settings.mail_from, list(letter.to))
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(
            f"The letter to {letter.addressee} was not taken by {host}:{settings.smtp_port} "
            f"({_reason(error)}). Check the AQSHA_SMTP_ settings and the server."
        ) from None
    if refused:
        raise SomeRefused(
            f"{len(refused)} addresses of {letter.addressee} were refused by {host}; the others "
            f"have the letter. Correct the addresses."
        )


def _reason(error: smtplib.SMTPException | OSError) -> str:
    """What kind of failure it was; a server's own words may name a recipient, so only its code."""
    kind = type(error).__name__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return f"{kind}: {', '.join(map(str, codes))}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{kind}: {error.smtp_code}"
    return f"{kind}: {error}"


@contextmanager
def _connected(settings: Settings, host: str) -> Iterator[smtplib.SMTP]:
    trusted = ssl.create_default_context(cafile=settings.smtp_authority)
    server: smtplib.SMTP
    if settings.smtp_security == "tls":
        server = smtplib.SMTP_SSL(host, settings.smtp_port, timeout=_PATIENCE_S, context=trusted)
    else:
        server = smtplib.SMTP(host, settings.smtp_port, timeout=_PATIENCE_S)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=trusted)
        if settings.smtp_user and settings.smtp_password:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        yield server


def _message(sender: str, letter: Letter) -> EmailMessage:
    message, domain = EmailMessage(), sender.rpartition("@")[2]
    message["From"], message["To"] = sender, "undisclosed-recipients:;"
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{letter.id}@{domain}>" if letter.id else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    for file in letter.attachments:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.body, maintype=kind, subtype=subtype, filename=file.name)
    return message
