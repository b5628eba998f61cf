"""The connection pool. Sessions run as a role that owns no table, in UTC, with time limits."""

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import NullPool

from cyberdesk.core.db import agreeing, liveness

APPLICATION_ROLE = "cyberdesk_app"
_LIMITS = "-c timezone=UTC -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"

# A host whose power or cable is gone says nothing, and holds its locks until the server has given
# it up: within 15 seconds, instead of the two hours and more of TCP. The same the other way round.
_SILENT_AFTER, _ASK_EVERY, _ASK_TIMES, _GIVE_UP = 6, 3, 3, 15  # seconds, but for the times
_SILENCE_OF_CLIENTS = (
    f"-c tcp_keepalives_idle={_SILENT_AFTER} -c tcp_keepalives_interval={_ASK_EVERY} "
    f"-c tcp_keepalives_count={_ASK_TIMES} -c tcp_user_timeout={_GIVE_UP * 1000}"
)
_SILENCE_OF_SERVER = {
    "keepalives_idle": _SILENT_AFTER,
    "keepalives_interval": _ASK_EVERY,
    "keepalives_count": _ASK_TIMES,
    "tcp_user_timeout": _GIVE_UP * 1000,
}
_PATIENCE = 5  # seconds: a server that takes the call and says nothing is one that is away


class Database:
    """A PostgreSQL reached by `url`; `role` is taken at connection, None keeps the owner's."""

    def __init__(
        self, url: str, *, role: str | None = APPLICATION_ROLE, pool_size: int = 8
    ) -> None:
        options = f"-c role={role} {_LIMITS} {_SILENCE_OF_CLIENTS}" if role else "-c timezone=UTC"
        self.url = url
        self.engine: Engine = create_engine(
            _with_driver(url),
            connect_args={
                "options": options,
                "application_name": "cyberdesk",
                "connect_timeout": _PATIENCE,
                **_SILENCE_OF_SERVER,
                "prepare_threshold": 1,  # from the second time on: planning costs most of a query
            },
            pool_size=pool_size,
            max_overflow=0,  # one opened for a moment costs more than a moment's waiting
            pool_use_lifo=True,  # few stay busy, with their statements prepared
            hide_parameters=True,  # errors reach the logs, what people wrote does not
        )
        liveness.watch(self.engine)
        agreeing.watch(self.engine)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    def session(self) -> Session:
        return self._sessions()

    def close(self) -> None:
        self.engine.dispose()


def owner_engine(url: str) -> Engine:
    """Return an engine with the owner's rights, for migrations only."""
    return create_engine(
        _with_driver(url),
        poolclass=NullPool,
        connect_args={"options": "-c timezone=UTC"},
        hide_parameters=True,
    )


def _with_driver(url: str) -> str:
    scheme, rest = url.split("://", 1)
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else url


_database: Database | None = None


def use(new: Database | None) -> None:
    """Make `new` the database of this process."""
    global _database  # noqa: PLW0603  # one database per process, chosen when it starts
    _database = new


def database() -> Database:
    if _database is None:
        raise RuntimeError("no database: call cyberdesk.core.db.use(Database(url)) first")
    return _database
