"""The same edition in its other formats."""

from collections.abc import Iterable

from templates.model import Download
from templates.wording import Wording


def downloads(words: Wording) -> Iterable[Download]:
    """Those of this language first, then the data, which is the same for all of them."""
    say, language = words.say, words.language
    yield Download("PDF", say("to print and to keep"), f"{language}.pdf")
    yield Download("XLSX", say("all tables, to calculate with"), f"{language}.xlsx")
    yield Download("CSV", say("every figure, one a row"), "figures.csv")
    yield Download("Parquet", say("the same, with types"), "figures.parquet")
    yield Download("CSV", say("numbers told in words, each with its source"), "told.csv")
    yield Download("JSON", say("the same, with definitions"), "figures.json")
    yield Download("Data Package", say("what the data means, for machines"), "datapackage.json")
