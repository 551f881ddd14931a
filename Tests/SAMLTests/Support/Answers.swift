import Cryptography
import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary
import XML
import XMLSecurity

/// A Response looked at as a service provider looks at it.
struct Answered {
    static let assertionNamespace = Asking.Name.assertion

    let answer: SAMLAnswer
    let root: XMLElement

    init(_ answer: SAMLAnswer) throws {
        self.answer = answer
        root = try XMLDocument(parsing: answer.xml).root
    }

    /// The whole way from a request to its answer.
    static func answer(
        to asking: Asking = .library(), for provider: ServiceProvider, mode: CardMode = .pin,
        release: Set<AttributeSource> = [.pinUsed, .cardMode], general: PairwiseID? = nil, at idp: IdentityProvider? = nil,
        seed: UInt64 = 1
    ) throws -> Answered {
        let idp = try idp ?? Federation.identityProvider()
        let request = try UnverifiedAuthnRequest.redirect(query: Wire.query(asking.xml, relayState: "r"))
            .verified(for: provider, at: idp, at: Federation.now)
        var dice = Dice(seed)
        return try Answered(
            request.response(
                for: Federation.grant(for: request.ask, mode: mode, release: release), general: general, from: idp, at: Federation.now,
                using: &dice))
    }

    var text: String { String(decoding: answer.xml, as: UTF8.self) }

    func descend(_ names: String...) throws -> XMLElement {
        var element = root
        for name in names {
            let children = element.children.filter { $0.name.local == name }
            #expect(children.count == 1, "\(name) × \(children.count)")
            element = try #require(children.first)
        }
        return element
    }

    var status: [String] {
        var values: [String] = []
        var next = root.children.first { $0.name.local == "Status" }?.children.first { $0.name.local == "StatusCode" }
        while let code = next {
            values.append(String((code.attribute("Value") ?? "").split(separator: ":").last ?? ""))
            next = code.children.first
        }
        return values
    }

    /// Which of Response and Assertion carry a good signature of ours.
    var signed: [String] {
        ([root] + root.children.filter { $0.name.local == "Assertion" }).filter {
            (try? EnvelopedSignature.verify($0, keys: [Federation.ownKey.publicKey])) != nil
        }.map(\.name.local)
    }
}
