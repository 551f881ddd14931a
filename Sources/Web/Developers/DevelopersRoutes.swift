import Hummingbird

extension Doors {
    static func developers(_ router: Router<DoorContext>, _ platform: Platform) {
        router.get("/developers") { _, _ in platform.developers() }
        router.get("/developers/settings/{software}") { _, context in platform.developerSettings(context) }
        router.get("/developers/acceptance") { _, _ in platform.developerAcceptance() }
    }
}
