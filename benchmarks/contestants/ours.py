"""hazardrules: compiled, over typed rows made once (as the others get parsed data)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import synthetic

NAME, PACKAGE, THREE_VALUED = "hazardrules", None, True
LACKS = "—"
ANSWERS = {1: True, 0: False, -1: None}


def prepare(rules: list[synthetic.Condition]) -> Callable[[synthetic.Record], list[bool | None]]:
    corpus = synthetic.corpus(rules)
    program = corpus.program(synthetic.DAY, ()).program
    function = program.blocks["plant"].function
    made: dict[int, Any] = {}

    def judge(record: synthetic.Record) -> list[bool | None]:
        row = made.get(id(record))
        if row is None:
            inspection = corpus.inspect(synthetic.as_facts(record), on=synthetic.DAY)
            row = made[id(record)] = inspection.record.rows["plant"][0]
        return [ANSWERS[code] for code in function(row, row._up, row._up._up, ())]

    return judge
