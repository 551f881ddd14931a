import Cryptography
import Foundation
import Testing
import Vocabulary
import XML
import XMLSecurity

/// SHA-1 is allowed by name here, because most of these old messages were signed with it.
private let old: Set<SignatureAlgorithm> = Set<SignatureAlgorithm>.modernXMLSignatures.union([.rsaPKCS1(.sha1), .ecdsa(.sha1)])

/// A trusted certificate's key. Ours where it is strong enough; a 1024-bit key, which `PublicKey` rightly refuses, is judged by the
/// `openssl` program over the canonical bytes that we computed, so that the old positive controls still control something.
private enum TrustedKey {
    case ours(PublicKey)
    case weak(pem: String)

    init?(_ path: String, openssl: String) throws {
        let result = try Program.run(
            openssl, ["x509", "-in", Vectors.root.appending(path: "saml-attacks/" + path).path(), "-noout", "-pubkey"])
        guard result.status == 0, let spki = PEM.decode(Array(result.output.utf8), label: "PUBLIC KEY").first else { return nil }
        if let key = try? PublicKey(spki: spki) { self = .ours(key) } else { self = .weak(pem: result.output) }
    }

    func verifies(_ signature: UnverifiedSignature, openssl: String) throws -> Bool {
        switch self {
        case .ours(let key):
            return (try? signature.verified(by: [key])) != nil
        case .weak(let pem):
            guard case .rsaPKCS1(let digest) = signature.algorithm else { return false }
            return try Program.inScratch { folder in
                let (key, value, data) = (folder.appending(path: "k"), folder.appending(path: "s"), folder.appending(path: "d"))
                try Data(pem.utf8).write(to: key)
                try Data(signature.value).write(to: value)
                try Data(signature.signedBytes).write(to: data)
                return try Program.run(
                    openssl, ["dgst", "-\(digest.rawValue)", "-verify", key.path(), "-signature", value.path(), data.path()]
                ).status == 0
            }
        }
    }
}

@Suite struct `Messages from other projects' attack collections` {
    @Test func `A1 A17 run whole: rejects give nothing unsigned, controls pass`() throws {
        guard let manifest = try Vectors.manifest("saml-attacks", cases: 318) else { return }
        guard let openssl = Program.find("openssl") else {
            print("NOT RUN: 318 vectors of saml-attacks: no openssl program")
            return
        }
        let tests = try #require(manifest["tests"]?.array)
        var keys: [String: TrustedKey] = [:]
        var controls = Tally()
        var rejects = Tally()
        var others = Tally()
        for test in tests {
            let id = try #require(test["id"]?.string)
            let file = try #require(test["file"]?.string)
            let expected = try #require(test["expected"]?.string)
            let bytes = try #require(Vectors.read("saml-attacks/" + file), "\(file)")
            var trusted: [TrustedKey] = []
            for path in test["trusted_certs"]?.strings ?? [] {
                if keys[path] == nil { keys[path] = try TrustedKey(path, openssl: openssl) }
                if let key = keys[path] { trusted.append(key) }
            }
            var outcome = try judge(bytes, trusted, openssl)
            switch expected {
            case "signature-valid":
                if outcome.proven.isEmpty {
                    let strict = outcome.summary
                    outcome = try judge(bytes, trusted, openssl, inSchemaPlace: false)
                    if !outcome.proven.isEmpty { outcome.summary += " when forgiven: " + strict }
                }
                controls.add(outcome.summary)
                if outcome.proven.isEmpty, !outcome.isUnspoken { Issue.record("control \(id) \(file) gave nothing: \(outcome.summary)") }
            case "informational":
                others.add(outcome.summary)
            default:
                rejects.add("\(test["category"]?.string ?? ""): \(outcome.summary)")
                if expected == "reject-when-signature-required" || trusted.isEmpty { #expect(outcome.proven.isEmpty, "\(id) \(file)") }
                // A genuine Assertion inside a wrapped Response may prove itself; the Response around it never.
                if test["category"]?.string == "signature-wrapping" {
                    #expect(!outcome.proven.contains { $0.isDocumentRoot }, "\(id) \(file)")
                }
                for element in outcome.proven {
                    // Only what a trusted signature covers, whole: a name cut at a comment would be shorter than its canonical form.
                    for name in all("NameID", in: element) + all("AttributeValue", in: element) where name.children.isEmpty {
                        let canonical = String(decoding: try Canonical.exclusive(name), as: UTF8.self)
                        #expect(name.text.isEmpty || canonical.contains(">" + escaped(name.text) + "</"), "\(id) \(file)")
                    }
                }
            }
        }
        #expect(tests.count == 318)
        #expect(controls["proven"] >= 62)
        print("saml-attacks: \(tests.count) messages")
        print("  \(controls.total) positive controls: \(controls.text)")
        print("  \(rejects.total) to be rejected: \(rejects.text)")
        print("  \(others.total) informational: \(others.text)")
    }

    private func escaped(_ text: String) -> String {
        var text = text
        for (from, to) in [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#xD;")] { text = text.replacing(from, with: to) }
        return text
    }

    private struct Outcome {
        var proven: [XMLElement] = []
        var summary = ""
        /// Refused for a feature that we do not speak.
        var isUnspoken = false
    }

    /// What a careless caller could get: any element of the document that has a signature is tried.
    private func judge(_ bytes: [UInt8], _ keys: [TrustedKey], _ openssl: String, inSchemaPlace: Bool = true) throws -> Outcome {
        var outcome = Outcome()
        let root: XMLElement
        do { root = try XMLDocument(parsing: decoded(bytes)).root } catch {
            outcome.summary = "not read (\(reason(error)))"
            return outcome
        }
        var first: XMLSignatureRefusal?
        var elements: [XMLElement] = []
        root.forEachInSubtree { if EnvelopedSignature.isPresent(in: $0) { elements.append($0) } }
        for element in elements {
            do throws(XMLSignatureRefusal) {
                let signature = try EnvelopedSignature.unverified(element, allowed: old, inSchemaPlace: inSchemaPlace)
                if (try? keys.contains { try $0.verifies(signature, openssl: openssl) }) ?? false {
                    outcome.proven.append(element.view(hiding: element.child(XMLName(ds, "Signature"))))
                } else {
                    first = first ?? .signature
                }
            } catch {
                first = first ?? error
            }
        }
        switch first ?? .noSignature {
        // `URI=""` and inclusive canonicalization: two features that SAML messages may not have.
        case .reference(""), .transform, .algorithm: outcome.isUnspoken = true
        default: break
        }
        outcome.summary = outcome.proven.isEmpty ? "refused (\(reason(first ?? .noSignature)))" : "proven"
        return outcome
    }

    /// Two files hold the HTTP-POST form of a message.
    private func decoded(_ bytes: [UInt8]) -> [UInt8] {
        guard let first = bytes.first, first != UInt8(ascii: "<"), let plain = Base64.decodeLenient(String(decoding: bytes, as: UTF8.self))
        else {
            return bytes
        }
        return plain
    }
}
