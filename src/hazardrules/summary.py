"""A classification as text or Markdown, for people: the level first, then why, then what is open."""

from __future__ import annotations

from collections.abc import Iterator

from .classification import Classification
from .explain import LEVEL_WORDS, VERDICT_WORDS
from .judge import Verdict
from .results import Finding, Open
from .rules import Level
from .texts import Text

_QUESTIONS = 5  # how many of the next questions are shown


def render(result: Classification, *, markdown: bool = False, explain: bool = False, lang: str | None = None) -> str:
    """Return *result* as text for a terminal, or as Markdown; with *explain* the reasoning too."""
    return "\n".join(_Page(result, markdown=markdown, explain=explain, lang=lang or result.lang).lines())


class _Page:
    def __init__(self, result: Classification, *, markdown: bool, explain: bool, lang: str) -> None:
        self.result, self.markdown, self.explain, self.lang = result, markdown, explain, lang

    def say(self, zh: str, en: str) -> str:
        return Text(zh, en).say(self.lang)

    def head(self, title: str, count: int | None = None) -> str:
        shown = title if count is None else self.say(f"{title}（{count}）", f"{title} ({count})")
        return f"\n## {shown}\n" if self.markdown else f"\n{shown}"

    def label(self, name: str, value: object) -> str:
        return self.say(f"{name}：{value}", f"{name}: {value}")

    def lines(self) -> Iterator[str]:
        yield from self.verdict()
        groups = (
            (Verdict.HIT, self.say("判定为隐患的", "Hazards")),
            (Verdict.DISPUTED, self.say("有争议、须由人判断的", "Disputed, for a person to decide")),
            (Verdict.DEFERRED, self.say("须按其他文件判定的", "To be judged under another document")),
        )
        for verdict, title in groups:
            found = [f for f in self.result.findings if f.verdict is verdict]
            if found:
                yield self.head(title, len(found))
                for n, finding in enumerate(found, 1):
                    yield from self.finding(n, finding)
        yield from self.open()
        yield from self.unseen()
        if self.result.notices:
            yield self.head(self.say("说明", "Notices"))
            yield from (f"- {notice.message}" for notice in self.result.notices)

    def verdict(self) -> Iterator[str]:
        result = self.result
        title = self.label(self.say("判定", "Level"), LEVEL_WORDS[result.level].say(self.lang))
        yield f"# {title}\n" if self.markdown else title
        if not result.conclusive:
            lowest = LEVEL_WORDS[result.established].say(self.lang)
            highest = LEVEL_WORDS[result.possible].say(self.lang)
            yield self.say(
                f"已能确定：{lowest}；尚不能排除：{highest}", f"certain so far: {lowest}; not excluded: {highest}"
            )
        elif result.level is Level.MAJOR and not result.complete:
            yield self.say(
                "级别已定，但隐患清单可能还不完整", "the level is settled; the list of hazards may still grow"
            )
        counts = {name: (VERDICT_WORDS[Verdict(name)].say(self.lang), count) for name, count in result.counts.items()}
        yield self.say("，", ", ").join(f"{word} {count}" for word, count in counts.values())

    def finding(self, n: int, finding: Finding) -> Iterator[str]:
        level = LEVEL_WORDS[finding.level].say(self.lang)
        strong = "**" if self.markdown else ""
        yield f"{n}. {strong}{self.say(f'【{level}】', f'[{level}] ')}{finding.summary}{strong}"
        indent = "   - " if self.markdown else "   "
        yield indent + self.label(self.say("依据", "basis"), finding.citation)
        yield indent + self.label(self.say("对象", "subject"), finding.subject)
        if finding.why and not finding.defers_to:
            title = self.say("说明", "note") if finding.verdict is Verdict.HIT else self.say("争议", "disputed because")
            yield indent + self.label(title, finding.why)
        if finding.defers_to:
            why = self.say(f"（{finding.why}）", f" ({finding.why})") if finding.why else ""
            yield indent + self.label(self.say("适用", "judged under"), finding.defers_to + why)
        if finding.remedy:
            yield indent + self.label(self.say("整改", "remedy"), finding.remedy)
        if finding.unverified:
            yield indent + self.say("注意：这一条尚未与原文核实", "note: not yet verified against the wording")
        if self.explain:
            yield from self.reasoning(finding)

    def open(self) -> Iterator[str]:
        result = self.result
        if not result.open:
            return
        yield self.head(self.say("待定的规则", "Rules still unknown"), len(result.open))
        shown = [item for item in result.open if self.explain or item.level is not Level.ORDINARY]
        if len(shown) < len(result.open):
            count = len(result.open) - len(shown)
            yield self.say(
                f"- 一般隐患的规则 {count} 条（用 --explain 列出）",
                f"- {count} rules on ordinary hazards (listed with --explain)",
            )
        for item in shown:
            clause = f"{item.citation.clause} " if item.citation else ""
            yield f"- {clause}{item.summary} ({item.rule}, {item.subject})"
            names = (f"{item.titles.get(path, '')} {path.rpartition('.')[2]}".strip() for path in item.missing)
            yield "  " + self.label(self.say("还缺", "missing"), self.say("；", "; ").join(names))
            if self.explain:
                yield from self.reasoning(item)

    def unseen(self) -> Iterator[str]:
        result = self.result
        if result.uncovered:
            yield self.head(self.say("没有查看或没有查全的对象", "Kinds of subject not looked at, or not all"))
            names = (f"{result.titles.get(kind, '')} {kind}".strip() for kind in result.uncovered)
            yield f"- {self.say('；', '; ').join(names)}"
        questions = result.questions()
        if questions:
            yield self.head(self.say("接下来最值得问的", "What to ask next"))
            for question in questions[:_QUESTIONS]:
                choices = f" [{' / '.join(question.choices)}]" if question.choices else ""
                yield f"- {question.path}{self.say('：', ': ')}{question.text}{choices}"

    def reasoning(self, item: Finding | Open) -> Iterator[str]:
        told = item.explain(self.lang, "markdown" if self.markdown else "text")
        yield from (f"     {line}" for line in told.splitlines())
