import Cryptography
import Trust
import Vocabulary

/// Files of the shelf to proofs. Small lists are read into memory; large ones are mapped, read as a stream, and used from their sealed
/// index, which is mapped too: a nation's list never lies in memory, and a restart has it in milliseconds.
extension ListShelf {
    /// The list a record names, proven again. A large one comes from its index; when that is gone or damaged, from the list.
    func proven(_ record: ListRecord, _ source: ListSource, _ plan: ListPlan, at now: Timestamp) throws(ListRefusal) -> ProvenList {
        let digest = record.facts.digest
        if folder.has(Self.index(digest)), let list = try? sealed(Self.index(digest), plan, at: now), record.facts.isOf(list) {
            return ProvenList(list: list, facts: record.facts)
        }
        let proven = try prove(Self.list(digest), source, plan, at: now)
        guard proven.facts.digest == digest else { throw .disk("the list on the disk is not the one that was published") }
        if folder.has(Self.sealing(source)) {
            do { try placeIndex(source, digest) } catch { throw .disk(error.what) }
        }
        return proven
    }

    func provenIncoming(_ source: ListSource, _ plan: ListPlan, at now: Timestamp) throws(ListRefusal) -> ProvenList {
        try prove(Self.incoming(source), source, plan, at: now)
    }

    private func prove(_ name: String, _ source: ListSource, _ plan: ListPlan, at now: Timestamp) throws(ListRefusal) -> ProvenList {
        guard let size = folder.size(of: name) else { throw .disk("the list is missing") }
        guard size > plan.rules.inMemory else {
            let bytes: [UInt8]?
            do { bytes = try folder.read(name, limit: plan.rules.inMemory) } catch { throw .disk(error.what) }
            return try ListProof.prove(bytes ?? [], plan, at: now)
        }
        let file: FixedBytes
        do { file = try FixedBytes(mapping: folder.path(of: name), atMost: plan.rules.largest) } catch {
            if case .tooLarge(let size) = error { throw .tooLarge(size) }
            throw .disk("the list cannot be mapped")
        }
        let parsed: ParsedRevocationList
        do { parsed = try ParsedRevocationList(mapped: file, atMost: plan.rules.largest) } catch { throw .list(.list(error)) }
        let list = try ListProof.prove(UnverifiedRevocationList(parsed), plan, at: now)
        let facts = ListFacts(of: list, digest: Self.digest(file), bytes: file.count)
        let index: SealedIndex
        do { index = try SealedIndex(parsed) } catch {
            // Signed by Ed25519 over its very bytes: used as it was read.
            guard error == .unsealable else { throw .disk("the index cannot be sealed") }
            return ProvenList(list: list, facts: facts)
        }
        do throws(DiskTrouble) {
            try folder.fill(Self.sealing(source)) { write throws(DiskTrouble) in try index.write(write) }
        } catch { throw .disk(error.what) }
        return ProvenList(list: try sealed(Self.sealing(source), plan, at: now), facts: facts)
    }

    private func sealed(_ name: String, _ plan: ListPlan, at now: Timestamp) throws(ListRefusal) -> VerifiedRevocationList {
        let parsed: ParsedRevocationList
        do {
            parsed = try ParsedRevocationList(
                sealed: FixedBytes(mapping: folder.path(of: name), atMost: ParsedRevocationList.largestMapped))
        } catch { throw .disk("the index is damaged") }
        return try ListProof.prove(UnverifiedRevocationList(parsed), plan, at: now)
    }

    /// SHA-256 of the digests of its mebibytes: of a file that is not read into memory.
    private static func digest(_ file: FixedBytes) -> [UInt8] {
        let piece = 1 << 20
        var digests: [UInt8] = []
        for start in stride(from: 0, to: file.count, by: piece) { digests += Digest.sha256(file.array(start..<start + piece)) }
        return Digest.sha256(digests)
    }
}

extension ListFacts {
    /// Whether these are the facts of this list, as far as an index tells.
    fileprivate func isOf(_ list: VerifiedRevocationList) -> Bool {
        self == ListFacts(of: list, digest: Hexadecimal.decode(digest) ?? [], bytes: bytes)
    }
}
