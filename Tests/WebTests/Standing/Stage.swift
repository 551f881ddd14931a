import Settings
import Testing
import Vocabulary
import Web

/// One citizen's browser at one deployment, where everybody is in force between two uses of a path.
final class Stage {
    private(set) var house: House
    private(set) var browser: Browser
    private(set) var original: Configuration

    init() async throws {
        house = try await House.ordinary()
        browser = Browser(house)
        original = house.platform.configuration.current
    }

    /// Another deployment, for paths that end what they use.
    func fresh() async throws {
        house = try House(await World.shared(), deliver: Leaver.everybodyAnswers)
        browser = Browser(house)
        original = house.platform.configuration.current
    }

    var office: Office { Office(house: house) }
    var archive: Archive { Archive(house: house) }

    /// From a request's address to what the browser gets in the end; the card is used where no session is there yet.
    func through(_ path: String) async throws -> Answer {
        let first = try await browser.get(path)
        guard let journey = first.location, journey.has("/journey/") else { return first }
        return try await browser.login("hanako", at: journey)
    }

    func session() async throws {
        guard browser.sessionCookie == nil else { return }
        _ = try await through(SAMLQuestion(Parties.ministry, at: house.now).path)
        try #require(browser.sessionCookie != nil)
    }

    /// A positive answer about the citizen in a form of ours, its signatures verified.
    func tells(_ answer: Answer) -> Bool {
        guard answer.form?.fields.contains(where: { $0.0 == "SAMLResponse" }) == true,
            let reading = try? SAMLReading(answer, in: house.world)
        else { return false }
        return reading.isSuccess && reading.nameID != nil
    }

    func question(_ client: String, _ callback: String, _ more: [(String, String)] = []) -> OpenIDQuestion {
        var question = OpenIDQuestion(client, more)
        question.callback = callback
        return question
    }

    /// A code that waits to be redeemed.
    func code(_ question: OpenIDQuestion) async throws -> String {
        let answer = try await through(question.path)
        return try #require(answer.parameter("code"), "\(answer.location ?? answer.text)")
    }

    func tokens(_ question: OpenIDQuestion) async throws -> Answer {
        try await browser.post("/openid/token", question.tokenForm(try await code(question), in: house.world, at: house.now))
    }
}
