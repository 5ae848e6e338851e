#!/usr/bin/env python3
"""Reads every candle file of a folder and prints its rows and its last close.

Usage: read_candles.py FOLDER

Understands CSV (also gzipped; vendor lines before the header are skipped) and Upbit's JSON replies.
Only the standard library is used. `::progress` lines move the progress bar of the run.
"""
import csv
import datetime
import gzip
import io
import json
import pathlib
import sys

DATE = ("date", "candle_date_time_utc")
CLOSE = ("close", "trade_price")
SYMBOL = ("ticker", "symbol", "market")


def column(names, wanted):
    """The first of the wanted columns that is there, whatever its case."""
    folded = {name.strip().lower(): name for name in names}
    return next((folded[name] for name in wanted if name in folded), None)


def csv_rows(path):
    opened = gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig")
    with opened as file:
        lines = file.read().splitlines()
    start = next(i for i, line in enumerate(lines) if column(line.split(","), CLOSE))
    return list(csv.DictReader(io.StringIO("\n".join(lines[start:]))))


def rows_of(path):
    return json.loads(path.read_text(encoding="utf-8")) if path.suffix == ".json" else csv_rows(path)


def instant(text):
    """A sortable time. Some vendors write hours as 09-AM, which does not sort as text."""
    for form in ("%Y-%m-%d %I-%p", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.datetime.strptime(text, form)
        except ValueError:
            continue
    sys.exit(f"cannot read the time {text!r}")


def last_close(rows):
    """Symbol, close and time of the newest row, wherever the file has it."""
    date, close, symbol = (column(rows[0], wanted) for wanted in (DATE, CLOSE, SYMBOL))
    newest = max(rows, key=lambda row: instant(row[date]))
    return newest[symbol], newest[close], newest[date]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    files = sorted(path for path in folder.rglob("*") if path.name.endswith((".csv", ".csv.gz", ".json")))
    if not files:
        sys.exit(f"no candle files under {folder}")
    total = 0
    for number, path in enumerate(files, 1):
        rows = rows_of(path)
        symbol, close, at = last_close(rows)
        total += len(rows)
        print(f"{path.relative_to(folder)}: {len(rows):,} rows, last close {close} of {symbol} ({at})")
        print(f"::progress {number}/{len(files)} {path.name}", flush=True)
    print(f"{len(files)} files, {total:,} rows")


if __name__ == "__main__":
    main()
