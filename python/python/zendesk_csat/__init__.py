"""Every CSAT rating of a Zendesk account, from both of Zendesk's CSAT systems.

>>> from zendesk_csat import Client, OAuthToken
>>> with Client("acme", credentials=OAuthToken("a-token")) as acme:
...     bad = acme.satisfaction_ratings.list(score="bad")

Listings are lazy and page by themselves. Times are aware datetimes in UTC. Errors are the tree of `ZendeskError`.
`zendesk_csat.types` has the models, `zendesk_csat.testing` an offline account.
"""

from ._aliases import Dimension, ExportFormat, FieldValues, Names, Table, Texts, Time, TimeText
from ._async_client import AsyncClient
from ._async_listing import AsyncListing
from ._client import Client
from ._core import (
    AccountInfo,
    CallCounts,
    CallMeta,
    CsatReason,
    CsatRow,
    CsatTable,
    Explained,
    Export,
    Gap,
    History,
    Limits,
    Malformed,
    Page,
    Plan,
    Reconciliation,
    Report,
    Secret,
    SyncRows,
    SyncSummary,
    TicketsChoice,
    Unavailable,
    __version__,
)
from ._credentials import (
    ApiToken,
    ApiTokenDeprecationWarning,
    AsyncCredentials,
    Credentials,
    OAuthClient,
    OAuthToken,
)
from ._errors import (
    ApiConnectionError,
    ApiError,
    ApiTimeoutError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    DecodeError,
    HistoryBusyError,
    HistoryError,
    IncompleteHistoryWarning,
    NotFoundError,
    PaginationError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    UnprocessableError,
    ZendeskError,
)
from ._listing import Listing, OnMalformed
from . import _rows as _rows  # noqa: F401
from ._raw_response import Headers, RawResponse

__all__ = [
    "AccountInfo",
    "ApiConnectionError",
    "ApiError",
    "ApiTimeoutError",
    "ApiToken",
    "ApiTokenDeprecationWarning",
    "AsyncClient",
    "AsyncCredentials",
    "AsyncListing",
    "AuthenticationError",
    "BadRequestError",
    "CallCounts",
    "CallMeta",
    "Client",
    "ConfigurationError",
    "ConflictError",
    "Credentials",
    "CsatReason",
    "CsatRow",
    "CsatTable",
    "DecodeError",
    "Dimension",
    "Explained",
    "Export",
    "ExportFormat",
    "FieldValues",
    "Gap",
    "Headers",
    "History",
    "HistoryBusyError",
    "HistoryError",
    "IncompleteHistoryWarning",
    "Limits",
    "Listing",
    "Malformed",
    "Names",
    "NotFoundError",
    "OAuthClient",
    "OAuthToken",
    "OnMalformed",
    "Page",
    "PaginationError",
    "PermissionDeniedError",
    "Plan",
    "RateLimitError",
    "RawResponse",
    "Reconciliation",
    "Report",
    "Secret",
    "ServerError",
    "SyncRows",
    "SyncSummary",
    "Table",
    "Texts",
    "TicketsChoice",
    "Time",
    "TimeText",
    "Unavailable",
    "UnprocessableError",
    "ZendeskError",
    "__version__",
]
