import HTTPTypes
import Hummingbird
import Signals

extension Doors {
    /// Security events: the transmitter's metadata, the management API, polling. Clients talk here, by access token; also over mutual TLS.
    static func signals(_ router: Router<DoorContext>, _ platform: Platform) {
        router.publish("/.well-known/ssf-configuration") { platform.transmitter() }
        router.post("/ssf/streams") { request, context in try await platform.openStream(request, context) }
        router.get("/ssf/streams") { request, context in try await platform.readStreams(request, context) }
        router.patch("/ssf/streams") { request, context in try await platform.changeStream(.update, request, context) }
        router.put("/ssf/streams") { request, context in try await platform.changeStream(.replace, request, context) }
        router.delete("/ssf/streams") { request, context in try await platform.closeStream(request, context) }
        router.get("/ssf/status") { request, context in try await platform.readStatus(request, context) }
        router.post("/ssf/status") { request, context in try await platform.setStatus(request, context) }
        router.post("/ssf/subjects/add") { request, context in try await platform.setSubject(isIn: true, request, context) }
        router.post("/ssf/subjects/remove") { request, context in try await platform.setSubject(isIn: false, request, context) }
        router.post("/ssf/verify") { request, context in try await platform.verifyStream(request, context) }
        router.post("/ssf/poll/{stream}") { request, context in try await platform.pollStream(request, context) }
    }
}
