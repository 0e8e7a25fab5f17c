"""Letters by SMTP: the one way in which this installation writes to people."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from infra.settings import Settings

_PATIENCE_S = 30.0


class MailFailed(OSError):
    """A letter was not handed over to the mail server."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written, and to whom; `html` is the same as `text` for those who read it so."""

    to: tuple[str, ...]
    subject: str
    text: str
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()


def send(settings: Settings, letter: Letter) -> None:
    """Hand a letter over to the mail server of the settings, for all recipients or for none.

    Raises:
        MailFailed: no server is set, it did not answer, or it refused the letter or a recipient.
    """
    if settings.smtp_host is None:
        raise MailFailed(
            f"“{letter.subject}” was not sent: AQSHA_SMTP_HOST names no mail server. Set it, or "
            f"leave out who should be written to."
        )
    try:
        with _connected(settings, settings.smtp_host) as server:
            refused = server.send_message(_message(settings, letter))
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(
            f"“{letter.subject}” was not sent by {settings.smtp_host}:{settings.smtp_port} "
            f"({type(error).__name__}: {error}). Check the AQSHA_SMTP_ settings and the server."
        ) from error
    if refused:
        raise MailFailed(f"“{letter.subject}” was refused for {', '.join(sorted(refused))}.")


@contextmanager
def _connected(settings: Settings, host: str) -> Iterator[smtplib.SMTP]:
    trusted, port = ssl.create_default_context(), settings.smtp_port
    server: smtplib.SMTP
    if settings.smtp_security == "tls":
        server = smtplib.SMTP_SSL(host, port, timeout=_PATIENCE_S, context=trusted)
    else:
        server = smtplib.SMTP(host, port, timeout=_PATIENCE_S)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=trusted)
        if settings.smtp_user and settings.smtp_password:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        yield server


def _message(settings: Settings, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = settings.mail_from, ", ".join(letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=settings.mail_from.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    for file in letter.attachments:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.body, maintype=kind, subtype=subtype, filename=file.name)
    return message
