"""The scripts, in a real browser: nothing typed is lost, nothing moves under the fingers."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.core.web.far_end import Memory

pytestmark = pytest.mark.journey
WORDS = "Tout est chiffré depuis dimanche"


def write(page: Page) -> None:
    page.get_by_label("Autre chose").fill(WORDS)
    page.get_by_label("Plus rien ne s’ouvre").check()


def test_answers_are_saved_while_they_are_given(page: Page, memory: Memory):
    page.goto("/declare")
    write(page)
    expect(page.locator("[data-saved-state][data-state=saved]")).to_contain_text(
        "enregistré à 08:3"
    )
    expect(page.locator("[data-saved-state]")).to_contain_text("enregistré à 08:33")
    assert page.evaluate("Object.keys(localStorage)") == []
    assert memory.saved[-1]["words"] == [WORDS]
    assert memory.saved[-1]["what"] == ["ransom", "locked"]


def test_without_network_answers_stay_on_the_phone_and_leave_later(page: Page, memory: Memory):
    page.goto("/declare")
    page.context.set_offline(True)
    write(page)
    state = page.locator("[data-saved-state]")
    expect(state).to_contain_text("hors ligne, gardé sur ce téléphone")
    assert memory.saved == []
    page.context.set_offline(False)
    expect(state).to_contain_text("enregistré")
    assert memory.saved[-1]["words"] == [WORDS]


def test_a_phone_that_dies_gives_its_answers_back(page: Page, memory: Memory):
    memory.status = 503
    page.goto("/declare")
    write(page)
    page.get_by_label("Un message demande").uncheck()
    expect(page.locator("[data-saved-state]")).to_contain_text("hors ligne")
    page.goto("about:blank")
    memory.status = 200
    page.goto("/declare")
    expect(page.get_by_label("Autre chose")).to_have_value(WORDS)
    expect(page.get_by_label("Un message demande")).not_to_be_checked()
    expect(page.locator("[data-saved-state]")).to_contain_text("enregistré")
    assert memory.saved[-1]["what"] == ["locked"]


def test_going_on_waits_for_the_network(page: Page, memory: Memory):
    page.goto("/declare")
    page.context.set_offline(True)
    write(page)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Autre chose")).to_have_value(WORDS)
    page.context.set_offline(False)
    page.wait_for_url("**/commune")
    assert memory.submitted[-1]["words"] == [WORDS]


def test_a_link_waits_for_the_network_too(page: Page):
    page.goto("/message")
    page.context.set_offline(True)
    page.get_by_role("link", name="Retour").click()
    said = page.locator(".foot .waits")
    expect(said).to_contain_text("Pas de réseau")
    page.context.set_offline(False)
    page.wait_for_url("**/commune")
    expect(page.locator(".waits")).to_have_count(0)


def test_who_types_on_after_a_held_link_stays(page: Page):
    page.goto("/message")
    page.context.set_offline(True)
    page.get_by_role("link", name="Retour").click()
    expect(page.locator(".foot .waits")).to_be_visible()
    page.get_by_label("Votre message").fill(WORDS)
    expect(page.locator(".waits")).to_have_count(0)
    with page.expect_response("**/healthz"):
        page.context.set_offline(False)
        page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url("**/message?sent=1")


def test_a_link_is_held_where_nothing_arrives_and_says_so_in_sight(page: Page):
    """The telephone believes to be online; and the page has no foot."""
    page.goto("/ended")
    page.route("**", lambda route: route.abort("connectionrefused"))
    page.get_by_role("link", name="Accessibilité").click()
    expect(page.locator("body > .waits")).to_be_in_viewport()
    expect(page).to_have_url(re.compile("/ended$"))
    page.unroute_all()
    page.wait_for_url("**/a11y", timeout=10_000)


def test_a_link_into_the_page_or_out_of_the_window_is_not_held(page: Page):
    page.goto("/message")
    page.context.set_offline(True)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#content$"))
    with page.context.expect_page():
        page.get_by_role("link", name="Retour").click(modifiers=["ControlOrMeta"])
    expect(page.locator(".waits")).to_have_count(0)


def kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate("Object.keys(localStorage)")
    return found


def test_a_message_survives_its_tab_until_it_has_arrived(page: Page, memory: Memory):
    page.goto("/message")
    field, back = page.get_by_label("Votre message"), page.get_by_text("est revenu")
    field.fill(WORDS)
    page.get_by_label("Le prestataire aussi").check()
    page.goto("about:blank")
    page.goto("/message?case=other")
    expect(field).to_have_value("")
    expect(back).to_be_hidden()
    page.goto("/message")
    expect(field).to_have_value(WORDS)
    expect(page.get_by_label("Le prestataire aussi")).to_be_checked()
    expect(back).to_be_visible()
    memory.status = 503
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("not now")).to_be_visible()
    memory.status = 200
    page.goto("/message")
    expect(field).to_have_value(WORDS)
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url("**/message?sent=1")
    expect(field).to_have_value("")
    assert memory.submitted[-1]["body"] == [WORDS]
    assert kept(page) == []


def test_a_message_taken_back_or_an_ended_declaration_leaves_nothing(page: Page):
    page.goto("/message")
    field = page.get_by_label("Votre message")
    field.fill(WORDS)
    assert kept(page) == ["cyberdesk-draft:/message/"]
    field.fill(" ")
    assert kept(page) == []
    field.fill(WORDS)
    page.goto("/ended")
    assert kept(page) == []


def test_what_the_server_refuses_is_said_and_kept(page: Page, memory: Memory):
    memory.status = 422
    page.goto("/declare")
    write(page)
    expect(page.locator("[data-saved-state]")).to_contain_text("pas encore enregistré")
    assert page.evaluate("Object.keys(localStorage).length") == 1


def test_a_commune_is_found_while_typing(page: Page):
    page.goto("/commune")
    field = page.get_by_role("combobox", name="Votre commune")
    field.press_sequentially("saint")
    expect(page.get_by_role("option")).to_have_count(2)
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Saint-Modèle")
    expect(page.locator("input[name=commune]")).to_have_value("Sain")
    field.press("x")
    expect(page.locator("input[name=commune]")).to_have_value("")


def test_a_commune_that_is_not_found_is_said(page: Page):
    page.goto("/commune")
    page.get_by_role("combobox").press_sequentially("zzz")
    expect(page.locator(".combo-list")).to_contain_text("Rien trouvé")
    page.keyboard.press("Escape")
    expect(page.locator(".combo-list")).to_be_hidden()


def test_without_a_script_the_commune_is_found_by_the_server(chromium, site, memory):
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/commune")
    page.get_by_label("Votre commune").fill("saint")
    page.get_by_role("button", name="Chercher").click()
    assert page.get_by_role("radio").count() == 2
    page.goto("/declare")
    page.get_by_label("Autre chose").fill(WORDS)
    page.get_by_role("button", name="Continuer").click()
    assert memory.submitted[-1]["words"] == [WORDS]
    context.close()


def test_files_are_sent_with_a_bar(page: Page, memory: Memory):
    page.goto("/upload")
    page.get_by_label("Photos").set_input_files(
        [{"name": "note.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 3_000_000}]
    )
    expect(page.locator("[data-drop-names]")).to_contain_text("note.jpg")
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url("**/commune")
    assert memory.uploaded == ["note.jpg:3000000"]


def test_a_refused_file_shows_why_on_the_same_page(page: Page):
    page.goto("/upload")
    bad = {"name": "bad.txt", "mimeType": "text/plain", "buffer": b"x"}
    page.get_by_label("Photos").set_input_files([bad])
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator(".errors")).to_contain_text("pas une image")


def test_a_part_renews_itself_but_not_under_the_fingers(page: Page, memory: Memory):
    listen(page, memory)
    reply = page.get_by_label("Réponse")
    reply.fill("J’écr")
    memory.version = 1
    expect(page.locator("#news")).to_contain_text("version 1")
    expect(page.locator(".live-bar")).to_contain_text("Il y a du nouveau ici")
    page.keyboard.type("is")
    expect(reply).to_have_value("J’écris")
    expect(page.locator("#answer")).to_contain_text("version 0")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator("#answer")).to_contain_text("version 1")


def test_what_was_typed_and_unfolded_is_still_there_once_news_is_shown(page: Page, memory: Memory):
    listen(page, memory)
    page.get_by_label("Réponse").fill("J’écris")
    page.get_by_text("Plus", exact=True).click()
    memory.version = 1
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator("#answer")).to_contain_text("version 1")
    expect(page.get_by_label("Réponse")).to_have_value("J’écris")
    expect(page.get_by_text("Ce qui était plié")).to_be_visible()


def test_what_one_reads_stays_where_it_is(page: Page, memory: Memory):
    listen(page, memory)
    page.locator("#long").evaluate(
        "part => scrollTo(0, scrollY + part.getBoundingClientRect().top + 20)"
    )
    before = page.locator("#read").bounding_box()["y"]
    memory.version = 1
    expect(page.get_by_text("encore")).to_have_count(30)
    assert abs(page.locator("#read").bounding_box()["y"] - before) < 2


def test_a_page_out_of_sight_rests_and_catches_up(page: Page, memory: Memory):
    listen(page, memory)
    turned = """hidden => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(turned, True)
    eventually(page, lambda: memory.listening == 0, tries=80)
    memory.version = 5
    page.evaluate(turned, False)
    expect(page.locator("#news")).to_contain_text("version 5")
    eventually(page, lambda: memory.listening == 1)


