/* Inputs that are too large to keep in the tree or no text, every truncation of a good file, and seeded changes of single bytes:
 * whatever comes, the reader answers. */
#include "bad.h"

#include "base/limits.h"

#include <stdio.h>
#include <string.h>

#define HEAD "<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" datamodel=\"lua\">\n"
#define TAIL "</scxml>\n"
enum { MUTATIONS = 4000 };

static void repeat(struct buffer *out, const char *text, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) buffer_text(out, text);
}

static int expect(const struct catalogue *catalogue, const char *name, struct buffer *bytes, const char *want)
{
    struct buffer lines = {0};
    if (bytes->failed) buffer_text(&lines, "no memory\n");
    read_flow(catalogue, "made.scxml", bytes->data, bytes->length, &lines);
    bool same = compare(name, want, &lines);
    buffer_release(&lines);
    buffer_release(bytes);
    return same ? 0 : 1;
}

static int nested(const struct catalogue *catalogue, uint32_t depth, const char *want)
{
    char name[40];
    struct buffer bytes = {0};
    snprintf(name, sizeof name, "nested %u deep", depth);
    buffer_text(&bytes, HEAD);
    repeat(&bytes, "<state>", depth);
    repeat(&bytes, "</state>", depth);
    buffer_text(&bytes, TAIL);
    return expect(catalogue, name, &bytes, want);
}

static int attribute(const struct catalogue *catalogue, uint32_t length, const char *want)
{
    char name[40];
    struct buffer bytes = {0};
    snprintf(name, sizeof name, "attribute of %u bytes", length);
    buffer_text(&bytes, HEAD "<state id=\"a\"><onentry><log\n  label=\"");
    repeat(&bytes, "x", length);
    buffer_text(&bytes, "\"/></onentry></state>" TAIL);
    return expect(catalogue, name, &bytes, want);
}

/* The reader must not look into what is too large: the bytes are blank. */
static int too_large(const struct catalogue *catalogue)
{
    struct buffer bytes = {0};
    const size_t size = 100u * 1024u * 1024u;
    char *space = memory_alloc(size);
    if (space == NULL) return 1;
    memset(space, ' ', size);
    bytes.data = space;
    bytes.length = bytes.capacity = size;
    return expect(catalogue, "a file of 100 MiB", &bytes, "1:1: file-size\n");
}

static int raw(const struct catalogue *catalogue, const char *name, const char *text, size_t length, const char *want)
{
    struct buffer bytes = {0};
    buffer_add(&bytes, text, length);
    return expect(catalogue, name, &bytes, want);
}

static int many_errors(const struct catalogue *catalogue)
{
    struct buffer bytes = {0}, lines = {0};
    buffer_text(&bytes, HEAD);
    repeat(&bytes, "<state><transition event=\"e\" target=\"nowhere\"/></state>\n", 1000);
    buffer_text(&bytes, TAIL);
    read_flow(catalogue, "made.scxml", bytes.data, bytes.length, &lines);
    uint32_t count = 0;
    for (size_t i = 0; i < lines.length; i++) count += lines.data[i] == '\n';
    bool good = count == LIMIT_DIAGNOSTICS + 1 && strstr(lines.data, "too-many\n") != NULL;
    printf("%s a thousand errors: %u told\n", good ? "ok" : "not ok", count);
    buffer_release(&bytes);
    buffer_release(&lines);
    return good ? 0 : 1;
}

/* --- good bytes gone bad ------------------------------------------------------------------------------------------------ */

/* Told nothing but refused, or refused without a line: both are wrong. A copy of the exact size lets the sanitizer see overruns.
 */
static bool answers(const struct catalogue *catalogue, const char *bytes, size_t length)
{
    struct buffer lines = {0};
    char *exact = memory_alloc(length == 0 ? 1 : length);
    if (exact == NULL) return false;
    memcpy(exact, bytes, length);
    int code = read_flow(catalogue, "made.scxml", exact, length, &lines);
    bool good = (code == GUAN_OK || code == GUAN_NO) && lines.length > 0 && strstr(lines.data, "  ") == NULL;
    if (!good) printf("not ok length %zu, code %d: %s\n", length, code, lines.length == 0 ? "" : lines.data);
    memory_free(exact);
    buffer_release(&lines);
    return good;
}

