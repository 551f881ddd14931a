import Glibc

extension EventLoops {
    /// Lets this process open as many files and connections as its operator allows, at most `wanted`; how many it may open from now on.
    /// Systems start programs with a low soft limit for the sake of those that call `select`, which the event loops do not.
    package static func openDescriptors(_ wanted: Int) -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        var raised = limit
        raised.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, rlim_t(max(0, wanted))))
        let isRaised = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0
        return Int(clamping: isRaised ? raised.rlim_cur : limit.rlim_cur)
    }
}
