import Cryptography
import Testing
import Vocabulary
import XML
import XMLSecurity

private let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
private let spoken: Set<String> = [exclusive, exclusive + "WithComments"]
private let old: Set<SignatureAlgorithm> = Set<SignatureAlgorithm>.modernXMLSignatures.union([.rsaPKCS1(.sha1), .ecdsa(.sha1)])

@Suite struct `Vectors of other XML signature projects` {
    @Test func `canonical outputs of Santuario: every exclusive one byte for byte, the others counted`() throws {
        guard let manifest = try Vectors.manifest("xmldsig/santuario", cases: 138) else { return }
        let cases = try #require(manifest["c14n"]?.array)
        var tally = Tally()
        for test in cases {
            let id = test["id"]?.string ?? ""
            let transforms = test["transforms"]?.strings ?? [test["algorithm"]?.string ?? ""]
            guard transforms.allSatisfy(spoken.contains), let algorithm = transforms.first, transforms.count == 1 else {
                let other = transforms.first { !spoken.contains($0) } ?? ""
                tally.add("not spoken: \(other.split(separator: "/").last ?? "")")
                continue
            }
            let expected = try #require(Vectors.read("xmldsig/santuario/" + (test["expected_output"]?.string ?? "")))
            let input = test["input"]?.string ?? test["signature_file"]?.string ?? ""
            let document: XMLDocument
            do { document = try XMLDocument(parsing: try #require(Vectors.read("xmldsig/santuario/" + input))) } catch {
                tally.add("not read: \(reason(error))")
                continue
            }
            let element = try #require(apex(test, in: document.root), "\(id)")
            let prefixes = (test["inclusive_prefixes"]?.strings ?? []).flatMap { $0.split(separator: " ").map(String.init) }
            let bytes = try Canonical.exclusive(element, inclusivePrefixes: prefixes, withComments: algorithm.hasSuffix("WithComments"))
            #expect(bytes == expected, "\(id)")
            tally.add("equal")
        }
        print("santuario canonical outputs: \(cases.count): \(tally.text)")
        #expect(tally["equal"] >= 8)
    }

    /// `//*[local-name()='x']` and `#xpointer(id('x'))` are the only two ways these cases name an apex.
    private func apex(_ test: JSON, in root: XMLElement) -> XMLElement? {
        var found: XMLElement?
        let path = test["apex_xpath"]?.string ?? test["uri"]?.string ?? ""
        let quoted = path.split(separator: "'").dropFirst().first.map(String.init) ?? ""
        root.forEachInSubtree { element in
            let matches =
                path.hasPrefix("//") ? element.name.local == quoted : element.count(attributes: ["Id", "ID", "id"], valued: quoted) > 0
            if found == nil, matches { found = element }
        }
        return found
    }

    @Test(arguments: [("santuario", 97), ("xmlsec1-master", 148)])
    func `signatures: none outside our algorithms is believed, none crashes, each refusal has a reason`(folder: String, count: Int) throws {
        guard let manifest = try Vectors.manifest("xmldsig/" + folder, cases: count) else { return }
        let cases = (manifest["signatures"]?.array ?? manifest["tests"]?.array ?? []).filter { $0["kind"]?.string == "signature" }
        #expect(cases.count == count)
        var whole = Tally()
        var inner = Tally()
        for test in cases {
            let file = test["file"]?.string ?? ""
            let bytes = try #require(Vectors.read("xmldsig/\(folder)/\(file)"), "\(file)")
            let document: XMLDocument
            do { document = try XMLDocument(parsing: bytes) } catch {
                whole.add("not read: \(reason(error))")
                continue
            }
            guard let signature = all("Signature", in: document.root).first(where: { $0.name.namespace == ds }) else {
                whole.add("no signature in the document")
                continue
            }
            let key = key(in: signature)
            do throws(XMLSignatureRefusal) {
                _ = try SameDocumentSignature.verify(signature, in: document, keys: key.map { [$0] } ?? [], allowed: old)
                whole.add("verified")
                #expect(test["expected"]?.string == "valid", "\(file)")
            } catch {
                whole.add("refused: \(reason(error))")
                // A digest or signature that we computed and found wrong would mean that our canonical form is wrong.
                if test["expected"]?.string == "valid", error == .digest || error == .signature { Issue.record("\(file): \(error)") }
            }
            // All exclusive ones of the W3C interoperability set digest their content in the inclusive form, which we refuse. Their
            // SignedInfo is exclusive, so that half of the work is judged by itself.
            if let key, let verdict = try signedInfoVerifies(signature, key) {
                inner.add(verdict ? "verify" : "fail")
                #expect(verdict || test["expected"]?.string == "reject", "\(file)")
            }
        }
        print("\(folder) signatures: \(cases.count): \(whole.text)")
        print("  exclusive SignedInfo judged by itself: \(inner.total): \(inner.text)")
        if folder == "santuario" { #expect(inner["verify"] >= 15) }
    }

    /// Nil when the SignedInfo is not exclusive or the algorithm is not ours.
    private func signedInfoVerifies(_ signature: XMLElement, _ key: PublicKey) throws -> Bool? {
        guard let info = signature.child(XMLName(ds, "SignedInfo")),
            let canonicalization = info.child(XMLName(ds, "CanonicalizationMethod"))?.attribute("Algorithm"),
            spoken.contains(canonicalization),
            let method = info.child(XMLName(ds, "SignatureMethod"))?.attribute("Algorithm"), let algorithm = algorithms[method],
            let value = Base64.decodeLenient(signature.child(XMLName(ds, "SignatureValue"))?.text ?? "")
        else { return nil }
        let bytes = try Canonical.exclusive(info, withComments: canonicalization != exclusive)
        return key.verifies(value, over: bytes, algorithm, encoding: .raw)
    }

    private let algorithms: [String: SignatureAlgorithm] = {
        var all: [String: SignatureAlgorithm] = [ds + "rsa-sha1": .rsaPKCS1(.sha1)]
        for digest in DigestAlgorithm.allCases {
            all["http://www.w3.org/2001/04/xmldsig-more#ecdsa-\(digest.rawValue)"] = .ecdsa(digest)
            if digest != .sha1 { all["http://www.w3.org/2001/04/xmldsig-more#rsa-\(digest.rawValue)"] = .rsaPKCS1(digest) }
        }
        return all
    }()

    /// In these vectors, and only here, the key is taken from the message.
    private func key(in signature: XMLElement) -> PublicKey? {
        let bytes = { (name: String) in all(name, in: signature).first.flatMap { Base64.decodeLenient($0.text) } }
        if let modulus = bytes("Modulus"), let exponent = bytes("Exponent") {
            return try? PublicKey(rsaModulus: modulus, exponent: exponent)
        }
        if let point = bytes("PublicKey"), let curve = EllipticCurve.allCases.first(where: { point.count == 1 + 2 * $0.width }) {
            return try? PublicKey(curve: curve, x: Array(point[1...curve.width]), y: Array(point[(1 + curve.width)...]))
        }
        // RFC 4050 writes coordinates in decimal and the curve as an OID.
        let curves = ["1.2.840.10045.3.1.7": EllipticCurve.p256, "1.3.132.0.34": .p384, "1.3.132.0.35": .p521]
        if let urn = all("NamedCurve", in: signature).first?.attribute("URN"), let curve = curves[String(urn.dropFirst(8))],
            let x = all("X", in: signature).first?.attribute("Value"), let y = all("Y", in: signature).first?.attribute("Value")
        {
            return try? PublicKey(curve: curve, x: number(x, curve.width), y: number(y, curve.width))
        }
        return bytes("X509Certificate").flatMap { try? Certificate(der: $0).publicKey }
    }

    private func number(_ decimal: String, _ width: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: width)
        for digit in decimal.utf8 {
            var carry = Int(digit) - 0x30
            for index in bytes.indices.reversed() {
                carry += Int(bytes[index]) * 10
                bytes[index] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
        }
        return bytes
    }
}
