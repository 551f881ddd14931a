import Testing

@Suite struct `Every room` {
    /// The ground has module maps and shims only; the rooms that wrap them say what they are for.
    static let rooms = Room.all.filter { $0.floor != .ground }

    @Test(arguments: rooms) func `has its card of at most a screen`(room: Room) throws {
        let card = try #require(House.text(at: "Sources/\(room.name)/README.md"), "Sources/\(room.name)/README.md is missing")
        let lines = card.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 61, "a screen is 60 lines")
        #expect(lines.first?.hasPrefix("# \(room.name)") == true, "the card begins with the room's name")
        #expect(card.utf8.count >= 120, "the card says what the room is for and what it never does")
    }
}

@Suite struct `The tree` {
    /// In parts, so that this file names no host either.
    static let registries = [
        ["registry", "npmjs", "org"], ["pypi", "org"], ["pythonhosted", "org"], ["crates", "io"], ["rubygems", "org"],
        ["packagist", "org"],
        ["proxy", "golang", "org"], ["repo1", "maven", "org"], ["repo", "maven", "apache", "org"], ["registry", "yarnpkg", "com"],
        ["docker", "io"], ["ghcr", "io"], ["quay", "io"], ["jfrog", "io"],
    ].map { $0.joined(separator: ".") }

    @Test func `names no package registry's host`() {
        let found = House.texts().filter { $0.path != "Package.resolved" }.flatMap { file in
            Self.hosts(in: file.text).map { "\(file.path): \($0)" }
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `notices a planted host and no ordinary address`() {
        #expect(Self.hosts(in: "pip install -i https://" + Self.registries[1] + "/simple x").count == 1)
        #expect(Self.hosts(in: "https://github.com/hummingbird-project/hummingbird").isEmpty)
    }

    static func hosts(in text: String) -> [String] {
        let text = text.lowercased()
        return registries.filter { text.contains($0) }
    }

    /// The versions are those of the minimum list in `Package.swift`; a pinned file would name addresses of whoever made it.
    @Test func `does not track Package.resolved`() throws {
        let ignored = try #require(House.text(at: ".gitignore"))
        #expect(ignored.split(separator: "\n").contains("Package.resolved"))
        // The index lists the tracked paths as plain bytes. An exported tree has none, and then nothing is tracked.
        #expect(House.contains("Package.resolved", at: ".git/index") != true)
    }

    @Test func `has its licence`() throws {
        let licence = try #require(House.text(at: "LICENSE"))
        #expect(licence.contains("Apache License") && licence.contains("Version 2.0, January 2004"))
        #expect(licence.contains("END OF TERMS AND CONDITIONS"))
    }
}
