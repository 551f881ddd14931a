package import Cryptography
package import SAML
package import Vocabulary

/// A change of our keys: asked for by a command, judged together with the whole folder, and taken back when anything is wrong then.
package struct KeyChange: Sendable {
    /// What changed, in sentences for the operator.
    package let told: [String]
    package let configuration: Configuration
}

/// What a fresh key is to be.
package struct KeyOrder: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case rsa2048, rsa3072, rsa4096, p256, p384, ed25519, x25519

        package var kind: KeyKind {
            switch self {
            case .rsa2048: .rsa(bits: 2048)
            case .rsa3072: .rsa(bits: 3072)
            case .rsa4096: .rsa(bits: 4096)
            case .p256: .ec(.p256)
            case .p384: .ec(.p384)
            case .ed25519: .ed25519
            case .x25519: .x25519
            }
        }
    }

    package let use: KeyUse
    package let kind: Kind
    package let name: String?
    package let algorithm: String?
    /// Years that the certificate around a SAML key says it is good for; few look.
    package let years: Int64

    package init(use: KeyUse, kind: Kind, name: String? = nil, algorithm: String? = nil, years: Int64 = 10) {
        self.use = use
        self.kind = kind
        self.name = name
        self.algorithm = algorithm
        self.years = years
    }
}

