"""TLS to others: whom to trust besides the public authorities, and who we are."""

import ssl
import tempfile


def trust(authority: str = "", certificate: str = "", key: str = "") -> ssl.SSLContext:
    """Return a context that trusts `authority` as well, and shows `certificate`. All are PEM.

    Raises ValueError on what is none.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if authority.strip():
            context.load_verify_locations(cadata=authority)
        if certificate.strip():
            _show(context, certificate, key)
    except (ssl.SSLError, OSError) as error:
        raise ValueError(str(error)) from error
    return context


def _show(context: ssl.SSLContext, certificate: str, key: str) -> None:
    """OpenSSL reads it from a file alone: this one has no name, and is gone when it is closed."""
    with tempfile.TemporaryFile() as unnamed:
        unnamed.write(f"{certificate.strip()}\n{key.strip()}\n".encode())
        unnamed.flush()
        # A password is asked for at the terminal where none is given.
        context.load_cert_chain(f"/dev/fd/{unnamed.fileno()}", password="")
