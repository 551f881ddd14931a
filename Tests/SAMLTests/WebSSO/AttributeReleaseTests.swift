import Cryptography
import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary
import XML
import XMLSecurity

@Suite struct `Attributes by what the member asks for, checklist S59` {
    private static let all: Set<AttributeSource> = [.pinUsed, .cardMode, .carrier]

    private func names(
        _ services: String, _ attributes: String = "", _ change: (inout MemberOptions) -> Void = { _ in }
    ) throws -> [String] {
        var options = MemberOptions()
        change(&options)
        let provider = try Federation.library(extra: services).with(options)
        let answered = try Answered.answer(to: .library(attributes: attributes), for: provider, release: Self.all)
        let assertion = try answered.descend("Assertion")
        let statements = assertion.children.filter { $0.name.local == "AttributeStatement" }
        #expect(statements.count <= 1)
        return statements.first?.children.compactMap { $0.attribute("Name").map { String($0.split(separator: ":").last ?? "") } } ?? []
    }

    private func service(_ index: Int, _ wishes: [(String, String)], _ attributes: String = "", values: String = "") -> String {
        let requested = wishes.map {
            "<md:RequestedAttribute Name=\"urn:x-sekisho:attribute:\($0.0)\" \($0.1)>\(values)</md:RequestedAttribute>"
        }
        return "<md:AttributeConsumingService index=\"\(index)\" \(attributes)><md:ServiceName xml:lang=\"en\">s</md:ServiceName>"
            + requested.joined() + "</md:AttributeConsumingService>"
    }

    @Test func `all that policy releases without a wish`() throws {
        #expect(try names("") == ["pin-used", "card-mode", "carrier"])
    }

    @Test func `only those that its metadata names`() throws {
        #expect(try names(service(0, [("card-mode", "")])) == ["card-mode"])
        #expect(try names(service(0, [("proofing-level", "")])).isEmpty, "a wish is not a permission")
    }

    @Test(arguments: [
        ("", ["card-mode"]), ("AttributeConsumingServiceIndex=\"0\"", ["pin-used"]),
        ("AttributeConsumingServiceIndex=\"1\"", ["card-mode"]),
    ])
    func `by the index of the request, else the default one, checklist S31`(attributes: String, names: [String]) throws {
        let services = service(0, [("pin-used", "")]) + service(1, [("card-mode", "")], "isDefault=\"true\"")
        #expect(try self.names(services, attributes) == names)
    }

    @Test func `only the required ones where the operator says so`() throws {
        let services = service(0, [("pin-used", "isRequired=\"true\""), ("card-mode", ""), ("carrier", "isRequired=\"false\"")])
        #expect(try names(services) == ["pin-used", "card-mode", "carrier"])
        #expect(try names(services) { $0.release = .required } == ["pin-used"])
        #expect(try names("") { $0.release = .required }.isEmpty)
    }

    @Test func `all that policy releases where the operator says so`() throws {
        #expect(try names(service(0, [("pin-used", "")])) { $0.release = .permitted } == ["pin-used", "card-mode", "carrier"])
    }

    @Test(arguments: [("pin", true), ("face", false)])
    func `only with a value that it takes`(value: String, isSent: Bool) throws {
        let services = service(
            0, [("card-mode", "")], values: "<saml:AttributeValue xmlns:saml=\"\(Asking.Name.assertion)\">\(value)</saml:AttributeValue>")
        #expect(try names(services).isEmpty != isSent)
    }

    @Test(arguments: [
        ("NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"", true),
        ("NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified\"", true),
        ("NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:basic\"", false),
    ])
    func `by name and format together`(format: String, isSent: Bool) throws {
        #expect(try names(service(0, [("card-mode", format)])).isEmpty != isSent)
    }

    @Test func `under the names that the member's software knows, checklist S49`() throws {
        var options = MemberOptions()
        options.attributeNames[.cardMode] = .init(name: "urn:oid:1.2.3", friendlyName: "mode")
        options.attributeNames[.pinUsed] = .init(name: "pin", format: .basic)
        let wish = """
            <md:AttributeConsumingService index="0"><md:ServiceName xml:lang="en">s</md:ServiceName>\
            <md:RequestedAttribute Name="urn:oid:1.2.3"/><md:RequestedAttribute Name="pin"/></md:AttributeConsumingService>
            """
        for services in ["", wish] {
            let answered = try Answered.answer(for: Federation.library(extra: services).with(options))
            let attributes = try answered.descend("Assertion", "AttributeStatement").children
            #expect(attributes.map { $0.attribute("Name") } == ["pin", "urn:oid:1.2.3"])
            #expect(attributes.map { $0.attribute("FriendlyName") } == [nil, "mode"])
            #expect(
                attributes.map { $0.attribute("NameFormat") } == [
                    "urn:oasis:names:tc:SAML:2.0:attrname-format:basic", "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
                ])
            #expect(attributes.map { $0.children.count } == [1, 1], "SDP-IDP20: one AttributeValue each")
        }
    }

