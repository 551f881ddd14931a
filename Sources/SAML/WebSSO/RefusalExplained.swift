package import Vocabulary
import XMLSecurity

extension SAMLRefusal.Reason {
    package var explanation: Explanation {
        switch self {
        case .tooLarge(let what, let limit):
            .saml(
                "too-large", "a part of the message is larger than we take", [.init("part", what), .init("limit", String(limit))],
                "Kantara IIP-G02; checklist D1, D2",
                "send a smaller message; the operator may allow a longer RelayState (`relay-state`)")
        case .missing(let what):
            .saml("parameter.missing", "a parameter is missing", [.init("parameter", what)], "SAML Bindings §3.4.4.1, §3.5.4", "send it")
        case .duplicate(let what):
            .saml(
                "parameter.duplicate", "a parameter comes twice", [.init("parameter", what)], "SAML Bindings §3.4.4.1; checklist A24",
                "send each parameter once")
        case .unexpected(let what):
            .saml(
                "parameter.unexpected", "a parameter has no place here", [.init("parameter", what)], "SAML Bindings §3.4.4, §3.5.4",
                "send SAMLRequest and RelayState, and in a query SigAlg and Signature, and nothing else of SAML")
        case .parameterName(let sent, let known):
            .saml(
                "parameter.name", "a parameter's name is spelt another way", [.init("sent", sent), .init("expected", known)],
                "SAML Bindings §3.4.4.1; checklist A24", "spell it exactly, without percent-encoding")
        case .encoding(let what):
            .saml(
                "encoding", "a part of the message is not encoded as the binding says", [.init("part", what)],
                "SAML Bindings §3.4.4.1, §3.5.4",
                "Base64 in SAMLRequest and Signature (`+` as %2B), UTF-8 without control characters elsewhere")
        case .unsupported(let what, let value):
            .saml(
                "unsupported", "an algorithm or encoding is not supported", [.init(what, value)], "SAML Bindings §3.4.4.1; checklist S54",
                "use an algorithm of our metadata; SHA-1 is refused")
        case .deflate(let refusal):
            .saml(
                "deflate", "SAMLRequest is no raw DEFLATE of acceptable size", [.init("reason", "\(refusal)")],
                "SAML Bindings §3.4.4.1; RFC 1951", "send raw DEFLATE without zlib header, checksum or trailing bytes")
        case .xml(let refusal):
            .saml(
                "xml", "the message is no XML that we read", [.init("reason", "\(refusal)")], "SAML Core §1.3; Kantara IIP-G03",
                "send well-formed UTF-8 without DOCTYPE, entities or processing instructions")
        case .wrongKind(let name, let expected):
            .saml(
                "request.kind", "the message is of a kind that has no place here", [.init("element", name), .init("expected", expected)],
                "SAML Core §3.2.1; SAML Metadata §2.2.2", "send it to the address that our metadata publishes for it")
        case .malformed(let what, let value):
            .saml(
                "request.malformed", "a part of the request does not follow the schema", [.init(what, value)], "SAML Core §3.2.1, §3.4.1",
                "follow the schema of SAML 2.0")
        case .tooLong(let what, let limit):
            .saml(
                "request.too-long", "a value is longer than we take", [.init("value", what), .init("limit", String(limit))],
                "Kantara IIP-G02; checklist S35", "send a shorter value")
        case .version(let version):
            .saml("request.version", "the version is not 2.0", [.init("Version", version)], "SAML Core §3.2.1, §4.1", "speak SAML 2.0")
        case .issuer(let text):
            .saml(
                "request.issuer", "the Issuer is no entityID", [.init("Issuer", text)], "SAML Profiles §4.1.4.1; SAML Core §8.3.6",
                "put your entityID in Issuer, without qualifiers")
        case .unknownMember(let id):
            .saml(
                "member.unknown", "the Issuer is not registered here", [.init("Issuer", id.text)], "SAML Profiles §4.1.4.1",
                "register your metadata, or compare your entityID with it byte for byte")
        case .metadataExpired(let moment):
            .saml(
                "member.metadata-expired", "the member's metadata was valid until a moment that is past",
                [.init("validUntil", moment.text)],
                "SAML Metadata §2.3.2", "publish new metadata")
        case .signatureDue(let who):
            .saml(
                "signature.due", "the message is not signed but must be", [.init("demanded-by", who)],
                "SAML Metadata §2.4.3, §2.4.4; checklist S22", "sign it with a key of your metadata")
        case .envelopedInRedirect:
            .saml(
                "signature.enveloped-in-redirect", "the query's message carries an XML signature", [],
                "SAML Bindings §3.4.4.1", "remove ds:Signature and sign the query with SigAlg and Signature")
        case .misplacedSignature:
            .saml(
                "signature.misplaced", "a signature stands elsewhere than right under the message itself", [],
                "SAML Core §5.4.1; checklist A1, A4", "sign the message itself and put nothing signed inside it")
        case .noKeys:
            .saml(
                "signature.no-key", "the request is signed but your metadata has no key for signing", [], "SAML Metadata §2.4.1.1",
                "publish your signing key")
        case .querySignature(let algorithm):
            .saml(
                "signature.query", "the query's signature was made by no key of your metadata, or over other octets",
                [.init("SigAlg", algorithm), .init("signed", "SAMLRequest, RelayState if sent, SigAlg: as sent, in this order")],
                "SAML Bindings §3.4.4.1", "sign the percent-encoded octets you send, with a key of your metadata")
        case .messageSignature(let refusal):
            .saml(
                "signature.message", refusal.explanation.summary,
                [.init("reason", refusal.explanation.code)] + refusal.explanation.compared, refusal.explanation.clause,
                refusal.explanation.remedy)
        case .destination(let sent, let expected):
            .saml(
                "request.destination", "Destination is not the address the message came to",
                [.init("Destination", sent ?? "absent"), .init("expected", expected)],
                "SAML Core §3.2.1; SAML Bindings §3.4.5.2, §3.5.5.2", "copy the Location from our metadata; a signed message must have it")
        case .issuedInFuture(let issued, let now):
            .saml(
                "request.future", "IssueInstant lies in the future", [.init("IssueInstant", issued.text), .init("now", now.text)],
                "SAML Core §3.2.1", "set your clock")
        case .stale(let issued, let now, let lifetime):
            .saml(
                "request.stale", "the request is too old",
                [.init("IssueInstant", issued.text), .init("now", now.text), .init("lifetime", String(lifetime))], "SAML Core §3.2.1",
                "start again from the service; set your clock")
        case .consumerAskedTwice:
            .saml(
                "consumer.both", "AssertionConsumerServiceIndex comes with AssertionConsumerServiceURL or ProtocolBinding", [],
                "SAML Core §3.4.1", "send one of them")
        case .consumerURL(let url):
            .saml(
                "consumer.url", "AssertionConsumerServiceURL is not in your metadata with the binding asked for",
                [.init("AssertionConsumerServiceURL", url)], "SAML Core §3.4.1; checklist S20", "register the address byte for byte")
        case .consumerIndex(let index):
            .saml(
                "consumer.index", "AssertionConsumerServiceIndex is not in your metadata with a binding that we answer by",
                [.init("AssertionConsumerServiceIndex", String(index))], "SAML Core §3.4.1; checklist S20", "register the index")
        case .responseBinding(let binding):
            .saml(
                "consumer.binding", "the binding for the answer is not supported", [.init("ProtocolBinding", binding)],
                "SAML Profiles §4.1.4", "ask for HTTP-POST or HTTP-Artifact, with an address of your metadata")
        case .nameIDFormat(let format):
            .saml(
                "request.name-id-format", "the NameID format is not supported", [.init("Format", format)], "SAML Core §3.4.1.1",
                "ask for persistent or transient, or leave the choice to us")
        case .nameQualifier(let qualifier):
            .saml(
                "request.name-qualifier", "SPNameQualifier is not your entityID, and we know no affiliation",
                [.init("SPNameQualifier", qualifier)],
                "SAML Core §3.4.1.1", "leave SPNameQualifier out")
        case .subject(let what):
            .saml(
                "request.subject", "the Subject of the request cannot be honoured", [.init("reason", what)], "SAML Core §3.4.1, §3.4.1.4",
                "name the citizen by the persistent NameID we gave you, or leave Subject out")
        case .contextDeclaration:
            .saml(
                "request.context-declaration", "AuthnContextDeclRef is not supported", [], "SAML Core §3.3.2.2.1",
                "ask by AuthnContextClassRef")
        case .comparison(let value):
            .saml(
                "request.comparison", "the Comparison is unknown", [.init("Comparison", value)], "SAML Core §3.3.2.2.1",
                "use exact, minimum, maximum or better")
        case .artifact(let what):
            .saml(
                "artifact", "the artifact is none that we can resolve", [.init("reason", what)], "SAML Bindings §3.6.4.2",
                "send 44 bytes of type 4 in Base64, with the SHA-1 of your registered entityID as SourceID")
        case .artifactService(let index):
            .saml(
                "artifact.endpoint", "your metadata has no ArtifactResolutionService with the index that the artifact names",
                [.init("EndpointIndex", String(index))], "SAML Bindings §3.6.4.2; SAML Metadata §2.4.3",
                "publish the service with this index and the SOAP binding")
        case .artifactUnresolved(let what):
            .saml(
                "artifact.unresolved", "your ArtifactResolutionService did not give us the message", [.init("answer", what)],
                "SAML Core §3.5; SAML Profiles §5", "answer in time with a signed ArtifactResponse that holds the message")
        case .inResponseTo(let sent, let expected):
            .saml(
                "response.in-response-to", "the answer is not to our question",
                [.init("InResponseTo", sent ?? "absent"), .init("expected", expected)], "SAML Core §3.2.2", "repeat the ID of the request")
        case .replayed(let id):
            .saml(
                "request.replayed", "a request with this ID was answered before", [.init("ID", id)], "SAML Core §1.3.4",
                "send a new request with a new ID")
        case .queryOff:
            .saml(
                "query.off", "the member may not ask for attributes behind the citizen's back", [], "SAML Profiles §6; checklist S12",
                "take them from the sign-on, or have our operator set `attribute-query: true` in your registration")
        case .notInForce(let member, let standing):
            .saml(
                "member.standing", "the member's accreditation is not in force",
                [.init("member", member.text), .init("standing", standing)],
                "trust framework: accreditation", "the member's administrator renews or reinstates its accreditation")
        case .queryAttribute(let name):
            .saml(
                "query.attribute", "the query names one attribute twice", [.init("Name", name)], "SAML Core §3.3.2.3",
                "name each attribute once, with all values you mean")
        case .queryPrincipal:
            .saml(
                "query.principal", "nobody of this name is logged in at your service through us", [], "SAML Core §3.3.4; checklist S12",
                "ask while the citizen's session lasts, by the NameID of the assertion")
        case .attributeService(let index):
            .saml(
                "request.attribute-service", "AttributeConsumingServiceIndex is not in your metadata",
                [.init("AttributeConsumingServiceIndex", String(index))], "SAML Core §3.4.1; Kantara IIP-IDP04", "register the index")
        case .encryption(let gap): gap.explanation
        case .unsolicitedParameter(let name):
            .saml(
                "unsolicited.parameter", "the address does not say for which service, or says it in a way we do not take",
                [.init("parameter", name)], "SAML Profiles §4.1.5; checklist S8",
                "use /saml/unsolicited?providerId=ENTITYID, with target and shire at most once each")
        case .unsolicitedForbidden(let id):
            .saml(
                "unsolicited.off", "the service does not take answers that it did not ask for", [.init("member", id.text)],
                "SAML Profiles §4.1.5; checklist S8", "begin at the service; its operator may set `unsolicited: true` in the member's file")
        case .principal(let what):
            .saml(
                "logout.principal", "the LogoutRequest does not say whom it means", [.init("reason", what)], "SAML Core §3.7.1",
                "send the NameID of the assertion, in clear or encrypted to a key of our metadata, with Format and qualifiers as they were")
        case .nameCipher(let uri):
            .saml(
                "name.cipher", "the name is encrypted with an algorithm that we do not take", [.init("Algorithm", uri)],
                "SAML Core §2.2.4; checklist S51, A20",
                "encrypt names with the algorithms of our metadata (AES-GCM); for AES-CBC our operator may set `ciphers: allow-cbc-names`")
        case .logoutExpired(let end, let now):
            .saml(
                "logout.expired", "NotOnOrAfter of the LogoutRequest is past", [.init("NotOnOrAfter", end.text), .init("now", now.text)],
                "SAML Core §3.7.1", "send a new one; set your clock")
        }
    }
}

extension Explanation {
    fileprivate static func saml(
        _ code: String, _ summary: String, _ compared: [Compared], _ clause: String, _ remedy: String
    ) -> Explanation {
        Explanation("saml." + code, summary, compared: compared, clause: clause, remedy: remedy)
    }
}
