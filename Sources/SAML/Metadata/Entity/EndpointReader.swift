import Vocabulary
import XML

/// The addresses of a role.
extension EntityReader {
    /// Those we can answer by must be addresses that a browser may be sent to; the rest is kept as it is, because a request may name it.
    mutating func consumers(_ role: XMLElement) -> [AssertionConsumer] {
        let elements = role.children(.metadata("AssertionConsumerService"))
        guard elements.count <= limits.endpoints else {
            findings.problem("endpoint", "there are too many AssertionConsumerServices", name, [.init("limit", String(limits.endpoints))])
            return []
        }
        var indices: Set<Int> = []
        var consumers: [AssertionConsumer] = []
        for element in elements {
            let location = Lexical.trimmed(element.attribute("Location") ?? "")
            guard let index = Self.index(element), indices.insert(index).inserted else {
                findings.flaw(
                    "endpoint", "an AssertionConsumerService has no index of its own", name, [.init("location", location)],
                    remedy: "give each AssertionConsumerService an `index` of its own (0, 1, …)")
                continue
            }
            let binding = Lexical.trimmed(element.attribute("Binding") ?? "")
            let isAnswered = binding == Binding.post || binding == MetadataNamespace.artifact
            guard !isAnswered || WebAddress.isAllowed(location, development: development) else {
                findings.flaw(
                    "endpoint", "an AssertionConsumerService is no \(development ? "http or https" : "https") address", name,
                    [.init("location", location)])
                continue
            }
            consumers.append(
                AssertionConsumer(index: index, binding: binding, location: location, isDefault: flag(element, "isDefault")))
        }
        if !consumers.contains(where: { $0.binding == Binding.post || $0.binding == MetadataNamespace.artifact }) {
            findings.problem("endpoint", "no usable AssertionConsumerService takes HTTP-POST or HTTP-Artifact", name)
        }
        return consumers
    }

    mutating func logoutServices(_ role: XMLElement) -> [LogoutService] {
        var services: [LogoutService] = []
        for element in role.children(.metadata("SingleLogoutService")).prefix(limits.endpoints) {
            let binding = Lexical.trimmed(element.attribute("Binding") ?? "")
            guard [Binding.redirect, Binding.post, MetadataNamespace.soap].contains(binding) else { continue }
            guard let location = address(element, "Location") else {
                findings.flaw(
                    "logout", "a SingleLogoutService is no usable address", name, [.init("location", element.attribute("Location") ?? "")])
                continue
            }
            let answers = address(element, "ResponseLocation")
            if answers == nil, let text = element.attribute("ResponseLocation") {
                findings.flaw("logout", "a SingleLogoutService has no usable ResponseLocation", name, [.init("response-location", text)])
                continue
            }
            services.append(LogoutService(binding: binding, location: location, responseLocation: answers))
        }
        return services
    }

    mutating func artifactServices(_ role: XMLElement) -> [ArtifactService] {
        var indices: Set<Int> = []
        var services: [ArtifactService] = []
        for element in role.children(.metadata("ArtifactResolutionService")).prefix(limits.endpoints)
        where Lexical.trimmed(element.attribute("Binding") ?? "") == MetadataNamespace.soap {
            guard let location = address(element, "Location"), let index = Self.index(element), indices.insert(index).inserted else {
                findings.flaw(
                    "artifact", "an ArtifactResolutionService has no usable address or no index of its own", name,
                    [.init("location", element.attribute("Location") ?? "")],
                    remedy: "give each ArtifactResolutionService an https address and an `index` of its own (0, 1, …)")
                continue
            }
            services.append(ArtifactService(index: index, location: location, isDefault: flag(element, "isDefault")))
        }
        return services
    }

    mutating func attributeServices(_ role: XMLElement) -> [AttributeConsumingService] {
        var indices: Set<Int> = []
        var services: [AttributeConsumingService] = []
        for element in role.children(.metadata("AttributeConsumingService")).prefix(limits.endpoints) {
            guard let index = Self.index(element), indices.insert(index).inserted else {
                findings.flaw(
                    "attribute-service", "an AttributeConsumingService has no index of its own", name,
                    remedy: "give each AttributeConsumingService an `index` of its own (0, 1, …)")
                continue
            }
            var requested: [RequestedAttribute] = []
            for attribute in element.children(.metadata("RequestedAttribute")).prefix(limits.requestedAttributes) {
                guard let attributeName = attribute.attribute("Name"), !attributeName.isEmpty else {
                    findings.flaw("attribute-service", "a RequestedAttribute has no Name", name)
                    continue
                }
                requested.append(
                    RequestedAttribute(
                        name: Lexical.trimmed(attributeName), nameFormat: attribute.attribute("NameFormat").map(Lexical.trimmed),
                        friendlyName: attribute.attribute("FriendlyName"), isRequired: flag(attribute, "isRequired") ?? false,
                        values: attribute.children(.assertion("AttributeValue")).prefix(limits.requestedAttributes).map {
                            Lexical.trimmed($0.text)
                        }))
            }
            services.append(
                AttributeConsumingService(
                    index: index, isDefault: flag(element, "isDefault"),
                    names: ExtensionReader.texts(element.children(.metadata("ServiceName"))), requested: requested))
        }
        return services
    }

    private func address(_ element: XMLElement, _ attribute: String) -> String? {
        let text = Lexical.trimmed(element.attribute(attribute) ?? "")
        return WebAddress.isAllowed(text, development: development) ? text : nil
    }

    private static func index(_ element: XMLElement) -> Int? {
        element.attribute("index").flatMap { UInt16(Lexical.trimmed($0)) }.map(Int.init)
    }

    /// A truth value that protects nobody: nil with a flaw when it is none.
    private mutating func flag(_ element: XMLElement, _ attribute: String) -> Bool? {
        guard let text = element.attribute(attribute) else { return nil }
        if let value = Lexical.boolean(text) { return value }
        findings.flaw("boolean", "an attribute is no xs:boolean", name, [.init(attribute, text)])
        return nil
    }
}
