"""The version of the library, and that of the standards shipped with it."""

VERSION = "0.1.0"


def standards_version() -> str:
    """Return the version of the standards shipped with the library."""
    from importlib import resources

    return (resources.files("hazardrules.standards") / "VERSION").read_text("utf-8").strip()
