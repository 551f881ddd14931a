import Testing

/// Tasks run on the network's event loops (decision 0025), and whoever reads a deployment waits for disks.
@Suite struct `What blocks` {
    private static let readings = ["load", "edit", "outlook", "take", "takeFirst"].map { "Settings." + $0 + "(" }

    /// Numbers of the lines that read a deployment while no `offPool` opens there or within two lines above.
    private static func onLoops(_ text: String) -> [Int] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return lines.indices.filter { index in
            guard readings.contains(where: { lines[index].contains($0) }) else { return false }
            return !lines[max(0, index - 2)...index].contains { $0.contains("offPool") }
        }.map { $0 + 1 }
    }

    @Test func `reads no deployment on an event loop behind a door`() {
        let found = House.sources.filter { $0.room == "Web" }.flatMap { file in Self.onLoops(file.text).map { "\(file.path):\($0)" } }
        #expect(found.isEmpty, "put it into `offPool`: \(found)")
    }

    @Test func `is noticed where it stands bare, and not on a thread of its own`() {
        #expect(Self.onLoops("let edit =\n    try Settings.edit(act, in: folder)\n") == [2])
        #expect(Self.onLoops("a\noffPool {\n}\n\n\n_ = try Settings.takeFirst(binding)") == [6])
        #expect(Self.onLoops("await offPool {\n    Result {\n        try Settings.outlook(on: edit)\n    }\n}").isEmpty)
        #expect(Self.onLoops("let binding = Settings.binding(of: officer)").isEmpty)
    }
}
