import Vocabulary

extension String {
    /// The words between single or repeated spaces, as `scope`, `prompt` and `acr_values` are written (RFC 6749 §3.3).
    var words: [String] { utf8.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) } }
}

extension Sequence<(name: String, value: String)> {
    /// `name=value&…` with every byte but the unreserved ones encoded (RFC 3986 §2.3).
    var formEncoded: String {
        var out: [UInt8] = []
        for (name, value) in self {
            if !out.isEmpty { out.append(0x26) }
            PercentEncoding.write(name, to: &out)
            out.append(0x3d)
            PercentEncoding.write(value, to: &out)
        }
        return String(decoding: out, as: UTF8.self)
    }
}

extension Explanation {
    /// The text of `error_description`: what was compared and what to do, in the characters RFC 6749 §5.2 allows, at most 500 of them.
    var errorDescription: String {
        var text = summary
        if !compared.isEmpty { text += " (" + compared.map { $0.name + ": " + $0.value }.joined(separator: ", ") + ")" }
        text += "; " + remedy + " [" + code + "]"
        let allowed = text.unicodeScalars.map { scalar -> UInt8 in
            guard scalar.isASCII, let byte = UInt8(exactly: scalar.value), byte >= 0x20, byte < 0x7f, byte != 0x22, byte != 0x5c else {
                return byte(for: scalar)
            }
            return byte
        }
        return String(decoding: allowed.prefix(500), as: UTF8.self)
    }

    private func byte(for scalar: Unicode.Scalar) -> UInt8 { scalar == "\"" || scalar == "\\" ? 0x27 : 0x3f }
}
