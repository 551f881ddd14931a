import Cryptography
import Vocabulary
import XML
import XMLSecurity

/// Judges a Response as a service provider has to (SAML Profiles §4.1.4.3), stage by stage. Whatever is read after the signature stage is
/// read through the signed view; where two readings were possible, the message is refused.
struct ResponseJudge {
    let rules: JudgeRules
    let now: Timestamp
    var verified: [VerifiedPart] = []
    var unchecked: [String] = []
    var notes: [String] = []
    var content = JudgedContent()

    init(_ rules: JudgeRules, at now: Timestamp) {
        self.rules = rules
        self.now = now
    }

    private static let parts: [(name: XMLName, most: Int)] = [
        (.assertion("Issuer"), 1), (.signature("Signature"), 1), (.protocol("Extensions"), 1), (.protocol("Status"), 1),
        (.assertion("Assertion"), 64), (.assertion("EncryptedAssertion"), 64),
    ]

    /// `covered` by the signature of a message around it.
    mutating func judge(_ root: XMLElement, covered: Bool = false) throws(JudgeRefusal) {
        try Self.refuseStrangeSignatures(in: root)
        try JudgeReader.envelope(root)
        let sent = try JudgeReader.children(root, Self.parts)
        guard !rules.keys.isEmpty else { throw .nobodyTrusted }
        let response = try signed(root)
        let isSigned = response != nil
        let parts = response == nil ? sent : try JudgeReader.children(response ?? root, Self.parts)
        try issued(response ?? root, "Response")

        if let issuer = parts["Issuer"]?.first { try compare(issuer: try JudgeReader.issuer(issuer)) }
        // SAML Profiles §4.1.4.2: must be there when the Response is signed or its assertion encrypted.
        let needsIssuer = isSigned || parts["EncryptedAssertion"] != nil
        if parts["Issuer"] == nil, needsIssuer, rules.depth == .full { throw .malformed("Response", "no Issuer") }
        if rules.depth == .full { try destination(response ?? root, isSigned: isSigned) }
        try status(parts)

        let plain = parts["Assertion"] ?? []
        let hidden = parts["EncryptedAssertion"] ?? []
        guard plain.count + hidden.count == 1 else { throw .assertions(plain.count + hidden.count) }
        var assertion: XMLElement
        if let first = plain.first {
            assertion = first
        } else {
            guard let opened = try open(hidden, isSigned: isSigned || covered) else { return }
            assertion = opened
        }
        content.wasEncrypted = plain.isEmpty
        try JudgeReader.envelope(assertion)
        let inner = try signed(assertion, wasEncrypted: plain.isEmpty)
        try cover(response: isSigned || covered, assertion: inner != nil)
        if let inner { assertion = inner }
        try issued(assertion, "Assertion")
        try AssertionJudge.judge(assertion, &self)
    }

    /// Signatures stand under the message or under its assertion; one anywhere else signs something that we would not read, and passing it
    /// over would treat a wrapped message as an honest one (checklist A1, A4).
    static func refuseStrangeSignatures(in root: XMLElement) throws(JudgeRefusal) {
        try root.forEachInSubtree { (element) throws(JudgeRefusal) in
            guard element.isNamed(.signature("Signature")) else { return }
            guard let parent = element.parent else { throw .strangeSignature("nothing") }
            if parent.isSame(as: root) { return }
            guard parent.isNamed(.assertion("Assertion")), parent.parent?.isSame(as: root) == true else {
                throw .strangeSignature(parent.name.local)
            }
        }
    }

    /// The signed view of `element`; nil when it has no signature of its own.
    mutating func signed(_ element: XMLElement, wasEncrypted: Bool = false) throws(JudgeRefusal) -> XMLElement? {
        guard let signature = element.child(.signature("Signature")) else { return nil }
        let proven: SignedElement
        do {
            proven = try EnvelopedSignature.verify(element, keys: rules.keys, allowed: rules.algorithms)
        } catch {
            throw .signature(error, of: element.name.local)
        }
        verified.append(VerifiedPart(proven, signature: signature, wasEncrypted: wasEncrypted))
        return proven.element
    }

    private func cover(response: Bool, assertion: Bool) throws(JudgeRefusal) {
        let isEnough =
            switch rules.coverage {
            case .either: response || assertion
            case .response: response
            case .assertion: assertion
            case .both: response && assertion
            }
        guard isEnough else { throw .unsigned(response ? "Assertion" : "Response", wanted: rules.coverage.rawValue) }
    }

