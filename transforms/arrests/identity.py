"""One asset, however registers write it: so that in two cases it is one asset, counted once."""

import polars as pl

from transforms.identifiers import electronic_iban


def asset_identity(asset_code: pl.Expr, written: pl.Expr) -> pl.Expr:
    """The number of an asset without what writers differ in; null for null.

    An IBAN and a VIN are in capitals without blanks; a cadastral number has colons between its
    parts; a BIN is digits alone; wallet addresses of Ethereum (EIP-55 is a checksum, not another
    address) and bech32 ones are in small letters. A card's token is as its bank writes it.
    """
    is_without_case = written.str.contains(r"(?i)^(0x|bc1)")
    forms = {
        "bank_account": electronic_iban(written),
        "vehicle": written.str.replace_all(r"[\s-]", "").str.to_uppercase(),
        "real_estate": written.str.replace_all(r"[\s:./–-]+", ":").str.strip_chars(":"),
        "business_share": written.str.replace_all(r"\D", ""),
        "wallet": pl.when(is_without_case).then(written.str.to_lowercase()).otherwise(written),
    }
    branches = (pl.when(asset_code == code).then(form) for code, form in forms.items())
    return pl.coalesce(*branches, written)


def card_identity() -> pl.Expr:
    """Banks share tokens: a card is its bank and the token."""
    return pl.concat_str("bank_bic", "card_token", separator="/")
