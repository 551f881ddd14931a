import Vocabulary
import XML
import XMLSecurity

/// Judges the one assertion of a Response. `assertion` is the signed view, or stands inside one.
enum AssertionJudge {
    private static let head: [XMLName] = [
        .assertion("Issuer"), .signature("Signature"), .assertion("Subject"), .assertion("Conditions"), .assertion("Advice"),
    ]
    private static let statements: [XMLName] = [
        .assertion("AuthnStatement"), .assertion("AttributeStatement"), .assertion("AuthzDecisionStatement"), .assertion("Statement"),
    ]
    private static let authenticationParts: [(name: XMLName, most: Int)] = [
        (.assertion("SubjectLocality"), 1), (.assertion("AuthnContext"), 1),
    ]
    private static let contextParts: [(name: XMLName, most: Int)] = [
        (.assertion("AuthnContextClassRef"), 1), (.assertion("AuthnContextDecl"), 1), (.assertion("AuthnContextDeclRef"), 1),
        (.assertion("AuthenticatingAuthority"), 64),
    ]

    static func judge(_ assertion: XMLElement, _ judge: inout ResponseJudge) throws(JudgeRefusal) {
        try JudgeReader.refuseStrayText(in: assertion)
        let children = assertion.children
        let split = children.firstIndex { child in statements.contains { child.isNamed($0) } } ?? children.count
        var parts: [String: XMLElement] = [:]
        var place = 0
        for child in children[..<split] {
            guard let index = head.indices.first(where: { $0 >= place && child.isNamed(head[$0]) }) else {
                throw .malformed("Assertion", child.name.local)
            }
            place = index + 1
            parts[child.name.local] = child
        }
        for child in children[split...] where !statements.contains(where: { child.isNamed($0) }) {
            throw .malformed("Assertion", child.name.local)
        }
        guard let issuer = parts["Issuer"] else { throw .malformed("Assertion", "no Issuer") }
        let named = try JudgeReader.issuer(issuer)
        try judge.compare(issuer: named)
        judge.content.issuer = named
        judge.content.assertion = assertion.attribute("ID") ?? ""
        try conditions(parts["Conditions"], &judge)
        try subject(parts["Subject"], &judge)
        try authentication(children[split...].filter { $0.isNamed(statements[0]) }, &judge)
        for statement in children[split...] where statement.isNamed(statements[1]) { try attributes(statement, &judge) }
    }

    // MARK: Subject

    private static func subject(_ subject: XMLElement?, _ judge: inout ResponseJudge) throws(JudgeRefusal) {
        guard let subject else {
            guard judge.rules.depth == .signature else { throw .subject("no Subject") }
            return
        }
        try JudgeReader.refuseStrayText(in: subject)
        var confirmations: [XMLElement] = []
        for child in subject.children {
            if child.isNamed(.assertion("NameID")) || child.isNamed(.assertion("EncryptedID")) {
                guard judge.content.name == nil, confirmations.isEmpty else { throw .malformed("Subject", child.name.local) }
                judge.content.name = try name(child, &judge)
            } else if child.isNamed(.assertion("SubjectConfirmation")) {
                try JudgeReader.refuseStrayText(in: child)
                confirmations.append(child)
            } else {
                throw .malformed("Subject", child.name.local)
            }
        }
        guard judge.rules.depth == .full else { return }
        let isNamed = judge.content.name.map { !$0.value.isEmpty } ?? judge.rules.mayBeUnnamed
        guard isNamed else { throw .subject("no NameID") }
        var last = JudgeRefusal.confirmation("SubjectConfirmation", "absent", expected: Confirmation.bearer)
        for confirmation in confirmations.prefix(16) {
            do throws(JudgeRefusal) {
                try self.confirmation(confirmation, &judge)
                return
            } catch { last = error }
        }
        throw last
    }

    /// `element` is a NameID or an EncryptedID.
    private static func name(_ element: XMLElement, _ judge: inout ResponseJudge) throws(JudgeRefusal) -> JudgedName? {
        var element = element
        if element.isNamed(.assertion("EncryptedID")) {
            guard !judge.rules.decryptionKeys.isEmpty || judge.rules.depth == .full else {
                judge.notes.append("EncryptedID: no decryption key was given")
                return nil
            }
            do {
                element = try XMLEncryption.decrypt(
                    element, with: judge.rules.decryptionKeys, allowing: judge.rules.ciphers, limits: judge.rules.limits.xml
                ).root
            } catch { throw .encryption(error) }
            guard element.isNamed(.assertion("NameID")) else { throw .malformed("EncryptedID", element.name.local) }
        }
        if judge.rules.depth == .full, let qualifier = element.attribute("SPNameQualifier"), let audience = judge.rules.audience {
            // Core §8.3.7: a name for another service provider is nobody here. An affiliation would be named by its own entityID.
            guard qualifier.hasSameBytes(as: audience) else { throw .subject("SPNameQualifier is " + Explanation.redacted(qualifier)) }
        }
        return JudgedName(
            value: try JudgeReader.text(element), format: element.attribute("Format"), nameQualifier: element.attribute("NameQualifier"),
            spNameQualifier: element.attribute("SPNameQualifier"))
    }

