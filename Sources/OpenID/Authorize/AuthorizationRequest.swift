import Cryptography
package import Vocabulary

/// A request to the authorization endpoint as it came, by GET or POST (OpenID Connect Core §3.1.2.1). Only the name it claims to come from
/// is known; nothing is believed.
package struct UnverifiedAuthorizationRequest: Sendable {
    package let clientID: MemberID
    let parameters: FormParameters

    /// Reads the raw query or form body: at most 32 KiB and 64 parameters. Refuses, onto a page, what names no client.
    package init(parameters raw: String) throws(AuthorizationRefusal) {
        do throws(FormRefusal) {
            parameters = try FormParameters(Array(raw.utf8))
        } catch {
            throw .page(error.explanation)
        }
        guard !parameters.repeated.contains("client_id") else { throw .page(.repeated("client_id")) }
        guard let text = parameters["client_id"] else { throw .page(.clientMissing) }
        guard let id = MemberID(text) else { throw .page(.clientUnknown(text)) }
        clientID = id
    }

    /// The request object was signed by a key that the client's published set did not have when it was fetched last.
    package func wantsNewKeys(of client: Client?) -> Bool { client?.mayHaveNewKey(for: parameters["request"]) ?? false }

    /// SHA-256 of the `request_uri` when it has the form of those we give out: the key of the look-up among pushed requests.
    package var pushedDigest: [UInt8]? {
        guard let uri = parameters["request_uri"], PushedRequest.isReference(uri) else { return nil }
        return Digest.sha256(Array(uri.utf8))
    }
}
