"""What the API answered to requests that may be sent again.

Not beside `api.idempotency`: every process knows every table, and few need what the API is made of.
"""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import system_only


class StoredAnswer(Row):
    """The answer to one Idempotency-Key of one client, for a day.

    The key itself is not kept: it seals the answer, which may hold what only its client may read.
    """

    __tablename__ = "stored_answers"
    __policy__ = system_only()

    key_hash: Mapped[bytes] = mapped_column(unique=True)
    request_hash: Mapped[bytes]  # method, path and body
    answer_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
