package import Credentials
import Cryptography
package import Logging
package import Outbound
import Synchronization
package import Trust
package import Vocabulary

/// Where a certificate's status is asked: memory, the published lists, a stapled answer, a main responder, a fall-back responder. Each rung
/// that can say nothing leads to the next; nobody able to answer gives *unknown*, never *good*.
///
/// Revoked for good is the last word, whoever says it and whenever. Between *good* and *on hold* the newer word counts.
package final class StatusDesk: Sendable {
    package struct OnLine: Sendable {
        let main: WebAddress?
        let fallBack: WebAddress?
        let outbound: Outbound

        /// `url` is asked instead of the address in the certificate, `fallBack` after either. What `outbound` allows is narrowed to what an
        /// answer needs: 64 KiB, no redirect.
        package init(url: String?, fallBack: String? = nil, outbound: Outbound) {
            main = url.flatMap { WebAddress($0) }
            self.fallBack = fallBack.flatMap { WebAddress($0) }
            let rules = outbound.rules
            self.outbound = Outbound(
                rules: OutboundRules(
                    hosts: rules.hosts, allowsPrivateAddresses: rules.allowsPrivateAddresses, allowsPlainHTTP: rules.allowsPlainHTTP,
                    limit: min(rules.limit, ParsedOCSPResponse.largest), seconds: rules.seconds))
        }
    }

    private let lists: Published<RevocationLists>
    private let onLine: OnLineStatus?
    private let rules: StatusRules
    private let memory: any RevocationMemory
    private let logger: Logger
    private let responders: Responders
    private let flights = Flights<Flight, CertificateStatus>()
    private let kept: Mutex<AnswerCache<RevocationKey, CertificateStatus>>
    private let counts = Mutex(StatusHealth.Counts())

    /// `onLine` nil: lists alone.
    package init(
        lists: Published<RevocationLists>, onLine: OnLine?, memory: any RevocationMemory, rules: StatusRules, logger: Logger
    ) {
        self.lists = lists
        self.rules = rules
        self.memory = memory
        self.logger = logger
        let responders = Responders(main: onLine?.main, fallBack: onLine?.fallBack, rest: rules.rest)
        self.responders = responders
        self.onLine = onLine.map {
            OnLineStatus(
                main: $0.main, fallBack: $0.fallBack, outbound: $0.outbound, rules: rules, responders: responders, logger: logger)
        }
        kept = Mutex(AnswerCache(capacity: rules.capacity))
    }

    /// The leaf of a login. `order` is what policy asks of this decision, else the configured one; `stapled` an OCSP response the caller was
    /// handed with the certificate. A responder's answer that was kept counts up to `age` seconds after it was made, nil: until its end.
    package func status(
        of login: LoginCertificate, order: StatusRules.Order? = nil, stapled: [UInt8]? = nil, notOlderThan age: Int64? = nil,
        at now: Timestamp
    ) async -> CertificateStatus {
        let chain = login.chain
        let subject = OnLineStatus.Subject(certificate: chain.leaf, issuer: chain.issuer, path: chain.path)
        return await status(of: subject, order: order, stapled: stapled, notOlderThan: age, at: now)
    }

    /// Every certificate below the anchor, the leaf first; `stapled` is about the leaf.
    package func status(
        of chain: TrustedChain, order: StatusRules.Order? = nil, stapled: [UInt8]? = nil, notOlderThan age: Int64? = nil,
        at now: Timestamp
    ) async -> [CertificateStatus] {
        var statuses: [CertificateStatus] = []
        for (position, pair) in zip(chain.path, chain.path.dropFirst()).enumerated() {
            let subject = OnLineStatus.Subject(certificate: pair.0, issuer: pair.1, path: chain.path)
            statuses.append(
                await status(of: subject, order: order, stapled: position == 0 ? stapled : nil, notOlderThan: age, at: now))
        }
        return statuses
    }

    /// How it fares: a value for gauges, made anew at each call.
    package var health: StatusHealth {
        var health = StatusHealth()
        health.responders = responders.gauges
        health.counts = counts.withLock { $0 }
        health.held = kept.withLock { $0.count }
        return health
    }

    // MARK: One certificate

    private func status(
        of subject: OnLineStatus.Subject, order: StatusRules.Order?, stapled: [UInt8]?, notOlderThan age: Int64?, at now: Timestamp
    ) async -> CertificateStatus {
        let key = RevocationKey(of: subject.certificate, issuer: subject.issuer)
        let remembered: RememberedRevocation?
        do {
            remembered = try await memory.recall(key)
        } catch {
            // What cannot be read may have been a revocation.
            count { $0.memoryFailures += 1 }
            logger.error("memory of revocations cannot be read", metadata: ["error": "\(type(of: error))"])
            return counted(.unknown(checkedAt: now))
        }
        if let remembered, remembered.reason.isPermanent {
            watch(remembered, subject, at: now)
            return counted(remembered.status(at: now))
        }
        let word = await climb(subject, key, order ?? rules.order, stapled, notOlderThan: age, at: now)
        return counted(await settled(word, remembered, subject, at: now))
    }

    private typealias Counter = WritableKeyPath<StatusHealth.Counts, Int>

    private struct Word {
        let status: CertificateStatus
        let counter: Counter?
    }

    /// The rungs in the order asked for. The lists are at hand and are always looked at: revoked is the last word whoever says it.
    private func climb(
        _ subject: OnLineStatus.Subject, _ key: RevocationKey, _ order: StatusRules.Order, _ stapled: [UInt8]?, notOlderThan age: Int64?,
        at now: Timestamp
    ) async -> CertificateStatus {
        let list = Word(status: listed(subject, at: now), counter: \.listed)
        let handed = stapled.map { Word(status: answer($0, subject, at: now), counter: \.stapled) }
        let atHand = order == .listFirst ? [list, handed].compactMap { $0 } : [handed, list].compactMap { $0 }
        let enough = order == .listFirst ? atHand : [handed].compactMap { $0 }
        if atHand.contains(where: \.status.isFinal) || enough.contains(where: \.status.isGood) { return weighed(atHand) }
        let fetched = Word(status: await fetched(subject, key, notOlderThan: age, at: now), counter: nil)
        return weighed(order == .listFirst ? atHand + [fetched] : [handed, fetched, list].compactMap { $0 })
    }

    /// Revoked for good, else the first that knows, unless newer knowledge contradicts it: *good* after *on hold*, or the other way round.
    private func weighed(_ words: [Word]) -> CertificateStatus {
        let knowing = words.filter { $0.status.verdict != .unknown }
        let newest = knowing.max { ($0.status.thisUpdate ?? .distantPast) < ($1.status.thisUpdate ?? .distantPast) }
        let final = knowing.first(where: \.status.isFinal)
        let first = knowing.first { $0.status.isGood == newest?.status.isGood }
        // Unknown by a source that was asked tells more than unknown by nobody.
        guard let word = final ?? first ?? words.first(where: { $0.status.source != .none }) ?? words.first else {
            return .unknown(checkedAt: .distantPast)
        }
        if let counter = word.counter { count { $0[keyPath: counter] += 1 } }
        return word.status
    }

    // MARK: Rungs

    /// A list beyond its age no longer says *good*; what it calls revoked stays so.
    private func listed(_ subject: OnLineStatus.Subject, at now: Timestamp) -> CertificateStatus {
        let status = lists.current.status(of: subject.certificate, issuer: subject.issuer, path: subject.path, at: now)
        guard status.isGood, let oldest = rules.listAge, let age = status.age, age > oldest else { return status }
        return .unknown(checkedAt: now)
    }

    /// What the lists know about a responder that the issuer of this certificate appointed.
    private func listed(_ responder: Certificate, beside subject: OnLineStatus.Subject, at now: Timestamp) -> StatusVerdict {
        listed(OnLineStatus.Subject(certificate: responder, issuer: subject.issuer, path: subject.path), at: now).verdict
    }

    private func answer(_ der: [UInt8], _ subject: OnLineStatus.Subject, at now: Timestamp) -> CertificateStatus {
        do throws(RevocationRefusal) {
            return try UnverifiedOCSPResponse(der: der).verified(
                about: subject.certificate, issuer: subject.issuer, at: now, under: rules.answer
            ) { responder, _ in listed(responder, beside: subject, at: now) }
        } catch {
            count { $0.stapledRefused += 1 }
            return .unknown(checkedAt: now)
        }
    }

    private struct Flight: Hashable, Sendable {
        let key: RevocationKey
        /// Whoever names an age does not share what a cache on the way may answer.
        let passesCaches: Bool
    }

    private func fetched(
        _ subject: OnLineStatus.Subject, _ key: RevocationKey, notOlderThan age: Int64?, at now: Timestamp
    ) async -> CertificateStatus {
        guard let onLine else { return .unknown(checkedAt: now) }
        if let status = kept.withLock({ $0.value(key, at: now) })?.checked(at: now), status.isWithin(age) {
            count { $0.kept += 1 }
            return status
        }
        let flight = Flight(key: key, passesCaches: age != nil)
        let (found, isShared) = await flights.share(flight) {
            let status = await onLine.word(on: subject, passingCaches: flight.passesCaches, at: now) { responder, _ in
                listed(responder, beside: subject, at: now)
            }
            if let status { keep(status, for: key, at: now) }
            return status
        }
        if isShared { count { $0.shared += 1 } }
        return found ?? .unknown(checkedAt: now)
    }

    /// Until the answer's own nextUpdate, and no longer than it would be believed if it came now. An answer without nextUpdate has newer
    /// word behind it at any time, and one that says *unknown* may have it soon.
    private func keep(_ status: CertificateStatus, for key: RevocationKey, at now: Timestamp) {
        guard status.verdict != .unknown, let made = status.thisUpdate, let next = status.nextUpdate else { return }
        let until = min(next, made.adding(seconds: rules.answer.maximumAge))
        guard now < until else { return }
        kept.withLock { $0.keep(status, for: key, until: until) }
    }

    // MARK: Memory

    private func settled(
        _ word: CertificateStatus, _ remembered: RememberedRevocation?, _ subject: OnLineStatus.Subject, at now: Timestamp
    ) async -> CertificateStatus {
        if let seen = RememberedRevocation(word, of: subject.certificate, issuer: subject.issuer) {
            guard remembered.map(seen.replaces) ?? true else { return word }
            do {
                return try await memory.remember(seen).status(at: now, unless: word)
            } catch {
                count { $0.memoryFailures += 1 }
                logger.error("a revocation could not be remembered", metadata: ["error": "\(type(of: error))"])
                return word
            }
        }
        guard let remembered else { return word }
        if case .revoked = word.verdict { return word }
        if remembered.isLifted(by: word) {
            count { $0.lifted += 1 }
            return word
        }
        count { $0.remembered += 1 }
        return remembered.status(at: now)
    }

    /// Nothing is asked about a certificate revoked for good. A list from after that moment which calls it good is another authority's mistake
    /// or somebody's old copy, and the operator hears of it.
    private func watch(_ remembered: RememberedRevocation, _ subject: OnLineStatus.Subject, at now: Timestamp) {
        let list = listed(subject, at: now)
        let contradicts = list.isGood && list.thisUpdate.map { $0 > remembered.thisUpdate } ?? false
        count { counts in
            counts.remembered += 1
            if contradicts { counts.contradicted += 1 }
        }
        if contradicts { logger.error("a list calls a certificate good that was revoked") }
    }

    private func counted(_ status: CertificateStatus) -> CertificateStatus {
        count { counts in
            switch status.verdict {
            case .good: counts.good += 1
            case .revoked: counts.revoked += 1
            case .unknown: counts.unknown += 1
            }
        }
        return status
    }

    private func count(_ change: (inout StatusHealth.Counts) -> Void) { counts.withLock { change(&$0) } }
}

extension Timestamp {
    fileprivate static let distantPast = Timestamp(milliseconds: .min)
}

extension CertificateStatus {
    fileprivate var isGood: Bool { verdict == .good }

    fileprivate func isWithin(_ oldest: Int64?) -> Bool { oldest.map { (age ?? .max) <= $0 } ?? true }

    fileprivate var isFinal: Bool {
        if case .revoked(let reason, _) = verdict { reason.isPermanent } else { false }
    }
}

extension RememberedRevocation {
    /// What is kept now, when another login remembered something worse in between.
    fileprivate func status(at now: Timestamp, unless word: CertificateStatus) -> CertificateStatus {
        if case .revoked(reason, revokedAt) = word.verdict { word } else { status(at: now) }
    }
}
