/// The string types of names. Each keeps to its own alphabet; a string that does not is refused, because two readers would read two
/// names.
extension DERElement {
    /// The text of any string type; nil for a value that is no string.
    func directoryString() throws(DERError) -> String? {
        switch tag {
        case DERTag.utf8String: try utf8String()
        case DERTag.printableString: try ascii { Self.printable[Int($0)] }
        case DERTag.numericString: try ascii { (0x30...0x39).contains($0) || $0 == 0x20 }
        case DERTag.ia5String: try ia5String()
        case DERTag.visibleString: try ascii { (0x20...0x7e).contains($0) }
        // Teletex is read as Latin-1, as everyone does; its escape sequences have never been seen.
        case DERTag.teletexString: String(String.UnicodeScalarView(content.map { Unicode.Scalar($0) }))
        case DERTag.bmpString: try wide(2)
        case DERTag.universalString: try wide(4)
        default: nil
        }
    }

    package func utf8String() throws(DERError) -> String {
        guard let text = String(validating: content, as: UTF8.self) else { throw .value }
        return text
    }

    func ia5String() throws(DERError) -> String {
        try ascii { $0 < 0x80 }
    }

    private func ascii(_ allows: (UInt8) -> Bool) throws(DERError) -> String {
        let bytes = content
        guard bytes.allSatisfy(allows) else { throw .value }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func wide(_ width: Int) throws(DERError) -> String {
        let bytes = content
        guard bytes.count.isMultiple(of: width) else { throw .value }
        var text = String.UnicodeScalarView()
        for start in stride(from: 0, to: bytes.count, by: width) {
            let value = bytes[start..<start + width].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard let scalar = Unicode.Scalar(value) else { throw .value }
            text.append(scalar)
        }
        return String(text)
    }

    // X.680 §41.4.
    private static let printable: [Bool] = {
        var table = [Bool](repeating: false, count: 256)
        for byte in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?".utf8 { table[Int(byte)] = true }
        return table
    }()
}
