/* XES (IEEE 1849) as it is found: the order of elements, missing extensions and foreign elements are passed over; what is not
 * well-formed, has a DOCTYPE or a time that is none is refused with its place. Nested attributes are joined into the text of the
 * one that holds them. */
#include "audit/log.h"

#include "base/text.h"

#include <errno.h>
#include <libxml/parser.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The attributes that have a meaning of their own; "ended" also as our own export says it. */
enum {
    NAME,
    TIME,
    RESOURCE,
    ROLE,
    LIFE,
    INSTANCE,
    ENDED,
    OUR_ENDED,
    OUR_DEALER,
    OUR_PROCESS,
    OUR_KIND,
    OUR_ENTRY,
    OUR_WITH,
    NAMES
};
enum place { OUTSIDE, IN_LOG, IN_TRACE, IN_EVENT, IN_ATTRIBUTE, IN_OTHER };

struct xes {
    xmlParserCtxtPtr parser;
    struct event_log *log;
    const struct zone *zone;
    const char *file;
    struct guan_error *error;
    int code;
    enum place stack[LOG_DEPTH + 1];
    uint32_t depth, nested; /* nested: attributes within the one at hand */
    uint32_t kase;
    struct log_event event; /* being read */
    uint32_t first_attribute, case_attributes;
    uint32_t names[NAMES];
    bool own, flow; /* the event is of our export; and no act, but a flow that began or ended */
    bool seen_log;
    struct log_attribute attribute;
    struct buffer text, inside;
};

static void stop(struct xes *x, int code)
{
    x->code = code;
    xmlStopParser(x->parser);
}

static void refuse(struct xes *x, const char *rule, const char *text, const char *hint)
{
    if (x->code != GUAN_OK) return;
    int line = x->parser->input ? x->parser->input->line : 0, column = x->parser->input ? x->parser->input->col : 0;
    error_set(x->error, GUAN_USAGE, rule, "%s", text);
    error_where(x->error, "%s:%d:%d", x->file, line, column);
    error_hint(x->error, "%s", hint);
    stop(x, GUAN_USAGE);
}

/* --- attributes ---------------------------------------------------------------------------------------------------------- */

/* libxml2 leaves an ampersand of the source as &#38; when entities are not to be replaced. */
static void plain(struct buffer *out, const xmlChar *from, const xmlChar *end)
{
    buffer_clear(out);
    for (const xmlChar *at = from; at < end;) {
        const xmlChar *mark = memchr(at, '&', (size_t)(end - at));
        const xmlChar *to = mark ? mark : end;
        buffer_add(out, at, (size_t)(to - at));
        at = to;
        if (!mark) break;
        buffer_byte(out, '&');
        at += end - mark >= 5 && memcmp(mark, "&#38;", 5) == 0 ? 5 : 1;
    }
}

static void typed(struct xes *x, const char *tag, const char *text, size_t length)
{
    struct log_attribute *attribute = &x->attribute;
    char *end = NULL;
    attribute->kind = VALUE_TEXT;
    errno = 0;
    if (strcmp(tag, "int") == 0 && length) {
        attribute->as.integer = strtoll(text, &end, 10);
        if (errno == 0 && *end == 0) attribute->kind = VALUE_INT;
    } else if (strcmp(tag, "float") == 0 && length) {
        attribute->as.real = strtod(text, &end);
        if (errno == 0 && *end == 0 && isfinite(attribute->as.real)) attribute->kind = VALUE_REAL;
    } else if (strcmp(tag, "boolean") == 0) {
        attribute->as.integer = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
        attribute->kind = VALUE_BOOL;
    }
    if (attribute->kind == VALUE_TEXT) attribute->as.text = log_intern(x->log, text, length);
}

static void take_time(struct xes *x, const char *text, size_t length)
{
    char shown[80];
    if (!length || log_time(text, length, x->zone, &x->event.at) == GUAN_OK) return;
    snprintf(shown, sizeof shown, "\"%.*s\" is not a time", (int)text_cut(text, length, 40), text);
    refuse(x, "log-time", shown, "XES writes 2026-03-07T10:02:00.000+08:00");
}

/* "test-drive#2.start", as our export has it. */
static void take_session(struct xes *x, const char *text)
{
    size_t length = strcspn(text, "#") + 1;
    length += strspn(text + length, "0123456789");
    x->event.session = log_intern(x->log, text, length);
}

static void take_number(struct xes *x, const char *text, size_t length)
{
    int64_t number;
    if (log_number(text, length, &number) && number > 0 && number < UINT32_MAX) x->event.n = (uint32_t)number;
}

