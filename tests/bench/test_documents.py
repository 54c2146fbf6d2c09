"""Publishers and folds of pages."""

from __future__ import annotations

from bench.documents import FOLDS, fold_of, publisher, trained_on


def test_a_publisher_is_the_domain_that_was_registered() -> None:
    assert publisher({"url": "https://www.news.example.co.uk/a", "id": "1"}) == "example.co.uk"
    assert publisher({"url": "https://sport.example.com:80/b", "source": "Example", "id": "2"}) == "example.com"
    assert publisher({"url": None, "source": "The Ledger", "id": "3"}) == "the ledger"
    assert publisher({"id": "4"}) == "4"


def test_pages_of_one_publisher_share_a_fold() -> None:
    folds = {fold_of({"url": f"https://www.example.com/{number}", "id": str(number)}) for number in range(9)}
    assert len(folds) == 1
    assert folds <= set(range(FOLDS))


def test_pages_for_measuring_are_not_trained_on() -> None:
    assert trained_on({"set": "fundus"})
    assert not trained_on({"set": "l3s-gn1", "weight": 0.0})
    assert not trained_on({"set": "a set without a weight"})
