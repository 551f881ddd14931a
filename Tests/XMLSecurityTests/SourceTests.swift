import Foundation
import Testing

@Suite struct `The source of the two rooms` {
    @Test(arguments: ["XML", "XMLSecurity"])
    func `A18 A37 never leaves a check to assertions, nor traps on input`(room: String) throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder = package.appending(path: "Sources/\(room)")
        let all = try FileManager.default.subpathsOfDirectory(atPath: folder.path())
        let files = all.filter { $0.hasSuffix(".swift") }
        #expect(files.count > 5)
        for file in files {
            let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for word in ["assert(", "assertionFailure(", "precondition(", "preconditionFailure(", "fatalError(", "try!", "as!", "unowned("]
            {
                #expect(!source.contains(word), "\(file): \(word)")
            }
        }
    }
}
