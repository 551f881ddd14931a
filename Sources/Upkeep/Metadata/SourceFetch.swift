import Outbound
import Settings
import Vocabulary

/// Brings one source's document to a file of ours.
struct SourceFetch: Sendable {
    enum Outcome: Sendable {
        /// The source has what we hold.
        case unchanged
        case brought(location: String, validators: OutboundValidators, stamp: String?)
    }

    let source: MetadataSource
    let outbound: Outbound

    /// Tries the locations in their order; the first that answers counts.
    func bring(to path: String, unless held: SourceRecord?) async throws(SourceRefusal) -> Outcome {
        var first: SourceRefusal?
        for location in source.locations {
            do throws(SourceRefusal) {
                return try await bring(location, to: path, unless: held?.location == location ? held : nil)
            } catch { first = first ?? error }
        }
        throw first ?? .file("there is no location")
    }

    private func bring(_ location: String, to path: String, unless held: SourceRecord?) async throws(SourceRefusal) -> Outcome {
        let delivery = Delivery(outbound: outbound, largest: source.largest)
        do throws(DeliveryTrouble) {
            switch try await delivery.bring(
                source.kind == .file ? .file(location) : .address(location), to: path, unless: held?.validators, held?.stamp)
            {
            case .unchanged: return .unchanged
            case .brought(let validators, let stamp): return .brought(location: location, validators: validators, stamp: stamp)
            }
        } catch { throw SourceRefusal(error) }
    }
}
