"""What can go wrong.

::

    ZendeskError
    ├── ApiError                     an error status
    │   ├── BadRequestError          400
    │   ├── AuthenticationError      401
    │   ├── PermissionDeniedError    403
    │   ├── NotFoundError            404
    │   ├── ConflictError            409
    │   ├── UnprocessableError       422
    │   ├── RateLimitError           429, or a wait for a limit that would take longer than allowed
    │   └── ServerError              5xx
    ├── ApiConnectionError           no connection, or it broke off
    │   └── ApiTimeoutError          no answer within the timeout
    ├── DecodeError                  an answer that is not what the API documents
    ├── PaginationError              a listing that cannot go on
    ├── ConfigurationError           something given that cannot be used; a ValueError too
    └── HistoryError                 the history's file cannot be used
        └── HistoryBusyError         another sync is writing to it

The text of an error is one line that says what cannot be done, why, and what to do next. Neither it
nor an attribute holds a secret or anything of a response's records.
"""

from __future__ import annotations

from typing import Any


class ZendeskError(Exception):
    """What every error of this package is.

    Example:
        >>> from zendesk_csat import ZendeskError
        >>> try:
        ...     rating = client.satisfaction_ratings.show(1)
        ... except ZendeskError as error:
        ...     print(type(error).__name__)
        NotFoundError
    """

    attempts: int
    """How many requests were sent."""
    elapsed: float
    """The time from the first request to the error, in seconds."""

    def __init__(self, message: str, *, attempts: int = 0, elapsed: float = 0.0) -> None:
        super().__init__(message)
        self.attempts = attempts
        self.elapsed = elapsed


class ApiError(ZendeskError):
    """The service answered with an error status.

    Example:
        >>> from zendesk_csat import ApiError
        >>> try:
        ...     rating = client.satisfaction_ratings.show(1)
        ... except ApiError as error:
        ...     print(error.status, error.attempts)
        404 1
    """

    status: int | None
    """The HTTP status; none where no answer came because a wait would have taken too long."""
    code: str | None
    """Zendesk's own code, such as ``RecordNotFound``."""
    message: str | None
    """What the service says of it, on one line; the text of the error also has what to do next."""
    reason: str | None
    """The same as `message`."""
    details: Any
    """What the service says field by field, as it came."""
    request_id: str | None
    """The id that Zendesk's support can find the request by."""
    retry_after: float | None
    """How long the service asks to wait, in seconds."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        reason: str | None = None,
        details: Any = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        attempts: int = 0,
        elapsed: float = 0.0,
    ) -> None:
        super().__init__(message, attempts=attempts, elapsed=elapsed)
        self.status = status
        self.code = code
        self.message = reason
        self.reason = reason
        self.details = details
        self.request_id = request_id
        self.retry_after = retry_after


class BadRequestError(ApiError):
    """400: the service does not accept the request.

    Example:
        >>> from zendesk_csat import BadRequestError
        >>> try:
        ...     ratings = client.satisfaction_ratings.list(after="not a cursor").collect()
        ... except BadRequestError as error:
        ...     print(error.status)
        400
    """


class AuthenticationError(ApiError):
    """401: the credentials are not accepted.

    Example:
        >>> from zendesk_csat import AuthenticationError, OAuthToken
        >>> with zendesk.client(credentials=OAuthToken("revoked")) as stranger:
        ...     try:
        ...         count = stranger.satisfaction_ratings.count()
        ...     except AuthenticationError as error:
        ...         print(error.status, error.code)
        401 invalid_token
    """


class PermissionDeniedError(ApiError):
    """403: the credentials are good, but not for this; or the plan lacks it.

    Example:
        >>> from zendesk_csat import OAuthToken, PermissionDeniedError
        >>> agent = OAuthToken(zendesk.account["users"]["agent"]["oauth_token"])
        >>> with zendesk.client(credentials=agent) as client_of_agent:
        ...     try:
        ...         ratings = client_of_agent.satisfaction_ratings.list().collect()
        ...     except PermissionDeniedError as error:
        ...         print(error.status)
        403
    """


class NotFoundError(ApiError):
    """404: there is no such record, or no such account.

    Example:
        >>> from zendesk_csat import NotFoundError
        >>> try:
        ...     rating = client.satisfaction_ratings.show(1)
        ... except NotFoundError as error:
        ...     print(error.code)
        RecordNotFound
    """


class ConflictError(ApiError):
    """409: on a survey response, the survey is disabled.

    Example:
        >>> from zendesk_csat import ConflictError
        >>> earlier = client.survey_responses.list().first()
        >>> for survey in client.surveys.list():
        ...     try:
        ...         offered = client.survey_responses.create(
        ...             survey_id=survey.id, responder_id=earlier.responder_id, subject_zrns=earlier.subject_zrns
        ...         )
        ...     except ConflictError:
        ...         print(survey.state)
        disabled
    """


class UnprocessableError(ApiError):
    """422: the service understands the values and refuses them; `details` says which.

    Example:
        >>> from zendesk_csat import OAuthToken, UnprocessableError
        >>> user = zendesk.account["users"]["end_user"]
        >>> ticket = zendesk.put_ticket(status="solved", requester_id=user["id"])
        >>> with zendesk.client(credentials=OAuthToken(user["oauth_token"])) as customer:
        ...     try:
        ...         rating = customer.satisfaction_ratings.create(ticket.id, score="good")
        ...     except UnprocessableError as error:
        ...         print(error.code, list(error.details))
        RecordInvalid ['base']
    """


class RateLimitError(ApiError):
    """429: a limit was met, and waiting it out would take longer than ``max_wait`` allows.

    Example:
        >>> from zendesk_csat import RateLimitError
        >>> in_force = zendesk.faults(too_many_requests=1.0)
        >>> try:
        ...     count = client.with_options(max_retries=0).satisfaction_ratings.count()
        ... except RateLimitError as error:
        ...     again_in_seconds = error.retry_after
        >>> zendesk.clear_faults()
    """


class ServerError(ApiError):
    """5xx: the service failed.

    Example:
        >>> from zendesk_csat import ServerError
        >>> in_force = zendesk.faults(script=["server_error"])
        >>> try:
        ...     count = client.with_options(max_retries=0).satisfaction_ratings.count()
        ... except ServerError as error:
        ...     print(error.attempts)
        1
    """


class ApiConnectionError(ZendeskError):
    """No connection, or it broke off.

    Example:
        >>> from zendesk_csat import ApiConnectionError
        >>> in_force = zendesk.faults(script=["reset_before"])
        >>> try:
        ...     count = client.with_options(max_retries=0).satisfaction_ratings.count()
        ... except ApiConnectionError as error:
        ...     print(error.attempts)
        1
    """


class ApiTimeoutError(ApiConnectionError):
    """No answer within the timeout.

    Example:
        >>> from zendesk_csat import ApiTimeoutError
        >>> in_force = zendesk.faults(slow_drip=1.0)
        >>> try:
        ...     count = client.with_options(timeout=0.1, max_retries=0).satisfaction_ratings.count()
        ... except ApiTimeoutError as error:
        ...     print(error.attempts)
        1
        >>> zendesk.clear_faults()
    """


class DecodeError(ZendeskError):
    """The answer, or one record of it, is not what the API documents.

    Of an answer as a whole it is what came in the end: it was asked for again, where that does no harm.

    Example:
        >>> from zendesk_csat import DecodeError
        >>> in_force = zendesk.faults(script=["html"])
        >>> try:
        ...     count = client.with_options(max_retries=0).satisfaction_ratings.count()
        ... except DecodeError as error:
        ...     print(error.json_path)
        $
    """

    json_path: str | None
    """Where it does not fit, such as ``$.satisfaction_ratings[3].ticket_id``."""
    request_id: str | None
    """The id that Zendesk's support can find the request by."""

    def __init__(
        self,
        message: str,
        *,
        json_path: str | None = None,
        request_id: str | None = None,
        attempts: int = 0,
        elapsed: float = 0.0,
    ) -> None:
        super().__init__(message, attempts=attempts, elapsed=elapsed)
        self.json_path = json_path
        self.request_id = request_id


