"""How a source's door is declared in the catalogue, one table of `sources.toml` each.

No secret stands there: `secret` and the like name a variable of the environment, or a file in
the folder of secrets.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Terms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FolderTerms(_Terms):
    """Files under AQSHA_OUTSIDE, or under `folder`."""

    kind: Literal["folder"] = "folder"
    folder: str | None = Field(None, description="Root instead of AQSHA_OUTSIDE.")


class SftpTerms(_Terms):
    """Files in a folder of an SFTP server. Its host key is always checked."""

    kind: Literal["sftp"]
    host: str
    port: int = 22
    user: str
    folder: str = "."
    host_key: str = Field(pattern=r"^SHA256:[A-Za-z0-9+/]{43}$", description="Its fingerprint.")
    password: str | None = Field(None, description="Name of the secret that is the password.")
    key: str | None = Field(None, description="Name of the secret that is our private key.")


class NoPaging(_Terms):
    """The answer is all there is."""

    kind: Literal["none"] = "none"


class PageNumbers(_Terms):
    """`?page=1`, `?page=2` … until a page has no records."""

    kind: Literal["number"]
    parameter: str = "page"
    first: int = 1


class Cursor(_Terms):
    """The answer holds, at `field`, what the next question must carry; absent at the end."""

    kind: Literal["cursor"]
    field: str
    parameter: str = "cursor"


class NextAddress(_Terms):
    """The next page's address stands in the answer at `field`, or in its Link header."""

    kind: Literal["next"]
    field: str | None = Field(None, description="Absent: the Link header with rel=next.")


class NoProof(_Terms):
    """Nobody asks who we are (or the client certificate says it)."""

    kind: Literal["none"] = "none"


class Token(_Terms):
    """A fixed token in a header."""

    kind: Literal["token"]
    secret: str
    header: str = "Authorization"
    prefix: str = "Bearer "


class OAuth2(_Terms):
    """Client credentials (RFC 6749, 4.4); the token is renewed when it is refused."""

    kind: Literal["oauth2"]
    address: str
    client: str
    secret: str
    scope: str | None = None


class Signature(_Terms):
    """HMAC-SHA256 of the query with the time, in the manner of Binance or of Bybit."""

    kind: Literal["hmac"]
    manner: Literal["binance", "bybit"]
    key: str = Field(description="Name of the secret that is our key's public part.")
    secret: str


class HttpsTerms(_Terms):
    """An API that is asked for each business date; its pages become one file of JSON Lines."""

    kind: Literal["https"]
    address: str = Field(description="With {yyyymmdd}, {yyyy-mm-dd}, {from_ms} or {to_ms}.")
    records: str | None = Field(
        None,
        description='Where the records stand, as data.items; "" when the answer is their array; '
        "absent: pages are kept whole, one a line.",
    )
    paging: Annotated[
        NoPaging | PageNumbers | Cursor | NextAddress, Field(discriminator="kind")
    ] = NoPaging()
    proof: Annotated[NoProof | Token | OAuth2 | Signature, Field(discriminator="kind")] = NoProof()
    ca: str | None = Field(None, description="File of the authority that signed their certificate.")
    certificate: str | None = Field(
        None, description="Name of the secret: our certificate and key."
    )
    per_second: float = Field(5, gt=0, description="Questions a second at most.")


class S3Terms(_Terms):
    """Objects under a prefix of a bucket."""

    kind: Literal["s3"]
    endpoint: str
    bucket: str
    prefix: str = ""
    region: str = "us-east-1"
    key: str = Field(description="Name of the secret that is the access key's id.")
    secret: str


DoorTerms = Annotated[FolderTerms | SftpTerms | HttpsTerms | S3Terms, Field(discriminator="kind")]
