"""What is read of a record, and when a flag is raised."""

from __future__ import annotations

from dataclasses import asdict
from functools import cached_property

from pydantic import BaseModel, Field, field_validator

from monitor.articles.decode import Decoder
from monitor.articles.field_names import NAMES
from monitor.articles.formats import NAMES as FORMATS
from monitor.articles.size_limits import SizeLimits
from monitor.scoring import flags
from monitor.scoring.cut import SURE
from monitor.scoring.thresholds import Thresholds

#: Fields of an article whose place in a record can be set.
FIELDS = ("body", *NAMES)
#: Whole numbers stay such: ``thin_words = 50`` is printed as it was set.
Values = dict[str, int | float]


class ScoringSettings(BaseModel):
    """What is read of a record, and when a flag is raised.

    The names, defaults, units and reasons of the thresholds stand with their flags, in ``scoring/flags/``.
    """

    max_record_bytes: int = Field(
        SizeLimits().record_bytes, ge=1, description="size of a record in bytes, above which it becomes a dead letter"
    )
    max_text_characters: int = Field(
        SizeLimits().text_characters,
        ge=1,
        description="length of an article's text in characters, above which its record becomes a dead letter",
    )
    cut_boilerplate: float = Field(
        SURE,
        gt=0,
        le=1,
        description="probability from which a paragraph is cut as boilerplate, by monitor clean and for the topic "
        "articles.clean; docs/clean.md says what other values take and leave",
    )
    fields: dict[str, str | tuple[str, ...]] = Field(
        default_factory=dict,
        description="where the fields of an article stand in a JSON record, tried before the built-in names: name to "
        "dotted path, or to a list of them: {body: ['article.content.0.html', 'story.text']}",
    )
    input: str | None = Field(
        None,
        description=f"format of what arrives: {', '.join(FORMATS)}; where it is not set, the format is recognised",
    )
    items: str | None = Field(
        None,
        min_length=1,
        description="dotted path of the articles in a JSON document that holds several, such as result.stories; where "
        "it is not set, the usual envelopes are opened",
    )

    thresholds: Values = Field(
        default_factory=dict,
        validate_default=True,
        description="thresholds of the flags, for all sources: {thin_words: 40}",
    )
    sources: dict[str, Values] = Field(
        default_factory=dict, description="thresholds of single sources: {'Daily Example': {thin_words: 20}}"
    )

    @field_validator("fields")
    @classmethod
    def _fields_exist(cls, fields: dict[str, str | tuple[str, ...]]) -> dict[str, str | tuple[str, ...]]:
        if unknown := sorted(set(fields) - set(FIELDS)):
            raise ValueError(f"no such field: {', '.join(unknown)}; there are {', '.join(FIELDS)}")
        return fields

    @field_validator("input")
    @classmethod
    def _input_is_a_format(cls, name: str | None) -> str | None:
        if name is not None and name not in FORMATS:
            raise ValueError(f"no such format; there are {', '.join(FORMATS)}")
        return name

    @field_validator("thresholds")
    @classmethod
    def _thresholds_are_complete(cls, values: Values) -> Values:
        return asdict(_checked(values))

    @field_validator("sources")
    @classmethod
    def _thresholds_of_sources_are_usable(cls, sources: dict[str, Values]) -> dict[str, Values]:
        for source, values in sources.items():
            try:
                _checked(values)
            except ValueError as error:
                raise ValueError(f"{source}: {error}") from error
        return sources

    def decoder(self) -> Decoder:
        """What turns records into articles, with the paths and limits in force."""
        limits = SizeLimits(self.max_record_bytes, self.max_text_characters)
        return Decoder(self.fields, limits, self.input, self.items)

    def thresholds_for(self, source: str) -> Thresholds:
        """The thresholds of one source: its own where it has any, the common ones for the rest."""
        return self._thresholds_by_source.get(source, self._common_thresholds)

    @cached_property
    def _common_thresholds(self) -> Thresholds:
        return flags.thresholds(**self.thresholds)

    @cached_property
    def _thresholds_by_source(self) -> dict[str, Thresholds]:
        return {source: flags.thresholds(**(self.thresholds | own)) for source, own in self.sources.items()}


def _checked(values: Values) -> Thresholds:
    if unknown := sorted(set(values) - set(flags.THRESHOLDS)):
        raise ValueError(f"no such threshold: {', '.join(unknown)}; there are {', '.join(flags.THRESHOLDS)}")
    return flags.thresholds(**values)
