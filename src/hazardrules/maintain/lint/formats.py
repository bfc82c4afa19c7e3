"""A lint report as text, JSON, SARIF 2.1.0 (code scanning), or workflow commands of GitHub Actions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ...errors import Problem
from ...texts import Text
from ...version import VERSION
from . import CHECKS, Allowed, Check, Report

UNREADABLE = "unreadable"  # stands for the code of what keeps a file from being read, which has none
_RULES = (
    Check(UNREADABLE, Text("标准文件读不进来", "a file that cannot be read"), lambda _: ()),
    *CHECKS,
    Check("undecided", Text("情况太多，没有核对", "too many cases to check"), lambda _: ()),
)


def as_text(report: Report, lang: str) -> str:
    """Return the problems one a line, `file:line:column: code: message`, and a line of counts."""
    lines = [_line(problem, lang) for problem in report.problems]
    lines += [_line(problem, lang) for problem in report.undecided]
    return "".join(f"{line}\n" for line in [*lines, _counts(report).say(lang)])


def _line(problem: Problem, lang: str) -> str:
    code = f"{problem.code}: " if problem.code else ""
    return f"{problem.where}: {code}{problem.message.say(lang)}"


def _counts(report: Report) -> Text:
    rules, allowed, undecided = len(report.rules), len(report.allowed), len(report.undecided)
    unverified = sum(rule.unverified for rule in report.rules)
    more = Text(
        (f"；写明有意的 {allowed} 处" if allowed else "")
        + (f"；情况太多没有核对的 {undecided} 处" if undecided else ""),
        (f", {allowed} meant" if allowed else "") + (f", {undecided} not checked" if undecided else ""),
    )
    if report.problems:
        n = len(report.problems)
        return Text(f"{n} 个问题{more.zh}", f"{n} problem(s){more.en}")
    return Text(
        f"没有问题；规则 {rules} 条，其中未核实 {unverified} 条{more.zh}",
        f"no problems; {rules} rules, {unverified} unverified{more.en}",
    )


def as_json(report: Report, lang: str) -> str:
    """Return the report as one JSON object (`"schema": 1`): problems, allowed, undecided, unverified, counts."""
    data = {
        "schema": 1,
        "problems": [_data(problem, lang) for problem in report.problems],
        "allowed": [{**_data(item.problem, lang), "why": item.why} for item in report.allowed],
        "undecided": [_data(problem, lang) for problem in report.undecided],
        "unverified": [rule.id for rule in report.rules if rule.unverified],
        "counts": {
            "rules": len(report.rules),
            "unverified": sum(rule.unverified for rule in report.rules),
            "problems": len(report.problems),
            "allowed": len(report.allowed),
            "undecided": len(report.undecided),
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _data(problem: Problem, lang: str) -> dict[str, Any]:
    file, line, column = place(problem.where)
    return {
        "file": file,
        "line": line,
        "column": column,
        "code": problem.code or UNREADABLE,
        "message": problem.message.say(lang),
    }


def place(where: str) -> tuple[str, int | None, int | None]:
    """Return file, line and column of "file:line:column"; None where there is no line."""
    file, line, column = (*where.rsplit(":", 2), "", "")[:3]
    return (file, int(line), int(column)) if line.isdigit() and column.isdigit() else (where, None, None)


# -------------------------------------------------------------------------------------------- SARIF


def as_sarif(report: Report, lang: str) -> str:
    """Return the report as a SARIF 2.1.0 log; what is meant comes as suppressed results."""
    results = [_result(problem, lang) for problem in report.problems]
    results += [_result(item.problem, lang, item) for item in report.allowed]
    results += [_result(problem, lang, undecided=True) for problem in report.undecided]
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(lang)},
                "language": "en" if lang == "en" else "zh-CN",
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _driver(lang: str) -> dict[str, Any]:
    rules = [{"id": rule.code, "shortDescription": {"text": rule.title.say(lang)}} for rule in _RULES]
    return {"name": "hazardrules lint", "version": VERSION, "rules": rules}


def _result(problem: Problem, lang: str, meant: Allowed | None = None, *, undecided: bool = False) -> dict[str, Any]:
    code = "undecided" if undecided else problem.code or UNREADABLE
    file, line, column = place(problem.where)
    region = {"region": {"startLine": line, "startColumn": column}} if line else {}
    return {
        "ruleId": code,
        "ruleIndex": [rule.code for rule in _RULES].index(code),
        **({"kind": "open", "level": "none"} if undecided else {"level": "error"}),
        "message": {"text": problem.message.say(lang)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(file)}, **region}}],
        **({"suppressions": [{"kind": "inSource", "justification": meant.why}]} if meant else {}),
    }


def _uri(file: str) -> str:
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


# ------------------------------------------------------------------------------------------- GitHub


def as_github(report: Report, lang: str) -> str:
    """Return the report as workflow commands, which GitHub Actions shows beside the lines of a change."""
    lines = [_command("error", problem, lang) for problem in report.problems]
    lines += [_command("warning", problem, lang) for problem in report.undecided]
    return "".join(f"{line}\n" for line in [*lines, _counts(report).say(lang)])


def _command(name: str, problem: Problem, lang: str) -> str:
    file, line, column = place(problem.where)
    parts = {"file": file, **({"line": line, "col": column} if line else {}), "title": problem.code or UNREADABLE}
    told = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in parts.items())
    return f"::{name} {told}::{_escaped(problem.message.say(lang))}"


def _escaped(text: str, also: str = "") -> str:
    """Return *text* with what would end it written as the runner reads it back."""
    for char in ("%", "\r", "\n", *also):
        text = text.replace(char, f"%{ord(char):02X}")
    return text


FORMS: Mapping[str, Callable[[Report, str], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
}
