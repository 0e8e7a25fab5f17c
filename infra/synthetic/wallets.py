"""Wallet addresses with right checksums, and how to spoil one."""

import hashlib

from infra.synthetic.dice import number

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VERSION = {"bitcoin": b"\x00", "tron": b"\x41"}

NETWORK_OF = {
    "BTC": "bitcoin",
    "ETH": "ethereum",
    "USDC": "ethereum",
    "TRX": "tron",
    "USDT": "tron",
}


def address(network: str, seed: int, *words: object) -> str:
    """The wallet of one purpose."""
    body = hashlib.blake2b(
        str(number(seed, "wallet", network, *words)).encode(), digest_size=20
    ).digest()
    if network == "ethereum":
        return "0x" + body.hex()
    payload = _VERSION[network] + body
    check = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    return _base58(payload + check)


def chain_transaction_id(network: str, seed: int, *words: object) -> str:
    """Sixty-four hexadecimal digits, as the network writes them."""
    digest = hashlib.sha256(str(number(seed, "chain", *words)).encode()).hexdigest()
    return f"0x{digest}" if network == "ethereum" else digest


def _base58(raw: bytes) -> str:
    value, text = int.from_bytes(raw, "big"), ""
    while value:
        value, place = divmod(value, 58)
        text = _BASE58[place] + text
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return _BASE58[0] * zeros + text
