"""Language models behind one seam: providers, their transport and protocols, deadlines, keys, prompts and a cache."""
