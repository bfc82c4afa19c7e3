"""How a device that does not work counts: as if it were absent only where the document says so."""

from __future__ import annotations

from collections.abc import Iterator

from ...expr import Call, Const, Fact, walk
from ...texts import Text
from .book import Book, Check, Finding


def failed_devices(book: Book) -> Iterator[Finding]:
    """Yield `== 未设置` under an article on failed devices, and `!= 正常` without one and without a reading."""
    for placed in book.rules:
        scope = book.vocabulary.scope(placed.rule.subjects[0])
        article = placed.standard.failed_device
        for node in walk(placed.rule.when):
            match node:
                case Call(op, (Fact(name), Const(word))) if (spec := scope.find(name)) and spec.type == "device":
                    if article and op == "eq" and word == "未设置":
                        yield placed.finding(
                            f"本文件{article}把失效等同未设置，“{name} == 未设置”应写成“{name} != 正常”",
                            f"a failed device counts as absent here: write “{name} != 正常”",
                        )
                    if not article and op == "ne" and word == "正常" and not placed.rule.reading:
                        yield placed.finding(
                            f"本文件没有失效视同未设置的条款，“{name} != 正常”要用 reading 说明理由",
                            f"no article on failed devices here: “{name} != 正常” needs a reading",
                        )


CHECKS = (Check("failed-device", Text("失效装置的写法与文件不符", "how a failed device counts"), failed_devices),)
