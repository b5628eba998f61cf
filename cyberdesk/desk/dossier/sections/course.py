"""The case and how it went: what it is, what happened, what was asked, what the law wants."""

from cyberdesk.core.access import Actor
from cyberdesk.core.text import Text, _, bilingual
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.levels import level
from cyberdesk.desk.cases.lines import lines
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.vocabulary import OUTCOMES, said, vocabulary_of
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.clocks.models import DONE, EXCLUDED, Clock
from cyberdesk.desk.dossier.parts import Entry, Facts, Section, Table, moment
from cyberdesk.desk.dossier.sections.chapters import Chapter
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import OPEN
from cyberdesk.desk.tasks.view import TaskView, view


def the_case(_actor: Actor, case: Case) -> Section:
    words, place = vocabulary_of(case.strand), case.organisation
    severity = f"{level(case.level).name} ({case.severity}/100)"
    why = bilingual(case.severity_why)
    return Section(
        _("The case"),
        [
            Facts(
                [
                    (_("Reference"), case.reference),
                    (_("Organisation"), place.name),
                    (_("Code"), place.code),
                    (_("Type"), said(words.subjects, case.subject) if case.subject else ""),
                    ("RSIT", case.rsit),
                    (_("Severity"), f"{severity}, {why}" if why else severity),
                    (_("Opened"), moment(case.opened_at)),
                    (_("In charge"), case.owner_name),
                    (_("Closed"), moment(case.closed_at)),
                    (_("Outcome"), said(OUTCOMES, case.outcome) if case.outcome else ""),
                ]
            )
        ],
    )


def chronology(actor: Actor, case: Case) -> Section:
    rows = []
    for line in lines(actor, case):
        told = line.entry()
        parts = (f"– {part}" for part in told["parts"])
        text = "\n".join(str(held) for held in (told["text"], told["detail"], *parts) if held)
        rows.append([moment(told["at"]), text, told["by"]])
    return _tabled(_("Timeline"), [_("When"), _("What"), _("By")], (5, 13, 6), rows)


def steps(actor: Actor, case: Case) -> Section:
    views = [view(actor, task) for task in tasks.tasks_of(actor, case)]
    columns = [_("Task"), _("For"), _("Answer"), _("When"), _("By")]
    return _tabled(_("Tasks"), columns, (10, 4, 5, 4, 4), [_step(one) for one in views])


def _step(one: TaskView) -> list[object]:
    task = one.task
    answer: Text | str = _("open") if task.state == OPEN else one.answered
    title = f"{one.title}\n{task.note}" if task.note else one.title
    return [title, one.who, answer, moment(task.answered_at or task.opened_at), task.answered_by]


def deadlines(actor: Actor, case: Case) -> Section:
    known = clocks.awareness_of(case)
    rows = [_deadline(clock) for clock in clocks.clocks(actor, case)]
    columns = [_("Obligation"), _("Due"), _("What became of it"), _("Source, checked on")]
    section = _tabled(_("Legal deadlines"), columns, (8, 4, 7, 6), rows)
    if known is None or not rows:
        return section
    since = Facts([(_("The victim knew"), moment(known))])
    return Section(section.title, [since, *section.parts])


def _deadline(clock: Clock) -> list[object]:
    about = clock.about
    source = f"{bilingual(about.get('legal_base'))} {about.get('verified_on') or ''}".strip()
    if not clock.sure:
        source = f"{source} ({_('to be verified')})".strip()
    return [bilingual(clock.title), moment(clock.due_at) or _("at once"), _became(clock), source]


def _became(clock: Clock) -> str:
    if clock.state == DONE:
        words = str(_("done on %(day)s by %(name)s", day=moment(clock.done_at), name=clock.done_by))
        return f"{words}\n{clock.proof}"
    if clock.state == EXCLUDED:
        return f"{_('set aside')}\n{clock.reason}"
    return str(_("overdue") if clock.late else _("running"))


def thread(actor: Actor, case: Case) -> Section:
    """The messages that the reader may read; notes of the desk are for the desk."""
    entries = [
        Entry(
            one.author_name or _("the declarant"),
            f"{moment(one.at)} · {_('note of the desk')}" if one.desk_only else moment(one.at),
            one.body,
        )
        for one in cases.messages(actor, case)
    ]
    return Section(_("Messages"), entries)


def _tabled(
    title: Text, columns: list[Text], widths: tuple[int, ...], rows: list[list[object]]
) -> Section:
    return Section(title, [Table(columns, widths, rows)] if rows else [])


CHAPTERS = (
    Chapter("case", 10, "case:read", the_case),
    Chapter("chronology", 30, "case:read", chronology),
    Chapter("tasks", 40, "task:read", steps),
    Chapter("deadlines", 50, "clock:read", deadlines),
    Chapter("messages", 60, "case:read", thread),
)
