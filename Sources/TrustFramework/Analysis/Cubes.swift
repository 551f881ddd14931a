/// Puts a set of rows of a table into few words: which columns decide, and with which values.
///
/// The rows of an axis are its classes, the columns its facts, the values numbers. What no row of the table has may be said or left unsaid:
/// it does not exist.
struct Cubes {
    /// For each column the values that it may have; nil where every value will do.
    typealias Cube = [Set<Int>?]

    /// One value for each column.
    let rows: [[Int]]

    /// Cubes that hold every row in `wanted` and no other one of the table, the widest that can be had from the first row on; at most `most`.
    /// `isComplete` is false when rows were left over.
    func cubes(of wanted: Set<Int>, most: Int) -> (cubes: [Cube], isComplete: Bool) {
        var open = wanted
        var cubes: [Cube] = []
        while let seed = open.min() {
            guard cubes.count < most else { return (cubes, false) }
            let cube = widest(from: rows[seed], within: wanted)
            cubes.append(cube)
            let before = open.count
            open = open.filter { !Self.holds(cube, rows[$0]) }
            // A cube holds the row that it began with.
            guard open.count < before else { return (cubes, false) }
        }
        return (cubes, true)
    }

    private func widest(from row: [Int], within wanted: Set<Int>) -> Cube {
        var cube: Cube = row.map { [$0] }
        func fits(_ candidate: Cube) -> Bool {
            rows.indices.allSatisfy { wanted.contains($0) || !Self.holds(candidate, rows[$0]) }
        }
        for column in row.indices {
            var wider = cube
            wider[column] = nil
            if fits(wider) { cube = wider }
        }
        for column in row.indices where cube[column] != nil {
            for value in Set(rows.map { $0[column] }).sorted() where cube[column]?.contains(value) == false {
                var wider = cube
                wider[column]?.insert(value)
                // A value that only unwanted rows have would be said for nothing.
                guard fits(wider), wanted.contains(where: { rows[$0][column] == value && Self.holds(wider, rows[$0]) }) else { continue }
                cube = wider
            }
        }
        return cube
    }

    private static func holds(_ cube: Cube, _ row: [Int]) -> Bool {
        zip(cube, row).allSatisfy { $0?.contains($1) ?? true }
    }
}
