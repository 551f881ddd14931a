import Settings
import Testing
import TrustFramework
import Vocabulary

/// What every test of the doors is held to, whatever it is about: a decision in the trail comes out the same when it is asked for again.
enum RecordedDecisions {
    /// Records of events that never stand without one when policy made them.
    static let always: Set<String> = [
        "signon.granted", "token.issued", "token.exchanged", "attributes.released", "awaited.approved", "userinfo.told",
        "introspection.told",
    ]

    static func check(_ bodies: [String], under policy: Policy) throws {
        for body in bodies {
            let record = try JSON(reading: body, limit: 1 << 20)
            guard record["decision"] != nil else { continue }
            guard let trace = DecisionTrace(record: record) else {
                Issue.record("a decision that cannot be read: \(body)")
                continue
            }
            // Some tests change the rules under the feet of a login.
            guard trace.version == policy.version else { continue }
            let differences = try trace.replayed(under: policy).differences
            #expect(differences == [], "\(body)")
        }
    }
}
