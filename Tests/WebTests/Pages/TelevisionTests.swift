import Cryptography
import Testing
import Vocabulary

/// Pages for a television across the room (R11).
@Suite struct `A television` {
    @Test func `shows a code as one that a phone reads, and is moved about in by arrows`() async throws {
        let browser = Browser(try await House.ordinary())
        let page = try await browser.get("/tv?user_code=BCDF-GHJK")
        #expect(page.status == 200)
        #expect(page.text.has("<body class=\"tv\">") && page.text.has("<p class=\"code\">BCDF-GHJK</p>"))
        #expect(page.text.has("ArrowLeft") && page.hasOnlyOwnScripts)
        #expect(page.text.has("https://login.example.jp/device"))
        let drawn = try #require(page.drawing)
        #expect(drawn.side == 33)
        #expect(drawn.text == Self.golden, "\(drawn.text)")
    }

    @Test(arguments: ["/tv?user_code=%3Cscript%3E", "/tv?user_code=", "/tv?x=1", "/tv?user_code=A&user_code=B"])
    func `shows nothing that is no code`(path: String) async throws {
        let page = try await Browser(try await House.ordinary()).get(path)
        #expect(page.status == 200)
        #expect(!page.text.has("class=\"code\">") && page.hasOnlyOwnScripts)
    }

    @Test func `takes a code that is typed on it, and nobody else's form`() async throws {
        let browser = Browser(try await House.ordinary())
        let typed = try await browser.post("/tv", [("user_code", "ｂｃｄｆ ghjk")])
        #expect(typed.status == 303)
        #expect(typed.location == "https://login.example.jp/tv?user_code=BCDF-GHJK")
        let wrong = try await browser.post("/tv", [("user_code", "!!")])
        #expect(wrong.status == 400)
        #expect(wrong.text.has("role=\"alert\"") && !wrong.text.has("!!"))
    }

    /// SHA-256 of the dots that another library (PyPI `qrcode` 8) draws for the same text, level and mask; ZXing reads ours in
    /// `Tests/Interop/pages.py`.
    static let golden = "9f72c1ce6d878294cc84c52706d1766711652480be9f2d91b06ef8d192dbda44"
}

extension Answer {
    /// The two-dimensional code of the page, row by row.
    var drawing: (side: Int, text: String)? {
        guard let box = between("viewBox=\"0 0 ", " "), let size = Int(box), let path = between("<path fill=\"#000\" d=\"M", "z\"") else {
            return nil
        }
        let side = size - 8
        var rows = Array(repeating: Array(repeating: UInt8(0), count: side), count: side)
        for run in path.components(splitBy: "zM") {
            let numbers = run.split { !$0.isNumber }.compactMap { Int($0) }
            guard numbers.count == 5, rows.indices.contains(numbers[1] - 4), numbers[0] >= 4, numbers[0] - 4 + numbers[2] <= side else {
                return nil
            }
            for x in (numbers[0] - 4)..<(numbers[0] - 4 + numbers[2]) { rows[numbers[1] - 4][x] = 1 }
        }
        return (side, Hexadecimal.encode(Digest.sha256(Array(rows.joined()))))
    }
}
