"""Rows of questions with known answers to figures: ask, judge, measure, report."""