def test_parts_are_asked_for_where_events_do_not_pass(page: Page, memory: Memory):
    memory.events = False
    page.goto("/live")
    memory.version = 7
    expect(page.locator("#news")).to_contain_text("version 7")


def test_the_queue_from_the_keyboard(page: Page):
    page.set_viewport_size({"width": 1280, "height": 860})
    page.goto("/queue")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Compte de messagerie")).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Rançongiciel")).to_be_focused()
    page.evaluate(
        "document.addEventListener('click', (e) => (window.pressed = e.target.closest('[data-row]')?.innerText))"
    )
    page.keyboard.press("p")
    assert "Rançongiciel" in page.evaluate("window.pressed")
    page.keyboard.press("/")
    expect(page.get_by_label("Mots, commune")).to_be_focused()
    page.keyboard.type("jp?")
    expect(page.get_by_label("Mots, commune")).to_have_value("jp?")


def test_the_keys_are_explained_and_can_be_put_to_sleep(page: Page):
    page.set_viewport_size({"width": 1280, "height": 860})
    page.goto("/queue")
    page.keyboard.press("?")
    page.get_by_label("Utiliser ces touches").uncheck()
    page.get_by_role("button", name="Fermer").click()
    page.keyboard.press("j")
    assert page.locator("[data-current]").count() == 0


