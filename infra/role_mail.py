"""Mail to named roles: over TLS or not at all. Addresses are personal data and are never told."""

import smtplib
import ssl
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

_PATIENCE = 30.0


class MailFailed(OSError):
    """The mail server did not take a message; waiting may help."""


class RolesError(ValueError):
    """The file of roles cannot be read as one."""


@dataclass(frozen=True, slots=True)
class Role:
    """Who gets which reports, in which language."""

    name: str
    language: str
    reports: tuple[str, ...]
    areas: tuple[str, ...]
    addresses: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to a role. `id` makes the same message the same for whoever gets it twice."""

    id: str
    subject: str
    body: str
    attachment: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server; `security` is starttls or tls, `authority` a file of its own CA."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    authority: Path | None = None

    def send(self, letter: Letter, role: Role) -> None:
        """Hand one message over for all addresses of a role, which do not see each other.

        Raises:
            MailFailed: it was not taken; says neither an address nor what it says.
        """
        try:
            with self._opened() as server:
                if self.user:
                    server.login(self.user, self.password)
                refused = server.send_message(
                    _message(letter, self.sender), self.sender, list(role.addresses)
                )
        except (OSError, smtplib.SMTPException) as error:
            raise MailFailed(
                f"The mail to {role.name} was not taken by {self.host} "
                f"({type(error).__name__}). Check AQSHA_SMTP_…, then run again."
            ) from None
        if refused:
            raise MailFailed(
                f"{len(refused)} addresses of {role.name} were refused by {self.host}. "
                f"Correct the file of roles."
            )

    def _opened(self) -> smtplib.SMTP:
        trusted = ssl.create_default_context(cafile=self.authority)
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_PATIENCE, context=trusted)
        server = smtplib.SMTP(self.host, self.port, timeout=_PATIENCE)
        try:
            server.starttls(context=trusted)
        except BaseException:
            server.close()
            raise
        return server


def roles(path: Path | None) -> list[Role]:
    """The roles of a TOML file, each `[[role]]` with name, language, reports, areas, addresses.

    Raises:
        RolesError: it is not such a file; says which role, never an address.
    """
    if path is None:
        return []
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))["role"]
    except (OSError, tomllib.TOMLDecodeError, KeyError):
        raise RolesError(f"{path} is no file of roles. See .env.example.") from None
    return [_role(number, one) for number, one in enumerate(told, start=1)]


def _role(number: int, told: Mapping[str, Any]) -> Role:
    def texts(name: str) -> tuple[str, ...]:
        given = told.get(name)
        if not isinstance(given, Sequence) or isinstance(given, str) or not given:
            raise RolesError(f"Role {number} has no list of {name}. Correct the file of roles.")
        return tuple(map(str, given))

    name, language = told.get("name"), told.get("language")
    if not isinstance(name, str) or not isinstance(language, str):
        raise RolesError(f"Role {number} has no name or language. Correct the file of roles.")
    return Role(name, language, texts("reports"), texts("areas"), texts("addresses"))


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "undisclosed-recipients:;"
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    message.set_content(letter.body)
    if letter.attachment:
        name, body = letter.attachment
        message.add_attachment(body, maintype="application", subtype="pdf", filename=name)
    return message
