"""Every kind of WTForms field is drawn by `ui.field`, with its label, hint and error tied to it."""

import html5lib
import pytest
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    EmailField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TelField,
    TextAreaField,
    TimeField,
    URLField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

CHOICES = [SelectChoice("y", "Oui"), SelectChoice("unknown", "Je ne sais pas")]


class Address(Form):
    street = StringField("Rue")


class Everything(Form):
    boolean = BooleanField("Boolean")
    date = DateField("Date")
    at = DateTimeLocalField("At")
    amount = DecimalField("Amount")
    mail = EmailField("Mail")
    many = FieldList(StringField("One of many"), min_entries=2)
    file = FileField("File")
    files = MultipleFileField("Files")
    address = FormField(Address, "Address")
    hidden = HiddenField("Hidden")
    count = IntegerField("Count")
    password = PasswordField("Password")
    radio = RadioField("Radio", choices=CHOICES)
    search = SearchField("Search")
    select = SelectField("Select", choices=CHOICES)
    several = SelectMultipleField("Several", choices=CHOICES)
    text = StringField("Text", description="As you like", validators=[InputRequired("Write it")])
    send = SubmitField("Send")
    phone = TelField("Phone", validators=[Length(min=10, message="Ten digits")])
    area = TextAreaField("Area")
    time = TimeField("Time")
    site = URLField("Site")


@pytest.fixture
def draw(face):
    def render(source: str, **values) -> str:
        with face.test_request_context("/?lang=en"):
            face.preprocess_request()
            return face.jinja_env.from_string(source).render(**values)

    return render


@pytest.mark.parametrize("name", [field.name for field in Everything()])
def test_each_kind_is_drawn_with_its_label(draw, name):
    field = Everything()[name]
    html = draw("{{ ui.field(f) }}", f=field)
    html5lib.HTMLParser(strict=True).parseFragment(html)
    if name != "hidden":
        assert str(field.label.text) in html
    if name not in ("many", "address"):
        assert f'name="{name}"' in html


def test_hint_and_error_are_tied_to_the_field(draw):
    form = Everything(data={})
    form.process()
    form.validate()
    html = draw("{{ ui.field(f, required=true) }}", f=form.text)
    assert 'aria-describedby="text-hint text-error"' in html
    assert 'aria-invalid="true"' in html
    assert "Write it" in html
    assert "(required)" in html


def test_choices_are_big_targets_and_know_what_was_chosen(draw):
    form = Everything(data={"radio": "unknown"})
    html = draw("{{ ui.choices_field(f, hints={'y': 'Sure'}) }}", f=form.radio)
    assert html.count('class="choice') >= 2
    assert "choice-unknown" in html
    assert html.count(" checked") == 1
    assert "Sure" in html


def test_the_summary_leads_to_each_field(draw):
    form = Everything(data={"phone": "1"})
    form.validate()
    html = draw("{{ ui.form_errors(form) }}", form=form)
    assert 'href="#text"' in html
    assert 'href="#phone"' in html
    assert draw("{{ ui.form_errors(form) }}", form=Everything()) == ""


def test_what_people_type_is_never_markup(draw):
    evil = "<img src=x onerror=alert(1)>"
    for source in (
        "{{ ui.severity('watch', x) }}",
        "{{ ui.kv([(x, x, x)]) }}",
        "{{ ui.message_thread([{'body': x, 'by': x, 'at': now()}]) }}",
        "{{ ui.timeline([{'text': x, 'at': now(), 'by': x, 'detail': x}]) }}",
        "{{ ui.task_card(x, note=x, why=x, how=x, who=x) }}",
        "{{ ui.row_item(x, '#', sub=x, why=x, wait=x) }}",
        "{{ ui.data_table([x], [[x]], caption=x) }}",
        "{{ ui.text_field('a', x, value=x, hint=x, error=x) }}",
        "{{ ui.clock(x, now(), note=x) }}",
        "{{ ui.file_list([{'name': x, 'size': 1, 'href': '#'}]) }}",
        "{{ ui.button(x, value=x) }}",
    ):
        assert "<img" not in draw(source, x=evil), source
