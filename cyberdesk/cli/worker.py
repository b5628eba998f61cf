import click

from cyberdesk import process
from cyberdesk.core.jobs import worker


@click.command("worker")
@click.option("--name", default=None, help="How this worker is called in the logs.")
def command(name: str | None) -> None:
    """Run playbooks and send what goes out, until asked to stop."""
    settings = process.start(pool_size=4)
    process.warm()  # once, not in each work-horse: a job costs a tenth of the time then
    worker.run(settings.redis_url, name)
