"""What a source always sends, learned from its articles: sightings in, templates out, evidence for the score."""
