/* XML to tree, over libxml2's SAX2 interface.
 *
 * The push parser is used because only the pull parser enforces libxml2's own depth of 256 (a process-wide variable): here depth
 * is counted and refused with LIMIT_XML_DEPTH, and nothing global is touched. No DTD, so no entities but the five; no file is
 * opened by libxml2: it only sees the bytes given. Places are computed from byte offsets, which are exact since the source must
 * be UTF-8. */
#include "chart/tree.h"

#include "base/limits.h"
#include "base/text.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>
#include <strings.h>

struct reader {
    struct arena *arena;
    struct report *report;
    struct tree *tree;
    xmlParserCtxtPtr parser;
    struct node *current;
    uint32_t depth;
    struct buffer text;      /* character data since the last tag */
    size_t text_start, last; /* offsets: where `text` began; the end of the last tag, comment or text */
    /* How far places were computed; they are asked in rising order. */
    size_t offset;
    struct chart_place place;
    bool broken, exhausted; /* no tree; because memory ran out */
};

static struct chart_place place_at(struct reader *reader, size_t offset)
{
    if (offset > reader->tree->length) offset = reader->tree->length;
    if (offset < reader->offset) {
        reader->offset = 0;
        reader->place = (struct chart_place){1, 1};
    }
    const char *bytes = reader->tree->bytes;
    for (; reader->offset < offset; reader->offset++) {
        unsigned char byte = (unsigned char)bytes[reader->offset];
        if (byte == '\n') {
            reader->place.line++;
            reader->place.col = 1;
        } else if ((byte & 0xC0u) != 0x80u) {
            reader->place.col++;
        }
    }
    return reader->place;
}

static size_t consumed(const struct reader *reader)
{
    long offset = xmlByteConsumed(reader->parser);
    if (offset < 0) return reader->offset;
    return (size_t)offset > reader->tree->length ? reader->tree->length : (size_t)offset;
}

/* libxml2 may call back at the very end of a document that breaks off. */
static char byte_at(const struct reader *reader, size_t offset)
{
    return offset < reader->tree->length ? reader->tree->bytes[offset] : '\0';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool all_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_blank(text[i])) return false;
    return true;
}

static void append(struct node *parent, struct node *child)
{
    child->parent = parent;
    if (parent->last != NULL) parent->last->next = child;
    else parent->first = child;
    parent->last = child;
}

/* Blanks between elements are no node. */
static void flush_text(struct reader *reader)
{
    struct buffer *text = &reader->text;
    if (text->failed) reader->broken = reader->exhausted = true;
    if (text->length > 0 && reader->current != NULL && !text->failed && !all_blank(text->data, text->length)) {
        struct node *node = arena_alloc(reader->arena, sizeof *node);
        if (node != NULL) {
            node->tag = TAG_TEXT;
            node->text = arena_text(reader->arena, text->data, text->length);
            node->length = text->length;
            while (is_blank(byte_at(reader, reader->text_start))) reader->text_start++;
            node->place = place_at(reader, reader->text_start);
            append(reader->current, node);
        }
    }
    buffer_clear(text);
}

static enum space space_of(const xmlChar *uri)
{
    if (uri == NULL) return SPACE_NONE;
    if (strcmp((const char *)uri, SCXML_NAMESPACE) == 0) return SPACE_SCXML;
    if (strcmp((const char *)uri, GUAN_NAMESPACE) == 0) return SPACE_GUAN;
    return SPACE_OTHER;
}

/* A prefix that nobody declared has no namespace; what it stands on is passed over from then on. */
static enum space resolve(struct reader *reader, const xmlChar *prefix, const xmlChar *uri, struct chart_place place)
{
    if (uri != NULL || prefix == NULL) return space_of(uri);
    problem(reader->report, place, "xml-prefix",
            arena_printf(reader->arena, "declare it on the root element: xmlns:%s=\"%s\"", (const char *)prefix,
                         strcmp((const char *)prefix, "g") == 0 ? GUAN_NAMESPACE : "…"),
            "the prefix \"%s\" is not declared", (const char *)prefix);
    return SPACE_OTHER;
}

static char *copy(struct arena *arena, const xmlChar *text)
{
    return text == NULL ? NULL : arena_text(arena, (const char *)text, strlen((const char *)text));
}

