import ArgumentParser

/// Seconds that a command waits for somebody: none to an hour.
struct Patience: ExpressibleByArgument, ExpressibleByIntegerLiteral {
    private static let range = 0...3_600

    let seconds: Int

    init?(argument: String) {
        guard let seconds = Int(argument), Self.range.contains(seconds) else { return nil }
        self.seconds = seconds
    }

    init(integerLiteral seconds: Int) { self.seconds = min(max(seconds, Self.range.lowerBound), Self.range.upperBound) }

    var defaultValueDescription: String { "\(seconds)" }
}