    @Test func `with xs string types where the operator says so, and signatures that hold, checklist S49, S55`() throws {
        var options = MemberOptions()
        options.valueType = .string
        let answered = try Answered.answer(for: Federation.library().with(options))
        #expect(answered.signed == ["Response", "Assertion"])
        let value = try #require(try answered.descend("Assertion", "AttributeStatement").children.first?.children.first)
        let type = try #require(value.attribute("type", namespace: "http://www.w3.org/2001/XMLSchema-instance"))
        #expect(type == "xs:string")
        #expect(value.namespace(ofPrefix: "xs") == "http://www.w3.org/2001/XMLSchema")
        #expect(answered.text.contains("PrefixList=\"xs\""))
        let plain = try Answered.answer(for: Federation.library())
        #expect(!plain.text.contains("XMLSchema"))
        // Another meaning for the prefix would be another value: the signature covers the declaration.
        let bent = answered.text.replacing("xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"", with: "xmlns:xs=\"urn:other\"")
        let root = try XMLDocument(parsing: Array(bent.utf8)).root
        #expect(throws: XMLSignatureRefusal.digest) { try EnvelopedSignature.verify(root, keys: [Federation.ownKey.publicKey]) }
    }
}

@Suite struct `Subject identifiers, SAML V2.0 Subject Identifier Attributes Profile, checklist S46` {
    private static let pairwise = "urn:oasis:names:tc:SAML:attribute:pairwise-id"
    private static let general = "urn:oasis:names:tc:SAML:attribute:subject-id"

    private func requiring(_ value: String?) throws -> ServiceProvider {
        let extensions = value.map {
            """
            <md:Extensions><mdattr:EntityAttributes xmlns:mdattr="urn:oasis:names:tc:SAML:metadata:attribute">\
            <saml:Attribute xmlns:saml="\(Asking.Name.assertion)" Name="urn:oasis:names:tc:SAML:profiles:subject-id:req" \
            NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"><saml:AttributeValue>\($0)</saml:AttributeValue>\
            </saml:Attribute></mdattr:EntityAttributes></md:Extensions>
            """
        }
        return try Federation.one(
            Federation.metadata(Federation.libraryID).replacing(
                "<md:SPSSODescriptor", with: (extensions ?? "") + "<md:SPSSODescriptor", maxReplacements: 1))
    }

    private func identifiers(
        _ provider: ServiceProvider, _ choice: MemberOptions.SubjectIdentifier = .asDeclared, scope: String? = "sekisho.example"
    ) throws -> [String: String] {
        var options = MemberOptions()
        options.subjectIdentifier = choice
        let answered = try Answered.answer(
            for: provider.with(options), release: [], general: PairwiseID("generalgeneralgeneral"), at: Federation.scoped(scope))
        var found: [String: String] = [:]
        answered.root.forEachInSubtree { element in
            if element.name.local == "Attribute" { found[element.attribute("Name") ?? ""] = element.children.first?.text ?? "" }
        }
        return found
    }

    @Test(arguments: [("pairwise-id", true), ("any", true), ("none", false), ("subject-id", false), ("nonsense", false), (nil, false)])
    func `pairwise-id is what a member's metadata can ask for`(value: String?, isSent: Bool) throws {
        let expected = isSent ? [Self.pairwise: Federation.citizen + "@sekisho.example"] : [:]
        #expect(try identifiers(requiring(value)) == expected)
    }

    @Test func `subject-id, by which members could compare notes, is for an operator to give`() throws {
        #expect(try identifiers(requiring("subject-id"), .general) == [Self.general: "generalgeneralgeneral@sekisho.example"])
        #expect(try identifiers(requiring("subject-id"), .asDeclared).isEmpty)
    }

    @Test func `an operator's word goes before the metadata's`() throws {
        #expect(try identifiers(requiring("pairwise-id"), .none).isEmpty)
        #expect(try identifiers(requiring(nil), .pairwise).keys.sorted() == [Self.pairwise])
    }

    @Test func `without a scope there is none`() throws {
        #expect(try identifiers(requiring("pairwise-id"), scope: nil).isEmpty)
    }
}
