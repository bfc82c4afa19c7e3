"""For the maintainers of standards: lint, the case runner and the checks they share."""
