"""A house that was lived in, backed up while it runs, and restored elsewhere: all of it is there."""

import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from cyberdesk import process
from cyberdesk.cli import main
from cyberdesk.core import clock, db
from cyberdesk.core.audit import checkpoints
from cyberdesk.core.audit.checkpoints import checkpoint
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.audit.signed_note import Checkpoint
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.embedded.postgres import Postgres
from cyberdesk.core.files import blobs
from cyberdesk.core.files import service as files
from cyberdesk.core.files.models import StoredFile
from cyberdesk.core.jobs import outbox
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case, CaseMessage
from cyberdesk.migrations import migrate
from cyberdesk.settings import read
from tests.desk.cases.conftest import HOUSE, World
from tests.factories import actor_of, make_organisation, make_person

WORDS = "Le serveur de paie est chiffré."
NOTE = b"\x89PNG\r\n\x1a\n" + b"ransom note" * 1000


@contextmanager
def living(data: Path):
    """The house of `data`, as a process of it sees it."""
    server = Postgres(data, durable=False)
    server.start()
    given = {"DATABASE_URL": server.dsn, "REDIS_URL": "unix:///nowhere", "DATA_DIR": str(data)}
    before = db.engine._database, vault._keyring
    try:
        migrate(server.dsn)
        process.start(read({f"CYBERDESK_{name}": value for name, value in given.items()}))
        yield server
    finally:
        if db.engine._database is not before[0]:
            db.database().close()
        db.use(before[0])
        vault.use(before[1])
        for part in (checkpoints, outbox, blobs):
            part.use(None)
        process._settings = None
        server.stop()


@dataclass
class Life:
    """What happened in a house: two cases, each with a message, one with a file."""

    kept: UUID
    shredded: UUID
    key: UUID


def live() -> Life:
    commune = make_organisation("Saint-Exemple")
    world = World(commune.id, commune.id, {}, {})
    person = actor_of(make_person("responder", name="Camille Roux"))
    made = []
    for _ in range(2):
        case_id = world.open_case()
        with atomic(person.scope):
            cases.write(person, cases.access_case(person, case_id), body=WORDS)
        made.append(case_id)
    with atomic(SYSTEM) as session:
        key_id = session.get_one(Case, made[0]).key_id
        files.store(HOUSE, io.BytesIO(NOTE), key_id=key_id, label="note.png", case_id=made[0])
        shredded = session.get_one(Case, made[1]).key_id
    checkpoint()
    return Life(made[0], made[1], shredded)


def said_in(case_id: UUID) -> str:
    with atomic(SYSTEM) as session:
        wanted = select(CaseMessage).where(CaseMessage.case_id == case_id)
        return session.scalars(wanted).one().body


def sent_file() -> bytes:
    with atomic(SYSTEM) as session:
        pieces = files.read(HOUSE, session.scalars(select(StoredFile)).one())
    return b"".join(pieces)


@dataclass
class Lived:
    """A house that is stopped, and its backups: before and after a case was shredded."""

    data: Path
    life: Life
    early: Path  # with keys
    late: Path  # without
    shelf: Path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def lived(tmp_path_factory) -> Iterator[Lived]:
    data = Path(tempfile.mkdtemp(prefix="cyberdesk-"))
    shelf = tmp_path_factory.mktemp("shelf")
    early, late = shelf / "early.tar", shelf / "late.tar"
    with living(data):
        life = live()
        assert not run("backup", "--data", data, "--with-keys", early).exception
        with atomic(SYSTEM):
            vault.shred(life.key)
        assert not run("backup", "--data", data, late).exception
    yield Lived(data, life, early, late, shelf)
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cyberdesk-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_all_of_it_comes_back_elsewhere_and_what_was_erased_stays_so(command, lived, elsewhere):
    assert lived.early.stat().st_mode & 0o777 == 0o600
    done = command("restore", "--data", elsewhere, lived.early)
    assert done.exit_code == 0, done.output + done.stderr
    assert "The journal is intact" in done.stdout
    assert "Erased again 1 data keys" in done.stdout
    with living(elsewhere):
        assert said_in(lived.life.kept) == WORDS
        assert sent_file() == NOTE
        assert said_in(lived.life.shredded) != WORDS
        with atomic(SYSTEM), pytest.raises(vault.ErasedError):
            vault.key_of(lived.life.key)
        assert checkpoint().size > 0, "and it goes on"
        again = command("restore", "--data", elsewhere, lived.late)
        assert again.exit_code == 1
        assert "pas vide" in again.stderr
        assert command("backup", "--data", elsewhere, lived.late).exit_code == 1, "nor an archive"


def restores(data: Path) -> list[dict]:
    """What the journal of `data` says of restores, with who did it."""
    with living(data), atomic(SYSTEM) as session:
        found = session.query(AuditEntry).filter_by(action="house:restore")
        return [json.loads(one.payload) | {"by": one.actor_name} for one in found]


def test_a_restore_stands_in_the_journal_with_what_was_compared(command, lived, elsewhere):
    done = command("restore", "--data", elsewhere, lived.early)
    assert "The journal has an entry of this restore." in done.stdout
    [told] = restores(elsewhere)
    assert told["by"].startswith("command line (")
    assert told["by"] != "command line ()"
    assert told["archive"] == "early.tar"
    assert told["lacking"] == []
    assert told["erased_again"] == 1
    signed, came = told["backup_journal"], told["restored_journal"]
    assert signed["size"] == came["signed"] > 0
    assert len(signed["root"]) == 64
    if came["size"] == signed["size"]:
        assert came["root"] == signed["root"]
    with tarfile.open(lived.early) as tar:
        manifest = json.loads(tar.extractfile("manifest.json").read())
    assert told["dump_sha256"] == manifest["dump_sha256"]
    assert manifest["checkpoint"].split("\n")[1] == str(signed["size"])
    checked = command("audit", "verify", "--data", elsewhere)
    assert checked.exit_code == 0, checked.output


