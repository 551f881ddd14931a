import Glibc

/// A value that threads of our own wait upon. `Mutex` cannot wait, and those who call here must not wait for ever.
@safe final class Monitor<State>: @unchecked Sendable {
    // Allocated here, freed in deinit; `state` is touched with the lock held only.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var state: State

    init(_ state: State) {
        self.state = state
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        var attributes = pthread_condattr_t()
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Changes the value. `isNews` wakes one of those who wait, so that nobody wakes for what is not theirs.
    func change<Answer>(isNews: Bool = false, _ body: (inout State) -> Answer) -> Answer {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        let answer = body(&state)
        if isNews { unsafe pthread_cond_signal(condition) }
        return answer
    }

    func read<Answer>(_ body: (State) -> Answer) -> Answer {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(state)
    }

    /// The first answer of `body` that is not nil, asked at once and whenever there is news; nil after `deadline`, in milliseconds of
    /// `Monotonic.now`.
    func wait<Answer>(until deadline: Int64? = nil, _ body: (inout State) -> Answer?) -> Answer? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let answer = body(&state) { return answer }
            guard let deadline else {
                unsafe pthread_cond_wait(condition, mutex)
                continue
            }
            var moment = timespec(tv_sec: Int(deadline / 1000), tv_nsec: Int(deadline % 1000) * 1_000_000)
            guard unsafe pthread_cond_timedwait(condition, mutex, &moment) != ETIMEDOUT else { return body(&state) }
        }
    }
}

/// Time that only goes forward, for how long something may take. Never a date.
enum Monotonic {
    /// Milliseconds.
    static var now: Int64 {
        var moment = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &moment)
        return Int64(moment.tv_sec) * 1000 + Int64(moment.tv_nsec) / 1_000_000
    }
}
