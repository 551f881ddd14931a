/// What of an answer the rules look at when they follow redirects.
protocol OutboundHead: Sendable {
    var status: Int { get }
    var headers: [OutboundRequest.Header] { get }
    var address: WebAddress { get }
}

extension OutboundHead {
    func first(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}

extension OutboundAnswer: OutboundHead {}

/// What came back for a download; the body, if any, is in the file.
package struct OutboundDownload: Hashable, Sendable, OutboundHead {
    package let status: Int
    package let headers: [OutboundRequest.Header]
    /// Bytes in the file.
    package let bytes: Int
    package let address: WebAddress

    /// What to hold against the next answer.
    package var validators: OutboundValidators { OutboundValidators(etag: first("etag"), lastModified: first("last-modified")) }

    package var isUnchanged: Bool { status == 304 }
}

/// Why there is no file.
package enum DownloadRefusal: Error, Hashable, Sendable {
    case fetch(OutboundRefusal)
    /// The file cannot be made or written: no space, no permission, or something stands at its place.
    case disk(String)
}

/// How a server tells one state of a thing from another (RFC 9110 §8.8). Given back to it as it came.
package struct OutboundValidators: Hashable, Sendable {
    package static let none = OutboundValidators()
    /// A longer one is none of ours to keep.
    package static let longest = 256

    package let etag: String?
    package let lastModified: String?

    /// What is no plain text of one line is dropped: it would be sent back as a header.
    package init(etag: String? = nil, lastModified: String? = nil) {
        self.etag = etag.flatMap(Self.plain)
        self.lastModified = lastModified.flatMap(Self.plain)
    }

    private static func plain(_ text: String) -> String? {
        (1...longest).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7e).contains($0) } ? text : nil
    }

    /// RFC 9110 §13.1.2, §13.1.3. A server that knows the tag looks at it alone.
    var headers: [OutboundRequest.Header] {
        [etag.map { OutboundRequest.Header("If-None-Match", $0) }, lastModified.map { OutboundRequest.Header("If-Modified-Since", $0) }]
            .compactMap { $0 }
    }
}