extension Settings {
    /// Makes a key that waits as `next`: published from the next reload on, used when it is promoted. The first change of a folder without
    /// `Keys/keys.yaml` writes down what its files' names say.
    package static func generate(
        _ order: KeyOrder, in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> KeyChange {
        let desk = try KeyDesk(folder, environment, now)
        let name = try desk.freshName(order)
        let key: PrivateKey
        var files: [(name: String, text: String, mode: Int)] = []
        var entry = KeyEntry(name: name, use: order.use, algorithm: order.algorithm)
        do {
            key = try PrivateKey.generate(order.kind.kind)
            files.append(("Keys/\(name).key.pem", String(decoding: try key.exportPEM(), as: UTF8.self), 0o600))
            entry.keyFile = name + ".key.pem"
            if order.use.hasCertificate {
                let label = desk.configuration.mode == .development ? KeyGuard.label : "Sekisho"
                let certificate = try SelfSigned.certificate(
                    for: key, commonName: label + " " + order.use.rawValue + " " + now.text.prefix(10),
                    notBefore: now.adding(seconds: -300),
                    notAfter: now.adding(seconds: order.years * 365 * 86_400))
                files.append(("Keys/\(name).crt.pem", PEM.encode(certificate, label: "CERTIFICATE"), 0o644))
                entry.publicFile = name + ".crt.pem"
            }
        } catch {
            throw .one("Keys/" + name, "keys.generate", "the key could not be made: \(error)", "try again, or another kind")
        }
        var plan = desk.plan
        plan.entries.append(entry)
        let ready =
            order.use.isPublishedAhead
            ? "it may sign after \(KeyBook.length(desk.age(order.use))) of being published"
            : "it decrypts as soon as the server has read it; promote it so that others encrypt to it"
        return try desk.put(plan, files: files, ["`\(name)` (\(order.kind.kind.text)) waits as next; " + ready])
    }

    /// Lets a key sign from `moment` on (now, when nil). Its predecessor steps back at that moment and stays published. Refused while others
    /// may not have seen the key yet, unless `early` says why that has to be.
    package static func promote(
        key name: String, from moment: Timestamp? = nil, early: String? = nil, in folder: String, environment: [String: String] = [:],
        at now: Timestamp
    ) throws(SettingsProblems) -> KeyChange {
        let desk = try KeyDesk(folder, environment, now)
        let held = try desk.held(name)
        let state = held.life.state(at: now)
        guard state == .next || (state != .revoked && held.entry.retired != nil) || (state == .retiring) else {
            throw .one(
                KeyPlanFile.name, "keys.state", "`\(name)` is \(state.rawValue)",
                "only a key that waits, or one that stepped back, is promoted")
        }
        guard held.hasPrivateKey else {
            throw .one(
                KeyPlanFile.name, "keys.no-private-key", "only the certificate of `\(name)` is here", "put its private key beside it first")
        }
        if let fault = desk.fault(of: held) {
            throw .one(KeyPlanFile.name, fault.code, "`\(name)` would sign, and cannot: \(fault.text)", fault.remedy)
        }
        let begins = moment ?? now
        guard begins >= now else {
            throw .one(KeyPlanFile.name, "keys.past", "\(begins.text) is past", "leave the moment out to promote it now")
        }
        // No copy of what we publish has a key that is gone: it begins like one that nobody ever saw. One that signed once and waits again
        // may have been gone when it was told to: before the moment that was found then it may be seen by nobody either.
        let isBack = state == .next && held.used != nil
        let isGone = isBack || state == .gone
        if held.entry.use.isPublishedAhead, early == nil, held.used == nil || isGone, desk.ledger.knows(held.entry.use) {
            let seen = (isGone ? now : held.published ?? now).adding(seconds: held.age)
            let earliest = isBack ? min(seen, held.entry.from ?? seen) : seen
            guard begins >= earliest else { throw desk.tooEarly(held, begins, earliest) }
        }
        var plan = desk.plan
        var told: [String] = []
        for index in plan.entries.indices where plan.entries[index].name == name {
            plan.entries[index].from = begins
            (plan.entries[index].retired, plan.entries[index].until, plan.entries[index].early) = (nil, nil, early)
        }
        told.append("`\(name)` signs from \(begins.text) on")
        for other in desk.configuration.keys
        where other.slot == held.slot && other.entry.name != name && other.life.state(at: begins) == .current {
            told.append(
                "`\(other.entry.name)` steps back then and stays published until "
                    + begins.adding(seconds: plan.retiring(held.entry.use)).text)
        }
        return try desk.put(plan, files: [], told)
    }

    /// Lets a key step back now though none of its family follows, or ends the publication of one that has.
    package static func retire(
        key name: String, until: Timestamp? = nil, in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> KeyChange {
        let desk = try KeyDesk(folder, environment, now)
        let held = try desk.held(name)
        let state = held.life.state(at: now)
        guard state == .current || state == .retiring else {
            throw .one(KeyPlanFile.name, "keys.state", "`\(name)` is \(state.rawValue)", "only a current or a retiring key is retired")
        }
        let stepped = state == .current ? now : held.life.succeeded ?? now
        let earliest = max(now, stepped.adding(seconds: held.floor))
        let end = until ?? (state == .current ? now.adding(seconds: desk.plan.retiring(held.entry.use)) : earliest)
        guard end >= earliest else {
            throw .one(
                KeyPlanFile.name, "keys.retiring", "what `\(name)` signed last may be read until \(earliest.text)",
                "let it be published until then; to stop a stolen key use `sekisho keys revoke`")
        }
        let pinned = desk.pinned(to: held)
        guard pinned.isEmpty else {
            throw .one(
                KeyPlanFile.name, "keys.pinned",
                "members trust this key only: " + pinned.map(\.text).joined(separator: ", "),
                "take `signing-key` out of their files when they have the new key")
        }
        var plan = desk.plan
        for index in plan.entries.indices where plan.entries[index].name == name {
            if state == .current { plan.entries[index].retired = now }
            plan.entries[index].until = end
        }
        return try desk.put(
            plan, files: [], [(state == .current ? "`\(name)` signs no more and" : "`\(name)`") + " is published until \(end.text)"])
    }

    /// Stops a key at once and for good. Where it was the one that signs and another waits, that one takes its place whether or not everybody
    /// has seen it: a stolen key is worse than a failed login. One whose token does not let it sign is passed over while another can.
    package static func revoke(
        key name: String, reason: String, in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> KeyChange {
        let desk = try KeyDesk(folder, environment, now)
        let held = try desk.held(name)
        guard held.life.revoked == nil else {
            throw .one(KeyPlanFile.name, "keys.state", "`\(name)` is revoked already", "nothing to do")
        }
        var plan = desk.plan
        var told = ["`\(name)` is revoked: it signs nothing, is published no more, and what it signed is believed by us no more"]
        for index in plan.entries.indices where plan.entries[index].name == name {
            (plan.entries[index].revoked, plan.entries[index].reason) = (now, reason)
        }
        let family = desk.configuration.keys.filter {
            $0.slot == held.slot && $0.entry.name != name && $0.life.revoked == nil && $0.hasPrivateKey
        }
        if held.life.state(at: now) == .current {
            // The newest that stepped back signs again by itself, but a key of the past is no remedy where one waits that can sign.
            let former = family.filter { $0.life.state(at: now) == .retiring }.max { ($0.life.from ?? now) < ($1.life.from ?? now) }
            let waiting = family.filter { $0.life.state(at: now) == .next }
            var able: HeldKey?
            for candidate in waiting where able == nil {
                if let fault = desk.fault(of: candidate) {
                    told.append("`\(candidate.entry.name)` waits and cannot sign at the moment: \(fault.text)")
                } else {
                    able = candidate
                }
            }
            // One that may be back soon is better than none.
            if let next = able ?? (former == nil ? waiting.first : nil) {
                for index in plan.entries.indices where plan.entries[index].name == next.entry.name {
                    plan.entries[index].from = now
                    if desk.ledger.knows(held.entry.use), next.used == nil,
                        next.usableFrom.map({ $0 > now }) ?? true, held.entry.use.isPublishedAhead
                    {
                        plan.entries[index].early = "\(name) was revoked: " + reason
                    }
                }
                told.append(
                    "`\(next.entry.name)` signs from now on; members that have not seen it refuse our answers until they fetch anew")
            } else if let former {
                told.append("`\(former.entry.name)`, which had stepped back, signs again")
            }
        }
        told.append("tell the members: nothing makes them forget a key but a new copy of our metadata")
        return try desk.put(plan, files: [], told)
    }

    /// Removes a key that does nothing any more, with its files.
    package static func remove(
        key name: String, in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> KeyChange {
        let desk = try KeyDesk(folder, environment, now)
        let held = try desk.held(name)
        let state = held.life.state(at: now)
        guard state == .gone || state == .revoked || (state == .next && held.entry.from == nil) else {
            throw .one(
                KeyPlanFile.name, "keys.state", "`\(name)` is \(state.rawValue)",
                "only a key that is gone, revoked or waiting without a date")
        }
        var plan = desk.plan
        plan.entries.removeAll { $0.name == name }
        let files = [held.entry.keyFile, held.entry.publicFile].compactMap(\.self).map { "Keys/" + $0 }
        var told = ["`\(name)` and its files are removed"]
        if let token = held.entry.token { told.append("what is in the token stays there: " + token.text) }
        return try desk.put(plan, files: [], removing: files, told)
    }

    /// In which order the KeyDescriptors of our metadata stand.
    package static func order(
        keys order: SigningKeys.Order, in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> KeyChange {
        let desk = try KeyDesk(folder, environment, now)
        var plan = desk.plan
        plan.order = order
        return try desk.put(plan, files: [], ["KeyDescriptors stand \(order.rawValue)"])
    }
}
