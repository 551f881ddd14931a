import TrustFramework
import Vocabulary

/// The words that facts may have here, where the deployment decides: contexts, classes of terminals.
struct PolicyWords {
    /// Nil: the ladder could not be read, so nothing is held against it.
    let contexts: [String]?
    /// Nil: any class will do.
    let terminals: [String]?

    init(_ ladder: AssuranceLadder?) {
        contexts = ladder?.contexts.map(\.name)
        terminals = ladder.flatMap { $0.terminalClasses.isEmpty ? nil : $0.terminalClasses + [AssuranceLadder.unclassified] }
    }
}

/// A word in a rule that only the members can prove right: looked up when they are known.
struct Mention {
    let member: MemberID
    let file: String
    let line: Int
}

/// What all files of rules may weigh together. A file is small; what it says can be multiplied by definitions and exceptions.
struct PolicyWeight {
    /// Words of all conditions after definitions are put in. The shipped rules come to some hundreds.
    static let most = 500_000
    private(set) var spent = 0

    /// False from the moment on at which it is too much.
    mutating func add(_ weight: Int) -> Bool {
        spent = min(spent + weight, Self.most + 1)
        return spent <= Self.most
    }
}
