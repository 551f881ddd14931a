import Testing
import Vocabulary

@Suite struct `Encodings, RFC 4648 §10` {
    @Test(arguments: [
        ("", "", "", ""),
        ("f", "Zg==", "my", "66"),
        ("fo", "Zm8=", "mzxq", "666f"),
        ("foo", "Zm9v", "mzxw6", "666f6f"),
        ("foob", "Zm9vYg==", "mzxw6yq", "666f6f62"),
        ("fooba", "Zm9vYmE=", "mzxw6ytb", "666f6f6261"),
        ("foobar", "Zm9vYmFy", "mzxw6ytboi", "666f6f626172"),
    ]) func `agree with the test vectors`(plain: String, base64: String, base32: String, hexadecimal: String) {
        let bytes = Array(plain.utf8)
        let unpadded = String(base64.prefix { $0 != "=" })
        #expect(Base64.encode(bytes) == base64)
        #expect(Base64.decode(base64) == bytes)
        #expect(Base64url.encode(bytes) == unpadded)
        #expect(Base64url.decode(unpadded) == bytes)
        #expect(Base32.encode(bytes) == base32)
        #expect(Hexadecimal.encode(bytes) == hexadecimal)
        #expect(Hexadecimal.decode(hexadecimal) == bytes)
        #expect(Hexadecimal.decode(hexadecimal.uppercased()) == bytes)
    }

    @Test func `keep every byte and every length`() {
        let all = (0..<256).map { UInt8($0) } + (0..<256).reversed().map { UInt8($0) }
        for count in 0...all.count {
            let bytes = Array(all.prefix(count))
            guard Base64.decode(Base64.encode(bytes)) == bytes, Base64url.decode(Base64url.encode(bytes)) == bytes,
                Hexadecimal.decode(Hexadecimal.encode(bytes)) == bytes, Base64.decodeLenient(Base64.encode(bytes)) == bytes
            else {
                Issue.record("length \(count)")
                return
            }
        }
    }

    @Test func `use their own last two digits`() {
        #expect(Base64.encode([0xfb, 0xff, 0xbf]) == "+/+/")
        #expect(Base64url.encode([0xfb, 0xff, 0xbf]) == "-_-_")
        #expect(Base64.decode("-_-_") == nil)
        #expect(Base64url.decode("+/+/") == nil)
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Z", "Z===", "=", "==", "====", "Zg==Zg==", "Zh==", "Zm9=", "Zm9v=", "Zm9vYg=", "Zg= =", " Zg==", "Zg==\n",
        "Zm 9v", "Zm9\u{0}", "Z\u{ff27}==", "Zm9é", "Zm9*", "=Zg=", "Z=g=",
    ]) func `refuse loose Base64`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: ["Zg==", "Zg=", "Z", "Zm9vY", "Zh", "Zm9", "Zm 9v", "Zg\n", "Zg.", "Zg%3D", "é", "Zm9v+", "Zm9v/", "\u{0}\u{0}"])
    func `refuse loose Base64url`(text: String) {
        #expect(Base64url.decode(text) == nil)
    }

    @Test(arguments: ["Zm9v\r\nYmFy", " Zm9v YmFy ", "\tZm9vYmFy\n", "Z m 9 v Y m F y"])
    func `let XML white space into Base64 where XML allows it`(text: String) {
        #expect(Base64.decodeLenient(text) == Array("foobar".utf8))
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: ["Zm9v\u{a0}YmFy", "Zm9v\u{b}YmFy", "Zg", "Zg= = =", "Zm9v-mFy"]) func `let nothing else into it`(text: String) {
        #expect(Base64.decodeLenient(text) == nil)
    }

    @Test(arguments: ["0", "0g", "g0", " 00", "0x00", "00 ", "é", "０0", "+1"]) func `refuse loose hexadecimal`(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }
}
