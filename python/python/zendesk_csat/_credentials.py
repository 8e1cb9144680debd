"""Who a client is to Zendesk."""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable
from typing import Union

from . import _core
from ._core import Secret


class ApiTokenDeprecationWarning(DeprecationWarning):
    """API tokens end on 2027-04-30.

    Example:
        >>> import warnings
        >>> from zendesk_csat import ApiToken, ApiTokenDeprecationWarning
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore", ApiTokenDeprecationWarning)
        ...     credentials = ApiToken("ada@acme.example", "an-api-token")
    """


class OAuthClient:
    """An OAuth client of the account, by the grant ``client_credentials``. Its repr never shows the secret.

    The client asks for a token with the first call, for the next one before it expires, and for another,
    once a call, when the service answers 401. Threads and tasks share one token.

    Args:
        client_id: The client's identifier, as Admin Center shows it.
        client_secret: Its secret.
        scope: What the tokens may do, separated by spaces.

    Example:
        >>> from zendesk_csat import OAuthClient
        >>> OAuthClient("csat-report", "a-client-secret")
        OAuthClient('csat-report', '...', scope='read')
    """

    __slots__ = ("_client_id", "_core", "_scope")

    def __init__(self, client_id: str, client_secret: str | Secret, *, scope: str = "read") -> None:
        self._core = _core.Credentials.oauth_client(client_id, client_secret, scope)
        self._client_id = client_id
        self._scope = scope

    @property
    def client_id(self) -> str:
        """The client's identifier."""
        return self._client_id

    @property
    def scope(self) -> str:
        """What the tokens may do, separated by spaces."""
        return self._scope

    def __repr__(self) -> str:
        return f"OAuthClient({self._client_id!r}, '...', scope={self._scope!r})"


class OAuthToken:
    """An OAuth access token, which the client cannot renew. Its repr never shows the token.

    Example:
        >>> from zendesk_csat import OAuthToken
        >>> OAuthToken("a-bearer-token")
        OAuthToken('...')
    """

    __slots__ = ("_core",)

    def __init__(self, token: str | Secret) -> None:
        self._core = _core.Credentials.oauth_token(token)

    def __repr__(self) -> str:
        return "OAuthToken('...')"


class ApiToken:
    """An agent's e-mail address and an API token. Its repr never shows the token.

    Zendesk stops accepting API tokens on 2027-04-30: use `OAuthClient` from then on.

    Example:
        >>> import warnings
        >>> from zendesk_csat import ApiToken
        >>> with warnings.catch_warnings(action="ignore"):
        ...     ApiToken("ada@acme.example", "an-api-token")
        ApiToken('ada@acme.example', '...')
    """

    __slots__ = ("_core", "_email")

    def __init__(self, email: str, token: str | Secret) -> None:
        warnings.warn(
            "Zendesk stops accepting API tokens on 2027-04-30: use OAuthClient",
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
        return f"ApiToken({self._email!r}, '...')"


Credentials = Union[OAuthClient, OAuthToken, ApiToken, Callable[[], Union[str, Secret]]]
"""How requests are signed: a function returns an access token."""

AsyncCredentials = Union[Credentials, Callable[[], Awaitable[Union[str, Secret]]]]
"""How requests of an `AsyncClient` are signed: the function may be an async one."""


def core_of(credentials: Credentials) -> _core.Credentials:
    """What the extension module knows of the credentials."""
    if isinstance(credentials, (OAuthClient, OAuthToken, ApiToken)):
        return credentials._core
    if not callable(credentials):
        raise _unusable(credentials)
    from inspect import iscoroutinefunction

    if iscoroutinefunction(credentials):
        raise TypeError("credentials: an async function needs AsyncClient; give Client a function that returns a token")
    return _core.Credentials.provider(credentials)


def async_core_of(credentials: AsyncCredentials) -> _core.Credentials:
    """The same for an asynchronous client."""
    if isinstance(credentials, (OAuthClient, OAuthToken, ApiToken)):
        return credentials._core
    if not callable(credentials):
        raise _unusable(credentials)
    # Only here: asyncio takes longer to import than the rest of the package.
    from ._async_token import TokenInEventLoop

    token = TokenInEventLoop(credentials)
    return _core.Credentials.provider(token, token.follow)


def _unusable(credentials: object) -> TypeError:
    return TypeError(
        "credentials: OAuthClient, OAuthToken, ApiToken or a function that returns a token, "
        f"not {type(credentials).__name__}"
    )
