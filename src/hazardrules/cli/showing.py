"""Commands that show what the standards hold: `standards`, `facts`, `show`."""

from __future__ import annotations

import json

import click

from .. import forms
from ..places import packages
from ..showing import catalogue, describe_clause
from .commands import Commands, Places, corpus_in


def add(commands: Commands) -> None:
    """Add the commands of this module."""
    say, lang = commands.say, commands.lang

    @commands.add("standards", "列出收录的标准、条款和规则", "list the documents, clauses and rules held")
    @commands.standards
    @click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "print JSON"))
    def _standards(places: Places, as_json: bool) -> int:
        corpus = corpus_in(places)
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
        if others := [name for name in packages() if name not in places]:
            told = say(f"{'、'.join(others)}（用 --standards 选用）", f"{', '.join(others)} (--standards takes one)")
            click.echo(say("\n已安装、没有选用的标准：", "\ninstalled standards that were not asked for: ") + told)
        return 0

    @commands.add(
        "facts",
        "给出空白检查记录、纸面检查表或 JSON Schema",
        "print an empty record, a checklist or the JSON Schema",
    )
    @commands.industry
    @click.option("--subject", metavar="S", help=say("只要这一种对象", "only this kind of subject"))
    @commands.standards
    @click.option(
        "--format",
        "form",
        type=click.Choice(["yaml", "json-schema", "markdown"]),
        default="yaml",
        help=say("输出形式", "form of the output"),
    )
    def _facts(industries: tuple[str, ...], subject: str | None, places: Places, form: str) -> int:
        corpus = corpus_in(places)
        facts = forms.asked(corpus.rulebook, corpus.chosen(industries or None), subject)
        if form == "json-schema":
            click.echo(json.dumps(forms.as_schema(corpus.vocabulary, facts, lang), ensure_ascii=False, indent=2))
        else:
            click.echo(
                (forms.as_yaml if form == "yaml" else forms.as_markdown)(corpus.vocabulary, facts, lang), nl=False
            )
        return 0

    @commands.add("show", "显示一条规则或一个条款", "show a rule or a clause")
    @click.argument("name", metavar="RULE_OR_CLAUSE")
    @commands.standards
    def _show(name: str, places: Places) -> int:
        click.echo(describe_clause(corpus_in(places).rulebook, name, lang))
        return 0
