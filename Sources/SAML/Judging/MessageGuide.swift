import Vocabulary
import XML

/// What the parts of a message mean, for somebody who sees one for the first time.
package struct MessagePart: Sendable {
    /// `Response/Assertion/Issuer`, `AuthnRequest/@Destination`.
    package let path: String
    package let value: String
    package let meaning: String
}

package enum MessageGuide {
    /// What the document as a whole is for; nil for one that SAML does not know.
    package static func purpose(of element: String) -> String? {
        [
            "AuthnRequest": "a service provider asks an identity provider to log somebody in",
            "Response": "an identity provider answers a service provider, with an assertion or with an error",
            "Assertion": "an identity provider's statement about a person; without a Response around it nobody takes it by browser",
            "LogoutRequest": "one side tells the other that a person's session is to end",
            "LogoutResponse": "the answer to a LogoutRequest", "ArtifactResolve": "asks for the message behind an artifact",
            "ArtifactResponse": "brings the message behind an artifact",
            "AttributeQuery": "a service provider asks for attributes of a person it knows by name",
            "ManageNameIDRequest": "changes or ends a name; not spoken here", "AuthzDecisionQuery": "not spoken here",
            "EntityDescriptor": "metadata: the addresses and keys of one party",
            "EntitiesDescriptor": "metadata of several parties, most often a federation's", "Envelope": "a SOAP envelope around a message",
        ][element]
    }

    /// Messages that an identity provider takes.
    package static func isForIdentityProvider(_ element: String) -> Bool { RequestJudge.toIdentityProvider.contains(element) }

    /// The parts of interest in document order, at most `most`.
    static func parts(of root: XMLElement, revealing: Bool, most: Int = 200) -> [MessagePart] {
        var found: [MessagePart] = []
        var seen: [String: Int] = [:]
        root.forEachInSubtree { element in
            guard found.count < most else { return }
            var path = element.name.local
            var parent = element.parent
            while let above = parent, !above.isSame(as: root) || !path.hasPrefix(root.name.local) {
                path = above.name.local + "/" + path
                if above.isSame(as: root) { break }
                parent = above.parent
            }
            seen[path, default: 0] += 1
            guard seen[path, default: 0] <= 8 else { return }
            let isSecret = !revealing && SourceView.secret.contains(element.name.local)
            if let meaning = elements[element.name.local] {
                let text = element.children.isEmpty ? Lexical.trimmed(element.text) : ""
                let value = isSecret && !text.isEmpty ? "‹\(text.utf8.count) octets not shown›" : Explanation.redacted(text)
                found.append(MessagePart(path: path, value: value, meaning: meaning))
            }
            for attribute in element.attributes {
                let key = element.name.local + "/@" + attribute.name.local
                guard let meaning = attributes[key] ?? attributes["@" + attribute.name.local] else { continue }
                let hidden = !revealing && SourceView.secretAttributes.contains(attribute.name.local)
                found.append(
                    MessagePart(
                        path: path + "/@" + attribute.name.local, value: hidden ? "‹not shown›" : Explanation.redacted(attribute.value),
                        meaning: meaning))
            }
        }
        return found
    }

    private static let elements: [String: String] = [
        "Issuer": "who says it speaks, by entityID; proves nothing until a signature does",
        "Signature": "an XML signature over the element it stands in",
        "Extensions": "for parties that agreed on them; everybody else passes over it", "Status": "how it went",
        "StatusMessage": "the sender's words about the status", "StatusDetail": "more about the status, for machines",
        "Assertion": "the statement that is to be believed", "EncryptedAssertion": "an assertion that only its receiver can open",
        "EncryptedID": "a name that only its receiver can open", "Subject": "whom it is about",
        "NameID": "the person's name at this service provider",
        "SubjectConfirmationData": "who may present the assertion, where, until when",
        "Conditions": "when and for whom the assertion holds",
        "Audience": "for whom it is: the service provider's entityID must be here, byte for byte",
        "OneTimeUse": "must not be kept and used again", "AuthnStatement": "that the person logged in, when and how",
        "AuthnContextClassRef": "how strong the log-in was, by a name both sides know",
        "AttributeStatement": "facts about the person", "AttributeValue": "one value of the attribute",
        "NameIDPolicy": "what kind of name the service provider wants",
        "RequestedAuthnContext": "how strong the log-in has to be", "Scoping": "which identity providers may be asked; only for proxies",
        "SessionIndex": "the identity provider's name of the session, for logout", "Artifact": "the reference that is to be resolved",
        "KeyDescriptor": "a key of the party", "SingleSignOnService": "where AuthnRequests go", "SingleLogoutService": "where logout goes",
        "AssertionConsumerService": "where Responses go: an answer goes to no other address",
        "ArtifactResolutionService": "where artifacts are resolved", "NameIDFormat": "a kind of name the party can use",
        "IDPSSODescriptor": "the party as an identity provider", "SPSSODescriptor": "the party as a service provider",
        "Fault": "a SOAP fault: the message was not processed",
    ]

    private static let attributes: [String: String] = [
        "@ID": "the message's own name, used once; a signature's Reference points at it", "@Version": "has to be 2.0",
        "@IssueInstant": "when it was made, in UTC; too old or in the future is refused",
        "@Destination": "the address it was sent to; has to be the address it came to",
        "@InResponseTo": "the ID of the request it answers; absent when nobody asked", "@entityID": "the party's name",
        "AuthnRequest/@AssertionConsumerServiceURL": "where the answer should go; has to be in the metadata, byte for byte",
        "AuthnRequest/@AssertionConsumerServiceIndex": "where the answer should go, by its number in the metadata",
        "AuthnRequest/@ProtocolBinding": "by which binding the answer should come",
        "AuthnRequest/@ForceAuthn": "true: log in again, even when there is a session",
        "AuthnRequest/@IsPassive": "true: answer without showing a page, or with NoPassive",
        "AuthnRequest/@ProviderName": "what the service provider calls itself; shown to nobody here",
        "AuthnRequest/@AttributeConsumingServiceIndex": "which attributes are wanted, by number in the metadata",
        "StatusCode/@Value": "the outcome; …:Success, or who is to blame, with the reason inside",
        "NameID/@Format": "what kind of name it is", "NameID/@NameQualifier": "whose name it is: the identity provider",
        "NameID/@SPNameQualifier": "for whom it is: the service provider",
        "NameIDPolicy/@Format": "the kind of name that is wanted", "NameIDPolicy/@AllowCreate": "false: no new name may be made",
        "NameIDPolicy/@SPNameQualifier": "in whose name space; has to be the service provider's own",
        "SubjectConfirmation/@Method": "bearer: whoever presents it within the limits below",
        "SubjectConfirmationData/@Recipient": "the address it may be presented at",
        "SubjectConfirmationData/@NotOnOrAfter": "until when it may be presented", "Conditions/@NotBefore": "not valid before",
        "Conditions/@NotOnOrAfter": "not valid from then on", "AuthnStatement/@AuthnInstant": "when the person logged in",
        "AuthnStatement/@SessionIndex": "the session's name, for logout",
        "AuthnStatement/@SessionNotOnOrAfter": "when the identity provider's session ends",
        "RequestedAuthnContext/@Comparison": "exact, minimum, maximum or better than the classes",
        "Attribute/@Name": "the attribute's name", "Attribute/@NameFormat": "how the name is to be read", "LogoutRequest/@Reason": "why",
        "LogoutRequest/@NotOnOrAfter": "until when the request holds", "SignatureMethod/@Algorithm": "how it was signed",
        "DigestMethod/@Algorithm": "how the content was digested",
        "CanonicalizationMethod/@Algorithm": "how the signature's own text was written",
        "Transform/@Algorithm": "how the content was prepared", "Reference/@URI": "what is signed: `#` and an ID",
        "EncryptionMethod/@Algorithm": "how it was encrypted", "EntityDescriptor/@validUntil": "not to be used from then on",
        "EntitiesDescriptor/@validUntil": "not to be used from then on", "KeyDescriptor/@use": "what the key is for; both when absent",
        "SPSSODescriptor/@AuthnRequestsSigned": "true: unsigned requests are refused",
        "SPSSODescriptor/@WantAssertionsSigned": "true: assertions are signed",
    ]
}
