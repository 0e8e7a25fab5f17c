"""Place names as they are written, made comparable: one alphabet, one spelling, no common words."""

import polars as pl

_LETTERS = {
    **dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeeziiklmnoprstufie", strict=True)),
    **{"ж": "j", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "u", "я": "a"},
    **{"ъ": "", "ь": "", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u"},
    **{"ү": "u", "һ": "h", "і": "i", "ҳ": "h", "ў": "u", "ҷ": "j", "ӣ": "i", "ӯ": "u"},
    **{"ä": "a", "á": "a", "ã": "a", "â": "a", "å": "a", "é": "e", "è": "e", "ë": "e", "ê": "e"},
    **{"í": "i", "ï": "i", "ı": "i", "ó": "o", "ö": "o", "ô": "o", "õ": "o", "ú": "u", "ü": "u"},
    **{"ū": "u", "ñ": "n", "ń": "n", "ş": "sh", "š": "sh", "ç": "ch", "č": "ch", "ž": "j"},
    **{"ğ": "g", "ý": "i", "ň": "n"},
    **{"'": "", "’": "", "`": "", "ʻ": "", "ʼ": "", "‘": ""},
}
_SPELLINGS = {"dzh": "j", "zh": "j", "kh": "h", "gh": "g", "ph": "f", "shch": "sh"}
_VOWELS = {
    "iy": "i",
    "yy": "i",
    "yya": "ia",
    "aya": "a",
    "ya": "a",
    "yu": "u",
    "yo": "e",
    "ye": "e",
}
_SINGLE = {"q": "k", "x": "h", "w": "v", "y": "i"}
_DOUBLES = {letter * 2: letter for letter in "abcdefghijklmnoprstuvz"}

_COMMON_WORDS = (
    "г г. город гор city town qalasy қаласы қ shahri шаҳри с село посёлок поселок пос пгт village "
    "аул ауыл ауылы ауылдык кишлак а ст станция station railway жд ж/д бекеті district р-н район "
    "района rayon raion tuman tumani ауданы аудан etrap etraby municipio область обл облысы oblast "
    "oblasty oblyosti region province viloyati вилояти welayaty welayat velayat autonomous "
    "республика республикасы republic respublika republican subordination districts of the de "
    "del la el и в на near около таможенный таможенная пост комплекс customs post checkpoint "
    "контрольно пропускной пункт кпп дпс рк т.п тп передвижной border airport аэропорт "
    "international поезд пассаж трасса road highway улица ул street дом имени им мкр "
    "микрорайон kaz kr рф уз"
)
_ADJECTIVE = r"(in|ov|ev|an)?(s|c|ck|sk)k?(i|a|o|oe|oi|ogo|om|ie|ih)$"
_SHORTEST_ADJECTIVE = 7


def folded(text: pl.Expr) -> pl.Expr:
    """Letters of any spelling as one: Russian, Kazakh and Latin in its several transliterations.

    "Жезқазған", "Жезказган" and "Zhezkazgan" become the same; what is no letter becomes a blank.
    """
    return (
        text.str.to_lowercase()
        .str.replace_many(_LETTERS)
        .str.replace_many(_SPELLINGS)
        .str.replace_many(_VOWELS)
        .str.replace_many(_SINGLE)
        .str.replace_many(_DOUBLES)
        .str.replace_all(r"[^a-z]+", " ")
        .str.strip_chars()
    )


def _common_words() -> list[str]:
    words = pl.Series("word", _COMMON_WORDS.split()).to_frame()
    known = words.select(folded(pl.col("word")).str.split(" ").explode()).to_series()
    return sorted({word for word in known.to_list() if word})


_FOLDED_COMMON_WORDS = _common_words()


def place_tokens(text: pl.Expr) -> pl.Expr:
    """The words of a place's name that tell it from others, folded, each once, in order.

    "г. Термез", "Термезский район" and "Termez city" all are `["termez"]`. Empty where nothing
    is left; null where nothing is told.
    """
    words = folded(text).str.split(" ")
    is_adjective = pl.element().str.len_chars() >= _SHORTEST_ADJECTIVE
    stem = (
        pl.when(is_adjective).then(pl.element().str.replace(_ADJECTIVE, "")).otherwise(pl.element())
    )
    kept = pl.element().filter(
        ~pl.element().is_in(_FOLDED_COMMON_WORDS) & (pl.element().str.len_chars() > 1)
    )
    return words.list.eval(kept).list.eval(stem).list.unique().list.sort()
