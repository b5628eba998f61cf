import gc

import click
import structlog
from sqlalchemy.exc import SQLAlchemyError

from cyberdesk import process
from cyberdesk.core.db import database
from cyberdesk.core.jobs import worker
from cyberdesk.rooms import open_rooms

_log = structlog.get_logger(__name__)


@click.command("worker")
@click.option("--name", default=None, help="How this worker is called in the logs.")
def command(name: str | None) -> None:
    """Run playbooks and send what goes out, until asked to stop."""
    settings = process.start(pool_size=4)
    _warm_up()
    worker.run(settings.redis_url, name)


def _warm_up() -> None:
    """Load once what each work-horse would load anew: a job costs a tenth of the time then."""
    try:
        for room in open_rooms():
            if room.warm:
                room.warm()
    except SQLAlchemyError as error:  # it comes back; until then the horses load it themselves
        _log.warning("the database does not answer yet", error=str(error))
    finally:
        database().close()  # the horses connect for themselves
    gc.freeze()  # never looked at again, so that the horses go on sharing it
