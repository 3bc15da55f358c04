"""An archive that several people and machines share: the ledger in PostgreSQL, the vectors in a Chroma server."""