    /// SAML Profiles §4.1.4.2: one bearer confirmation has to hold in all its parts.
    private static func confirmation(_ element: XMLElement, _ judge: inout ResponseJudge) throws(JudgeRefusal) {
        let method = element.attribute("Method") ?? ""
        guard method == Confirmation.bearer else { throw .confirmation("Method", method, expected: Confirmation.bearer) }
        let found = element.children(.assertion("SubjectConfirmationData"))
        guard let data = found.first, found.count == 1 else {
            throw .confirmation("SubjectConfirmationData", found.isEmpty ? "absent" : "twice", expected: "one")
        }
        let rules = judge.rules
        let recipient = data.attribute("Recipient")
        if let expected = rules.address {
            guard recipient.map({ $0.hasSameBytes(as: expected) }) == true else {
                throw .confirmation("Recipient", recipient ?? "absent", expected: expected)
            }
        } else {
            guard recipient != nil else { throw .confirmation("Recipient", "absent", expected: "an address") }
            judge.skip("acs")
        }
        if let begin = data.attribute("NotBefore") { throw .confirmation("NotBefore", begin, expected: "absent") }
        let end = data.attribute("NotOnOrAfter") ?? ""
        guard let moment = Lexical.moment(end) else {
            throw .confirmation("NotOnOrAfter", end.isEmpty ? "absent" : end, expected: "a moment")
        }
        guard judge.now < moment.adding(seconds: rules.skew) else {
            throw .confirmation("NotOnOrAfter", end, expected: "after " + judge.now.text)
        }
        let answered = data.attribute("InResponseTo")
        if let expected = rules.inResponseTo {
            // Absent is what an unsolicited assertion has, and nobody could tell it from one that was stolen.
            guard answered.map({ $0.hasSameBytes(as: expected) }) == true else {
                throw .confirmation("InResponseTo", answered ?? "absent", expected: expected)
            }
        } else if rules.isUnsolicited, let answered {
            throw .confirmation("InResponseTo", answered, expected: "absent")
        }
    }

    // MARK: Conditions

    private static func conditions(_ conditions: XMLElement?, _ judge: inout ResponseJudge) throws(JudgeRefusal) {
        guard let conditions else {
            guard judge.rules.depth == .signature else { throw .condition("Conditions absent") }
            return
        }
        try JudgeReader.refuseStrayText(in: conditions)
        judge.content.notBefore = conditions.attribute("NotBefore")
        judge.content.notOnOrAfter = conditions.attribute("NotOnOrAfter")
        var restricted = false
        for child in conditions.children {
            if child.isNamed(.assertion("AudienceRestriction")) {
                try JudgeReader.refuseStrayText(in: child)
                restricted = true
                var audiences: [String] = []
                for audience in child.children {
                    guard audience.isNamed(.assertion("Audience")) else { throw .malformed("AudienceRestriction", audience.name.local) }
                    audiences.append(try JudgeReader.text(audience))
                }
                judge.content.audiences += audiences
                guard judge.rules.depth == .full else { continue }
                guard let expected = judge.rules.audience else {
                    judge.skip("audience")
                    continue
                }
                // Each restriction has to hold (Core §2.5.1.4).
                guard audiences.contains(where: { $0.hasSameBytes(as: expected) }) else { throw .audience(audiences, expected: expected) }
            } else if child.isNamed(.assertion("OneTimeUse")) || child.isNamed(.assertion("ProxyRestriction")) {
                let count = conditions.children(child.name).count
                guard count == 1 else { throw .condition(child.name.local + " \(count) times") }
                if child.name.local == "OneTimeUse" { judge.notes.append("OneTimeUse: do not keep or use the assertion again") }
            } else {
                throw .condition(child.name.local)
            }
        }
        guard judge.rules.depth == .full else { return }
        guard restricted else { throw .audience([], expected: judge.rules.audience ?? "an AudienceRestriction") }
        try window(conditions, judge)
    }

    private static func window(_ conditions: XMLElement, _ judge: ResponseJudge) throws(JudgeRefusal) {
        let begin = try moment("NotBefore", of: conditions)
        let end = try moment("NotOnOrAfter", of: conditions)
        // Core §2.5.1.2: NotBefore is the earlier of the two.
        if let begin, let end, begin >= end { throw .malformed("Conditions", "NotBefore \(begin.text), NotOnOrAfter \(end.text)") }
        let (now, skew) = (judge.now, judge.rules.skew)
        if let begin, now < begin.adding(seconds: -skew) { throw .notYet("Conditions NotBefore", begin.text, now: now) }
        if let end, now >= end.adding(seconds: skew) { throw .expired("Conditions NotOnOrAfter", end.text, now: now) }
    }

