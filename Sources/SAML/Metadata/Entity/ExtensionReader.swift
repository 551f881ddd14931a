import Vocabulary
import XML

/// What stands in `Extensions`, of the entity and of its role.
extension EntityReader {
    mutating func facts(_ entity: XMLElement, _ role: XMLElement, _ inherited: InheritedMetadata) -> MemberFacts {
        var facts = MemberFacts()
        facts.logoutServices = logoutServices(role)
        facts.artifactServices = artifactServices(role)
        facts.attributeConsumingServices = attributeServices(role)
        facts.entityAttributes = inherited.entityAttributes
        facts.registrationAuthority = inherited.registrationAuthority
        facts.cacheDuration = entity.attribute("cacheDuration").flatMap(MetadataDuration.seconds)
        let outer = entity.child(.metadata("Extensions"))
        let inner = role.child(.metadata("Extensions"))
        if let outer {
            for (name, values) in ExtensionReader.entityAttributes(outer) { facts.entityAttributes[name, default: []].formUnion(values) }
            registration(outer, &facts)
        }
        // What the role says takes the place of what the entity says (Algorithm Support Profile §2.3).
        facts.declaredSigningAlgorithms = ExtensionReader.algorithms("SigningMethod", inner, outer)
        facts.declaredDigests = ExtensionReader.algorithms("DigestMethod", inner, outer)
        for extensions in [inner, outer].compactMap(\.self) { scopes(extensions, &facts) }
        if let information = inner?.child(MetadataNamespace.ui("UIInfo")) { facts.display = display(information) }
        if let organization = entity.child(.metadata("Organization")) {
            facts.organization = ExtensionReader.texts(organization.children(.metadata("OrganizationDisplayName")))
        }
        for contact in entity.children(.metadata("ContactPerson")).prefix(16) {
            let type = contact.attribute("contactType") ?? "other"
            let addresses = contact.children(.metadata("EmailAddress")).prefix(4).compactMap { Shown.text($0.text) }
            if !addresses.isEmpty, type.utf8.count <= 32 { facts.contacts[type, default: []] += addresses }
        }
        return facts
    }

    private mutating func registration(_ extensions: XMLElement, _ facts: inout MemberFacts) {
        guard let information = ExtensionReader.registration(extensions) else { return }
        guard let authority = information.attribute("registrationAuthority"), (1...1024).contains(authority.utf8.count) else {
            return findings.flaw("registration", "RegistrationInfo names no registrationAuthority", name)
        }
        facts.registrationAuthority = authority
        if let text = information.attribute("registrationInstant") {
            facts.registrationInstant = Timestamp(Lexical.trimmed(text))
            if facts.registrationInstant == nil {
                findings.note("registration", "registrationInstant is no moment", name, [.init("registrationInstant", text)])
            }
        }
        facts.registrationPolicies = ExtensionReader.addresses(
            information.children(MetadataNamespace.registration("RegistrationPolicy")), development: true)
    }

    private mutating func scopes(_ extensions: XMLElement, _ facts: inout MemberFacts) {
        for scope in extensions.children(XMLName(MetadataNamespace.shibboleth, "Scope")).prefix(64) {
            // A pattern that a stranger wrote is a way to keep us busy, or to let in more than it seems (checklist M16).
            if let isPattern = scope.attribute("regexp"), Lexical.boolean(isPattern) != false {
                findings.flaw("scope", "a Scope is a regular expression", name, [.init("scope", scope.text)])
                continue
            }
            let text = Lexical.trimmed(scope.text)
            guard (1...253).contains(text.utf8.count), text.utf8.allSatisfy({ $0.isBase64url || $0 == 0x2e }) else {
                findings.flaw("scope", "a Scope is no domain name", name, [.init("scope", text)])
                continue
            }
            if !facts.scopes.contains(text) { facts.scopes.append(text) }
        }
    }

