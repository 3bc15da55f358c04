"""What is known of each language, and of none: the neutral base knows no words and so mangles none."""
