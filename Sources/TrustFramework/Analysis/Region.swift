import Vocabulary

/// A box in the finite picture of all questions: for each axis the classes that it takes up. Every rule is such a box less the boxes of its
/// exceptions, which is what makes the questions of this folder exact.
package struct Region: Hashable, Sendable {
    package var axes: [ClassSet]

    package init(_ axes: [ClassSet]) { self.axes = axes }

    package var isEmpty: Bool { axes.contains { $0.isEmpty } }

    package func intersects(_ other: Region) -> Bool {
        zip(axes, other.axes).allSatisfy { !$0.isDisjoint(with: $1) }
    }

    package func intersection(_ other: Region) -> Region { Region(zip(axes, other.axes).map { $0.intersection($1) }) }

    package func isCovered(by other: Region) -> Bool { isEmpty || zip(axes, other.axes).allSatisfy { $0.isSubset(of: $1) } }

    package func contains(_ point: [Int]) -> Bool {
        point.count == axes.count && zip(axes, point).allSatisfy { $0.contains($1) }
    }

    /// How many points it holds; stops counting at the largest number there is.
    package var size: Int {
        axes.reduce(1) { total, axis in
            let (product, overflow) = total.multipliedReportingOverflow(by: axis.count)
            return overflow ? .max : product
        }
    }

    /// What is left of it without another: boxes that share no point, at most one for each axis.
    package func subtracting(_ other: Region) -> [Region] {
        guard intersects(other) else { return isEmpty ? [] : [self] }
        var left: [Region] = []
        var rest = self
        for (index, axis) in axes.enumerated() {
            let outside = axis.subtracting(other.axes[index])
            if !outside.isEmpty {
                var piece = rest
                piece.axes[index] = outside
                left.append(piece)
            }
            rest.axes[index] = axis.intersection(other.axes[index])
        }
        return left
    }
}

extension [Region] {
    /// The boxes without what another takes up. Every box that is looked at costs one of `budget`.
    func subtracting(_ other: Region, within budget: inout Budget) throws(BudgetExceeded) -> [Region] {
        var left: [Region] = []
        for piece in self {
            let pieces = piece.subtracting(other)
            try budget.spend(1 + pieces.count)
            left += pieces
        }
        return left
    }

    /// The same points in fewer boxes: two that differ in one axis only become one. Boxes must share no point.
    func merged(within budget: inout Budget) -> [Region] {
        var boxes = self
        while true {
            let before = boxes.count
            for axis in boxes.first?.axes.indices ?? 0..<0 {
                guard (try? budget.spend(boxes.count)) != nil else { return boxes }
                var place: [Region: Int] = [:]
                var joined: [Region] = []
                for box in boxes {
                    var others = box
                    others.axes[axis] = ClassSet(noneOf: 0)
                    if let index = place[others] {
                        joined[index].axes[axis] = joined[index].axes[axis].union(box.axes[axis])
                    } else {
                        place[others] = joined.count
                        joined.append(box)
                    }
                }
                boxes = joined
            }
            guard boxes.count < before else { return boxes }
        }
    }
}
