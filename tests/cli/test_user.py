"""`cyberdesk user` and `directory` beside a house that `up` runs: its data folder is enough."""

import json


def test_the_first_administrators_link_leads_to_the_house(command, database, server_folder):
    made = command(
        "user", "first-admin", "--data", server_folder, "--address", "https://desk.example.org"
    )
    assert made.exit_code == 0, made.output
    assert made.output.startswith("https://desk.example.org/invitation/")


def test_a_directory_is_taken_into_the_data_folder(command, database, server_folder, tmp_path):
    (tmp_path / "package.json").write_text(json.dumps({"name": "something-else"}))
    refused = command("directory", "import", "--data", server_folder, tmp_path)
    assert refused.exit_code == 1
    assert "DATABASE_URL" not in refused.output
    assert "@etalab/decoupage-administratif" in refused.output
