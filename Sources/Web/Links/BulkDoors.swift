import HTTPTypes
import Hummingbird
import NIOCore
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// A member brings the numbers of its customers, a line of JSON for each; every one waits for its citizen's yes. What was taken of a list
/// that was cut off stays taken, and the same list again changes nothing.
extension Platform {
    /// Lines of one request. A longer list comes in several.
    static let mostLines = 20_000
    /// Lines of one commit: few, since citizens who log in wait for it.
    static let linesAtOnce = 100
    /// Bytes of one request.
    static let longestList = 8 << 20

    /// `POST /links`, `Content-Type: application/jsonl`: lines `{"customer": "A-1", "sub": "…"}`, `{"customer": "A-2"}` for one who gets a
    /// code, `{"customer": "A-3", "end": true}`; `"again": true` where a link was ended before. Answers with a line for each, in order.
    func linkList(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        var named: MemberID?
        do {
            guard Self.isList(request) else { return Self.refusal(Self.notAList, .unsupportedMediaType) }
            let member = try await caller(request, context, settings, naming: &named, at: now)
            let terms = ProposalTerms(member: member.id, sector: member.sector, codeLifetime: settings.links.codeLifetime)
            var reader = LineReader(longest: LinkLine.longest)
            var answer: [UInt8] = []
            var waiting: [LinkLine] = []
            var (lines, bytes) = (0, 0)
            func take() async throws {
                answer += try await taken(waiting, terms, at: now)
                waiting.removeAll(keepingCapacity: true)
            }
            func add(_ line: [UInt8]) async throws -> Bool {
                lines += 1
                waiting.append(LinkLine(line))
                if waiting.count == Self.linesAtOnce { try await take() }
                return lines <= Self.mostLines
            }
            // Whose fault an error is: ours while a piece is taken, the peer's while the next is awaited.
            var isTaking = false
            do {
                for try await chunk in request.body {
                    isTaking = true
                    bytes += chunk.readableBytes
                    guard bytes <= Self.longestList else { return Self.refusal(Self.listTooLong, .contentTooLarge) }
                    for line in reader.take(Array(chunk.readableBytesView)) {
                        guard try await add(line) else { return Self.refusal(Self.listTooLong, .contentTooLarge) }
                    }
                    isTaking = false
                }
            } catch {
                throw isTaking ? error : Request.broken(error)
            }
            for line in reader.end() {
                guard try await add(line) else { return Self.refusal(Self.listTooLong, .contentTooLarge) }
            }
            try await take()
            return Answer.bytes(answer, type: Self.listType)
        } catch let refusal as TokenRefusal {
            return try await refused(refusal, named, door: "links", at: now)
        }
    }

    /// `GET /links?after=CUSTOMER`: the member's own, 1,000 at a time, in the order of customers.
    func listedLinks(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        var named: MemberID?
        do {
            let member = try await caller(request, context, settings, naming: &named, at: now)
            let after = (try? FormParameters(Array(request.rawQuery.utf8)))?["after"].flatMap { CustomerID($0) }
            let links = try await stores.customerLinks(of: member.id, after: after, limit: 1_000)
            return Answer.bytes(links.flatMap { LinkLine.json($0).bytes + [0x0a] }, type: Self.listType)
        } catch let refusal as TokenRefusal {
            return try await refused(refusal, named, door: "links", at: now)
        }
    }

    private func taken(_ lines: [LinkLine], _ terms: ProposalTerms, at now: Timestamp) async throws -> [UInt8] {
        guard !lines.isEmpty else { return [] }
        let outcomes = try await stores.propose(
            lines.compactMap(\.proposal), under: terms, recording: { LinkLine.record($0, of: terms.member, by: "member", at: now) }, at: now
        )
        var rest = outcomes[...]
        return lines.flatMap { line in line.answer(line.proposal == nil ? nil : rest.popFirst()).bytes + [0x0a] }
    }

    /// Who asks proves it as at the token endpoint: by Basic or a certificate, or by an assertion in a header, since the body is no form.
    private func caller(
        _ request: Request, _ context: DoorContext, _ settings: Configuration, naming named: inout MemberID?, at now: Timestamp
    ) async throws -> Member {
        let form = try FormParameters(body: Self.credentials(request))
        let endpoint = settings.baseURL + "/links"
        named = (try? UnverifiedClient(form, request.evidence(at: endpoint, context)))?.clientID
        let client = try await authenticated(form, request, context, endpoint: endpoint, settings, at: now)
        guard let member = settings.federation.member(client.clientID) else { throw TokenRefusal.noMember(client.clientID) }
        try require(client.client, settings, at: now)
        return member
    }

    private static func credentials(_ request: Request) -> [UInt8] {
        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }
        var fields: [(String, String)] = []
        if let client = header("Client-Id") { fields.append(("client_id", client)) }
        if let assertion = header("Client-Assertion") {
            fields.append(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"))
            fields.append(("client_assertion", assertion))
        }
        return Array(fields.map { $0.0 + "=" + PercentEncoding.encode($0.1) }.joined(separator: "&").utf8)
    }

    private static let listType = "application/jsonl"

    private static func isList(_ request: Request) -> Bool {
        let type = mediaType(request)
        return type == listType || type == "application/x-ndjson"
    }

    private static let notAList = Explanation(
        "link.list.content-type", "the list is no application/jsonl", clause: "docs/protocols/links.md",
        remedy: "send a line of JSON for each customer, and Content-Type: application/jsonl")
    private static let listTooLong = Explanation(
        "link.list.too-long", "the list has more than 20,000 lines or 8 MiB; what came before that was taken",
        clause: "docs/protocols/links.md",
        remedy: "send it in parts; what was sent before may be sent again")
}
