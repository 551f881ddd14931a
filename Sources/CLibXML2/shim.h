#pragma once
#include <libxml/xmlversion.h>
// Debian's build of libxml2 converts encodings with ICU, and libxml/encoding.h would then include ICU's headers, whose enums clash
// with the ones that Foundation brings ("UErrorCode has different definitions"). Without this only two trailing members of
// xmlCharEncodingHandler disappear from view; we read UTF-8 only and never touch that structure.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/c14n.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlmemory.h>
#include <libxml/SAX2.h>
