"""A platform that imports the library: records come in, results are kept in SQLite and read back.

    python examples/inspection_platform.py [DATABASE]      (without DATABASE: in memory)

The result is kept as its JSON: it is small, has a published schema, and reads back as the same
object. Beside it stand the few columns that a list view sorts by.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import hazardrules as hr
from hazardrules.reading import read_file

HERE = Path(__file__).parent
RECORDS = {
    "wood_workshop.yaml": "dust_explosion",
    "aluminium_polishing.yaml": "dust_explosion",
    "paper_mill_pool.yaml": "confined_space",
    "lpg_tank_farm.yaml": "chemicals",
    "chlor_alkali.yaml": "chemicals",
    "nitration_unit.yaml": "chemicals",
    "underground_copper_mine.yaml": "noncoal_mine",
    "tailings_pond_before_flood_season.yaml": "noncoal_mine",
    "limestone_quarry_with_dump.yaml": "noncoal_mine",
}
TABLE = """CREATE TABLE IF NOT EXISTS result (
    record TEXT, fingerprint TEXT, level TEXT, hits INTEGER, json TEXT, PRIMARY KEY (record, fingerprint))"""


def keep(database: sqlite3.Connection, record: str, result: hr.Classification) -> None:
    """Store *result*; the same record judged twice by the same rules is stored once."""
    row = (record, result.fingerprint, result.level.value, result.counts["hit"], result.to_json())
    database.execute("INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?)", row)


def kept(database: sqlite3.Connection, record: str) -> hr.Classification:
    """Return the result stored last for *record*."""
    query = "SELECT json FROM result WHERE record = ? ORDER BY rowid DESC LIMIT 1"
    return hr.Classification.from_json(database.execute(query, (record,)).fetchone()[0])


def main(path: str = ":memory:") -> None:
    """Judge the example records, store them, and print the list that the platform would show."""
    database = sqlite3.connect(path)
    database.execute(TABLE)
    for record, industry in RECORDS.items():
        keep(database, record, hr.classify(read_file(HERE / record).data, industry=industry))
    database.commit()
    for record, level, hits in database.execute("SELECT record, level, hits FROM result ORDER BY hits DESC"):
        print(f"{record}: {level}, {hits} 项命中")
        for finding in kept(database, record).findings:
            print(f"    {finding.verdict.value}: {finding.citation.clause} {finding.subject}")
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:2])
