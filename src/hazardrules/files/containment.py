"""Checks that kinds and their parts fit together, before any name is resolved."""

from __future__ import annotations

from collections.abc import Mapping

from ..facts import ENTERPRISE, INSPECTION, FactSpec, Kind, Vocabulary, nearest
from ..reading import Source
from ..texts import Text
from .folder import Folder, shown


def check_kinds(folder: Folder, vocabulary: Vocabulary, sources: Mapping[str, Source]) -> bool:
    """Note what is wrong with containers, parts and rosters; return whether names can be resolved."""
    kinds, sound = vocabulary.kinds, True
    for name in (INSPECTION, ENTERPRISE):
        if name in folder.unread:
            sound = False
        elif name not in kinds or not kinds[name].one:
            folder.problem(
                shown(folder.root / "facts" / f"{name}.yaml"),
                Text(
                    "每个标准文件夹都要有这个文件，写 one: true", "every standards folder has this file, with one: true"
                ),
            )
            sound = False
    if not sound:
        return False
    own = {name: kinds[name] for name in sources}  # what it builds on was checked before
    for name, kind in own.items():
        if not kind.one:
            sound = _check_containers(folder, vocabulary, name, kind, sources[name]) and sound
    for name, kind in own.items():
        for spec in kind.facts.values():
            where = sources[name].where(("facts", spec.id))
            if spec.type == "list":
                sound = _check_list(folder, vocabulary, name, spec, where) and sound
            for fact in spec.evidence:
                if fact not in kind.facts:
                    folder.problem(where, Text(f"evidence 里没有事实“{fact}”", f"evidence: there is no fact “{fact}”"))
    return sound


def _check_containers(folder: Folder, vocabulary: Vocabulary, name: str, kind: Kind, source: Source) -> bool:
    sound = True
    for container in kind.within:
        around = vocabulary.kinds.get(container)
        if around is None and container in folder.unread:
            sound = False
            continue
        if around is None:
            near = nearest(container, vocabulary.kinds)
            message = Text(
                f"没有“{container}”这种对象" + (f"，是不是“{near}”？" if near else ""),
                f"there is no kind “{container}”" + (f"; did you mean “{near}”?" if near else ""),
            )
        elif name in _outwards(vocabulary, container):
            message = Text(f"{name} 与 {container} 互相包含", f"{name} and {container} contain each other")
        elif container != ENTERPRISE and not any(spec.of == name for spec in around.lists):
            message = Text(
                f"{container} 要有一个 list 事实写 of: {name}，部件才有地方记",
                f"{container} needs a list fact with of: {name}",
            )
            folder.problem(source.where(("within",)), message)
            continue
        else:
            continue
        folder.problem(source.where(("within",)), message)
        sound = False
    return sound


def _outwards(vocabulary: Vocabulary, kind: str) -> set[str]:
    """Return *kind* and everything that contains it."""
    found: set[str] = set()
    queue = [kind]
    while queue:
        here = queue.pop()
        if here not in found and here in vocabulary.kinds and not vocabulary.kinds[here].one:
            found.add(here)
            queue += vocabulary.kinds[here].within
    return found


def _check_list(folder: Folder, vocabulary: Vocabulary, name: str, spec: FactSpec, where: str) -> bool:
    part = vocabulary.kinds.get(spec.of or "")
    if part is None and spec.of in folder.unread:
        return False
    if part is None or name not in part.within:
        folder.problem(where, Text(f"“{spec.of}”没有声明 within: {name}", f"“{spec.of}” does not say within: {name}"))
        return False
    for fact, words in spec.roster.items():
        named = part.facts.get(fact)
        if named is None or not named.is_word:
            folder.problem(
                where, Text(f"roster：{part.id} 没有可选词的事实“{fact}”", f"roster: {part.id} has no choice “{fact}”")
            )
            return False
        for word in words:
            if word not in named.values:
                folder.problem(
                    where, Text(f"roster：“{fact}”没有“{word}”这个值", f"roster: “{fact}” has no value “{word}”")
                )
                return False
    return True
