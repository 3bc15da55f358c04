"""Paths to articles to passages: read, clean, date, split, embed."""
