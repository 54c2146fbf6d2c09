"""repeated_body: the run, its share and refrains."""

from __future__ import annotations

from monitor.scoring.flags.repeated_body import FLAG
from tests.scoring.flags.made_up import inspection, raised
from tests.scoring.repetition.test_find import STORY


def test_body_that_stands_twice_is_named_by_its_paragraphs() -> None:
    flag = raised(FLAG, inspection("\n".join((*STORY, *STORY))))
    assert flag is not None
    assert flag.message == "paragraphs 6-10 repeat 1-5: 50 % of the text stands twice"
    assert flag.score == 0.5


def test_run_below_a_threshold_is_no_body() -> None:
    copy = inspection("\n".join((*STORY, *STORY)))
    assert raised(FLAG, copy, repeated_body_paragraphs=6) is None
    assert raised(FLAG, copy, repeated_body_share=0.6) is None


def test_refrain_of_short_lines_is_no_body() -> None:
    refrain = ["Row the boat, row it home", "Over the bar and the foam", "Brenn, oh Brenn, we come"]
    assert raised(FLAG, inspection("\n".join((*refrain, *STORY, *refrain)))) is None
    assert raised(FLAG, inspection("\n".join((*refrain, *refrain)))) is not None
