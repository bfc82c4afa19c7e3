"""Millions of records or subjects in a file, judged within bounded memory; a stopped run goes on where it was.

    IN ─ blocks ─► workers: rows ─ kernel or engine ─► codes, full classifications, bad rows ─► OUT/parts/N

A block becomes a part by one renaming, so that a part is there whole or not at all. What cannot be
judged goes beside with its reason and never stops the run.
"""

from __future__ import annotations

from .. import backends as backends  # which say what is to be installed
