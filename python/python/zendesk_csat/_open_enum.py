"""Texts that the API chooses from a list which may grow."""

from __future__ import annotations

from typing import Any, ClassVar, Self


class OpenEnum(str):
    """A text that the API chooses from a list which may grow: the known ones have names, and any other is kept as it is.

    It is a `str` and equals the text. Known values are one object each, so that ``is`` works as well.

    Example:
        >>> from zendesk_csat.types import RatingScore
        >>> RatingScore("good") is RatingScore.GOOD, RatingScore.GOOD == "good"
        (True, True)
        >>> RatingScore("superb"), RatingScore("superb").is_known
        ('superb', False)
    """

    __slots__ = ()

    _members: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        cls._members = {}
        for name, value in list(vars(cls).items()):
            if isinstance(value, _Known):
                member = cls._members[value.text] = str.__new__(cls, value.text)
                setattr(cls, name, member)

    def __new__(cls, text: str) -> Self:
        member: Self | None = cls._members.get(text)
        return str.__new__(cls, text) if member is None else member

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (str(self),)

    @classmethod
    def members(cls) -> tuple[Self, ...]:
        """The known values, in the order of the documentation.

        Example:
            >>> from zendesk_csat.types import RatingCategory
            >>> RatingCategory.members()
            ('bad', 'neutral', 'good')
        """
        return tuple(cls._members.values())

    @property
    def is_known(self) -> bool:
        """Whether this version of the package knows the value."""
        return str(self) in self._members


class _Known:
    """A value that becomes a member of its class."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def known(text: str) -> Any:
    """A member of an open enumeration: this text, as an object of the class in whose body it stands."""
    return _Known(text)
