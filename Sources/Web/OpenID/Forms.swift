import HTTPTypes
import Hummingbird

extension Platform {
    /// The content type of every form that OAuth speaks of (RFC 6749 appendix B).
    static func isForm(_ request: Request) -> Bool {
        request.headers[.contentType]?.split(separator: ";").first?.lowercased() == "application/x-www-form-urlencoded"
    }
}
