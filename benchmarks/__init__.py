"""Measurements: each program prints its table as text or JSON, the stock pipeline beside ours, from one run."""
