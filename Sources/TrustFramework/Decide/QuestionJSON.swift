package import Vocabulary

// A question as the audit trail keeps it: all that an answer can turn on, and nothing that tells which citizen it was about.

extension Question {
    /// Equal questions give equal bytes.
    package var json: JSON {
        var members: [(String, JSON)] = [
            ("now", .string(now.text)), ("purpose", .string(purpose.text)), ("member", member.asked(in: standing)),
        ]
        if let facts { members.append(("evidence", facts.json)) }
        if let requirement {
            members.append(
                (
                    "level",
                    [
                        "values": .list(requirement.values), "comparison": .string(requirement.comparison.rawValue),
                        "essential": .bool(requirement.essential),
                    ]
                ))
        }
        var asked: [(String, JSON)] = []
        if let name = request.protocol { asked.append(("protocol", .string(name.rawValue))) }
        asked.append(("path", .string(request.path.rawValue)))
        if let attributes = request.asked { asked.append(("asks-for", .list(attributes.map(\.rawValue).sorted()))) }
        asked.append(("acting-for", .string(request.actingFor.rawValue)))
        members.append(("request", .object(asked)))
        members.append(("circumstances", ["load": .string(circumstances.load.rawValue)]))
        return .object(members)
    }

    /// Nil for anything but what `json` gives: a question that was half understood would be answered as another one.
    package init?(json: JSON) {
        guard let now = json["now"]?.string.flatMap({ Timestamp($0) }), let purpose = json["purpose"]?.string.flatMap({ Purpose($0) }),
            let memberJSON = json["member"], let standing = memberJSON["standing"]?.string.flatMap(Standing.init(rawValue:)),
            let member = Member(asked: memberJSON, for: purpose), let request = json["request"].flatMap(RequestFacts.init(json:)),
            let load = json["circumstances"]?["load"]?.string.flatMap(LoadState.init(rawValue:))
        else { return nil }
        var facts: AssuranceFacts?
        if let evidence = json["evidence"] {
            guard let read = AssuranceFacts(json: evidence) else { return nil }
            facts = read
        }
        var requirement: ContextRequirement?
        if let level = json["level"] {
            guard let values = level["values"]?.strings,
                let comparison = level["comparison"]?.string.flatMap(Comparison.init(rawValue:)), let essential = level["essential"]?.bool
            else { return nil }
            requirement = ContextRequirement(values: values, comparison: comparison, essential: essential)
        }
        self.init(
            member: member, standing: standing, purpose: purpose, facts: facts, requirement: requirement, now: now, request: request,
            circumstances: Circumstances(load: load))
    }
}

extension Member {
    /// As far as a decision can turn on it.
    fileprivate func asked(in standing: Standing) -> JSON {
        var members: [(String, JSON)] = [
            ("id", .string(id.text)), ("kind", .string(kind.rawValue)), ("sector", .string(sector)),
            ("standing", .string(standing.rawValue)), ("state", .string(accreditation.state.rawValue)),
            ("from", .string(accreditation.notBefore.text)), ("until", .string(accreditation.notAfter.text)),
            ("purposes", .list(accreditation.purposes.map(\.text).sorted())),
        ]
        if let operatedBy { members.append(("operator", .string(operatedBy.text))) }
        if let attributes = accreditation.attributes { members.append(("attributes", .list(attributes.map(\.rawValue).sorted()))) }
        if let modes = accreditation.modes { members.append(("modes", .list(modes.map(\.rawValue).sorted()))) }
        if accreditation.statesPermissions {
            members.append(("permissions", .list(accreditation.permissions.map(\.rawValue).sorted())))
        }
        return .object(members)
    }

