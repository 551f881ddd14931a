import Testing

@Suite struct `The arrows of the house` {
    static let manifest = Manifest(reading: House.text(at: "Package.swift") ?? "")

    @Test func `point down only`() {
        let forbidden = House.sources.flatMap { Arrows.forbidden(in: $0, declared: Self.manifest.dependencies[$0.room]) }
        #expect(forbidden.isEmpty, "\(forbidden.map(\.description).joined(separator: "\n"))")
        #expect(House.sources.count > 50, "the checker must have seen the house")
    }

    @Test(arguments: Room.all) func `in the table itself point down only`(room: Room) throws {
        for name in room.rooms {
            let other = try #require(Room.named(name), "\(room.name) may import \(name), which is no room")
            switch (room.floor, other.floor) {
            case (.ground, _), (.stairwell, _): Issue.record("\(room.name) imports nothing")
            case (_, .stairwell): break
            case (.annex, _): #expect(other.floor != .roof && other.floor != .shifts && other.name != room.name)
            case (_, .annex): #expect(room.floor == .roof, "the house never looks into the annex")
            default: #expect(other.floor < room.floor, "\(room.name) → \(other.name)")
            }
        }
    }

    /// The column "must never import" of `house.md`.
    @Test(arguments: [
        ("Web", ["SQLiteStores", "Outbound", "Trust", "JOSE", "XMLSecurity", "XML", "Cryptography", "COpenSSL", "CLibXML2", "GRDB"]),
        ("Upkeep", ["Web", "Hummingbird"]),
        ("SAML", ["OpenID", "JOSE", "Outbound", "Foundation", "Hummingbird", "GRDB"]),
        ("OpenID", ["SAML", "XML", "XMLSecurity", "Outbound", "Foundation", "Hummingbird", "GRDB"]),
        ("SignOn", ["SAML", "OpenID", "Foundation", "Outbound", "JOSE", "XML"]),
        ("Credentials", ["SignOn", "Web", "TrustFramework", "Foundation"]),
        ("TrustFramework", ["Credentials", "Cryptography", "Foundation"]),
        ("Outbound", ["SignOn", "SAML", "OpenID", "Credentials", "Trust"]),
        ("Settings", ["Web", "Upkeep", "SQLiteStores", "Outbound"]),
        ("SQLiteStores", ["Web", "Upkeep", "Outbound"]),
        ("XML", ["Cryptography", "COpenSSL"]), ("Cryptography", ["XML", "CLibXML2"]),
        ("Trust", ["Outbound", "Foundation", "COpenSSL"]), ("JOSE", ["OpenID", "COpenSSL"]), ("XMLSecurity", ["SAML", "CLibXML2"]),
        ("Vocabulary", ["Foundation", "Cryptography"]),
    ]) func `that a room must never have are not in its row`(name: String, never: [String]) throws {
        let room = try #require(Room.named(name))
        #expect(room.mayImport.isDisjoint(with: never))
    }

    @Test func `in Package.swift are the arrows of the table`() throws {
        #expect(Self.manifest.dependencies.count > 20, "the manifest was read")
        for (target, names) in Self.manifest.dependencies where !Self.manifest.testTargets.contains(target) {
            let room = try #require(Room.named(target), "target \(target) has no row in the table")
            let beyond = names.subtracting(room.rooms).subtracting(room.libraries)
            #expect(beyond.isEmpty, "Package.swift lets \(target) depend on \(beyond.sorted()), the table does not")
        }
        for room in Room.all {
            #expect(Self.manifest.dependencies[room.name] != nil, "room \(room.name) is no target")
        }
    }

    @Test func `start in rooms that the table knows`() {
        #expect(Set(House.folders).subtracting(Room.all.map(\.name)).isEmpty)
    }
}

@Suite struct `The checker of arrows` {
    @Test(arguments: [
        "import SAML", "package import SAML", "internal import SAML", "private import SAML", "@_exported import SAML",
        "@_exported\n    public import SAML", "@_spi(Inner) import SAML", "@preconcurrency import SAML", "@testable import SAML",
        "import struct SAML.Response", "import func SAML.decode", "import SAML.Inner", "import /* quietly */ SAML",
        "import\nSAML", "import Vocabulary; import SAML", "#if os(Linux)\nimport SAML\n#endif", "/* a /* b */ c */ import SAML",
        "let text = \"\\(\"//\")\"; import SAML", "let raw = #\"\"\"\n\"/*\n\"\"\"#\nimport SAML", "import `SAML`",
    ]) func `refuses a planted import of SAML in SignOn`(text: String) throws {
        let file = SourceFile(room: "SignOn", path: "Sources/SignOn/Planted.swift", text: text)
        let refused = Arrows.forbidden(in: file, declared: nil)
        try #require(refused.count == 1)
        #expect(refused[0].description.contains("room SignOn, Sources/SignOn/Planted.swift:"))
        #expect(refused[0].module == "SAML")
    }

    @Test(arguments: [
        "// import SAML", "/* import SAML */", "let text = \"import SAML\"", "let text = \"\"\"\n  import SAML\n  \"\"\"",
        "let text = #\"\" import SAML \"\"#", "import Vocabulary", "package import Credentials", "route.import(SAML.self)",
        "let importSAML = 1",
        "#if canImport(SAML)\n#endif",
    ]) func `passes what is no forbidden import`(text: String) {
        #expect(Arrows.forbidden(in: SourceFile(room: "SignOn", path: "Planted.swift", text: text), declared: nil).isEmpty)
    }

    @Test func `names the line`() {
        let file = SourceFile(room: "JOSE", path: "Sources/JOSE/A.swift", text: "/*\n*/\n// x\nimport Vocabulary\nimport COpenSSL\n")
        #expect(
            Arrows.forbidden(in: file, declared: nil).map(\.description) == [
                "room JOSE, Sources/JOSE/A.swift:5: import COpenSSL: the table of rooms does not allow it"
            ])
    }

    @Test func `refuses what SwiftPM would let through a neighbour`() {
        let file = SourceFile(room: "Credentials", path: "A.swift", text: "import JOSE\nimport Trust\nimport Synchronization")
        #expect(Arrows.forbidden(in: file, declared: ["Trust"]).map(\.module) == ["JOSE"])
        #expect(Arrows.forbidden(in: file, declared: ["Trust", "JOSE"]).isEmpty)
    }

    @Test func `refuses a room without a row`() {
        let file = SourceFile(room: "Cellar", path: "Sources/Cellar/A.swift", text: "import Vocabulary")
        #expect(Arrows.forbidden(in: file, declared: nil).count == 1)
    }

    @Test func `reads the dependencies of a manifest`() {
        let manifest = Manifest(
            reading: """
                let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
                func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target { .target(name: name) }
                let all = [.systemLibrary(name: "CX", pkgConfig: "x"), room("A"), room("B", ["A", /* "C", */ hummingbird]),
                    tests("BTests", ["B"])]
                """)
        #expect(manifest.dependencies == ["CX": [], "A": [], "B": ["A", "Hummingbird"], "BTests": ["B"]])
        #expect(manifest.testTargets == ["BTests"])
    }
}
