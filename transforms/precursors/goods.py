"""Goods that were imported and are listed: recognised how, how surely, and how much of them."""

from collections.abc import Mapping

import polars as pl

from transforms.contracts import Column, Table
from transforms.customs import DECLARATION, ITEM, current_declarations
from transforms.feeds.cells import WEIGHT
from transforms.precursors.lists import (
    LICENSED_LISTS,
    is_listed_on,
    limits,
    listed_things,
    listings,
)
from transforms.regions import region_or_unknown
from transforms.sentences import sentence
from transforms.weights import grams

RELEASE_FOR_HOME_USE = "40"

_SECTION_VI = [str(chapter) for chapter in range(28, 39)]
_PURE = ["28", "29"]
_WHOLE = 100.0
_PARTS_OF_PERCENT = 10_000

_OF_ITEM = (
    Column("business_date", pl.Date(), "Day of the last delivery of the item."),
    Column("declaration_no", pl.String(), "Registration number of the declaration."),
    Column("item_no", pl.Int64(), "Number of the item in it."),
    Column("registered_on", pl.Date(), "Day of registration; what was listed on it decides."),
    Column("consignee_bin", pl.String(), "Business identification number of the consignee."),
    Column("region_code", pl.String(), "Region of its legal address, or unknown."),
    Column("office_code", pl.String(), "Customs office of registration.", nullable=True),
    Column("origin_country_code", pl.String(), "Country of origin.", nullable=True),
    Column("hs6", pl.String(), "Subheading: first six digits of the commodity code."),
    Column("goods_text", pl.String(), "Description of the goods.", nullable=True),
    Column("net_kg", WEIGHT, "Net weight of the item.", unit="kg"),
    Column("net_g", pl.Int64(), "The same in whole grams, half a gram rounded up.", unit="gram"),
)

LISTED_GOODS = Table(
    name="facts.listed_goods",
    grain="one listed thing in one item of one import declaration",
    key=(*ITEM, "listed_id"),
    columns=(
        *_OF_ITEM,
        Column("dispatch_country_code", pl.String(), "Country that they come from.", nullable=True),
        Column("packages", pl.Float64(), "Packages of the item, where told.", nullable=True),
        Column("invoice_minor", pl.Int64(), "Invoice value.", "minor_units", nullable=True),
        Column("currency_code", pl.String(), "Currency of the invoice.", nullable=True),
        Column("listed_id", pl.String(), "What it is, as named in the lists."),
        Column(
            "list_code",
            pl.String(),
            "List that named it on that day: united_nations, national, equipment or watch.",
        ),
        Column("score", pl.Float64(), "How surely it is: all evidence together, 0 to 1."),
        Column("evidence", pl.String(), "The words, numbers and codes that tell of it."),
        Column("is_named_code", pl.Boolean(), "Its subheading names nothing else."),
        Column("is_told", pl.Boolean(), "The description names it, as being in the goods."),
        Column(
            "role_code",
            pl.String(),
            "main, component or product, as the description tells; code where only the code does.",
        ),
        Column("told_percent", pl.Float64(), "Share that is told.", "percent", nullable=True),
        Column(
            "substance_g",
            pl.Int64(),
            "Weight of the substance: by the told share, else the net weight; null where it is a "
            "part of which no share is told.",
            unit="gram",
            nullable=True,
        ),
        Column(
            "is_counted",
            pl.Boolean(),
            "Sure enough, and of a share that is controlled; what is not counted is a hint only.",
        ),
    ),
    partitioned_by=(),
)

_ITEM_COLUMNS = [
    *(c.name for c in _OF_ITEM if c.name not in ("net_g", "hs6")),
    *("hs6", "dispatch_country_code", "packages", "invoice_minor", "currency_code"),
]


def listed_goods(
    import_declarations: pl.LazyFrame,
    text_matches: pl.LazyFrame,
    *,
    parameters: Mapping[str, float],
) -> pl.LazyFrame:
    """Goods released for home use that are listed on the day, each with why.

    The code, the CAS number and names are evidence each; together they weigh more: one less the
    product of what each leaves open. Goods only said to be for a substance, or free of it, are
    left out. Where no share is told a part of a mixture, or of a ready product, is taken to be
    what `parameters` assume. A subheading that names the substance counts whatever is told.

    Args:
        import_declarations: accepted rows, the whole feed.
        text_matches: `TEXT_MATCHES` of one version of the rules, for its descriptions.
        parameters: of `precursor_parameters.csv`.

    Returns:
        `LISTED_GOODS`, in order of its key.
    """
    hs6 = pl.col("hs_code").str.slice(0, 6)
    told = text_matches.filter(
        pl.col("role_code").is_in(["main", "mention", "component", "product"])
    )
    items = (
        import_declarations.pipe(_of_interest, told.select("goods_text").unique())
        .pipe(current_declarations)
        .filter(pl.col("procedure_code") == RELEASE_FOR_HOME_USE)
        .with_columns(hs6=hs6, packages=pl.col("packages").cast(pl.Float64))
        .select(_ITEM_COLUMNS)
    )
    return (
        pl.concat([_by_text(items, told, parameters), _by_code(items, parameters)])
        .pipe(_together)
        .join(items, on=ITEM, how="left", validate="m:1")
        .join(listings(), on="listed_id", how="inner", validate="m:m")
        .filter(is_listed_on("registered_on"))
        .join(limits(), on="listed_id", how="left", validate="m:1")
        .with_columns(
            region_code=region_or_unknown(pl.col("region_code")), net_g=grams(pl.col("net_kg"))
        )
        .with_columns(is_counted=_is_counted(parameters), substance_g=_substance_g())
        .select(LISTED_GOODS.schema.names())
        .sort(LISTED_GOODS.key)
        .pipe(LISTED_GOODS.require)
    )


