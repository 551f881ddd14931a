"""Signed XML of other projects with keys of 2048 bits in the place of weak or unreadable ones: the platform takes no weak key, and a
refusal for that would prove nothing. What was signed rightly by an old key is signed rightly by its stand-in, with the same algorithm over
the same content; what was signed wrongly stays wrong; nothing else changes."""

import base64
import copy
import hashlib

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

DS = "{http://www.w3.org/2000/09/xmldsig#}"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
HASHES = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}


class StandIns:
    """One new key for each old certificate, made when it is first asked for."""

    def __init__(self):
        self.keys = {}

    def of(self, pem):
        if pem not in self.keys:
            try:
                old = x509.load_pem_x509_certificate(pem).public_key()
            except ValueError:
                old = None
            self.keys[pem] = (old, rsa.generate_private_key(65537, 2048))
        return self.keys[pem]

    def trusted(self, pem):
        return self.of(pem)[1].public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def canonical(element, method, without=None):
    """The canonical form by the method element's URI and PrefixList; `without` is left out."""
    uri = method.get("Algorithm")
    prefixes = None
    inclusive = method.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces")
    if inclusive is not None:
        prefixes = (inclusive.get("PrefixList") or "").split()
    if without is not None:
        path = element.getroottree().getelementpath(without)
        whole = copy.deepcopy(element.getroottree())
        twin = whole.find(path) if path != "." else whole.getroot()
        element = whole.getroot() if element.getparent() is None else whole.find(element.getroottree().getelementpath(element))
        parent, tail = twin.getparent(), twin.tail
        before = twin.getprevious()
        if tail:
            if before is not None:
                before.tail = (before.tail or "") + tail
            else:
                parent.text = (parent.text or "") + tail
        parent.remove(twin)
    return etree.tostring(element, method="c14n", exclusive=uri.startswith(EXCLUSIVE), with_comments=uri.endswith("WithComments"),
                          inclusive_ns_prefixes=prefixes)


def digest_of(root, signature):
    """(name, value) of what the one reference digests; None when it is of a form that is not known here."""
    references = signature.findall(f"{DS}SignedInfo/{DS}Reference")
    if len(references) != 1:
        return None
    reference = references[0]
    uri = reference.get("URI")
    if uri is None or (uri and not uri.startswith("#")):
        return None
    found = [root] if uri == "" else [e for e in root.iter("*") if e.get("ID") == uri[1:]]
    if len(found) != 1:
        return None
    target = found[0]
    transforms = reference.findall(f"{DS}Transforms/{DS}Transform")
    enveloped = any(t.get("Algorithm").endswith("enveloped-signature") for t in transforms)
    methods = [t for t in transforms if not t.get("Algorithm").endswith("enveloped-signature")]
    if len(methods) > 1 or (enveloped and target not in signature.iterancestors()):
        return None
    plain = etree.Element("m", Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
    octets = canonical(target, methods[0] if methods else plain, signature if enveloped else None)
    name = reference.find(f"{DS}DigestMethod").get("Algorithm").split("#")[-1]
    if name not in HASHES:
        return None
    return base64.b64encode(hashlib.new(name, octets).digest()).decode()


def scheme(signature):
    name = signature.find(f"{DS}SignedInfo/{DS}SignatureMethod").get("Algorithm").split("#")[-1]
    return HASHES[name[4:]]() if name.startswith("rsa-") and name[4:] in HASHES else None


def strengthened(xml, pems, standins):
    """The document with each good signature of one of these certificates made again by its stand-in."""
    try:
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False))
    except etree.XMLSyntaxError:
        return xml
    if root.getroottree().docinfo.doctype:
        return xml
    signatures = [s for s in root.iter(f"{DS}Signature")]
    good = {}
    for signature in signatures:
        try:
            info, value = signature.find(f"{DS}SignedInfo"), signature.find(f"{DS}SignatureValue")
            octets = canonical(info, info.find(f"{DS}CanonicalizationMethod"))
            sent = "".join((info.find(f"{DS}Reference/{DS}DigestValue").text or "").split())
            fits = digest_of(root, signature) == sent
            for pem in pems:
                old, new = standins.of(pem)
                try:
                    old.verify(base64.b64decode("".join(value.itertext())), octets, padding.PKCS1v15(), scheme(signature))
                    good[signature] = (new, fits)
                except (InvalidSignature, ValueError, AttributeError, TypeError):
                    continue
        except (AttributeError, ValueError, TypeError):
            continue
    if not good:
        return xml
    # Inner ones first: an outer digest covers them.
    for signature in sorted(good, key=lambda s: -len(list(s.iterancestors()))):
        key, fits = good[signature]
        info = signature.find(f"{DS}SignedInfo")
        if fits:
            info.find(f"{DS}Reference/{DS}DigestValue").text = digest_of(root, signature)
        octets = canonical(info, info.find(f"{DS}CanonicalizationMethod"))
        value = signature.find(f"{DS}SignatureValue")
        for child in list(value):
            value.remove(child)
        value.text = base64.b64encode(key.sign(octets, padding.PKCS1v15(), scheme(signature))).decode()
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=False)
