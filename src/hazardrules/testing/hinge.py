"""Everything beside one comparison aimed so that the condition that holds it turns where the comparison does."""

from __future__ import annotations

from collections.abc import Sequence

from ..expr import Call, Const, Each, Expr, walk
from ..facts import FactSpec, Scope
from .aims import Aimer
from .slots import Slot


def hinge(aimer: Aimer, condition: Expr, atom: Expr, slot: Slot, scope: Scope) -> Slot | None:
    """Want all beside the very comparison *atom* in *condition*, asked on *slot*, so that all hangs on it.

    Returns the subject that *atom* is asked on; None where there can be none.
    """
    match condition:
        case Call("not", (inner,)):
            return hinge(aimer, inner, atom, slot, scope)
        case Call("all" | "any" | "at_least" as op, args):
            conditions = [arg for arg in args if not isinstance(arg, Const)]
            carrying = next(arg for arg in conditions if any(node is atom for node in walk(arg)))
            others = [arg for arg in conditions if arg is not carrying]
            held = aimer.some_of(others, {"all": len(others), "any": 0}.get(op, _count(args) - 1))
            for other in others:
                aimer.want(other, slot, scope, truth=any(other is one for one in held))
            return hinge(aimer, carrying, atom, slot, scope)
        case Each(items, where, least):
            owner, spec = aimer.owner(items, slot, scope)
            part = owner and _part(aimer, owner, spec, where, least, scope.inside(items))
            return part and hinge(aimer, where, atom, part, scope.inside(items))
    return slot


def _count(args: Sequence[Expr]) -> int:
    """Return how many of the conditions among *args*, of an `at_least`, are needed."""
    return int(args[0].value) if args and isinstance(args[0], Const) else 0


def _part(aimer: Aimer, owner: Slot, spec: FactSpec, where: Expr, least: int | None, scope: Scope) -> Slot:
    """Return a part in the list *spec* of *owner* on which the question over the list hangs."""
    parts = owner.parts(spec.id)
    parts.closed = True
    aimer.call_the_roll(owner, spec)
    for _ in range((least or 1) - len(parts.slots)):
        aimer.draft.part(owner, spec)
    part = aimer.pick(parts.slots)
    others = [other for other in parts.slots if other is not part]
    for n, other in enumerate(others):
        aimer.want(where, other, scope, truth=least is None or n < least - 1)
    return part
