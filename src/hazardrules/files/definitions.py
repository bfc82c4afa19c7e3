"""How facts follow from others: conditions for yes and no, tables looked up, lists counted, computations."""

from __future__ import annotations

from typing import Any

from .. import condition, facts, models, values
from ..condition import Path as DataPath
from ..expr import ALWAYS, NEVER, Expr, all_of, negate
from ..facts import Definition, FactSpec, Kind, Scope, Vocabulary, nearest
from ..reading import Source
from ..texts import Text
from .folder import Folder


def read_definition(
    folder: Folder, fact: models.FactModel, source: Source, path: DataPath, scope: Scope, spec: FactSpec
) -> Definition | None:
    """Return how *fact* follows from others; None where it does not, or that cannot be told."""
    reader = folder.conditions(source, dated=False)
    if fact.count:
        counted = scope.find(fact.count)
        if counted is None or counted.type != "list":
            folder.problem(
                source.where((*path, "count")),
                Text(f"“{fact.count}”不是这里的部件清单（list）", f"“{fact.count}” is no list of parts here"),
            )
            return None
        return Definition(count=fact.count, whole=True)
    if fact.table:
        for i, name in enumerate(fact.table.by):
            if scope.find(name) is None:
                near = nearest(name, scope.names())
                folder.problem(
                    source.where((*path, "table", "by", i)),
                    Text(
                        f"没有事实“{name}”" + (f"，是不是“{near}”？" if near else ""),
                        f"there is no fact “{name}”" + (f"; did you mean “{near}”?" if near else ""),
                    ),
                )
                return None
        rows = tuple(
            _table_row(folder, row, fact.table.by, source, (*path, "table", "rows", i), scope, spec)
            for i, row in enumerate(fact.table.rows)
        )
        return Definition(table=facts.Table(rows), whole=True)
    sides = {"yes_when": fact.yes_when, "no_when": fact.no_when}
    if any(side is not None for side in sides.values()) and spec.type != "yes_no":
        folder.problem(
            source.where(path),
            Text(
                "yes_when、no_when 只用于 yes_no；其他类型用 table",
                "yes_when and no_when define a yes_no; else use table",
            ),
        )
        return None
    read = {
        side: reader.read(data, (*path, side), scope)
        for side, data in sides.items()
        if data is not None and data != "otherwise"
    }
    yes, no = read.get("yes_when"), read.get("no_when")
    if "otherwise" not in sides.values():
        return Definition(yes=yes, no=no) if read else None
    if not read:
        folder.problem(
            source.where(path),
            Text("otherwise 要与另一边的条件同用", "otherwise needs a condition on the other side"),
        )
        return None
    return Definition(yes=yes or negate(no or NEVER), no=no or negate(yes or NEVER), whole=True)


def read_computed(
    folder: Folder, name: str, source: Source, path: DataPath, kind: Kind, vocabulary: Vocabulary
) -> Definition:
    """Return the definition by a function of `completions`, whose table and facts must be there."""
    computed, where, reads = facts.COMPUTED[name], source.where((*path, "python")), []
    if computed.table not in vocabulary.tables and not folder.problems:
        folder.problem(where, Text(f"缺 tables/{computed.table}.yaml", f"tables/{computed.table}.yaml is missing"))
    for fact in computed.facts:
        items, _, own = fact.rpartition(".")
        owner = kind if not items else vocabulary.kinds.get((items in kind.facts and kind.facts[items].of) or "")
        if owner is None or own not in owner.facts:
            folder.problem(where, Text(f"{name} 要用的事实“{fact}”没有", f"{name} needs the fact “{fact}”"))
        else:
            reads.append((owner.id, own))
    return Definition(python=name, reads=tuple(reads))


def _table_row(
    folder: Folder,
    row: list[Any],
    by: list[str],
    source: Source,
    path: DataPath,
    scope: Scope,
    spec: FactSpec,
) -> tuple[Expr, object]:
    if len(row) != len(by) + 1:
        folder.problem(
            source.where(path),
            Text(
                f"这一行应有 {len(by)} 格加 1 个值，现有 {len(row)} 项",
                f"expected {len(by)} cells and a value, found {len(row)}",
            ),
        )
        return NEVER, None

    def report(path: DataPath, _offset: int, message: Text) -> None:
        folder.problem(source.where(path), message)  # the offset is in the sentence made of the cell

    reader = condition.Reader(None, report)
    cells = []
    for i, (name, cell) in enumerate(zip(by, row, strict=False)):
        if cell == "*":
            continue
        text = str(cell)
        compared = text.split(" ", 1)[0] in ("<", "<=", ">", ">=", "==", "!=")
        cells.append(reader.read(f"{name} {text}" if compared else f"{name} == {text}", (*path, i), scope))
    try:
        value = values.parse(spec, row[-1])
    except values.FactValueError as error:
        folder.problem(source.where((*path, len(by))), error.message)
        value = None
    return (all_of(*cells) if cells else ALWAYS), value
