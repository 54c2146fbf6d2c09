"""How well copies are linked: ``python -m bench.copies_stream DATA``.

Streams of stories that outlets carry with the boilerplate of real pages around them (``bench/source_streams.py``),
scored and linked in order, each article by what those before it taught of its source. In the harder one copies are
abridged to 25 to 45 %, merged of two stories, have a local lead of their own, or have 6 % of their words changed.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from bench.source_streams import OUTLETS, _Outlet, _outlet, _read
from monitor.articles.article import Article
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.copies.fingerprint import Fingerprint
from monitor.scoring.copies.link import Linker
from monitor.scoring.copies.window import Window
from monitor.scoring.score import Scorer
from monitor.scoring.sources.sighting import Sighting
from monitor.scoring.sources.templates import SourceTemplates

ARTICLES = 3_600
NOW = datetime(2026, 1, 1, tzinfo=UTC)
#: Paragraphs of a story, and words that it has at least: a copy of a quarter of it has fifty then.
PARAGRAPHS, LEAST_WORDS = range(5, 61), 200
DAMAGES = ("abridged", "merged", "local lead", "edited")

Lines = list[str]


class Carried(NamedTuple):
    """An article of a stream, the stories that it carries, and what was done to them."""

    article: Article
    stories: tuple[str, ...]
    damage: str


def stories_and_outlets(folder: Path, random: Random) -> tuple[list[dict[str, Any]], list[_Outlet]]:
    """Stories with their lines, no two with one line in common, and outlets with boilerplate of real pages."""
    pages = [*_read(folder / "copies-dev.jsonl.gz"), *_read(folder / "wcxb-dev.jsonl.gz")]
    random.shuffle(pages)
    outlets = [outlet for page in pages if (outlet := _outlet(page)) is not None]
    stories: list[dict[str, Any]] = []
    seen: set[str] = set()
    for page in pages:
        lines = [line for line in page["body"].split("\n") if line.strip()]
        long_lines = {line for line in lines if len(line.split()) > 8}
        if len(lines) in PARAGRAPHS and len(page["body"].split()) >= LEAST_WORDS and not long_lines & seen:
            seen |= long_lines
            stories.append({"id": page["id"], "lines": lines})
    return stories, outlets[:OUTLETS]


def stream(folder: Path, *, hard: bool, articles: int = ARTICLES, seed: int = 7) -> list[Carried]:
    """The articles in order; what a story's copies have in common is its id."""
    random = Random(seed)
    stories, outlets = stories_and_outlets(folder, random)
    made: list[Carried] = []
    while len(made) < articles:
        story = random.choice(stories)
        for place in random.sample(range(len(outlets)), random.randint(1, 5)):
            lines: Lines = list(story["lines"])
            carried: tuple[str, ...] = (story["id"],)
            damage = "whole"
            if hard and random.random() < 0.8:
                damage = random.choice(DAMAGES)
                lines, carried = _damaged(damage, story, random.choice(stories), random)
            elif random.random() < 0.3:
                lines, damage = lines[: max(4, len(lines) - random.randint(1, 4))], "cut"
            made.append(_carried(outlets[place], len(made), lines, carried, damage, random))
    return made[:articles]


def _damaged(
    damage: str, story: dict[str, Any], other: dict[str, Any], random: Random
) -> tuple[Lines, tuple[str, ...]]:
    lines: Lines = list(story["lines"])
    if damage == "abridged":
        return _abridged(lines, random.uniform(0.25, 0.45)), (story["id"],)
    if damage == "merged":
        return [*lines, *other["lines"]], tuple(dict.fromkeys((story["id"], other["id"])))
    if damage == "local lead":
        return [*_lead(other["lines"], random), *lines], (story["id"],)
    return [_edited(line, random) for line in lines], (story["id"],)


def _abridged(lines: Lines, share: float) -> Lines:
    """The first lines, up to the share of the words."""
    words = sum(len(line.split()) for line in lines)
    kept: Lines = []
    for line in lines:
        kept.append(line)
        if sum(len(each.split()) for each in kept) >= share * words:
            break
    return kept


