import Cryptography
import SimulatedJPKI
import Vocabulary

/// The terminals that the shipped situations speak of, beside the simulator's own three: one of each class of the ladder.
enum DemoTerminals {
    private struct Kind {
        let id: String
        let name: String
        let modes: [String]
        let attended: Bool
        /// As `Policies/ladder.yaml` lists it; rules name it.
        let terminalClass: String
        /// Where it is not as `attended` says.
        var isShared: Bool?
    }

    private static let kinds = [
        Kind(
            id: "clinic-kiosk", name: "クリニックの受付端末 Kiosk at a clinic", modes: ["pin", "face", "presence"], attended: true,
            terminalClass: "clinic-kiosk"),
        Kind(id: "counter", name: "市役所の窓口端末 Counter at the city hall", modes: ["pin", "face"], attended: true, terminalClass: "counter"),
        Kind(
            id: "set-top-box", name: "居間のセットトップボックス Set-top box", modes: ["pin", "presence"], attended: false,
            terminalClass: "set-top-box"),
        Kind(
            id: "public-kiosk", name: "店頭のキオスク Kiosk in a shop", modes: ["pin"], attended: false, terminalClass: "public-kiosk",
            isShared: true),
        Kind(
            id: "staff-reader", name: "職員用リーダー Reader at an official's desk", modes: ["pin", "presence"], attended: false,
            terminalClass: "staff-reader"),
        Kind(
            id: "shelter-desk", name: "避難所の受付端末 Desk at a shelter", modes: ["presence"], attended: false, terminalClass: "shelter-desk",
            isShared: true),
    ]

    /// Puts them into the simulator's folder, so that `jpki-simulator login --terminal clinic-kiosk` knows them too.
    static func make(in simulator: Simulator, at now: Timestamp) throws {
        for kind in kinds {
            try simulator.folder.write("terminals/\(kind.id)-key.pem", PrivateKey.generate(.ec(.p256)).exportPEM())
            let json: JSON = [
                "id": .string(kind.id), "name": .string(kind.name), "attended": .bool(kind.attended),
                "modes": .array(kind.modes.map { .string($0) }), "notBefore": .string(now.adding(seconds: -86_400).text),
                "notAfter": .string(now.adding(seconds: 366 * 86_400).text),
            ]
            try simulator.folder.write("terminals/\(kind.id).json", json.bytes)
        }
    }

    /// The registration of a terminal as the platform reads it, with what its operator says of the place where it stands.
    static func registered(_ file: Simulator.File) -> [UInt8] {
        guard let json = try? JSON(reading: file.bytes), let kind = kinds.first(where: { $0.id == json["id"]?.string }) else {
            return file.bytes
        }
        var members = json.members ?? []
        members.append(("class", .string(kind.terminalClass)))
        if let isShared = kind.isShared { members.append(("shared", .bool(isShared))) }
        return JSON.object(members).bytes
    }
}
