"""The authoring language: what is written is what runs, and a fault says where and how to mend."""

import pytest

from cyberdesk.desk.playbooks.language.cacao import extension_of
from cyberdesk.desk.playbooks.language.findings import Finding, PlaybookError
from cyberdesk.desk.playbooks.language.messages import MESSAGES
from cyberdesk.desk.playbooks.language.read import compile_playbook
from cyberdesk.desk.playbooks.library import check_sources
from cyberdesk.desk.playbooks.program import Program, read_program
from cyberdesk.desk.playbooks.steps import Action, End, If, Task, While
from tests.desk.playbooks.written import compiled, documented, line_of, playbook

TASK = "{task: {fr: Faire, en: Do}, who: commune"


def faults(source: str | bytes) -> list[Finding]:
    with pytest.raises(PlaybookError) as caught:
        compile_playbook(source)
    return list(caught.value.findings)


def program(steps: str, **more: str) -> Program:
    return read_program(compiled(steps, **more).cacao)


def by_key(read: Program, key: str):
    return next(step for step in read.steps.values() if step.key == key)


def leads(read: Program, key: str) -> str:
    step = by_key(read, key)
    return read.steps[step.next].key


def test_the_documented_example_is_publishable() -> None:
    (checked,) = check_sources({"defacement.yaml": documented()})
    assert checked.findings == ()
    assert checked.compiled
    assert checked.compiled.name == "defacement"


def test_the_hash_depends_on_the_content_alone() -> None:
    source = documented()
    first = compile_playbook(source)
    assert compile_playbook("# a comment\n" + source).hash == first.hash
    assert compile_playbook(source.replace("within: 2h", "within: 3h")).hash != first.hash


def test_steps_follow_in_the_order_written() -> None:
    read = program(
        f"a: {TASK}}}\nb: {TASK}, then: d}}\nc: {TASK}}}\nd: {TASK}}}".replace("c:", "c:")
    )
    assert leads(read, "a") == "b"
    assert leads(read, "b") == "d"
    assert isinstance(read.steps[by_key(read, "d").next], End)


def test_a_block_is_framed_and_a_jump_is_joined() -> None:
    read = program(
        f"""
        ok: {TASK}, ask: {{clean: {{label: {{fr: a, en: a}}, type: bool}}}}}}
        framed: {{if: clean, then: {{inner: {TASK}}}}}}}
        joined: {{if: clean, then: last}}
        middle: {TASK}}}
        last: {TASK}}}
        """
    )
    framed, joined = by_key(read, "framed"), by_key(read, "joined")
    assert isinstance(framed, If)
    assert isinstance(joined, If)
    assert read.steps[framed.next].key == "joined"
    assert leads(read, "inner") == "framed.on_true.end"
    assert read.steps[joined.on_true].key == "last"
    assert read.steps[joined.on_false].key == "middle"
    assert read.steps[joined.next].key == leads(read, "last") == "end"


def test_a_branch_is_unfolded_where_it_is_used() -> None:
    read = program(
        f"a: {TASK}, impossible: phone, unknown: phone}}\nb: {TASK}}}",
        more=f"branches: {{phone: {{call: {TASK}}}}}}}\n",
    )
    first = by_key(read, "a")
    assert isinstance(first, Task)
    assert read.steps[first.impossible].key == "a.impossible.call"
    assert leads(read, "a.impossible.call") == leads(read, "a.unknown.call") == "b"


def test_an_action_keeps_its_input_and_its_retries() -> None:
    read = program(
        """
        send:
          do: mail.send
          with: {to: mayor, count: "{hosts}", body: {fr: "{hosts}", en: "{hosts} {{x}}"}}
          retry: {attempts: 4, first: 10s, backoff: fixed}
          once_per: case
        """,
        more="variables: {hosts: {type: integer, value: 3}}\n",
    )
    send = by_key(read, "send")
    assert isinstance(send, Action)
    assert send.input["count"] == "__hosts__:value"
    assert send.input["body"]["en"] == "__hosts__:value {x}"
    assert (send.retry.attempts, send.retry.pause(3), send.once_per) == (4, 10_000, "case")


def test_while_has_a_cap_and_a_body() -> None:
    read = program(
        f"again: {{while: clean == false, max: 3, do: {{look: {TASK}}}}}}}",
        more="variables: {clean: {type: bool, value: false}}\n",
    )
    again = by_key(read, "again")
    assert isinstance(again, While)
    assert (again.most, read.steps[again.body].key) == (3, "look")
    assert read.variables["clean"].default is False


