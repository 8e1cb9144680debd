"""Who a client is to Zendesk."""

from __future__ import annotations

import warnings
from typing import Union

from . import _core
from ._core import Secret


class ApiTokenDeprecationWarning(DeprecationWarning):
    """API tokens end on 2027-04-30."""


class OAuthToken:
    """An OAuth access token. Its repr never shows the token.

    Example:
        >>> from zendesk_csat import OAuthToken
        >>> OAuthToken("a-bearer-token")
        OAuthToken('…')
    """

    __slots__ = ("_core",)

    def __init__(self, token: str | Secret) -> None:
        self._core = _core.Credentials.oauth_token(token)

    def __repr__(self) -> str:
        return "OAuthToken('…')"


class ApiToken:
    """An agent's e-mail address and an API token. Its repr never shows the token.

    Zendesk stops accepting API tokens on 2027-04-30: use `OAuthToken` from then on.

    Example:
        >>> import warnings
        >>> from zendesk_csat import ApiToken
        >>> with warnings.catch_warnings(action="ignore"):
        ...     ApiToken("ada@acme.example", "an-api-token")
        ApiToken('ada@acme.example', '…')
    """

    __slots__ = ("_core", "_email")

    def __init__(self, email: str, token: str | Secret) -> None:
        warnings.warn(
            "Zendesk stops accepting API tokens on 2027-04-30: use OAuthToken",
            ApiTokenDeprecationWarning,
            stacklevel=2,
        )
        self._core = _core.Credentials.api_token(email, token)
        self._email = email

    @property
    def email(self) -> str:
        """The agent's e-mail address."""
        return self._email

    def __repr__(self) -> str:
        return f"ApiToken({self._email!r}, '…')"


Credentials = Union[OAuthToken, ApiToken]
"""How requests are signed."""
