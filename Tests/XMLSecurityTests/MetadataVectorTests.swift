import Cryptography
import Foundation
import Testing
import Vocabulary
import XML
import XMLSecurity

private let old: Set<SignatureAlgorithm> = Set<SignatureAlgorithm>.modernXMLSignatures.union([.rsaPKCS1(.sha1)])

@Suite struct `Metadata of real federations` {
    @Test func `A35 root signatures: RSA-PSS and RSA, each made by other software, prove the whole root`() throws {
        guard let manifest = try Vectors.manifest("metadata", cases: 17) else { return }
        var tally = Tally()
        for file in manifest["files"]?.array ?? [] {
            let name = try #require(file["file"]?.string)
            let bytes = try read(name)
            let root: XMLElement
            do { root = try XMLDocument(parsing: bytes, limits: .metadata).root } catch {
                // pyFF's eIDAS service list includes others by XInclude.
                #expect(error == .inclusion && name == "eidas/eidas.xml")
                tally.add("not read: \(reason(error))")
                continue
            }
            guard file["root_signature"]?.bool == true else {
                #expect(throws: XMLSignatureRefusal.noSignature) { try EnvelopedSignature.verify(root, keys: [], wholeDocument: true) }
                tally.add("unsigned")
                continue
            }
            let pem = try #require(Vectors.read("metadata/" + (file["embedded_signing_cert"]?.string ?? "")))
            guard let key = (try? Certificate(pem: pem))?.publicKey else {
                tally.add("not judged: certificate refused")
                continue
            }
            do throws(XMLSignatureRefusal) {
                let signed = try EnvelopedSignature.verify(root, keys: [key], allowed: old, wholeDocument: true)
                #expect(signed.element.isSame(as: root))
                tally.add("proven \(signed.algorithm)")
                #expect(throws: XMLSignatureRefusal.signature) {
                    try EnvelopedSignature.verify(root, keys: [try Keys.of().publicKey], allowed: old, wholeDocument: true)
                }
            } catch {
                tally.add("refused: \(error)")
                guard case .algorithm = error else {
                    Issue.record("\(name): \(error)")
                    continue
                }
            }
        }
        print("metadata root signatures: \(tally.total): \(tally.text)")
    }

    private func read(_ name: String) throws -> [UInt8] {
        guard name.hasSuffix(".gz") else { return try #require(Vectors.read("metadata/" + name)) }
        let gzip = try #require(Program.find("gzip"))
        return Array(try Program.run(gzip, ["-dc", Vectors.root.appending(path: "metadata/" + name).path()]).output.utf8)
    }
}
