"""Who sees which row, as PostgreSQL row-level security.

The application's role owns no table and row security is FORCEd: a query that forgets its filter
returns nothing of somebody else. The transaction says for whom it runs through settings local to
it; policies read them. Reach of an actor:

- `desks`: strands on whose desk the actor works (every case of the strand);
- `organisations`: organisations of which the actor is a member (their own cases);
- `cases`, `declarations`: single objects, for private links and providers;
- `system`: the engine, the sweeper and sign-in, which serve everybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

_SETTINGS = ("system", "person", "desks", "organisations", "cases", "declarations")


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a transaction runs. Empty sees nothing but what is open to everybody."""

    system: bool = False
    person: UUID | None = None
    desks: frozenset[str] = frozenset()
    organisations: frozenset[UUID] = frozenset()
    cases: frozenset[UUID] = frozenset()
    declarations: frozenset[UUID] = frozenset()

    def with_case(self, case_id: UUID) -> "Scope":
        if self.system:
            return self  # it sees every case already
        return replace(self, cases=self.cases | {case_id})

    def with_declaration(self, declaration_id: UUID) -> "Scope":
        return replace(self, declarations=self.declarations | {declaration_id})

    def settings(self) -> dict[str, str]:
        """Return the transaction's settings by name, lists joined by commas."""
        return {
            "system": "on" if self.system else "off",
            "person": str(self.person or ""),
            "desks": _joined(self.desks),
            "organisations": _joined(self.organisations),
            "cases": _joined(self.cases),
            "declarations": _joined(self.declarations),
        }


SYSTEM = Scope(system=True)
NOBODY = Scope()


@dataclass(frozen=True, slots=True)
class Policy:
    """Boolean SQL expressions over the row: `using` to see it, `check` to write it.

    With `change`, whoever sees and writes rows changes and deletes only those that it holds for.
    """

    using: str
    check: str | None = None
    change: str | None = None

    def statements(self, table: str) -> list[str]:
        """Return the DDL that puts this policy, forced, on `table`."""
        check = self.check or self.using
        acts = ("UPDATE", "DELETE") if self.change else ()
        return [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY reach ON "{table}" USING ({self.using}) WITH CHECK ({check})',
            *(
                f'CREATE POLICY {act.lower()} ON "{table}" AS RESTRICTIVE FOR {act} '
                f"USING ({self.change})"
                for act in acts
            ),
        ]


def _joined(values: Iterable[object]) -> str:
    return ",".join(sorted(str(value) for value in values))


def _setting(name: str) -> str:
    # The sub-select makes it an InitPlan: read once per statement, not once per row.
    return f"(SELECT current_setting('cyberdesk.{name}', true))"


def _among(column: str, name: str, cast: str = "uuid") -> str:
    # Split inside the sub-select as well: once per statement, however many rows are looked at.
    listed = f"string_to_array(current_setting('cyberdesk.{name}', true), ',')"
    return f"{column} = ANY ((SELECT {listed}::{cast}[])::{cast}[])"


_IS_SYSTEM = f"{_setting('system')} = 'on'"
# Nobody is told apart from the empty string by NULLIF: an unset setting must not cast to uuid.
_PERSON = f"NULLIF({_setting('person')}, '')::uuid"


def system_only() -> Policy:
    """Rows that only the engine, the sweeper and sign-in touch."""
    return Policy(_IS_SYSTEM)


def open_to_all() -> Policy:
    """Rows without a tenant that everybody writes: no more than counters of hashes."""
    return Policy("true")


def read_by_all() -> Policy:
    """C0 and C1 rows without a tenant, which the house writes: directories, published playbooks."""
    return Policy("true", check=_IS_SYSTEM, change=_IS_SYSTEM)


def added_by_all() -> Policy:
    """Rows that any transaction adds, and the house alone changes: keys, deliveries to make."""
    return Policy("true", change=_IS_SYSTEM)


def own_rows(column: str = "person_id") -> Policy:
    """Rows of one person: preferences, saved views, tokens."""
    return Policy(f"{_IS_SYSTEM} OR {column} = {_PERSON}")


def case_row() -> Policy:
    """The table of cases itself: by desk, by organisation, or one by one."""
    return Policy(
        f"{_IS_SYSTEM} OR {_among('strand', 'desks', 'text')} "
        f"OR {_among('organisation_id', 'organisations')} OR {_among('id', 'cases')}"
    )


def of_case(column: str = "case_id", *, orphans: bool = False) -> Policy:
    """Rows that belong to a case: seen by whoever sees the case.

    With `orphans`, rows without a case are written by anyone and seen by the system alone.
    """
    seen = f"{_IS_SYSTEM} OR EXISTS (SELECT 1 FROM cases c WHERE c.id = {column})"  # noqa: S608  # names of columns, from code
    return Policy(seen, f"{column} IS NULL OR {seen}" if orphans else None)


def declaration_row(column: str = "id") -> Policy:
    """Declarations and what hangs on them: the declarant's link, then whoever sees the case."""
    return Policy(f"{_IS_SYSTEM} OR {_among(column, 'declarations')}")


def any_of(*policies: Policy) -> Policy:
    """Seen or written when one of `policies` allows it."""
    using = " OR ".join(f"({policy.using})" for policy in policies)
    check = " OR ".join(f"({policy.check or policy.using})" for policy in policies)
    assert not any(policy.change for policy in policies), "say who changes them on the whole"
    return Policy(using, check)


def settings_names() -> tuple[str, ...]:
    return _SETTINGS
