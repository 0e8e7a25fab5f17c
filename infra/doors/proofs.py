"""How we prove to an API who we are: a token, OAuth2, or a signature over each question."""

import hashlib
import hmac
from collections.abc import Callable, Generator
from urllib.parse import urlencode

import httpx

from infra.doors.credentials import Credentials
from infra.doors.terms import NoProof, OAuth2, Signature, Token

Milliseconds = Callable[[], int]

_WINDOW = "5000"


def proof(
    terms: NoProof | Token | OAuth2 | Signature,
    credentials: Credentials,
    now_ms: Milliseconds,
) -> httpx.Auth:
    """What httpx adds to each question."""
    if isinstance(terms, Token):
        secret = credentials.get(terms.secret).get_secret_value()
        return _Header(terms.header, terms.prefix + secret)
    if isinstance(terms, OAuth2):
        return _ClientCredentials(terms, credentials)
    if isinstance(terms, Signature):
        return _Signed(terms, credentials, now_ms)
    return httpx.Auth()


class _Header(httpx.Auth):
    def __init__(self, name: str, value: str) -> None:
        self._name = name
        self._value = value

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[self._name] = self._value
        yield request


class _ClientCredentials(httpx.Auth):
    """RFC 6749, 4.4: one token for many questions, a new one when it is refused."""

    requires_response_body = True

    def __init__(self, terms: OAuth2, credentials: Credentials) -> None:
        self._terms = terms
        self._credentials = credentials
        self._token: str | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        is_new = self._token is None
        if is_new:
            yield from self._renewed()
        request.headers["Authorization"] = f"Bearer {self._token}"
        answer = yield request
        if answer.status_code == httpx.codes.UNAUTHORIZED and not is_new:
            yield from self._renewed()
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _renewed(self) -> Generator[httpx.Request, httpx.Response, None]:
        asked = {"grant_type": "client_credentials"}
        if self._terms.scope:
            asked["scope"] = self._terms.scope
        question = httpx.Request("POST", self._terms.address, data=asked)
        secret = self._credentials.get(self._terms.secret).get_secret_value()
        basic = httpx.BasicAuth(self._terms.client, secret)
        question = next(basic.auth_flow(question))
        answer = yield question
        answer.raise_for_status()
        self._token = str(answer.json()["access_token"])


class _Signed(httpx.Auth):
    """HMAC-SHA256 over the query and the time."""

    def __init__(self, terms: Signature, credentials: Credentials, now_ms: Milliseconds) -> None:
        self._manner = terms.manner
        self._key = credentials.get(terms.key).get_secret_value()
        self._secret = credentials.get(terms.secret).get_secret_value().encode()
        self._now_ms = now_ms

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        now = str(self._now_ms())
        if self._manner == "binance":
            asked = [*request.url.params.multi_items(), ("timestamp", now)]
            signed = [*asked, ("signature", self._signature(urlencode(asked)))]
            request.url = request.url.copy_with(query=urlencode(signed).encode())
            request.headers["X-MBX-APIKEY"] = self._key
        else:
            query = request.url.query.decode()
            request.headers["X-BAPI-API-KEY"] = self._key
            request.headers["X-BAPI-TIMESTAMP"] = now
            request.headers["X-BAPI-RECV-WINDOW"] = _WINDOW
            request.headers["X-BAPI-SIGN"] = self._signature(now + self._key + _WINDOW + query)
        yield request

    def _signature(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()
