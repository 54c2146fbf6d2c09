"""What arrives, turned into an :class:`~monitor.articles.article.Article`."""
