import HTTPTypes
import Hummingbird
import NIOCore
import Vocabulary

/// Why a sample service would not let somebody in.
struct PartyRefusal: Error {
    let why: String
    var more: [(String, String)] = []

    var facts: [(String, String)] { [("refused", why)] + more }
}

/// What both sample services need of the web.
enum Shown {
    static func page(
        _ title: String, _ facts: [(String, String)], link: String? = nil, status: HTTPResponse.Status = .ok
    ) -> Response {
        var text = "<!DOCTYPE html><html lang=\"ja\"><head><meta charset=\"utf-8\"><title>" + html(title) + "</title></head><body><h1>"
        text += html(title) + "</h1><dl>"
        for (name, value) in facts { text += "<dt>" + html(name) + "</dt><dd>" + html(value) + "</dd>" }
        text += "</dl>"
        if let link { text += "<p><a href=\"" + html(link) + "\">マイナンバーカードでログイン Log in with your card</a></p>" }
        return bytes(Array((text + "</body></html>").utf8), "text/html; charset=utf-8", status: status)
    }

    static func bytes(_ bytes: [UInt8], _ type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func html(_ text: String) -> String {
        var safe = ""
        for character in text {
            switch character {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            default: safe.append(character)
            }
        }
        return safe
    }

    /// Percent-encoding of everything but RFC 3986's unreserved characters.
    static func escaped(_ text: String) -> String {
        var safe: [UInt8] = []
        for byte in text.utf8 {
            if byte.isBase64url || byte == 0x2e || byte == 0x7e {
                safe.append(byte)
            } else {
                safe.append(0x25)
                safe += Hexadecimal.encode([byte]).uppercased().utf8
            }
        }
        return String(decoding: safe, as: UTF8.self)
    }

    /// The first value of a name in a query or form.
    static func field(_ name: String, of form: String) -> String? {
        for pair in form.split(separator: "&") {
            guard let separator = pair.firstIndex(of: "="), pair[..<separator] == name else { continue }
            return unescaped(pair[pair.index(after: separator)...])
        }
        return nil
    }

    private static func unescaped(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x2b: bytes.append(0x20)
            case 0x25:
                guard let pair = Hexadecimal.decode(String(decoding: rest.prefix(2), as: UTF8.self)), pair.count == 1 else { return nil }
                bytes += pair
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Raw DEFLATE without compression (RFC 1951 §3.2.4): stored blocks.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var start = 0
        repeat {
            let end = min(start + 65_535, bytes.count)
            let length = UInt16(truncatingIfNeeded: end - start)
            out.append(end == bytes.count ? 1 : 0)
            out += [UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)]
            out += bytes[start..<end]
            start = end
        } while start < bytes.count
        return out
    }
}
