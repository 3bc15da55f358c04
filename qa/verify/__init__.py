"""Claims and passages to verdicts: does the archive bear a statement out?"""
