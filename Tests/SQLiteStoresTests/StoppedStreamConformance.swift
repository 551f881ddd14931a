import OpenID
import SignOn
import Signals
import Testing
import Vocabulary

/// Streams that an operator, or their receiver's silence, stopped.
extension Promise {
    static let stoppedStreams = [
        Promise("what an operator stopped is not closed by its receiver, nor another opened in its place") { (store) async throws in
            let stream = try Sig.stream()
            try await Sig.opened(store, stream)
            let held = stream.set(.paused, "night", by: .operator, at: F.later)
            #expect(try await store.change(held, knowing: stream, telling: nil, recording: F.record(2)))
            #expect(try await store.stream(stream.id, of: stream.member) == held, "and whose word it is comes back")
            #expect(try await !store.close(stream.id, of: stream.member, recording: F.record(3)))
            #expect(try await !store.open(try Sig.stream(2), most: 4, recording: F.record(4)))
            #expect(try await store.open(try Sig.stream(3, "other"), most: 4, recording: F.record(5)))
            let started = held.set(.enabled, nil, by: .operator, at: F.later)
            #expect(try await store.change(started, knowing: held, telling: nil, recording: F.record(6)))
            #expect(try await store.open(try Sig.stream(2), most: 4, recording: F.record(7)))
            #expect(try await store.close(stream.id, of: stream.member, recording: F.record(8)))
        },
        Promise("that a stream is stopped is said to its receiver, and nothing else of it") { (store) async throws in
            for (number, push) in [(1, true), (2, false)] {
                let stream = try Sig.stream(number, push: push)
                try await Sig.opened(store, stream)
                _ = try await store.enqueue([try Sig.signal()], recording: nil)
                let next = stream.set(number == 1 ? .paused : .disabled, nil, by: .operator, at: F.now)
                var random = SystemRandomNumberGenerator()
                let said = next.event(.streamUpdated, next.updated, keep: 60, at: F.now, using: &random)
                #expect(try await store.change(next, knowing: stream, telling: said, recording: F.record(number)))
                let waiting = try await store.waiting(in: stream.id, of: stream.member, ofItself: true, limit: 9, at: F.now)
                #expect(waiting.signals.map(\.id) == [said.id])
                let taken = try await store.takeSignals(lease: F.later, limit: 9, at: F.now).filter { $0.stream.id == stream.id }
                #expect(taken.map(\.signal.id) == (push ? [said.id] : []))
                // For the next round: a stopped stream keeps others from being opened.
                let on = next.set(.enabled, nil, by: .operator, at: F.now)
                #expect(try await store.change(on, knowing: next, telling: nil, recording: F.record(9)))
            }
        },
        Promise("a receiver that is silent is known, and one that was heard of is not") { (store) async throws in
            try await Sig.opened(store, try Sig.stream(1), try Sig.stream(2, "other"))
            try await store.heard(from: try Sig.id(1), of: try Sig.member(), at: F.later)
            try await store.heard(from: try Sig.id(2), of: try Sig.member(), at: F.later)
            #expect(try await store.silent(since: F.later, limit: 9).map(\.id) == [try Sig.id(2)], "another's word is not its own")
            #expect(try await store.silent(since: F.now, limit: 9).isEmpty)
            #expect(try await store.stream(try Sig.id(1), of: try Sig.member())?.activeAt == F.later)
            try await store.heard(from: try Sig.id(1), of: try Sig.member(), at: F.now)
            #expect(try await store.stream(try Sig.id(1), of: try Sig.member())?.activeAt == F.later, "time does not run back")
            let other = try F.some(try await store.stream(try Sig.id(2), of: try Sig.member("other")), "stream")
            let paused = other.set(.paused, nil, by: .silence, at: F.now)
            #expect(try await store.change(paused, knowing: other, telling: nil, recording: F.record(1)))
            #expect(try await store.silent(since: F.later, limit: 9).isEmpty, "once")
        },
    ]
}
