"""One module a form: how a classification is shown."""
