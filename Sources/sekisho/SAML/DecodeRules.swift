import Cryptography
import SAML
import Settings
import Vocabulary

/// By what a pasted message is judged: a deployment's members and addresses, or, without one, itself.
struct DecodeRules {
    /// One sentence for the reader.
    let basis: String
    private let judge: MessageJudge?

    init(_ pasted: PastedMessage, _ inspection: MessageInspection, deployment: String?) throws {
        let isRequest = pasted.field == "SAMLRequest" || MessageGuide.isForIdentityProvider(inspection.claims.element)
        var rules = JudgeRules()
        // Whether the service can do without a name is the service's to know.
        rules.mayBeUnnamed = true
        if let deployment {
            let configuration = try Deployment.load(deployment)
            let provider = configuration.identityProvider
            let issuer = inspection.claims.issuer.flatMap { MemberID($0) }
            if isRequest || inspection.claims.element.hasPrefix("Logout") {
                let member = issuer.flatMap { configuration.federation.serviceProvider($0) }
                basis = "as \(provider.entityID.text) would judge it now" + (member == nil ? "; its sender is no SAML member" : "")
                rules.limits = provider.limits
                judge = MessageJudge(
                    rules, as: .identityProvider, member: member, identity: provider.signingKeys, identityProvider: provider)
            } else {
                basis = "as a service provider that trusts the keys of \(provider.entityID.text)"
                rules.keys = provider.signingKeys.keys.map(\.publicKey)
                rules.issuer = provider.entityID.text
                judge = MessageJudge(rules, as: .serviceProvider, identity: provider.signingKeys)
            }
            return
        }
        let door = try MessageDoor(material: MessageMaterial(folders: []), role: .serviceProvider, now: SystemClock.now())
        let identity = door.identity
        rules.keys = inspection.embeddedKeys
        if rules.keys.isEmpty {
            // Some key has to be trusted for the form to be judged; nobody signs with this one.
            rules.keys = identity.keys.map(\.publicKey)
            basis = "by its form alone: no key is known. Give --deployment to judge it by members and keys"
        } else {
            basis = "as if the certificate inside it were trusted, which it never is; give --deployment to judge it by members and keys"
        }
        judge = MessageJudge(rules, as: isRequest ? .identityProvider : .serviceProvider, identity: identity)
    }

    func verdict(on pasted: PastedMessage, at now: Timestamp) -> MessageVerdict? {
        guard let judge, pasted.form != .artifact else { return nil }
        let (bytes, binding): ([UInt8], MessageJudge.Binding) =
            switch pasted.form {
            case .query, .deflated: (Array(pasted.parameters.utf8), .redirect)
            case .form, .base64, .page: (Array(pasted.parameters.utf8), .post)
            case .envelope: (pasted.xml, .soap)
            case .metadata: (pasted.xml, .metadata)
            case .xml, .artifact: (pasted.xml, .xml)
            }
        return judge.verdict(on: bytes, by: binding, at: now)
    }
}