def test_variables_are_declared_where_they_are_asked() -> None:
    made = compiled(f"a: {TASK}, ask: {{n: {{label: {{fr: a, en: a}}, type: datetime}}}}}}")
    assert made.cacao["playbook_variables"]["__n__"]["type"] == "string"
    assert read_program(made.cacao).variables["n"].type == "datetime"
    assert extension_of(made.cacao, "playbook_extensions")["variables"]["n"]["format"] == "datetime"


_ONE = f"a: {TASK}}}"


@pytest.mark.parametrize(
    ("code", "source", "at"),
    [
        (
            "unknown-key",
            playbook("a:\n  task: {fr: a, en: a}\n  whoo: commune\n  who: dpo"),
            "whoo",
        ),
        ("missing-key", playbook("a: {task: {fr: a, en: a}}"), "{task"),
        ("unknown-role", playbook("a: {task: {fr: a, en: a}, who: wizard}"), "wizard"),
        ("translation-missing", playbook("a: {task: {fr: a}, who: dpo}"), "{fr: a}, who"),
        ("comma-in-text", playbook("a: {task: {fr: un, deux, en: a}, who: dpo}"), "deux"),
        ("text-needs-languages", playbook("a: {task: Faire, who: dpo}"), "Faire"),
        ("kind-missing", playbook("a: {who: dpo}"), "a: {who"),
        ("duplicate-key", playbook(f"{_ONE}\n{_ONE}", exception=False), "steps"),
        ("not-a-duration", playbook(f"a: {TASK}, within: soon}}"), "soon"),
        ("undefined-variable", playbook("a: {if: ghost > 1, then: next}"), "ghost"),
        ("condition-quotes-missing", playbook("a: {if: x == mail, then: next}"), "mail"),
        ("unknown-route", playbook(f"a: {TASK}, impossible: nowhere}}"), "nowhere"),
        ("jump-not-ahead", playbook(f"a: {TASK}}}\nb: {TASK}, then: a}}"), "b: {"),
        ("unknown-outcome", playbook("a: {end: victory}"), "a: {end"),
        (
            "ask-needs-type",
            playbook(f"a: {TASK}, ask: {{n: {{label: {{fr: a, en: a}}}}}}}}"),
            "a: {",
        ),
        ("lone-brace", playbook('a: {task: {fr: "{", en: a}, who: dpo}'), '"{"'),
        ("breach-without-within", playbook(f"a: {TASK}, breach: {{b: {TASK}}}}}}}"), "a: {task"),
        ("no-it-needs-variable", playbook(f"a: {TASK}, no_it: {{who: commune}}}}"), "a: {task"),
        ("playbook-unknown", playbook("a: {playbook: other}"), "a: {playbook"),
        ("one-strand", playbook(f"a: {{parallel: {{x: {{b: {TASK}}}}}}}}}"), "a: {parallel"),
        ("wait-for-what", playbook("a: {wait: {timeout: 1h}}"), "{timeout"),
        ("tag", playbook("a: !!python/object:os.system {}"), "!!python"),
        ("alias-unknown", playbook("a: *nobody"), "*nobody"),
        ("hidden-character", playbook("a: {task: {fr: \u202ea, en: a}, who: dpo}"), "\u202e"),
    ],
)
def test_a_fault_says_where_and_how_to_mend(code: str, source: str, at: str) -> None:
    found = [fault for fault in faults(source) if fault.code == code]
    assert found, [fault.code for fault in faults(source)]
    if code != "duplicate-key":
        assert found[0].place.line == line_of(source, at)
    for language in ("fr", "en"):
        assert found[0].what(language)
        assert "{" not in found[0].what(language).replace("{{", "")
        assert found[0].mend(language)


def test_a_condition_is_faulted_at_its_column() -> None:
    source = playbook("a: {if: hosts > , then: next}", more="variables: {hosts: {type: integer}}\n")
    (fault,) = faults(source)
    line = source.splitlines()[fault.place.line - 1]
    assert line[: fault.place.column - 1].endswith("hosts >")


def test_every_fault_is_told_at_once() -> None:
    source = playbook("a: {task: {fr: a}, who: wizard}\nb: {end: victory}")
    assert {fault.code for fault in faults(source)} >= {
        "translation-missing",
        "unknown-role",
        "unknown-outcome",
    }


def test_words_of_yaml_1_1_stay_words() -> None:
    made = compiled("a: {task: {fr: no, en: yes}, who: dpo}")
    (task,) = [s for s in read_program(made.cacao).steps.values() if s.key == "a"]
    assert task.title == {"fr": "no", "en": "yes"}


