"""`hazardrules lint` and `hazardrules test`: which files, what came of them, and the exit code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ..classify import Corpus
from ..errors import HazardRulesError, Problem
from ..files import load, shown
from ..texts import Text
from . import cases
from . import lint as linting

Echo = Callable[[str], None]


def lint(paths: Sequence[str], lang: str, echo: Echo) -> int:
    """Print every problem of the standards at *paths* and return 1 where there is one, else 0."""
    count = rules = unverified = 0
    for root, wanted in _roots(paths):
        problems = [p for p in linting.lint(root) if _concerns(p.where, wanted)]
        for problem in problems:
            code = f"{problem.code}: " if problem.code else ""
            echo(f"{problem.where}: {code}{problem.message.say(lang)}")
        count += len(problems)
        if not problems:
            corpus = Corpus(load(root))
            rules += sum(1 for _ in corpus.rulebook.rules())
            unverified += linting.unverified(corpus)
    if count:
        echo(Text(f"{count} 个问题", f"{count} problem(s)").say(lang))
    else:
        echo(
            Text(
                f"没有问题；规则 {rules} 条，其中未核实 {unverified} 条",
                f"no problems; {rules} rules, {unverified} unverified",
            ).say(lang)
        )
    return int(count > 0)


def test(paths: Sequence[str], lang: str, echo: Echo) -> int:
    """Run the cases of the rules at *paths*; print failures with their reasoning; 1 where one failed."""
    passed = failed = 0
    for root, wanted in _roots(paths):
        corpus = Corpus(load(root))
        for standard, clause, rule in corpus.rulebook.rules():
            if not _concerns(clause.path, wanted):
                continue
            if not rule.cases:
                failed += 1
                echo(f"{clause.path}: {rule.id}: {Text('没有用例', 'no cases').say(lang)}")
            for outcome in cases.run(corpus, rule, standard, clause):
                if outcome.problem is None:
                    passed += 1
                    continue
                failed += 1
                number = Text(f"用例 {outcome.number}", f"case {outcome.number}").say(lang)
                echo(f"{outcome.where}: {outcome.rule}: {number}: {outcome.problem.say(lang)}")
                for line in outcome.explanation.splitlines():
                    echo(f"    {line}")
    echo(f"{passed} passed, {failed} failed")
    return int(failed > 0)


def _roots(paths: Sequence[str]) -> list[tuple[Path | None, list[str]]]:
    """Return the standards folders to read, each with the paths in it that are asked for."""
    if not paths:
        return [(None, [])]
    found: dict[Path, list[str]] = {}
    for name in paths:
        path = Path(name)
        if not path.exists():
            raise HazardRulesError([Problem(name, Text("没有这个文件或文件夹", "there is no such file or folder"))])
        root = next((p for p in (path, *path.resolve().parents) if (p / "facts").is_dir()), None)
        if root is None:
            raise HazardRulesError(
                [
                    Problem(
                        name,
                        Text(
                            "不在标准文件夹里（标准文件夹有 facts/）", "not in a standards folder (one that has facts/)"
                        ),
                    )
                ]
            )
        wanted = found.setdefault(root.resolve(), [])
        if path.resolve() != root.resolve():
            wanted.append(shown(path.resolve()))
    return list(found.items())


def _concerns(where: str, wanted: Sequence[str]) -> bool:
    return not wanted or any(where.startswith(path) for path in wanted)
