import Cryptography
import Foundation
import Logging
import Outbound
import SimulatedJPKI
import Synchronization
import Testing
import Trust
import Upkeep
import Vocabulary

/// An authority of the tests: signs whatever list it is asked to, right or wrong.
struct ListAuthority: Sendable {
    let authority: Authority

    var certificate: Certificate { authority.certificate }

    init(_ organisation: String = "JPKI-SIMULATED", generation: Int = 1) throws {
        authority = try Authority.make(
            .user, generation: generation, serial: 1, key: try PrivateKey.generate(.ec(.p384)),
            responderKey: try PrivateKey.generate(.ec(.p384)), notBefore: ListWorld.start.adding(seconds: -86_400),
            profile: SimulatedProfile(organisation: organisation))
    }

    /// A list of `count` entries, good for a day. `point` names what it covers; `signer` is another's key when it is to be forged.
    func list(
        _ number: Int?, at made: Timestamp = ListWorld.start, hours: Int64 = 24, count: Int = 3, point: String? = nil,
        signer: PrivateKey? = nil
    ) throws -> [UInt8] {
        let algorithm = DERWriter.build { $0.sequence { $0.objectIdentifier(OIDs.ecdsaWithSHA384) } }
        let body = DERWriter.build {
            $0.sequence { body in
                body.integer(1)
                body.raw(algorithm)
                body.raw(certificate.subject.der)
                body.time(made)
                body.time(made.adding(seconds: hours * 3600))
                if count > 0 {
                    body.sequence { entries in
                        for serial in 1...count {
                            entries.sequence { entry in
                                entry.integer(serial)
                                entry.time(ListWorld.start.adding(seconds: -3600))
                            }
                        }
                    }
                }
                body.context(0) {
                    $0.sequence { extensions in
                        if let number { Self.extend(&extensions, OIDs.number) { $0.integer(number) } }
                        if let point {
                            Self.extend(&extensions, OIDs.point, critical: true) {
                                $0.sequence { $0.context(0) { $0.context(0) { $0.context(6, content: Array(point.utf8)) } } }
                            }
                        }
                    }
                }
            }
        }
        let signature = try (signer ?? authority.key).sign(body, .ecdsa(.sha384))
        return DERWriter.build {
            $0.sequence { whole in
                whole.raw(body)
                whole.raw(algorithm)
                whole.bitString(signature)
            }
        }
    }

    private static func extend(
        _ extensions: inout DERWriter, _ identifier: ObjectIdentifier, critical: Bool = false, _ value: (inout DERWriter) -> Void
    ) {
        extensions.sequence { item in
            item.objectIdentifier(identifier)
            if critical { item.boolean(true) }
            item.octetString(value)
        }
    }

    private enum OIDs {
        static let ecdsaWithSHA384 = ObjectIdentifier("1.2.840.10045.4.3.3") ?? .anyPolicy
        static let number = ObjectIdentifier("2.5.29.20") ?? .anyPolicy
        static let point = ObjectIdentifier("2.5.29.28") ?? .anyPolicy
    }
}

/// What a keeper stands in: a folder, a clock, settings that may change, chance that repeats.
final class ListWorld: Sendable {
    static let start = Timestamp("2026-11-21T04:00:00Z") ?? Timestamp(seconds: 0)

    let folder: String
    let clock = Mutex(start)
    let plan: Mutex<ListPlan>

    init(_ plan: ListPlan, folder: String? = nil) {
        self.folder = folder ?? Self.path()
        self.plan = Mutex(plan)
    }

    convenience init(_ sources: [ListSource], _ anchors: [ListAuthority], rules: ListRules = ListWorld.rules) {
        self.init(
            ListPlan(sources: sources, anchors: anchors.map(\.certificate), rules: rules, outbound: Self.outbound(limit: rules.largest)))
    }

    static let rules: ListRules = {
        var rules = ListRules(interval: 3600)
        rules.shrinkFrom = 10
        return rules
    }()

    /// `seconds`: long, unless a slow server is meant: a busy machine must not turn an answer into a slow one.
    static func outbound(limit: Int = 1 << 20, seconds: Int64 = 60) -> Outbound {
        Outbound(
            rules: OutboundRules(hosts: ["127.0.0.1"], allowsPrivateAddresses: true, allowsPlainHTTP: true, limit: limit, seconds: seconds))
    }

    static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// A fresh path, in a folder that is gone when the tests are over.
    static func path() -> String { base + "/" + UUID().uuidString }

    private static let base: String = {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("upkeep-tests-\(ProcessInfo.processInfo.processIdentifier)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: ListWorld.base) }
        return path
    }()

    var now: Timestamp { clock.withLock { $0 } }
    func pass(seconds: Int64) { clock.withLock { $0 = $0.adding(seconds: seconds) } }
    func change(_ change: (ListPlan) -> ListPlan) { plan.withLock { $0 = change($0) } }

    var disk: DiskFolder { DiskFolder(folder) }
    var feed: TrustFeed { TrustFeed(folder: disk) }
    var told: [TrustFeed.Change] { TrustFeed.read(disk) }

    /// A keeper as a process has it after its start.
    func keeper(turns: ListTurns? = nil) -> ListKeeper {
        ListKeeper(
            folder: disk, plan: { self.plan.withLock { $0 } }, feed: feed, clock: { self.now }, random: Counting(), turns: turns,
            logger: Self.silent)
    }

    func watch(_ keeper: ListKeeper, responders: StatusHealth = StatusHealth()) -> WatchBook {
        WatchBook(
            folder: disk, plan: { self.plan.withLock { $0 } }, feed: feed, lists: { keeper.gauges() }, responders: { responders },
            clock: { self.now }, logger: Self.silent)
    }
}

extension ListPlan {
    func with(
        sources: [ListSource]? = nil, anchors: [Certificate]? = nil, intermediates: [Certificate]? = nil, rules: ListRules? = nil,
        outbound: Outbound? = nil
    ) -> ListPlan {
        ListPlan(
            sources: sources ?? self.sources, anchors: anchors ?? self.anchors, intermediates: intermediates ?? self.intermediates,
            rules: rules ?? self.rules, outbound: outbound ?? self.outbound)
    }
}

extension ListKeeper {
    /// cRLNumbers of what is published, in hexadecimal.
    var numbers: [String] { published.current.lists.compactMap { $0.number.map { Hexadecimal.encode($0) } }.sorted() }
    var gauge: ListGauge? { gauges().first }
}

/// Counts up: tests repeat.
struct Counting: RandomNumberGenerator, Sendable {
    var value: UInt64 = 0

    mutating func next() -> UInt64 {
        value &+= 0x9e37_79b9_7f4a_7c15
        return value ^ value >> 29
    }
}