def needs_licence() -> pl.Expr:
    """Counted goods of which a list says that a licence is needed."""
    return pl.col("is_counted") & pl.col("list_code").is_in(LICENSED_LISTS)


def _of_interest(rows: pl.LazyFrame, texts: pl.LazyFrame) -> pl.LazyFrame:
    """All rows of declarations of which some row has a listed code, or mentions what is listed."""
    hs6 = rows.with_columns(hs6=pl.col("hs_code").str.slice(0, 6))
    codes = listed_things().select("hs6").drop_nulls().unique()
    wanted = pl.concat(
        [
            hs6.join(codes, on="hs6", how="semi").select(DECLARATION),
            rows.join(texts, on="goods_text", how="semi").select(DECLARATION),
        ]
    )
    return rows.join(wanted.unique(), on=DECLARATION, how="semi")


def _by_text(
    items: pl.LazyFrame, told: pl.LazyFrame, parameters: Mapping[str, float]
) -> pl.LazyFrame:
    short = pl.lit(parameters["score_short"])
    score = (
        pl.when(pl.col("basis_code") == "cas")
        .then(pl.lit(parameters["score_cas"]))
        .when(pl.col("basis_code").is_in(["abbreviation", "formula"]))
        .then(short)
        .when(pl.col("basis_code") == "transliteration")
        .then(pl.lit(parameters["score_transliteration"]))
        .otherwise(pl.col("similarity").clip(upper_bound=parameters["score_name"]))
    )
    words = sentence("{} «{}» → {}", "basis_code", "matched_text", "listed_name")
    is_pure = pl.col("hs6").str.slice(0, 2).is_in(_PURE)
    known = items.join(told, on="goods_text", how="inner", validate="m:m")
    # Named after other words it is the goods only where the code says that they are a chemical.
    return known.filter((pl.col("role_code") != "mention") | is_pure).select(
        *ITEM,
        "listed_id",
        "basis_code",
        pl.col("role_code").replace("mention", "main"),
        "told_percent",
        score=score,
        evidence=pl.when(pl.col("basis_code") == "cas")
        .then(sentence("cas {}", "listed_name"))
        .otherwise(words),
    )


def _by_code(items: pl.LazyFrame, parameters: Mapping[str, float]) -> pl.LazyFrame:
    named, basket = (pl.lit(parameters[f"score_{kind}_code"]) for kind in ("named", "basket"))
    things = listed_things().drop_nulls("hs6")
    return items.join(things, on="hs6", how="inner", validate="m:m").select(
        *ITEM,
        "listed_id",
        basis_code=pl.when("is_named").then(pl.lit("named_code")).otherwise(pl.lit("basket_code")),
        role_code=pl.lit("code"),
        told_percent=pl.lit(None, pl.Float64),
        score=pl.when("is_named").then(named).otherwise(basket),
        evidence=sentence("code {}", "hs6"),
    )


def _together(evidence: pl.LazyFrame) -> pl.LazyFrame:
    """One row an item and listed thing: the evidence of all kinds, each kind once."""
    role = pl.col("role_code")
    has = {kind: (role == kind).any() for kind in ("product", "component", "main")}
    return (
        evidence.sort(*ITEM, "listed_id", "basis_code", "score", "evidence")
        .group_by(*ITEM, "listed_id", maintain_order=True)
        .agg(
            score=(1 - (1 - pl.col("score")).product()).round(4),
            evidence=pl.col("evidence").str.join("; "),
            is_named_code=(pl.col("basis_code") == "named_code").any(),
            is_told=(role != "code").any(),
            role_code=pl.when(has["product"])
            .then(pl.lit("product"))
            .when(has["component"])
            .then(pl.lit("component"))
            .when(has["main"])
            .then(pl.lit("main"))
            .otherwise(pl.lit("code")),
            told_percent=pl.col("told_percent").max(),
        )
    )


def _is_counted(parameters: Mapping[str, float]) -> pl.Expr:
    chapter = pl.col("hs6").str.slice(0, 2)
    least = (
        pl.when(chapter.is_in(_SECTION_VI))
        .then(pl.lit(parameters["least_score_chemicals"]))
        .otherwise(pl.lit(parameters["least_score_elsewhere"]))
    )
    assumed = (
        pl.when(pl.col("role_code") == "component")
        .then(pl.lit(parameters["assumed_share_component"]))
        .when((pl.col("role_code") == "product") & ~chapter.is_in(_PURE))
        .then(pl.lit(parameters["assumed_share_product"]))
        .otherwise(pl.lit(_WHOLE))
    )
    percent = pl.coalesce("told_percent", assumed)
    is_controlled_share = percent >= pl.col("least_percent").fill_null(0)
    return (pl.col("score") >= least) & (is_controlled_share | pl.col("is_named_code"))


def _substance_g() -> pl.Expr:
    parts = (pl.col("told_percent") * _PARTS_OF_PERCENT).round().cast(pl.Int64)
    whole = int(_WHOLE) * _PARTS_OF_PERCENT
    share = (pl.col("net_g") * parts + whole // 2) // whole
    is_part = pl.col("role_code").is_in(["component", "product"])
    is_part_only = is_part & pl.col("told_percent").is_null() & ~pl.col("is_named_code")
    return pl.when(~is_part_only).then(pl.coalesce(share, "net_g"))
