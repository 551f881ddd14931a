import Credentials
import Cryptography
import Foundation
import HTTPTypes
import JOSE
import SQLiteStores
import Settings
import SignOn
import SimulatedJPKI
import Synchronization
import Testing
import TrustFramework
import Vocabulary
import Web

/// A deployment that asks who comes with a new certificate, and what its citizens and members do there.
enum Knots {
    static let rules =
        Showing.rules + "\n" + """
              - id: bank-learns-its-number
                effect: permit
                member: RP00000002
                floor: card-pin
                release: [customer-id]
                basis: bank contract
              - id: club-learns-its-number
                effect: permit
                member: https://club.example.jp/sp
                floor: card-pin
                release: [customer-id]
                basis: club contract
            """

    static func ask(in folder: String) throws {
        let path = folder + "/sekisho.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try #require(text.contains("unknown-certificate: make"))
        try text.replacingOccurrences(of: "unknown-certificate: make", with: "unknown-certificate: ask")
            .write(toFile: path, atomically: true, encoding: .utf8)
    }

    static func house(
        _ correspond: @escaping @Sendable (CertificateIdentity, Timestamp) async -> CorrespondenceWord = { _, _ in .silent }
    ) async throws -> House { try House(try await World.asking(), correspond: correspond) }

    static var question: OpenIDQuestion { OpenIDQuestion(Parties.bank, [("claims", claims)]) }
    static let claims = #"{"id_token":{"customer_id":null},"userinfo":{"customer_id":null}}"#
}

/// Raised by a test in the middle, for whoever answers it.
final class Flag: Sendable {
    private let state = Mutex(false)
    var isUp: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
}

extension Parties {
    /// A club that knows its members by numbers of its own, and asks for them by SAML.
    static let club = "https://club.example.jp/sp"

    static let clubFiles: [(name: String, text: String)] = [
        (
            "club.xml",
            """
            <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="\(club)">
              <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                <md:AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://club.example.jp/acs"/>
                <md:AttributeConsumingService index="0" isDefault="true">
                  <md:ServiceName xml:lang="en">Club</md:ServiceName>
                  <md:RequestedAttribute Name="urn:x-sekisho:attribute:customer-id" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"/>
                </md:AttributeConsumingService>
              </md:SPSSODescriptor>
            </md:EntityDescriptor>

            """
        ),
        ("club.yaml", member(club, "private-verifier", "見本クラブ", "points", "saml:\n  metadata: club.xml\n")),
    ]
}

extension House {
    func certificate(_ handle: String) throws -> CertificateIdentity {
        let cards = world.configuration.cards
        let der = try world.simulator.identity(handle, .user).certificate.der
        return try cards.profile.recognise(
            certificate: der, anchors: cards.anchors, allowSimulated: cards.allowSimulated, at: now
        ).identity
    }

    /// A new card of the same person, made at the counter while the old one is gone; its name.
    func successor(of handle: String) throws -> String {
        var random = SystemRandom()
        let old = try world.simulator.record(handle), name = handle + "-" + Hexadecimal.encode(random.bytes(4))
        try world.simulator.issue(
            NewCard(
                handle: name, note: old.note, citizen: old.citizen, carrier: .card, generation: 2, secrets: old.secrets, replaces: handle),
            at: now, using: &random)
        return name
    }

    /// The card is reported by its citizen.
    func block(_ handle: String) async throws {
        var random = SystemRandomNumberGenerator()
        let (subject, logout) = (try #require(try await citizen(handle)), try #require(LogoutID.fresh(using: &random)))
        let report = try #require(LossReport(of: subject, [try certificate(handle)], .stolen, by: "citizen", logout: logout, at: now))
        _ = try await store.report(report) { _ in Record("care.blocked", at: report.at) }
    }

    func citizen(_ handle: String) async throws -> SubjectID? { try await store.subject(linkedTo: certificate(handle)) }
    func links() async throws -> Int { try await store.counts()["links"] ?? 0 }

    /// The evidence of this citizen, by its kinds.
    func evidence(_ subject: SubjectID) async throws -> [String] {
        let kept = try await store.evidence(of: subject)
        let holds = kept.allSatisfy { $0.holds }
        #expect(holds)
        return try kept.map { try JSON(reading: Array($0.body.utf8))["kind"]?.string ?? "" }
    }
}

extension Browser {
    func mark(_ page: String) async throws -> String {
        let answer = try await get(page)
        return try #require(answer.between("name=\"form\" value=\"", "\""), "\(answer.text)")
    }

