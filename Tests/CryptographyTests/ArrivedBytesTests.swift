import Cryptography
import Foundation
import Testing

@Suite struct `What has arrived in a pipe` {
    @Test func `is read at once, while its writer holds it open, until the end`() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        try pipe.fileHandleForWriting.write(contentsOf: Data("one line\n".utf8))
        #expect(try ArrivedBytes.read(from: descriptor, atMost: 1 << 16) == Array("one line\n".utf8))
        try pipe.fileHandleForWriting.write(contentsOf: Data("abc".utf8))
        #expect(try ArrivedBytes.read(from: descriptor, atMost: 2) == Array("ab".utf8))
        #expect(try ArrivedBytes.read(from: descriptor, atMost: 2) == Array("c".utf8))
        try pipe.fileHandleForWriting.close()
        #expect(try ArrivedBytes.read(from: descriptor, atMost: 2).isEmpty)
    }

    @Test func `is refused where there is no pipe`() {
        #expect(throws: ArrivedBytes.Refusal.self) { try ArrivedBytes.read(from: -1, atMost: 2) }
    }
}
