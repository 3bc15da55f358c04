"""Evidence to a cited answer, or to an abstention."""
