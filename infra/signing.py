"""Who stands behind an edition: Ed25519 signatures, and the keys by which they are known.

The private key is one file in the folder of secrets; the public keys that are trusted lie in
`edition-keys/` beside it, those of earlier years too, so that a rotation leaves old editions
verifiable. A key that lies beside the editions is for outside readers and proves nothing here:
whoever can replace an edition could replace it too.
"""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import uuid4

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM = "Ed25519"

_PRIVATE = "edition-signing.pem"
_KNOWN = "edition-keys"
_ID_LETTERS = 16


class NoSigningKey(LookupError):
    """Nothing can be published: there is no private key to sign with."""


class NotSigned(ValueError):
    """A signature is missing, of an unknown key, or not of these bytes."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and its short name."""

    key: Ed25519PrivateKey
    key_id: str

    @classmethod
    def of(cls, key: Ed25519PrivateKey) -> Self:
        return cls(key, key_id(key.public_key()))

    def sign(self, body: bytes) -> bytes:
        """A signature as a small JSON document; equal bytes give equal signatures."""
        signature = base64.b64encode(self.key.sign(body)).decode()
        said = {"algorithm": ALGORITHM, "key_id": self.key_id, "signature": signature}
        return json.dumps(said, sort_keys=True).encode()

    def secret_of(self, about: str) -> str:
        """The same for the same words, and nobody without the key can tell it."""
        return hashlib.sha256(self.key.sign(f"secret of {about}".encode())).hexdigest()

    @property
    def public_pem(self) -> bytes:
        return _pem(self.key.public_key())


@dataclass(frozen=True, slots=True)
class Keyring:
    """The public keys that are trusted, by their short names."""

    keys: Mapping[str, Ed25519PublicKey]

    def verify(self, body: bytes, signature: bytes) -> str:
        """The short name of the key that signed these bytes.

        Raises:
            NotSigned: none of the known keys did.
        """
        try:
            said = json.loads(signature)
            name, proof = str(said["key_id"]), base64.b64decode(said["signature"], validate=True)
            is_ours = said["algorithm"] == ALGORITHM
        except (ValueError, KeyError, TypeError):
            raise NotSigned("the signature cannot be read") from None
        if not is_ours or name not in self.keys:
            raise NotSigned(f"it is signed with the key {name}, which is not one of ours")
        try:
            self.keys[name].verify(proof, body)
        except InvalidSignature:
            raise NotSigned(f"its bytes are not those that the key {name} signed") from None
        return name


def key_id(key: Ed25519PublicKey) -> str:
    """The first letters of the SHA-256 of the raw public key."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:_ID_LETTERS]


def signer(secrets: Path, *, may_create: bool) -> Signer:
    """The installation's own key.

    Args:
        secrets: folder of secrets.
        may_create: make one where there is none, as the embedded installation does.

    Raises:
        NoSigningKey: there is none, and none may be made.
    """
    path = secrets / _PRIVATE
    if not path.exists():
        if not may_create:
            raise NoSigningKey(
                f"There is no {path} to sign editions with, so nothing was published. "
                f"Make one with `aqsha keys new`, or put yours there."
            )
        _create(path)
    return _read(path)


def rotate(secrets: Path) -> Signer:
    """Make a new private key; the former one's public key stays trusted."""
    path = secrets / _PRIVATE
    if path.exists():
        _remember(secrets, _read(path))
        path.rename(path.with_name(f"edition-signing.former-{uuid4().hex[:8]}.pem"))
    _create(path)
    made = _read(path)
    _remember(secrets, made)
    return made


def keyring(secrets: Path) -> Keyring:
    """All public keys in `edition-keys/`, and that of the private key."""
    found: dict[str, Ed25519PublicKey] = {}
    for path in sorted((secrets / _KNOWN).glob("*.pem")):
        key = serialization.load_pem_public_key(path.read_bytes())
        if isinstance(key, Ed25519PublicKey):
            found[key_id(key)] = key
    if (secrets / _PRIVATE).exists():
        own = _read(secrets / _PRIVATE)
        found[own.key_id] = own.key.public_key()
    return Keyring(found)


def _remember(secrets: Path, known: Signer) -> None:
    folder = secrets / _KNOWN
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{known.key_id}.pem").write_bytes(known.public_pem)


def _create(path: Path) -> None:
    """Of two that make a key at once, the first one's counts."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{uuid4().hex}")
    part.touch(mode=0o600)
    part.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _read(path: Path) -> Signer:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise NoSigningKey(f"{path} holds no Ed25519 key. Make one with `aqsha keys new`.")
    return Signer.of(key)


def _pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
