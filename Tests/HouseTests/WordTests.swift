import Testing

@Suite struct `Words in the sources` {
    @Test func `of unsafe memory stand on the lowest floors only`() {
        let found = House.sources.filter { Room.named($0.room)?.floor != .metal }.flatMap(Words.unsafe)
        #expect(found.isEmpty, "\(found.map(\.description).joined(separator: "\n"))")
    }

    /// Where ending the process is the only honest answer, file by file. Nothing a stranger sends reaches these.
    static let ends: [(file: String, word: String, why: String)] = [
        ("Sources/Cryptography/Digest.swift", "preconditionFailure", "a libcrypto without SHA-2 can prove nothing"),
        ("Sources/Cryptography/HMAC.swift", "preconditionFailure", "a libcrypto without HMAC can derive no identifier"),
        ("Sources/Cryptography/Keys/PrivateKey.swift", "preconditionFailure", "libcrypto cannot encode a key it made: out of memory"),
        ("Sources/Cryptography/X509/Revocation/Index/ByteSink.swift", "preconditionFailure", "out of memory"),
        ("Sources/Cryptography/X509/Revocation/Index/FixedBytes.swift", "preconditionFailure", "out of memory"),
        ("Sources/Cryptography/X509/Revocation/Index/IndexRecords.swift", "preconditionFailure", "out of memory"),
        ("Sources/Cryptography/X509/Revocation/Index/ChunkTags.swift", "preconditionFailure", "out of memory"),
        ("Sources/Cryptography/X509/Revocation/Index/ChunkTags.swift", "preconditionFailure", "a libcrypto without AES can seal nothing"),
    ]

    @Test func `that end the process stand in no room`() {
        let found = House.sources.filter { Room.named($0.room)?.floor != .annex }.flatMap(Words.traps)
        let unexplained = found.filter { finding in !Self.ends.contains { $0.file == finding.file && $0.word == finding.what } }
        #expect(unexplained.isEmpty, "\(unexplained.map(\.description).joined(separator: "\n"))")
        for end in Self.ends {
            let explained = Self.ends.count { $0.file == end.file && $0.word == end.word }
            #expect(
                found.count { $0.file == end.file && $0.what == end.word } == explained, "as many as are explained: \(end.file): \(end.why)"
            )
        }
    }

    @Test func `compare no secret byte by byte (checklist E15)`() {
        let found = House.sources.flatMap(Words.hastyComparisons)
        #expect(found.isEmpty, "\(found.map(\.description).joined(separator: "\n"))")
    }

    @Test func `fill at most 400 lines of a file`() {
        let long = House.sources.filter { $0.text.split(separator: "\n", omittingEmptySubsequences: false).count > 401 }
        #expect(long.isEmpty, "\(long.map(\.path))")
    }
}

@Suite struct `The checker of words` {
    static func file(_ text: String) -> SourceFile { SourceFile(room: "SAML", path: "Planted.swift", text: text) }

    @Test(arguments: [
        "unsafe read(x)", "let p: UnsafePointer<Int>", "bytes.withUnsafeBytes { $0 }", "nonisolated(unsafe) var x = 1",
        "@unsafe func f() {}",
        "let s = \"\\(unsafe x)\"", "unsafeBitCast(a, to: B.self)",
    ]) func `sees unsafe code`(text: String) {
        #expect(Words.unsafe(in: Self.file(text)).count == 1)
    }

    @Test(arguments: [
        "a.secret == b", "if b == a.secret {}", "verifier != other", "record.tokenDigest==digest", "x == y.codeDigest && z", "mac == sent",
    ]) func `sees a secret compared in haste`(text: String) {
        #expect(Words.hastyComparisons(in: Self.file(text)).count == 1)
    }

    @Test(arguments: [
        "secret != nil", "nil == verifier", "secret.count == 32", "ConstantTime.equal(a.secret, b)", "let mac = 1", "secrets == x",
        "a <= mac",
        "// secret == x", "x == y.secret.count",
    ]) func `passes comparisons that tell nothing`(text: String) {
        #expect(Words.hastyComparisons(in: Self.file(text)).isEmpty)
    }

    @Test(arguments: ["// unsafe", "/* Unsafe */", "let csp = \"unsafe-inline\"", "let x = 1"])
    func `passes unsafe words that are no code`(text: String) {
        #expect(Words.unsafe(in: Self.file(text)).isEmpty)
    }

    @Test(arguments: [
        "let x = try! f()", "let x = y as! Z", "x!", "f(x!)", "a[0]!.b", "f()!", "let x: Int! = 1", "x!.y", "fatalError()",
        "fatalError(\"no\")",
        "preconditionFailure()", "assert(x > 0)", "assertionFailure()", "let s = \"\\(x!)\"", "`default`!",
    ]) func `sees a trap`(text: String) {
        #expect(Words.traps(in: Self.file(text)).count == 1)
    }

    @Test(arguments: [
        "a != b", "a!=b", "!a", "f(!a)", "return !a", "if a, !b {}", "// x!", "let s = \"Hello!\"", "let s = \"Hello\" + \"!\"",
        "self.assert(x)", "try? f()", "x ?? y", "a !== b", "func assert(_ x: Int) {}", "let x = [!a, !b]",
    ]) func `passes what is no trap`(text: String) {
        #expect(Words.traps(in: Self.file(text)).isEmpty)
    }
}
