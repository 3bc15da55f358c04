"""Question in, cited answer out. Knows nothing of screens."""
