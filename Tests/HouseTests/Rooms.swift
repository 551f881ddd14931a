/// One room of the house, as `../shared/design/house.md` and `Package.swift` have it.
struct Room: Sendable {
    /// Where a room stands. Arrows run from a higher floor to a lower one.
    enum Floor: Int, Sendable, Comparable {
        case ground, metal, proofs, judges, journey, tongues, hands, shifts, roof
        /// Imported from every floor above the ground, imports nothing.
        case stairwell
        /// Looks into the house; the house never looks into it, except the roof.
        case annex

        static func < (left: Floor, right: Floor) -> Bool { left.rawValue < right.rawValue }
    }

    let name: String
    let floor: Floor
    /// The rooms it may import.
    let rooms: Set<String>
    /// The modules of other packages it may import.
    let libraries: Set<String>
    /// The toolchain's own modules it may import.
    let toolchain: Set<String>

    init(_ name: String, _ floor: Floor, _ rooms: Set<String> = [], libraries: Set<String> = [], toolchain: Set<String> = []) {
        self.name = name
        self.floor = floor
        self.rooms = rooms
        self.libraries = libraries
        self.toolchain = toolchain.union(["Swift", "Synchronization"])
    }

    var mayImport: Set<String> { rooms.union(libraries).union(toolchain) }
}

extension Room {
    /// Where Foundation is at home: effects and assembly. Cores do without it, so that no core meets a locale, a clock or a file.
    private static let effects: Set<String> = ["Foundation", "FoundationEssentials", "Dispatch", "Glibc"]

    private static let web: Set<String> = ["Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "Logging"]

    /// The table. To add a room or an arrow, change a row here, in `Package.swift`, and say why in `docs/decisions`.
    static let all: [Room] = [
        Room("COpenSSL", .ground),
        Room("CLibXML2", .ground),
        Room("CZlib", .ground),
        Room("CPKCS11", .ground),

        Room("Vocabulary", .stairwell),

        Room("XML", .metal, ["CLibXML2", "Vocabulary"], toolchain: ["Glibc"]),
        Room("Cryptography", .metal, ["COpenSSL", "CPKCS11", "Vocabulary"], toolchain: ["Glibc"]),
        Room("Deflate", .metal, ["CZlib"]),
        Room("EventLoops", .metal, libraries: ["NIOPosix", "NIOCore"], toolchain: ["Glibc"]),

        Room("XMLSecurity", .proofs, ["XML", "Cryptography", "Vocabulary"]),
        Room("JOSE", .proofs, ["Cryptography", "Vocabulary"]),
        Room("Trust", .proofs, ["Cryptography", "Vocabulary"]),

        Room("TrustFramework", .judges, ["Vocabulary"]),
        Room("Credentials", .judges, ["Trust", "JOSE", "Cryptography", "Vocabulary"]),

        Room("SignOn", .journey, ["TrustFramework", "Credentials", "Trust", "Cryptography", "Vocabulary"]),

        Room("SAML", .tongues, ["SignOn", "TrustFramework", "XMLSecurity", "XML", "Deflate", "Cryptography", "Vocabulary"]),
        Room("OpenID", .tongues, ["SignOn", "TrustFramework", "JOSE", "Cryptography", "Vocabulary"]),
        Room("Signals", .tongues, ["SignOn", "TrustFramework", "Credentials", "JOSE", "Cryptography", "Vocabulary"]),

        Room(
            "SQLiteStores", .hands,
            ["SignOn", "SAML", "OpenID", "Signals", "TrustFramework", "Credentials", "Trust", "Cryptography", "Vocabulary"],
            libraries: ["GRDB"],
            toolchain: effects),
        Room("Outbound", .hands, ["Vocabulary"], libraries: ["AsyncHTTPClient", "NIOCore", "NIOHTTP1"], toolchain: effects),
        Room(
            "Settings", .hands,
            [
                "SAML", "OpenID", "Signals", "SignOn", "TrustFramework", "Credentials", "Trust", "JOSE", "XMLSecurity", "XML",
                "Cryptography",
                "Vocabulary",
            ], libraries: ["Yams"], toolchain: effects),

        Room(
            "Web", .shifts, ["Settings", "SAML", "OpenID", "Signals", "SignOn", "TrustFramework", "Credentials", "Vocabulary"],
            libraries: web.union(["HummingbirdTLS", "HummingbirdHTTP2", "NIOSSL", "NIOPosix", "NIOHTTP1", "ServiceLifecycle"]),
            toolchain: effects),
        Room(
            "Upkeep", .shifts,
            [
                "Outbound", "Settings", "SAML", "OpenID", "Signals", "SignOn", "TrustFramework", "Credentials", "JOSE", "Trust",
                "XMLSecurity", "XML",
                "Cryptography", "Vocabulary",
            ],
            libraries: ["ServiceLifecycle", "Logging"], toolchain: effects),

        Room(
            "sekisho", .roof,
            [
                "EventLoops", "Web", "Upkeep", "SQLiteStores", "Outbound", "Settings", "SAML", "OpenID", "Signals", "SignOn",
                "TrustFramework",
                "Credentials", "Trust", "JOSE", "XMLSecurity", "XML", "Cryptography", "Vocabulary", "SimulatedJPKI", "SampleParties",
            ], libraries: web.union(["ServiceLifecycle", "UnixSignals", "ArgumentParser"]),
            toolchain: effects),

        Room(
            "SimulatedJPKI", .annex, ["Credentials", "Trust", "JOSE", "Deflate", "Cryptography", "Vocabulary", "Outbound"], libraries: web,
            toolchain: effects),
        Room(
            "SampleParties", .annex, ["XML", "XMLSecurity", "JOSE", "Cryptography", "Vocabulary"], libraries: web,
            toolchain: effects),
        Room(
            "jpki-simulator", .annex, ["SimulatedJPKI", "Outbound", "Credentials", "JOSE", "Vocabulary", "Cryptography"],
            libraries: web.union(["ServiceLifecycle", "UnixSignals", "ArgumentParser"]), toolchain: effects),
    ]

    static func named(_ name: String) -> Room? { all.first { $0.name == name } }
}
