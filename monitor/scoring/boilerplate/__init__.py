"""How likely each paragraph of an article is not part of its story, from the text alone."""
