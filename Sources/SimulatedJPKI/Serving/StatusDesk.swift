import Synchronization
package import Vocabulary

/// Answers for the status of certificates: lists of revocations and OCSP. A function of a request and the folder as it is now; HTTP is
/// somebody else's.
package final class StatusDesk: Sendable {
    package struct Request: Sendable {
        package let isPost: Bool
        /// As it came, percent-encoded, without a query.
        package let path: String
        package let body: [UInt8]

        package init(isPost: Bool = false, path: String, body: [UInt8] = []) {
            self.isPost = isPost
            self.path = path
            self.body = body
        }
    }

    package struct Answer: Sendable {
        package let status: Int
        package let type: String
        package let body: [UInt8]
        /// For how many seconds the answer may be kept.
        package let seconds: Int64

        static func text(_ status: Int, _ text: String) -> Answer {
            Answer(status: status, type: "text/plain; charset=utf-8", body: Array(text.utf8), seconds: 0)
        }
    }

    /// The longest body of a request.
    package static let longestRequest = OCSPQuestion.longest
    /// Lists are good for a day (`jpki.md` §1.4) and are made anew after an hour, when half their time is over, or when something was
    /// revoked.
    package static let listLifetime: Int64 = 24 * 3600
    static let listRefresh: Int64 = 3600

    private let simulator: Simulator?
    private let bridge: BridgeDesk?
    /// Of the cards' lists. The bridge's keep their own.
    private let lifetime: Int64
    /// Seconds for which a new certificate is not among those whose earlier ones are known.
    private let correspondenceDelay: Int64
    private let kept = Mutex<[String: Kept]>([:])

    private struct Kept {
        let version: StateFolder.Version
        let register: Register
        var lists: [String: (der: [UInt8], made: Timestamp)] = [:]
    }

    /// For the card authorities, a bridge, or both.
    package init(
        _ simulator: Simulator?, bridge: BridgeFolder? = nil, listLifetime: Int64 = StatusDesk.listLifetime, correspondenceDelay: Int64 = 0
    ) {
        self.correspondenceDelay = correspondenceDelay
        self.simulator = simulator
        lifetime = listLifetime
        self.bridge = bridge.map { BridgeDesk($0) }
    }

    package func answer(_ request: Request, at now: Timestamp) -> Answer {
        let parts = request.path.split(separator: "/").map(String.init)
        do {
            switch parts.first {
            case "ocsp" where parts.count >= 2:
                guard let purpose = Purpose(rawValue: parts[1]) else { break }
                // From the path itself: among the digits of Base64 slashes may follow each other, or end it.
                let encoded = request.path.split(separator: "/", maxSplits: 2).dropFirst(2).first.map(String.init) ?? ""
                return try ocsp(purpose, request, encoded: encoded, at: now)
            case "crl" where parts.count == 4 && !request.isPost:
                guard let purpose = Purpose(rawValue: parts[1]), let generation = Int(parts[2]), parts[3].hasSuffix(".crl"),
                    let list = try list(purpose, generation, String(parts[3].dropLast(4)), at: now)
                else { break }
                return Answer(status: 200, type: "application/pkix-crl", body: list, seconds: 60)
            case "correspondence" where parts.count == 1 && request.isPost:
                guard let simulator else { break }
                return try CorrespondenceDesk(simulator, delay: correspondenceDelay).answer(request.body, at: now)
            case "bridge" where !request.isPost:
                guard let answer = try bridge?.answer(Array(parts.dropFirst()), at: now) else { break }
                return answer
            case nil where !request.isPost: return .text(200, try index() + (bridge?.index() ?? ""))
            default: break
            }
            return .text(404, "There is nothing here.\n")
        } catch {
            return .text(500, "The state cannot be read.\n")
        }
    }

    // MARK: Lists

    /// Every list there is, as an address.
    package func listPaths(_ purpose: Purpose) -> [(full: String, partitions: [String])] {
        authorities.filter { $0.purpose == purpose }.map { authority in
            let folder = "/crl/\(purpose.rawValue)/\(authority.generation)/"
            return (folder + "full.crl", Municipality.all.map { folder + $0.code + ".crl" })
        }
    }

    /// `full`, or a municipality's code. Nil for a list that does not exist.
    package func list(_ purpose: Purpose, _ generation: Int, _ name: String, at now: Timestamp) throws -> [UInt8]? {
        guard let simulator, let authority = authorities.first(where: { $0.purpose == purpose && $0.generation == generation }) else {
            return nil
        }
        let municipality = Municipality.named(name)
        guard name == "full" || municipality != nil else { return nil }
        try refresh(authority, of: simulator)
        return try kept.withLock { kept in
            guard var own = kept[authority.name] else { return nil }
            if let list = own.lists[name], now.seconds(since: list.made) < min(Self.listRefresh, lifetime / 2), list.made <= now {
                return list.der
            }
            let form = RevocationListForm(
                entries: own.register.entries.filter { municipality == nil || $0.partition == name },
                partition: municipality.map { simulator.profile.partitionName(purpose, $0) }, thisUpdate: now,
                nextUpdate: now.adding(seconds: lifetime))
            let der = try form.signed(by: authority, profile: simulator.profile)
            own.lists[name] = (der, now)
            kept[authority.name] = own
            return der
        }
    }

    /// Reads the register again when the file has changed.
    private func refresh(_ authority: Authority, of simulator: Simulator) throws {
        let version = simulator.folder.version(of: "authorities/\(authority.name)/register.json")
        guard kept.withLock({ $0[authority.name]?.version }) != version else { return }
        let register = try simulator.register(of: authority.name)
        kept.withLock { $0[authority.name] = Kept(version: version, register: register) }
    }

    // MARK: OCSP

    private func ocsp(_ purpose: Purpose, _ request: Request, encoded: String, at now: Timestamp) throws -> Answer {
        guard request.isPost == encoded.isEmpty else { return .text(404, "There is nothing here.\n") }
        let der: [UInt8]
        do throws(OCSPTrouble) {
            let body = request.isPost ? request.body : try Self.decoded(encoded)
            der = try answer(purpose, body, at: now)
        } catch {
            der = error.der
        }
        return Answer(status: 200, type: "application/ocsp-response", body: der, seconds: 0)
    }

    private func answer(_ purpose: Purpose, _ body: [UInt8], at now: Timestamp) throws(OCSPTrouble) -> [UInt8] {
        let question = try OCSPQuestion(body)
        guard let simulator, let first = question.subjects.first,
            let authority = OCSPAnswerForm.authority(for: first, among: authorities.filter({ $0.purpose == purpose }))
        else { throw .unauthorized }
        do {
            try refresh(authority, of: simulator)
            guard let register = kept.withLock({ $0[authority.name]?.register }) else { throw OCSPTrouble.internal }
            return try OCSPAnswerForm(question: question, authority: authority, register: register, at: now).signed()
        } catch {
            throw .internal
        }
    }

    /// RFC 6960 §A.1: Base64, then percent-encoded; the slashes among the digits may have been left as they are.
    private static func decoded(_ text: String) throws(OCSPTrouble) -> [UInt8] {
        let plain = text.replacingPercentSigns()
        guard text.utf8.count <= 4 * OCSPQuestion.longest, let bytes = Base64.decode(plain) else { throw .malformed }
        return bytes
    }

    private var authorities: [Authority] { simulator?.authorities ?? [] }

    private func index() throws -> String {
        guard let simulator else { return "" }
        let lists = Purpose.allCases.flatMap { purpose in listPaths(purpose).map { "  " + simulator.base + $0.full } }
        let responders = Purpose.allCases.map { "  " + simulator.ocspAddress($0) }
        return
            (["Simulated JPKI. None of its certificates says anything about a real person.", "", "OCSP:"] + responders
            + ["Lists (one for each municipality beside the full one):"] + lists).joined(separator: "\n") + "\n"
    }
}

extension String {
    fileprivate func replacingPercentSigns() -> String {
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2, let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
