"""A self-check at the terminal: the library says what to ask next, until nothing is left to ask.

    python examples/self_check.py [INDUSTRY]      (without INDUSTRY: confined_space)

A blank answer means "not known"; several answers are separated by 、 or a comma; the end of the
input (Ctrl-D) ends the asking.
"""

from __future__ import annotations

import re
import sys
from typing import Any

import hazardrules as hr


def understood(question: hr.Question, answer: str) -> Any:
    """Return *answer* as the record holds it: a list for the questions that take several."""
    if question.type not in ("list", "choices") or answer in ("没有", "无", "none"):
        return answer
    words = [word for word in re.split(r"[、，,\s\[\]]+", answer) if word]
    return [{"id": word} for word in words] if question.type == "list" else words


def main(industry: str = "confined_space") -> None:
    """Ask, judge and ask again; print the result."""
    record: dict[str, Any] = {}
    asked: set[str] = set()
    result = hr.classify(record, industry=industry)
    while question := next((q for q in result.questions() if q.path not in asked), None):
        print(question.text, *question.choices, sep="\n  ")
        try:
            answer = input("> ").strip()
            changed = question.put(record, understood(question, answer)) if answer else record
            result, record = hr.classify(changed, industry=industry), changed
            asked.add(question.path)
        except hr.FactsError as error:
            print(error)  # what was wrong and what may be answered; the question comes again
        except EOFError:
            break
    print(result)


if __name__ == "__main__":
    main(*sys.argv[1:2])
