"""Connectors, for whoever runs the house: what each does, whether it works, how it is set up."""

from typing import Any

from flask import flash, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from cyberdesk.core.connector import Repeat
from cyberdesk.core.errors import InvalidError, NotFoundError
from cyberdesk.core.text import _
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.connectors import service
from cyberdesk.desk.connectors.catalogue import Installed
from cyberdesk.desk.connectors.forms import DrawnForm, action_form, settings_form
from cyberdesk.desk.connectors.models import ConnectorSetup
from cyberdesk.desk.connectors.reasons import words_of
from cyberdesk.desk.connectors.states import state_of
from cyberdesk.desk.connectors.wording import CLASSES, FOUND, secrets_told

door = Door(
    "connectors", __name__, url_prefix="/administration/connecteurs", template_folder="templates"
)


@door.get("", may="connector:list", strong=True)
def index() -> str:
    rows = [(installed, state_of(setup)) for installed, setup in service.setups(actor())]
    return render_template("connectors/index.html", rows_of=rows, words_of=words_of)


@door.get("/<name>", may="connector:list", strong=True)
def show(name: str) -> str:
    installed, setup = service.access_connector(actor(), name)
    return _page(installed, setup, _form(installed, setup))


@door.post("/<name>/reglages", may="connector:configure", strong=True)
def configure(name: str) -> Response | tuple[str, int]:
    installed, setup = service.access_connector(actor(), name)
    form = _form(installed, setup)
    if form.accepted():
        try:
            service.configure(
                actor(),
                name,
                given=form.given(),
                enabled=setup.enabled if setup else True,
                forget=form.forgotten(),
            )
        except InvalidError as refused:
            return _page(installed, setup, form, form.tell(refused.fields)), refused.status
        flash(str(_("The settings are kept. Now try the connection.")), "success")
        return redirect(url_for(".show", name=name))
    return _page(installed, setup, form), InvalidError.status


@door.post("/<name>/etat", may="connector:configure", strong=True)
def switch(name: str) -> Response:
    enabled = request.form.get("on") == "1"
    service.switch(actor(), name, enabled=enabled)
    said = _("The connector is switched on.") if enabled else _("The connector is switched off.")
    flash(str(said), "success")
    return redirect(url_for(".show", name=name))


@door.post("/<name>/essai", may="connector:test", strong=True)
def test(name: str) -> Response:
    """Try the connection; the page then tells how it went."""
    service.test_connection(actor(), name)
    return redirect(url_for(".show", name=name, _anchor="state"))


@door.both("/<name>/actions/<action>", may="connector:test", strong=True)
def rehearse(name: str, action: str) -> str | tuple[str, int]:
    """Show what an action would send. Nothing leaves."""
    installed, setup = service.access_connector(actor(), name)
    manifest = installed.manifest.actions.get(action)
    if manifest is None:
        raise NotFoundError(_("This connector has no such action."))
    form, shown, loose, status = action_form(manifest.input), "", [], 200
    repeat: Repeat | None = manifest.repeat
    if form.accepted():
        try:
            repeat = service.repeat_of(f"{name}.{action}", form.given())
            shown = service.show(actor(), name, action=action, given=form.given())
        except InvalidError as refused:
            loose, status = form.tell(refused.fields), refused.status
            loose = loose if refused.fields else [refused.message]
    elif form.is_submitted():
        status = InvalidError.status
    return (
        render_template(
            "connectors/action.html",
            installed=installed,
            action=manifest,
            form=form,
            shown=shown,
            loose=loose,
            set_up=setup is not None,
            about=CLASSES[repeat or manifest.repeat],
            varies=installed.varies(action) and not shown,
        ),
        status,
    )


def _form(installed: Installed, setup: ConnectorSetup | None) -> DrawnForm:
    held = setup.settings if setup else {}
    return settings_form(installed.manifest, held, setup.secrets_set if setup else ())


def _page(
    installed: Installed, setup: ConnectorSetup | None, form: DrawnForm, loose: Any = ()
) -> str:
    return render_template(
        "connectors/connector.html",
        installed=installed,
        setup=setup,
        state=state_of(setup),
        words_of=words_of,
        classes=CLASSES,
        looked=[(FOUND.get(k, k), n) for k, n in (setup.looked_found if setup else {}).items()],
        unsafe=Repeat.UNSAFE,
        form=form,
        loose=loose,
        secrets=secrets_told(installed.manifest, setup),
        may_configure=actor().may("connector:configure"),
    )
