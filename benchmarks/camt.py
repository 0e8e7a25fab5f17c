"""A camt.053 statement to staged rows on one core: entries a second, and memory beside size.

The statement is made anew: about 1.4 KB an entry, with parties, agents, remittance and declared
totals; every seventh entry books a batch of two payments, every eleventh has no details. Both
files go the whole way: file → records → typed cells, written as Parquet. Eight files at once are
prepared as a night prepares them, beside the same eight one after another.
"""

import os
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from benchmarks.measured_rows import Row
from benchmarks.processes import Measured, measured
from infra.wire import messages
from infra.wire.reading import prepared
from infra.wire.terms import Plain
from transforms.feeds import FEED_BY_NAME

ENTRIES = {"100 MB": 75_000, "1 GB": 750_000}
LEAST_A_SECOND = 25_000
MOST_MB = 300
TURNS = 2
FILES, ENTRIES_OF_ONE = 8, 40_000
MOST_OF_ONE_CORE = 0.75

_ONE_CORE = {"POLARS_MAX_THREADS": "1"}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
  <BkToCstmrStmt>
    <GrpHdr><MsgId>M1</MsgId><CreDtTm>2025-08-18T23:00:00+05:00</CreDtTm></GrpHdr>
    <Stmt>
      <Id>S1</Id>
      <Acct><Id><IBAN>KZ86125KZT5004100100</IBAN></Id><Ccy>KZT</Ccy></Acct>
      <TxsSummry><TtlNtries><NbOfNtries>{}</NbOfNtries></TtlNtries></TxsSummry>
"""
_TAIL = "    </Stmt>\n  </BkToCstmrStmt>\n</Document>\n"
_ENTRY = """      <Ntry>
        <NtryRef>{n}</NtryRef>
        <Amt Ccy="KZT">{amount}</Amt>
        <CdtDbtInd>{side}</CdtDbtInd>
        <Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><DtTm>2025-08-18T{time}+05:00</DtTm></BookgDt>
        <ValDt><Dt>2025-08-18</Dt></ValDt>
        <AcctSvcrRef>REF{n:012}</AcctSvcrRef>
        <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
{details}      </Ntry>
"""
_PAYMENT = """          <TxDtls>
            <Refs><EndToEndId>E2E{n:012}</EndToEndId><TxId>TX{n:012}</TxId></Refs>
            <Amt Ccy="KZT">{amount}</Amt>
            <CdtDbtInd>{side}</CdtDbtInd>
            <RltdPties>
              <Dbtr><Pty><Nm>Тестов Тест {n}</Nm><Id><PrvtId><Othr><Id>{iin}</Id><SchmeNm><Prtry>IIN</Prtry></SchmeNm></Othr></PrvtId></Id></Pty></Dbtr>
              <DbtrAcct><Id><IBAN>KZ86125KZT50{account}</IBAN></Id></DbtrAcct>
              <Cdtr><Pty><Nm>ТОО Пример {n}</Nm><Id><OrgId><Othr><Id>{iin}</Id><SchmeNm><Prtry>BIN</Prtry></SchmeNm></Othr></OrgId></Id></Pty></Cdtr>
              <CdtrAcct><Id><IBAN>KZ72722S0000{account}</IBAN></Id></CdtrAcct>
            </RltdPties>
            <RltdAgts><{role}Agt><FinInstnId><BICFI>CASPKZKA</BICFI></FinInstnId></{role}Agt></RltdAgts>
            <Purp><Prtry>119</Prtry></Purp>
            <RmtInf><Ustrd>Перевод на карту Kaspi Gold *{card:04}, КНП 119</Ustrd></RmtInf>
          </TxDtls>
"""  # noqa: E501


def rows() -> list[Row]:
    """One small and one big statement; eight at once."""
    with tempfile.TemporaryDirectory() as folder:
        single = [_row(Path(folder), name, entries) for name, entries in ENTRIES.items()]
        return [*single, *_eight(Path(folder))]


def _eight(folder: Path) -> list[Row]:
    files = folder / "files"
    files.mkdir()
    for n in range(FILES):
        with (files / f"{n}.xml").open("w", encoding="utf-8") as file:
            file.writelines(_statement(ENTRIES_OF_ONE))
    command = [sys.executable, "-m", "benchmarks.camt"]
    alone, together = (
        measured([*command, how, str(files)], {}, folder / "log") for how in ("alone", "together")
    )
    says = f"{FILES} files of camt.053, {ENTRIES_OF_ONE} entries each, prepared"
    return [
        Row(f"{says} one after another", alone),
        Row(f"{says} at once", together, most_times=MOST_OF_ONE_CORE, of=alone),
    ]


def _row(folder: Path, name: str, entries: int) -> Row:
    path = folder / "statement.xml"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_statement(entries))
    command = [sys.executable, "-m", "benchmarks.camt", str(path), str(folder)]
    runs = [measured(command, _ONE_CORE, folder / "log") for _ in range(TURNS)]
    best: Measured = min(runs, key=lambda run: run.wall_s)
    says = f"camt.053 of {name}, {entries} entries to staged, one core"
    return Row(says, best, most_s=entries / LEAST_A_SECOND, most_mb=MOST_MB)


def _statement(entries: int) -> Iterator[str]:
    dice = random.Random(1)
    yield _HEAD.format(entries)
    for n in range(entries):
        side, role = ("CRDT", "Dbtr") if dice.random() < 0.5 else ("DBIT", "Cdtr")
        payments = 0 if n % 11 == 0 else 2 if n % 7 == 0 else 1
        made = [_payment(dice, n, side, role) for _ in range(payments)]
        details = f"        <NtryDtls>\n{''.join(made)}        </NtryDtls>\n" if made else ""
        amount = f"{dice.randrange(10**8) / 100:.2f}"
        time = f"{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}"
        yield _ENTRY.format(n=n, amount=amount, side=side, time=time, details=details)
    yield _TAIL


def _payment(dice: random.Random, n: int, side: str, role: str) -> str:
    return _PAYMENT.format(
        n=n,
        side=side,
        role=role,
        amount=f"{dice.randrange(10**8) / 100:.2f}",
        iin=dice.randrange(10**11, 10**12),
        account=dice.randrange(10**7, 10**8),
        card=n % 10_000,
    )


def _staged(path: Path, folder: Path) -> None:
    known = messages.format_of("camt.053", "account_movements")
    messages.to_parquet(known, path, folder / "records")
    feed = FEED_BY_NAME[known.feed]
    wire = pl.scan_parquet(folder / "records", row_index_name="line").with_columns(
        pl.col("line").cast(pl.Int64) + 1,
        business_date=pl.lit("2025-08-18").str.to_date(),
        institution=pl.lit("CASPKZKA"),
        delivery=pl.lit("0" * 64),
    )
    feed.staged(wire).sink_parquet(folder / "staged")


def _prepare(folder: Path, at_once: int) -> None:
    files, feed = sorted(folder.glob("*.xml")), FEED_BY_NAME["account_movements"]
    for n in range(0, len(files), at_once):
        to = folder / f"{at_once}-{n}"
        to.mkdir()
        prepared(files[n : n + at_once], feed, Plain("camt.053"), to)


if __name__ == "__main__":
    what, folder = sys.argv[1:]
    if what in ("alone", "together"):
        _prepare(Path(folder), 1 if what == "alone" else FILES)
    else:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        _staged(Path(what), Path(folder))
