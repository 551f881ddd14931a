import Testing

/// The TLS door on the login page: a handshake proves no more than the door's weakest mode (decision 0003).
@Suite struct `The card in this browser` {
    private static let reader = "カードリーダーはつながっていますか"

    private func isOffered(_ page: Answer) -> Bool { page.text.has("href=\"" + World.cardOrigin + "/card/") }

    @Test func `is offered where what a handshake proves is enough`() async throws {
        let browser = Browser(try House(try await World.unvouched()))
        let page = try await browser.get(try await browser.begin(OpenIDQuestion().path))
        #expect(isOffered(page) && page.text.has(Self.reader))
    }

    @Test func `is not offered where the PIN is needed and nobody vouches for it; the app is`() async throws {
        let browser = Browser(try House(try await World.unvouched()))
        for path in [SAMLQuestion().path, OpenIDQuestion(Parties.bank).path] {
            let journey = try await browser.begin(path)
            let page = try await browser.get(journey)
            #expect(page.status == 200)
            #expect(!isOffered(page) && !page.text.has(Self.reader))
            #expect(page.text.has("<code>" + journey + "</code>"))
        }
    }

    @Test func `is offered where the PIN is needed and the operator vouches for it`() async throws {
        let browser = Browser(try await House.ordinary())
        for path in [SAMLQuestion().path, OpenIDQuestion(Parties.bank).path] {
            let page = try await browser.get(try await browser.begin(path))
            #expect(isOffered(page) && page.text.has(Self.reader))
        }
    }

    /// Contexts below the PIN are acceptable to both; the second wants the PIN of a moment ago.
    @Test(arguments: [("no", true), ("yes", false)])
    func `is offered for a page of ours only where it need not be the PIN`(pin: String, isRight: Bool) async throws {
        let browser = Browser(try House(try await World.unvouched()))
        let begun = try await browser.post("/me/login", [("page", "/me/cards"), ("pin", pin)])
        let page = try await browser.get(try #require(begun.location))
        #expect(page.status == 200)
        #expect(isOffered(page) == isRight)
    }

    /// A second card is taken with its PIN only.
    @Test func `is not offered for adding a card where nobody vouches for the PIN`() async throws {
        for (world, isRight) in [(try await World.unvouchedAsking(), false), (try await World.asking(), true)] {
            let browser = Browser(try House(world))
            try await browser.first("hanako")
            try await browser.atLinks("hanako")
            let page = try await browser.get(try #require(try await browser.press("/me/links/add").location))
            #expect(page.status == 200 && isOffered(page) == isRight)
        }
    }
}
