package import SignOn

/// `metering:` of sekisho.yaml: what one check of each kind costs whoever operates the platform (R24). The prices are the operator's
/// contracts; none is known here.
package struct MeteringPart: Sendable, Hashable {
    /// ISO 4217, or another word for people.
    package let currency: String
    /// In thousandths of the currency; a kind that is left out costs nothing.
    package let costs: [UsageKind: Int64]

    package init(currency: String = "JPY", costs: [UsageKind: Int64] = [:]) {
        self.currency = currency
        self.costs = costs
    }

    /// In thousandths.
    package func cost(of usage: Usage) -> Int64 {
        let product = (costs[usage.kind] ?? 0).multipliedReportingOverflow(by: usage.count)
        return product.overflow ? .max : product.partialValue
    }

    static func read(_ section: Section?) -> MeteringPart {
        guard let section else { return MeteringPart() }
        let currency = section.text("currency", limit: 16) ?? "JPY"
        var costs: [UsageKind: Int64] = [:]
        if let inner = section.section("costs") {
            for kind in UsageKind.allCases {
                guard let text = inner.text(kind.rawValue, limit: 16) else { continue }
                guard let amount = Money.thousandths(text) else {
                    inner.report(
                        "metering.cost", at: inner.line(of: kind.rawValue), "`\(text)` is no price", "write a number such as 2 or 0.125")
                    continue
                }
                costs[kind] = amount
            }
            inner.finish()
        }
        section.finish()
        return MeteringPart(currency: currency, costs: costs)
    }
}

/// Amounts of money, in thousandths, as people write them.
package enum Money {
    /// Up to nine digits, and up to three behind the point; nil for anything else.
    package static func thousandths(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = parts.first, (1...9).contains(whole.utf8.count), let units = digits(whole) else {
            return nil
        }
        guard parts.count == 2, let rest = parts.last else { return units * 1000 }
        guard (1...3).contains(rest.utf8.count), let fraction = digits(rest) else { return nil }
        return units * 1000 + fraction * [100, 10, 1][rest.utf8.count - 1]
    }

    private static func digits(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }

    /// `12`, `0.125`; nothing behind the point that says nothing.
    package static func text(_ thousandths: Int64) -> String {
        let rest = thousandths % 1000
        guard rest != 0 else { return String(thousandths / 1000) }
        var fraction = String(1000 + rest).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(thousandths / 1000).\(fraction)"
    }
}
