package import Vocabulary

/// One line of a member's list, as it came, and the line that answers it.
package struct LinkLine: Sendable {
    /// Bytes of a line.
    package static let longest = 4_096

    /// Nil: it cannot be read.
    package let proposal: LinkProposal?
    /// What it calls the customer, where that can be told.
    private let customer: String?

    package init(_ line: [UInt8]) {
        guard line.count <= Self.longest, let json = try? JSON(reading: line, limit: Self.longest, depth: 2), let members = json.members,
            members.allSatisfy({ Self.names.contains($0.0) })
        else {
            (proposal, customer) = (nil, nil)
            return
        }
        customer = json["customer"]?.string
        proposal = customer.flatMap { CustomerID($0) }.flatMap { Self.proposal(of: $0, json) }
    }

    private static let names: Set<String> = ["customer", "sub", "end", "again"]

    private static func proposal(of customer: CustomerID, _ json: JSON) -> LinkProposal? {
        let isAnew: Bool
        switch json["again"] {
        case nil, .bool(false): isAnew = false
        case .bool(true): isAnew = true
        default: return nil
        }
        switch (json["sub"], json["end"]) {
        case (nil, nil), (nil, .bool(false)): return LinkProposal(customer: customer, wish: .code, isAnew: isAnew)
        case (nil, .bool(true)): return LinkProposal(customer: customer, wish: .end)
        case (.string(let text), nil), (.string(let text), .bool(false)):
            guard let pairwise = PairwiseID(text) else { return nil }
            return LinkProposal(customer: customer, wish: .citizen(pairwise), isAnew: isAnew)
        default: return nil
        }
    }

    /// Nil: the line could not be read.
    package func answer(_ outcome: ProposalOutcome?) -> JSON {
        var members: [(String, JSON)] = []
        if let customer { members.append(("customer", .string(customer))) }
        members.append(("result", .string(outcome?.word.rawValue ?? "malformed")))
        if let code = outcome?.code { members.append(("code", .string(code.text))) }
        if let until = outcome?.codeUntil { members.append(("code_until", .string(until.text))) }
        return .object(members)
    }

    /// A link as its member sees it: who the citizen is, it does not say.
    package static func json(_ link: CustomerLink) -> JSON {
        var members: [(String, JSON)] = [
            ("customer", .string(link.customer.text)), ("state", .string(link.state.rawValue)), ("at", .string(link.at.text)),
        ]
        if let confirmation = link.confirmation { members.append(("by", .string(confirmation.rawValue))) }
        if let ender = link.endedBy { members.append(("ended_by", .string(ender.rawValue))) }
        return .object(members)
    }

    /// For the trail: how many of each, and no customer.
    package static func record(
        _ counts: [ProposalOutcome.Word: Int], of member: MemberID, by whom: String, at now: Timestamp
    ) -> Record {
        Record(
            "links.listed", at: now,
            [("member", .string(member.text)), ("by", .string(whom))]
                + ProposalOutcome.Word.allCases.compactMap { word in counts[word].map { (word.rawValue, .integer(Int64($0))) } })
    }
}

/// Cuts bytes into lines as they come. A line that is too long is given as so many bytes and one, which no reader takes.
package struct LineReader: Sendable {
    private let longest: Int
    private var rest: [UInt8] = []

    package init(longest: Int) { self.longest = longest }

    /// The lines that are whole by now, empty ones left out.
    package mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for piece in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            if piece.offset > 0 { lines += end() }
            guard rest.count <= longest else { continue }
            rest += piece.element.prefix(longest + 1 - rest.count)
        }
        return lines
    }

    /// What is left at the end.
    package mutating func end() -> [[UInt8]] {
        defer { rest.removeAll(keepingCapacity: true) }
        if rest.last == 0x0d { rest.removeLast() }
        return rest.allSatisfy { $0 == 0x20 || $0 == 0x09 } ? [] : [rest]
    }
}
