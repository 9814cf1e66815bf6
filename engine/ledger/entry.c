/* One pass over an entry. The grammar is what RFC 8785 leaves of JSON when there are no fractions and no null: no white space,
 * one way to write each string and integer, keys in the order of their UTF-16 code units. */
#include "ledger/entry.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

struct scanner {
    const char *at, *end;
    unsigned depth;
    struct entry_view *view; /* NULL: nobody wants to know */
};

static bool scan_value(struct scanner *scanner, struct slice *key);

static bool take(struct scanner *scanner, char c)
{
    if (scanner->at == scanner->end || *scanner->at != c) return false;
    scanner->at++;
    return true;
}

/* After the backslash: the short forms, and \u00XX in lower case for the other control characters. */
static bool scan_escape(struct scanner *scanner)
{
    if (scanner->at == scanner->end) return false;
    char c = *scanner->at++;
    if (c != 'u') return c && strchr("btnfr\"\\", c);
    if (scanner->end - scanner->at < 4) return false;
    const char *digits = scanner->at;
    scanner->at += 4;
    if (digits[0] != '0' || digits[1] != '0' || (digits[2] != '0' && digits[2] != '1')) return false;
    if (!((digits[3] >= '0' && digits[3] <= '9') || (digits[3] >= 'a' && digits[3] <= 'f'))) return false;
    return digits[2] == '1' || !strchr("89acd", digits[3]); /* \b \t \n \f \r have their own */
}

static bool scan_text(struct scanner *scanner, struct slice *out)
{
    if (!take(scanner, '"')) return false;
    out->at = scanner->at;
    while (scanner->at < scanner->end) {
        unsigned char c = (unsigned char)*scanner->at++;
        if (c == '"') {
            out->length = (size_t)(scanner->at - 1 - out->at);
            return true;
        }
        if (c < 0x20 || (c == '\\' && !scan_escape(scanner))) return false;
    }
    return false;
}

static bool scan_integer(struct scanner *scanner, int64_t *out)
{
    bool negative = take(scanner, '-');
    const char *first = scanner->at;
    int64_t sum = 0;
    while (scanner->at < scanner->end && *scanner->at >= '0' && *scanner->at <= '9') {
        sum = sum * 10 + (*scanner->at++ - '0');
        if (sum >= INT64_C(1) << 53) return false;
    }
    if (scanner->at == first || (*first == '0' && (scanner->at - first > 1 || negative))) return false;
    *out = negative ? -sum : sum;
    return true;
}

static bool scan_word(struct scanner *scanner, const char *word, size_t length)
{
    if ((size_t)(scanner->end - scanner->at) < length || memcmp(scanner->at, word, length) != 0) return false;
    scanner->at += length;
    return true;
}

/* The weight of the next character of a key, -1 at its end: bytes of UTF-8 sort like code units but for characters over U+FFFF,
 * which are surrogates (D800…) there and so come before U+E000…U+FFFF. */
static int next_weight(struct slice *key)
{
    if (key->length == 0) return -1;
    unsigned char c = (unsigned char)*key->at;
    size_t size = 1;
    if (c == '\\') {
        static const char forms[] = "btnfr\"\\", meant[] = "\b\t\n\f\r\"\\";
        char form = key->at[1];
        size = form == 'u' ? 6 : 2;
        if (form == 'u')
            c = (unsigned char)((key->at[4] - '0') * 16 + (key->at[5] <= '9' ? key->at[5] - '0' : key->at[5] - 'a' + 10));
        else c = (unsigned char)meant[strchr(forms, form) - forms];
    }
    key->at += size;
    key->length -= size;
    if (c >= 0xF0) return c - 0xF0 + 0xEE;
    return c >= 0xEE ? c + 0x12 : c;
}

static bool key_before(struct slice a, struct slice b)
{
    for (;;) {
        int x = next_weight(&a), y = next_weight(&b);
        if (x != y) return x < y;
        if (x < 0) return false; /* the same key twice */
    }
}

/* Keys end where C's strings end. */
static bool has_nul(struct slice key)
{
    for (size_t i = 0; i + 6 <= key.length; i++) {
        if (key.at[i] != '\\') continue;
        if (memcmp(key.at + i, "\\u0000", 6) == 0) return true;
        i++;
    }
    return false;
}

static bool scan_map(struct scanner *scanner)
{
    if (take(scanner, '}')) return true;
    struct slice before = {0};
    do {
        struct slice key = {0};
        if (!scan_text(scanner, &key) || has_nul(key) || (before.at && !key_before(before, key))) return false;
        before = key;
        if (!take(scanner, ':') || !scan_value(scanner, scanner->depth == 1 ? &key : NULL)) return false;
    } while (take(scanner, ','));
    return take(scanner, '}');
}

static bool scan_list(struct scanner *scanner)
{
    if (take(scanner, ']')) return true;
    do {
        if (!scan_value(scanner, NULL)) return false;
    } while (take(scanner, ','));
    return take(scanner, ']');
}

