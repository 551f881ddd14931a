import Vocabulary

/// Where a session lives, in two coarse words its citizen recognises: which kind of browser, on which kind of machine. Made of the
/// `User-Agent` header once, at the login, and the header is forgotten: a version, a model or an address would follow people about, and the
/// page has no use for them. What a header says proves nothing; the page says so too.
package struct DeviceWord: Hashable, Sendable {
    package enum Browser: String, Sendable, CaseIterable {
        case chrome, edge, firefox, safari, samsung, app, other
        /// A session that a service's device or back-channel request got; no browser opens it.
        case service
    }

    package enum Machine: String, Sendable, CaseIterable {
        case windows, macOS = "macos", linux, chromeOS = "chromeos", android, iPhone = "iphone", iPad = "ipad", other
    }

    package let browser: Browser
    package let machine: Machine

    package init(browser: Browser, machine: Machine) {
        self.browser = browser
        self.machine = machine
    }

    /// Of a session that belongs to a service alone.
    package static let service = DeviceWord(browser: .service, machine: .other)

    /// As our store has it: `firefox/windows`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let browser = Browser(rawValue: String(parts[0])), let machine = Machine(rawValue: String(parts[1])) else {
            return nil
        }
        self.init(browser: browser, machine: machine)
    }

    package var text: String { browser.rawValue + "/" + machine.rawValue }

    /// Longer headers are cut here; browsers send some 150 bytes.
    private static let longest = 512

    /// From a header as a browser sends it; nil without one. Most browsers claim to be others too, so the order of the questions matters.
    package init?(userAgent header: String?) {
        guard let header, !header.isEmpty else { return nil }
        let text = String(header.utf8.prefix(Self.longest).map { Character(UnicodeScalar($0)) }).lowercased()
        func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        if says("edg/", "edga/", "edgios/") {
            browser = .edge
        } else if says("samsungbrowser/") {
            browser = .samsung
        } else if says("firefox/", "fxios/") {
            browser = .firefox
        } else if says("chrome/", "crios/", "chromium/") {
            browser = .chrome
        } else if says("safari/") {
            browser = .safari
        } else {
            browser = says("mozilla/") ? .other : .app
        }
        if says("ipad") {
            machine = .iPad
        } else if says("iphone", "ipod") {
            machine = .iPhone
        } else if says("android") {
            machine = .android
        } else if says("cros ") {
            machine = .chromeOS
        } else if says("windows") {
            machine = .windows
        } else if says("mac os x", "macintosh") {
            machine = .macOS
        } else {
            machine = says("linux", "x11") ? .linux : .other
        }
    }
}
