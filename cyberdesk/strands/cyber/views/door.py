"""The door of the strand; a case of another one is led back to its own page."""

from cyberdesk.core.web.doors import Door

STRAND = "cyber"
door = Door("cyber", __name__, url_prefix="/desk", template_folder="../templates")
