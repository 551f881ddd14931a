import CLibXML2

/// A name as libxml2's dictionary holds it: within one document, equal names are one pointer. It lives as long as the parser.
typealias InternedName = UnsafePointer<xmlChar>

/// A prefix (nil: the default) and what it stands for (nil: nothing).
@unsafe struct StreamBinding {
    let prefix: InternedName?
    let namespace: InternedName?
}

/// A start tag as libxml2 tells it; borrowed for the time of the callback.
@unsafe struct StreamTag {
    let local: InternedName
    let prefix: InternedName?
    let namespace: InternedName?
    /// Two for each: prefix, namespace.
    let declarations: UnsafeBufferPointer<InternedName?>
    /// Five for each: local name, prefix, namespace, first byte of the value, the byte behind it. The last two are not interned.
    let attributes: UnsafeBufferPointer<InternedName?>

    /// What the tag itself declares. `xmlns=""` comes as an empty string and means nothing.
    func forEachDeclaration(_ body: (StreamBinding) -> Void) {
        var index = 0
        while unsafe index + 1 < declarations.count {
            let namespace = unsafe declarations[index + 1]
            let isEmpty = unsafe namespace == nil || namespace?.pointee == 0
            unsafe body(StreamBinding(prefix: declarations[index], namespace: isEmpty ? nil : namespace))
            index += 2
        }
    }
}

/// Canonical markup (Canonical XML §2.2 and §2.3), byte by byte.
extension ByteBuffer {
    @inline(__always) mutating func append(prefix: InternedName?, local: InternedName) {
        if let prefix = unsafe prefix {
            unsafe append(cString: prefix)
            append(UInt8(ascii: ":"))
        }
        unsafe append(cString: local)
    }

    /// Sorted by prefix, the default first.
    mutating func append(declarations bindings: [StreamBinding]) {
        let sorted = unsafe bindings.count < 2 ? bindings : bindings.sorted { unsafe interned($0.prefix, precedes: $1.prefix) }
        // `for unsafe … in`, which the compiler would want, is what the formatter cannot write.
        var index = 0
        while unsafe index < sorted.count {
            let binding = unsafe sorted[index]
            index += 1
            append(" xmlns")
            if let prefix = unsafe binding.prefix {
                append(UInt8(ascii: ":"))
                unsafe append(cString: prefix)
            }
            append("=\"")
            if let namespace = unsafe binding.namespace {
                unsafe Escapes.append(namespace, Int(xmlStrlen(namespace)), .value, to: &self)
            }
            append(UInt8(ascii: "\""))
        }
    }

    /// By namespace name, then by local name; no namespace is least. `order` is scratch. False when a value has a reference that must not be
    /// there.
    @inline(__always) mutating func append(attributesOf tag: StreamTag, _ order: inout [Int]) -> Bool {
        let attributes = unsafe tag.attributes
        if attributes.count == 0 { return true }
        if attributes.count == 5 { return unsafe append(attribute: 0, of: attributes) }
        return unsafe append(sorted: attributes, &order)
    }

    private mutating func append(sorted attributes: UnsafeBufferPointer<InternedName?>, _ order: inout [Int]) -> Bool {
        order.removeAll(keepingCapacity: true)
        var index = 0
        while index + 4 < attributes.count {
            var place = order.count
            while place > 0, unsafe attribute(index, of: attributes, precedes: order[place - 1]) { place -= 1 }
            order.insert(index, at: place)
            index += 5
        }
        var isSound = true
        for index in order { isSound = unsafe append(attribute: index, of: attributes) && isSound }
        return isSound
    }

    private mutating func append(attribute index: Int, of attributes: UnsafeBufferPointer<InternedName?>) -> Bool {
        guard let local = unsafe attributes[index], let start = unsafe attributes[index + 3], let end = unsafe attributes[index + 4] else {
            return false
        }
        append(UInt8(ascii: " "))
        unsafe append(prefix: attributes[index + 1], local: local)
        append("=\"")
        let isSound = unsafe Escapes.append(start, end - start, .value, to: &self)
        append(UInt8(ascii: "\""))
        return isSound
    }
}

private func attribute(_ left: Int, of attributes: UnsafeBufferPointer<InternedName?>, precedes right: Int) -> Bool {
    if unsafe attributes[left + 2] != attributes[right + 2] {
        return unsafe interned(attributes[left + 2], precedes: attributes[right + 2])
    }
    return unsafe interned(attributes[left], precedes: attributes[right])
}

/// By bytes, which is by code point in UTF-8; nothing precedes everything.
private func interned(_ left: InternedName?, precedes right: InternedName?) -> Bool {
    guard let right = unsafe right else { return false }
    guard let left = unsafe left else { return true }
    return unsafe xmlStrcmp(left, right) < 0
}