    private mutating func display(_ information: XMLElement) -> MemberDisplay {
        var display = MemberDisplay()
        display.names = ExtensionReader.texts(information.children(MetadataNamespace.ui("DisplayName")))
        display.descriptions = ExtensionReader.texts(information.children(MetadataNamespace.ui("Description")), most: 1000)
        display.privacyStatements = ExtensionReader.addresses(
            information.children(MetadataNamespace.ui("PrivacyStatementURL")), development: development)
        display.informationPages = ExtensionReader.addresses(
            information.children(MetadataNamespace.ui("InformationURL")), development: development)
        for logo in information.children(MetadataNamespace.ui("Logo")).prefix(8) {
            let width = logo.attribute("width").flatMap { Int(Lexical.trimmed($0)) } ?? 0
            let height = logo.attribute("height").flatMap { Int(Lexical.trimmed($0)) } ?? 0
            guard
                let vetted = MemberLogo(
                    Lexical.trimmed(logo.text), width: width, height: height,
                    language: logo.attribute("lang", namespace: MetadataNamespace.xml))
            else {
                findings.note("logo", "a logo is left out", name, [.init("logo", String(logo.text.prefix(64)))])
                continue
            }
            display.logos.append(vetted)
        }
        return display
    }
}

enum ExtensionReader {
    static func registration(_ extensions: XMLElement) -> XMLElement? {
        extensions.child(MetadataNamespace.registration("RegistrationInfo"))
    }

    /// By name; values trimmed. At most 64 names of 256 values each.
    static func entityAttributes(_ extensions: XMLElement) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        for attributes in extensions.children(MetadataNamespace.attributes("EntityAttributes")) {
            for attribute in attributes.children(.assertion("Attribute")) {
                guard let name = attribute.attribute("Name"), found.count < 64 || found[name] != nil else { continue }
                for value in attribute.children(.assertion("AttributeValue")).prefix(256) where value.hasOnlyText {
                    found[Lexical.trimmed(name), default: []].insert(Lexical.trimmed(value.text))
                }
            }
        }
        return found
    }

    static func algorithms(_ local: String, _ inner: XMLElement?, _ outer: XMLElement?) -> [String] {
        for extensions in [inner, outer].compactMap(\.self) {
            let found = extensions.children(MetadataNamespace.algorithms(local)).prefix(64).compactMap {
                $0.attribute("Algorithm").map(Lexical.trimmed)
            }
            if !found.isEmpty { return found }
        }
        return []
    }

    /// By language; the first of each.
    static func texts(_ elements: [XMLElement], most: Int = 200) -> [String: String] {
        var found: [String: String] = [:]
        for element in elements.prefix(64) {
            let language = element.language
            guard language.utf8.count <= 35, found[language] == nil, let text = Shown.text(element.text, most: most) else { continue }
            found[language] = text
        }
        return found
    }

    static func addresses(_ elements: [XMLElement], development: Bool) -> [String: String] {
        var found: [String: String] = [:]
        for element in elements.prefix(64) {
            let text = Lexical.trimmed(element.text), language = element.language
            guard language.utf8.count <= 35, found[language] == nil, WebAddress.isAllowed(text, development: development) else { continue }
            found[language] = text
        }
        return found
    }
}

/// `xs:duration` as `cacheDuration` has it.
enum MetadataDuration {
    /// Whole seconds; a year is 365 days and a month 30, because only the size matters. Nil for what is none, is negative, or is longer
    /// than ten years.
    static func seconds(_ text: String) -> Int64? {
        var rest = Lexical.trimmed(text)[...]
        guard rest.popFirst() == "P", !rest.isEmpty else { return nil }
        var total: Int64 = 0
        var isTime = false
        while let first = rest.first {
            if first == "T" {
                guard !isTime, rest.count > 1 else { return nil }
                isTime = true
                rest.removeFirst()
                continue
            }
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard (1...9).contains(digits.count), let number = Int64(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            if rest.first == "." { rest = rest.dropFirst().drop { $0.isASCII && $0.isNumber } }
            let unit: Int64
            switch (rest.popFirst(), isTime) {
            case ("Y", false): unit = 365 * 86_400
            case ("M", false): unit = 30 * 86_400
            case ("D", false): unit = 86_400
            case ("H", true): unit = 3600
            case ("M", true): unit = 60
            case ("S", true): unit = 1
            default: return nil
            }
            total += number * unit
            guard total <= 10 * 365 * 86_400 else { return nil }
        }
        return total
    }
}