def listen(page: Page, memory: Memory) -> None:
    """Open the page that renews itself; what changes from now on is told to it."""
    page.goto("/live")
    eventually(page, lambda: memory.listening == 1)


def eventually(page: Page, holds, tries: int = 50) -> None:
    """Give the far end, which serves from a thread of this process, the time that it needs."""
    while not holds() and tries:
        page.wait_for_timeout(100)
        tries -= 1
    assert holds()


def test_light_is_chosen_at_once_and_told_to_the_server(page: Page, memory: Memory):
    page.goto("/declare")
    with page.expect_request("**/theme"):
        page.get_by_role("button", name="Sombre").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    eventually(page, lambda: memory.theme == "dark")


def test_a_reference_is_copied(page: Page):
    page.goto("/declare")
    page.get_by_role("button", name="Copier").click()
    expect(page.get_by_role("button", name="Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "CD-7K4-92M"


def test_clocks_tick_by_the_clock_of_the_server(page: Page):
    page.clock.install()
    page.goto("/case")
    mark = page.locator(".clock", has_text="Sauvegardes hors ligne")
    expect(mark).to_contain_text("reste 12")
    page.clock.run_for(8 * 60_000)
    expect(mark).to_contain_text(re.compile(r"reste [34]\smin"))
    expect(mark).to_have_class(re.compile("clock-urgent"))
    page.clock.run_for(10 * 60_000)
    expect(mark).to_contain_text("dépassé de")
    expect(mark).to_have_class(re.compile("clock-late"))
