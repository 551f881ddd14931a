"""What an https endpoint agrees to by TLS 1.2 (FAPI 2.0 Security Profile §5.2.2; BCP 195: RFC 9325 §4.2)."""

import socket
import ssl
import urllib.parse

GOOD = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"]
OTHERS = ":".join(["ALL", "!eNULL", *("!" + name for name in GOOD)])


def agreed(address, offered):
    """The cipher suite that a client offering these gets by TLS 1.2; None when the handshake is refused."""
    parts = urllib.parse.urlsplit(address)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(offered + ":@SECLEVEL=0")
    with socket.create_connection((parts.hostname, parts.port or 443), timeout=10) as plain:
        try:
            with context.wrap_socket(plain, server_hostname=parts.hostname) as connection:
                return connection.cipher()[0]
        except (ssl.SSLError, ConnectionError):
            return None


def checked(log, addresses):
    """One look at each host and port among the https addresses; how many there were. Plain http is on loopback, where there is no TLS."""
    places = {urllib.parse.urlsplit(address).netloc: address for address in addresses if address.startswith("https://")}
    for place, address in sorted(places.items()):
        log.check("TLS 1.2 works with a cipher suite of BCP 195", agreed(address, ":".join(GOOD)) in GOOD, place)
        other = agreed(address, OTHERS)
        log.check("TLS 1.2 with any other cipher suite is refused", other is None, f"{place} took {other}")
    return len(places)
