"""Faults on purpose, seeded and bounded: what is promised in docs/reliability.md, tried out."""
