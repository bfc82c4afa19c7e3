"""Records that do not contradict themselves: a stated fact that follows otherwise from the others is taken out.

Where the facts say both yes and no of another one, what its definition reads is taken out: no such place
exists, and more knowledge of it settles nothing.
"""

from __future__ import annotations

import copy
from typing import Any

from ..classify import Corpus
from ..expr import Call
from ..facts import facts_in
from .otherwise import subjects_in
from .writing import Sketch

_ROUNDS = 20


def consistent(corpus: Corpus, sketch: Sketch, **options: Any) -> Sketch:
    """Return *sketch* without what contradicts in it; *options* are those of `Corpus.inspect`."""
    if not corpus.inspect(sketch.whole, **options).contradictions:
        return sketch
    sketch = copy.deepcopy(sketch)
    for _ in range(_ROUNDS):
        found = corpus.inspect(sketch.whole, **options).contradictions
        if not found:
            return sketch
        kinds = {path: kind for path, kind, _ in subjects_in(sketch.whole, corpus.vocabulary)}
        both = [
            {path: facts for path, _, facts in subjects_in(raw, corpus.vocabulary)}
            for raw in (sketch.whole, sketch.early)
        ]
        for path, _, fact in (contradiction.path.rpartition(".") for contradiction in found):
            if path not in kinds:  # a part that the law demands by name and nobody recorded
                continue
            reads = corpus.vocabulary.definitions[kinds[path], fact].conditions
            stated = fact in both[0].get(path, {})
            for name in [fact] if stated else facts_in(Call("all", reads)):
                for facts in both:
                    facts.get(path, {}).pop(name, None)
    raise AssertionError(f"contradictions remain: {found}")
