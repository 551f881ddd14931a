import Testing

/// Somebody's ideas of how to reach another address than `https://shop.example/cb`, by family (checklist E1, E2, E4). `isFit`: it could be
/// registered, so that nothing but the comparison byte for byte keeps it out.
enum RedirectCorpus {
    struct Family: Sendable {
        let name: String
        let isFit: Bool
        let addresses: [String]

        init(_ name: String, isFit: Bool, _ addresses: [String]) {
            self.name = name
            self.isFit = isFit
            self.addresses = addresses
        }
    }

    struct Trick: Sendable, CustomTestStringConvertible {
        let family: String
        let isFit: Bool
        let address: String
        var testDescription: String { family + " " + address.debugDescription }
    }

    static let tricks = families.flatMap { family in family.addresses.map { Trick(family: family.name, isFit: family.isFit, address: $0) } }

    static let families = [
        Family(
            "another path", isFit: true,
            [
                "https://shop.example/", "https://shop.example/cb/", "https://shop.example/cb2", "https://shop.example/cb/x",
                "https://shop.example/c", "https://shop.example/x/cb", "https://shop.example//cb", "https://shop.example/cb//",
                "https://shop.example/cb;/evil", "https://shop.example/cb;jsessionid=1", "https://shop.example/;/cb",
                "https://shop.example/cb,x", "https://shop.example/cb!", "https://shop.example/cb'", "https://shop.example/cb(",
                "https://shop.example/cb*", "https://shop.example/cb:", "https://shop.example/cb=", "https://shop.example/cb&x",
                "https://shop.example/cb+", "https://shop.example/cb~", "https://shop.example/cb$",
                "https://shop.example/@evil.example/cb", "https://shop.example/cb@evil.example",
                "https://shop.example/https://evil.example/cb", "https://shop.example/cb.evil.example", "https://shop.example",
            ]),
        Family(
            "dots", isFit: false,
            [
                "https://shop.example/./cb", "https://shop.example/x/../cb", "https://shop.example/cb/..",
                "https://shop.example/cb/.", "https://shop.example/cb/../evil", "https://shop.example/cb/../../evil",
                "https://shop.example/../cb", "https://shop.example/..", "https://shop.example/%2e/cb",
                "https://shop.example/%2e%2e/cb", "https://shop.example/.%2e/cb", "https://shop.example/%2e./cb",
                "https://shop.example/%2E%2E/cb", "https://shop.example/x/%2e%2E/cb", "https://shop.example/cb/%2e%2e/evil",
            ]),
        Family(
            "dots behind a semicolon (CVE-2026-3872)", isFit: true,
            [
                "https://shop.example/cb/..;/evil", "https://shop.example/..;/cb", "https://shop.example/cb/..;x=1/evil",
                "https://shop.example/cb/%2e%2e;/evil", "https://shop.example/.;/cb", "https://shop.example/cb/..%3b/evil",
                "https://shop.example/cb/...", "https://shop.example/cb/....//evil",
            ]),
        Family(
            "encoded twice, or half", isFit: true,
            [
                "https://shop.example/%63b", "https://shop.example/c%62", "https://shop.example/%63%62",
                "https://shop.example/%2563b", "https://shop.example/%252e%252e/cb", "https://shop.example/%2fcb/x",
                "https://shop.example/%2Fcb", "https://shop.example/cb%2f..%2fevil", "https://shop.example/cb%2F",
                "https://shop.example/cb%5c", "https://shop.example/cb%5C..%5Cevil", "https://shop.example/cb%3fx=1",
                "https://shop.example/cb%23x", "https://shop.example/cb%00", "https://shop.example/cb%00.evil.example",
                "https://shop.example/cb%20", "https://shop.example/%20cb", "https://shop.example/cb%09",
                "https://shop.example/cb%0a", "https://shop.example/cb%0d%0aLocation:%20https://evil.example",
                "https://shop.example/cb%E3%81%82", "https://shop.example/%c0%ae%c0%ae/cb", "https://shop.example/cb%ff",
                "https://shop.example/cb%7Ecb", "https://shop.example/cb%40evil.example",
            ]),
        Family(
            "a % that encodes nothing", isFit: false,
            [
                "https://shop.example/cb%", "https://shop.example/cb%2", "https://shop.example/cb%zz",
                "https://shop.example/%u0063b", "https://shop.example/cb%%32%65", "https://shop.example/cb?x=%g1",
            ]),
        Family(
            "letter case", isFit: true,
            [
                "https://shop.example/CB", "https://shop.example/Cb", "https://shop.example/cB", "https://SHOP.example/cb",
                "https://shop.EXAMPLE/cb", "https://Shop.Example/cb", "HTTPS://shop.example/cb", "hTTps://shop.example/cb",
                "Https://shop.example/cb",
            ]),
        Family(
            "a state of its own, beside that of the answer", isFit: false,
            [
                "https://shop.example/cb?state=s-1", "https://shop.example/cb?x=1&state", "https://shop.example/cb?%73t%61te=s-1",
            ]),
        Family(
            "query", isFit: true,
            [
                "https://shop.example/cb?", "https://shop.example/cb?x=1",
                "https://shop.example/cb?redirect_uri=https://evil.example", "https://shop.example/cb??",
                "https://shop.example/cb?codes=stolen", "https://shop.example/cb?x=state", "https://shop.example/cb&x=1",
                "https://shop.example?/cb", "https://shop.example/?cb", "https://shop.example/cb?a=b&a=c",
                "https://shop.example/cb?@evil.example/",
            ]),
        Family(
            "fragment", isFit: false,
            [
                "https://shop.example/cb#", "https://shop.example/cb#x", "https://shop.example/cb#/../evil",
                "https://shop.example/#cb", "https://shop.example#/cb", "https://shop.example/cb?x#y",
                "https://evil.example#https://shop.example/cb", "https://evil.example#@shop.example/cb",
                "https://shop.example/cb#@evil.example",
            ]),
        Family(
            "port", isFit: true,
            [
                "https://shop.example:443/cb", "https://shop.example:8443/cb", "https://shop.example:0443/cb",
                "https://shop.example:1/cb", "https://shop.example:65535/cb", "https://shop.example:00443/cb",
            ]),
        Family(
            "no port", isFit: false,
            [
                "https://shop.example:/cb", "https://shop.example:0/cb", "https://shop.example:65536/cb",
                "https://shop.example:99999/cb", "https://shop.example:-1/cb", "https://shop.example:+443/cb",
                "https://shop.example:443x/cb", "https://shop.example:x443/cb", "https://shop.example:4%343/cb",
                "https://shop.example:443:443/cb", "https://shop.example:4 43/cb", "https://shop.example:\u{664}\u{664}\u{663}/cb",
                "https://shop.example:18446744073709551615443/cb",
            ]),
        Family(
            "user name", isFit: false,
            [
                "https://evil.example@shop.example/cb", "https://shop.example@evil.example/cb",
                "https://shop.example:x@evil.example/cb", "https://shop.example:443@evil.example/cb",
                "https://user:pass@shop.example/cb", "https://@shop.example/cb", "https://:@shop.example/cb",
                "https://shop.example@/cb", "https://a@b@shop.example/cb", "https://shop.example@a@evil.example/cb",
                "https://shop.example@@evil.example/cb", "https://a:b@c:d@shop.example/cb",
                "https://shop.example%40evil.example/cb", "https://shop.example%3a443@evil.example/cb",
                "https://shop.example&@evil.example/cb", "https://shop.example;@evil.example/cb", "https://[::1]@evil.example/cb",
                "https://shop.example#@evil.example/cb",
            ]),
        Family(
            "another host", isFit: true,
            [
                "https://evil.example/cb", "https://x.shop.example/cb", "https://evilshop.example/cb",
                "https://shop.example.evil.example/cb", "https://shop-example/cb", "https://shopexample/cb",
                "https://shop.example.com/cb", "https://hop.example/cb", "https://shop.exampl/cb",
                "https://evil.example/shop.example/cb", "https://evil.example/https://shop.example/cb",
                "https://evil.example?https://shop.example/cb", "https://evil.example?@shop.example/cb",
                "https://evil.example/@shop.example/cb", "https://xn--hop-ooc.example/cb", "https://www.shop.example/cb",
                "https://shop_example/cb", "https://localhost/cb", "https://127.0.0.1/cb", "https://127.1/cb",
                "https://2130706433/cb", "https://0x7f000001/cb", "https://0177.0.0.1/cb", "https://0/cb", "https://10.0.0.1/cb",
                "https://169.254.169.254/cb",
            ]),
        Family(
            "no host", isFit: false,
            [
                "https:///cb", "https:////cb", "https:///shop.example/cb", "https:////shop.example/cb", "https:/shop.example/cb",
                "https:shop.example/cb", "https:", "https:/", "https://", "https://?/cb", "https:///", "https://./cb",
                "https://../cb", "https://shop.example./cb", "https://.shop.example/cb", "https://shop..example/cb",
                "https://shop.example../cb",
            ]),
        Family(
            "backslash", isFit: false,
            [
                "https://shop.example\\cb", "https://shop.example\\@evil.example/cb", "https://evil.example\\shop.example/cb",
                "https://evil.example\\@shop.example/cb", "https://evil.example/\\shop.example/cb", "https:\\\\shop.example\\cb",
                "https:/\\shop.example/cb", "https:\\/shop.example/cb", "\\\\shop.example\\cb", "/\\shop.example/cb",
                "https://shop.example/cb\\", "https://shop.example/\\cb", "https://shop.example/cb\\..\\evil",
                "https://shop.example\\.evil.example/cb", "https://shop.example/cb\\@evil.example",
            ]),
        Family(
            "IPv6 literals", isFit: true,
            [
                "https://[::1]/cb", "https://[::ffff:127.0.0.1]/cb", "https://[2001:db8::1]/cb", "https://[2001:DB8::1]/cb",
                "https://[::1]:8443/cb", "https://[0:0:0:0:0:0:0:1]/cb",
            ]),
        Family(
            "broken IPv6 literals", isFit: false,
            [
                "https://[::1/cb", "https://::1]/cb", "https://[]/cb", "https://[x]/cb", "https://[::1]x/cb",
                "https://[::1].shop.example/cb", "https://[shop.example]/cb", "https://[::1%25eth0]/cb",
                "https://[fe80::1%eth0]/cb", "https://[[::1]]/cb", "https://[v1.x]/cb",
            ]),
        Family(
            "control characters and spaces", isFit: false,
            [
                " https://shop.example/cb", "https://shop.example/cb ", "\thttps://shop.example/cb", "https://shop.example/cb\t",
                "https://shop.example/cb\n", "https://shop.example/cb\r\nLocation: https://evil.example",
                "\u{0}https://shop.example/cb", "https://shop.example/cb\u{0}", "https://shop.example/cb\u{0}.evil.example",
                "https://shop.example/c\u{0}b", "ht\ntps://shop.example/cb", "https://shop.\nexample/cb",
                "https://shop.example/\tcb", "https://shop.example/cb\u{7f}", "https://shop.example/cb\u{1}",
                "https://shop.example/cb\u{85}", "https://shop .example/cb", "https ://shop.example/cb",
                "https://shop.example/cb https://evil.example/cb", "https://shop.example/cb\u{1b}[2J",
            ]),
        Family(
            "other letters that look or fold alike", isFit: false,
            [
                "https://\u{455}hop.example/cb", "https://sho\u{440}.example/cb", "https://shop.\u{435}xample/cb",
                "https://shop.ex\u{430}mple/cb", "https://shop.exampl\u{435}/cb", "https://shop\u{3002}example/cb",
                "https://shop\u{ff0e}example/cb", "https://shop\u{ff61}example/cb", "https://\u{ff53}hop.example/cb",
                "https://\u{17f}hop.example/cb", "https://shop.examp\u{2113}e/cb", "https://shop.example\u{2044}cb",
                "https://shop.example\u{2215}cb", "https://shop.example\u{ff0f}cb", "https://shop.example\u{ff03}/cb",
                "https://shop.example\u{ff20}evil.example/cb", "https://shop.example/\u{ff43}\u{ff42}",
                "https://shop.example/cb\u{301}", "https://shop.example/cb\u{202e}", "https://shop.example/cb\u{200b}",
                "https://shop.example/cb\u{feff}", "https://shop.example/cb\u{ad}", "https://shop.example/cb\u{2028}",
                "https://sh\u{f6}p.example/cb", "https://shop.example/\u{3042}", "\u{ff48}ttps://shop.example/cb",
                "https\u{ff1a}//shop.example/cb", "https://shop.example\u{2025}/cb", "https://shop.example/\u{2025}/cb",
                "https://shop\u{b7}example/cb", "https://shop.example\u{2100}/cb", "https://\u{24e2}hop.example/cb",
            ]),
        Family(
            "schemes that run or read something", isFit: false,
            [
                "javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript://shop.example/cb%0aalert(1)",
                "javascript:https://shop.example/cb", "java\tscript:alert(1)", " javascript:alert(1)", "javascript&colon;alert(1)",
                "data:text/html,<script>alert(1)</script>", "DATA:text/html;base64,PHNjcmlwdD4=", "data:https://shop.example/cb",
                "vbscript:msgbox(1)", "VBScript:x", "file:///etc/passwd", "file://shop.example/cb", "blob:https://shop.example/cb",
                "filesystem:https://shop.example/cb", "view-source:https://shop.example/cb", "about:blank",
                "intent://shop.example/cb#Intent;scheme=https;end", "ftp://shop.example/cb", "ws://shop.example/cb",
                "wss://shop.example/cb", "gopher://shop.example/cb", "mailto:evil@evil.example", "tel:110", "shop:/cb",
                "shop://cb", "com.shop.app:/cb", "urn:ietf:wg:oauth:2.0:oob", "urn:ietf:wg:oauth:2.0:oob:auto",
                "chrome-extension://abc/cb", "ms-appx-web://shop", "jar:https://shop.example!/cb", "httpss://shop.example/cb",
                "https+x://shop.example/cb", "://shop.example/cb", "http://shop.example/cb", "HTTP://shop.example/cb",
                "http://localhost/cb", "http://127.0.0.1:4711/cb", "http://[::1]/cb",
            ]),
        Family(
            "relative", isFit: false,
            [
                "/cb", "cb", "./cb", "../cb", "//shop.example/cb", "///shop.example/cb", "////shop.example/cb", "?x=1", "#x", ".",
                "shop.example/cb", "shop.example", "*", "null", "undefined",
            ]),
        Family(
            "patterns", isFit: false,
            [
                "https://*.example/cb", "https://*/cb", "https://shop.*/cb", "https://shop.example/<cb>",
                "https://shop.example/{cb}", "https://shop.example/cb|https://evil.example", "https://shop.example/^cb",
                "https://shop.example/cb\"", "https://shop.example/cb`", "https://shop.example/[a-z]+\\",
                "https://shop.example/cb>",
            ]),
        Family(
            "patterns that are addresses", isFit: true,
            [
                "https://shop.example/*", "https://shop.example/c*", "https://shop.example/**", "https://shop.example/(cb)",
                "https://shop.example/cb,https://evil.example/cb", "https://shop.example/cb;https://evil.example/cb",
                "https://shop.example/.*", "https://shop.example/[cb]",
            ]),
    ]
}
