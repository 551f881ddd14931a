import Outbound
import Testing

@Suite struct `Web addresses` {
    @Test(arguments: [
        ("https://a.example", "https://a.example/", "https://a.example"),
        ("HTTPS://A.Example:443/x?y", "https://a.example/x?y", "https://a.example"),
        ("http://a.example:80", "http://a.example/", "http://a.example"),
        ("http://a.example:8080/", "http://a.example:8080/", "http://a.example:8080"),
        ("https://a.example?q=1", "https://a.example/?q=1", "https://a.example"),
        ("http://127.0.0.1:1/", "http://127.0.0.1:1/", "http://127.0.0.1:1"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x", "http://[::1]:8080"),
        ("http://[2001:DB8::1]/", "http://[2001:db8::1]/", "http://[2001:db8::1]"),
        ("http://a_b.example/", "http://a_b.example/", "http://a_b.example"),
        ("http://1a.example/%20", "http://1a.example/%20", "http://1a.example"),
    ])
    func `are read in one way`(text: String, whole: String, origin: String) throws {
        let address = try #require(WebAddress(text))
        #expect(address.description == whole)
        #expect(address.origin == origin)
        #expect(WebAddress(address.description) == address)
    }

    @Test(arguments: [
        "", "a.example", "//a.example", "ftp://a.example", "file:///etc/passwd", "https:/a.example", "https:a.example", "https://",
        "https:///x",
        "https://user@a.example", "https://user:pw@a.example", "https://a.example@b.example", "https://a.example\\@b.example",
        "https://a.example#f",
        "https://a.example:0", "https://a.example:65536", "https://a.example:", "https://a.example:8x", "https://a.example:+80",
        "https://a..example",
        "https://.a.example", "https://a.example.", "https://-a.example", "https://a-.example", "https://a b.example",
        "https://a.example/a b",
        "https://a.example/\n", "https://a.example/\r\nHost: b", "https://a%2eexample", "https://ä.example", "https://a.example/ä",
        "http://2130706433", "http://0x7f000001", "http://127.1", "http://0177.0.0.1", "http://127.0.0.01", "http://127.0.0.256",
        "http://1.2.3.4.5",
        "http://127.0.0.0x1", "http://[::1", "http://::1", "http://[::1%25eth0]", "http://[127.0.0.1]", "http://[::1]x", "http://[]",
        "https://a.example/" + String(repeating: "x", count: 17_000), "https://" + String(repeating: "a", count: 64) + ".example",
    ])
    func `that two readers could take apart differently are refused`(text: String) {
        #expect(WebAddress(text) == nil)
    }
}

@Suite struct `Numeric addresses` {
    @Test(arguments: [
        ("8.8.8.8", true), ("1.1.1.1", true), ("11.0.0.1", true), ("172.32.0.1", true), ("100.128.0.1", true), ("223.255.255.255", true),
        ("0.0.0.0", false), ("10.1.2.3", false), ("127.0.0.1", false), ("127.255.255.254", false), ("169.254.169.254", false),
        ("172.16.0.1", false), ("172.31.255.255", false), ("192.168.1.1", false), ("100.64.0.1", false), ("100.127.255.255", false),
        ("192.0.0.1", false), ("192.0.2.1", false), ("198.18.0.1", false), ("198.19.255.255", false), ("198.51.100.1", false),
        ("203.0.113.1", false), ("224.0.0.1", false), ("239.255.255.255", false), ("240.0.0.1", false), ("255.255.255.255", false),
        ("2400:4000::1", true), ("2606:4700:4700::1111", true), ("::", false), ("::1", false), ("fe80::1", false), ("fc00::1", false),
        ("fd12:3456::1", false), ("ff02::1", false), ("::ffff:8.8.8.8", false), ("::ffff:7f00:1", false), ("64:ff9b::a00:1", false),
        ("2001:db8::1", false), ("2001::1", false), ("2002:7f00:1::", false), ("3fff::1", false), ("::127.0.0.1", false),
    ])
    func `are public or not`(text: String, isPublic: Bool) throws {
        #expect(try #require(NetworkAddress(text)).isPublic == isPublic)
    }

    @Test(arguments: [
        ("::", [UInt8](repeating: 0, count: 16)), ("1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]),
        ("1::8", [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8]),
        ("::ffff:1.2.3.4", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4]),
        ("abcd:ef01::", [0xab, 0xcd, 0xef, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ])
    func `of version 6 are read`(text: String, bytes: [UInt8]) {
        #expect(NetworkAddress(text) == .six(bytes))
    }

    @Test(arguments: [
        "", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1:2:3:4:5:6:7:8::", "::1.2.3", "::1.2.3.4.5",
        "1.2.3.4::",
        "::+1", ":1", "1:", "::1:", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.4 ", "+1.2.3.4",
    ])
    func `are refused in another form`(text: String) {
        #expect(NetworkAddress(text) == nil)
    }
}

@Suite struct `Rules for addresses` {
    @Test func `ask for https unless told otherwise`() throws {
        let plain = try #require(WebAddress("http://a.example/"))
        #expect(throws: OutboundRefusal.plainHTTP) { try OutboundRules().admit(plain) }
        try OutboundRules(allowsPlainHTTP: true).admit(plain)
        try OutboundRules().admit(try #require(WebAddress("https://a.example/")))
    }

    @Test(arguments: [
        ("https://a.example/", true), ("https://a.example:8443/", true), ("https://b.example:444/", true), ("https://b.example/", false),
        ("https://sub.a.example/", false), ("https://a.example.evil.example/", false), ("https://evila.example/", false),
    ])
    func `hold to the list of hosts`(url: String, isAllowed: Bool) throws {
        let rules = OutboundRules(hosts: ["a.example", "b.example:444"])
        let address = try #require(WebAddress(url))
        if isAllowed {
            try rules.admit(address)
        } else {
            #expect(throws: OutboundRefusal.hostNotAllowed(address.host)) { try rules.admit(address) }
        }
    }

    @Test(arguments: [
        "https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest/",
    ])
    func `keep out of private ranges unless told otherwise`(url: String) throws {
        let address = try #require(WebAddress(url))
        #expect(throws: OutboundRefusal.privateAddress) { try OutboundRules().admit(address) }
        #expect(throws: OutboundRefusal.privateAddress) { try OutboundRules(hosts: [address.host]).admit(address) }
        try OutboundRules(allowsPrivateAddresses: true).admit(address)
    }
}
