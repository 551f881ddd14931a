package import Vocabulary

/// Clients that registered themselves. They come and go without the folder being read again, so the federation asks the book each time.
///
/// Look-ups are synchronous and cheap: a request makes several. The members folder comes first: nobody registers under a name in it.
package protocol ClientBook: Sendable {
    func registration(_ id: MemberID) -> Registration?
}

extension Federation {
    /// The same members, and behind them the clients of the book. To be said again of every federation that is published.
    package func following(clients book: any ClientBook) -> Federation {
        var copy = self
        copy.clients = book
        return copy
    }
}
