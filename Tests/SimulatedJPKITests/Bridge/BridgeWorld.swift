import Cryptography
import SimulatedJPKI
import Vocabulary

/// A bridge for the tests: its keys made once.
enum BridgeWorld {
    static let now = Timestamp("2026-11-21T04:00:00Z") ?? Timestamp(seconds: 0)
    static let base = "http://127.0.0.1:8700"

    static let keys = Result { try BridgeKeys(seed: Array("tests".utf8)) }
    private static let made = Result { try Bridge(base: base, keys: keys.get(), at: now) }

    /// As it was made, for changing.
    static func bridge() throws -> Bridge { try made.get() }

    static func bridge(_ plan: BridgePlan) throws -> Bridge { try Bridge(base: base, keys: keys.get(), plan: plan, at: now) }
}
