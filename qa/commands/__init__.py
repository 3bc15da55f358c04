"""The commands that ask, one module each; `qa.cli` has the others and puts all under one name."""
