/// Why one path was refused: what kind of fault, in which certificate (0 is the leaf), and where the rule stands, for the log.
package struct PathFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// In rising rank: the later the fault, the nearer the path was to being the right one.
    package enum Reason: Int, Hashable, Sendable, Comparable, CaseIterable {
        /// No path from the leaf to an anchor: other names or other keys.
        case noPath
        /// More certificates between leaf and anchor than the profile takes.
        case tooLong
        case signature
        /// A key or digest that the profile does not take.
        case weak
        /// A certificate that issued another is no authority, may not sign certificates, or stands too deep.
        case authority
        /// A rule for issuers was broken that the profile looks at.
        case conformance
        case nameConstraint
        case criticalExtension
        case policy
        /// The leaf may not be used for this.
        case keyUsage
        case purpose
        /// The leaf is somebody else's.
        case name
        case notYetValid
        case expired
        /// Nobody could say whether it was revoked, and the caller refuses that.
        case statusUnknown
        case revoked

        package static func < (left: Reason, right: Reason) -> Bool { left.rawValue < right.rawValue }
    }

    package let reason: Reason
    package let depth: Int
    /// The rule, by its clause or its name: never names, serials or other content.
    package let rule: String

    init(_ reason: Reason, depth: Int, _ rule: String) {
        self.reason = reason
        self.depth = depth
        self.rule = rule
    }

    package var description: String { "\(reason) at certificate \(depth) (\(rule))" }
}