def test_a_backup_whose_journal_is_not_what_it_says_is_told_and_journalled(
    command, lived, elsewhere, tmp_path
):
    """A dump that was cut back to an earlier state, under the manifest of the later one."""

    def longer(name, content):
        if name != "manifest.json":
            return name, content
        told = json.loads(content)
        with living(lived.data):
            signer = checkpoints.signer()
        note = str(Checkpoint(signer.name, 10_000, b"\x07" * 32).sign(signer))
        return name, json.dumps(told | {"checkpoint": note}).encode()

    done = command("restore", "--data", elsewhere, tampered(lived.early, tmp_path / "x", longer))
    assert done.exit_code == 1
    assert "THE JOURNAL IS NOT INTACT" in done.stderr
    [told] = restores(elsewhere)
    assert "10000 entries were signed" in told["restored_journal"]["fault"]
    assert told["backup_journal"] == {"size": 10_000, "root": "07" * 32}


def test_without_keys_nothing_can_be_read_until_they_are_put_back(command, lived, elsewhere):
    with tarfile.open(lived.late) as tar:
        assert not [name for name in tar.getnames() if name.startswith("secrets")]
    done = command("restore", "--data", elsewhere, lived.late)
    assert "by the key that the backup names" in done.stdout
    shutil.copytree(lived.data / "secrets", elsewhere / "secrets", dirs_exist_ok=True)
    with living(elsewhere):
        assert said_in(lived.life.kept) == WORDS


def tampered(archive: Path, out: Path, change) -> Path:
    """The same archive, one member of it changed."""
    with tarfile.open(archive) as tar, tarfile.open(out, "w") as made:
        for member in tar:
            name, content = change(member.name, tar.extractfile(member).read())
            about = tarfile.TarInfo(name)
            about.size = len(content)
            made.addfile(about, io.BytesIO(content))
    return out


def test_a_damaged_or_hostile_backup_writes_nothing(command, lived, elsewhere, tmp_path):
    def flipped(name, content):
        return name, content[:-9] + b"!" + content[-8:] if name == "database.dump" else content

    def climbing(name, content):
        return ("../../evil" if name.startswith("files/") else name), content

    half = tmp_path / "half.tar"
    half.write_bytes(lived.late.read_bytes()[:20_000])
    bad = [
        tampered(lived.late, tmp_path / "flipped.tar", flipped),
        tampered(lived.late, tmp_path / "climbing.tar", climbing),
        half,
        lived.shelf / "erased.json",
    ]
    for one in bad:
        assert command("restore", "--data", elsewhere, one).exit_code == 1, one
    assert not (elsewhere / "files").exists()
    assert not list(tmp_path.parent.rglob("evil"))


def test_an_old_backup_is_not_restored_unasked(command, lived, elsewhere, tmp_path):
    def aged(name, content):
        if name != "manifest.json":
            return name, content
        made_at = (clock.now() - timedelta(days=31)).isoformat()
        return name, json.dumps(json.loads(content) | {"made_at": made_at}).encode()

    old = tampered(lived.late, tmp_path / "old.tar", aged)
    assert command("restore", "--data", elsewhere, old).exit_code == 1
    assert command("restore", "--data", elsewhere, "--even-old", old).exit_code == 0


@contextmanager
def modest(name: str, server: str) -> Iterator[str]:
    """A database whose owner may create roles and nothing more, as hosts give them."""
    plain = server.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as raw:
        if not raw.execute("SELECT 1 FROM pg_roles WHERE rolname = 'modest'").fetchone():
            raw.execute("CREATE ROLE modest LOGIN PASSWORD 'p w' CREATEROLE")
            raw.execute("GRANT cyberdesk_app TO modest WITH ADMIN OPTION")
        raw.execute(f"CREATE DATABASE {name} OWNER modest")
        try:
            host = server.rpartition("/cyberdesk?")[2]
            yield f"postgresql://modest:p%20w@/{name}?{host}"
        finally:
            raw.execute(f"DROP DATABASE {name} (FORCE)")


_HIDDEN = """
INSERT INTO playbook_secrets (id, name, key_id, hosts, set_at, set_by)
VALUES (gen_random_uuid(), 'soc:firewall', gen_random_uuid(), '[]', now(), '')
"""


def test_given_addresses_and_a_folder_in_which_old_backups_go(
    command, schema, tmp_path, elsewhere, monkeypatch
):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    with modest("one", schema) as one, modest("two", schema) as two:
        migrate(one)
        with psycopg.connect(one, options="-c cyberdesk.system=on") as raw:
            raw.execute(_HIDDEN)
        monkeypatch.setenv("CYBERDESK_DATABASE_URL", one)
        with clock.using(clock.still(clock.now() - timedelta(days=31))):
            assert not command("backup", "--data", elsewhere, shelf).exception
        assert not command("backup", "--data", elsewhere, shelf).exception
        [archive] = shelf.glob("cyberdesk-*.tar")
        with tarfile.open(archive) as tar:
            rows = json.load(tar.extractfile("manifest.json"))["rows"]
        assert rows["playbook_secrets"] == 1, "row security hid nothing"
        monkeypatch.setenv("CYBERDESK_DATABASE_URL", two)
        done = command("restore", "--data", elsewhere, archive)
        assert done.exit_code == 0, done.output + done.stderr
        with psycopg.connect(two, options="-c cyberdesk.system=on") as raw:
            assert raw.execute("SELECT count(*) FROM playbook_secrets").fetchone() == (1,)
