"""Articles in, passages out: the ledger, the embedders and the vector indexes. Knows nothing of questions."""
