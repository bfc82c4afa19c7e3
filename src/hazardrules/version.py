"""The library's version (SemVer); the standards carry one of their own."""

VERSION = "0.1.0"
