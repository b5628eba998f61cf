"""PostgreSQL: one declarative base, one transaction per request or job, forced row security."""

from cyberdesk.core.db.base import Base, Row
from cyberdesk.core.db.engine import Database, database, use
from cyberdesk.core.db.rls import Scope
from cyberdesk.core.db.work import atomic, every_kept, keep, kept, on_commit, seeing, session

__all__ = [
    "Base",
    "Database",
    "Row",
    "Scope",
    "atomic",
    "database",
    "every_kept",
    "keep",
    "kept",
    "on_commit",
    "seeing",
    "session",
    "use",
]
