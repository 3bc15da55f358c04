"""Storage and search: the ledger, the embedders and the vector indexes. Knows nothing about questions."""
