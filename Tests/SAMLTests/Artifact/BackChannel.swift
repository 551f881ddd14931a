import Cryptography
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

/// What the ministry's server sends and gets behind the browser's back.
struct BackChannel {
    static let artifactService = "https://sp.ministry.example/artifact"

    /// With an ArtifactResolutionService of index 3, others of `more`, and a consumer that takes artifacts only.
    static func ministry(
        _ id: String = Federation.ministryID, key: PrivateKey = Federation.ministryKey, more: [Int] = []
    ) throws -> ServiceProvider {
        try Federation.one(
            Federation.metadata(
                id, keys: Federation.keyDescriptor(try Federation.certificate(of: key), use: "signing"),
                before: ([3] + more).map {
                    """
                    <md:ArtifactResolutionService index="\($0)" Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" \
                    Location="\(artifactService)\($0 == 3 ? "" : "/\($0)")"/>
                    """
                }.joined(),
                consumers: """
                    <md:AssertionConsumerService index="0" Binding="\(Federation.artifact)" Location="\(Federation.ministryConsumer)"/>
                    """))
    }

    var name: String
    var id = "_question-1"
    var issuer = Federation.ministryID
    var destination: String?
    var issued = Federation.now.adding(seconds: -2).text
    var attributes = ""
    var children: String

    static func resolve(_ artifact: String) -> BackChannel {
        BackChannel(name: "ArtifactResolve", children: "<samlp:Artifact>\(artifact)</samlp:Artifact>")
    }

    var xml: String {
        let destination = destination.map { " Destination=\"\($0)\"" } ?? ""
        return """
            <samlp:\(name) xmlns:saml="\(Asking.Name.assertion)" xmlns:samlp="\(Asking.Name.protocol)"\(destination) ID="\(id)" \
            IssueInstant="\(issued)" Version="2.0" \(attributes)><saml:Issuer>\(issuer)</saml:Issuer>\(children)</samlp:\(name)>
            """
    }

    func element(signedBy key: PrivateKey? = Federation.ministryKey) throws -> XMLElement {
        let tag = try #require(Copy.tag(of: XMLDocument(parsing: Array(xml.utf8)).root))
        let signed = try key.map {
            try XMLSigner(key: $0, algorithm: .rsaPKCS1(.sha256), certificate: Federation.certificate(of: $0)).sign(tag)
        }
        return try SOAPEnvelope.body(of: SOAPEnvelope.wrap(signed ?? tag))
    }

    /// Through the proving door, as the shell does it.
    func proven(
        for provider: ServiceProvider, address: String = Federation.base + "/saml/artifact",
        signedBy key: PrivateKey? = Federation.ministryKey
    ) throws -> ProvenMessage {
        try IncomingMessage.soap(try element(signedBy: key), named: [name]).proven(
            by: provider, at: Federation.identityProvider(), address: address, signature: ArtifactResolve.signature, at: Federation.now)
    }
}
