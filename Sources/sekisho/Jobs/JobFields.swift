import Vocabulary

/// What is wrong with a job itself, as against the certificates in it.
struct JobRefusal: Error {
    /// Stable: `job.json`, `job.field.missing`, `job.file` …
    let code: String
    let detail: String

    init(_ code: String, _ detail: String) {
        self.code = code
        self.detail = Explanation.redacted(detail)
    }
}

/// The members of a job under reading. Suites name one thing in several ways, and spell names with hyphens, underlines or capitals:
/// each getter takes the names it knows, in order, and `ignored` says which members nobody asked for.
struct JobFields {
    typealias Given = (name: String, value: JSON)

    private let members: [(name: String, plain: String, value: JSON)]
    private var known: Set<String> = []

    init(_ json: JSON) throws(JobRefusal) {
        guard let members = json.members else { throw JobRefusal("job.json", "a job is a JSON object") }
        self.members = members.map { ($0.0, Self.plain($0.0), $0.1) }
    }

    private static func plain(_ name: String) -> String { name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " } }

    /// The value under the first of these names that is there and not null. All of the names count as known.
    mutating func take(_ names: [String]) -> Given? {
        let plain = names.map(Self.plain)
        known.formUnion(plain)
        for name in plain {
            for member in members where member.plain == name {
                if case .null = member.value { continue }
                return (member.name, member.value)
            }
        }
        return nil
    }

    mutating func flag(_ names: [String]) throws(JobRefusal) -> Bool? {
        guard let found = take(names) else { return nil }
        switch found.value {
        case .bool(let value): return value
        case .integer(0), .string("false"): return false
        case .integer(1), .string("true"): return true
        default: throw JobRefusal("job.field.type", "`\(found.name)` is neither true nor false")
        }
    }

    mutating func number(in range: ClosedRange<Int>, _ names: [String]) throws(JobRefusal) -> Int? {
        guard let found = take(names) else { return nil }
        guard let value = found.value.integer.map({ Int($0) }), range.contains(value) else {
            throw JobRefusal("job.field.value", "`\(found.name)` is no whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// Texts; one text counts as a list, its items parted by commas or spaces.
    mutating func texts(_ names: [String]) throws(JobRefusal) -> (name: String, texts: [String])? {
        guard let found = take(names) else { return nil }
        if let text = found.value.string {
            return (found.name, text.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init))
        }
        guard let texts = found.value.strings else { throw JobRefusal("job.field.type", "`\(found.name)` is no list of texts") }
        return (found.name, texts)
    }

    /// Members that nobody asked for, as they were written.
    var ignored: [String] { members.filter { !known.contains($0.plain) }.map(\.name).prefix(64).map(Explanation.redacted) }
}
