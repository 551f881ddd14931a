import Settings
import SignOn
import Vocabulary

/// Costs, or where no prices are known checks, of the last twelve months as bars: inline SVG of plain attributes, so that the content security
/// policy needs neither style nor script for it. The table beside it says the same to those who do not see it.
struct MeteringChart {
    private let bars: [(month: String, value: Int64)]
    private let isMoney: Bool
    private let currency: String

    init(_ usage: [Usage], _ part: MeteringPart) {
        var costs: [String: Int64] = [:]
        var counts: [String: Int64] = [:]
        for one in usage {
            let sum = costs[one.month, default: 0].addingReportingOverflow(part.cost(of: one))
            costs[one.month] = sum.overflow ? .max : sum.partialValue
            counts[one.month, default: 0] += one.count
        }
        isMoney = costs.values.contains { $0 > 0 }
        bars = (isMoney ? costs : counts).sorted { $0.key < $1.key }.suffix(12).map { ($0.key, $0.value) }
        currency = part.currency
    }

    private static let width = 720
    private static let height = 220
    private static let floor = 180

    func draw(_ page: inout Markup) {
        guard let most = bars.map(\.value).max(), most > 0 else { return page.paragraph(Words("まだ記録はありません。", "There are no records yet.")) }
        let title = isMoney ? Words("月ごとの費用（\(currency)）", "Costs by month, " + currency) : Words("月ごとの回数", "Checks by month")
        page.open(
            "svg",
            [
                ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", "0 0 \(Self.width) \(Self.height)"), ("width", "100%"),
                ("height", "\(Self.height)"), ("role", "img"), ("aria-label", title() + ": " + spoken),
            ])
        page.open(
            "line", [("x1", "0"), ("x2", "\(Self.width)"), ("y1", "\(Self.floor)"), ("y2", "\(Self.floor)"), ("stroke", "currentColor")])
        page.close("line")
        let step = Self.width / 12
        for (place, bar) in bars.enumerated() {
            let height = max(1, Int(Double(bar.value) / Double(most) * Double(Self.floor - 30)))
            page.open(
                "rect",
                [
                    ("x", "\(place * step + 6)"), ("y", "\(Self.floor - height)"), ("width", "\(step - 12)"), ("height", "\(height)"),
                    ("fill", "currentColor"),
                ])
            page.close("rect")
            label(text(bar.value), place * step + step / 2, Self.floor - height - 6, &page)
            label(bar.month, place * step + step / 2, Self.floor + 18, &page)
        }
        page.close("svg")
    }

    private func label(_ text: String, _ x: Int, _ y: Int, _ page: inout Markup) {
        page.open("text", [("x", "\(x)"), ("y", "\(y)"), ("text-anchor", "middle"), ("font-size", "11"), ("fill", "currentColor")])
        page.text(text)
        page.close("text")
    }

    private func text(_ value: Int64) -> String { isMoney ? Money.text(value) : String(value) }

    private var spoken: String { bars.map { $0.month + " " + text($0.value) }.joined(separator: ", ") }
}
