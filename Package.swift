// swift-tools-version:6.2
// The rooms of the house, floor by floor. Arrows point down only; Tests/HouseTests reads every import and refuses others.
import PackageDescription

let rules: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: rules)
}

func program(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .executableTarget(name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: rules)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: rules)
}

let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "Sekisho",
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Ground: module maps of the system's C libraries.
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        // An interface only: the module behind it is loaded at run time.
        .systemLibrary(name: "CPKCS11"),

        // Stairwell: words every room uses.
        room("Vocabulary"),

        // 1 metal: the only rooms with `unsafe`.
        room("XML", ["CLibXML2", "Vocabulary"]),
        room("Cryptography", ["COpenSSL", "CPKCS11", "Vocabulary"]),
        room("EventLoops", [nioPosix, nioCore]),
        room("Deflate", ["CZlib"]),

        // 2 proofs: what cryptography can prove.
        room("XMLSecurity", ["XML", "Cryptography", "Vocabulary"]),
        room("JOSE", ["Cryptography", "Vocabulary"]),
        room("Trust", ["Cryptography", "Vocabulary"]),

        // 3 judges: rules and members; evidence.
        room("TrustFramework", ["Vocabulary"]),
        room("Credentials", ["Trust", "JOSE", "Cryptography", "Vocabulary"]),

        // 4 journey: from "who asks" to "granted", in no protocol's words.
        room("SignOn", ["TrustFramework", "Credentials", "Trust", "Cryptography", "Vocabulary"]),

        // 5 tongues: what we speak to the world.
        room("SAML", ["SignOn", "TrustFramework", "XMLSecurity", "XML", "Deflate", "Cryptography", "Vocabulary"]),
        room("OpenID", ["SignOn", "TrustFramework", "JOSE", "Cryptography", "Vocabulary"]),
        room("Signals", ["SignOn", "TrustFramework", "Credentials", "JOSE", "Cryptography", "Vocabulary"]),

        // 6 hands: effects on disk, database, network and the three folders.
        room(
            "SQLiteStores",
            ["SignOn", "SAML", "OpenID", "Signals", "TrustFramework", "Credentials", "Trust", "Cryptography", "Vocabulary", grdb]),
        room("Outbound", ["Vocabulary", httpClient, nioCore, nioHTTP1]),
        room(
            "Settings",
            [
                "SAML", "OpenID", "Signals", "SignOn", "TrustFramework", "Credentials", "Trust", "JOSE", "XMLSecurity", "XML",
                "Cryptography",
                "Vocabulary", yams,
            ]),

        // 7 shifts: the day shift answers, the night shift refreshes.
        room(
            "Web",
            [
                "Settings", "SAML", "OpenID", "Signals", "SignOn", "TrustFramework", "Credentials", "Vocabulary",
                hummingbird, hummingbirdCore, httpTypes, nioCore, nioHTTP1, nioSSL, lifecycle, logging,
            ]),
        room(
            "Upkeep",
            [
                "Outbound", "Settings", "SAML", "OpenID", "Signals", "SignOn", "TrustFramework", "Credentials", "JOSE", "Trust",
                "XMLSecurity",
                "XML", "Cryptography", "Vocabulary", lifecycle, logging,
            ]),

        // Roof: assemble and run.
        program(
            "sekisho",
            [
                "EventLoops", "Web", "Upkeep", "SQLiteStores", "Outbound", "Settings", "SAML", "OpenID", "Signals", "SignOn",
                "TrustFramework",
                "Credentials", "Trust", "JOSE", "XMLSecurity", "XML", "Cryptography", "Vocabulary", "SimulatedJPKI", "SampleParties",
                hummingbird, hummingbirdCore, lifecycle, signals, logging, argumentParser,
            ]),

        // Annex: the simulated national card PKI and the sample services of the demonstration.
        room(
            "SimulatedJPKI",
            ["Credentials", "Trust", "JOSE", "Deflate", "Cryptography", "Vocabulary", "Outbound", hummingbird, httpTypes, nioCore, logging]),
        room("SampleParties", ["XML", "XMLSecurity", "JOSE", "Cryptography", "Vocabulary", hummingbird, httpTypes, nioCore, logging]),
        program(
            "jpki-simulator", ["SimulatedJPKI", "Outbound", "Vocabulary", "Cryptography", hummingbird, lifecycle, logging, argumentParser]),

        // Tests: one target per room, and the house's own.
        tests("HouseTests"),
        tests("VocabularyTests", ["Vocabulary"]),
        tests("EventLoopsTests", ["EventLoops", nioPosix, nioCore]),
        tests("XMLTests", ["XML"]),
        tests("CryptographyTests", ["Cryptography", "Vocabulary"]),
        tests("XMLSecurityTests", ["XMLSecurity", "XML", "Cryptography", "Vocabulary"]),
        tests("JOSETests", ["JOSE", "Cryptography", "Vocabulary"]),
        tests("TrustTests", ["Trust", "Cryptography", "Vocabulary"]),
        tests("TrustFrameworkTests", ["TrustFramework", "Vocabulary"]),
        tests("CredentialsTests", ["Credentials", "Trust", "JOSE", "Cryptography", "Vocabulary"]),
        tests("SignOnTests", ["SignOn", "TrustFramework", "Credentials", "Vocabulary"]),
        tests(
            "SAMLTests", ["SAML", "SignOn", "TrustFramework", "Credentials", "XMLSecurity", "XML", "Deflate", "Cryptography", "Vocabulary"]),
        tests("OpenIDTests", ["OpenID", "SignOn", "TrustFramework", "Credentials", "JOSE", "Cryptography", "Vocabulary"]),
        tests("SignalsTests", ["Signals", "SignOn", "TrustFramework", "Credentials", "JOSE", "Cryptography", "Vocabulary"]),
        tests(
            "SettingsTests",
            [
                "Settings", "SAML", "OpenID", "Signals", "SignOn", "TrustFramework", "Credentials", "Trust", "JOSE", "XMLSecurity", "XML",
                "Cryptography", "Vocabulary",
            ]),
        tests(
            "SQLiteStoresTests",
            [
                "SQLiteStores", "SignOn", "SAML", "OpenID", "Signals", "Credentials", "Trust", "TrustFramework", "Cryptography",
                "Vocabulary", grdb,
            ]),
        tests("OutboundTests", ["Outbound", hummingbird, nioCore, logging]),
        tests(
            "UpkeepTests",
            [
                "Upkeep", "Outbound", "Settings", "SQLiteStores", "SimulatedJPKI", "SAML", "OpenID", "Signals", "SignOn", "TrustFramework",
                "Credentials", "JOSE", "Trust", "XMLSecurity", "XML", "Cryptography", "Vocabulary",
                hummingbird, httpTypes, nioCore, lifecycle, logging,
            ]),
        tests(
            "WebTests",
            [
                "Web", "Settings", "SQLiteStores", "SimulatedJPKI", "Outbound", "SAML", "OpenID", "Signals", "SignOn", "TrustFramework",
                "Credentials",
                "Trust", "JOSE", "Deflate", "XML", "XMLSecurity", "Cryptography", "Vocabulary", hummingbird, httpTypes, nioCore,
                nioHTTP1, nioEmbedded, logging,
            ]),
        tests(
            "SimulatedJPKITests",
            ["SimulatedJPKI", "Outbound", "Credentials", "Trust", "JOSE", "Cryptography", "Vocabulary", hummingbird, logging]),
    ],
    swiftLanguageModes: [.v6]
)
