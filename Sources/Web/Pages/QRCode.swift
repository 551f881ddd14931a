/// A two-dimensional code (ISO/IEC 18004), made here so that no address of a login leaves for somebody else's drawing service: byte mode,
/// error correction M (15 % of it may be unreadable), versions 1…12.
struct QRCode: Sendable {
    /// Modules on a side.
    private(set) var side: Int
    /// Row by row; true is dark.
    private(set) var modules: [Bool]
    private var isFunction: [Bool]

    /// Nil where the text is too long: more than 287 bytes.
    init?(_ text: String) {
        let data = Array(text.utf8)
        guard let version = (1...Self.largest).first(where: { Self.room($0) >= data.count }) else { return nil }
        side = 17 + 4 * version
        modules = Array(repeating: false, count: side * side)
        isFunction = modules
        drawFunctionPatterns(version)
        drawCodewords(Self.interleaved(Self.codewords(data, version), version))
        let best = (0..<8).map { mask in (mask, masked(by: mask).penalty) }.min { $0.1 < $1.1 }?.0 ?? 0
        self = masked(by: best)
    }

    /// Outside of it everything is light.
    func isDark(_ x: Int, _ y: Int) -> Bool {
        (0..<side).contains(x) && (0..<side).contains(y) && modules[y * side + x]
    }

    // MARK: Sizes (ISO/IEC 18004 tables 7 and 9, level M)

    private static let largest = 12
    private static let correction = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22]
    private static let blocks = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8]

    private static func rawModules(_ version: Int) -> Int {
        var count = (16 * version + 128) * version + 64
        if version >= 2 {
            let alignments = version / 7 + 2
            count -= (25 * alignments - 10) * alignments - 55
            if version >= 7 { count -= 36 }
        }
        return count
    }

    private static func dataCodewords(_ version: Int) -> Int {
        rawModules(version) / 8 - correction[version] * blocks[version]
    }

    /// Bytes of text that fit: mode and length take 12 bits, from version 10 on 20.
    private static func room(_ version: Int) -> Int { (dataCodewords(version) * 8 - (version < 10 ? 12 : 20)) / 8 }

    // MARK: Codewords

    private static func codewords(_ data: [UInt8], _ version: Int) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int) {
            for bit in stride(from: count - 1, through: 0, by: -1) { bits.append(value >> bit & 1 == 1) }
        }
        append(0b0100, 4)
        append(data.count, version < 10 ? 8 : 16)
        for byte in data { append(Int(byte), 8) }
        let capacity = dataCodewords(version) * 8
        append(0, min(4, capacity - bits.count))
        append(0, (8 - bits.count % 8) % 8)
        var pad = 0xec
        while bits.count < capacity {
            append(pad, 8)
            pad ^= 0xec ^ 0x11
        }
        return stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
        }
    }

    private static func interleaved(_ data: [UInt8], _ version: Int) -> [UInt8] {
        let (count, degree) = (blocks[version], correction[version])
        let raw = rawModules(version) / 8
        let short = raw / count
        let divisor = ReedSolomon.divisor(degree)
        var parts: [(data: ArraySlice<UInt8>, correction: [UInt8])] = []
        var start = 0
        for index in 0..<count {
            let length = short - degree + (index < count - raw % count ? 0 : 1)
            let part = data[start..<start + length]
            parts.append((part, ReedSolomon.remainder(part, divisor)))
            start += length
        }
        var all: [UInt8] = []
        for place in 0..<(short - degree + 1) {
            for part in parts where place < part.data.count { all.append(part.data[part.data.startIndex + place]) }
        }
        for place in 0..<degree { for part in parts { all.append(part.correction[place]) } }
        return all
    }

    // MARK: Drawing

    private mutating func set(_ x: Int, _ y: Int, _ isDark: Bool) {
        guard (0..<side).contains(x), (0..<side).contains(y) else { return }
        modules[y * side + x] = isDark
        isFunction[y * side + x] = true
    }

    private mutating func drawFunctionPatterns(_ version: Int) {
        for place in 0..<side {
            set(6, place, place % 2 == 0)
            set(place, 6, place % 2 == 0)
        }
        for (x, y) in [(3, 3), (side - 4, 3), (3, side - 4)] {
            for dy in -4...4 {
                for dx in -4...4 {
                    let distance = max(abs(dx), abs(dy))
                    set(x + dx, y + dy, distance != 2 && distance != 4)
                }
            }
        }
        let places = Self.alignments(version)
        for (row, y) in places.enumerated() {
            for (column, x) in places.enumerated() {
                let last = places.count - 1
                if (row == 0 && column == 0) || (row == 0 && column == last) || (row == last && column == 0) { continue }
                for dy in -2...2 { for dx in -2...2 { set(x + dx, y + dy, max(abs(dx), abs(dy)) != 1) } }
            }
        }
        drawFormat(mask: 0)
        drawVersion(version)
    }

    private static func alignments(_ version: Int) -> [Int] {
        guard version > 1 else { return [] }
        let count = version / 7 + 2
        let step = (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2
        let end = version * 4 + 10
        return [6] + (0..<count - 1).reversed().map { end - $0 * step }
    }

    /// Level M is `00`; fifteen bits with their BCH code, twice.
    private mutating func drawFormat(mask: Int) {
        var remainder = mask
        for _ in 0..<10 { remainder = remainder << 1 ^ (remainder >> 9) * 0x537 }
        let bits = (mask << 10 | remainder) ^ 0x5412
        func bit(_ index: Int) -> Bool { bits >> index & 1 == 1 }
        for index in 0...5 { set(8, index, bit(index)) }
        set(8, 7, bit(6))
        set(8, 8, bit(7))
        set(7, 8, bit(8))
        for index in 9..<15 { set(14 - index, 8, bit(index)) }
        for index in 0..<8 { set(side - 1 - index, 8, bit(index)) }
        for index in 8..<15 { set(8, side - 15 + index, bit(index)) }
        set(8, side - 8, true)
    }

    private mutating func drawVersion(_ version: Int) {
        guard version >= 7 else { return }
        var remainder = version
        for _ in 0..<12 { remainder = remainder << 1 ^ (remainder >> 11) * 0x1f25 }
        let bits = version << 12 | remainder
        for index in 0..<18 {
            let isDark = bits >> index & 1 == 1
            set(side - 11 + index % 3, index / 3, isDark)
            set(index / 3, side - 11 + index % 3, isDark)
        }
    }

    private mutating func drawCodewords(_ codewords: [UInt8]) {
        var index = 0
        for pair in stride(from: side - 1, through: 1, by: -2) {
            let right = pair <= 6 ? pair - 1 : pair
            for step in 0..<side {
                for column in 0..<2 {
                    let x = right - column
                    let y = (right + 1) & 2 == 0 ? side - 1 - step : step
                    guard !isFunction[y * side + x], index < codewords.count * 8 else { continue }
                    modules[y * side + x] = codewords[index / 8] >> (7 - index % 8) & 1 == 1
                    index += 1
                }
            }
        }
    }

    private func masked(by mask: Int) -> QRCode {
        var copy = self
        for y in 0..<side {
            for x in 0..<side where !isFunction[y * side + x] {
                let flips =
                    switch mask {
                    case 0: (x + y) % 2 == 0
                    case 1: y % 2 == 0
                    case 2: x % 3 == 0
                    case 3: (x + y) % 3 == 0
                    case 4: (x / 3 + y / 2) % 2 == 0
                    case 5: x * y % 2 + x * y % 3 == 0
                    case 6: (x * y % 2 + x * y % 3) % 2 == 0
                    default: ((x + y) % 2 + x * y % 3) % 2 == 0
                    }
                if flips { copy.modules[y * side + x].toggle() }
            }
        }
        copy.drawFormat(mask: mask)
        return copy
    }

    /// ISO/IEC 18004 §7.8.3: runs, blocks, patterns that look like a finder, and too much of one colour.
    private var penalty: Int {
        var score = 0
        for isColumn in [false, true] {
            for line in 0..<side {
                let cells = (0..<side).map { isColumn ? modules[$0 * side + line] : modules[line * side + $0] }
                var run = 1
                for place in 1..<side {
                    run = cells[place] == cells[place - 1] ? run + 1 : 1
                    if run == 5 { score += 3 } else if run > 5 { score += 1 }
                }
                score += 40 * Self.finders(in: cells)
            }
        }
        for y in 0..<side - 1 {
            for x in 0..<side - 1 {
                let corner = modules[y * side + x]
                if corner == modules[y * side + x + 1], corner == modules[(y + 1) * side + x], corner == modules[(y + 1) * side + x + 1] {
                    score += 3
                }
            }
        }
        let dark = modules.count { $0 }
        let total = side * side
        return score + (abs(dark * 20 - total * 10) / total) * 10
    }

    private static func finders(in cells: [Bool]) -> Int {
        let pattern = [true, false, true, true, true, false, true]
        var count = 0
        for start in 0...(cells.count - 7) where Array(cells[start..<start + 7]) == pattern {
            let before = (max(0, start - 4)..<start).allSatisfy { !cells[$0] }
            let after = (start + 7..<min(cells.count, start + 11)).allSatisfy { !cells[$0] }
            if before || after { count += 1 }
        }
        return count
    }
}

