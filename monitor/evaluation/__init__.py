"""The evaluation: how well verdicts agree with what is known of articles, and of copies damaged on purpose."""
