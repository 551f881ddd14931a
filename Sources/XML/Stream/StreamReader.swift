import CLibXML2

/// One reading: libxml2's parser with our callbacks, the source it draws from and the writer it feeds.
enum StreamReader {
    static func read(
        _ next: @escaping () throws -> [UInt8], _ limits: XMLStreamLimits, _ identifiers: [String], _ visitor: any XMLStreamVisitor
    ) throws -> XMLStream.Summary {
        let source = try StreamSource(next, limits: limits)
        LibXML2.prepareThread()
        // Owned here; the callbacks get this pointer back from libxml2, and it is initialised before the first of them can come.
        let state = UnsafeMutablePointer<StreamState>.allocate(capacity: 1)
        defer { unsafe state.deallocate() }
        var handler = unsafe Self.handler
        guard let context = unsafe xmlCreateIOParserCtxt(&handler, state, readPiece, nil, state, XML_CHAR_ENCODING_UTF8) else {
            throw XMLRefusal.notWellFormed(line: 0)
        }
        defer { unsafe xmlFreeParserCtxt(context) }
        guard let dictionary = unsafe context.pointee.dict else { throw XMLRefusal.notWellFormed(line: 0) }
        // XML_PARSE_HUGE stays away whatever the document's length: the library's ceilings are per name, text and buffer.
        _ = unsafe xmlCtxtUseOptions(context, LibXML2.options(forBytes: 0))
        unsafe state.initialize(to: StreamState(context, dictionary, source, limits, identifiers, visitor))
        defer { unsafe state.deinitialize(count: 1) }
        _ = unsafe xmlParseDocument(context)
        return try unsafe state.pointee.finish()
    }

    /// Nothing but what is needed: what is absent is not built, resolved or loaded. Declarations and instructions are refused by the
    /// prescan; these callbacks are the second lock.
    private static var handler: xmlSAXHandler {
        var handler = unsafe xmlSAXHandler()
        unsafe handler.initialized = UInt32(XML_SAX2_MAGIC)
        unsafe handler.startElementNs = startElement
        unsafe handler.endElementNs = endElement
        unsafe handler.characters = characters
        unsafe handler.ignorableWhitespace = characters
        unsafe handler.comment = comment
        unsafe handler.internalSubset = { context, _, _, _ in unsafe StreamState.at(context)?.pointee.fail(XMLRefusal.doctype) }
        unsafe handler.externalSubset = { context, _, _, _ in unsafe StreamState.at(context)?.pointee.fail(XMLRefusal.doctype) }
        unsafe handler.reference = { context, _ in unsafe StreamState.at(context)?.pointee.fail(XMLRefusal.entity) }
        unsafe handler.processingInstruction = { context, _, _ in
            unsafe StreamState.at(context)?.pointee.fail(XMLRefusal.processingInstruction)
        }
        return unsafe handler
    }
}

private func readPiece(_ context: UnsafeMutableRawPointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ length: Int32) -> Int32 {
    guard let state = unsafe StreamState.at(context), let buffer = unsafe buffer, length > 0 else { return -1 }
    return unsafe buffer.withMemoryRebound(to: UInt8.self, capacity: Int(length)) { bytes in
        unsafe state.pointee.read(into: UnsafeMutableBufferPointer(start: bytes, count: Int(length)))
    }
}

private func startElement(
    _ context: UnsafeMutableRawPointer?, _ local: UnsafePointer<xmlChar>?, _ prefix: UnsafePointer<xmlChar>?,
    _ namespace: UnsafePointer<xmlChar>?, _ declared: Int32, _ declarations: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?,
    _ count: Int32, _ defaulted: Int32, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
) {
    guard let state = unsafe StreamState.at(context), let local = unsafe local else { return }
    unsafe state.pointee.start(
        StreamTag(
            local: local, prefix: prefix, namespace: namespace,
            declarations: UnsafeBufferPointer(start: declarations, count: declarations == nil ? 0 : Int(declared) * 2),
            attributes: UnsafeBufferPointer(start: attributes, count: attributes == nil ? 0 : Int(count) * 5)))
}

private func endElement(
    _ context: UnsafeMutableRawPointer?, _ local: UnsafePointer<xmlChar>?, _ prefix: UnsafePointer<xmlChar>?,
    _ namespace: UnsafePointer<xmlChar>?
) {
    guard let state = unsafe StreamState.at(context), let local = unsafe local else { return }
    unsafe state.pointee.end(local, prefix)
}

private func characters(_ context: UnsafeMutableRawPointer?, _ bytes: UnsafePointer<xmlChar>?, _ count: Int32) {
    guard let state = unsafe StreamState.at(context), let bytes = unsafe bytes, count > 0 else { return }
    unsafe state.pointee.text(bytes, Int(count))
}

private func comment(_ context: UnsafeMutableRawPointer?, _ text: UnsafePointer<xmlChar>?) {
    guard let state = unsafe StreamState.at(context), let text = unsafe text else { return }
    unsafe state.pointee.comment(text)
}
