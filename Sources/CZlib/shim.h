#pragma once
#include <zlib.h>
// A macro in C, which Swift cannot see: raw DEFLATE, no header, no checksum.
static inline int sekisho_inflate_raw(z_stream *stream) { return inflateInit2(stream, -15); }
