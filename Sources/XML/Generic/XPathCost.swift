/// What an XPath 1.0 expression costs beside the operations that libxml2 counts. The text of a node is all text below it, and to make it,
/// to copy it or to search in it counts as one operation, so that a filter which counts little can be quadratic. Read from the tokens alone
/// (XPath 1.0 §3.7), and rather too high than too low.
struct XPathCost {
    private enum Token: Hashable {
        case literal, number
        case name(String)
        case sign(String)
        case operation(String)
    }

    private enum Operand: Hashable {
        /// A literal, a number, or what a function or an operator makes.
        case scalar
        /// `@name`: a value, and no text below it.
        case attribute
        /// `.` and `..`
        case node
        case nodes
    }

    /// What an open parenthesis or bracket holds.
    private struct Group {
        /// Whose arguments these are.
        var function: String?
        /// Has an operator that makes a boolean or a number.
        var isScalar = false
    }

    /// Calls functions of XPath 1.0 only, and every literal ends. libxml2 would complain of another on standard error.
    private(set) var callsOnlyKnown = true
    /// Whether texts, values or names of the document are made at all.
    private(set) var makesTexts = false
    /// Places where the text of one node is made or copied; where that of each node of a set is; where two of them meet.
    private var single = 0
    private var sets = 0
    private var squares = 0
    /// Comparisons of two sets: libxml2 counts their nodes, and each of one meets the texts of the other once.
    private var pairs = 0
    /// Arguments of `concat`: a text may be so many times as long as the document's.
    private var joined = 0
    /// A text is searched for parts of another.
    private var searches = false
    /// Octets of all literals.
    private var literals = 0
    /// What stands in brackets is asked of node after node.
    private var hasPredicates = false

    init(_ expression: String) {
        let read = Self.tokens(of: Array(expression.utf8))
        let tokens = read.tokens
        literals = read.literals
        callsOnlyKnown = read.isComplete
        let hasUnion = tokens.contains(.operation("|"))
        // The `)` that end a scalar.
        var scalars: Set<Int> = []
        var outer: [Group] = []
        var group = Group()
        for (index, token) in tokens.enumerated() {
            switch token {
            case .sign("("):
                if index > 0, case .name(let name) = tokens[index - 1], !Self.known.contains(name) { callsOnlyKnown = false }
                outer.append(group)
                group = Group(function: Self.function(at: index, of: tokens))
                argument(index + 1, of: group.function, tokens, hasUnion)
            case .sign(","):
                argument(index + 1, of: group.function, tokens, hasUnion)
                let isSearch = Self.searching.contains(group.function ?? "")
                if isSearch, index + 1 < tokens.count, tokens[index + 1] != .literal { squares += 1 }
            case .sign("["):
                hasPredicates = true
                outer.append(group)
                group = Group()
            case .sign(")"), .sign("]"):
                let isScalar = group.function != nil || group.isScalar
                if isScalar, token == .sign(")") { scalars.insert(index) }
                group = outer.popLast() ?? Group()
            case .operation(let name) where name != "|":
                group.isScalar = true
                let left = Self.operand(before: index, of: tokens, scalars, hasUnion)
                operation(name, left, Self.operand(from: index + 1, of: tokens, hasUnion))
            default: break
            }
        }
    }

    /// What to charge for each evaluation, and for each operation that libxml2 counts in it.
    func charge(_ weights: XPathWeights) -> (evaluation: Int, operation: Int) {
        guard makesTexts else { return (0, 1) }
        let (whole, every) = (weights.whole + literals / 64, weights.every + literals / 64)
        let times = max(1, joined)
        let texts =
            Self.product(single, times, searches ? 1 + literals : 1, whole) + Self.product(sets, every)
            + Self.product(squares, 64, times, times, every, every)
        let met = Self.product(pairs, every)
        return hasPredicates ? (0, weights.value + texts + met) : (texts + met, weights.value + met)
    }

    /// Far above every budget, and so small that three of them can be added.
    private static let most = Int.max >> 3

    private static func product(_ factors: Int...) -> Int {
        factors.reduce(1) { whole, factor in
            let (value, isOver) = whole.multipliedReportingOverflow(by: factor)
            return isOver ? most : min(value, most)
        }
    }

    // MARK: Functions and operators

    /// The core library of XPath 1.0 §4 and the node tests. Words of operators before a parenthesis are no names here.
    private static let known: Set<String> = [
        "last", "position", "count", "local-name", "namespace-uri", "name", "string", "concat", "starts-with", "contains",
        "substring-before", "substring-after", "substring", "string-length", "normalize-space", "translate", "boolean", "not", "true",
        "false", "lang", "number", "sum", "floor", "ceiling", "round", "node", "text", "comment", "processing-instruction",
    ]
    private static let nodeTests: Set<String> = ["node", "text", "comment", "processing-instruction"]
    private static let searching: Set<String> = ["contains", "substring-before", "substring-after", "translate"]

    /// Whose parenthesis stands at `index`; nil where it is a node test's or nobody's.
    private static func function(at index: Int, of tokens: [Token]) -> String? {
        guard index > 0, case .name(let name) = tokens[index - 1], !nodeTests.contains(name) else { return nil }
        return name
    }

