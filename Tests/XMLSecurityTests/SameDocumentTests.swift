import Cryptography
import Foundation
import Testing
import Vocabulary
import XML
import XMLSecurity

/// An enveloping signature over a `ds:Object`, made by hand.
private func enveloping(_ object: String, uri: String = "#o", after: String = "") throws -> String {
    let content = try Canonical.exclusive(try parse("<ds:Object xmlns:ds=\"\(ds)\" Id=\"o\">\(object)</ds:Object>"))
    let info =
        "<ds:SignedInfo xmlns:ds=\"\(ds)\"><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>"
        + "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"></ds:SignatureMethod>"
        + "<ds:Reference URI=\"\(uri)\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform></ds:Transforms>"
        + "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha512\"></ds:DigestMethod>"
        + "<ds:DigestValue>\(Base64.encode(Digest.compute(.sha512, content)))</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    let value = try Keys.of(.ec(.p256)).sign(Array(info.utf8), .ecdsa(.sha256), encoding: .raw)
    return "<r><ds:Signature xmlns:ds=\"\(ds)\">\(info)<ds:SignatureValue>\(Base64.encode(value))</ds:SignatureValue>"
        + "<ds:Object Id=\"o\">\(object)</ds:Object></ds:Signature>\(after)</r>"
}

@Suite struct `A plain signature in one document` {
    private func verify(_ text: String) throws -> SignedElement {
        let document = try XMLDocument(parsing: Array(text.utf8))
        let signature = try #require(all("Signature", in: document.root).first)
        return try SameDocumentSignature.verify(signature, in: document, keys: [try Keys.of(.ec(.p256)).publicKey])
    }

    @Test func `may envelop what it signs, and gives back only that`() throws {
        let signed = try verify(try enveloping("<x>1</x>"))
        #expect(signed.element.name == XMLName(ds, "Object"))
        #expect(signed.element.parent == nil)
        #expect(all("x", in: signed.element).map(\.text) == ["1"])
    }

    @Test func `A2 A5 is refused when the target changed, is absent, ambiguous or elsewhere`() throws {
        let genuine = try enveloping("<x>1</x>")
        #expect(throws: XMLSignatureRefusal.digest) { try verify(try genuine.with("<x>1</x>", "<x>2</x>")) }
        #expect(throws: XMLSignatureRefusal.duplicateID) { try verify(try enveloping("<x>1</x>", after: "<y id=\"o\"/>")) }
        #expect(throws: XMLSignatureRefusal.reference("#p")) { try verify(try enveloping("<x>1</x>", uri: "#p")) }
        #expect(throws: XMLSignatureRefusal.reference("http://evil.example/x")) {
            try verify(try enveloping("<x>1</x>", uri: "http://evil.example/x"))
        }
        #expect(throws: XMLSignatureRefusal.transform("no enveloped-signature")) { try verify(try enveloping("<x>1</x>", uri: "")) }
        let stranger = [try Keys.of(.ec(.p384)).publicKey]
        let document = try XMLDocument(parsing: Array(genuine.utf8))
        let signature = try #require(document.root.children.first)
        #expect(throws: XMLSignatureRefusal.signature) { try SameDocumentSignature.verify(signature, in: document, keys: stranger) }
        #expect(throws: XMLSignatureRefusal.noSignature) { try SameDocumentSignature.verify(document.root, in: document, keys: stranger) }
    }
}

@Suite struct `The source of the two rooms` {
    @Test(arguments: ["XML", "XMLSecurity"])
    func `A18 A37 never leaves a check to assertions, nor traps on input`(room: String) throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder = package.appending(path: "Sources/\(room)")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".swift") }
        #expect(files.count > 5)
        for file in files {
            let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for word in ["assert(", "assertionFailure(", "precondition(", "preconditionFailure(", "fatalError(", "try!", "as!", "unowned("]
            {
                #expect(!source.contains(word), "\(file): \(word)")
            }
        }
    }
}
