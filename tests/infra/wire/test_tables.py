"""Tables as institutions write them come out as the same text, whatever they are packed in."""

import gzip
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
import zstandard

from infra.wire import File, Unreadable, counted_rows, reading, wire_rows
from infra.wire.terms import Plain
from transforms.feeds import FEED_BY_NAME

PRICES = FEED_BY_NAME["crypto_prices"]
DAY = date(2025, 8, 18)
ROWS = [("2025-08-18", "BTC", "117000.5"), ("2025-08-18", "ETH", "4300")]
TEXT = "PRICE_ON;ASSET;PRICE_USD\n2025-08-18;BTC;117000.5\n2025-08-18;ETH;4300\n"
CSV = Plain("csv", separator=";")


def read(path: Path, terms: Plain, folder: Path, feed=PRICES) -> list[tuple[str, ...]]:
    """The rows of one file as the night reads them: counted first, then staged."""
    found = counted_rows([path], feed, terms)[path]
    assert not isinstance(found, Unreadable), found
    folder.mkdir(exist_ok=True)
    rows = wire_rows(
        [File(str(path), "nbk", DAY, "digest", found)],
        feed,
        terms,
        storage_options={},
        bring=lambda url, to: to.write_bytes(Path(url).read_bytes()) and None,
        folder=folder,
    ).collect()
    assert rows["line"].to_list() == list(range(1, found + 1))
    return rows.select(feed.wire_columns).rows()


def test_a_packed_file_of_many_rows_is_read_from_a_copy_near_by(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_MANY_ROWS", 1)
    far, brought = tmp_path / "far", []
    far.mkdir()
    bodies = {"big.csv.gz": TEXT, "plain.csv": TEXT, "small.csv.gz": TEXT[: TEXT.rindex("2025")]}
    for name, text in bodies.items():
        packed = gzip.compress(text.encode()) if name.endswith(".gz") else text.encode()
        (far / name).write_bytes(packed)

    def bring(url: str, path: Path) -> None:
        brought.append(Path(url).name)
        path.write_bytes(Path(url).read_bytes())
        Path(url).unlink()

    rows = wire_rows(
        [
            File(str(far / name), "nbk", DAY, name, text.count("\n") - 1)
            for name, text in bodies.items()
        ],
        PRICES,
        CSV,
        storage_options={},
        bring=bring,
        folder=tmp_path,
    ).collect()

    assert brought == ["big.csv.gz"]
    found = rows.group_by("delivery", maintain_order=True).agg("line").rows()
    assert found == [("big.csv.gz", [1, 2]), ("plain.csv", [1, 2]), ("small.csv.gz", [1])]


def refused(path: Path, terms: Plain, feed=PRICES) -> str:
    found = counted_rows([path], feed, terms)[path]
    assert isinstance(found, Unreadable), found
    return str(found)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.csv", TEXT.encode()),
        ("a.csv.gz", gzip.compress(TEXT.encode(), mtime=0)),
        ("a.csv.zst", zstandard.compress(TEXT.encode())),
        ("bom.csv", b"\xef\xbb\xbf" + TEXT.encode()),
        ("crlf.csv", TEXT.replace("\n", "\r\n").encode()),
    ],
)
def test_a_csv_reads_the_same_in_every_packing(tmp_path, name, body):
    path = tmp_path / name
    path.write_bytes(body)

    assert read(path, CSV, tmp_path / "work") == ROWS


@pytest.mark.parametrize("packed", [lambda b: b, gzip.compress], ids=["plain", "gz"])
def test_a_csv_in_cp1251_with_decimal_commas_reads_by_its_terms(tmp_path, packed):
    text = "Дата;Актив;Цена;Примечание\n18.08.2025;BTC;117 000,5;тенге\n"
    path = tmp_path / "prices.csv"
    path.write_bytes(packed(text.encode("cp1251")))
    terms = Plain(
        "csv",
        separator=";",
        encoding="cp1251",
        decimal_comma=True,
        columns={"PRICE_ON": "Дата", "ASSET": "Актив", "PRICE_USD": "Цена"},
    )

    assert read(path, terms, tmp_path / "work") == [("18.08.2025", "BTC", "117000.5")]


