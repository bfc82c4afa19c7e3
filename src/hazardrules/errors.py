"""What can go wrong, for a caller to catch: each error holds all problems found at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .texts import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (file:line:column, or a fact's path), what, what to do."""

    where: str
    message: Text
    code: str = ""

    def say(self, lang: str = "zh") -> str:
        """Return "where: message" in the language *lang* ("zh" or "en")."""
        return f"{self.where}: {self.message.say(lang)}" if self.where else self.message.say(lang)

    def __str__(self) -> str:
        return self.say()


class HazardRulesError(Exception):
    """The root of the library's errors; `problems` holds each problem with its place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def say(self, lang: str = "zh") -> str:
        """Return all problems, one a line, in the language *lang*."""
        return "\n".join(problem.say(lang) for problem in self.problems)

    def __reduce__(self) -> tuple[type[HazardRulesError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class StandardsError(HazardRulesError):
    """Standards that cannot be read: the maintainer's, each problem at file:line:column."""


class FactsError(HazardRulesError):
    """Facts that cannot be judged: the caller's, each problem at its path in the record."""
