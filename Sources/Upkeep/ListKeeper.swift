import Cryptography
package import Logging
import ServiceLifecycle
import Settings
import Synchronization
package import Trust
package import Vocabulary

/// Keeps the revocation lists: fetches each source when it is due, proves what came, judges it against the list before, puts it on the
/// disk and publishes it. Whatever goes wrong, the list before stays in use and its age decides; what no network explains is an alarm.
///
/// INVARIANT: a list is published in memory after it is on the disk, so that a restart never knows less than the process before it.
package final class ListKeeper: Service {
    package let published = Published(RevocationLists([]))
    private let evidence: ListEvidence

    private let plan: @Sendable () -> ListPlan
    private let clock: @Sendable () -> Timestamp
    private let shelf: ListShelf
    private let taken: DiskFolder
    private let feed: TrustFeed
    private let logger: Logger
    /// Where several nodes keep lists in one folder.
    private let turns: ListTurns?
    private let random: Mutex<any RandomNumberGenerator & Sendable>
    private let state = Mutex(Held())

    /// `folder` is the deployment's folder for the trust store's state; `plan` is asked at every turn.
    package init(
        folder: DiskFolder, plan: @escaping @Sendable () -> ListPlan, feed: TrustFeed, clock: @escaping @Sendable () -> Timestamp,
        random: any RandomNumberGenerator & Sendable = SystemRandom(), turns: ListTurns? = nil, logger: Logger
    ) {
        self.turns = turns
        self.plan = plan
        self.clock = clock
        self.feed = feed
        self.logger = logger
        self.random = Mutex(random)
        shelf = ListShelf(in: folder)
        taken = folder.folder("accept")
        evidence = ListEvidence(folder: folder, shelf: shelf)
    }

    // MARK: Turns

    /// Publishes what the disk has, without any network, and then asks the sources that gave nothing yet, for at most `seconds`: a first
    /// start waits for its lists, every other one has yesterday's at once.
    package func open(within seconds: Int64 = 30) async {
        let plan = plan()
        await follow(plan)
        publish()
        let missing = take(plan, { $0.list == nil }, atMost: .max)
        guard !missing.isEmpty else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.refresh(missing, plan) }
            group.addTask { try? await Task.sleep(for: .seconds(seconds)) }
            await group.next()
            group.cancelAll()
        }
        publish()
    }

    /// One whole look: takes up changed settings, refreshes every source that is due, publishes, and tidies up.
    package func turn() async {
        let plan = plan(), now = clock()
        await follow(plan)
        publish()
        await refresh(take(plan, { $0.isDue(at: now, plan.rules) }, atMost: .max), plan)
        publish()
        await tidy(plan.rules)
    }

    /// Looks until shutdown, every second. A slow source holds up neither the others nor a reload; what is proven is published within
    /// the second.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    let plan = self.plan(), now = self.clock()
                    await self.follow(plan)
                    for source in self.take(plan, { $0.isDue(at: now, plan.rules) }, atMost: plan.rules.parallel) {
                        group.addTask { await self.refresh(source, plan) }
                    }
                    self.publish()
                    await self.tidy(plan.rules)
                    try? await Task.sleep(for: .seconds(1))
                }
                group.cancelAll()
            }
        }
    }

    /// The gauges of the sources the settings name now, in their order.
    package func gauges() -> [ListGauge] {
        let plan = plan(), now = clock()
        let sources = state.withLock { $0.sources }
        return plan.sources.compactMap { source in sources[source].map { ListGauge(source, $0, rules: plan.rules, at: now) } }
    }

    // MARK: Settings

    /// Takes up new sources from the disk, lets go of sources that are no longer named, and withdraws lists whose authority is no longer
    /// believed.
    private func follow(_ plan: ListPlan) async {
        let now = clock()
        let (new, gone, changed) = state.withLock { held in
            let named = Set(plan.sources)
            let new = plan.sources.filter { held.sources[$0] == nil }
            let gone = held.sources.keys.filter { !named.contains($0) }
            for source in new { held.sources[source] = ListState(due: now) }
            for source in gone { held.sources[source] = nil }
            let changed = held.authorities != plan.authorities
            held.authorities = plan.authorities
            if !gone.isEmpty { held.isDirty = true }
            return (new, gone, changed)
        }
        for source in gone { await noteUse(of: source, at: now) }
        if changed { await reconsider(plan, except: Set(new), at: now) }
        for source in new { await load(source, plan, at: now) }
    }

    /// After a change of authorities: what nobody vouches for is withdrawn, what somebody may now vouch for is tried again. An authority
    /// below an anchor needs its path anew, so its lists are proven again from the disk.
    private func reconsider(_ plan: ListPlan, except new: Set<ListSource>, at now: Timestamp) async {
        let anchors = Set(plan.anchors)
        let doubtful = state.withLock { held -> [(source: ListSource, issuer: Certificate)] in
            var doubtful: [(source: ListSource, issuer: Certificate)] = []
            for (source, state) in held.sources where !new.contains(source) {
                if let issuer = state.list?.issuer, !anchors.contains(issuer) {
                    held.sources[source]?.list = nil
                    doubtful.append((source, issuer))
                }
                if held.sources[source]?.list == nil { held.sources[source]?.due = now }
            }
            if !doubtful.isEmpty { held.isDirty = true }
            return doubtful
        }
        for (source, issuer) in doubtful {
            if plan.intermediates.contains(issuer) { await load(source, plan, at: now) }
            let isWithdrawn = state.withLock { held -> Bool in
                guard held.sources[source]?.list == nil else { return false }
                if !plan.intermediates.contains(issuer) { held.sources[source]?.trouble = .noAuthority(issuer.subject.text) }
                return true
            }
            guard isWithdrawn else { continue }
            logger.notice("revocation list withdrawn", metadata: ["source": "\(source.name)"])
            await noteUse(of: source, at: now)
        }
    }

    /// The list on the disk, proven again at the moment it was accepted; its age decides about its use.
    private func load(_ source: ListSource, _ plan: ListPlan, at now: Timestamp) async {
        let outcome = await offPool { [shelf] in
            Result { () throws(ListRefusal) -> (ListRecord, ProvenList)? in
                let record: ListRecord?
                do throws(DiskTrouble) { record = try shelf.record(source) } catch { throw .disk(error.what) }
                guard let record else { return nil }
                return (record, try shelf.proven(record, source, plan, at: record.acceptedAt))
            }
        }
        switch outcome {
        case .success(nil): return
        case .success(let (record, proven)?):
            var random = draw()
            let due = RefreshSchedule.afterSuccess(
                thisUpdate: record.facts.thisUpdate, nextUpdate: record.facts.nextUpdate, rules: plan.rules, at: record.acceptedAt,
                using: &random)
            state.withLock { held in
                held.sources[source]?.record = record
                held.sources[source]?.list = proven.list
                held.sources[source]?.lastSuccess = record.acceptedAt
                held.sources[source]?.due = max(now, due)
                held.unnoted.append(source)
                held.isDirty = true
            }
        case .failure(let refusal):
            // What was held is remembered, so that nobody can show us an older list now.
            let record = (try? shelf.record(source)) ?? nil
            state.withLock { held in
                held.sources[source]?.record = record
                held.sources[source]?.trouble = refusal
            }
            logger.error(
                "revocation list on the disk not taken", metadata: ["source": "\(source.name)", "why": "\(refusal.code)"])
        }
    }

    // MARK: Refreshing

    /// Takes sources for work, in the settings' order, so that at most `most` are at work.
    private func take(_ plan: ListPlan, _ isWanted: (ListState) -> Bool, atMost most: Int) -> [ListSource] {
        state.withLock { held in
            let room = max(most - held.busy.count, 0)
            let wanted = plan.sources.filter { source in
                !held.busy.contains(source) && held.sources[source].map(isWanted) ?? false
            }.prefix(room)
            held.busy.formUnion(wanted)
            return Array(wanted)
        }
    }

    /// Sources that were taken, a few at a time.
    private func refresh(_ taken: [ListSource], _ plan: ListPlan) async {
        await withTaskGroup(of: Void.self) { group in
            var waiting = taken[...]
            for _ in 0..<max(plan.rules.parallel, 1) {
                guard let source = waiting.popFirst() else { break }
                group.addTask { await self.refresh(source, plan) }
            }
            while await group.next() != nil {
                guard !Task.isCancelled, let source = waiting.popFirst() else { continue }
                group.addTask { await self.refresh(source, plan) }
            }
            state.withLock { $0.busy.subtract(waiting) }
        }
    }

    private func refresh(_ source: ListSource, _ plan: ListPlan) async {
        defer { state.withLock { _ = $0.busy.remove(source) } }
        let before = state.withLock { held -> ListState? in
            held.sources[source]?.lastTry = clock()
            return held.sources[source]
        }
        guard let before else { return }
        let outcome = await attempt(source, before, plan)
        let now = clock()
        switch outcome {
        case .success(let (record, proven)): await succeed(source, record, proven, plan, at: now)
        case .failure(let refusal): fail(source, refusal, plan, at: now)
        }
    }

    /// Fetch, prove, judge, keep. `proven` is nil when the list before stands.
    private func attempt(
        _ source: ListSource, _ before: ListState, _ plan: ListPlan
    ) async -> Result<(ListRecord, ProvenList?), ListRefusal> {
        let turn = await turns?.take(source)
        defer { withExtendedLifetime(turn) {} }
        do throws(ListRefusal) {
            if turns != nil, turn == nil { throw .disk("another node is at this list") }
            let path: String
            do { path = try shelf.incoming(source) } catch { throw .disk(error.what) }
            let brought = try await plan.bring(source, to: path, unless: before.held)
            guard case .brought(let validators, let stamp) = brought else {
                guard let held = before.held else { throw .status(304) }
                return .success((held, nil))
            }
            let now = clock()
            let outcome = await offPool { [self] in
                Result { () throws(ListRefusal) -> (ListRecord, ProvenList?) in
                    let proven = try shelf.provenIncoming(source, plan, at: now)
                    // While it is our turn the shelf's word stands: another node may have put a newer list there.
                    let last = (turns == nil ? nil : (try? shelf.record(source))) ?? before.record
                    let isSame = before.held?.facts.digest == proven.facts.digest
                    if isSame, let held = before.held, held.isOvertaken(by: last, plan.rules) {
                        shelf.discardIncoming(source)
                        return (held, nil)
                    }
                    try judge(proven.facts, source, after: last, plan.rules, at: now)
                    let record = ListRecord(
                        source: source.name, facts: proven.facts, acceptedAt: isSame ? before.held?.acceptedAt ?? now : now,
                        validators: validators, stamp: stamp)
                    do throws(DiskTrouble) { try shelf.keep(record, source, isSame: isSame, after: last) } catch { throw .disk(error.what) }
                    return (record, isSame ? nil : proven)
                }
            }
            if case .failure = outcome { shelf.discardIncoming(source) }
            return outcome
        } catch {
            shelf.discardIncoming(source)
            return .failure(error)
        }
    }

    /// Against the list before, whether it is in use or only remembered. The operator may have said, by the digest, that a list is right
    /// all the same: such a word is used up.
    private func judge(
        _ facts: ListFacts, _ source: ListSource, after last: ListRecord?, _ rules: ListRules, at now: Timestamp
    ) throws(ListRefusal) {
        // What another node has judged and put in use is the same list again, and needs no word.
        guard let old = last?.facts, let refusal = ListSuccession.refusal(of: facts, after: old, rules: rules) else { return }
        guard refusal.isAcceptable, taken.has(facts.digest) else {
            if refusal.isAcceptable { state.withLock { $0.sources[source]?.refused = facts.digest } }
            throw refusal
        }
        let word = ((try? taken.read(facts.digest, limit: 4096)) ?? nil).map { String(decoding: $0, as: UTF8.self) } ?? ""
        taken.remove(facts.digest)
        tell(.listTaken, source, facts.digest, (word.isEmpty ? "" : word + " – ") + refusal.description, at: now)
    }

    private func succeed(_ source: ListSource, _ record: ListRecord, _ proven: ProvenList?, _ plan: ListPlan, at now: Timestamp) async {
        var random = draw()
        let due = RefreshSchedule.afterSuccess(
            thisUpdate: record.facts.thisUpdate, nextUpdate: record.facts.nextUpdate, rules: plan.rules, at: now, using: &random)
        let isKept = state.withLock { held -> Bool in
            guard var state = held.sources[source] else { return false }
            // The authorities may have changed while the list was on its way; the next turn fetches it again.
            let isBelieved = proven.map { held.authorities.contains($0.list.issuer) } ?? true
            state.failures = 0
            state.trouble = nil
            state.refused = nil
            state.lastSuccess = now
            state.record = record
            state.due = isBelieved ? due : now
            if let proven, isBelieved {
                state.list = proven.list
                held.isDirty = true
            }
            held.sources[source] = state
            return isBelieved
        }
        guard isKept, proven != nil else { return }
        await noteUse(of: source, at: now)
        logger.info("revocation list published", metadata: ["source": "\(source.name)", "entries": "\(record.facts.entries)"])
    }

    private func fail(_ source: ListSource, _ refusal: ListRefusal, _ plan: ListPlan, at now: Timestamp) {
        var random = draw()
        let isNew = state.withLock { held -> Bool in
            guard var state = held.sources[source] else { return false }
            let isNew = state.trouble?.code != refusal.code
            state.failures += 1
            state.trouble = refusal
            state.lastFailure = (now, refusal.code)
            if !refusal.isAcceptable { state.refused = nil }
            state.due = RefreshSchedule.afterFailure(state.failures, rules: plan.rules, at: now, using: &random)
            held.sources[source] = state
            return isNew
        }
        logger.log(
            level: refusal.isAlarm ? .error : .warning, "revocation list not refreshed",
            metadata: ["source": "\(source.name)", "code": "\(refusal.code)", "why": "\(refusal)"])
        // Once, not at every retry: the feed is read by people.
        let refused = state.withLock { $0.sources[source]?.refused }
        if isNew, refusal.isAlarm { tell(.listRefused, source, refused, refusal.code + ": " + refusal.description, at: now) }
    }

    // MARK: Publishing

    /// One new value when anything has changed; whoever reads has the old one or the new one, whole.
    private func publish() {
        let lists = state.withLock { held -> [VerifiedRevocationList]? in
            guard held.isDirty else { return nil }
            held.isDirty = false
            return held.sources.values.compactMap(\.list)
        }
        if let lists { published.replace(RevocationLists(lists)) }
    }

    /// What nobody waits for: the journal, and every six hours what may be forgotten.
    private func tidy(_ rules: ListRules) async {
        let now = clock()
        let (unnoted, isDue) = state.withLock { held -> ([ListSource], Bool) in
            defer { held.unnoted = [] }
            if let last = held.prunedAt, now.seconds(since: last) < Self.pruning, last <= now { return (held.unnoted, false) }
            held.prunedAt = now
            return (held.unnoted, true)
        }
        for source in unnoted { await noteUse(of: source, at: now) }
        guard isDue else { return }
        await offPool { [self] in note("evidence", "all") { () throws(DiskTrouble) in try evidence.prune(rules: rules, at: now) } }
    }

    /// The journal of evidence follows what is held; off the pool, for another node may be pruning it.
    private func noteUse(of source: ListSource, at now: Timestamp) async {
        await offPool { [self] in
            note("evidence", source.name) { () throws(DiskTrouble) in
                try evidence.note(source.name, at: now) { state.withLock { $0.sources[source]?.held?.facts } }
            }
        }
    }

    /// Seconds between two prunings.
    private static let pruning: Int64 = 6 * 3600

    private func tell(_ event: TrustFeed.Change.Event, _ source: ListSource, _ digest: String?, _ why: String, at now: Timestamp) {
        note("feed", source.name) { () throws(DiskTrouble) in
            try feed.append(TrustFeed.Change(at: now, event: event, subject: source.name, digest: digest, why: why))
        }
    }

    /// What is only for people to read must not stop what logins need.
    private func note(_ what: String, _ source: String, _ work: () throws(DiskTrouble) -> Void) {
        do { try work() } catch {
            logger.error("trust record not written", metadata: ["what": "\(what)", "source": "\(source)", "why": "\(error)"])
        }
    }

    private func draw() -> Draw { Draw(word: random.withLock { random in random.next() }) }
}
