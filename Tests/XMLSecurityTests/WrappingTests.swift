import Cryptography
import Testing
import XML
import XMLSecurity

/// The eight classical wrappings (mechanics as in SAMLRaider), made from a genuine signed message.
enum Wrapping: Int, CaseIterable, Sendable {
    case xsw1 = 1, xsw2, xsw3, xsw4, xsw5, xsw6, xsw7, xsw8

    /// `evilID`: whether the evil element takes a new ID or the genuine one.
    func document(_ message: Message, sameID: Bool) throws -> String {
        let genuine = try message.signed()
        let signature = try genuine.signature
        let bare = try genuine.with(signature, "")
        let evilID = sameID ? "_genuine" : "_evil"
        let evil = text(message.tag(id: evilID, name: "evil"))
        let end = message == .assertion ? "</saml:Assertion>" : "</samlp:\(message.rawValue)>"
        let issuer = "</saml:Issuer>"
        let wrapper = { (inner: String) in
            "<samlp:Response xmlns:samlp=\"\(samlp)\" ID=\"_outer\"><saml:Issuer xmlns:saml=\"\(saml)\">x</saml:Issuer>\(inner)</samlp:Response>"
        }
        let object = { (inner: String) in try signature.with("</ds:Signature>", "<ds:Object>\(inner)</ds:Object></ds:Signature>") }
        switch self {
        case .xsw1: return try evil.with(issuer, issuer + signature.with("</ds:Signature>", bare + "</ds:Signature>"))
        case .xsw2: return try evil.with(issuer, issuer + bare + signature)
        case .xsw3: return wrapper(evil + genuine)
        case .xsw4: return wrapper(String(evil.dropLast(end.count)) + genuine + end)
        case .xsw5: return wrapper(try evil.with(issuer, issuer + signature) + bare)
        case .xsw6: return wrapper(try evil.with(issuer, issuer + signature.with("</ds:Signature>", bare + "</ds:Signature>")))
        case .xsw7: return wrapper("<samlp:Extensions>\(evil)</samlp:Extensions>" + genuine)
        case .xsw8: return wrapper(try evil.with(issuer, issuer + object(bare)))
        }
    }
}

@Suite struct `A1 signature wrapping` {
    @Test(arguments: Wrapping.allCases, Message.allCases)
    func `proves nothing about the root, and inside nothing but the genuine content`(wrapping: Wrapping, message: Message) throws {
        for sameID in [false, true] {
            let document = try wrapping.document(message, sameID: sameID)
            #expect(try refusal(document) != nil)
            let root = try parse(document)
            let keys = [try Keys.of().publicKey]
            // Whatever element a careless reader might pick: it is refused, or what comes out is what was signed.
            root.forEachInSubtree { element in
                guard let signed = try? EnvelopedSignature.verify(element, keys: keys) else { return }
                #expect(!sameID, "a duplicate ID was accepted")
                #expect(all("NameID", in: signed.element).map(\.text) == ["hanako"])
                #expect(
                    (try? Canonical.exclusive(signed.element, excluding: element.child(XMLName(ds, "Signature"))))
                        == message.tag().canonicalBytes())
                #expect(signed.element.parent == nil)
            }
        }
    }

    @Test(arguments: Message.allCases)
    func `control: the genuine message passes`(message: Message) throws {
        #expect(try refusal(try message.signed()) == nil)
    }

    @Test func `wrapped once more around a genuine signed Response is refused for the Response`() throws {
        let genuine = try Message.response.signed()
        let evil = text(Message.response.tag(id: "_evil", name: "evil"))
        let signature = try genuine.signature
        // The evil Response carries the genuine signature and hides the genuine Response in its Extensions.
        let hidden = "<samlp:Extensions>\(try genuine.with(signature, ""))</samlp:Extensions>"
        #expect(try refusal(try evil.with("</saml:Issuer>", "</saml:Issuer>" + signature + hidden)) == .reference("#_genuine"))
    }
}