/* libxml2 hands an ampersand in an attribute back as "&#38;" unless it substitutes entities, which it may not. */
static char *attribute_text(struct arena *arena, const xmlChar *begin, const xmlChar *end, size_t *length)
{
    char *text = arena_text(arena, (const char *)begin, (size_t)(end - begin));
    if (text == NULL) return NULL;
    size_t n = 0, count = (size_t)(end - begin);
    for (size_t i = 0; i < count; i++) {
        text[n++] = text[i];
        if (text[i] == '&' && count - i >= 5 && memcmp(text + i, "&#38;", 5) == 0) i += 4;
    }
    text[n] = '\0';
    *length = n;
    return text;
}

/* The next attribute's name in the raw tag at or after *cursor that is no namespace declaration; moves *cursor behind its value.
 */
static size_t raw_attribute(const char *bytes, size_t *cursor, size_t end)
{
    for (size_t i = *cursor; i < end;) {
        while (i < end && is_blank(bytes[i])) i++;
        size_t name = i;
        while (i < end && bytes[i] != '=' && !is_blank(bytes[i])) i++;
        size_t length = i - name;
        while (i < end && bytes[i] != '"' && bytes[i] != '\'') i++;
        char quote = i < end ? bytes[i] : '\0';
        for (i++; i < end && bytes[i] != quote;) i++;
        i++;
        *cursor = i < end ? i : end;
        bool declares = length >= 5 && memcmp(bytes + name, "xmlns", 5) == 0 && (length == 5 || bytes[name + 5] == ':');
        if (!declares) return name;
    }
    return *cursor;
}

static void take_attributes(struct reader *reader, struct node *node, size_t tag_end, const xmlChar *const *raw, int count)
{
    const char *bytes = reader->tree->bytes;
    node->attributes = arena_alloc(reader->arena, (size_t)count * sizeof *node->attributes);
    if (node->attributes == NULL) return;
    size_t cursor = node->start + 1;
    while (cursor < tag_end && !is_blank(bytes[cursor])) cursor++;
    for (int i = 0; i < count; i++, raw += 5) {
        struct attribute *attribute = &node->attributes[node->attribute_count++];
        attribute->place = place_at(reader, raw_attribute(bytes, &cursor, tag_end));
        attribute->space = resolve(reader, raw[1], raw[2], attribute->place);
        attribute->name = copy(reader->arena, raw[0]);
        attribute->value = "";
        if ((size_t)(raw[4] - raw[3]) > LIMIT_ATTRIBUTE_BYTES) {
            problem(reader->report, attribute->place, "attribute-size", "put long Lua into a file and name it with src",
                    "the value of \"%s\" is longer than %u bytes", attribute->name, LIMIT_ATTRIBUTE_BYTES);
            continue;
        }
        const char *value = attribute_text(reader->arena, raw[3], raw[4], &attribute->length);
        if (value != NULL) attribute->value = value;
        if (attribute->space == SPACE_GUAN) reader->tree->guan = true;
    }
}

static void take_bindings(struct reader *reader, struct node *node, const xmlChar *const *raw, int count)
{
    struct binding *bindings = arena_alloc(reader->arena, (size_t)count * sizeof *bindings);
    if (bindings == NULL) return;
    for (int i = 0; i < count; i++) {
        bindings[i].prefix = copy(reader->arena, raw[2 * i]);
        bindings[i].uri = raw[2 * i + 1] == NULL ? "" : copy(reader->arena, raw[2 * i + 1]);
        if (node->parent != NULL && space_of(raw[2 * i + 1]) == SPACE_GUAN)
            warning(reader->report, node->place, "prefix-below-root", "move the declaration to the root element",
                    "the namespace of g: is declared here, not on the root, where editors look for it");
    }
    node->bindings = bindings;
    node->binding_count = (uint32_t)count;
}

