"""common-expression-language (the Rust implementation of CEL): one program a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..synthetic import Condition, Record
from .cel_python import text

NAME, PACKAGE, THREE_VALUED = "CEL (Rust)", "common-expression-language", False
LACKS = "a missing fact is an error; no reasons; binary floats; the record is converted anew for each program"


def prepare(rules: list[Condition]) -> Callable[[Record], list[Any]]:
    import cel

    programs = [cel.compile(text(rule)) for rule in rules]

    def judge(record: Record) -> list[Any]:
        context = cel.Context()
        context.add_variable("r", record)  # converted once for all the rules
        return [program.execute(context) for program in programs]

    return judge
