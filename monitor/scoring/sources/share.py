"""The share of a source's articles that are affected by something, watched by a sequential test.

The test is Page's CUSUM for a Bernoulli share (E. S. Page, Continuous inspection schemes, 1954): of each article the
log-likelihood ratio of a broken share against the usual one is added up, never below 0, and at a threshold ``h`` the
share has changed; the articles since the sum was last 0 are those since it broke. Of good articles it takes e^h on the
mean, at the least, until it tells falsely (G. Lorden, Procedures for reacting to a change in distribution, 1971), and
for shares as here some :data:`SLACK` times as many, so ``h`` follows from the rate of false incidents that is allowed.

The usual share is learned from the source's own articles: the mean of a Beta distribution over them, and one standard
deviation more, so that a source known from few articles must break more plainly. Articles under suspicion are learned
only when the suspicion is over; those of an incident never.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import msgspec

from monitor.scoring.sources.run import Run, Shown

#: What the Beta distribution begins with: so many articles, of which so many are affected.
PRIOR_ARTICLES, PRIOR_AFFECTED = 5.0, 0.1
#: Articles that the habit remembers: at twice as many, all counts are halved.
MEMORY = 500
#: The least that is taken for usual. Below it three bad copies in a row, as of one story, would be an incident.
LEAST_USUAL = 0.04
#: The broken share that is looked for, and by how much at the least it lies above the usual one. Half of the articles
#: bad is found soonest by a test for somewhat less: it bears the good copies between.
BROKEN, STEP = 0.4, 0.3
#: A share above which nothing could get worse.
HIGHEST = 0.98
#: Affected articles that an incident needs at the least.
FEWEST_AFFECTED = 5
#: How many times e^h articles it takes until the test tells falsely, on the mean, at usual shares of 2 to 5 %: measured
#: by letting the test run over drawn articles of a source that stays as it is.
SLACK = 20.0
#: The odds, in favour of the usual share, at which an incident is over, and the articles that it takes at the least.
HEALED_ODDS, FEWEST_HEALED = math.log(1000), 8


class Usual(NamedTuple):
    """The usual share, and the same with the doubt that there is about it; the broken share that is looked for."""

    mean: float
    highest: float
    broken: float


class Share(msgspec.Struct, frozen=True, array_like=True):
    """A share: ``affected`` of ``articles`` usual ones, the sum of the test, and the articles that it is about."""

    articles: float = 0.0
    affected: float = 0.0
    evidence: float = 0.0
    run: Run | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is an incident."""
        return self.run is not None and self.run.is_open

    def usual(self) -> Usual:
        """What is usual of this source."""
        count = self.articles + PRIOR_ARTICLES
        mean = (self.affected + PRIOR_AFFECTED) / count
        highest = max(mean + math.sqrt(mean * (1 - mean) / (count + 1)), LEAST_USUAL)
        return Usual(self.affected / max(self.articles, 1.0), highest, max(BROKEN, highest + STEP))

    def learn(self, articles: float, affected: float) -> Share:
        """The share with some more usual articles, and no suspicion."""
        articles, affected = self.articles + articles, self.affected + affected
        if articles >= 2 * MEMORY:
            articles, affected = articles / 2, affected / 2
        return Share(articles, affected)

    def restart(self, weight: float) -> Share:
        """The share after a change of what is judged by: the habit weighs as ``weight`` articles at the most."""
        scale = min(1.0, weight / self.articles) if self.articles else 1.0
        if self.is_open:
            return msgspec.structs.replace(self, articles=self.articles * scale, affected=self.affected * scale)
        return Share(self.articles * scale, self.affected * scale)

    def accept(self) -> Share:
        """The share with what is, as what is usual from now on: a person said so."""
        if self.run is None:
            return self
        scale = min(1.0, MEMORY / max(self.run.articles, 1))
        return Share(self.run.articles * scale, self.run.affected * scale)

    def see(self, affected: bool, at: float, shown: Shown | None, threshold: float) -> Share:
        """The share with one more article, at a time; an incident where the sum reaches the threshold.

        An incident that is over has no run any more.
        """
        usual = self.usual()
        if self.run is not None and self.run.is_open:
            return self._see_open(self.run, usual, affected, shown)
        if self.run is None and not affected:
            return self.learn(1, 0)
        if usual.broken > HIGHEST:
            return self.learn(1, affected)
        evidence = self.evidence + _log_likelihood_ratio(usual.broken, usual.highest, affected)
        if evidence <= 0:
            before = self.run or Run(at)
            return self.learn(before.articles + 1, before.affected + affected)
        run = (self.run or Run(at)).add(affected, shown)
        run = msgspec.structs.replace(run, before=usual.mean, now=run.affected / run.articles)
        if evidence >= threshold and run.affected >= FEWEST_AFFECTED:
            run = msgspec.structs.replace(run, opened=at, told=run.affected)
        return msgspec.structs.replace(self, evidence=evidence, run=run)

    def _see_open(self, run: Run, usual: Usual, affected: bool, shown: Shown | None) -> Share:
        run = run.add(affected, shown)
        broken = min(max(usual.broken, run.affected / run.articles), 0.9)
        back = max(run.back - _log_likelihood_ratio(broken, usual.highest, affected), 0.0)
        healthy = run.healthy + 1 if back else 0
        if back >= HEALED_ODDS and healthy >= FEWEST_HEALED:
            return Share(self.articles, self.affected)
        run = msgspec.structs.replace(run, back=back, healthy=healthy, now=run.affected / run.articles)
        return msgspec.structs.replace(self, run=run)


def threshold(articles_a_year: float, false_a_year: float) -> float:
    """The sum at which a share is told to have changed, for so many articles, and false incidents that are allowed."""
    return math.log(max(articles_a_year, 1.0) / false_a_year / SLACK)


def _log_likelihood_ratio(broken: float, usual: float, affected: bool) -> float:
    return math.log(broken / usual) if affected else math.log((1 - broken) / (1 - usual))
