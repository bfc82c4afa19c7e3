"""Why an event was of no effect, in words: the state, a mark, or what is still missing."""

from __future__ import annotations

from collections.abc import Iterator

from ..explain import failing
from ..judge import Trace, judge
from ..texts import Text
from ..truth import UNKNOWN, YES
from .charts import NEW, Chart, Guard, Transition
from .courses import Course
from .events import Event


def why_refused(chart: Chart, before: Course, event: Event) -> Text:
    """Return why *event* is of no effect on a hazard that stood as *before* says."""
    there = [t for t in chart.by_event.get(event.kind, ()) if before.state in t.source]
    applicable = [t for t in there if t.applies is None or _holds(chart, t.applies, before, event, t)]
    if not applicable:
        return _out_of_place(chart, before, event, tried=bool(there))
    ready = [t for t in applicable if t.ready(before.state, before.marks)]
    if not ready:
        return _marked(chart, before, applicable[0])
    texts = [text for t in ready if t.when is not None for text in _unmet(chart, t.when, before, event, t)]
    return _joined(list(dict.fromkeys(texts)), Text("；", "; "))


def possible(chart: Chart, course: Course) -> list[str]:
    """Return the kinds of event that state and marks allow, whatever their guards say."""
    ready = (t for t in chart.transitions if t.ready(course.state, course.marks))
    return list(dict.fromkeys(transition.on for transition in ready))


def state_title(chart: Chart, state: str) -> Text:
    """Return the name of a state."""
    return Text("尚未发现", "not found yet") if state == NEW else chart.states[state].title


def _out_of_place(chart: Chart, before: Course, event: Event, *, tried: bool) -> Text:
    state, kind = state_title(chart, before.state), chart.events[event.kind].title
    if tried:
        level = before.facts.get("level")
        return Text(
            f"{level}隐患在“{state.zh}”时不能“{kind.zh}”", f"no “{kind.en}” of such a hazard while “{state.en}”"
        )
    can = [chart.events[name].title for name in possible(chart, before)]
    return Text(
        f"现在是“{state.zh}”，不能“{kind.zh}”（可以：{'、'.join(title.zh for title in can)}）",
        f"it is “{state.en}”, which allows no “{kind.en}” (but: {', '.join(title.en for title in can)})",
    )


def _marked(chart: Chart, before: Course, transition: Transition) -> Text:
    barring, lacking = transition.unmarked & before.marks, transition.marked - before.marks
    texts = [
        *(
            Text(f"正在{chart.marks[m].title.zh}，先要解除", f"{chart.marks[m].title.en}: lift it first")
            for m in barring
        ),
        *(Text(f"没有{chart.marks[m].title.zh}", f"not {chart.marks[m].title.en}") for m in lacking),
    ]
    return _joined(texts, Text("；", "; "))


def _trace(chart: Chart, guard: Guard, before: Course, event: Event, transition: Transition) -> Trace:
    facts = {**(chart.blank if transition.begins else before.facts), **event.facts}
    return judge(guard.condition, chart.row(facts), chart.vocabulary)


def _holds(chart: Chart, guard: Guard, before: Course, event: Event, transition: Transition) -> bool:
    return _trace(chart, guard, before, event, transition).truth is YES


def _unmet(chart: Chart, guard: Guard, before: Course, event: Event, transition: Transition) -> Iterator[Text]:
    yield from _lacking(_trace(chart, guard, before, event, transition), chart)


def _lacking(trace: Trace, chart: Chart) -> list[Text]:
    """Return what keeps a condition from surely holding; alternatives in one text."""
    if trace.truth is YES:
        return []
    op = getattr(trace.expr, "op", "")
    if op == "all":
        return [text for part in trace.parts for text in _lacking(part, chart)]
    if op == "any":
        ways = [_joined(_lacking(part, chart), Text("且", " and ")) for part in trace.parts]
        return [_joined(ways, Text("，或者 ", ", or "))]
    if trace.truth is UNKNOWN:
        titles = [chart.facts[name].title for _, name in trace.unknown_leaves()]
        return [Text(f"{title.zh}：未知", f"{title.en}: unknown") for title in titles]
    return failing(trace, chart.vocabulary)


def _joined(texts: list[Text], by: Text) -> Text:
    return Text(by.zh.join(text.zh for text in texts), by.en.join(text.en for text in texts))
