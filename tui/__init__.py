"""Screens only: shows what `qa` says. Knows nothing of models."""
