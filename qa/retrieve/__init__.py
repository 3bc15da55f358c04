"""Question to ranked evidence: understand, search, fuse, collapse."""
