"""The command line: parse arguments, call, print. Chinese by default, `--lang en` for English."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from . import forms, hazard_source, summary
from .classification import Classification
from .classify import Corpus, default, load, parse_day
from .comparing import compare_dates
from .errors import HazardRulesError
from .files import standards_version
from .reading import read_file
from .rules import Level
from .showing import catalogue, describe_clause
from .texts import Text
from .version import VERSION

BAD_INPUT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 a check failed, 2 bad input."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    lang = _language(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        result = application(lang).main(args=arguments, prog_name="hazardrules", standalone_mode=False, obj=lang)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        return 130
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        return 0
    except click.ClickException as error:
        click.echo(_usage(error, lang), err=True)
        return BAD_INPUT
    except HazardRulesError as error:
        click.echo(error.say(lang), err=True)
        return BAD_INPUT
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - nobody reads on
        return 0
    except KeyboardInterrupt:
        return 130


def _language(arguments: Sequence[str]) -> str:
    """Return the language asked for, before anything is parsed: the help is in it too."""
    wanted = os.environ.get("HAZARDRULES_LANG", "zh")
    for n, argument in enumerate(arguments):
        if argument == "--lang" and n + 1 < len(arguments):
            wanted = arguments[n + 1]
        elif argument.startswith("--lang="):
            wanted = argument.partition("=")[2]
    return "en" if wanted == "en" else "zh"


def _usage(error: click.ClickException, lang: str) -> str:
    """Return what is wrong with the command line, and where to look."""
    tail = Text("。用 hazardrules --help 查看用法", ". See hazardrules --help").say(lang)
    return (_in_chinese(error) if lang == "zh" else error.format_message()).rstrip(".。") + tail


def _in_chinese(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            near = f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
            return f"没有选项 {error.option_name}{near}"
        case click.NoSuchCommand():
            near = f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
            return f"没有命令 {error.command_name}{near}"
        case click.MissingParameter():
            return f"缺少 {error.param.make_metavar(error.ctx) if error.param and error.ctx else '参数'}"
        case click.BadParameter():
            choices = getattr(error.param.type, "choices", None) if error.param else None
            name = error.param.opts[0] if error.param else ""
            return f"{name} 的值不对" + (f"，可填 {'、'.join(choices)}" if choices else f"：{error.message}")
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 要带一个值"
    return f"用法不对：{error.message}"


# ------------------------------------------------------------------------------------- the look


_WORDS = {
    "Usage:": "用法：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]…",
    "Options:": "选项：",
    "Commands:": "命令：",
    "Show this message and exit.": "显示这份说明。",
    "[required]": "[必填]",
}


def _headed(text: str, lang: str) -> str:
    """Return a help *text* with its fixed words in *lang*."""
    for english, word in _WORDS.items() if lang == "zh" else ():
        text = text.replace(english, word, 1)
    return text


class _Command(click.Command):
    def get_help(self, ctx: click.Context) -> str:
        return _headed(super().get_help(ctx), str(ctx.find_root().obj))


class _Group(click.Group):
    def get_help(self, ctx: click.Context) -> str:
        return _headed(super().get_help(ctx), str(ctx.find_root().obj))


def application(lang: str) -> click.Group:
    """Return the commands with their help in *lang*."""

    def say(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    lang_option = click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        default=lang,
        help=say("输出语言", "language of the output"),
        expose_value=False,
    )
    standards_option = click.option(
        "--standards",
        "folder",
        type=click.Path(path_type=Path),
        help=say("用这个文件夹里的标准，而不是自带的", "use the standards in this folder"),
    )
    industry_option = click.option(
        "--industry",
        "industries",
        multiple=True,
        metavar="I",
        help=say("行业，可重复；hazardrules standards 列出", "field of work, may be repeated"),
    )

    def command(app: click.Group, name: str, zh: str, en: str) -> Callable[[Callable[..., Any]], click.Command]:
        def add(function: Callable[..., Any]) -> click.Command:
            made = click.command(name, cls=_Command, help=say(zh, en), short_help=say(zh, en).split("\n")[0])(
                lang_option(function)
            )
            app.add_command(made)
            return made

        return add

    @click.group(
        cls=_Group,
        help=say(
            "判定检查发现的问题是重大事故隐患还是一般事故隐患，并引出所依据的条款。\n\n"
            "先用 hazardrules facts --industry dust_explosion > 记录.yaml 得到空白记录，填好后用 "
            "hazardrules classify 记录.yaml --industry dust_explosion 判定。",
            "Tell whether what an inspection found is a major accident hazard or an ordinary one, "
            "and cite the clause.\n\n"
            "First hazardrules facts --industry dust_explosion > record.yaml gives an empty record; fill it in, then "
            "hazardrules classify record.yaml --industry dust_explosion judges it.",
        ),
    )
    @click.version_option(
        VERSION,
        message=f"hazardrules %(version)s, {say('标准', 'standards')} {standards_version()}",
        help=say("显示版本", "show the version"),
    )
    @lang_option
    def group() -> None:
        pass

    app: click.Group = group

    @command(
        app,
        "classify",
        "判定检查记录\n\nFILE 是 YAML 或 JSON 记录，- 表示标准输入。退出码：0 已判定，1 达到 --fail-on，2 输入有误。",
        "judge inspection records\n\nFILE is a YAML or JSON record, - is standard input. "
        "Exit: 0 judged, 1 --fail-on met, 2 bad input.",
    )
    @click.argument("files", nargs=-1, required=True, metavar="FILE…")
    @industry_option
    @click.option(
        "--on",
        metavar="DATE",
        help=say(
            "按哪一天有效的标准判定（默认：检查日期）", "the day whose law counts (default: the inspection's date)"
        ),
    )
    @standards_option
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
        folder: Path | None,
        form: str,
        explain: bool,
        fail_on: str | None,
    ) -> int:
        corpus = _corpus(folder)
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

    @command(
        app,
        "compare-dates",
        "同一份记录按两天的标准各判一次，看哪里变了、为什么",
        "judge one record by the law of two days: what changes and why",
    )
    @click.argument("file", metavar="FILE")
    @click.argument("first", metavar="DATE1")
    @click.argument("second", metavar="DATE2")
    @industry_option
    @standards_option
    @click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "print JSON"))
    def _compare(
        file: str, first: str, second: str, industries: tuple[str, ...], folder: Path | None, as_json: bool
    ) -> int:
        data = read_file(file).data
        made = compare_dates(data, first, second, industry=industries or None, lang=lang, corpus=_corpus(folder))
        click.echo(json.dumps(made.to_dict(), ensure_ascii=False, indent=2) if as_json else str(made))
        return 0

    @command(app, "standards", "列出收录的标准、条款和规则", "list the documents, clauses and rules held")
    @standards_option
    @click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "print JSON"))
    def _standards(folder: Path | None, as_json: bool) -> int:
        corpus = _corpus(folder)
        listed = catalogue(corpus.rulebook)
        if as_json:
            click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
            return 0
        click.echo(say("行业（--industry）：", "industries (--industry):"))
        for industry in corpus.industries.values():
            click.echo(f"  {industry.id}  {industry.title.say(lang)}")
        for standard in listed:
            rules = sum(len(clause["rules"]) for clause in standard["clauses"])
            encoded = sum(clause["encoded"] for clause in standard["clauses"])
            since, until = (standard["in_force"][end] for end in ("from", "until"))
            clauses = len(standard["clauses"])
            click.echo(
                f"\n{standard['id']}  {standard['number']} 《{standard['title']}》 {standard['issuer']}\n  "
                + say(
                    f"施行 {since or '?'}，废止 {until or '—'}；条款 {clauses}，已编入 {encoded}，规则 {rules}",
                    f"from {since or '?'} until {until or '—'}; {clauses} clauses, {encoded} encoded, {rules} rules",
                )
            )
            for clause in standard["clauses"]:
                ids = " ".join(rule["id"] for rule in clause["rules"])
                click.echo(f"  {clause['clause']}  {ids or say('未编入：', 'not encoded: ') + str(clause['why'])}")
        return 0

    @command(
        app,
        "facts",
        "给出空白检查记录、纸面检查表或 JSON Schema",
        "print an empty record, a checklist or the JSON Schema",
    )
    @industry_option
    @click.option("--subject", metavar="S", help=say("只要这一种对象", "only this kind of subject"))
    @standards_option
    @click.option(
        "--format",
        "form",
        type=click.Choice(["yaml", "json-schema", "markdown"]),
        default="yaml",
        help=say("输出形式", "form of the output"),
    )
    def _facts(industries: tuple[str, ...], subject: str | None, folder: Path | None, form: str) -> int:
        corpus = _corpus(folder)
        facts = forms.asked(corpus.rulebook, corpus.chosen(industries or None), subject)
        if form == "json-schema":
            click.echo(json.dumps(forms.as_schema(corpus.vocabulary, facts, lang), ensure_ascii=False, indent=2))
        else:
            click.echo(
                (forms.as_yaml if form == "yaml" else forms.as_markdown)(corpus.vocabulary, facts, lang), nl=False
            )
        return 0

    @command(
        app,
        "major-hazard-source",
        "辨识和分级危险化学品重大危险源（GB 18218-2018）\n\nFILE 是 YAML 或 JSON：一个单元（substances、"
        "exposed_population，可加 hazard_source_grade 以便比对），或整份检查记录；- 表示标准输入。"
        "退出码：0 已计算，2 输入有误。",
        "compute S, R and the grade of a major hazard source (GB 18218-2018)\n\nFILE is YAML or JSON: one unit "
        "(substances, exposed_population, and hazard_source_grade to compare), or a whole record; - is standard "
        "input. Exit: 0 computed, 2 bad input.",
    )
    @click.argument("file", metavar="FILE")
    @standards_option
    @click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        help=say("输出形式", "form of the output"),
    )
    def _major_hazard_source(file: str, folder: Path | None, form: str) -> int:
        found = hazard_source.of_file(read_file(file).data, lang=lang, corpus=_corpus(folder))
        if form == "json":
            units = [{"unit": path, **result.to_dict()} if path else result.to_dict() for path, result in found]
            click.echo(json.dumps(units[0] if len(units) == 1 else units, ensure_ascii=False, indent=2))
            return 0
        click.echo("\n\n".join(f"{path}\n{result}" if path else str(result) for path, result in found))
        return 0

    @command(app, "show", "显示一条规则或一个条款", "show a rule or a clause")
    @click.argument("name", metavar="RULE_OR_CLAUSE")
    @standards_option
    def _show(name: str, folder: Path | None) -> int:
        click.echo(describe_clause(_corpus(folder).rulebook, name, lang))
        return 0

    @command(
        app,
        "lint",
        "检查标准文件\n\nPATH 是标准文件夹或其中的文件（默认：自带的标准）。",
        "check the files of standards",
    )
    @click.argument("paths", nargs=-1, metavar="[PATH…]")
    def _lint(paths: tuple[str, ...]) -> int:
        from .maintain import checking

        return checking.lint(paths, lang, click.echo)

    @command(
        app, "test", "运行规则的用例\n\nPATH 是标准文件夹或其中的文件（默认：自带的标准）。", "run the rules' cases"
    )
    @click.argument("paths", nargs=-1, metavar="[PATH…]")
    def _test(paths: tuple[str, ...]) -> int:
        from .maintain import checking

        return checking.test(paths, lang, click.echo)

    return app


def _corpus(folder: Path | None) -> Corpus:
    return default() if folder is None else load(folder)


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
