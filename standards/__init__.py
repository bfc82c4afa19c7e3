"""The standards shipped with the library: YAML, no code."""
