"""The rules of order 10, art. 11 on a dust removal system, written by hand in three-valued Python.

What a careful programmer would write over the same typed rows, one function a rule; the benchmark
first checks that it gives the very verdicts of the standards' rules.
"""

from __future__ import annotations

from typing import Any

CLEAR, HIT, UNKNOWN, NOT_APPLICABLE, DISPUTED = 0, 1, -1, -2, -4

METAL, OTHER_METAL, WOOD = "铝镁等金属粉尘", "其他金属粉尘", "木质粉尘"
OTHERS = frozenset(["木质粉尘", "粮食饲料糖类粉尘", "其他可燃性粉尘", "其他金属粉尘"])
PRESSED = frozenset(["正压除尘", "正压吹送"])
CONVEYED = "负压收尘后正压输送"


def has(values: frozenset[str] | None, *words: str) -> bool | None:
    """Return whether *values* hold one of *words*; None where they are not known."""
    return None if values is None else any(word in values for word in words)


def both(a: bool | None, b: bool | None) -> bool | None:
    """Return a and b in Kleene's logic."""
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def either(a: bool | None, b: bool | None) -> bool | None:
    """Return a or b in Kleene's logic."""
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def bad(device: str | None) -> bool | None:
    """Return whether a device does not work; None where it is not known."""
    return None if device is None else device != "正常"


def one_of(word: str | None, words: Any) -> bool | None:
    """Return whether *word* is one of *words*; None where it is not known."""
    return None if word is None else word in words


def outcome(applies: bool | None, core: bool | None, wider: bool | None) -> int:
    """Return the verdict: *core* is what everyone accepts, *wider* what someone accepts."""
    narrow, wide = both(applies, core), both(applies, wider)
    if narrow is True:
        return HIT
    if wide is True:
        return DISPUTED
    if wide is None:
        return UNKNOWN
    return NOT_APPLICABLE if applies is False else CLEAR


def mixed_dust(s: Any) -> int:
    """11(2): different kinds of dust in one system."""
    return outcome(True, both(s.kinds_shared, s.mixing_aggravates), s.kinds_shared)


def mixed_gas(s: Any) -> int:
    """11(2): dust with flammable gas; where both arise at one point by the process, it is excepted."""
    medium = s.other_medium
    if medium is None:
        return UNKNOWN
    if medium in ("可燃气体从别处接入", "其他易加剧爆炸的介质"):
        return HIT
    return DISPUTED if medium == "其他介质" else CLEAR


def shared_buildings(s: Any) -> int:
    """11(2): several buildings on one system."""
    return outcome(True, s.shared_by_buildings, s.shared_by_buildings)


def shared_compartments(s: Any) -> int:
    """11(2): several fire compartments on one system."""
    sharing = s.compartment_sharing
    if sharing is None:
        return UNKNOWN
    if sharing == "跨防火分区":
        return HIT
    return DISPUTED if sharing == "其他行业按工艺竖向独立" else CLEAR


def no_control(s: Any) -> int:
    """11(3): a dry system without any explosion control that works."""
    dry = one_of(s.method, ("干式",))
    controls = s.explosion_controls
    met: bool | None = True
    for name, device in (("泄爆", s.venting), ("惰化", s.inerting), ("抑爆", s.suppression)):
        fitted = has(controls, name)
        lacking = None if fitted is None else not fitted
        met = both(met, either(lacking, bad(device)))
    soft = has(controls, "抗爆", "其他控爆措施")
    return outcome(dry, both(met, None if soft is None else not soft), met)


def metal_under_pressure(s: Any) -> int:
    """11(4), first branch."""
    metal, other = has(s.dusts, METAL), has(s.dusts, OTHER_METAL)
    pressed, conveyed = one_of(s.air_flow, PRESSED), one_of(s.air_flow, (CONVEYED,))
    core = both(metal, pressed)
    return outcome(either(metal, other), core, either(core, either(both(other, pressed), both(metal, conveyed))))


def other_under_pressure(s: Any) -> int:
    """11(4), second branch."""
    pressed, conveyed = one_of(s.air_flow, PRESSED), one_of(s.air_flow, (CONVEYED,))
    applies = both(has(s.dusts, *OTHERS), either(pressed, conveyed))
    prevented = s.other_ignition_prevention
    nothing = both(bad(s.spark_protection), None if prevented is None else not prevented)
    core = both(pressed, nothing)
    return outcome(applies, core, either(core, both(conveyed, nothing)))


def settling_chamber(s: Any) -> int:
    """11(5): gravity settling chamber."""
    return outcome(True, s.settling_chamber, s.settling_chamber)


def tunnel(s: Any) -> int:
    """11(5): dry tunnel as duct."""
    dry = one_of(s.tunnel_duct, ("干式巷道",))
    return outcome(True, dry, dry)


def no_airlock(s: Any) -> int:
    """11(6)."""
    sure, other = has(s.dusts, METAL, WOOD), has(s.dusts, OTHER_METAL)
    applies = both(either(sure, other), one_of(s.method, ("干式",)))
    broken = bad(s.airlock)
    core = both(sure, broken)
    return outcome(applies, core, either(core, both(other, broken)))


RULES = {
    "gongmao-2023-11-02-a": mixed_dust,
    "gongmao-2023-11-02-b": mixed_gas,
    "gongmao-2023-11-02-c": shared_buildings,
    "gongmao-2023-11-02-d": shared_compartments,
    "gongmao-2023-11-03": no_control,
    "gongmao-2023-11-04-a": metal_under_pressure,
    "gongmao-2023-11-04-b": other_under_pressure,
    "gongmao-2023-11-05-a": settling_chamber,
    "gongmao-2023-11-05-b": tunnel,
    "gongmao-2023-11-06": no_airlock,
}


def verdicts(s: Any) -> tuple[int, ...]:
    """Return the verdict codes of all rules on the system *s*."""
    return tuple(rule(s) for rule in RULES.values())
