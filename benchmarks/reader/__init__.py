"""Train, export and measure the packaged reader: python -m benchmarks.reader train|export|measure."""
