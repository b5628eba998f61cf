from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cyberdesk.cli._playbook import FINDINGS, Unusable, lang_option, read, understood, write
from cyberdesk.core import clock
from cyberdesk.core.text import _

if TYPE_CHECKING:
    from cyberdesk.core.crypto.jose import KeyRefusedError, PrivateKey
    from cyberdesk.desk.playbooks.exchange.signing import Known, Pen

_FILE = click.Path(path_type=Path)


@click.command("sign")
@lang_option
@click.option("--key", "pem", required=True, type=_FILE, help="A private key, PEM (PKCS#8).")
@click.option(
    "--passphrase",
    envvar="CYBERDESK_KEY_PASSPHRASE",
    default="",
    help="Of the key. Better by CYBERDESK_KEY_PASSPHRASE, which no list of processes shows.",
)
@click.option("--as", "signee", default="", help="Who signs; else the name of the key's file.")
@click.option("--algorithm", default="", help="Of JOSE; else the usual one for the key.")
@click.option("--days", type=click.IntRange(1), help="For how long it is valid; else for ever.")
@click.option("--countersign", "signed", metavar="ID", help="Sign this signature, not the file.")
@click.option("--to", "target", type=_FILE, help="The file to write; else FILE itself.")
@click.argument("source", type=_FILE)
def sign(
    source: Path, pem: Path, passphrase: str, signed: str | None, target: Path | None, **how: Any
) -> None:
    """Add a signature to a CACAO 2.0 playbook (JSON or YAML)."""
    from cyberdesk.core.crypto.jose import KeyRefusedError
    from cyberdesk.desk.playbooks.exchange.signing import Pen
    from cyberdesk.desk.playbooks.exchange.writing import as_json, as_yaml
    from cyberdesk.desk.playbooks.language.compiled import STANDARD
    from cyberdesk.desk.playbooks.language.json_nodes import is_json

    compiled = understood(source)
    if compiled.notation != STANDARD:
        raise Unusable(
            _(
                "%(path)s is written in our notation, which bears no signature: export it first, "
                "then sign what was exported.",
                path=str(source),
            )
        )
    key = _private(pem, passphrase)
    lasts = timedelta(days=how["days"]) if how["days"] else None
    pen = Pen(key, how["signee"] or pem.stem, clock.now(), how["algorithm"], lasts)
    try:
        _add(compiled.cacao, pen, signed)
    except KeyRefusedError as error:
        raise _refused(pem, error) from None
    as_it_was = as_json if is_json(read(source)) else as_yaml
    write(target or source, as_it_was(compiled.cacao), force=target is None)


@click.command("verify")
@lang_option
@click.option(
    "--key",
    "pems",
    multiple=True,
    type=_FILE,
    help="A public key or certificate (PEM) that is trusted; may be repeated.",
)
@click.argument("source", type=_FILE)
def verify(source: Path, pems: tuple[Path, ...]) -> None:
    """Verify the signatures of a CACAO 2.0 playbook.

    0 when it bears signatures and all of them hold, with --key also one by such a key; else 1.
    Without --key, a signature only says what its maker says of itself.
    """
    from cyberdesk.desk.playbooks.exchange.signing import each
    from cyberdesk.desk.playbooks.exchange.signing import verify as verify_all
    from cyberdesk.desk.playbooks.shown.signatures import shown

    known = [_public(pem) for pem in pems]
    checked = verify_all(understood(source).cacao, at=clock.now(), known=known)
    for line in shown(checked):
        key = f" [{line.key}]" if line.key else ""
        click.echo(f"{source}: {line.text}{key}")
    every = list(each(checked))
    whole = bool(every) and all(one.good for one in every)
    if known and not any(one.trusted for one in every):
        click.echo(str(_("None of the keys given has signed it.")), err=True)
        whole = False
    if not whole:
        raise SystemExit(FINDINGS)


def _add(cacao: dict[str, Any], pen: "Pen", signed: str | None) -> None:
    from cyberdesk.desk.playbooks.exchange.signing import countersign
    from cyberdesk.desk.playbooks.exchange.signing import sign as sign_whole

    held = [*cacao.get("signatures", [])]
    if signed is None:
        cacao["signatures"] = [*held, sign_whole(cacao, pen)]
        return
    ids = [one.get("id") for one in held]
    if signed not in ids:
        named = ", ".join(map(str, ids)) or "-"
        raise Unusable(_("There is no signature %(id)s; there are: %(ids)s", id=signed, ids=named))
    at = ids.index(signed)
    if "signature" in held[at]:
        raise Unusable(_("The signature %(id)s is countersigned already.", id=signed))
    held[at] = countersign(held[at], pen)
    cacao["signatures"] = held


def _private(pem: Path, passphrase: str) -> "PrivateKey":
    from cyberdesk.core.crypto.jose import KeyRefusedError, read_private

    try:
        return read_private(read(pem), passphrase)
    except KeyRefusedError as error:
        raise _refused(pem, error) from None


def _public(pem: Path) -> "Known":
    from cyberdesk.core.crypto.jose import KeyRefusedError, read_public
    from cyberdesk.desk.playbooks.exchange.signing import Known

    try:
        return Known(pem.stem, read_public(read(pem)))
    except KeyRefusedError as error:
        raise _refused(pem, error) from None


def _refused(pem: Path, error: "KeyRefusedError") -> Unusable:
    said = {
        "encrypted": _(
            "%(path)s is protected: give its passphrase in CYBERDESK_KEY_PASSPHRASE.",
            path=str(pem),
        ),
        "weak": _("%(path)s is too weak a key: RSA needs 2048 bits.", path=str(pem)),
        "kind": _(
            "%(path)s is no key for this algorithm: leave --algorithm out to take its usual one.",
            path=str(pem),
        ),
    }
    unread = _("%(path)s is not a key in PEM, or its passphrase is another.", path=str(pem))
    return Unusable(said.get(error.why, unread))