static void of_event(struct xes *x, uint32_t key, const char *tag, const char *text, size_t length)
{
    if (key == x->names[NAME]) x->event.activity = log_intern(x->log, text, length);
    else if (key == x->names[TIME]) take_time(x, text, length);
    else if (key == x->names[RESOURCE]) x->event.resource = log_intern(x->log, text, length);
    else if (key == x->names[ROLE]) x->event.role = log_intern(x->log, text, length);
    else if (key == x->names[LIFE]) log_life(x->log, &x->event, text, length);
    else if (key == x->names[INSTANCE] && strchr(text, '#')) take_session(x, text);
    else if (key == x->names[OUR_KIND]) x->own = true, x->flow = strcmp(text, "flow") == 0;
    else if (key == x->names[OUR_ENTRY]) take_number(x, text, length);
    else typed(x, tag, text, length);
}

static void of_trace(struct xes *x, uint32_t key, const char *tag, const char *text, size_t length)
{
    struct log_case *kase = &x->log->cases[x->kase];
    if (key == x->names[NAME]) kase->name = log_intern(x->log, text, length);
    else if (key == x->names[ENDED] || key == x->names[OUR_ENDED]) kase->open = strcmp(text, "false") == 0;
    else if (key == x->names[OUR_DEALER]) kase->dealer = log_intern(x->log, text, length);
    else if (key == x->names[OUR_PROCESS]) kase->process = log_intern(x->log, text, length);
    else typed(x, tag, text, length);
}

static const xmlChar *value_of(const xmlChar **attributes, int count, const char *name, const xmlChar **end)
{
    for (int i = 0; i < count; i++) {
        if (strcmp((const char *)attributes[5 * i], name) != 0) continue;
        *end = attributes[5 * i + 4];
        return attributes[5 * i + 3];
    }
    return NULL;
}

/* Our export names apart what the journal holds in one: form:FIELD, facts:NAME, guan:message … */
static size_t prefix_of(const struct buffer *key)
{
    static const char *const prefixes[] = {"form:", "facts:"};
    static const char *const whole[] = {"guan:message", "guan:evidence", "guan:with", "guan:inst"};
    for (size_t i = 0; key->length && i < 2; i++) {
        size_t length = strlen(prefixes[i]);
        if (key->length > length && memcmp(key->data, prefixes[i], length) == 0) return length;
    }
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (key->length == strlen(whole[i]) && memcmp(key->data, whole[i], key->length) == 0) return strlen("guan:");
    return 0;
}

static void begin_attribute(struct xes *x, enum place around, const char *tag, const xmlChar **attributes, int count)
{
    const xmlChar *end, *from = value_of(attributes, count, "key", &end);
    x->attribute = (struct log_attribute){0};
    buffer_clear(&x->inside);
    if (!from) return;
    plain(&x->text, from, end);
    size_t prefix = prefix_of(&x->text);
    uint32_t key = x->text.length ? log_intern(x->log, x->text.data + prefix, x->text.length - prefix) : 0;
    buffer_clear(&x->text);
    from = value_of(attributes, count, "value", &end);
    if (from) plain(&x->text, from, end);
    if (x->text.length > LOG_TEXT_BYTES) {
        refuse(x, "log-size", "a value is longer than a mebibyte", "leave documents out of the log");
        return;
    }
    if (x->text.failed || x->log->failed) return;
    x->attribute.key = key;
    x->attribute.kind = VALUE_NULL; /* not to be kept as an attribute */
    const char *text = x->text.length ? x->text.data : "";
    if (prefix) typed(x, tag, text, x->text.length); /* a field may be called like one of the names above */
    else if (around == IN_EVENT) of_event(x, key, tag, text, x->text.length);
    else of_trace(x, key, tag, text, x->text.length);
}

static void end_attribute(struct xes *x, enum place around)
{
    struct log_attribute *attribute = &x->attribute;
    bool empty = attribute->kind == VALUE_TEXT && !attribute->as.text;
    if (empty && x->inside.length) attribute->as.text = log_intern(x->log, x->inside.data, x->inside.length), empty = false;
    if (!attribute->key || attribute->kind == VALUE_NULL || empty) return;
    uint32_t first = around == IN_EVENT ? x->first_attribute : x->log->cases[x->kase].attributes;
    if (x->log->attribute_count - first >= LOG_COLUMNS) {
        refuse(x, "log-size", "more than 1000 attributes", "leave documents out of the log");
        return;
    }
    /* A trace's attributes stand before its events; one that comes later is not kept. */
    if (around == IN_TRACE &&
        x->log->cases[x->kase].attributes + x->log->cases[x->kase].attribute_count != x->log->attribute_count)
        return;
    log_attribute_add(x->log, *attribute);
    if (around == IN_TRACE) x->log->cases[x->kase].attribute_count++;
}

