import Cryptography
import Foundation
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

/// `../shared/vectors/metadata`, whole: metadata of real federations, read as a source reads it.
@Suite struct `Metadata of real federations and products` {
    private static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["SEKISHO_VECTORS"] { return URL(filePath: path) }
        return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/vectors")
    }()

    /// Files that are no SAML metadata at all; each is refused with the root it has.
    private static let strangers = [
        "pyff-not-metadata.xml": "a", "eidas/FR.xml": "MetadataList", "eidas/GR.xml": "MetadataList",
        "eidas/eidas.xml": "MetadataServiceList",
    ]

    @Test func `every service provider in them is read, or named with the reason why not`() throws {
        guard let bytes = try? Data(contentsOf: Self.root.appending(path: "metadata/manifest.json")) else {
            print("NOT RUN: 17 vectors of metadata: not found under \(Self.root.path())")
            return
        }
        let manifest = try JSON(reading: Array(bytes), limit: 4_000_000)
        var agree = 0
        var byDesign: [String] = []
        var differ: [String] = []
        var unusable: [String: Int] = [:]
        for file in manifest["files"]?.array ?? [] {
            let name = try #require(file["file"]?.string)
            let document = try read(name)
            let expected = Int(try #require(file["sps"]?.integer))
            var providers = 0
            var refused = 0
            let outcome = Result {
                try StreamedSignature.read(trusted: pieces(document)) { slice in
                    do throws(MetadataRefusal) {
                        if try MetadataEntity.read(slice.bytes).provider != nil { providers += 1 }
                    } catch {
                        refused += 1
                        unusable[error.explanation.code + ": " + error.explanation.summary, default: 0] += 1
                    }
                }
            }
            switch outcome {
            case .failure(let error):
                switch (error as? AggregateRefusal, Self.strangers[name]) {
                case (.root(let found)?, let stranger?) where found == stranger: agree += 1
                default: differ.append("\(name): \(error)")
                }
                continue
            case .success(let facts): #expect(facts.entities == Int(file["entities"]?.integer ?? -1), "\(name)")
            }
            // SAML 1.1 roles are not ours, and one entity has two; both are fewer than the roles that the manifest counts.
            switch providers + refused {
            case expected where refused == 0: agree += 1
            case ...expected: byDesign.append("\(name): \(providers) of \(expected), \(refused) cannot be answered")
            default: differ.append("\(name): \(providers) + \(refused) of \(expected)")
            }
            try judge(file, document, name)
        }
        print("metadata: \(agree) agree, \(byDesign.count) by design, \(differ.count) differ")
        for line in byDesign { print("  by design: \(line)") }
        for (why, count) in unusable.sorted(by: { $0.key < $1.key }) { print("  cannot be answered: \(count) \(why)") }
        #expect(differ.isEmpty, "\(differ)")
        #expect(agree + byDesign.count == 17)
    }

    /// The root signature, as a source would: with the key given out of band, and never with another, nor with SHA-1.
    private func judge(_ file: JSON, _ document: [UInt8], _ name: String) throws {
        guard file["root_signature"]?.bool == true, let path = file["embedded_signing_cert"]?.string else { return }
        let pem = Array(try Data(contentsOf: Self.root.appending(path: "metadata/" + path)))
        guard let key = (try? Certificate(pem: pem))?.publicKey else { return }
        let isOld = file["signature_algorithm"]?.string?.hasSuffix("rsa-sha1") ?? false
        let outcome = Result { try StreamedSignature.verify(pieces(document), keys: [key]) { _ in } }
        switch outcome {
        case .success(let verified): #expect(!isOld && verified.key == key, "\(name)")
        case .failure(let error): #expect(isOld, "\(name): \(error)")
        }
        #expect(throws: AggregateRefusal.self, "\(name)") {
            try StreamedSignature.verify(pieces(document), keys: [Federation.otherKey.publicKey]) { _ in }
        }
    }

    private func pieces(_ document: [UInt8]) -> () -> [UInt8] {
        var rest = document[...]
        return {
            defer { rest = rest.dropFirst(1 << 18) }
            return Array(rest.prefix(1 << 18))
        }
    }

    private func read(_ name: String) throws -> [UInt8] {
        let path = Self.root.appending(path: "metadata/" + name)
        guard name.hasSuffix(".gz") else { return Array(try Data(contentsOf: path)) }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/gzip")
        process.arguments = ["-dc", path.path()]
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Array(output)
    }
}
