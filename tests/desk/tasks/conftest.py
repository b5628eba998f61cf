from tests.desk.cases.conftest import world  # noqa: F401
