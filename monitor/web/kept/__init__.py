"""What the pages keep in memory of the topics: pure, each part bounded, safe to use from several threads."""
