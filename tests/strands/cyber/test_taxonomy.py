"""The taxonomies are whole and hang together."""

from cyberdesk.strands.cyber.taxonomy import QUESTION, UNKNOWN, load_attack_types, load_rsit

# The 39 rows of RSIT v1003, from its machine file.
RSIT = """
abusive-content: spam harmful-speech violence
malicious-code: infected-system c2-server malware-distribution malware-configuration
information-gathering: scanner sniffing social-engineering
intrusion-attempts: ids-alert brute-force exploit
intrusions: privileged-account-compromise unprivileged-account-compromise application-compromise
 system-compromise burglary
availability: dos ddos misconfiguration sabotage outage
information-content-security: unauthorised-information-access
 unauthorised-information-modification data-loss data-leak
fraud: unauthorised-use-of-resources copyright masquerade phishing
vulnerable: weak-crypto ddos-amplifier potentially-unwanted-accessible information-disclosure
 vulnerable-system
other: other undetermined
test: test
"""


def expected_rsit() -> list[str]:
    rows = RSIT.replace("\n ", " ").strip().splitlines()
    return [
        f"{family}/{kind}"
        for family, _, kinds in (row.partition(": ") for row in rows)
        for kind in kinds.split()
    ]


def test_rsit_is_complete_and_in_order() -> None:
    assert list(load_rsit()) == expected_rsit()
    assert len(load_rsit()) == 39


def test_machine_tag() -> None:
    assert load_rsit()["availability/ddos"].tag == 'rsit:availability="ddos"'


def test_fourteen_kinds_of_attack_the_unknown_one_and_a_mere_question() -> None:
    kinds = load_attack_types()
    assert len(set(kinds) - {UNKNOWN, QUESTION}) == 14
    assert {UNKNOWN, QUESTION} < set(kinds)
    assert kinds["ransomware"].rsit[0] == "malicious-code/infected-system"
    assert kinds[UNKNOWN].rsit == ("other/undetermined",)


def test_every_kind_names_its_sources() -> None:
    for kind in load_attack_types().values():
        assert kind.sources, kind.name


def test_labels_differ_by_language_and_never_repeat() -> None:
    labels = [kind.label for kind in load_attack_types().values()]
    assert len({label.fr for label in labels}) == len({label.en for label in labels}) == 16