static void start_element(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int bindings,
                          const xmlChar **binding, int attributes, int defaulted, const xmlChar **attribute)
{
    (void)defaulted; /* there is no DTD */
    struct reader *reader = user;
    flush_text(reader);
    size_t tag_end = consumed(reader), start = tag_end;
    while (start > 0 && byte_at(reader, start) != '<') start--; /* '<' cannot stand in an attribute */
    struct node *node = arena_alloc(reader->arena, sizeof *node);
    if (node == NULL) {
        reader->broken = true;
        xmlStopParser(reader->parser);
        return;
    }
    node->name = copy(reader->arena, name);
    node->place = place_at(reader, start);
    node->space = resolve(reader, prefix, uri, node->place);
    node->tag = node->name == NULL ? TAG_OTHER : grammar_tag(node->space, node->name);
    node->start = start;
    if (node->space == SPACE_GUAN) reader->tree->guan = true;
    if (reader->current != NULL) append(reader->current, node);
    else reader->tree->root = node;
    if (bindings > 0) take_bindings(reader, node, (const xmlChar *const *)binding, bindings);
    if (attributes > 0) take_attributes(reader, node, tag_end, (const xmlChar *const *)attribute, attributes);
    node->inside = byte_at(reader, tag_end) == '>' ? tag_end + 1 : tag_end;
    reader->current = node;
    reader->last = reader->text_start = node->inside;
    if (++reader->depth > LIMIT_XML_DEPTH) {
        problem(reader->report, node->place, "xml-depth", "split the document: one process can invoke another",
                "elements are nested deeper than %u", LIMIT_XML_DEPTH);
        reader->broken = true;
        xmlStopParser(reader->parser);
    }
}

static void end_element(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)name;
    (void)prefix;
    (void)uri;
    struct reader *reader = user;
    flush_text(reader);
    struct node *node = reader->current;
    if (node == NULL) return;
    node->end = consumed(reader);
    node->inside_end = node->end > node->inside ? node->end - 1 : node->inside;
    while (node->inside_end > node->inside && byte_at(reader, node->inside_end) != '<') node->inside_end--;
    reader->last = reader->text_start = node->end;
    reader->current = node->parent;
    reader->depth--;
}

static void characters(void *user, const xmlChar *text, int length)
{
    struct reader *reader = user;
    if (reader->text.length == 0) reader->text_start = reader->last;
    buffer_add(&reader->text, text, (size_t)length);
    reader->last = consumed(reader);
}

static void cdata(void *user, const xmlChar *text, int length)
{
    struct reader *reader = user;
    if (reader->text.length == 0) reader->text_start = reader->last + strlen("<![CDATA[");
    buffer_add(&reader->text, text, (size_t)length);
    reader->last = consumed(reader);
}

static void comment(void *user, const xmlChar *text)
{
    (void)text;
    struct reader *reader = user;
    reader->last = consumed(reader);
}

static void instruction(void *user, const xmlChar *target, const xmlChar *data)
{
    (void)data;
    comment(user, target);
}

static void doctype(void *user, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
    (void)public_id;
    (void)system_id;
    struct reader *reader = user;
    size_t start = consumed(reader);
    while (start > 0 && (byte_at(reader, start) != '<' || byte_at(reader, start + 1) != '!')) start--;
    problem(reader->report, place_at(reader, start), "doctype", "delete the line: the five entities of XML work without it",
            "a DOCTYPE (here of \"%.60s\") is not accepted", (const char *)name);
    reader->broken = true;
    xmlStopParser(reader->parser);
}

static xmlParserInputPtr refuse_entity(void *user, const xmlChar *public_id, const xmlChar *system_id)
{
    (void)user;
    (void)public_id;
    (void)system_id;
    return NULL;
}

/* A typographic quote in the tag that ends or breaks off at `offset`; NULL: none. */
static const char *curly_quote(const struct reader *reader, size_t offset)
{
    static const char *const quotes[] = {"\u201C", "\u201D", "\u2018", "\u2019", "\uFF02", "\uFF07"};
    size_t start = offset > 0 ? offset - 1 : 0;
    while (start > 0 && byte_at(reader, start) != '<' && byte_at(reader, start) != '>') start--;
    for (size_t at = start; at <= offset && at < reader->tree->length; at++)
        for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
            if (reader->tree->length - at >= 3 && memcmp(reader->tree->bytes + at, quotes[i], 3) == 0) return quotes[i];
    return NULL;
}

