import XML

/// Extensions of metadata that we read.
enum MetadataNamespace {
    static let ui = "urn:oasis:names:tc:SAML:metadata:ui"
    static let registration = "urn:oasis:names:tc:SAML:metadata:rpi"
    static let shibboleth = "urn:mace:shibboleth:metadata:1.0"
    static let encryption = "http://www.w3.org/2001/04/xmlenc#"
    static let encryption11 = "http://www.w3.org/2009/xmlenc11#"
    static let xml = "http://www.w3.org/XML/1998/namespace"
    static let soap = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
    static let artifact = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
    /// SAML V2.0 Subject Identifier Attributes Profile §5.
    static let subjectRequirement = "urn:oasis:names:tc:SAML:profiles:subject-id:req"

    static func ui(_ local: String) -> XMLName { XMLName(ui, local) }
    static func registration(_ local: String) -> XMLName { XMLName(registration, local) }
    static func attributes(_ local: String) -> XMLName { XMLName(Namespace.attributes, local) }
    static func algorithms(_ local: String) -> XMLName { XMLName(Namespace.algorithms, local) }
}

extension XMLElement {
    /// `xml:lang`, lower case; `und` where none is given.
    var language: String { (attribute("lang", namespace: MetadataNamespace.xml) ?? "und").lowercased() }
}
