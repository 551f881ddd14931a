import HTTPTypes
import Hummingbird
import Settings
import Vocabulary

extension Platform {
    /// What a code means, for the developer whose user was shown it. Says nothing about any occasion.
    func help(_ context: DoorContext) -> Response {
        let code = context.parameters.get("code") ?? ""
        guard code.utf8.count <= 128, let entry = Catalogue.entry(code) else {
            return Answer.page(
                Pages.unknownCode(Explanation.redacted(code), near: Catalogue.near(String(code.prefix(128)))), status: .notFound)
        }
        let near = entry.code == code ? [] : Catalogue.near(code, most: 6).filter { $0.code != entry.code }
        return Answer.page(Pages.help(code, entry, near: near))
    }

    func citizenHelp() -> Response { Answer.page(Pages.citizenHelp(configuration.current.care)) }

    func helpIndex() -> Response { Answer.page(Pages.helpIndex()) }
}
