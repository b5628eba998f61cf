"""What the database itself does for the journal: keeps it append-only, queues it, rebuilds headers.

The statements belong to the schema: made with the tables, and by the migration.
"""

from cyberdesk.core.db.schema import on_create

SALT_BYTES = 16
APPEND_ONLY = ("audit_entries", "audit_leaves", "audit_checkpoints")

_REFUSE = """
CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$
"""
_REFUSE_ON = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()
"""
# With the owner's rights: the application cannot write an entry and keep it out of the queue.
_QUEUE = """
CREATE OR REPLACE FUNCTION audit_queue_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO audit_pending (entry_id) VALUES (NEW.id);
  RETURN NULL;
END $$
"""
_QUEUE_ON = """
CREATE OR REPLACE TRIGGER queue_entry AFTER INSERT ON audit_entries
FOR EACH ROW EXECUTE FUNCTION audit_queue_entry()
"""


def _register() -> None:
    refusals = (_REFUSE_ON.format(table=table) for table in APPEND_ONLY)
    for statement in (_REFUSE, *refusals, _QUEUE, _QUEUE_ON):
        on_create(statement.strip())


_register()
