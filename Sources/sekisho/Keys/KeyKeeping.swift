import Logging
import Settings
import Upkeep
import Vocabulary
import Web

/// What the running server remembers about its keys: when each was first shown, and what members did with them.
struct KeyKeeping {
    let witness: KeyWitness
    private let configuration: Published<Configuration>
    private let logger: Logger

    init(configuration: Published<Configuration>, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        witness = KeyWitness(KeyEvidence(at: configuration.current.keyEvidencePath))
    }

    /// Called when keys begin to be shown: at the start and after a reload.
    static func note(_ configuration: Configuration, _ logger: Logger) {
        do {
            try configuration.noteKeys(at: SystemClock.now())
        } catch {
            logger.error(
                "the moment of publication could not be written down; new keys cannot be promoted", metadata: ["error": "\(error)"])
        }
    }

    /// Once a minute, and only what is new.
    func write() {
        let current = configuration.current
        KeyKeeping.note(current, logger)
        let told = KeyEvidence(at: current.keyEvidencePath)
        guard !told.isDamaged else {
            logger.error("evidence about keys cannot be read; nothing is written over it", metadata: ["path": "\(current.keyEvidencePath)"])
            return
        }
        guard let news = witness.news(told: told) else { return }
        do {
            try news.write(to: current.keyEvidencePath)
        } catch {
            logger.error("evidence about keys could not be written", metadata: ["error": "\(error)"])
        }
    }

    var service: Periodic {
        Periodic("keys", every: 60, logger: logger) { [self] in await offPool { write() } }
    }
}
