"""The commands that ask questions, one module each; `qa.cli` adds the others."""
