"""The contract of a stage: all that is needed to write the next one.

A stage is one file here and one line in ``STAGES`` (``stages/__init__.py``). It reads one topic and writes
others; it knows no other stage, no Kafka client and no Faust. The worker runs it as a Faust app with a
consumer group of its own, so that a rebalance or a stuck record of one stage leaves the others alone.

**Topics.** A stage declares, as class attributes, the topic that it ``reads``, those that it ``writes``,
those that it ``follows`` and the one in which it ``stores`` its state. Each is a :class:`~monitor.streaming.
topics.Topic`: name, key, what it holds, retention or compaction, size of a record, partitions. ``monitor
topics create``, the check at start, Strimzi's file and the table in the docs are made from these. The topic
of dead letters is everyone's and is not declared.

**Records.** :meth:`Stage.outputs` is called once for each record of ``reads``, in the order of each partition's
offsets. What it returns is delivered, and only then is the record's offset committed. The worker delivers at
least once: after a crash or a rebalance the records after the committed offset come again, so outputs are
keyed such that a consumer that keeps the last of each key sees each once. An output names its topic in
full: ``SCORED.full_name(settings.topic_names)``.

**Failures.** For a record that cannot be handled, ``outputs`` raises ``Refused`` (``deadletters/letter.py``): the
record goes to the dead letters as it came, with the reason, is counted, and the stage goes on. A stage
raises it before it has changed its state. Any other exception, and any from another method, is a defect:
the worker ends with ``ExitCode.STAGE_FAILED``, and the record is not committed. Dead letters past the limits
of the settings (``dead_letter_consecutive``, ``dead_letter_ratio``) end the worker too.

A record may hold several things, as a feed does: for each that cannot be handled ``outputs`` returns a
``Refused`` with its number among the outputs of the others. Each is a dead letter of its own, the first of
a record with the record's value; the record counts as a dead letter where nothing of it was handled.

**An output that is too large** for its topic is replaced by one dead letter for its record, with the reason
``too_large``, however many of the record's outputs are refused. A dead letter that is too large goes
without its value.

**State** is a fold over the records of ``reads``: the same records in the same order give the same state and
the same outputs. It depends on nothing else: no wall clock, no other partition. A stage with state says
``stateful = True`` and in its docstring by what the state is bounded; it reads one topic, so not articles, which
may be several (``input_topics``). Each partition has a state of its own,
made of parts, one for each key of its records.

- Time is the records' own. The stream time of a partition is the highest timestamp of its records so far;
  when it passes a multiple of ``tick_seconds``, :meth:`Stage.tick` is called after that record's ``outputs``.
  The same time again, or an earlier one, must change nothing.
- On assignment the worker hands back what was saved (:meth:`Stage.load`), then gives ``outputs`` and ``tick``
  the records up to the committed offset and throws away what they return. Only then is a new record handled.
  Meanwhile ``/readyz`` says so, and the worker's other partitions and stages go on.
- Where ``reads`` keeps all that the state needs, no more is to be done. Where it does not, the stage declares
  a compacted topic as ``stores``; the worker asks it for the part of a key (:meth:`Stage.save`) within seconds
  of its change, and writes it there with the offset that it includes, once that offset is committed. So
  every record must have a key, and change nothing but the part of that key.
- A record of ``reads`` may itself be there twice, since the stage that wrote it delivers at least once. Its
  origin tells: topic, partition, offset and timestamp of the record that it was made from.
- :meth:`Stage.drop` is called when a partition goes to another worker, and before it is folded anew.

**Followed topics** are compacted and read whole by every worker, before any record is handled and on from
there: :meth:`Stage.follow` is given what each key holds from then on.

**To add a stage**: its file here, its line in ``STAGES``, ``make docs``, and its test. A threshold or metric
of its own stands in its file.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.topics import Topic


@dataclass(frozen=True)
class Surroundings:
    """What a stage may use of the process that it runs in."""

    settings: Settings
    metrics: Metrics
    #: For times that are written down; nothing that a stage decides may depend on it.
    clock: Callable[[], datetime]


class Stage(ABC):
    """One stage of the stream; see the module for the contract."""

    #: In ``--stages``, in the log, and behind the dot of the consumer group's name.
    name: ClassVar[str]
    reads: ClassVar[Topic]
    writes: ClassVar[tuple[Topic, ...]]
    follows: ClassVar[tuple[Topic, ...]] = ()
    #: Compacted, with ``reads``' keys; ``None`` for a stage without state, or whose state ``reads`` holds whole.
    stores: ClassVar[Topic | None] = None
    #: The reason of every ``Refused``, so that their counters begin at 0; and that of an output that is
    #: too large.
    reasons: ClassVar[tuple[str, ...]] = ()
    too_large: ClassVar[str] = "output_too_large"
    stateful: ClassVar[bool] = False
    #: Seconds of stream time between two calls of :meth:`tick`.
    tick_seconds: ClassVar[float] = 60.0

    @classmethod
    @abstractmethod
    def build(cls, surroundings: Surroundings) -> Self:
        """The stage of one worker, without state. Reads models; makes no connection."""

    @classmethod
    def group(cls, group: str) -> str:
        """The stage's consumer group, from the setting ``group``."""
        return f"{group}.{cls.name}"

    @abstractmethod
    def outputs(self, record: InputRecord) -> Sequence[Output | Refused]:
        """The outputs of one record; none is allowed. Of a record that holds several things, why some are refused.

        Raises:
            Refused: the record cannot be handled; the state is as before.
        """

    def tick(self, partition: int, stream_time: float) -> Sequence[Output]:
        """What the passing of time alone makes: closed slices, alarms. Only called of a stage with state.

        ``stream_time`` is the multiple of ``tick_seconds`` that was passed last, in seconds since 1970.
        """
        return ()

    def load(self, partition: int, key: bytes, value: bytes) -> None:
        """Take back what :meth:`save` gave for a key of a partition. Only called of a stage that ``stores``."""
        raise NotImplementedError(f"the stage {self.name} stores its state and has no load()")

    def save(self, partition: int, key: bytes) -> bytes | None:
        """All that the state holds of a key; ``None`` for nothing. Only called of a stage that ``stores``."""
        raise NotImplementedError(f"the stage {self.name} stores its state and has no save()")

    def drop(self, partition: int) -> None:
        """Throw away the state of a partition. Only called of a stage with state."""
        raise NotImplementedError(f"the stage {self.name} has state and no drop()")

    def follow(self, topic: Topic, key: bytes, value: bytes | None) -> None:
        """A key of a followed topic holds a value from now on; ``None`` where it was deleted."""
        raise NotImplementedError(f"the stage {self.name} follows topics and has no follow()")
