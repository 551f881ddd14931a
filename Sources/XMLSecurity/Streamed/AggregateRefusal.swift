package import Vocabulary
package import XML

/// Why an aggregate proved nothing. Whatever was handed over before is to be thrown away.
package enum AggregateRefusal: Error, Hashable, Sendable {
    case xml(XMLRefusal)
    case signature(XMLSignatureRefusal)
    /// The root is neither an EntitiesDescriptor nor an EntityDescriptor; its local name.
    case root(String)
    /// Groups inside groups beyond the limit.
    case groups(limit: Int)
    case entities(limit: Int)
    /// A group's validUntil is no moment; the text.
    case time(String)
    /// A group's Extensions stand behind its members, come twice, are too long or cannot be read.
    case extensions
}

extension AggregateRefusal {
    /// For the federation's operator and ours.
    package var explanation: Explanation {
        switch self {
        case .xml(let refusal):
            explain("xml", "the aggregate cannot be read", ("reason", "\(refusal)"), "send UTF-8 without DOCTYPE, within the limits")
        case .signature(let refusal): refusal.explanation
        case .root(let name):
            explain("root", "the document is no SAML metadata", ("element", name), "fetch the federation's metadata, not a page about it")
        case .groups(let limit):
            explain("size", "groups are nested too deep", ("limit", String(limit)), "publish a flatter aggregate")
        case .entities(let limit):
            explain("size", "the aggregate has too many entities", ("limit", String(limit)), "raise the limit of this source")
        case .time(let text):
            explain("valid-until", "a time of a group cannot be read", ("value", text), "write xs:dateTime in UTC, xs:duration")
        case .extensions:
            explain(
                "extensions", "the Extensions of a group are not where or what they must be", nil, "put one Extensions first in a group")
        }
    }

    private func explain(_ code: String, _ summary: String, _ compared: (String, String)?, _ remedy: String) -> Explanation {
        Explanation(
            "saml.aggregate." + code, summary, compared: compared.map { [Explanation.Compared($0.0, $0.1)] } ?? [],
            clause: "SAML Metadata §2.3.1", remedy: remedy)
    }
}
