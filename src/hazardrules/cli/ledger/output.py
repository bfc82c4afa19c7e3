"""What the commands of the ledger print: as JSON, or in lines for people."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from ...texts import Text

if TYPE_CHECKING:
    from ...lifecycle.charts import Chart
    from ...lifecycle.ledger import Ledger, Loaded, Outcome
    from ...lifecycle.progress import Progress

_MOST = 20  # events of no effect that are listed


def stream(fields: Iterable[tuple[str, Any]]) -> int:
    """Print a JSON object piece by piece, a value that is an iterator as a list; return the exit code 0."""
    opening = "{"
    for name, value in fields:
        click.echo(f"{opening}\n  {json.dumps(name)}: ", nl=False)
        if isinstance(value, Iterator):
            items(value, "  ")
        else:
            click.echo(_indented(value, "  ").lstrip(), nl=False)
        opening = ","
    click.echo("\n}")
    return 0


def items(values: Iterable[Any], indent: str = "") -> None:
    """Print a JSON list one by one."""
    opening = "["
    for value in values:
        click.echo(f"{opening}\n{_indented(value, indent + '  ')}", nl=False)
        opening = ","
    click.echo("[]" if opening == "[" else f"\n{indent}]", nl=False)


def _indented(value: Any, indent: str) -> str:
    return textwrap.indent(json.dumps(value, ensure_ascii=False, indent=2), indent)


def data(value: Any) -> int:
    """Print *value* as JSON; return the exit code 0."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
    return 0


def outcomes(ledger: Ledger, made: Sequence[Outcome], lang: str, *, as_json: bool) -> None:
    """Print what came of events, and where the hazards stand after them."""
    from ...lifecycle import telling
    from ...lifecycle.ledger import now

    if as_json:
        data([telling.outcome_data(ledger.chart, outcome, lang) for outcome in made])
        return
    for outcome in made:
        notes = [] if outcome.new else [Text("已经有了", "there already")]
        notes += [Text("时间在将来", "in the future")] if outcome.event.at > now() else []
        noted = "".join(Text(f"  （{note.zh}）", f"  ({note.en})").say(lang) for note in notes)
        click.echo(telling.event_line(ledger.chart, outcome.event, lang) + noted)
        if outcome.why is not None:
            why = Text(f"记下了，没有生效：{outcome.why.zh}", f"written, of no effect: {outcome.why.en}").say(lang)
            click.echo(f"  ✗ {why}")
        for event in outcome.turned:
            told = telling.event_line(ledger.chart, event, lang)
            click.echo(Text(f"  ！因此改变了效力：{told}", f"  ! changed in effect: {told}").say(lang))
    for course in {o.course.hazard: o.course for o in made if o.course is not None}.values():
        click.echo(telling.state_line(ledger.chart, course, lang))


def loaded(ledger: Ledger, count: int, done: Loaded, lang: str, *, as_json: bool) -> None:
    """Print what came of a file of *count* events."""
    from ...lifecycle import telling

    if as_json:
        refused = [telling.outcome_data(ledger.chart, outcome, lang) for outcome in done.refused]
        data({"events": count, "new": done.new, "refused": refused})
        return
    for outcome in done.refused[:_MOST]:
        line, why = telling.event_line(ledger.chart, outcome.event, lang), outcome.why or Text("", "")
        told = Text(f"没有生效：{why.zh}", f"of no effect: {why.en}").say(lang)
        click.echo(f"{outcome.event.hazard}  {line}\n  ✗ {told}")
    if len(done.refused) > _MOST:
        more = len(done.refused) - _MOST
        click.echo(Text(f"…… 还有 {more} 个没有生效", f"… and {more} more of no effect").say(lang))
    none = len(done.refused)
    of_none = Text(f"，其中没有生效 {none} 个", f", {none} of them of no effect") if none else Text("", "")
    counted = Text(f"{count} 个事件，新记 {done.new} 个{of_none.zh}", f"{count} events, {done.new} new{of_none.en}")
    click.echo(counted.say(lang))


def opened(ledger: Ledger, made: Sequence[Outcome], lang: str) -> None:
    """Print the hazards that were opened."""
    from ...lifecycle import telling

    for outcome in made:
        if outcome.course is not None:
            click.echo("\n".join(telling.hazard_lines(ledger.chart, outcome.course, lang)) + "\n")
    new = sum(outcome.new for outcome in made)
    told = Text(f"记下 {new} 项，{len(made) - new} 项已经有了", f"{new} written, {len(made) - new} were there already")
    click.echo(told.say(lang))


def kinds(chart: Chart, lang: str, *, as_json: bool) -> int:
    """Print the kinds of event, with the facts that each must and may state; return the exit code 0."""
    if as_json:
        keys = ("about", "needs", "any_of", "may")
        return data([{"kind": kind.id, **{key: getattr(kind, key) for key in keys}} for kind in chart.events.values()])
    for kind in chart.events.values():
        click.echo(f"{kind.id}  {kind.title.say(lang)}")
        rest = tuple(name for name in kind.may if name not in kind.any_of)
        for word, names in (
            (Text("要写", "needs"), kind.needs),
            (Text("至少一项", "one of"), kind.any_of),
            (Text("可写", "may state"), rest),
        ):
            if names:
                told = [f"{name} {chart.facts[name].title.say(lang)}" for name in names]
                click.echo(f"  {word.say(lang)} {Text('、', ', ').say(lang).join(told)}")
    return 0


def progress(lang: str) -> Progress:
    """Return what tells on standard error how far long work is."""
    return lambda stage, count: click.echo(f"… {stage.say(lang)} {count}", err=True)
