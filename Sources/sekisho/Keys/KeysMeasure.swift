import ArgumentParser
import Cryptography
import Dispatch
import Foundation
import JOSE
import OpenID
import SAML
import Settings
import Synchronization
import Vocabulary

extension KeysCommand {
    struct Measure: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign for a while with a key of the deployment, and say how often: to size a token before it is promoted.",
            discussion: "Signs nothing that anybody could use: random bytes. One line for each key, as JSON with --json.")

        @Argument(help: "Names of keys; default: every key that signs.") var names: [String] = []
        @Option(help: "Seconds for each key.") var seconds: Int = 3
        @Option(help: "Threads that ask at the same time.") var threads: Int = 2
        @Option(help: "The deployment folder.") var deployment: String = "."
        @Flag(help: "As JSON, one object to a line.") var json = false

        func validate() throws {
            guard (1...600).contains(seconds), (1...64).contains(threads) else {
                throw ValidationError("1 to 600 seconds, 1 to 64 threads")
            }
        }

        func run() throws {
            let configuration = try Deployment.load(deployment, tokens: .lenient)
            let signers = Self.signers(configuration)
            if let stranger = names.first(where: { name in !signers.contains { $0.name == name } }) {
                throw ValidationError("there is no key `\(stranger)` that signs; `sekisho keys list` shows them")
            }
            for signer in signers where names.isEmpty || names.contains(signer.name) {
                let result = Run(signer, threads: threads, seconds: Double(seconds))
                print(json ? result.json.text : result.text)
            }
        }

        private static func signers(_ configuration: Configuration) -> [Signer] {
            configuration.openIDProvider.keys.compactMap { key in
                key.signing.map { Signer(name: key.name, key: $0.key, algorithm: $0.algorithm.signature, text: $0.algorithm.rawValue) }
            }
                + configuration.identityProvider.signingKeys.keys.compactMap { key in
                    key.signers.first.map { Signer(name: key.name, key: $0.key, algorithm: $0.algorithm, text: "SAML") }
                }
        }
    }
}

private struct Signer: Sendable {
    let name: String
    let key: PrivateKey
    let algorithm: SignatureAlgorithm
    let text: String
}

/// What came of one key.
private struct Run {
    private let signer: Signer
    private let threads: Int
    private let signatures: Int
    private let failures: Int
    private let fault: String?
    private let seconds: Double
    /// Of the whole process, a token's module with it; a token elsewhere pays for itself.
    private let cpu: Double
    private let slowest: Double

    private struct Count {
        var signatures = 0
        var failures = 0
        var fault: String?
        var slowest = 0.0
    }

    init(_ signer: Signer, threads: Int, seconds: Double) {
        let total = Counter()
        // The first signature loads and logs in; it is not what is measured.
        _ = try? signer.key.sign([0], signer.algorithm, encoding: .raw)
        let (start, cpuStart) = (DispatchTime.now(), clock())
        let end = start + seconds
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            var count = Count()
            var message = Array("\(thread) ".utf8) + [UInt8](repeating: 0, count: 120)
            var before = DispatchTime.now()
            while before < end {
                message[message.count - 1] &+= 1
                do throws(KeyError) {
                    _ = try signer.key.sign(message, signer.algorithm, encoding: .raw)
                    count.signatures += 1
                } catch {
                    count.failures += 1
                    if case .token(let fault) = error { count.fault = fault.code } else { count.fault = "\(error)" }
                    // A token that is left alone answers at once; a million refusals say no more than one.
                    Thread.sleep(forTimeInterval: 0.01)
                }
                let after = DispatchTime.now()
                count.slowest = max(count.slowest, Self.seconds(before, after))
                before = after
            }
            total.add(count)
        }
        let found = total.value
        self.signer = signer
        self.threads = threads
        (signatures, failures, fault, slowest) = (found.signatures, found.failures, found.fault, found.slowest)
        self.seconds = Self.seconds(start, .now())
        cpu = Double(clock() - cpuStart) / Double(CLOCKS_PER_SEC)
    }

    private final class Counter: Sendable {
        private let count = Mutex(Count())

        var value: Count { count.withLock { $0 } }

        func add(_ other: Count) {
            count.withLock {
                $0.signatures += other.signatures
                $0.failures += other.failures
                $0.fault = other.fault ?? $0.fault
                $0.slowest = max($0.slowest, other.slowest)
            }
        }
    }

    private static func seconds(_ from: DispatchTime, _ to: DispatchTime) -> Double {
        Double(to.uptimeNanoseconds - from.uptimeNanoseconds) / 1e9
    }

    private var rate: Int { Int(Double(signatures) / seconds) }
    private var perCPU: Int { cpu > 0 ? Int(Double(signatures) / cpu) : 0 }
    private var place: String { signer.key.token == nil ? "file" : "token" }

    var text: String {
        let failed = failures == 0 ? "" : ", \(failures) refused (\(fault ?? "no reason"))"
        return
            "\(signer.name) (\(signer.key.publicKey.kind.text), \(signer.text), \(place)): \(rate) signatures/s with \(threads) threads, "
            + "\(perCPU) per CPU second, slowest \(Int(slowest * 1000)) ms" + failed
    }

    var json: JSON {
        .object([
            ("name", .string(signer.name)), ("kind", .string(signer.key.publicKey.kind.text)), ("algorithm", .string(signer.text)),
            ("place", .string(place)), ("threads", .integer(Int64(threads))), ("signatures", .integer(Int64(signatures))),
            ("perSecond", .integer(Int64(rate))), ("perCPUSecond", .integer(Int64(perCPU))),
            ("slowestMilliseconds", .integer(Int64(slowest * 1000))),
            ("failures", .integer(Int64(failures))), ("fault", fault.map { .string($0) } ?? .null),
        ])
    }
}
