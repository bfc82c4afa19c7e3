"""Python as a careful programmer writes it for three answers: small Kleene helpers, one function a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..synthetic import Condition, Record

NAME, PACKAGE, THREE_VALUED = "plain Python, three-valued", None, True
LACKS = "no explanation"


def every(answers: Iterable[bool | None]) -> bool | None:
    """Return whether all *answers* are yes; None while that is not known."""
    found: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            found = None
    return found


def some(answers: Iterable[bool | None]) -> bool | None:
    """Return whether one of *answers* is yes; None while that is not known."""
    found: bool | None = False
    for answer in answers:
        if answer is True:
            return True
        if answer is None:
            found = None
    return found


def text(condition: Condition, facts: str = "r") -> str:
    """Return *condition* as the Python that one would write with the helpers."""
    match condition:
        case ("all" | "any" as joint, parts):
            return f"{'every' if joint == 'all' else 'some'}(({', '.join(text(part, facts) for part in parts)},))"
        case ("some" | "every" as joint, name, where):
            return f"{joint}({text(where, 'p')} for p in {facts}[{name!r}])"
        case ("is", name):
            return f"{facts}.get({name!r})"
        case ("isnt", name):
            return f"(None if {facts}.get({name!r}) is None else not {facts}[{name!r}])"
        case (test, name, value):
            compared = f"{facts}[{name!r}] {dict(eq='==', lt='<', ge='>=')[test]} {value!r}"
            return f"(None if {facts}.get({name!r}) is None else {compared})"
    raise ValueError(condition)


def prepare(rules: list[Condition]) -> Callable[[Record], list[bool | None]]:
    functions = [eval(f"lambda r: {text(rule)}") for rule in rules]  # noqa: S307
    return lambda record: [function(record) for function in functions]
