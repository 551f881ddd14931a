import HTTPTypes
import Hummingbird
import NIOCore
import Vocabulary

/// Ways to answer. All forbid storing, framing and sniffing, and all but a carrier referring.
enum Answer {
    static func page(_ markup: Markup, status: HTTPResponse.Status = .ok) -> Response {
        var headers = common
        headers[.contentType] = "text/html; charset=utf-8"
        // A page knows what stands in it.
        headers[.contentSecurityPolicy] = Pages.policy(markup.sheet, markup.scripts)
        headers[.contentLanguage] = markup.language.tag
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: markup.bytes)))
    }

    /// A page that posts its form to a service. Under `no-referrer` browsers say `Origin: null` with it, which services that look at the
    /// origin refuse; this names the origin, and nothing of the page.
    static func carrier(_ markup: Markup) -> Response {
        var response = page(markup)
        if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "strict-origin" }
        return response
    }

    /// 303, never 302 or 307: the body of a POST stays here (checklist E8).
    static func redirect(_ location: String) -> Response {
        var headers = common
        headers[.location] = location
        return Response(status: .seeOther, headers: headers)
    }

    static func json(_ json: JSON, status: HTTPResponse.Status = .ok, type: String = "application/json") -> Response {
        bytes(json.bytes, type: type, status: status)
    }

    static func bytes(_ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok) -> Response {
        var headers = common
        headers[.contentType] = type
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Published keys and metadata: readers may keep them for a while.
    static func published(_ bytes: [UInt8], type: String, seconds: Int) -> Response {
        var answer = self.bytes(bytes, type: type)
        answer.headers[.cacheControl] = "public, max-age=\(seconds)"
        if let pragma = HTTPField.Name("Pragma") { answer.headers[pragma] = nil }
        return answer
    }

    private static let common: HTTPFields = {
        var headers = HTTPFields()
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        for (name, value) in [("Pragma", "no-cache"), ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY")] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return headers
    }()
}

extension Response {
    func setting(_ cookies: String...) -> Response {
        var response = self
        for cookie in cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return response
    }
}

extension Request {
    /// The body, up to `limit` bytes; nil when there is more.
    func collected(upTo limit: Int) async throws -> [UInt8]? {
        do {
            let buffer = try await body.collect(upTo: limit)
            return [UInt8](buffer: buffer)
        } catch is NIOTooManyBytesError {
            return nil
        } catch {
            throw Self.broken(error)
        }
    }

    /// What an error says that came while a body was awaited. When we stop the peer did nothing wrong.
    static func broken(_ error: any Error) -> any Error { error is CancellationError ? error : BrokenBody() }
}

/// A body came in pieces that HTTP does not know, or not to its end: its sender's doing, and nothing of ours failed.
struct BrokenBody: Error {}