    /// Nil when only signatures are judged and no key opens it.
    private mutating func open(_ hidden: [XMLElement], isSigned: Bool) throws(JudgeRefusal) -> XMLElement? {
        guard let element = hidden.first else { return nil }
        if rules.decryptionKeys.isEmpty, rules.depth == .signature, isSigned {
            try cover(response: true, assertion: false)
            notes.append("EncryptedAssertion: no decryption key was given, so its content was not judged")
            return nil
        }
        let opened: XMLElement
        do {
            opened = try XMLEncryption.decrypt(
                element, with: rules.decryptionKeys, allowing: rules.ciphers, limits: rules.limits.xml
            ).root
        } catch {
            throw .encryption(error)
        }
        guard opened.isNamed(.assertion("Assertion")) else { throw .malformed("EncryptedAssertion", opened.name.local) }
        // Signatures inside an assertion that came encrypted are held to the same rule.
        try opened.forEachInSubtree { (inside) throws(JudgeRefusal) in
            guard inside.isNamed(.signature("Signature")) else { return }
            guard inside.parent?.isSame(as: opened) == true else { throw .strangeSignature(inside.parent?.name.local ?? "nothing") }
        }
        return opened
    }

    // MARK: Comparisons

    /// IssueInstant must be a moment and may not lie in the future; age is what the conditions say.
    func issued(_ element: XMLElement, _ what: String) throws(JudgeRefusal) {
        let text = element.attribute("IssueInstant") ?? ""
        guard let moment = Lexical.moment(text) else { throw .malformed(what + " IssueInstant", text.isEmpty ? "absent" : text) }
        guard rules.depth == .full, moment > now.adding(seconds: rules.skew) else { return }
        throw .issuedInFuture(text, now: now)
    }

    mutating func compare(issuer: String) throws(JudgeRefusal) {
        guard let expected = rules.issuer else { return skip("issuer") }
        guard issuer.hasSameBytes(as: expected) else { throw .issuer(issuer, expected: expected) }
    }

    /// SAML Core §3.2.2; Bindings §3.5.5.2: must be there when the message is signed.
    private mutating func destination(_ root: XMLElement, isSigned: Bool) throws(JudgeRefusal) {
        let sent = root.attribute("Destination")
        if let expected = rules.address {
            if let sent {
                guard sent.hasSameBytes(as: expected) else { throw .destination(sent, expected: expected) }
            } else if isSigned {
                throw .destination(nil, expected: expected)
            }
        } else {
            skip("acs")
        }
        let answered = root.attribute("InResponseTo")
        try compare(inResponseTo: answered)
    }

    mutating func compare(inResponseTo sent: String?) throws(JudgeRefusal) {
        if let expected = rules.inResponseTo {
            guard sent.map({ $0.hasSameBytes(as: expected) }) == true else { throw .inResponseTo(sent, expected: expected) }
        } else if rules.isUnsolicited {
            guard sent == nil else { throw .inResponseTo(sent, expected: nil) }
        } else {
            skip("in_response_to")
        }
    }

    func status(_ parts: [String: [XMLElement]]) throws(JudgeRefusal) {
        guard let status = parts["Status"]?.first, let code = status.child(.protocol("StatusCode")),
            status.children(.protocol("StatusCode")).count == 1
        else { throw .malformed("Status", "absent or without one StatusCode") }
        let value = code.attribute("Value") ?? ""
        guard value == SAMLStatus.prefix + "Success" else {
            if parts["Assertion"] != nil { throw .contentBesideFailure("Assertion") }
            if parts["EncryptedAssertion"] != nil { throw .contentBesideFailure("EncryptedAssertion") }
            throw .status(value, second: code.child(.protocol("StatusCode"))?.attribute("Value"))
        }
    }

    mutating func skip(_ what: String) {
        if !unchecked.contains(what) { unchecked.append(what) }
    }
}

extension VerifiedPart {
    /// `signature` is the one that `proven` was made from.
    init(_ proven: SignedElement, signature: XMLElement, wasEncrypted: Bool) {
        let information = signature.child(.signature("SignedInfo"))
        let reference = information?.child(.signature("Reference"))
        self.init(
            element: proven.element.name.local, id: proven.element.attribute("ID") ?? "",
            digestMethod: reference?.child(.signature("DigestMethod"))?.attribute("Algorithm") ?? "",
            digest: Lexical.trimmed(reference?.child(.signature("DigestValue"))?.text ?? ""),
            algorithm: information?.child(.signature("SignatureMethod"))?.attribute("Algorithm") ?? "", key: proven.key,
            wasEncrypted: wasEncrypted, isQuery: false)
    }
}