    /// A card that nobody is known by comes to the question; the address of the journey.
    func newcomer(_ handle: String, _ path: String = OpenIDQuestion(Parties.bank).path, terminal: String = "sekisho-app") async throws
        -> String
    {
        let journey = try await begin(path)
        let end = try await login(handle, at: journey, terminal: terminal)
        try #require(end.location == journey + "/newcomer", "\(end.location ?? end.text)")
        return journey
    }

    func answer(_ answer: String, at journey: String) async throws -> Answer {
        try await post(journey + "/newcomer", [("form", try await mark(journey + "/newcomer")), ("answer", answer)])
    }

    /// Comes for the first time, and says so; what the service gets.
    @discardableResult func first(_ handle: String, _ question: OpenIDQuestion = OpenIDQuestion(Parties.bank)) async throws -> Answer {
        let journey = try await newcomer(handle, question.path)
        let answer = try await answer("new", at: journey)
        try #require(answer.location == journey + "/continue", "\(answer.text)")
        return try await get(journey + "/continue")
    }

    /// Logs in to the page of links.
    func atLinks(_ handle: String) async throws {
        let begun = try await post("/me/login", [("page", "/me/links")])
        let end = try await login(handle, at: try #require(begun.location))
        try #require(end.location == World.base + "/me/links", "\(end.location ?? end.text)")
    }

    func press(_ door: String, _ fields: [(String, String)] = []) async throws -> Answer {
        try await post(door, [("form", try await mark("/me/links"))] + fields)
    }

    /// Shows the other card beside that of the session; the journey that asks.
    func showOther(_ handle: String) async throws -> String {
        let journey = try #require(try await press("/me/links/add").location)
        let end = try await login(handle, at: journey)
        try #require(end.location == journey + "/joining", "\(end.location ?? end.text)")
        return journey
    }

    func decide(_ journey: String, _ answer: String = "yes", _ more: [(String, String)] = []) async throws -> Answer {
        try await post(journey + "/joining", [("form", try await mark(journey + "/joining")), ("answer", answer)] + more)
    }

    /// The identifier that the bank gets.
    func subject(_ end: Answer, _ question: OpenIDQuestion) async throws -> JSON {
        let code = try #require(end.parameter("code"), "\(end.location ?? end.text)")
        let tokens = try await post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        return try question.claims(tokens, in: house.world)
    }

    /// A member's server sends a list.
    func list(_ lines: String, as client: String = Parties.bank, type: String = "application/jsonl", key: SigningKey? = nil) async throws
        -> Answer
    {
        try await send(.post, "/links", try headers(client, type, key), Array(lines.utf8))
    }

    func headers(_ client: String, _ type: String = "application/jsonl", _ key: SigningKey? = nil) throws -> HTTPFields {
        var random = SystemRandomNumberGenerator()
        let assertion = try (key ?? house.world.parties.key).signed(
            [
                "iss": .string(client), "sub": .string(client), "aud": .string(World.base + "/links"), "iat": .integer(house.now.seconds),
                "exp": .integer(house.now.seconds + 120), "jti": .string(Ticket.fresh(using: &random).text),
            ], type: "JWT")
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[try #require(HTTPField.Name("Client-Assertion"))] = assertion
        return headers
    }
}

extension Answer {
    /// The page of links, sealed to say this.
    func saysAtLinks(_ word: String) -> Bool {
        location.map { String($0.dropLast(16)) == World.base + "/me/links?done=" + word + "-" } ?? false
    }

    var lines: [JSON] { get throws { try text.split(separator: "\n").map { try JSON(reading: Array($0.utf8)) } } }
}
