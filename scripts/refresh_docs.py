"""Rewrite what is generated: blocks of the documents (real output, counts of what is encoded), and schemas.

    python scripts/refresh_docs.py            rewrite what is out of date
    python scripts/refresh_docs.py --check    change nothing; exit 1 where something is out of date

A block stands between `<!-- generated: WHAT -->` and `<!-- end -->`. WHAT is `run ARGUMENTS` (the
output of `hazardrules ARGUMENTS`, run in the root of the repository), `clause FILE` (the file of a
clause up to its cases), `file FILE` (a Python file), or one of `TABLES`.
`tests/test_examples.py` and `tests/test_docs.py` compare every block with a fresh one.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from hazardrules import Corpus, default
from hazardrules.cli import main as hazardrules
from hazardrules.maintain import editors, schemas
from hazardrules.maintain.writing import write_whole
from hazardrules.rules import Clause
from hazardrules.showing import catalogue

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- generated: (.+?) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def documents() -> list[Path]:
    """Return the Markdown files that are written by hand, in order."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    return sorted([*found, *(ROOT / "standards").glob("*.md")])


def refreshed(text: str) -> str:
    """Return *text* with the content of every generated block made anew."""
    return BLOCK.sub(lambda found: found[1] + content(found[2]) + found[4], text)


def content(what: str) -> str:
    """Return what the block *what* should hold, with its last line end. Raises `KeyError`."""
    name, _, arguments = what.partition(" ")
    if name == "run":
        return f"```text\n{output(shlex.split(arguments))}```\n"
    if name == "file":
        return f"```python\n{(ROOT / arguments).read_text(encoding='utf-8')}```\n"
    if name == "clause":
        text = (ROOT / arguments).read_text(encoding="utf-8").partition("    cases:\n")[0]
        text = re.sub(r"\A# yaml-language-server: .*\n", "", text)  # for editors, not for readers
        return f"```yaml\n{text}```\n"
    return TABLES[what](default())


def output(arguments: list[str]) -> str:
    """Return what `hazardrules` prints for *arguments*, standard error included, run in the root."""
    printed = io.StringIO()
    os.environ.pop("HAZARDRULES_LANG", None)
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        hazardrules(arguments)
    return printed.getvalue().rstrip() + "\n"


# ----------------------------------------------------------------------------------------- tables


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *([str(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _documents_zh(corpus: Corpus) -> str:
    head = ("文件夹", "文件", "发布", "施行", "失效", "条款", "已编入", "规则", "有争议", "未核实")
    titles = {standard.id: f"《{standard.title}》{standard.number}" for standard in corpus.rulebook.standards}
    return _table(head, (_counts(corpus, item, titles, ("未写明", "未核实")) for item in catalogue(corpus.rulebook)))


def _documents_en(corpus: Corpus) -> str:
    head = ("folder", "document", "issued", "from", "until", "clauses", "encoded", "rules", "disputed", "unverified")
    titles = {s.id: f"{s.title_en or s.title}, {s.number}" for s in corpus.rulebook.standards}
    return _table(
        head, (_counts(corpus, item, titles, ("not stated", "not verified")) for item in catalogue(corpus.rulebook))
    )


def _counts(corpus: Corpus, item: dict[str, Any], titles: dict[str, str], unstated: tuple[str, str]) -> list[Any]:
    """Return one row of the table of documents, from an entry of `hazardrules standards --json`.

    *unstated* are the words for a first day that a document does not state, and that nobody verified.
    """
    rules = [rule for clause in item["clauses"] for rule in clause["rules"]]
    standard = next(standard for standard in corpus.rulebook.standards if standard.id == item["id"])
    span, encoded = item["in_force"], sum(clause["encoded"] for clause in item["clauses"])
    return [
        f"`{item['id']}`", titles[item["id"]], standard.issued or "—",
        span["from"] or unstated[standard.unverified], span["until"] or "—",
        len(item["clauses"]), encoded, len(rules), sum(rule["disputed"] for rule in rules),
        sum(rule["unverified"] for rule in rules),
    ]  # fmt: skip


def _clauses(corpus: Corpus) -> str:
    """Return a line a document: number, title, days, and which clauses of each chapter are encoded."""
    lines = []
    for standard in corpus.rulebook.standards:
        since, until = standard.in_force.since, standard.in_force.until
        start = f"没有写施行日期，{since} 发布" if standard.states_no_date else f"{since} 起施行"
        days = start + (f"，{until} 失效" if until else "")
        groups: dict[str, list[Clause]] = {name: [] for name in standard.chapters}
        for clause in standard.clauses:
            groups.setdefault(clause.chapter if clause.chapter in standard.chapters else "", []).append(clause)
        titles = {name: f"{chapter.clause}（{chapter.title}）" for name, chapter in standard.chapters.items()}
        parts = [_group(titles.get(name, ""), clauses) for name, clauses in groups.items() if clauses]
        lines.append(f"* {standard.number}《{standard.title}》（{days}）：{'；'.join(parts)}。\n")
    return "".join(lines)


def _group(name: str, clauses: list[Clause]) -> str:
    """Return how many of *clauses* are encoded, from which to which, in words."""
    encoded = [clause.label for clause in clauses if clause.rules]
    if not encoded:
        return f"{name}{len(clauses)} 项都没有编入"
    span = encoded[0] if len(encoded) == 1 else f"{encoded[0]} 至 {encoded[-1]}"
    whole = f"{len(encoded)} 项" if len(encoded) == len(clauses) else f"{len(clauses)} 项中的 {len(encoded)} 项"
    return f"{name or span} {whole}"


def _industries(corpus: Corpus) -> str:
    rows = []
    for industry in corpus.industries.values():
        rules = sum(industry.takes(standard.id, clause) for standard, clause, _ in corpus.rulebook.rules())
        folders = "、".join(f"`{name}`" for name in industry.documents)
        rows.append([f"`{industry.id}`", industry.title.zh, industry.title.en, folders, rules])
    return _table(("`--industry`", "行业", "field of work", "文件夹 folders", "规则 rules"), rows)


TABLES: dict[str, Callable[[Corpus], str]] = {
    "documents zh": _documents_zh,
    "documents en": _documents_en,
    "industries": _industries,
    "clauses": _clauses,
}


def main(arguments: list[str]) -> int:
    """Rewrite what is out of date, or with `--check` only name it; return the exit code."""
    stale = 0
    for path in documents():
        text = path.read_text(encoding="utf-8")
        fresh = refreshed(text)
        if fresh != text:
            stale += 1
            print(path.relative_to(ROOT))
            if "--check" not in arguments:
                path.write_text(fresh, encoding="utf-8")
    for path in schemas.stale(ROOT / "standards"):
        stale += 1
        print(path.relative_to(ROOT))
    if "--check" not in arguments:
        schemas.write(ROOT / "standards")
    for path, text in editors.stale(ROOT / "standards", default().rulebook).items():
        stale += 1
        print(path.relative_to(ROOT))
        if "--check" not in arguments:
            write_whole(path, text)
    return int(stale > 0 and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
