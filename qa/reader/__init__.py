"""Question and passages to readings: which sentence answers, how surely, and with which words."""
