import Vocabulary

/// What production refuses, and what either mode wants its operator to know. Keys and anchors are judged where they are read.
struct ProductionChecks {
    let file: DeploymentFile
    let findings: Findings

    func run() {
        if file.mode == .production { refuse() }
        advise()
    }

    private func refuse() {
        if !file.base.isSecure {
            report(
                "base-url", "production.base-url", "the platform's own address is plain http", "give it an https address behind a TLS proxy"
            )
        }
        if file.base.isLoopback {
            report("base-url", "production.base-url", "`\(file.base.host)` is this machine only", "write the public name")
        }
        if let door = file.card.tls, door.origin.isLoopback {
            report(
                "card.doors.tls.origin", "production.tls-door", "`\(door.origin.host)` is this machine only",
                "write the card listener's public name")
        }
        if file.card.allowSimulated {
            report("card.allow-simulated", "production.allow-simulated", "simulated cards would be believed", "remove the line")
        }
        if file.sandbox {
            report(
                "sandbox", "production.sandbox", "wrong answers on purpose, under the name of the platform in production",
                "run the sandbox in a deployment for developers")
        }
        if file.links.unknown == .make {
            report(
                "links", "production.unknown-certificate", "somebody who comes with a renewed card would be made a stranger, unasked",
                "write `unknown-certificate: ask`, or remove the line")
        }
        for (door, mode, name) in [(Door.tls, file.card.tlsWeakest, "tls"), (.challenge, file.card.challengeWeakest, "challenge")]
        where mode == .pin && !file.card.assured.contains(door) {
            report(
                "card.doors." + name, "production.weakest-mode",
                "this door cannot see a PIN, and yet would say that one was used",
                "remove `weakest-mode: pin`, or say `every-client-asks-for-the-pin: true` beside it when all software that reaches the door is yours and does"
            )
        }
    }

    private func advise() {
        guard file.mode == .production else { return }
        if file.store.synchronous == .normal {
            notice(
                "store", "store.synchronous", "a power failure may take the last commits, a used code among them",
                "write `synchronous: full`")
        }
        if file.links.relinkTie != .card {
            notice(
                "links", "links.relink-tie", "somebody who is tricked into signing a declaration loses his record to another's card",
                "remove `relink-tie`, and let people without their old card go to a terminal that reads both certificates")
        }
        if file.card.revocation.onLine?.url == nil, file.card.revocation.onLine != nil, file.outbound.hosts?.isEmpty != false {
            notice(
                "outbound", "outbound.ocsp", "on-line status is asked at the address in the certificate, and no host may be asked",
                "name the responder under `outbound.hosts`, or set `card.revocation.ocsp-url`")
        }
    }

    private func report(_ key: String, _ code: String, _ message: String, _ remedy: String) {
        findings.report(Problem(file: DeploymentFile.name, line: file.lines[key], code: code, message: message, remedy: remedy))
    }

    private func notice(_ key: String, _ code: String, _ message: String, _ remedy: String) {
        findings.notice(Problem(file: DeploymentFile.name, line: file.lines[key], code: code, message: message, remedy: remedy))
    }
}