    /// An argument that begins at `index`.
    private mutating func argument(_ index: Int, of function: String?, _ tokens: [Token], _ hasUnion: Bool) {
        guard let function, index < tokens.count else { return }
        let isShort =
            tokens[index] == .literal || tokens[index] == .number || Self.operand(from: index, of: tokens, hasUnion) == .attribute
        switch function {
        case "last", "position", "count", "boolean", "not", "true", "false": return
        case "local-name", "namespace-uri", "name": break
        case "sum": sets += 1
        case "contains", "substring-before", "substring-after", "translate":
            searches = true
            single += 1
        case "concat":
            joined += 1
            single += isShort ? 0 : 1
        default: single += isShort ? 0 : 1
        }
        makesTexts = true
    }

    private mutating func operation(_ name: String, _ left: Operand, _ right: Operand) {
        guard name != "and", name != "or", left != .scalar || right != .scalar else { return }
        makesTexts = true
        let isComparison = ["=", "!=", "<", "<=", ">", ">="].contains(name)
        guard isComparison, left == .nodes || right == .nodes else {
            single += [left, right].count { $0 == .node || $0 == .nodes }
            return
        }
        let other = left == .nodes ? right : left
        switch other {
        case .scalar: sets += 1
        case .node: sets += 2
        case .attribute, .nodes: pairs += 1
        }
    }

    /// The operand that ends before the operator at `index`.
    private static func operand(before index: Int, of tokens: [Token], _ scalars: Set<Int>, _ hasUnion: Bool) -> Operand {
        guard index > 0 else { return .scalar }
        let before = index > 1 ? tokens[index - 2] : nil
        switch tokens[index - 1] {
        case .literal, .number, .operation, .sign("("), .sign("["), .sign(","): return .scalar
        case .sign(")"): return scalars.contains(index - 1) ? .scalar : .nodes
        case .sign("."), .sign(".."): return hasUnion || before == .sign("/") || before == .sign("//") ? .nodes : .node
        case .name(let name): return !hasUnion && before == .sign("@") && !name.hasSuffix("*") ? .attribute : .nodes
        default: return .nodes
        }
    }

    /// The operand that begins at `index`.
    private static func operand(from index: Int, of tokens: [Token], _ hasUnion: Bool) -> Operand {
        func token(_ offset: Int) -> Token? { index + offset < tokens.count ? tokens[index + offset] : nil }
        func goesOn(_ offset: Int) -> Bool {
            guard let next = token(offset) else { return false }
            return next == .sign("/") || next == .sign("//") || next == .sign("[")
        }
        guard let first = token(0) else { return .scalar }
        switch first {
        case .literal, .number: return .scalar
        case .name(let name):
            let isCall = token(1) == .sign("(") && !nodeTests.contains(name)
            return isCall ? .scalar : .nodes
        case .sign("."), .sign(".."): return hasUnion || goesOn(1) ? .nodes : .node
        case .sign("@"):
            guard !hasUnion, !goesOn(2), case .name(let name)? = token(1), !name.hasSuffix("*") else { return .nodes }
            return .attribute
        default: return .nodes
        }
    }

    // MARK: Tokens

    /// `literals`: octets of all literals. Not complete where a literal does not end.
    private static func tokens(of text: [UInt8]) -> (tokens: [Token], literals: Int, isComplete: Bool) {
        var tokens: [Token] = []
        var isComplete = true
        var literals = 0
        var index = 0
        while index < text.count {
            let start = index
            let byte = text[index]
            index += 1
            switch byte {
            case 0x20, 0x09, 0x0a, 0x0d: break
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                while index < text.count, text[index] != byte { index += 1 }
                literals += index - start
                if index == text.count { isComplete = false }
                index += 1
                tokens.append(.literal)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                while index < text.count, isDigit(text[index]) || text[index] == UInt8(ascii: ".") { index += 1 }
                tokens.append(.number)
            case _ where startsName(byte):
                index = endOfName(in: text, from: start)
                let name = String(decoding: text[start..<index], as: UTF8.self)
                let isOperator = isAfterOperand(tokens) && ["and", "or", "div", "mod"].contains(name)
                tokens.append(isOperator ? .operation(name) : .name(name))
            case UInt8(ascii: "*"): tokens.append(isAfterOperand(tokens) ? .operation("*") : .name("*"))
            case UInt8(ascii: "|"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "="):
                tokens.append(.operation(String(decoding: [byte], as: UTF8.self)))
            case UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"):
                if index < text.count, text[index] == UInt8(ascii: "=") { index += 1 }
                tokens.append(.operation(String(decoding: text[start..<index], as: UTF8.self)))
            default:
                // `//`, `::` and `..` are one each.
                let isPair = byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
                if isPair, index < text.count, text[index] == byte { index += 1 }
                tokens.append(.sign(String(decoding: text[start..<index], as: UTF8.self)))
            }
        }
        return (tokens, literals, isComplete)
    }

    /// Where `*` and the names of operators are operators and no names.
    private static func isAfterOperand(_ tokens: [Token]) -> Bool {
        guard let last = tokens.last else { return false }
        switch last {
        case .literal, .number, .name, .sign(")"), .sign("]"), .sign("."), .sign(".."): return true
        default: return false
        }
    }

    /// With its prefix; two colons end an axis.
    private static func endOfName(in text: [UInt8], from start: Int) -> Int {
        func end(_ from: Int) -> Int { text[from...].firstIndex { !continuesName($0) } ?? text.count }
        let index = end(start)
        let colon = UInt8(ascii: ":")
        guard index + 1 < text.count, text[index] == colon, text[index + 1] != colon else { return index }
        return text[index + 1] == UInt8(ascii: "*") ? index + 2 : end(index + 1)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func startsName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x80..., UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func continuesName(_ byte: UInt8) -> Bool {
        startsName(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
}
