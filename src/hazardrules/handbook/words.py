"""The glossary: what the words of the handbook mean, for who reads clauses and not code."""

from __future__ import annotations

from collections.abc import Iterable

from ..explain import LEVEL_WORDS, VERDICT_WORDS
from ..facts import DESIGN, DEVICE, PROCEDURE
from ..judge import Verdict
from ..rules import Level, Rulebook
from ..texts import Text
from .cases import NOT_IN_FORCE
from .pages import Term, WordsPage

_LEVELS = {
    Level.MAJOR: Text(
        "判定标准点名列举的情形。没有列举的，不管多严重，都不会列为重大。",
        "What a judgment standard lists by name. What none lists is never major, however grave.",
    ),
    Level.ORDINARY: Text(
        "违反了别的义务，而判定标准没有把它列为重大。",
        "A breach of some other duty that no judgment standard lists as major.",
    ),
}

_VERDICTS = {
    Verdict.HIT: Text(
        "前提、适用于、情形都满足，没有可靠的除外：就是这一条说的隐患。",
        "Premises, scope and situation all hold and no firm exception does: it is the hazard that the clause names.",
    ),
    Verdict.DISPUTED: Text(
        "按较宽的理解算，按较窄的不算；或者除外本身有疑问。要由人判断。",
        "It counts by a wider reading and not by the narrow one, or the exception is in doubt. A person decides.",
    ),
    Verdict.UNKNOWN: Text(
        "还缺事实，定不下来。没看到不等于没有问题。",
        "Facts are missing that could decide it. What was not seen is not in order for that.",
    ),
    Verdict.NOT_APPLICABLE: Text(
        "这一条不管这个对象。",
        "The clause does not speak of this subject.",
    ),
    Verdict.DEFERRED: Text(
        "这件事该按另一份文件判定。",
        "The matter is to be judged under another document.",
    ),
    Verdict.CLEAR: Text(
        "这一条管它，而它不是这种情形，或者被除外排除。不等于“合格”：别的条款另看。",
        "The clause speaks of it, and it is not the situation, or an exception clears it. Not “compliant”: "
        "other clauses are looked at for themselves.",
    ),
}

_NO_VERDICT = (
    NOT_IN_FORCE,
    Text(
        "那一天这条规则还没有施行，或者已经失效，所以不判。",
        "On that day the rule does not hold yet, or no longer; it is not judged.",
    ),
)

_RULE = (
    (
        Text("对象", "subject"),
        Text(
            "判断的是什么：一套除尘系统、一处有限空间、一个人员。有几个就判断几次。",
            "What is judged: one dust collector, one confined space, one worker. Each one by itself.",
        ),
    ),
    (
        Text("前提", "premise"),
        Text(
            "文件的适用范围和章的开头说的条件，成立了才往下看。",
            "What the scope of the document and the opening of its chapter demand before any clause speaks.",
        ),
    ),
    (
        Text("适用于", "applies to"),
        Text("这一条管哪些对象；不管的就是“不适用”。", "Which subjects the clause is about; to no other it applies."),
    ),
    (Text("情形", "situation"), Text("没有争议就算隐患的情形。", "What surely is the hazard.")),
    (
        Text("除外", "exception"),
        Text(
            "有依据地不算的情形。有争议或未核实的除外，不能排除命中，只把它变成“有争议”。",
            "What on good authority does not count. One that is disputed or unverified never clears a hit; "
            "it only makes it disputed.",
        ),
    ),
    (
        Text("较宽的理解", "wider reading"),
        Text(
            "有人认为也算、有人认为不算的情形。只落在这里的，结论是“有争议”。",
            "What some count and some do not. What falls only here is disputed.",
        ),
    ),
    (
        Text("理解", "reading"),
        Text("原文没有说清的地方怎样理解、为什么。", "How a wording that leaves room was understood, and why."),
    ),
    (
        Text("相邻的一般义务", "ordinary duty beside it"),
        Text(
            "同一件事在别的文件里的义务。重大的命中了，它并入重大的一条，不另算。",
            "The duty of another document about the same matter; folded into the major hazard where that is found.",
        ),
    ),
    (
        Text("用例", "case"),
        Text(
            "这样的现场应当是这个结论。每个用例都由程序判过，判错了就通不过。",
            "Facts, and the verdict that they must get. Each is judged by the program; a wrong one does not pass.",
        ),
    ),
    (
        Text("由人判断", "judged"),
        Text(
            "法律没有给出数字的事实，如“严重积尘”，由检查人或者专家判断，下面列出旁证。",
            "A fact for which the law gives no figure; the inspector or an expert judges it, by the evidence named.",
        ),
    ),
    (
        Text("未核实", "unverified"),
        Text(
            "凭记忆或二手资料编写，没有对照原文。用之前先核对。",
            "From memory or second hand, not compared with the wording. Compare before use.",
        ),
    ),
    (
        Text("没有编入", "not encoded"),
        Text("只列出条款，没有规则，原因写在旁边；要对照原文由人判断。", "Held without rules, with the reason."),
    ),
    (
        Text("判定标准、一般义务", "judgment standard, ordinary duties"),
        Text(
            "列举重大事故隐患的文件，和只规定义务的文件。",
            "A document that lists major accident hazards, and one that only lays down duties.",
        ),
    ),
)

_STATES = (
    (Text("装置的状态", "states of a device"), DEVICE, {
        "正常": Text("在用，能起作用。", "In use and able to do its job."),
        "失效": Text("坏了，不能用。", "Broken."),
        "无效": Text("在用，可是起不到应有的作用。", "In use, and not able to do its job."),
        "停用": Text("它保护的设备在用，它停着。", "Off while what it protects runs."),
        "旁路": Text("被摘除或者绕过。", "Taken out of the circuit or bypassed."),
        "未设置": Text("没有装。", "Never fitted."),
    }),
    (Text("制度的状态", "states of a procedure"), PROCEDURE, {
        "落实": Text("有，并且照着做。", "Laid down and followed."),
        "未落实": Text("有，没有照着做。", "Laid down and not followed."),
        "未制定": Text("没有。", "Not laid down."),
    }),
    (Text("与设计对照", "reality against the design"), DESIGN, {
        "符合": Text("与批准的设计一致。", "As the approved design has it."),
        "不符": Text("做了，与设计不一样。", "Done, and not as designed."),
        "未实施": Text("设计里有，没有做。", "In the design, and not done."),
        "设计无此项": Text("设计里没有这一项。", "Not in the design."),
    }),
)  # fmt: skip


def page(rulebook: Rulebook) -> WordsPage:
    """Return the glossary, with the word lists of *rulebook*."""
    groups = [
        (Text("级别", "levels"), _terms((LEVEL_WORDS[level], told) for level, told in _LEVELS.items())),
        (Text("结论", "verdicts"), _terms((*((VERDICT_WORDS[v], told) for v, told in _VERDICTS.items()), _NO_VERDICT))),
        (Text("规则里的词", "words of a rule"), _terms(_RULE)),
    ]
    for title, labels, told in _STATES:
        groups.append((title, _terms((Text(word, _spoken(labels[word])), meaning) for word, meaning in told.items())))
    return WordsPage(tuple(groups), tuple(rulebook.lists.values()))


def _terms(pairs: Iterable[tuple[Text, Text]]) -> tuple[Term, ...]:
    return tuple(Term(word, meaning) for word, meaning in pairs)


def _spoken(label: str) -> str:
    """Return the English *label* of a word as people write it."""
    return label.replace("_", " ")