/* The open element's name as it is written. */
static const char *open_name(struct reader *reader)
{
    size_t from = reader->current->start + 1, end = from;
    while (end - from < 100 && !is_blank(byte_at(reader, end)) && strchr("/>", byte_at(reader, end)) == NULL) end++;
    const char *name = arena_text(reader->arena, reader->tree->bytes + from, end - from);
    return name == NULL ? "" : name;
}

/* What to do about the commonest mistakes; NULL: libxml2's own words say enough. */
static const char *xml_hint(struct reader *reader, const xmlError *fault, size_t offset)
{
    const char *quote = curly_quote(reader, offset);
    switch (fault->code) {
    case XML_ERR_ATTRIBUTE_NOT_STARTED:
    case XML_ERR_ATTRIBUTE_NOT_FINISHED:
    case XML_ERR_ATTRIBUTE_WITHOUT_VALUE:
    case XML_ERR_SPACE_REQUIRED:
    case XML_ERR_GT_REQUIRED:
    case XML_ERR_LT_IN_ATTRIBUTE:
        if (quote != NULL) return arena_printf(reader->arena, "there is a %s in this tag: write straight quotes, \" or '", quote);
        if (fault->code == XML_ERR_LT_IN_ATTRIBUTE) return "write &lt; for <, or close the quote before it";
        return "values stand in quotes, with a blank before the next attribute: id=\"x\" title=\"y\"";
    case XML_ERR_NAME_REQUIRED:
    case XML_ERR_ENTITYREF_SEMICOL_MISSING: return "write &amp; for &, &lt; for <";
    default: return NULL;
    }
}

/* An end tag that does not close what is open, or no end tag at all. */
static bool tell_unclosed(struct reader *reader, const xmlError *fault, size_t offset)
{
    bool mismatch = fault->code == XML_ERR_TAG_NAME_MISMATCH;
    bool ends = fault->code == XML_ERR_TAG_NOT_FINISHED || fault->code == XML_ERR_DOCUMENT_END;
    if (reader->current == NULL || (!mismatch && !ends)) return false;
    const char *open = open_name(reader);
    struct chart_place from = reader->current->place;
    problem(reader->report, place_at(reader, offset), "xml",
            arena_printf(reader->arena, "write </%s> where it ends, or close it at once: <%s …/>", open, open),
            "%s: <%s> of line %u is still open", mismatch ? "the end tag does not fit" : "the file ends too early", open,
            from.line);
    return true;
}

static void parse_error(void *user, xmlErrorPtr fault)
{
    struct reader *reader = user;
    if (fault->level < XML_ERR_ERROR || reader->broken) return;
    if (fault->code == XML_ERR_NO_MEMORY) reader->broken = reader->exhausted = true;
    if (fault->code == XML_ERR_NO_MEMORY || fault->code == XML_NS_ERR_UNDEFINED_NAMESPACE)
        return; /* the prefix was told by resolve() */
    const char *message = fault->message == NULL ? "not well-formed" : fault->message;
    size_t offset = consumed(reader);
    if (!tell_unclosed(reader, fault, offset))
        problem(reader->report, place_at(reader, offset), "xml", xml_hint(reader, fault, offset), "%.*s",
                (int)strcspn(message, "\n"), message);
    if (fault->level == XML_ERR_FATAL) reader->broken = true;
}

static void parse(struct reader *reader)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = start_element,
                         .endElementNs = end_element,
                         .characters = characters,
                         .ignorableWhitespace = characters,
                         .cdataBlock = cdata,
                         .comment = comment,
                         .processingInstruction = instruction,
                         .internalSubset = doctype,
                         .resolveEntity = refuse_entity,
                         .serror = parse_error};
    reader->parser = xmlCreatePushParserCtxt(&sax, reader, NULL, 0, NULL);
    if (reader->parser == NULL) {
        reader->broken = reader->exhausted = true;
        return;
    }
    xmlCtxtUseOptions(reader->parser, XML_PARSE_NONET);
    const size_t piece = 1u << 20; /* libxml2 refuses more than ten million bytes of look-ahead */
    size_t length = reader->tree->length;
    for (size_t at = 0; at < length && !reader->broken; at += piece) {
        size_t n = length - at < piece ? length - at : piece;
        xmlParseChunk(reader->parser, reader->tree->bytes + at, (int)n, at + n == length);
    }
    if (!reader->parser->wellFormed && !reader->broken && reader->report->errors == 0) {
        problem(reader->report, place_at(reader, length), "xml", NULL, "the XML is not well-formed or ends too early");
        reader->broken = true;
    }
    xmlFreeParserCtxt(reader->parser);
}

