"""Every template can be drawn: one that is written wrong is found here, not by a reader."""

import pytest
from jinja2 import TemplateSyntaxError

from cyberdesk.core.letters.rendering import _environment as mails


def faults(environment):
    for name in environment.list_templates():
        try:
            environment.get_template(name)
        except TemplateSyntaxError as error:
            yield f"{name}, line {error.lineno}: {error.message}"


def test_every_page_is_written_right(app):
    found = list(faults(app.jinja_env))
    assert not found, "\n".join(found)


def test_every_mail_is_written_right():
    assert list(faults(mails())) == []


@pytest.mark.parametrize("wrong", ["{{ [x for x in y] }}", "{% if %}", "{{ a"])
def test_what_is_written_wrong_is_found(wrong):
    from jinja2 import DictLoader, Environment

    assert list(faults(Environment(loader=DictLoader({"a.html": wrong}))))
