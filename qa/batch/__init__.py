"""Many questions overnight: rows in, answers out, resumable, within a budget."""