def _lead(lines: Lines, random: Random) -> Lines:
    """A local lead: the words of another story's paragraphs, mixed, so that nothing of it stands elsewhere."""
    words = " ".join(lines).split()
    random.shuffle(words)
    return [" ".join(words[:40]).capitalize() + ".", " ".join(words[40:80]).capitalize() + "."]


def _edited(line: str, random: Random, share: float = 0.06) -> str:
    words = line.split(" ")
    return " ".join(random.choice(words) if random.random() < share else word for word in words)


def _carried(
    outlet: _Outlet, number: int, lines: Lines, stories: tuple[str, ...], damage: str, random: Random
) -> Carried:
    before = [line for line in outlet.before if random.random() < 0.9]
    after = [line for line in outlet.after if random.random() < 0.9]
    text = "\n".join((*before, *lines, *after))
    return Carried(Article(id=str(number), text=text, source=outlet.name, arrived_at=NOW), stories, damage)


def fingerprints(articles: Sequence[Article], scorer: Scorer) -> Iterator[Fingerprint]:
    """Each article's, by what those before it taught of its source."""
    sources: dict[str, SourceTemplates] = defaultdict(SourceTemplates)
    for number, article in enumerate(articles):
        scored = scorer.read(article, NOW, sources[article.source].for_scoring())
        sighting = Sighting.of_verdict(*scored[:4], offset=number)
        sources[article.source] = sources[article.source].learn(sighting)
        yield Fingerprint.of_verdict(scored.verdict, article, scored.text, offset=number)


Pairs = dict[str, list[str]]


def linked(prints: Sequence[Fingerprint]) -> Pairs:
    """By the id of each copy: those of the articles of which it is said to be one."""
    linker = Linker(Window(float("inf"), 1 << 30))
    pairs: Pairs = defaultdict(list)
    for fingerprint in prints:
        for copy in linker.link(fingerprint, NOW.timestamp()).copies:
            pairs[copy.article.id] = [copy.earlier.id, *(other.earlier.id for other in copy.others)]
    return pairs


def judge(stream: Sequence[Carried], pairs: Pairs) -> str:
    """Precision of the links, and recall: of each article and story that was carried before, whether it is linked."""
    stories = {each.article.id: each.stories for each in stream}
    right = sum(bool({*stories[id_]} & {*stories[earlier]}) for id_, all_ in pairs.items() for earlier in all_)
    links = sum(map(len, pairs.values()))
    # Two merged articles may have less than half of either in common: such a pair is not asked for.
    carried: dict[str, bool] = {}
    total: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for each in stream:
        of_links = {story for earlier in pairs.get(each.article.id, ()) for story in stories[earlier]}
        for story in each.stories:
            if carried.get(story) or (story in carried and len(each.stories) == 1):
                total[each.damage] += 1
                missed[each.damage] += story not in of_links
            carried[story] = carried.get(story, False) or len(each.stories) == 1
    by_damage = ", ".join(f"{name} {1 - missed[name] / total[name]:.4f} of {total[name]}" for name in sorted(total))
    return (
        f"precision {right / max(links, 1):.4f} of {links} links, "
        f"recall {1 - missed.total() / total.total():.4f} ({by_damage})"
    )


def scorer() -> Scorer:
    """The scorer with the model that ships."""
    return Scorer(Model.load(), lambda source: flags.thresholds())


def main(make: Callable[[], Scorer] = scorer) -> None:
    """Print the figures of both streams."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with copies-dev and wcxb-dev.jsonl.gz")
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    ready = make()
    for hard in (False, True):
        for seed in range(7, 7 + options.seeds):
            made = stream(options.data, hard=hard, articles=options.articles, seed=seed)
            prints = list(fingerprints([each.article for each in made], ready))
            print("harder stream" if hard else "made-up stream", f"seed {seed}:", judge(made, linked(prints)))


if __name__ == "__main__":
    main()
