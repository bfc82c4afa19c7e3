"""Mutants of the rules: does a case notice when the standards are wrong, and which is missing where none does.

`variants` make one mistake in a condition, `mutants` in a rule, a gate, a definition, a date. `killing` asks the
cases, `refusing` the reader and lint. Whether anybody could notice at all: `seeing` holds what can be seen of a
rule in every case there is, `equivalence` compares two rules by it, `answers` and `defined` two definitions.
`units` share the work out, `assess` does a unit, `running` all of them on every core, `kept` remembers,
`report` tells, `command` is what the command line calls.
"""
