import Cryptography
import Foundation
import SAML
import TrustFramework
import Vocabulary

/// Where changes of keys are made: the folder as it is, and the way to put something else in its place or leave it as it was.
struct KeyDesk {
    let configuration: Configuration
    var plan: KeyPlan
    let ledger: KeyLedger
    private let environment: [String: String]
    private let now: Timestamp

    init(_ folder: String, _ environment: [String: String], _ now: Timestamp) throws(SettingsProblems) {
        configuration = try Settings.load(folder, environment: environment, tokens: .lenient, at: now)
        plan = configuration.keyPlan
        ledger = KeyLedger(at: configuration.keyLedgerPath)
        self.environment = environment
        self.now = now
    }

    func held(_ name: String) throws(SettingsProblems) -> HeldKey {
        if let held = configuration.keys.first(where: { $0.entry.name == name }) { return held }
        let near = Suggestion.nearest(to: name, among: configuration.keys.map(\.entry.name))
        throw .one(
            KeyPlanFile.name, "keys.unknown", "there is no key `\(Explanation.redacted(name))`",
            near.map { "did you mean `\($0)`?" } ?? "`sekisho keys list` shows them all")
    }

    /// What keeps a token's key from doing what it is for; asked now, also of one that only has to be published at the moment.
    func fault(of held: HeldKey) -> TokenFault? {
        guard let uri = held.entry.token else { return nil }
        let tokens = TokenKeys(plan.tokens, environment)
        switch tokens.key(uri, for: held.entry.use) {
        case .success(let key): return tokens.fault(PrivateKey(key, publicKey: held.publicKey))
        case .failure: return .pinMissing
        }
    }

    func age(_ use: KeyUse) -> Int64 {
        configuration.keys.first { $0.entry.use == use }?.age ?? configuration.identityProvider.lifetimes.metadataCache
    }

    /// `saml-signing-2026-11-21`, with a number behind it when there are several of a day.
    func freshName(_ order: KeyOrder) throws(SettingsProblems) -> String {
        let taken = Set(plan.entries.map(\.name))
        if let name = order.name {
            guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy({ $0.isBase64url }), !taken.contains(name) else {
                throw .one(
                    KeyPlanFile.name, "keys.name", "`\(Explanation.redacted(name))` is taken, or is no name",
                    "use letters, digits and hyphens")
            }
            return name
        }
        let stem =
            order.use.rawValue.replacingOccurrences(of: "openid-signing", with: "openid")
            + (order.algorithm.map { "-" + $0.lowercased() } ?? "") + "-" + now.text.prefix(10)
        return ([stem] + (2...99).map { "\(stem)-\($0)" }).first { !taken.contains($0) } ?? stem
    }

    func tooEarly(_ key: HeldKey, _ begins: Timestamp, _ earliest: Timestamp) -> SettingsProblems {
        let since = key.published.map { "is published only since " + $0.text } ?? "has not been published yet: no server has read it"
        let shown = key.life.state(at: now) == .gone ? "is published no more" : since
        return .one(
            KeyPlanFile.name, "keys.publish-before-use",
            "`\(key.entry.name)` \(shown); others may keep what we publish for \(KeyBook.length(key.age)), and would refuse what it signs",
            "promote it at \(earliest.text) or later (`--from \(earliest.text)`); after a compromise say why it cannot wait: `--early REASON`"
        )
    }

    /// Members whose file names this key as the only one they trust.
    func pinned(to key: HeldKey) -> [MemberID] {
        guard let fingerprint = key.fingerprint else { return [] }
        return configuration.federation.members.map(\.id).filter {
            configuration.federation.serviceProvider($0)?.signingWish.pin == fingerprint
        }
    }

    /// Writes files and plan, reads everything again, and takes all of it back when something is wrong then.
    func put(
        _ plan: KeyPlan, files: [(name: String, text: String, mode: Int)], removing: [String] = [], _ told: [String]
    ) throws(SettingsProblems) -> KeyChange {
        let folder = Folder(configuration.folder, findings: Findings())
        let writer = FolderWriter(path: configuration.folder)
        let before = folder.bytes(KeyPlanFile.name, limit: Folder.yaml, required: false)
        var written = plan
        written.isWritten = true
        // Retired by the name of its file, it had no end; from now on it has one.
        for index in written.entries.indices where !plan.isWritten && written.entries[index].retired != nil {
            written.entries[index].until = now.adding(seconds: plan.retiring(written.entries[index].use))
        }
        for file in files { try writer.write(Array(file.text.utf8), to: file.name, mode: file.mode) }
        func takeBack() {
            for file in files { writer.remove(file.name) }
            if let before { try? writer.replace(KeyPlanFile.name, with: before) } else { writer.remove(KeyPlanFile.name) }
        }
        var kept: [(name: String, bytes: [UInt8])] = []
        do {
            try writer.replace(KeyPlanFile.name, with: Array(KeyPlanFile.text(of: written).utf8))
            for name in removing {
                if let bytes = folder.bytes(name, limit: Folder.key, required: false) { kept.append((name, bytes)) }
                writer.remove(name)
            }
            return KeyChange(told: told, configuration: try Settings.load(folder.path, environment: environment, tokens: .lenient, at: now))
        } catch {
            for file in kept { try? writer.write(file.bytes, to: file.name, mode: 0o600) }
            takeBack()
            throw error
        }
    }
}
