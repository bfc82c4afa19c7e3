"""The rules of `by_hand` written by hand for polars, whose nulls are three-valued too: one expression a rule.

What a careful programmer would write over a typed frame: words as Enum, yes/no as Boolean, several words as
a list or as one Boolean column a word, which polars likes best. The benchmark first checks that it gives the
very verdicts of the standards' rules.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import and_, or_

import polars as pl

from .by_hand import CONVEYED, METAL, OTHER_METAL, OTHERS, PRESSED, WOOD

ALWAYS = pl.lit(value=True)


Has = Callable[..., pl.Expr]


def in_list(fact: str, *words: str) -> pl.Expr:
    return reduce(or_, (pl.col(fact).list.contains(word) for word in words))


def by_column(fact: str, *words: str) -> pl.Expr:
    return reduce(or_, (pl.col(f"{fact}.{word}") for word in words))


def bad(device: str) -> pl.Expr:
    return pl.col(device) != "正常"


def outcome(applies: pl.Expr, core: pl.Expr, wider: pl.Expr) -> pl.Expr:
    wide = applies & wider
    return (
        pl.when(applies & core).then(pl.lit(1, pl.Int8))
        .when(wide).then(pl.lit(-4, pl.Int8))
        .when(wide.is_null()).then(pl.lit(-1, pl.Int8))
        .when(~applies).then(pl.lit(-2, pl.Int8))
        .otherwise(pl.lit(0, pl.Int8))
    )  # fmt: skip


def rules(has: Has = in_list) -> dict[str, pl.Expr]:
    """Return the expression of each rule; *has* asks whether a fact of several words holds one of some."""
    col = pl.col
    medium, sharing = col("other_medium"), col("compartment_sharing")
    dry, pressed, conveyed = col("method") == "干式", col("air_flow").is_in(list(PRESSED)), col("air_flow") == CONVEYED
    fitted = [(~has("explosion_controls", name)) | bad(device) for name, device in CONTROLS.items()]
    uncontrolled = reduce(and_, fitted)
    soft = has("explosion_controls", "抗爆", "其他控爆措施")
    metal, other = has("dusts", METAL), has("dusts", OTHER_METAL)
    nothing = bad("spark_protection") & ~col("other_ignition_prevention")
    sure = has("dusts", METAL, WOOD)
    gas = medium.is_in(["可燃气体从别处接入", "其他易加剧爆炸的介质"])
    crossing, upright = sharing == "跨防火分区", sharing == "其他行业按工艺竖向独立"
    pressed_metal = metal & pressed
    return {
        "gongmao-2023-11-02-a": outcome(ALWAYS, col("kinds_shared") & col("mixing_aggravates"), col("kinds_shared")),
        "gongmao-2023-11-02-b": outcome(ALWAYS, gas, gas | (medium == "其他介质")),
        "gongmao-2023-11-02-c": outcome(ALWAYS, col("shared_by_buildings"), col("shared_by_buildings")),
        "gongmao-2023-11-02-d": outcome(ALWAYS, crossing, crossing | upright),
        "gongmao-2023-11-03": outcome(dry, uncontrolled & ~soft, uncontrolled),
        "gongmao-2023-11-04-a": outcome(
            metal | other, pressed_metal, pressed_metal | (other & pressed) | (metal & conveyed)
        ),
        "gongmao-2023-11-04-b": outcome(
            has("dusts", *OTHERS) & (pressed | conveyed), pressed & nothing, (pressed & nothing) | (conveyed & nothing)
        ),
        "gongmao-2023-11-05-a": outcome(ALWAYS, col("settling_chamber"), col("settling_chamber")),
        "gongmao-2023-11-05-b": outcome(ALWAYS, col("tunnel_duct") == "干式巷道", col("tunnel_duct") == "干式巷道"),
        "gongmao-2023-11-06": outcome(
            (sure | other) & dry, sure & bad("airlock"), (sure & bad("airlock")) | (other & bad("airlock"))
        ),
    }


CONTROLS = {"泄爆": "venting", "惰化": "inerting", "抑爆": "suppression"}
