import Outbound

extension ListPlan {
    /// Brings the list that `source` publishes now to a file of ours.
    func bring(_ source: ListSource, to path: String, unless held: ListRecord?) async throws(ListRefusal) -> Delivery.Outcome {
        let origin: Delivery.Origin =
            switch source {
            case .url(let url): .address(url)
            case .file(let path): .file(path)
            }
        do throws(DeliveryTrouble) {
            return try await Delivery(outbound: outbound, largest: rules.largest).bring(
                origin, to: path, unless: held?.validators, held?.stamp)
        } catch { throw ListRefusal(error) }
    }
}
