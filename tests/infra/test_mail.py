"""Mail goes over TLS to a server that proves itself, or not at all; addresses are never told."""

import socket
import ssl
from contextlib import closing, contextmanager
from email import message_from_bytes
from email.policy import default
from traceback import format_exception

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from infra.mail import Attachment, Letter, MailFailed, send
from infra.roles import Role, RolesError, roles
from infra.settings import Settings

ROLE = Role("leadership", "kk", ("daily",), ("KZ",), ("first@example.kz", "second@example.kz"))
LETTER = Letter(
    ROLE.name,
    ROLE.addresses,
    "Күнделікті мәлімет",
    "Жарияланды\n",
    (Attachment("kk.pdf", "application/pdf", b"%PDF-1.7"),),
    id="abc",
)


class Inbox:
    """What a server was given."""

    def __init__(self, refuses: tuple[str, ...] = ()) -> None:
        self.envelopes = []
        self.refuses = refuses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: ARG002, N802
        if address in self.refuses:
            return f"550 no such mailbox: {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802
        self.envelopes.append((envelope, session.ssl is not None))
        return "250 OK"


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@contextmanager
def running(inbox, authority, security="starttls"):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    tls = {"ssl_context": context} if security == "tls" else {"tls_context": context}
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        authenticator=lambda *given: AuthResult(
            success=given[4].password == b"hush", handled=False
        ),
        auth_require_tls=security != "tls",
        **tls,
    )
    if security == "starttls":
        server.SMTP_kwargs["require_starttls"] = True
    server.start()
    try:
        yield port
    finally:
        server.stop()


def client(port, tmp_path, authority, **changed) -> Settings:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    words = {"smtp_host": "localhost", "smtp_port": port, "mail_from": "aqsha@gp.kz"}
    return Settings(_env_file=None, home=tmp_path, smtp_authority=path, **{**words, **changed})


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_letter_arrives_encrypted_once_for_all_of_a_role(authority, tmp_path, security):
    inbox = Inbox()
    with running(inbox, authority, security) as port:
        send(client(port, tmp_path, authority, smtp_security=security), LETTER)

    ((envelope, was_encrypted),) = inbox.envelopes
    message = message_from_bytes(envelope.content, policy=default)
    assert was_encrypted or security == "tls"  # that server speaks nothing else
    assert envelope.rcpt_tos == list(ROLE.addresses)
    assert message["Subject"] == LETTER.subject
    assert message["Message-ID"] == "<abc@gp.kz>"
    assert "example.kz" not in envelope.content.decode()  # they do not see each other
    assert message.get_body().get_content().strip() == "Жарияланды"
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("kk.pdf", b"%PDF-1.7")


def test_a_server_that_cannot_prove_itself_gets_nothing(authority, tmp_path):
    inbox = Inbox()
    with running(inbox, authority) as port:
        with pytest.raises(MailFailed) as failed:
            send(client(port, tmp_path, trustme.CA()), LETTER)

    assert inbox.envelopes == []
    assert "example.kz" not in str(failed.value)


def test_a_wrong_password_is_said_without_it(authority, tmp_path):
    with running(Inbox(), authority) as port:
        chosen = client(port, tmp_path, authority, smtp_user="aqsha", smtp_password="amiss")
        with pytest.raises(MailFailed, match="SMTPAuthenticationError: 535") as failed:
            send(chosen, LETTER)

    assert "amiss" not in str(failed.value) + repr(chosen)


@pytest.mark.parametrize(
    ("refused", "says"),
    [
        (ROLE.addresses[1:], "1 addresses of leadership were refused"),
        (ROLE.addresses, "SMTPRecipientsRefused: 550"),
    ],
)
def test_a_refused_address_is_counted_not_named(authority, tmp_path, refused, says):
    with running(Inbox(refuses=refused), authority) as port:
        with pytest.raises(MailFailed, match=says) as failed:
            send(client(port, tmp_path, authority), LETTER)

    told = "".join(format_exception(failed.value)) + repr(LETTER)
    assert "example.kz" not in told


def test_roles_are_read_and_never_show_their_addresses(tmp_path):
    path = tmp_path / "roles.toml"
    path.write_text(
        '[[role]]\nname="leadership"\nlanguage="kk"\nreports=["daily"]\nareas=["KZ"]\n'
        'addresses=["first@example.kz", "second@example.kz"]\n'
    )

    assert roles(path) == [ROLE]
    assert "example" not in repr(roles(path))
    assert roles(None) == []
    path.write_text('[[role]]\nname="x"\nlanguage="kk"\nreports="daily"\n')
    with pytest.raises(RolesError, match="Role 1 has no list of reports"):
        roles(path)
    path.write_text("?")
    with pytest.raises(RolesError, match="no file of roles"):
        roles(path)