static int truncations(const struct catalogue *catalogue, const char *good, size_t length)
{
    int failed = 0;
    for (size_t i = 0; i <= length; i++) failed += answers(catalogue, good, i) ? 0 : 1;
    printf("%s every truncation of %zu bytes\n", failed == 0 ? "ok" : "not ok", length);
    return failed;
}

static uint64_t next_number(uint64_t *seed) /* xorshift64 */
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static int mutations(const struct catalogue *catalogue, const char *good, size_t length)
{
    static const char interesting[] = "<>&\"'/=?!-[]{}()\0\n :;.#xP9\x80\xFF";
    uint64_t seed = 20260307;
    int failed = 0;
    char *bytes = memory_alloc(length);
    if (bytes == NULL) return 1;
    for (int i = 0; i < MUTATIONS; i++) {
        memcpy(bytes, good, length);
        for (uint64_t n = 1 + next_number(&seed) % 3; n > 0; n--) {
            uint64_t at = next_number(&seed) % length, how = next_number(&seed);
            bytes[at] = how % 4 == 0 ? (char)(how >> 8) : interesting[(how >> 8) % (sizeof interesting - 1)];
        }
        failed += answers(catalogue, bytes, length) ? 0 : 1;
    }
    memory_free(bytes);
    printf("%s %d changes of single bytes\n", failed == 0 ? "ok" : "not ok", MUTATIONS);
    return failed;
}

int run_generated(const struct catalogue *catalogue, const char *good, size_t good_length)
{
    int failed = 0;
    failed += nested(catalogue, 300, "accepted\n");
    failed += nested(catalogue, LIMIT_XML_DEPTH - 1, "accepted\n");
    failed += nested(catalogue, LIMIT_XML_DEPTH, "2:6994: xml-depth\n");
    failed += nested(catalogue, 10000, "2:6994: xml-depth\n");
    failed += attribute(catalogue, LIMIT_ATTRIBUTE_BYTES, "accepted\n");
    failed += attribute(catalogue, LIMIT_ATTRIBUTE_BYTES + 1, "3:3: attribute-size\n");
    failed += attribute(catalogue, 1024 * 1024, "3:3: attribute-size\n");
    failed += too_large(catalogue);
    failed += raw(catalogue, "invalid UTF-8", HEAD "<state id=\"\xC3\x28\"/>" TAIL,
                  sizeof(HEAD "<state id=\"\xC3\x28\"/>" TAIL) - 1, "2:12: utf8\n");
    failed += raw(catalogue, "an overlong form", HEAD "\xE5\x85\xB3\xC0\xAF", sizeof HEAD + 4, "2:2: utf8\n");
    failed += raw(catalogue, "a NUL byte", HEAD "<state\0/>" TAIL, sizeof(HEAD "<state\0/>" TAIL) - 1, "2:7: nul-byte\n");
    failed += raw(catalogue, "UTF-16", "\xFF\xFE<\0s\0", 6, "1:1: encoding\n");
    failed += raw(catalogue, "a byte order mark", "\xEF\xBB\xBF" HEAD "<state oops=\"\"/>" TAIL,
                  sizeof("\xEF\xBB\xBF" HEAD "<state oops=\"\"/>" TAIL) - 1, "2:8: unknown-attribute\n");
    failed += many_errors(catalogue);
    struct buffer lines = {0};
    read_flow(catalogue, "good.scxml", good, good_length, &lines);
    failed += compare("the good file", "accepted\n", &lines) ? 0 : 1;
    buffer_release(&lines);
    failed += truncations(catalogue, good, good_length);
    failed += mutations(catalogue, good, good_length);
    return failed;
}
