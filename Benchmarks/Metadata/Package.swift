// swift-tools-version:6.2
// Reading a metadata aggregate beside xmlsec1 and others. `Sources` holds links to the rooms themselves, so that what is measured is the code
// that serves, and this program, being of the same package as they are here, may call what they do not show to strangers.
import PackageDescription

let swift: [SwiftSetting] = [.enableUpcomingFeature("InternalImportsByDefault")]

let package = Package(
    name: "MetadataBench",
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPKCS11"),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .target(name: "Vocabulary", exclude: ["README.md"], swiftSettings: swift),
        .target(name: "Cryptography", dependencies: ["COpenSSL", "CPKCS11", "Vocabulary"], exclude: ["README.md"], swiftSettings: swift),
        .target(name: "XML", dependencies: ["CLibXML2", "Vocabulary"], exclude: ["README.md"], swiftSettings: swift),
        .target(name: "XMLSecurity", dependencies: ["XML", "Cryptography", "Vocabulary"], exclude: ["README.md"], swiftSettings: swift),
        .executableTarget(name: "metadata-bench", dependencies: ["XMLSecurity", "XML", "Cryptography", "Vocabulary"]),
    ],
    swiftLanguageModes: [.v6]
)