def test_bytes_that_the_declared_encoding_has_not_are_named_by_their_place(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_bytes(b"PRICE_ON;ASSET;PRICE_USD\n2025-08-18;BTC;1\x98\n")

    said = refused(path, Plain("csv", separator=";", encoding="cp1251"))

    assert "byte 41 is none of its characters" in said
    assert "cp1251" in said


def test_cp1251_sent_where_utf_8_is_agreed_is_refused(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_bytes("PRICE_ON;ASSET;PRICE_USD\n2025-08-18;тенге;1\n".encode("cp1251"))

    assert "prices.csv cannot be read as csv" in refused(path, CSV)


def test_a_typed_parquet_reads_as_the_text_of_its_values(tmp_path):
    path = tmp_path / "a.parquet"
    frame = pl.DataFrame(
        {
            "PRICE_ON": [DAY],
            "ASSET": pl.Series(["BTC"], dtype=pl.Categorical),
            "PRICE_USD": [Decimal("117000.50")],
        }
    )
    frame.write_parquet(path)

    assert read(path, Plain("parquet"), tmp_path / "work") == [("2025-08-18", "BTC", "117000.50")]


def test_instants_of_a_parquet_keep_their_offset(tmp_path):
    feed = FEED_BY_NAME["p2p_orders"]
    path = tmp_path / "a.parquet"
    at = datetime(2025, 8, 18, 1, 2, 3, tzinfo=UTC)
    cells = {name: ["x"] for name in feed.wire_columns} | {"completed_at": [at]}
    pl.DataFrame(cells).with_columns(
        pl.col("completed_at").dt.convert_time_zone("Asia/Almaty")
    ).write_parquet(path)

    rows = read(path, Plain("parquet"), tmp_path / "work", feed)

    assert rows[0][feed.wire_columns.index("completed_at")] == "2025-08-18T06:02:03+05:00"


def test_binary_fractions_in_a_parquet_are_no_amounts(tmp_path):
    path = tmp_path / "a.parquet"
    pl.DataFrame({"PRICE_ON": ["x"], "ASSET": ["BTC"], "PRICE_USD": [1.5]}).write_parquet(path)

    said = refused(path, Plain("parquet"))

    assert "PRICE_USD" in said
    assert "decimals or text" in said


def test_a_cut_parquet_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    pl.DataFrame({"PRICE_ON": ["x"]}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-10])

    assert "a.parquet is not a whole Parquet file" in refused(path, Plain("parquet"))


def test_a_workbook_reads_numbers_days_and_leading_zeros_as_they_are_shown(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["PRICE_ON", "ASSET", "PRICE_USD"])
    sheet.write_datetime(
        1, 0, datetime.combine(DAY, time()), book.add_format({"num_format": "dd.mm.yyyy"})
    )
    sheet.write_string(1, 1, "007")
    sheet.write_number(1, 2, 117000.5)
    book.close()

    assert read(path, Plain("xlsx"), tmp_path / "work") == [("2025-08-18", "007", "117000.5")]


def test_what_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 not really")

    assert "a.xlsx is not an XLSX workbook" in refused(path, Plain("xlsx"))


def test_numbers_in_json_lines_keep_every_digit_or_the_file_is_refused(tmp_path):
    exact, inexact = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    exact.write_text('{"PRICE_ON":"2025-08-18","ASSET":"BTC","PRICE_USD":117000.25}\n')
    inexact.write_text('{"PRICE_ON":"2025-08-18","ASSET":"BTC","PRICE_USD":0.1234567890123456789}')

    assert read(exact, Plain("jsonl"), tmp_path / "work") == [("2025-08-18", "BTC", "117000.25")]
    assert "more than 15 digits" in refused(inexact, Plain("jsonl"))


def test_columns_that_are_missing_or_unknown_are_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("PRICE_ON;COIN;PRICE_USD\n")

    said = refused(path, CSV)

    assert "missing ASSET; unknown COIN" in said
    assert "separated by “;”" in said


def test_one_bad_file_does_not_hide_the_rows_of_the_others(tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(TEXT)
    bad.write_text("nothing")

    found = counted_rows([good, bad], PRICES, CSV)

    assert found[good] == 2
    assert isinstance(found[bad], Unreadable)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
def test_a_bomb_is_not_unpacked(tmp_path, pack, monkeypatch):
    monkeypatch.setattr("infra.wire.opened.UNSUSPICIOUS", 8 << 20)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(pack(b"0\n" * (8 << 20)))

    assert "unpacks to more than 200 times its size" in refused(path, CSV)


@pytest.mark.parametrize(
    "prices",
    [["1"] * 1_000_000, ["0" * 3_000_000] * 3],
    ids=["many equal cells", "pages that unpack"],
)
def test_a_bomb_of_parquet_is_known_by_its_table_of_contents(tmp_path, monkeypatch, prices):
    monkeypatch.setattr("infra.wire.parquet.UNSUSPICIOUS", 1 << 20)
    path = tmp_path / "a.parquet"
    cells = {"PRICE_ON": str(DAY), "ASSET": "BTC"}
    made = pl.DataFrame({"PRICE_USD": prices}).with_columns(
        **{k: pl.lit(v) for k, v in cells.items()}
    )
    made.write_parquet(path)

    assert "more than 200 times its size when unpacked" in refused(path, Plain("parquet"))


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
def test_a_line_without_an_end_is_not_loaded(tmp_path, format_):
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode() + b"2025-08-18;BTC;" + b"7" * (3 << 20))

    assert "line of more than 1048576 bytes" in refused(path, Plain(format_, separator=";"))


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
def test_a_file_cut_off_on_the_way_is_refused(tmp_path, pack):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(pack(TEXT.encode() * 2000)[:-40])

    assert "Nothing of it was taken" in refused(path, CSV)


def test_a_file_of_the_layout_before_a_column_came_is_read_beside_one_that_has_it(tmp_path):
    feed = FEED_BY_NAME["card_transactions"]
    later = [c for c in feed.wire_columns if c in feed.later_columns]
    earlier = [c for c in feed.wire_columns if c not in later]
    assert later == ["ATM_ID"]
    paths = []
    for name, columns in (("old.csv", earlier), ("new.csv", feed.wire_columns)):
        paths.append(tmp_path / name)
        paths[-1].write_text(";".join(columns) + "\n" + ";".join("x" for _ in columns) + "\n")

    rows = [read(path, CSV, tmp_path / f"work {path.name}", feed) for path in paths]

    assert [dict(zip(feed.wire_columns, row[0], strict=True))["ATM_ID"] for row in rows] == [
        None,
        "x",
    ]
    (tmp_path / "short.csv").write_text(";".join(earlier[:-1]) + "\n")
    assert "KATO" in refused(tmp_path / "short.csv", CSV, feed)
