/// `xs:duration` as far as `cacheDuration` needs it (XML Schema 2 §3.2.6): not negative, in whole seconds rounded down, a year being 365 days
/// and a month 30.
enum MetadataDuration {
    static func seconds(_ text: String) -> Int64? {
        var rest = Array(text.utf8)[...]
        guard rest.count <= 64, rest.popFirst() == UInt8(ascii: "P") else { return nil }
        var total: Int64 = 0
        var parts = 0
        var units: [(UInt8, Int64)] = [(UInt8(ascii: "Y"), 31_536_000), (UInt8(ascii: "M"), 2_592_000), (UInt8(ascii: "D"), 86_400)]
        var isTime = false
        while let first = rest.first {
            if first == UInt8(ascii: "T") {
                guard !isTime, rest.count > 1 else { return nil }
                isTime = true
                units = [(UInt8(ascii: "H"), 3_600), (UInt8(ascii: "M"), 60), (UInt8(ascii: "S"), 1)]
                rest.removeFirst()
                continue
            }
            guard let number = digits(&rest) else { return nil }
            // Only seconds have a fraction.
            let isCut = rest.first == UInt8(ascii: ".")
            if isCut {
                rest.removeFirst()
                guard digits(&rest) != nil, rest.first == UInt8(ascii: "S") else { return nil }
            }
            // Each unit at most once, in order.
            guard let unit = rest.popFirst(), let place = units.firstIndex(where: { $0.0 == unit }) else { return nil }
            let (product, isTooLong) = number.multipliedReportingOverflow(by: units[place].1)
            let (sum, isTooMuch) = total.addingReportingOverflow(product)
            guard !isTooLong, !isTooMuch else { return nil }
            units.removeFirst(place + 1)
            total = sum
            parts += 1
        }
        return parts > 0 ? total : nil
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest.removeFirst(digits.count)
        return digits.isEmpty ? nil : Int64(String(decoding: digits, as: UTF8.self))
    }
}
