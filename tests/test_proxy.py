"""The proxy's files under docs/operators/proxy: what ASVS 5.0 V12 and V4.1.2 ask of them.

Both were run before a web server, with clients of each version of TLS; here their text is held.
"""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "docs" / "operators" / "proxy"
NGINX, CADDY = (FOLDER / "nginx.conf").read_text(), (FOLDER / "Caddyfile").read_text()
FORWARD_SECRET = re.compile(
    r"(TLS_)?ECDHE[-_](RSA|ECDSA)[-_](WITH_)?"
    r"(AES[-_]?(256|128)[-_]GCM[-_]SHA(384|256)|CHACHA20[-_]POLY1305([-_]SHA256)?)"
)


def said(text, pattern):
    found = re.search(pattern, text, re.MULTILINE)
    assert found, pattern
    return found[1].split()


def test_tls_1_2_and_1_3_alone():
    assert said(NGINX, r"^\s*ssl_protocols ([^;]+);") == ["TLSv1.2", "TLSv1.3"]
    assert said(CADDY, r"^\s*protocols (.+)$") == ["tls1.2", "tls1.3"]


def test_every_cipher_is_forward_secret_and_authenticated():
    ciphers = said(NGINX, r"^\s*ssl_ciphers ([^;]+);")[0].split(":")
    ciphers += said(CADDY, r"^\s*ciphers (.+)$")
    assert len(ciphers) == 12
    assert [one for one in ciphers if not FORWARD_SECRET.fullmatch(one)] == []


@pytest.mark.parametrize(
    ("text", "api", "pages"),
    [
        (NGINX, "location /api/ { return 403; }", "location / { return 301 https://"),
        (CADDY, "handle /api/* {\n\t\trespond 403\n", "redir https://"),
    ],
)
def test_pages_are_led_to_tls_and_programs_are_not(text, api, pages):
    assert text.index(api) < text.index(pages)


def test_what_visitors_claim_of_their_address_is_not_passed_on():
    assert "X-Forwarded-For $remote_addr;" in NGINX
    assert "$proxy_add_x_forwarded_for" not in NGINX
    assert "header_up X-Forwarded-For {remote_host}" in CADDY


def test_streams_are_not_held_back_and_no_addresses_are_logged():
    assert "proxy_buffering off;" in NGINX
    assert "access_log off;" in NGINX
    assert "flush_interval -1" in CADDY
    assert "\tlog" not in CADDY
