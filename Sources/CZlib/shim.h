#pragma once
#include <zlib.h>
// Macros in C, which Swift cannot see: raw DEFLATE, no header, no checksum.
static inline int sekisho_inflate_raw(z_stream *stream) { return inflateInit2(stream, -15); }
static inline int sekisho_deflate_raw(z_stream *stream) {
    return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}
