"""Evaluates answers to questions with known answers: ask, judge, measure, report."""
