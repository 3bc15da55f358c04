"""What a batch needs beside the assistant: workers, a budget, its output file, a manifest."""
