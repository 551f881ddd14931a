import JOSE
import Vocabulary

/// What `jose decode` prints.
struct TokenPage {
    private let reveal: Bool
    private let now: Timestamp
    private var lines: [String] = []
    /// `exp` of the payload, believed or not.
    private var expires: Int64?

    init(reveal: Bool, now: Timestamp) {
        self.reveal = reveal
        self.now = now
    }

    var text: String { lines.joined(separator: "\n") }

    mutating func describe(_ pasted: PastedToken, _ basis: TokenBasis) {
        lines.append(
            "form        \(pasted.form == .signed ? "JWS, signed: three parts" : "JWE, encrypted: five parts"), \(pasted.text.utf8.count) octets"
        )
        for step in pasted.steps { lines.append("            \(step)") }
        if let name = pasted.name { lines.append("stood after \(Explanation.redacted(name))") }
        if pasted.others > 0 { lines.append("            and \(pasted.others) more in the same text, which are not shown") }
        let judge = TokenJudge(basis.rules)
        switch pasted.form {
        case .signed: signed(pasted.text, header: "Header")
        case .encrypted:
            encrypted(pasted.text)
            let opening = judge.opening(pasted.text)
            if let opened = opening.opened {
                lines.append("  opened with \(opened.keyID ?? "a key without a name")")
                if let inner = opened.text, TokenJudge.form(of: inner) == .signed, inner.hasPrefix("eyJ") {
                    signed(inner, header: "Header of the token inside")
                } else {
                    payload(opened.plaintext)
                }
            }
        }
        heading("What would be refused")
        lines.append("  judged      \(basis.sentence)")
        for note in basis.notes { lines.append("  note        \(Explanation.redacted(note))") }
        var rules = basis.rules
        rules.areClaimsDue = true
        verdict(TokenJudge(rules).verdict(on: pasted.text, at: now), basis)
    }

    private mutating func verdict(_ verdict: TokenVerdict, _ basis: TokenBasis) {
        guard let refusal = verdict.refusal else {
            lines.append("  accepted")
            for note in verdict.notes { lines.append("  note        \(Explanation.redacted(note))") }
            if !verdict.unchecked.isEmpty {
                lines.append("  not compared, for want of something to compare with: " + verdict.unchecked.joined(separator: ", "))
            }
            return
        }
        if refusal.layer == .key, !basis.hasKeys {
            lines.append("  its form would not be; its signature and its claims were not judged")
            if let expires, expires <= now.seconds { lines.append("  whoever signed it, it has expired") }
            return
        }
        lines.append("  refused at  \(refusal.layer.rawValue)")
        lines += ExplainedText.lines(refusal.explanation).map { "  " + $0 }
    }

    /// The parts of a JWS, read as leniently as can be: what is wrong with it comes last.
    private mutating func signed(_ token: String, header title: String) {
        let parts = token.utf8.split(separator: 0x2e, maxSplits: 3, omittingEmptySubsequences: false).map { String(Substring($0)) }
        heading(title)
        describeHeader(parts.first ?? "", .signed)
        guard parts.count > 1, let bytes = Base64url.decode(parts[1]) else {
            lines.append("  the payload is no base64url")
            return
        }
        payload(bytes)
        if let signature = parts.dropFirst(2).first {
            lines += ["", "signature   \(Base64url.decode(signature).map { "\($0.count) octets" } ?? "no base64url")"]
        }
    }

    private mutating func encrypted(_ token: String) {
        let parts = token.utf8.split(separator: 0x2e, maxSplits: 5, omittingEmptySubsequences: false).map { String(Substring($0)) }
        heading("Header")
        describeHeader(parts.first ?? "", .encrypted)
        let names = ["encrypted key", "vector", "ciphertext", "tag"]
        lines.append("")
        for (name, part) in zip(names, parts.dropFirst()) {
            lines.append("  \(name): \(Base64url.decode(part).map { "\($0.count) octets" } ?? "no base64url")")
        }
    }

    private mutating func describeHeader(_ part: String, _ form: TokenVerdict.Form) {
        guard let bytes = Base64url.decode(part), let json = try? JSON(reading: bytes), let members = json.members else {
            lines.append("  not strict JSON")
            return
        }
        for (name, value) in members {
            lines.append("  \(Explanation.redacted(name)) = \(shown(value))")
            if let meaning = TokenGuide.header(name, in: form) { lines.append("      \(meaning)") }
            if name == "typ", let type = value.string?.lowercased(), let kind = TokenGuide.type(Self.bare(type)) {
                lines.append("      \(kind)")
            }
        }
        for warning in TokenGuide.warnings(json, in: form) { lines.append("  note: \(warning)") }
    }

    private static func bare(_ type: String) -> String {
        let prefix = "application/"
        return type.hasPrefix(prefix) ? String(type.dropFirst(prefix.count)) : type
    }

    private mutating func payload(_ bytes: [UInt8]) {
        heading("Payload")
        guard let json = try? JSON(reading: bytes), let members = json.members else {
            lines.append("  \(bytes.count) octets, no JSON object")
            return
        }
        expires = json["exp"]?.integer
        for (name, value) in members {
            lines.append("  \(Explanation.redacted(name)) = \(reveal || TokenGuide.isShown(name) ? shown(value) : hidden(value))")
            let meaning = TokenGuide.claim(name)
            if ["exp", "nbf", "iat", "auth_time", "updated_at"].contains(name), let seconds = value.integer {
                lines.append("      \(moment(seconds))" + (meaning.map { ": " + $0 } ?? ""))
            } else if let meaning {
                lines.append("      \(meaning)")
            }
        }
    }

    private func moment(_ seconds: Int64) -> String {
        guard (0...253_402_300_799).contains(seconds) else { return "no date" }
        let moment = Timestamp(seconds: seconds)
        let apart = seconds - now.seconds
        let (days, rest) = (abs(apart) / 86_400, abs(apart) % 86_400)
        let length = days > 0 ? "\(days) d \(rest / 3600) h" : "\(rest / 3600) h \(rest % 3600 / 60) min \(rest % 60) s"
        return moment.text + (apart < 0 ? ", \(length) ago" : ", in \(length)")
    }

    private func shown(_ value: JSON) -> String { Explanation.redacted(value.string ?? value.text) }

    private func hidden(_ value: JSON) -> String {
        switch value {
        case .string(let text): "\(text.utf8.count) octets, not shown"
        case .array(let items): "a list of \(items.count), not shown"
        case .object(let members): "an object of \(members.count), not shown"
        default: "not shown"
        }
    }

    private mutating func heading(_ title: String) { lines += ["", title, ""] }
}
