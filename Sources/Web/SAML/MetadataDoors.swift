import HTTPTypes
import Hummingbird
import SAML
import Settings
import TrustFramework
import Vocabulary

/// Where our metadata is fetched (SAML Metadata §4.1; M2).
extension Platform {
    /// `GET /saml/metadata`, and the path of our entityID where that is another one of ours. `?member=ENTITYID` is a member's own address: the
    /// key it is pinned to stands first, and that it was fetched is remembered for `sekisho keys report`.
    func samlMetadata(_ request: Request) throws -> Response {
        let now = clock()
        let settings = configuration.current
        var first: String?
        if let named = request.uri.queryParameters["member"] {
            guard let id = MemberID(String(named)), settings.federation.member(id) != nil else {
                return Answer.bytes(Array("unknown member\n".utf8), type: "text/plain; charset=utf-8", status: .notFound)
            }
            first = settings.federation.serviceProvider(id)?.signingWish.pin
            witness.fetched(id, settings.identityProvider.publishedFingerprints(at: now), at: now)
        }
        let copy = try metadataShelf.publication(for: settings, first: first, at: now)
        let seconds = Int(min(settings.identityProvider.lifetimes.metadataCache, 3600))
        var answer = Answer.published(copy.bytes, type: "application/samlmetadata+xml", seconds: seconds)
        if Self.isFresh(request, copy) {
            answer = Answer.published([], type: "application/samlmetadata+xml", seconds: seconds)
            answer.status = .notModified
            answer.headers[.contentType] = nil
        }
        answer.headers[.eTag] = copy.tag
        answer.headers[.lastModified] = HTTPDate.text(copy.made)
        if let disposition = HTTPField.Name("Content-Disposition") {
            answer.headers[disposition] = "inline; filename=\"sekisho-metadata.xml\""
        }
        return answer
    }

    /// The path of our entityID where it is an address of ours that no other door has. Changing it takes a restart.
    var entityPath: String? {
        let settings = configuration.current
        let name = settings.identityProvider.entityID.text
        guard name.hasPrefix(settings.baseURL + "/") else { return nil }
        let path = String(name.dropFirst(settings.baseURL.count))
        let taken = ["/saml", "/openid", "/journey", "/card", "/session", "/health", "/logout", "/.well-known"]
        guard path != "/", !taken.contains(where: { path == $0 || path.hasPrefix($0 + "/") }),
            path.utf8.allSatisfy({ $0.isBase64url || $0 == 0x2f || $0 == 0x2e })
        else { return nil }
        return path
    }

    /// `GET /saml/metadata/signing.pem`: certificates of the keys that sign our metadata, the next one among them, for readers that are
    /// given the key out of band (IIP-MD03).
    func samlMetadataKeys() -> Response {
        let now = clock()
        return Answer.published(
            Array(configuration.current.identityProvider.metadataCertificates(at: now).utf8), type: "application/x-pem-file", seconds: 3600)
    }

    /// RFC 9110 §13.2.2: If-None-Match decides where both are there.
    private static func isFresh(_ request: Request, _ copy: MetadataPublication) -> Bool {
        if let tags = request.headers[.ifNoneMatch] {
            return tags == "*"
                || tags.split(separator: ",").contains {
                    let tag = $0.drop { $0 == " " }
                    return (tag.hasPrefix("W/") ? tag.dropFirst(2) : tag) == copy.tag
                }
        }
        return request.headers[.ifModifiedSince].map { $0 == HTTPDate.text(copy.made) } ?? false
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
enum HTTPDate {
    static func text(_ moment: Timestamp) -> String {
        // 1970-01-01 was a Thursday.
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = Timestamp(seconds: moment.seconds).text.split { $0 == "-" || $0 == "T" || $0 == "Z" }
        guard parts.count >= 4, let month = Int(parts[1]), months.indices.contains(month - 1), moment.seconds >= 0 else {
            return "Thu, 01 Jan 1970 00:00:00 GMT"
        }
        let weekday = names[Int(moment.seconds / 86_400 % 7)]
        return "\(weekday), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]) GMT"
    }
}
