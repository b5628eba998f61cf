r"""Words that say what follows: `fichier : facture.zip`, `sha256=…`, `mutex: Global\x`."""

import re

from cyberdesk.desk.intel.reading.sorts import Sort

_ADDRESS = (Sort.IPV4, Sort.IPV6)
_MAIL = (Sort.EMAIL,)
_FILE = (Sort.PATH, Sort.FILE)
_WORDS: dict[tuple[Sort, ...], str] = {
    _ADDRESS: "ip|adresse ip|ip address|ipv4|ipv6|plage|range|cidr|adresse|address",
    (Sort.DOMAIN,): "domaine|nom de domaine|domain|domain name|ndd|hote|host|hostname|fqdn|dns",
    (Sort.URL,): "url|uri|lien|link|site|adresse web",
    _MAIL: "mail|e-mail|email|courriel|adresse mail|expediteur|sender|from|de|reply-to",
    (Sort.MD5,): "md5",
    (Sort.SHA1,): "sha1|sha-1",
    (Sort.SHA256,): "sha256|sha-256",
    (Sort.SHA512,): "sha512|sha-512",
    (Sort.SSDEEP,): "ssdeep",
    (Sort.TLSH,): "tlsh",
    (Sort.MD5, Sort.SHA1, Sort.SHA256, Sort.SHA512): "hash|empreinte|condensat",
    _FILE: "fichier|nom de fichier|nom du fichier|file|filename|file name|piece jointe|attachment",
    (Sort.PATH, Sort.FOLDER): "chemin|path|filepath|file path",
    (Sort.FOLDER,): "dossier|repertoire|folder|directory",
    (Sort.REGISTRY,): "registre|cle de registre|registry|registry key|reg",
    (Sort.PROCESS,): "processus|process|commande|ligne de commande|command|command line|cmd",
    (Sort.MUTEX,): "mutex",
    (Sort.ACCOUNT,): "compte|utilisateur|identifiant|account|user|username|login",
    (Sort.MAC,): "mac|adresse mac|mac address",
    (Sort.ASN,): "as|asn|numero d'as|as number",
}
_SORTS = {word: sorts for sorts, words in _WORDS.items() for word in words.split("|")}
_LABELLED = re.compile(r"([^\W\d][\w '’-]{0,23}?[\w])\s*[:=]\s*(\S.*)", re.DOTALL)
_PLAIN = str.maketrans("éèêàâôîûç’", "eeeaaoiuc'")


def labelled(text: str) -> tuple[tuple[Sort, ...], str]:
    r"""Return the sorts that a label at the beginning names, and what stands behind it.

    Without one: no sorts, and the whole text. `http://…` and `C:\…` are no labels.
    """
    found = _LABELLED.fullmatch(text)
    if found is None:
        return (), text
    word = found[1].lower().translate(_PLAIN)
    sorts = _SORTS.get(word, ())
    return (sorts, found[2]) if sorts else ((), text)
