// swift-tools-version:6.2
// The revocation index beside OpenSSL. `Sources` holds links to the rooms themselves, so that what is measured is the code that serves, and
// this program, being of the same package as they are here, may call what they do not show to strangers.
import PackageDescription

let package = Package(
    name: "RevocationBench",
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPKCS11"),
        .target(name: "Vocabulary", exclude: ["README.md"], swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]),
        .target(
            name: "Cryptography", dependencies: ["COpenSSL", "CPKCS11", "Vocabulary"], exclude: ["README.md"],
            swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]),
        .executableTarget(name: "revocation-bench", dependencies: ["Cryptography", "Vocabulary"]),
    ],
    swiftLanguageModes: [.v6]
)