    fileprivate init?(asked json: JSON, for purpose: Purpose) {
        guard let id = json["id"]?.string.flatMap({ MemberID($0) }), let kind = json["kind"]?.string.flatMap(MemberKind.init(rawValue:)),
            let sector = json["sector"]?.string, let state = json["state"]?.string.flatMap(Accreditation.State.init(rawValue:)),
            let from = json["from"]?.string.flatMap({ Timestamp($0) }), let until = json["until"]?.string.flatMap({ Timestamp($0) }),
            let purposes = json["purposes"].flatMap({ $0.set { Purpose($0) } })
        else { return nil }
        var operatedBy: MemberID?
        if let text = json["operator"] {
            guard let id = text.string.flatMap({ MemberID($0) }) else { return nil }
            operatedBy = id
        }
        var attributes: Set<AttributeSource>?
        if let names = json["attributes"] {
            guard let read = names.set(AttributeSource.init(rawValue:)) else { return nil }
            attributes = read
        }
        var modes: Set<CardMode>?
        if let names = json["modes"] {
            guard let read = names.set(CardMode.init(rawValue:)) else { return nil }
            modes = read
        }
        var permissions: Set<Permission>?
        if let names = json["permissions"] {
            guard let read = names.set(Permission.init(rawValue:)) else { return nil }
            permissions = read
        }
        self.init(
            id: id, kind: kind, displayName: [:],
            accreditation: Accreditation(
                state: state, notBefore: from, notAfter: until, purposes: purposes, attributes: attributes, modes: modes,
                permissions: permissions),
            sector: sector, defaultPurpose: purpose, operatedBy: operatedBy)
    }
}

extension RequestFacts {
    fileprivate init?(json: JSON) {
        guard let path = json["path"]?.string.flatMap(IssuancePath.init(rawValue:)),
            let actingFor = json["acting-for"]?.string.flatMap(ActingFor.init(rawValue:))
        else { return nil }
        var name: RequestProtocol?
        if let text = json["protocol"] {
            guard let read = text.string.flatMap(RequestProtocol.init(rawValue:)) else { return nil }
            name = read
        }
        var asked: Set<AttributeSource>?
        if let names = json["asks-for"] {
            guard let read = names.set(AttributeSource.init(rawValue:)) else { return nil }
            asked = read
        }
        self.init(protocol: name, path: path, asked: asked, actingFor: actingFor)
    }
}

extension AssuranceFacts {
    fileprivate var json: JSON {
        var members: [(String, JSON)] = [
            ("mode", .string(mode.rawValue)), ("mode-stated", .bool(modeIsStated)), ("carrier", .string(carrier.rawValue)),
            ("door", .string(door.rawValue)), ("status-source", .string(statusSource.rawValue)), ("status-at", .string(statusAt.text)),
            ("authenticated-at", .string(authenticatedAt.text)),
        ]
        if let terminalClass { members.append(("terminal", .string(terminalClass))) }
        if let upstream { members.append(("upstream", .string(upstream.text))) }
        if signatureCertificate { members.append(("signature-certificate", true)) }
        return .object(members)
    }

    fileprivate init?(json: JSON) {
        guard let mode = json["mode"]?.string.flatMap(CardMode.init(rawValue:)), let isStated = json["mode-stated"]?.bool,
            let carrier = json["carrier"]?.string.flatMap(Carrier.init(rawValue:)),
            let door = json["door"]?.string.flatMap(Door.init(rawValue:)),
            let source = json["status-source"]?.string.flatMap(StatusSource.init(rawValue:)),
            let statusAt = json["status-at"]?.string.flatMap({ Timestamp($0) }),
            let authenticatedAt = json["authenticated-at"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        var terminal: String?
        if let text = json["terminal"] {
            guard let read = text.string else { return nil }
            terminal = read
        }
        var upstream: MemberID?
        if let text = json["upstream"] {
            guard let read = text.string.flatMap({ MemberID($0) }) else { return nil }
            upstream = read
        }
        var signature = false
        if let flag = json["signature-certificate"] {
            guard let read = flag.bool else { return nil }
            signature = read
        }
        self.init(
            mode: mode, modeIsStated: isStated, carrier: carrier, door: door, statusSource: source, statusAt: statusAt,
            authenticatedAt: authenticatedAt, terminalClass: terminal, upstream: upstream, signatureCertificate: signature)
    }
}

extension JSON {
    /// Every item read, or nil when one cannot be.
    fileprivate func set<Item: Hashable>(_ read: (String) -> Item?) -> Set<Item>? {
        guard let strings else { return nil }
        let items = strings.compactMap(read)
        return items.count == strings.count ? Set(items) : nil
    }
}
