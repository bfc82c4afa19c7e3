"""What one cell of text says where a record has a list: several words, or the parts of a subject.

A table of text (CSV) has no lists. Words stand with “、” between them, or as a JSON list; parts as JSON.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from .. import values
from ..facts import FactSpec

_SEPARATOR = re.compile(r"\s*([、;；,，|])\s*")


def value(spec: FactSpec, text: str) -> Any:
    """Return what *text* says of the fact *spec*, as a record would say it."""
    if spec.type == "list":
        return _json(text)
    return several(spec, text) if spec.type == "choices" else text


def several(spec: FactSpec, text: str) -> Any:
    """Return the words in *text*; text that stands for none or for not known stays as it is."""
    text = text.strip()
    if text.startswith("["):
        return _json(text)
    words = {_bare(name): word for word, label in spec.values.items() for name in (word, label) if name}
    if _bare(text) not in words and (values.is_unknown(text) or text in values.NONE_WORDS):
        return text
    pieces = _SEPARATOR.split(text)  # word, separator, word …
    found, at = [], 0
    while at < len(pieces):
        ends = range(len(pieces), at, -2)  # the longest first: a word may hold a separator itself
        end = next((end for end in ends if _bare("".join(pieces[at:end])) in words), at + 1)
        joined = "".join(pieces[at:end])
        found.append(words.get(_bare(joined), joined))
        at = end + 1
    return found


def _bare(text: str) -> str:
    """Return *text* without what does not tell words apart."""
    return "".join(text.lower().split())


def _json(text: str) -> Any:
    """Return the data of JSON *text*; what is none stays text, which the reader of records refuses."""
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return text