static void nested_value(struct xes *x, const xmlChar **attributes, int count)
{
    const xmlChar *end, *from = value_of(attributes, count, "value", &end);
    if (!from) return;
    plain(&x->text, from, end);
    if (x->inside.length + x->text.length > LOG_TEXT_BYTES) return;
    if (x->inside.length && x->text.length) buffer_byte(&x->inside, ' ');
    buffer_add(&x->inside, x->text.data ? x->text.data : "", x->text.length);
}

/* Of our export: as of when it is. */
static void take_now(struct xes *x, const xmlChar **attributes, int count)
{
    const xmlChar *end, *from = value_of(attributes, count, "key", &end);
    instant now;
    if (!from || end - from != 8 || memcmp(from, "guan:now", 8) != 0) return;
    from = value_of(attributes, count, "value", &end);
    if (from && log_time((const char *)from, (size_t)(end - from), x->zone, &now) == GUAN_OK) x->log->now = now;
}

/* --- elements ------------------------------------------------------------------------------------------------------------ */

static bool is_attribute(const char *tag)
{
    static const char *const tags[] = {"string", "date", "int", "float", "boolean", "id", "list", "container"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (strcmp(tag, tags[i]) == 0) return true;
    return false;
}

static enum place enter(struct xes *x, enum place around, const char *tag, const xmlChar **attributes, int count)
{
    if (around == OUTSIDE && strcmp(tag, "log") == 0) {
        x->seen_log = true;
        return IN_LOG;
    }
    if (around == OUTSIDE) {
        refuse(x, "not-a-log", "the root element is not <log>", "XES begins with <log xmlns=\"http://www.xes-standard.org/\">");
        return IN_OTHER;
    }
    if (around == IN_LOG && strcmp(tag, "trace") == 0) {
        x->kase = log_case_add(x->log, 0);
        return x->log->failed ? IN_OTHER : IN_TRACE;
    }
    if (around == IN_TRACE && strcmp(tag, "event") == 0) {
        x->event = (struct log_event){.at = INSTANT_NONE};
        x->own = x->flow = false;
        x->first_attribute = x->log->attribute_count;
        return IN_EVENT;
    }
    if (around == IN_LOG && strcmp(tag, "date") == 0) take_now(x, attributes, count);
    if ((around == IN_TRACE || around == IN_EVENT) && is_attribute(tag)) {
        begin_attribute(x, around, tag, attributes, count);
        return IN_ATTRIBUTE;
    }
    if (around == IN_ATTRIBUTE) {
        nested_value(x, attributes, count);
        return IN_ATTRIBUTE;
    }
    return IN_OTHER;
}

static void start_element(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int bindings,
                          const xmlChar **binding, int count, int defaulted, const xmlChar **attributes)
{
    struct xes *x = user;
    (void)prefix;
    (void)uri;
    (void)bindings;
    (void)binding;
    (void)defaulted;
    if (x->code != GUAN_OK) return;
    if (x->depth >= LOG_DEPTH) {
        refuse(x, "log-depth", "elements are nested deeper than 64", "a log is log, trace, event, attribute");
        return;
    }
    enum place around = x->stack[x->depth];
    x->stack[++x->depth] = enter(x, around, (const char *)name, attributes, count);
    if (x->log->failed) stop(x, GUAN_FAILED);
}

/* People as the journal has them, without the dealer before them. */
static void name_people(struct xes *x)
{
    x->event.resource = log_person(x->log, log_text(x->log, x->event.resource));
    for (uint32_t i = x->first_attribute; i < x->log->attribute_count; i++) {
        struct log_attribute *attribute = &x->log->attributes[i];
        if (attribute->key != x->names[OUR_WITH] || attribute->kind != VALUE_TEXT) continue;
        attribute->as.text = log_person(x->log, log_text(x->log, attribute->as.text));
    }
}

static void end_event(struct xes *x)
{
    if (!x->event.activity || x->flow) {
        x->log->skipped += !x->flow;
        x->log->attribute_count = x->first_attribute;
        return;
    }
    if (x->own) name_people(x);
    struct log_event *event = log_event_add(x->log, x->kase);
    x->event.kase = event->kase;
    if (!x->own || !x->event.n) x->event.n = event->n;
    x->event.attributes = x->first_attribute;
    x->event.attribute_count = (uint16_t)(x->log->attribute_count - x->first_attribute);
    *event = x->event;
}

static void end_trace(struct xes *x)
{
    char name[40];
    if (x->log->failed || x->log->cases[x->kase].name) return;
    int length = snprintf(name, sizeof name, "trace %u", x->kase + 1);
    x->log->cases[x->kase].name = log_intern(x->log, name, (size_t)length);
}

static void end_element(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xes *x = user;
    (void)name;
    (void)prefix;
    (void)uri;
    if (x->code != GUAN_OK || x->depth == 0) return;
    enum place left = x->stack[x->depth--], around = x->stack[x->depth];
    if (left == IN_ATTRIBUTE && around != IN_ATTRIBUTE) end_attribute(x, around);
    else if (left == IN_EVENT) end_event(x);
    else if (left == IN_TRACE) end_trace(x);
    if (x->log->failed) stop(x, GUAN_FAILED);
}

static void doctype(void *user, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
    (void)name;
    (void)public_id;
    (void)system_id;
    refuse(user, "doctype", "a DOCTYPE is not accepted in a log", "delete it: XES has no use for one");
}

static xmlParserInputPtr no_entity(void *user, const xmlChar *public_id, const xmlChar *system_id)
{
    (void)user;
    (void)public_id;
    (void)system_id;
    return NULL;
}

static void fault(void *user, xmlErrorPtr problem)
{
    struct xes *x = user;
    char text[200];
    if (problem->level < XML_ERR_ERROR || problem->code == XML_NS_ERR_UNDEFINED_NAMESPACE) return;
    if (problem->code == XML_ERR_NO_MEMORY) {
        x->log->failed = true;
        return;
    }
    const char *message = problem->message ? problem->message : "not well-formed";
    snprintf(text, sizeof text, "%.*s", (int)strcspn(message, "\n"), message);
    refuse(x, "xml", text, "the file is damaged or cut off here: export it again");
}

static int feed(struct xes *x, FILE *stream)
{
    static const xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                                          .startElementNs = start_element,
                                          .endElementNs = end_element,
                                          .internalSubset = doctype,
                                          .resolveEntity = no_entity,
                                          .serror = fault};
    xmlSAXHandler sax = handler;
    char piece[1 << 16];
    size_t got;
    x->parser = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
    if (!x->parser) return error_memory(x->error);
    xmlCtxtUseOptions(x->parser, XML_PARSE_NONET);
    while (x->code == GUAN_OK && (got = fread(piece, 1, sizeof piece, stream)) > 0) xmlParseChunk(x->parser, piece, (int)got, 0);
    bool broken = ferror(stream) != 0;
    if (x->code == GUAN_OK && !broken) xmlParseChunk(x->parser, piece, 0, 1);
    if (x->code == GUAN_OK && !broken && (!x->parser->wellFormed || !x->seen_log || x->depth))
        refuse(x, "xml", x->seen_log ? "the file ends too early" : "the file is empty, or no XML",
               "export it again: a whole XES file ends with </log>");
    /* depth: with some encodings libxml2 stops in the middle and calls it well-formed */
    xmlFreeParserCtxt(x->parser);
    if (broken) return error_set(x->error, GUAN_FAILED, "read", "%s cannot be read to its end", x->file);
    return x->code;
}

int log_read_xes(FILE *stream, const char *file, const struct zone *zone, struct event_log *log, struct guan_error *error)
{
    static const char *const names[NAMES] = {
        "concept:name",     "time:timestamp", "org:resource", "org:role",    "lifecycle:transition",
        "concept:instance", "ended",          "guan:ended",   "guan:dealer", "guan:process",
        "guan:kind",        "guan:entry",     "with"};
    struct xes x = {.log = log, .zone = zone, .file = file, .error = error};
    for (size_t i = 0; i < NAMES; i++) x.names[i] = log_intern(log, names[i], strlen(names[i]));
    int code = log->failed ? GUAN_FAILED : feed(&x, stream);
    bool memory = x.text.failed || x.inside.failed || (log->failed && code == GUAN_FAILED);
    buffer_release(&x.text);
    buffer_release(&x.inside);
    if (memory && (log->bytes > LOG_BYTES || log->event_count >= LOG_EVENTS)) return log_finish(log, error);
    return memory ? error_memory(error) : code;
}