class PaginationError(ZendeskError):
    """A listing cannot go on: its cursor repeats, or leads elsewhere.

    Example:
        >>> from zendesk_csat import PaginationError
        >>> in_force = zendesk.faults(repeated_cursor=1.0)
        >>> try:
        ...     ratings = client.satisfaction_ratings.list(page_size=1).collect()
        ... except PaginationError as error:
        ...     print(type(error).__name__)
        PaginationError
        >>> zendesk.clear_faults()
    """


class ConfigurationError(ZendeskError, ValueError):
    """Something was given that the client cannot use; the message says what to write instead.

    Example:
        >>> from zendesk_csat import Client, ConfigurationError, OAuthToken
        >>> try:
        ...     Client("https://acme.zendesk.com", credentials=OAuthToken("a-token"))
        ... except ConfigurationError as error:
        ...     print(type(error).__name__)
        ConfigurationError
    """


class HistoryError(ZendeskError):
    """The history's file cannot be opened, read or written; the message names it.

    Example:
        >>> from zendesk_csat import History, HistoryError
        >>> try:
        ...     history = History("no/such/folder/csat.db")
        ... except HistoryError as error:
        ...     print("csat.db" in str(error))
        True
    """


class HistoryBusyError(HistoryError):
    """Another sync is writing to the history's file.

    Example:
        >>> from zendesk_csat import HistoryBusyError
        >>> try:
        ...     summary = client.sync(history)
        ... except HistoryBusyError:
        ...     summary = None
    """


class IncompleteHistoryWarning(UserWarning):
    """What is read from a history lacks something; the message says what, and up to when it is whole.

    `History.gaps` gives the same as data.

    Example:
        >>> import warnings
        >>> from zendesk_csat import IncompleteHistoryWarning
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("error", IncompleteHistoryWarning)
        ...     report = history.report()
    """


# Tracebacks name them as people import them.
for _error in list(globals().values()):
    if isinstance(_error, type) and issubclass(_error, (ZendeskError, IncompleteHistoryWarning)):
        _error.__module__ = "zendesk_csat"
