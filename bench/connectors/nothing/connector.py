"""A connector that does nothing."""

from cyberdesk.sdk import Connector, Tested, action


class Nothing(Connector):
    def test_connection(self):
        return Tested(ok=True, said="nothing")

    @action("do")
    def do(self, _given):
        return {"done": True}