/// Over GF(2⁸) with the polynomial x⁸ + x⁴ + x³ + x² + 1.
private enum ReedSolomon {
    static func divisor(_ degree: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: degree)
        result[degree - 1] = 1
        var root: UInt8 = 1
        for _ in 0..<degree {
            for place in 0..<degree {
                result[place] = product(result[place], root)
                if place + 1 < degree { result[place] ^= result[place + 1] }
            }
            root = product(root, 2)
        }
        return result
    }

    static func remainder(_ data: ArraySlice<UInt8>, _ divisor: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: divisor.count)
        for byte in data {
            let factor = byte ^ result.removeFirst()
            result.append(0)
            for place in result.indices { result[place] ^= product(divisor[place], factor) }
        }
        return result
    }

    private static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var result = 0
        for bit in stride(from: 7, through: 0, by: -1) {
            result = result << 1 ^ (result >> 7) * 0x11d
            if right >> bit & 1 == 1 { result ^= Int(left) }
        }
        return UInt8(truncatingIfNeeded: result)
    }
}

extension Markup {
    /// Nothing where the text is too long for a code: the address stands beside it in letters always.
    mutating func qr(_ text: String, label: Words) {
        guard let code = QRCode(text) else { return }
        let side = String(code.side + 8)
        open(
            "svg",
            [
                ("class", "qr"), ("viewBox", "0 0 " + side + " " + side), ("role", "img"), ("aria-label", label(language)),
                ("shape-rendering", "crispEdges"),
            ])
        var path = ""
        for y in 0..<code.side {
            var x = 0
            while x < code.side {
                guard code.isDark(x, y) else {
                    x += 1
                    continue
                }
                let start = x
                while code.isDark(x, y) { x += 1 }
                path += "M" + String(start + 4) + " " + String(y + 4) + "h" + String(x - start) + "v1h-" + String(x - start) + "z"
            }
        }
        raw("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>")
        element("<path fill=\"#000\" d=\"", path, "\"/></svg>")
    }
}
