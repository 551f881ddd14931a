#!/usr/bin/env python3
"""Signs a metadata aggregate anew, as federations do: the signature first in the root, enveloped, exclusive canonicalization, RSA-2048, SHA-256.

usage: sign.py IN OUT KEYDIR       needs xmlsec1 and openssl; makes KEYDIR/md.key and KEYDIR/md.crt when they are missing
A signature that IN has already is taken out.
"""
import os, re, subprocess, sys

source, out, keys = sys.argv[1:4]
key, crt = f"{keys}/md.key", f"{keys}/md.crt"
if not os.path.exists(key):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=bench", "-keyout", key, "-out", crt], check=True, stderr=subprocess.DEVNULL)
c14n, dsig = "http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/2000/09/xmldsig#"
text = open(source, encoding="utf-8").read()
start = re.search(r"<(?:[\w.-]+:)?EntitiesDescriptor\b[^>]*>", text)
tag = re.sub(r'\sID="[^"]*"', "", start.group(0))
rest = text[start.end():]
rest = re.sub(r"^\s*<(\w+:)?Signature\b.*?</\1?Signature>", "", rest, count=1, flags=re.S)
template = f'''
<ds:Signature xmlns:ds="{dsig}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{c14n}"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#_bench"><ds:Transforms><ds:Transform Algorithm="{dsig}enveloped-signature"/><ds:Transform Algorithm="{c14n}"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate/></ds:X509Data></ds:KeyInfo></ds:Signature>'''
with open(out + ".unsigned", "w", encoding="utf-8") as file:
    file.write(text[:start.start()] + tag[:-1] + ' ID="_bench">' + template + rest)
subprocess.run(["xmlsec1", "--sign", "--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:metadata:EntitiesDescriptor", "--privkey-pem", f"{key},{crt}", "--output", out, out + ".unsigned"], check=True)
os.remove(out + ".unsigned")
print(out, os.path.getsize(out), "bytes")