    /// Nil where there is none.
    private static func moment(_ name: String, of element: XMLElement) throws(JudgeRefusal) -> Timestamp? {
        guard let text = element.attribute(name) else { return nil }
        guard let moment = Lexical.moment(text) else { throw .malformed(element.name.local + " " + name, text) }
        return moment
    }

    // MARK: Statements

    /// Told is what the first statement says; each has to hold, because readers take the first, the last or any (checklist A9).
    private static func authentication(_ statements: [XMLElement], _ judge: inout ResponseJudge) throws(JudgeRefusal) {
        guard let first = statements.first else {
            guard judge.rules.depth == .signature else { throw .statement("no AuthnStatement") }
            return
        }
        judge.content.sessionIndex = first.attribute("SessionIndex")
        judge.content.authenticatedAt = first.attribute("AuthnInstant")
        var classes: [String?] = []
        for statement in statements { classes.append(try contextClass(of: statement, judge.rules.depth)) }
        judge.content.context = classes.first ?? nil
        guard judge.rules.depth == .full else { return }
        let (now, skew) = (judge.now, judge.rules.skew)
        for statement in statements {
            guard let instant = Lexical.moment(statement.attribute("AuthnInstant") ?? "") else {
                throw .statement("AuthnInstant is no moment")
            }
            guard instant <= now.adding(seconds: skew) else { throw .statement("AuthnInstant lies in the future") }
            guard let end = try moment("SessionNotOnOrAfter", of: statement) else { continue }
            guard now < end.adding(seconds: skew) else { throw .expired("SessionNotOnOrAfter", end.text, now: now) }
        }
    }

    /// Core §2.7.2.2: a class, a declaration, or both; nil without a class.
    private static func contextClass(of statement: XMLElement, _ depth: JudgeRules.Depth) throws(JudgeRefusal) -> String? {
        guard let context = try JudgeReader.children(statement, authenticationParts)["AuthnContext"]?.first else {
            guard depth == .signature else { throw .statement("no AuthnContext") }
            return nil
        }
        let parts = try JudgeReader.children(context, contextParts)
        let isDeclared = parts["AuthnContextDecl"] != nil || parts["AuthnContextDeclRef"] != nil
        if parts["AuthnContextDecl"] != nil, parts["AuthnContextDeclRef"] != nil {
            throw .malformed("AuthnContext", "AuthnContextDecl beside AuthnContextDeclRef")
        }
        guard let element = parts["AuthnContextClassRef"]?.first else {
            guard isDeclared else { throw .statement("AuthnContext without AuthnContextClassRef and declaration") }
            return nil
        }
        let text = try JudgeReader.text(element)
        guard !text.isEmpty else { throw .statement("AuthnContextClassRef is empty") }
        return text
    }

    private static func attributes(_ statement: XMLElement, _ judge: inout ResponseJudge) throws(JudgeRefusal) {
        try JudgeReader.refuseStrayText(in: statement)
        // Core §2.7.3: one at least.
        guard !statement.children.isEmpty else { throw .malformed("AttributeStatement", "no Attribute") }
        for child in statement.children {
            guard child.isNamed(.assertion("Attribute")) else {
                guard child.isNamed(.assertion("EncryptedAttribute")) else { throw .malformed("AttributeStatement", child.name.local) }
                judge.notes.append("EncryptedAttribute: passed over (Kantara SDP-IDP11 has no use for it)")
                continue
            }
            guard judge.content.attributes.count < 256 else { throw .malformed("AttributeStatement", "more than 256 attributes") }
            try JudgeReader.refuseStrayText(in: child)
            // Core §2.7.3.1; a text has more than white space in it (§1.3.1).
            let name = child.attribute("Name") ?? ""
            guard !Lexical.trimmed(name).isEmpty else { throw .malformed("Attribute", "no Name") }
            var values: [String] = []
            for value in child.children {
                guard value.isNamed(.assertion("AttributeValue")) else { throw .malformed("Attribute", value.name.local) }
                if let inside = value.children.first {
                    guard value.children.count == 1, !value.hasStrayText else { throw .comment("AttributeValue") }
                    guard inside.children.isEmpty else {
                        judge.notes.append("AttributeValue with markup inside: not shown")
                        continue
                    }
                    values.append(try JudgeReader.text(inside))
                } else {
                    values.append(try JudgeReader.text(value))
                }
            }
            // Of two attributes with one name, readers take the first, the last or both (checklist A9).
            let isTwice = judge.content.attributes.contains { $0.name == name && $0.nameFormat == child.attribute("NameFormat") }
            if isTwice, judge.rules.depth == .full { throw .malformed("AttributeStatement", "two attributes `\(name)`") }
            judge.content.attributes.append(
                JudgedAttribute(
                    name: name, nameFormat: child.attribute("NameFormat"),
                    friendlyName: child.attribute("FriendlyName"), values: values))
        }
    }
}