static bool is_key(const struct slice *key, const char *name)
{
    return key->length == strlen(name) && memcmp(key->at, name, key->length) == 0;
}

static void note_text(struct entry_view *view, const struct slice *key, struct slice text)
{
    if (is_key(key, "case")) view->kase = text;
    if (is_key(key, "kind")) view->kind = text;
    if (is_key(key, "prev")) view->prev = text;
    if (is_key(key, "rec")) view->rec = text;
    if (is_key(key, "def")) view->def = text;
    if (is_key(key, "house")) view->house = text;
}

static bool scan_nested(struct scanner *scanner, struct slice *key)
{
    if (scanner->depth == LIMIT_JSON_DEPTH) return false;
    bool list = *scanner->at++ == '[';
    const char *inside = scanner->at;
    scanner->depth++;
    bool sound = list ? scan_list(scanner) : scan_map(scanner);
    scanner->depth--;
    if (sound && list && key && scanner->view && is_key(key, "sd"))
        scanner->view->sd = (struct slice){inside, (size_t)(scanner->at - 1 - inside)};
    return sound;
}

/* `key` is given for the members of the entry itself. */
static bool scan_value(struct scanner *scanner, struct slice *key)
{
    if (scanner->at == scanner->end) return false;
    struct slice text = {0};
    int64_t integer = 0;
    switch (*scanner->at) {
    case '"':
        if (!scan_text(scanner, &text)) return false;
        if (key && scanner->view) note_text(scanner->view, key, text);
        return true;
    case '{':
    case '[': return scan_nested(scanner, key);
    case 't': return scan_word(scanner, "true", 4);
    case 'f': return scan_word(scanner, "false", 5);
    default:
        if (!scan_integer(scanner, &integer)) return false;
        if (key && scanner->view && is_key(key, "n")) scanner->view->n = integer;
        if (key && scanner->view && is_key(key, "v")) scanner->view->v = integer;
        return true;
    }
}

static bool scan(const char *bytes, size_t length, struct entry_view *view)
{
    struct scanner scanner = {.at = bytes, .end = bytes + length, .view = view};
    return scan_value(&scanner, NULL) && scanner.at == scanner.end && text_is_utf8(bytes, length);
}

bool entry_is_canonical(const char *bytes, size_t length)
{
    return scan(bytes, length, NULL);
}

/* --- what every entry has ----------------------------------------------------------------------------------------------------
 */

static bool is_time(struct slice text)
{
    static const char form[] = "0000-00-00T00:00:00.000Z";
    if (text.length != sizeof form - 1) return false;
    for (size_t i = 0; i < text.length; i++)
        if (form[i] == '0' ? text.at[i] < '0' || text.at[i] > '9' : text.at[i] != form[i]) return false;
    instant ignored;
    return instant_parse(text.at, text.length, NULL, &ignored, NULL) == GUAN_OK;
}

static bool is_hash(struct slice text)
{
    if (text.length != HASH_HEX - 1) return false;
    for (size_t i = 0; i < text.length; i++)
        if (!((text.at[i] >= '0' && text.at[i] <= '9') || (text.at[i] >= 'a' && text.at[i] <= 'f'))) return false;
    return true;
}

bool entry_next_digest(struct slice *sd, struct hash *out)
{
    if (sd->length < HASH_HEX + 1 || sd->at[0] != '"' || sd->at[HASH_HEX] != '"') return false;
    char hex[HASH_HEX];
    memcpy(hex, sd->at + 1, HASH_HEX - 1);
    hex[HASH_HEX - 1] = '\0';
    size_t size = HASH_HEX + 1; /* with both quotes, and the comma */
    if (sd->length > size) size++;
    sd->at += size;
    sd->length -= size;
    return hash_from_hex(hex, out);
}

/* Sorted, so that their order tells nothing about the values. */
static bool are_digests(struct slice sd)
{
    struct hash before = {{0}}, digest;
    while (sd.length) {
        if (!entry_next_digest(&sd, &digest)) return false;
        if (memcmp(before.bytes, digest.bytes, HASH_BYTES) >= 0) return false;
        before = digest;
    }
    return true;
}

const char *entry_scan(const char *bytes, size_t length, struct entry_view *out)
{
    *out = (struct entry_view){0};
    if (length == 0 || bytes[0] != '{' || !scan(bytes, length, out)) return "is not canonical JSON";
    if (length > LIMIT_ENTRY_BYTES) return "is longer than an entry may be";
    if (out->v != 1) return "has a version that this guan does not know";
    if (!out->kase.at || out->kase.length == 0 || out->kase.length > ENTRY_CASE_BYTES) return "does not say its case";
    if (out->n < 1) return "does not say its number in the case";
    if (!out->kind.at) return "does not say its kind";
    if (!out->rec.at || !is_time(out->rec)) return "does not say when it was recorded";
    if (out->prev.at && !is_hash(out->prev)) return "has a hash of the entry before that is none";
    if (out->sd.at && !are_digests(out->sd)) return "has digests that are none, or not in order";
    return NULL;
}
