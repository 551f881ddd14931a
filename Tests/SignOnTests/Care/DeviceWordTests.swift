import Credentials
import SignOn
import Testing
import Vocabulary

@Suite struct `Where a browser says it runs` {
    @Test(
        arguments: [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "chrome/windows"
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0",
                "edge/windows"
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15",
                "safari/macos"
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "firefox/linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1",
                "chrome/iphone"
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/604.1",
                "safari/ipad"
            ),
            (
                "Mozilla/5.0 (Linux; Android 16; SM-S931) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0 Mobile Safari/537.36",
                "samsung/android"
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "chrome/chromeos"
            ),
            ("sekisho-app/3 (android)", "app/android"), ("curl/8.1", "app/other"), ("Mozilla/5.0 (BeOS)", "other/other"),
        ])
    func `is two coarse words`(header: String, words: String) {
        #expect(DeviceWord(userAgent: header)?.text == words)
    }

    @Test func `and nothing where it does not say`() {
        #expect(DeviceWord(userAgent: nil) == nil)
        #expect(DeviceWord(userAgent: "") == nil)
    }

    @Test func `a header of any length and any bytes costs a few hundred characters`() {
        let long = String(repeating: "x", count: 1 << 20) + "Firefox/1"
        #expect(DeviceWord(userAgent: long)?.text == "app/other")
        #expect(DeviceWord(userAgent: "Firefox/\u{0}\u{feff}関所") != nil)
    }

    @Test(arguments: ["firefox", "firefox/", "/linux", "opera/linux", "firefox/linux/x", "Firefox/linux", ""])
    func `what our store never wrote is not read`(text: String) {
        #expect(DeviceWord(text) == nil)
    }

    @Test(arguments: DeviceWord.Browser.allCases, DeviceWord.Machine.allCases)
    func `what it wrote is`(browser: DeviceWord.Browser, machine: DeviceWord.Machine) {
        let word = DeviceWord(browser: browser, machine: machine)
        #expect(DeviceWord(word.text) == word)
    }
}

@Suite struct `The name of a certificate outside` {
    private let certificate = CertificateIdentity(issuer: String(repeating: "a", count: 64), serial: "0123456789")

    @Test func `differs from citizen to citizen and betrays no digit of the serial number`() throws {
        let (one, two) = (try #require(SubjectID("citizen-000000001")), try #require(SubjectID("citizen-000000002")))
        let handle = CertificateHandle(certificate, of: one)
        #expect(handle != CertificateHandle(certificate, of: two))
        #expect(handle == CertificateHandle(certificate, of: one))
        #expect(handle.text.firstRange(of: certificate.serial) == nil)
        #expect(CertificateHandle(handle.text) == handle)
    }

    @Test(arguments: ["", "0123", String(repeating: "A", count: 24), String(repeating: "g", count: 24), String(repeating: "a", count: 25)])
    func `anything else is none`(text: String) {
        #expect(CertificateHandle(text) == nil)
    }
}