@pytest.mark.parametrize(
    ("code", "source"),
    [
        ("too-large", "a" * 1_000_001),
        ("too-deep", "[" * 100_000),
        ("too-deep", "{a: " * 60),
        ("too-many-nodes", "[" + "a," * 60_000 + "]"),
        (
            "too-many-nodes",
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "\n".join(
                f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]"
                for old, new in zip("abcdef", "bcdefg", strict=True)
            ),
        ),
        ("too-many-aliases", "a: &a x\nb: [" + "*a," * 51 + "]"),
        ("alias-unknown", "a: &a [*a]"),
        ("odd-key", "? [a]\n: b"),
        ("not-yaml", "a: [b"),
        ("not-utf8", b"a: \xff"),
        ("empty", ""),
        ("several-documents", "a: b\n---\nc: d"),
        ("fields-expected", "- a"),
    ],
)
def test_hostile_files_are_refused_with_a_sentence(code: str, source: str | bytes) -> None:
    assert code in {fault.code for fault in faults(source)}


def test_a_hundred_thousand_steps_are_refused() -> None:
    steps = "".join(f"  s{n}: {{wait: 1s}}\n" for n in range(100_000))
    assert {f.code for f in faults("steps:\n" + steps)} == {"too-large"}


def test_branches_that_multiply_are_capped() -> None:
    branches = "  b0: {s0: {wait: 1s}}\n" + "".join(
        f"  b{n}: {{s{n}: {{if: x, then: b{n - 1}, else: b{n - 1}, unknown: b{n - 1}}}}}\n"
        for n in range(1, 12)
    )
    source = playbook(
        "a: {if: x, then: b11}",
        more="variables: {x: {type: bool}}\nbranches:\n" + branches,
    )
    assert "too-many-steps" in {fault.code for fault in faults(source)}


def test_a_branch_that_calls_itself_is_refused() -> None:
    source = playbook(
        f"a: {TASK}, impossible: phone}}",
        more=f"branches: {{phone: {{call: {TASK}, impossible: phone}}}}}}\n",
    )
    assert "branch-loop" in {fault.code for fault in faults(source)}


def test_a_branch_says_which_step_it_stands_in_for() -> None:
    title = "{fr: 'Appeler pour « {step} »', en: 'Call for “{step}”'}"
    call = f"{{task: {title}, who: responder}}"
    source = playbook(
        f"unplug: {TASK}, within: 30m, breach: phone}}\n"
        f"asked: {{if: x, then: {{inner: {TASK}, impossible: phone}}}}}}",
        more=f"variables: {{x: {{type: bool}}}}\nbranches: {{phone: {{call: {call}}}}}\n",
    )
    compiled = compile_playbook(source).cacao
    titles = {
        extension_of(step)["key"]: extension_of(step).get("title", {})
        for step in compiled["workflow"].values()
    }
    asked = titles["unplug"]
    assert titles["unplug.breach.call"]["fr"] == f"Appeler pour « {asked['fr']} »"
    assert titles["unplug.breach.call"]["en"] == f"Call for “{asked['en']}”"
    assert titles["inner.impossible.call"]["fr"] == f"Appeler pour « {asked['fr']} »"


@pytest.mark.parametrize(
    ("steps", "more"),
    [
        ("a: {task: {fr: '{step}', en: '{step}'}, who: responder}", ""),
        ("a: {if: x, unknown: {b: {task: {fr: '{step}', en: '{step}'}, who: responder}}}", "variables: {x: {type: bool}}\n"),
        (f"a: {TASK}, impossible: phone}}", "branches: {phone: {n: {do: case.note, with: {text: '{step}'}}}}\n"),
    ],
)  # fmt: skip
def test_where_no_step_is_stood_in_for_none_is_named(steps: str, more: str) -> None:
    assert "step-of-nothing" in {fault.code for fault in faults(playbook(steps, more=more))}


def test_no_variable_is_called_as_the_step_is() -> None:
    source = playbook(_ONE, more="variables: {step: {type: bool}}\n")
    assert "reserved-name" in {fault.code for fault in faults(source)}


def test_playbooks_that_call_each_other_are_pinned_or_refused() -> None:
    first = playbook("a: {playbook: second}", name="first")
    second = playbook(_ONE, name="second")
    one, two = check_sources({"first": first, "second": second})
    assert one.compiled
    assert two.compiled
    assert read_program(one.compiled.cacao).pinned() == {two.compiled.hash}
    circular = check_sources(
        {"first": first, "second": playbook("b: {playbook: first}", name="second")}
    )
    assert {f.code for c in circular for f in c.findings} == {"playbook-loop", "playbook-unknown"}


def test_every_message_speaks_both_languages_with_the_same_facts() -> None:
    import string

    for code, message in MESSAGES.items():
        names = [
            {field for _, field, _, _ in string.Formatter().parse(text) if field}
            for text in (message.what["fr"], message.what["en"])
        ]
        assert names[0] == names[1], code
        assert message.mend["fr"], code
        assert message.mend["en"], code
