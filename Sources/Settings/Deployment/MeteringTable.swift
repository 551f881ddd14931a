package import SignOn
package import Vocabulary

/// One month's use, a row for each member, dearest first. The console's table and `sekisho metering` are made of it.
package struct MeteringTable: Sendable {
    package struct Row: Sendable {
        package let member: MemberID
        package let counts: [UsageKind: Int64]
        /// In thousandths of the currency.
        package let cost: Int64
    }

    package let rows: [Row]
    package let currency: String

    package init(_ usage: [Usage], _ part: MeteringPart) {
        var counts: [MemberID: [UsageKind: Int64]] = [:]
        var costs: [MemberID: Int64] = [:]
        for one in usage {
            counts[one.member, default: [:]][one.kind, default: 0] += one.count
            let sum = costs[one.member, default: 0].addingReportingOverflow(part.cost(of: one))
            costs[one.member] = sum.overflow ? .max : sum.partialValue
        }
        rows = counts.map { Row(member: $0.key, counts: $0.value, cost: costs[$0.key] ?? 0) }
            .sorted { ($1.cost, $0.member.text) < ($0.cost, $1.member.text) }
        currency = part.currency
    }

    package func total(_ kind: UsageKind) -> Int64 { rows.reduce(0) { $0 + ($1.counts[kind] ?? 0) } }

    package var cost: Int64 {
        rows.reduce(0) { sum, row in
            let next = sum.addingReportingOverflow(row.cost)
            return next.overflow ? .max : next.partialValue
        }
    }

    /// RFC 4180, sorted: month, member, kind, count, price of one, cost, currency.
    package static func csv(_ usage: [Usage], _ part: MeteringPart) -> String {
        let lines = usage.sorted { ($0.month, $0.member.text, $0.kind.rawValue) < ($1.month, $1.member.text, $1.kind.rawValue) }.map {
            one in
            [
                one.month, field(one.member.text), one.kind.rawValue, String(one.count), Money.text(part.costs[one.kind] ?? 0),
                Money.text(part.cost(of: one)), field(part.currency),
            ].joined(separator: ",")
        }
        return (["month,member,kind,count,price,cost,currency"] + lines).joined(separator: "\r\n") + "\r\n"
    }

    /// Quoted where it has to be; a leading sign that a spreadsheet would take for a formula is kept from being one.
    private static func field(_ text: String) -> String {
        let safe = text.first.map { "=+-@\t".contains($0) } ?? false ? "'" + text : text
        guard safe.contains(where: { ",\"\r\n".contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
