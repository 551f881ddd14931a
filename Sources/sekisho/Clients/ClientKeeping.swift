import Logging
import SQLiteStores
import Settings
import Upkeep
import Vocabulary

/// Clients that registered themselves, on the settings as they are at each moment.
struct ClientKeeping {
    let book: RegisteredClients
    let fetch: RegistrationFetch
    let keeper: RegistrationKeeper

    init(configuration: Published<Configuration>, store: SQLiteStore, logger: Logger) {
        book = RegisteredClients(store: store, configuration: { configuration.current }, clock: SystemClock.now, logger: logger)
        fetch = RegistrationFetch(configuration: { configuration.current }, clock: SystemClock.now, logger: logger)
        keeper = RegistrationKeeper(
            store: store, clients: book, fetch: fetch, configuration: { configuration.current }, clock: SystemClock.now, logger: logger)
    }
}
