package import Vocabulary

extension CertificateStatus {
    /// Seconds between the source's knowledge and the check; nil when nothing answered.
    package var age: Int64? { thisUpdate.map { checkedAt.seconds(since: $0) } }

    /// The same word looked at again at another moment, from a cache: what was found, by whom and as of when stays.
    package func checked(at now: Timestamp) -> CertificateStatus {
        CertificateStatus(
            verdict, from: source, thisUpdate: thisUpdate, nextUpdate: nextUpdate, checkedAt: now, remarks: remarks)
    }
}
