import Cryptography
import Foundation
import HTTPTypes
import SQLiteStores
import Settings
import SignOn
import Synchronization
import Testing
import TrustFramework
import Vocabulary
import Web

/// A deployment folder of its own with officers in it, and a house that serves it as the roof does: what the console writes is read again.
final class ConsoleHouse: Sendable {
    let house: House
    let folder: String
    /// What the console wanted done with versions of the policy.
    let orders = Orders()

    init(trust: JSON? = nil, limited store: Bool = false) async throws {
        let shared = try await World.shared()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("sekisho-console-" + UUID().uuidString).path
        try FileManager.default.copyItem(atPath: shared.configuration.folder, toPath: folder)
        let state = folder + "/State"
        if !FileManager.default.fileExists(atPath: state) {
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        }
        let configuration = try Settings.load(folder, at: World.now)
        _ = try ConsoleSeal.ensure(in: folder, beside: configuration.store.path)
        let world = World(
            simulator: shared.simulator, configuration: try Settings.load(folder, at: World.now), lists: shared.lists,
            parties: shared.parties)
        let folder = folder, orders = orders
        house = try House(
            world, refresh: { _, now in .good(.ocsp, at: now) },
            console: { published, store in
                var feeds = ConsoleFeeds()
                feeds.store = store
                feeds.attest = { kind, digest, reason, officer, console, now throws(OfficerRefusal) in
                    guard let seal = ConsoleSeal(beside: published.current.store.path) else { throw .key }
                    return try seal.attested(kind, digest: digest, reason: reason, by: officer, at: console, now)
                }
                feeds.reload = {
                    guard let loaded = try? Settings.load(folder, at: World.now) else { return false }
                    published.replace(loaded)
                    return true
                }
                feeds.trust = { trust }
                feeds.rehearse = { settings, member, now in try Rehearsing.party(for: member, settings, at: now) }
                feeds.deadlines = { published.current.deadlines() }
                feeds.draft = { try Settings.load(folder, tokens: .none, policies: .folder, at: World.now).policies.bundle }
                feeds.activate = { order in
                    orders.add(order)
                    return orders.problems
                }
                feeds.explain = { sequence, _ in DecisionExplained(lines: ["explained \(sequence)"], trouble: nil) }
                return feeds
            })
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Reads the folder again, as the server does when somebody changed it.
    func reload() async throws { #expect(await house.platform.console.reload(), "the folder is wrong") }

    func write(_ name: String, _ text: String) throws {
        let path = folder + "/" + name
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: folder + "/" + name, encoding: .utf8) }

    /// An officer's file; `card` nil: awaited.
    func officer(
        _ id: String, _ roles: [OfficerRole], card: SubjectID? = nil, member: String? = nil, more: String = "",
        until: String = "2027-03-31"
    ) throws {
        var text = "name: \(id)\nroles: [\(roles.map(\.rawValue).joined(separator: ", "))]\nnot-before: 2026-01-01\nnot-after: \(until)\n"
        if let member { text += "member: \(member)\n" }
        text += more + "card:\n  subject: \(card?.text ?? "awaited")\n"
        try write("Keys/officers/\(id).yaml", text)
    }

    /// A browser whose citizen logged in at the console with this card.
    func browser(_ card: String) async throws -> Browser {
        let browser = Browser(house)
        let begun = try await browser.post("/console/login")
        let end = try await browser.login(card, at: try #require(begun.location))
        #expect(end.location == World.base + "/console")
        return browser
    }

    /// The mark of this browser's login, where no page shows a form with it.
    func mark(_ browser: Browser) throws -> String {
        Base64url.encode(Ticket.digest(of: "console " + (try #require(browser.sessionCookie))))
    }

    func subject(_ browser: Browser) async throws -> SubjectID {
        let cookie = try #require(browser.sessionCookie)
        let session = try await house.store.session(try #require(SessionID(Ticket.digest(of: cookie))), at: house.now)
        return try #require(session).subject
    }

    /// An officer who is here with these roles.
    func officer(_ id: String, _ card: String, _ roles: [OfficerRole], member: String? = nil) async throws -> Browser {
        let browser = try await browser(card)
        try officer(id, roles, card: try await subject(browser), member: member)
        try await reload()
        return browser
    }

    final class Orders: Sendable {
        private let kept = Mutex<[PolicyOrder]>([])
        func add(_ order: PolicyOrder) { kept.withLock { $0.append(order) } }
        var all: [PolicyOrder] { kept.withLock { $0 } }
        private let failing = Mutex<[Problem]>([])
        func fail(with problems: [Problem]) { failing.withLock { $0 = problems } }
        var problems: [Problem] { failing.withLock { $0 } }
    }
}

extension Answer {
    /// The value of the forms' hidden mark on this page.
    func mark() throws -> String { try #require(between("name=\"mark\" value=\"", "\"")) }
}
