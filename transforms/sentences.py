"""Cells put into words: numbers, days and codes in a sentence of theirs."""

import polars as pl


def sentence(template: str, *cells: str | pl.Expr) -> pl.Expr:
    """`template` with a cell, by column or expression, for each `{}`; null where one is.

    In place of `pl.format`: that of Polars 2.1 panics in a stream of rows of which some batch is
    empty ("assertion failed: i < self.len()").
    """
    words = template.split("{}")
    told = [(pl.col(cell) if isinstance(cell, str) else cell).cast(pl.String) for cell in cells]
    pieces = [pl.lit(words[0])]
    for cell, word in zip(told, words[1:], strict=True):
        pieces += [cell, pl.lit(word)]
    return pl.concat_str(pieces)
