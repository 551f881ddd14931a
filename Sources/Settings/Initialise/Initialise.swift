import Cryptography
package import Vocabulary

/// What a fresh deployment folder is for.
package struct DeploymentPlan: Sendable {
    package struct Door: Sendable {
        package let origin: String
        package let listen: Endpoint
        /// The operator's word that all software that reaches the door asks for the PIN, so that it counts as used there.
        package let everyClientAsksForThePIN: Bool

        package init(origin: String, listen: Endpoint, everyClientAsksForThePIN: Bool = false) {
            self.origin = origin
            self.listen = listen
            self.everyClientAsksForThePIN = everyClientAsksForThePIN
        }
    }

    package let mode: Mode
    package let baseURL: String
    package let listen: Endpoint
    package let tlsDoor: Door?
    /// Addresses or files of revocation lists.
    package let revocationLists: [String]
    /// Certificate policies of logins by phone; not published, so there is no default.
    package let phonePolicies: [String]
    package let ladder: LadderChoice

    package init(
        mode: Mode, baseURL: String, listen: Endpoint, tlsDoor: Door? = nil, revocationLists: [String] = [], phonePolicies: [String] = [],
        ladder: LadderChoice = .japan
    ) {
        self.mode = mode
        self.baseURL = baseURL
        self.listen = listen
        self.tlsDoor = tlsDoor
        self.revocationLists = revocationLists
        self.phonePolicies = phonePolicies
        self.ladder = ladder
    }
}

extension Settings {
    /// Writes a fresh deployment: sekisho.yaml, newly made keys that only their owner may read, sample ladder and rules, no members.
    /// Refuses a folder that holds anything. Returns the names of the files it wrote, relative to the folder.
    ///
    /// A fresh folder for production lacks what only its operator can give: the authorities' certificates.
    package static func initialise(_ path: String, _ plan: DeploymentPlan, at now: Timestamp) throws(SettingsProblems) -> [String] {
        try plan.refuseNonsense()
        let files: [(name: String, text: String, mode: Int)]
        do {
            files =
                try FreshKeys(plan: plan, now: now).files() + [(DeploymentFile.name, SampleDeployment.text(for: plan), 0o644)]
                + SamplePolicies.files(plan.ladder).map { ($0.name, $0.text, 0o644) }
                + SampleProfiles.all.map { (ProfileFile.folder + "/" + $0.name + ".yaml", $0.text, 0o644) }
        } catch {
            throw .one(path, "init.keys", "keys could not be made: \(error)", "try again")
        }
        var writer = FolderWriter(path: trimmed(path))
        try writer.makeEmptyFolder()
        for (name, mode) in [
            ("Metadata", 0o755), (MemberFile.folder, 0o755), ("Policies", 0o755), ("Keys", 0o700), (AnchorFiles.name, 0o700),
            (TerminalFiles.name, 0o700), (ProfileFile.folder, 0o700), ("State", 0o700),
        ] { try writer.makeFolder(name, mode: mode) }
        for file in files { try writer.write(Array(file.text.utf8), to: file.name, mode: file.mode) }
        return files.map(\.name)
    }
}

extension SettingsProblems {
    static func one(_ file: String, _ code: String, _ message: String, _ remedy: String) -> SettingsProblems {
        SettingsProblems(problems: [Problem(file: file, code: code, message: message, remedy: remedy)])
    }
}

extension DeploymentPlan {
    fileprivate func refuseNonsense() throws(SettingsProblems) {
        var problems: [Problem] = []
        func refuse(_ code: String, _ message: String, _ remedy: String) {
            problems.append(Problem(file: DeploymentFile.name, code: code, message: message, remedy: remedy))
        }
        if let base = BaseAddress(baseURL), !base.hasPath {
            if mode == .production, !base.isSecure || base.isLoopback {
                refuse("production.base-url", "production needs a public https address", "give one, or make a development folder")
            }
        } else {
            refuse("address.origin", "`\(Explanation.redacted(baseURL))` is no origin", "write it like https://login.example.jp")
        }
        if let tlsDoor, BaseAddress(tlsDoor.origin).map({ $0.isSecure && !$0.hasPath }) != true {
            refuse(
                "address.origin", "`\(Explanation.redacted(tlsDoor.origin))` is no https origin", "write it like https://card.example.jp")
        }
        for list in revocationLists where list.contains("://") && BaseAddress(list) == nil || !list.isPlain {
            refuse(
                "address.url", "`\(Explanation.redacted(list))` is no address we could ask", "write it like http://crl.example.jp/auth.crl")
        }
        for policy in phonePolicies where ObjectIdentifier(policy) == nil {
            refuse("card.policy", "`\(Explanation.redacted(policy))` is no object identifier", "write it with dots: 1.2.392.…")
        }
        guard problems.isEmpty else { throw SettingsProblems(problems: problems) }
    }
}

extension String {
    /// Stands in a quoted YAML text as it is.
    fileprivate var isPlain: Bool {
        (1...1024).contains(utf8.count) && utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c && $0 != 0x7f }
    }
}

/// Keys and certificates for a fresh folder.
private struct FreshKeys {
    let plan: DeploymentPlan
    let now: Timestamp

    func files() throws(KeyError) -> [(name: String, text: String, mode: Int)] {
        let saml = try PrivateKey.generate(.rsa(bits: plan.mode == .production ? 3072 : 2048))
        // RSA, because a member that encrypts to us is old software as often as new.
        let encryption = try PrivateKey.generate(.rsa(bits: plan.mode == .production ? 3072 : 2048))
        var files = [
            try pair("Keys/saml-encryption.key.pem", encryption),
            ("Keys/saml-encryption.crt.pem", try certificate(for: encryption, "message encryption", years: 10), 0o644),
            try pair(KeyFiles.samlKey, saml),
            (KeyFiles.samlCertificate, try certificate(for: saml, "message signing", years: 10), 0o644),
            try pair("Keys/openid-es256.key.pem", try PrivateKey.generate(.ec(.p256))),
            try pair("Keys/openid-rs256.key.pem", try PrivateKey.generate(.rsa(bits: 2048))),
        ]
        guard let door = plan.tlsDoor, let host = BaseAddress(door.origin)?.host else { return files }
        let key = try PrivateKey.generate(.ec(.p256))
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let isAddress = host.hasPrefix("[") || host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e }
        let text = try certificate(for: key, "card listener", years: 2, names: isAddress ? [] : [bare], addresses: isAddress ? [bare] : [])
        files += [try pair(KeyFiles.tlsKey, key), (KeyFiles.tlsCertificate, text, 0o644)]
        return files
    }

    private func pair(_ name: String, _ key: PrivateKey) throws(KeyError) -> (name: String, text: String, mode: Int) {
        (name, String(decoding: try key.exportPEM(), as: UTF8.self), 0o600)
    }

    /// A development certificate says in its name what it is, so that production can refuse it.
    private func certificate(
        for key: PrivateKey, _ use: String, years: Int64, names: [String] = [], addresses: [String] = []
    ) throws(KeyError) -> String {
        let der = try SelfSigned.certificate(
            for: key, commonName: (plan.mode == .development ? KeyGuard.label : "Sekisho") + " " + use,
            notBefore: now.adding(seconds: -300),
            notAfter: now.adding(seconds: years * 365 * 86_400), dnsNames: names, ipAddresses: addresses)
        return PEM.encode(der, label: "CERTIFICATE")
    }
}
