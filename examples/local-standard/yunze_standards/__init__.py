"""Local standards of an invented city: YAML, no code."""
