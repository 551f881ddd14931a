import Testing
import Vocabulary

/// The names in the manner of the JSONTestSuite; the cases are ours.
@Suite struct `JSON, RFC 8259` {
    @Test(
        arguments: [
            ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("0", 0), ("-0", 0), ("-1", -1), (" \t\r\n1 \t\r\n", 1),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(0x1p63)),
            ("1.5", .number(1.5)), ("1e2", .number(100)), ("1E+2", .number(100)), ("1e-2", .number(0.01)), ("0e1", .number(0)),
            ("-0.0", .number(-0.0)), ("0.1", .number(0.1)), ("1e-400", .number(0)), ("\"\"", ""), ("\"a\"", "a"), ("[]", []), ("[ ]", []),
            ("{}", [:]), ("{ }", [:]), ("[1,2]", [1, 2]), ("[[],{}]", [[], [:]]), ("{\"a\":{\"b\":[null]}}", ["a": ["b": [.null]]]),
            ("{\"\":0}", ["": 0]), ("{\"b\":1,\"a\":2}", ["b": 1, "a": 2]), ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{c}\n\r\t"),
            ("\"\\u0041\\u00e9\\u3042\"", "Aéあ"), ("\"\\uD83D\\uDE00\"", "😀"), ("\"\\ud83d\\ude00\"", "😀"), ("\"\\u0000\"", "\u{0}"),
            ("\"\u{7f}\"", "\u{7f}"), ("\"é😀\"", "é😀"), ("\"\\uFFFF\"", "\u{ffff}"), ("\"\\uDBFF\\uDFFF\"", "\u{10ffff}"), ("\"/\"", "/"),
            ("\"\u{2028}\"", "\u{2028}"),
        ] as [(String, JSON)]) func `is read`(text: String, value: JSON) throws
    {
        #expect(try JSON(reading: text) == value)
        #expect(try JSON(reading: value.text) == value)
    }

    @Test(arguments: [
        "", " ", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1,,2]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,",
        "{\"a\":1,}",
        "{,}", "{\"a\" 1}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\":1 \"b\":2}", "{\"a\"::1}", "{null:1}", "[1]x", "[1][2]", "1 2", "nul",
        "nulll",
        "True", "NULL", "tru", "undefined", "NaN", "Infinity", "-Infinity", "inf", "-", "+1", "01", "-01", "00", "1.", ".1", "-.1", "1.e1",
        "1e",
        "1e+", "1e1.5", "0x1", "1_000", "1,000", "1a", "--1", "1e400", "-1e400", "１", "\"", "\"a", "a\"", "'a'", "\"\\\"", "\"\\x41\"",
        "\"\\a\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\u+123\"", "\"\\uD83D\"", "\"\\uDE00\"", "\"\\uD83D\\u0041\"", "\"\\uD83D\\n\"",
        "\"\\uD83Dx\"", "\"\\uD83D\\uD83D\"", "\"a\nb\"", "\"a\tb\"", "\"\u{0}\"", "\"\u{1f}\"", "\u{feff}1", "/*c*/1", "1//c", "#1",
        "[1]\u{0}",
        "\u{c}1", "\u{a0}1", "\u{2028}1", "\"\\", "\"\\u", "[\"a\":1]", "{\"a\",1}", "\"\\U0041\"", "\"\\u00é1\"",
    ]) func `is nothing else`(text: String) {
        #expect {
            try JSON(reading: text)
        } throws: { error in
            guard case .syntax(let position)? = error as? JSONRefusal else { return false }
            return (0...text.utf8.count).contains(position)
        }
    }

    @Test(
        arguments: [
            [0x22, 0xff, 0x22], [0x22, 0xc3, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22],
            [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
            [0xff, 0xfe, 0x31, 0x00], [0x22, 0xe3, 0x81], [0x5b, 0x80, 0x5d],
        ] as [[UInt8]]) func `is UTF-8`(bytes: [UInt8])
    {
        #expect(throws: JSONRefusal.notUTF8) { try JSON(reading: bytes) }
    }

    /// Checklist E12: two readers of one text must not see two values.
    @Test(arguments: [
        ("{\"a\":1,\"a\":1}", "a"), ("{\"a\":1,\"b\":2,\"a\":3}", "a"), ("{\"a\":1,\"\\u0061\":2}", "a"), ("[{\"x\":{\"\":1,\"\":2}}]", ""),
        ("{\"K\":1,\"\u{212a}\":2}", "\u{212a}"),
    ]) func `has no member twice`(text: String, name: String) {
        #expect(throws: JSONRefusal.duplicateMember(name)) { try JSON(reading: text) }
    }

    @Test func `may have one name in two objects, and names that differ by case`() throws {
        #expect(try JSON(reading: "[{\"a\":1},{\"a\":1},{\"a\":1,\"A\":2}]").array?.count == 3)
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")]) func `is not deeper than its bound`(open: String, close: String) throws {
        func nested(_ depth: Int) -> String { String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth) }
        #expect(try JSON(reading: nested(31)).text == nested(31))
        #expect(throws: JSONRefusal.tooDeep(limit: 32)) { try JSON(reading: nested(32)) }
        #expect(throws: JSONRefusal.tooDeep(limit: 2)) { try JSON(reading: nested(2), depth: 2) }
        // Refused long before the end is seen, and long before the stack is.
        #expect(throws: JSONRefusal.tooDeep(limit: 32)) { try JSON(reading: String(repeating: open, count: 10_000)) }
    }

    @Test func `is not larger than its bound`() throws {
        let text = "\"" + String(repeating: "a", count: 65_534) + "\""
        #expect(try JSON(reading: text).string?.utf8.count == 65_534)
        #expect(throws: JSONRefusal.tooLarge(limit: 65_536)) { try JSON(reading: text + " ") }
        #expect(throws: JSONRefusal.tooLarge(limit: 3)) { try JSON(reading: "1234", limit: 3) }
    }

    @Test(.timeLimit(.minutes(1))) func `is read in linear work`() throws {
        let members = (0..<5000).map { "\"name\($0)\":\($0)" }.joined(separator: ",")
        #expect(try JSON(reading: "{\(members)}", limit: 1_000_000).members?.count == 5000)
        #expect(throws: JSONRefusal.self) { try JSON(reading: String(repeating: "9", count: 60_000)) }
    }

    @Test func `gives its values by name and kind`() throws {
        let value = try JSON(reading: #"{"s":"x","i":7,"w":1.0e3,"f":1.5,"big":1e17,"b":true,"a":["x","y"],"m":["x",1],"o":{},"n":null}"#)
        #expect(value["s"]?.string == "x")
        #expect(value["i"]?.integer == 7)
        #expect(value["w"]?.integer == 1000)
        #expect(value["f"]?.integer == nil)
        #expect(value["big"]?.integer == nil)
        #expect(value["b"]?.bool == true)
        #expect(value["a"]?.strings == ["x", "y"])
        #expect(value["m"]?.strings == nil)
        #expect(value["m"]?.array?.count == 2)
        #expect(value["o"]?.members?.isEmpty == true)
        #expect(value["n"] == .null)
        #expect(value["absent"] == nil)
        #expect(value["S"] == nil)
        #expect(value["s"]?.integer == nil)
        #expect(value["i"]?.string == nil)
        #expect(value["s"]?["s"] == nil)
    }

    /// Swift's own string equality would say that KELVIN SIGN is `K` and that é is e with an accent behind it.
    @Test func `is compared byte for byte`() throws {
        #expect(try JSON(reading: "\"\u{212a}\"") != "K")
        #expect(try JSON(reading: "{\"\u{212a}\":1}")["K"] == nil)
        #expect(JSON.object([("e\u{301}", 1)]) != ["\u{e9}": 1])
        #expect(JSON.string("\u{37e}") != ";")
    }

    @Test func `is written compactly, in order, with what must be escaped`() {
        #expect(
            JSON(["b": [1, .number(1.5), true, .null], "a": "\"\\/\n\r\t\u{1}é"]).text
                == #"{"b":[1,1.5,true,null],"a":"\"\\/\n\r\t\u0001é"}"#)
        #expect(JSON.number(.infinity).text == "null")
        #expect(JSON.number(5).text == "5.0")
    }

    @Test func `with its members in another order is another value`() {
        #expect(JSON(["a": 1, "b": 2]) != ["b": 2, "a": 1])
        #expect(JSON(["a": 1]).hashValue == JSON(["a": 1]).hashValue)
    }
}

extension JSON {
    /// Lets a test write a literal where a method is called on it.
    fileprivate init(_ value: JSON) { self = value }
}