/* The first byte that is not part of a UTF-8 character. */
static size_t first_bad(const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t n = 1;
        while (n <= 4 && at + n <= length && !text_is_utf8(bytes + at, n)) n++;
        if (n > 4 || at + n > length) return at;
        at += n;
    }
    return at;
}

/* The encoding that the XML declaration names must be UTF-8: offsets are places only then. */
static void check_encoding(struct reader *reader)
{
    const char *bytes = reader->tree->bytes, *end = bytes + reader->tree->length;
    if (reader->tree->length < 6 || memcmp(bytes, "<?xml", 5) != 0 || !is_blank(bytes[5])) return;
    static const char key[] = "encoding";
    const char *cursor = bytes + 5;
    while (end - cursor > (long)sizeof key && memcmp(cursor, "?>", 2) != 0 && memcmp(cursor, key, sizeof key - 1) != 0) cursor++;
    if (end - cursor <= (long)sizeof key || memcmp(cursor, "?>", 2) == 0) return;
    cursor += sizeof key - 1;
    while (cursor < end && (is_blank(*cursor) || *cursor == '=')) cursor++;
    char quote = cursor < end ? *cursor : '\0';
    const char *value = cursor + 1, *stop = value;
    if (quote != '"' && quote != '\'') return;
    while (stop < end && *stop != quote && *stop != '>') stop++;
    size_t length = (size_t)(stop - value);
    if ((length == 5 && strncasecmp(value, "UTF-8", 5) == 0) || (length == 4 && strncasecmp(value, "UTF8", 4) == 0)) return;
    problem(reader->report, place_at(reader, (size_t)(value - bytes)), "encoding",
            "save the file as UTF-8 and say so, or say nothing", "the encoding is declared as \"%.*s\"; only UTF-8 is read",
            (int)(length > 40 ? 40 : length), value);
}

static void check_bytes(struct reader *reader)
{
    const char *bytes = reader->tree->bytes;
    size_t length = reader->tree->length;
    const char *hint = "save the file as UTF-8";
    if (length == 0) {
        problem(reader->report, reader->place, "xml", NULL, "the file is empty");
    } else if (length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        problem(reader->report, reader->place, "encoding", hint, "the file is UTF-16; only UTF-8 is read");
    } else if (memchr(bytes, '\0', length) != NULL) {
        size_t at = (size_t)((const char *)memchr(bytes, '\0', length) - bytes);
        problem(reader->report, place_at(reader, at), "nul-byte", hint, "there is a NUL byte at offset %zu", at);
    } else if (!text_is_utf8(bytes, length)) {
        size_t at = first_bad(bytes, length);
        problem(reader->report, place_at(reader, at), "utf8", hint, "the byte %02X at offset %zu is not UTF-8",
                (unsigned)(unsigned char)bytes[at < length ? at : length - 1], at);
    } else {
        check_encoding(reader);
    }
}

void tree_read(struct tree *tree, const char *bytes, size_t length, struct arena *arena, struct report *report)
{
    *tree = (struct tree){.bytes = bytes, .length = length};
    struct chart_place top = {1, 1};
    if (length > LIMIT_FILE_BYTES) {
        problem(report, top, "file-size", "split the document", "the file has %zu bytes, more than %u", length, LIMIT_FILE_BYTES);
        return;
    }
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark is no character */
        tree->bytes += 3;
        tree->length -= 3;
    }
    struct reader reader = {.arena = arena, .report = report, .tree = tree, .place = top};
    uint32_t before = report->errors;
    check_bytes(&reader);
    if (report->errors == before) parse(&reader);
    if (reader.exhausted) (void)arena_alloc(arena, SIZE_MAX); /* the arena says so from now on */
    buffer_release(&reader.text);
    if (reader.broken) tree->root = NULL;
}
