import Credentials
import Cryptography
import Foundation
import SimulatedJPKI
import Testing
import Trust
import Vocabulary

/// A simulated JPKI for the tests, made once; a test that changes something takes a copy.
struct World {
    static let now = Timestamp("2026-11-21T04:00:00Z") ?? Timestamp(seconds: 0)

    private static let made = Task {
        var random = SystemRandom()
        return try await Simulator.make(at: path(), at: now, using: &random)
    }

    let simulator: Simulator

    /// The one that all tests read.
    static func shared() async throws -> World { World(simulator: try await made.value) }

    static func copy() async throws -> World {
        let original = try await made.value
        let target = path()
        try FileManager.default.copyItem(atPath: original.folder.path, toPath: target)
        return World(simulator: try Simulator(opening: target))
    }

    /// A fresh path, in a folder that is gone when the tests are over.
    static func path() -> String { base + "/" + UUID().uuidString }

    private static let base: String = {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("jpki-tests-\(ProcessInfo.processInfo.processIdentifier)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: World.base) }
        return path
    }()

    // MARK: What a platform knows

    var store: TrustStore {
        TrustStore(
            anchors: simulator.authorities.filter { $0.purpose == .user }.map {
                TrustAnchor(certificate: $0.certificate, isSimulated: true)
            })
    }

    var profile: CardProfile {
        CardProfile(
            loginPolicies: [
                .card: [simulator.profile.policy(.user, onPhone: false)], .phone: [simulator.profile.policy(.user, onPhone: true)],
            ],
            signaturePolicies: [simulator.profile.policy(.sign, onPhone: false)], loginAuthorities: [],
            simulatedAuthorities: simulator.authorities.filter { $0.purpose == .user }.map(\.certificate.subject))
    }

    func recognised(_ certificate: [UInt8], at now: Timestamp = World.now) throws(CredentialRefusal) -> LoginCertificate {
        try profile.recognise(certificate: certificate, anchors: store, allowSimulated: true, at: now)
    }

    func terminals() throws -> TerminalRegistry { TerminalRegistry(try simulator.terminals().map(\.registration)) }

    func user(_ handle: String) throws -> Certificate { try simulator.identity(handle, .user).certificate }

    func issuer(_ handle: String, _ purpose: Purpose = .user) throws -> Certificate {
        let issued = try #require(try simulator.record(handle).issued(purpose))
        return try simulator.authority(issued.authority).certificate
    }
}

/// Counts up: tests repeat.
struct Counting: RandomNumberGenerator {
    var value: UInt64 = 0

    mutating func next() -> UInt64 {
        value &+= 0x9e37_79b9_7f4a_7c15
        return value ^ value >> 29
    }
}

/// Runs a program of the system; nil when it is not there.
func run(_ program: String, _ arguments: [String], input: [UInt8] = []) throws -> (status: Int32, output: String)? {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/" + program) else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/" + program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}
