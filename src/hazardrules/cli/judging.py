"""Commands that judge: `classify`, `compare-dates`, `major-hazard-source`."""

from __future__ import annotations

import json
from typing import Any

import click

from .. import hazard_source, summary
from ..classification import Classification
from ..classify import parse_day
from ..comparing import compare_dates
from ..errors import HazardRulesError
from ..reading import read_file
from ..rules import Level
from .commands import BAD_INPUT, Commands, Places, corpus_in


def add(commands: Commands) -> None:
    """Add the commands of this module."""
    say, lang = commands.say, commands.lang

    @commands.add(
        "classify",
        "判定检查记录\n\nFILE 是 YAML 或 JSON 记录，- 表示标准输入。退出码：0 已判定，1 达到 --fail-on，2 输入有误。",
        "judge inspection records\n\nFILE is a YAML or JSON record, - is standard input. "
        "Exit: 0 judged, 1 --fail-on met, 2 bad input.",
    )
    @click.argument("files", nargs=-1, required=True, metavar="FILE…")
    @commands.industry
    @click.option(
        "--on",
        metavar="DATE",
        help=say(
            "按哪一天有效的标准判定（默认：检查日期）", "the day whose law counts (default: the inspection's date)"
        ),
    )
    @commands.standards
    @click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", "markdown"]),
        default="text",
        help=say("输出形式", "form of the output"),
    )
    @click.option("--explain", is_flag=True, help=say("写出判定过程", "show the reasoning"))
    @click.option(
        "--fail-on",
        type=click.Choice(["major", "ordinary", "undetermined"]),
        help=say("级别达到时退出码为 1", "exit with 1 where the level is met"),
    )
    def _classify(
        files: tuple[str, ...],
        industries: tuple[str, ...],
        on: str | None,
        places: Places,
        form: str,
        explain: bool,
        fail_on: str | None,
    ) -> int:
        corpus = corpus_in(places)
        corpus.chosen(industries or None)  # what is wrong with the options is no file's fault
        parse_day(on)
        outputs, failed, met = [], False, False
        for name in files:
            try:
                result = corpus.classify(read_file(name).data, industry=industries or None, on=on, lang=lang)
            except HazardRulesError as error:
                outputs.append(_failure(name, error, lang))
                if form != "json":
                    click.echo(_failed(name, error, lang), err=True)
                failed = True
                continue
            met = met or _met(result, fail_on)
            outputs.append(result.to_dict())
            if form != "json":
                title = f"== {name} ==\n" if len(files) > 1 else ""
                click.echo(title + summary.render(result, markdown=form == "markdown", explain=explain, lang=lang))
        if form == "json":
            click.echo(json.dumps(outputs[0] if len(files) == 1 else outputs, ensure_ascii=False, indent=2))
        return BAD_INPUT if failed else int(met)

    @commands.add(
        "compare-dates",
        "同一份记录按两天的标准各判一次，看哪里变了、为什么",
        "judge one record by the law of two days: what changes and why",
    )
    @click.argument("file", metavar="FILE")
    @click.argument("first", metavar="DATE1")
    @click.argument("second", metavar="DATE2")
    @commands.industry
    @commands.standards
    @click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "print JSON"))
    def _compare(file: str, first: str, second: str, industries: tuple[str, ...], places: Places, as_json: bool) -> int:
        data = read_file(file).data
        made = compare_dates(data, first, second, industry=industries or None, lang=lang, corpus=corpus_in(places))
        click.echo(json.dumps(made.to_dict(), ensure_ascii=False, indent=2) if as_json else str(made))
        return 0

    @commands.add(
        "major-hazard-source",
        "辨识和分级危险化学品重大危险源（GB 18218-2018）\n\nFILE 是 YAML 或 JSON：一个单元（substances、"
        "exposed_population，可加 hazard_source_grade 以便比对），或整份检查记录；- 表示标准输入。"
        "退出码：0 已计算，2 输入有误。",
        "compute S, R and the grade of a major hazard source (GB 18218-2018)\n\nFILE is YAML or JSON: one unit "
        "(substances, exposed_population, and hazard_source_grade to compare), or a whole record; - is standard "
        "input. Exit: 0 computed, 2 bad input.",
    )
    @click.argument("file", metavar="FILE")
    @commands.standards
    @click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        help=say("输出形式", "form of the output"),
    )
    def _major_hazard_source(file: str, places: Places, form: str) -> int:
        found = hazard_source.of_file(read_file(file).data, lang=lang, corpus=corpus_in(places))
        if form == "json":
            units = [{"unit": path, **result.to_dict()} if path else result.to_dict() for path, result in found]
            click.echo(json.dumps(units[0] if len(units) == 1 else units, ensure_ascii=False, indent=2))
            return 0
        click.echo("\n\n".join(f"{path}\n{result}" if path else str(result) for path, result in found))
        return 0


def _failure(name: str, error: HazardRulesError, lang: str) -> dict[str, Any]:
    """Return what stands in the JSON for a file that could not be judged."""
    problems = [{"where": problem.where, "message": problem.message.say(lang)} for problem in error.problems]
    return {"file": name, "error": problems}


def _failed(name: str, error: HazardRulesError, lang: str) -> str:
    """Return the problems of a file, one a line, each with the file's name once."""
    shown = "<stdin>" if name == "-" else name
    lines = (problem.say(lang) for problem in error.problems)
    return "\n".join(line if line.startswith(shown) else f"{shown}: {line}" for line in lines)


def _met(result: Classification, fail_on: str | None) -> bool:
    """Return whether `--fail-on` is met: a level certain at or above it, or not settled."""
    if fail_on == "undetermined":
        return result.level in (Level.MAJOR, Level.UNDETERMINED)
    return fail_on is not None and not result.established < Level(fail_on)
