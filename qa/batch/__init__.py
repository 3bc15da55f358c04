"""Answering many questions: rows in, answers out, resumable and within a budget."""
