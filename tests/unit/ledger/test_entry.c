/* The one-pass check of an entry's bytes: it says yes exactly where reading and writing again gives the same bytes. */
#include "ledger/entry.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The slow way. */
static bool same_again(const char *bytes, size_t length)
{
    struct arena *arena = arena_new();
    struct buffer out = {0};
    struct value *value;
    bool same = json_read(arena, bytes, length, &value, NULL) == GUAN_OK && json_write_record(&out, value, NULL) == GUAN_OK &&
                out.length == length && memcmp(out.data, bytes, length) == 0;
    buffer_release(&out);
    arena_free(arena);
    return same;
}

static void agree_n(const char *bytes, size_t length)
{
    bool fast = entry_is_canonical(bytes, length), slow = same_again(bytes, length);
    if (fast != slow) fail_msg("fast %d, slow %d: %.*s", fast, slow, (int)length, bytes);
}

static void each_rule_of_the_form(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool canonical;
    } cases[] = {
        {"{}", true},
        {"[]", true},
        {"", false},
        {" {}", false},
        {"{} ", false},
        {"{}{}", false},
        {"{ }", false},
        {"null", false},
        {"true", true},
        {"tru", false},
        {"false", true},
        {"0", true},
        {"-0", false},
        {"00", false},
        {"01", false},
        {"-1", true},
        {"-", false},
        {"+1", false},
        {"1.0", false},
        {"1e2", false},
        {"9007199254740991", true},
        {"9007199254740992", false},
        {"-9007199254740991", true},
        {"-9007199254740992", false},
        {"99999999999999999999999999", false},
        {"\"\"", true},
        {"\"", false},
        {"\"\\u000a\"", false},
        {"\"\\n\"", true},
        {"\"\\u0001\"", true},
        {"\"\\u001f\"", true},
        {"\"\\u001F\"", false},
        {"\"\\u0020\"", false},
        {"\"\\u00e9\"", false},
        {"\"\xc3\xa9\"", true},
        {"\"\xc3\"", false},
        {"\"\xed\xa0\x80\"", false},
        {"\"\\/\"", false},
        {"\"/\"", true},
        {"\"\x7f\"", true},
        {"\"\\u0000\"", true},
        {"\"\\", false},
        {"\"\\u00", false},
        {"{\"\\u0000\":1}", false},
        {"{\"a\\\\u0000\":1}", true},
        {"{\"a\":1,\"b\":2}", true},
        {"{\"b\":1,\"a\":2}", false},
        {"{\"a\":1,\"a\":2}", false},
        {"{\"a\":1,}", false},
        {"{\"a\"}", false},
        {"{\"a\":}", false},
        {"{a:1}", false},
        {"{\"a\":1", false},
        {"{\"\":1,\"a\":2,\"aa\":3}", true},
        {"{\"aa\":1,\"a\":2}", false},
        {"{\"\\n\":1,\" \":2}", true},
        {"{\" \":1,\"\\n\":2}", false},
        {"{\"\\\"\":1,\"#\":2}", true},
        {"{\"[\":1,\"\\\\\":2,\"]\":3}", true},
        {"{\"\xef\xbf\xbd\":1,\"\xf0\x9f\x98\x80\":2}", false}, /* U+1F600 is D83D DE00, before FFFD */
        {"{\"\xf0\x9f\x98\x80\":1,\"\xef\xbf\xbd\":2}", true},
        {"[1,2]", true},
        {"[1 ,2]", false},
        {"[1,]", false},
        {"[,1]", false},
        {"[[[{\"a\":[]}]]]", true},
        {"{\"a\":null}", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = strlen(cases[i].text);
        if (entry_is_canonical(cases[i].text, length) != cases[i].canonical) fail_msg("%s", cases[i].text);
        agree_n(cases[i].text, length);
    }
}

static void depth_is_bounded(void **state)
{
    (void)state;
    char text[2 * LIMIT_JSON_DEPTH + 2];
    for (size_t depth = LIMIT_JSON_DEPTH - 1; depth <= LIMIT_JSON_DEPTH + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        assert_true(entry_is_canonical(text, 2 * depth) == (depth <= LIMIT_JSON_DEPTH));
        agree_n(text, 2 * depth);
    }
}

/* --- the property, over generated and broken texts ----------------------------------------------------------------------------
 */

static uint64_t seed;

static uint32_t pick(uint32_t n) /* xorshift: the same texts on every machine */
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 33) % n;
}

static void add_text(struct buffer *out)
{
    static const char *const pieces[] = {"a",
                                         "b",
                                         "ab",
                                         "Z",
                                         "_",
                                         "\\n",
                                         "\\\"",
                                         "\\\\",
                                         "\\u0001",
                                         "\\u001f",
                                         "\xc3\xa9",
                                         "\xe7\x8e\x8b",
                                         "\xef\xbf\xbd",
                                         "\xf0\x9f\x98\x80",
                                         "/",
                                         "\x7f",
                                         " ",
                                         "\\u0000"};
    buffer_byte(out, '"');
    for (uint32_t n = pick(4); n; n--) buffer_text(out, pieces[pick(sizeof pieces / sizeof pieces[0])]);
    buffer_byte(out, '"');
}

static void add_value(struct buffer *out, int depth)
{
    static const char *const leaves[] = {"true", "false", "0", "-1", "7", "123456", "9007199254740991", "1.5", "null", "-0"};
    uint32_t kind = pick(depth > 3 ? 2 : 4);
    if (kind == 0) add_text(out);
    if (kind == 1) buffer_text(out, leaves[pick(pick(8) ? 7 : 10)]);
    if (kind < 2) return;
    buffer_byte(out, kind == 2 ? '[' : '{');
    for (uint32_t i = 0, n = pick(4); i < n; i++) {
        if (i) buffer_byte(out, ',');
        if (kind == 3) {
            add_text(out);
            buffer_byte(out, ':');
        }
        add_value(out, depth + 1);
    }
    buffer_byte(out, kind == 2 ? ']' : '}');
}

static void the_fast_check_agrees_with_the_slow_one(void **state)
{
    (void)state;
    seed = 20260307;
    unsigned sound = 0;
    for (int round = 0; round < 4000; round++) {
        struct arena *arena = arena_new();
        struct buffer text = {0}, again = {0};
        struct value *value;
        add_value(&text, 0);
        agree_n(text.data, text.length);
        /* Its canonical form, if it has one, and that form with one byte wrong. */
        if (json_read(arena, text.data, text.length, &value, NULL) == GUAN_OK &&
            json_write_record(&again, value, NULL) == GUAN_OK) {
            assert_true(entry_is_canonical(again.data, again.length));
            sound++;
            for (int i = 0; i < 8; i++) {
                size_t at = pick((uint32_t)again.length);
                char old = again.data[at];
                again.data[at] = (char)(pick(2) ? old ^ (1 << pick(8)) : "\"\\{}[],:0 \0u"[pick(12)]);
                agree_n(again.data, again.length);
                again.data[at] = old;
            }
            agree_n(again.data, pick((uint32_t)again.length));
        }
        buffer_release(&again);
        buffer_release(&text);
        arena_free(arena);
    }
    assert_true(sound > 1000);
}

/* --- what every entry has ------------------------------------------------------------------------------------------ */

#define REC   "\"rec\":\"2026-03-07T02:02:00.000Z\""
#define HEX   "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void what_an_entry_needs(void **state)
{
    (void)state;
    static const char *const sound[] = {
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1," REC ",\"v\":1}",
        "{\"case\":\"-\",\"kind\":\"never heard of\",\"n\":7,\"prev\":\"" HEX "\"," REC ",\"sd\":[],\"v\":1}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1," REC ",\"sd\":[\"" HEX "\",\"" OTHER "\"],\"v\":1}",
    };
    static const char *const wrong[] = {
        "[]",
        "1",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1," REC "}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1," REC ",\"v\":2}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":0," REC ",\"v\":1}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":\"1\"," REC ",\"v\":1}",
        "{\"case\":\"\",\"kind\":\"open\",\"n\":1," REC ",\"v\":1}",
        "{\"kind\":\"open\",\"n\":1," REC ",\"v\":1}",
        "{\"case\":\"c\",\"n\":1," REC ",\"v\":1}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1,\"v\":1}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1,\"rec\":\"2026-03-07T02:02:00Z\",\"v\":1}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1,\"rec\":\"2026-13-07T02:02:00.000Z\",\"v\":1}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1,\"prev\":\"12\"," REC ",\"v\":1}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1," REC ",\"sd\":[\"" OTHER "\",\"" HEX "\"],\"v\":1}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1," REC ",\"sd\":[\"" HEX "\",\"" HEX "\"],\"v\":1}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1," REC ",\"sd\":[\"" HEX "0\"],\"v\":1}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1," REC ",\"sd\":[1],\"v\":1}",
        "{\"case\":\"c\",\"kind\":\"open\",\"n\":1," REC ",\"sd\":[[\"" HEX "\"]],\"v\":1}",
    };
    struct entry_view view;
    for (size_t i = 0; i < sizeof sound / sizeof sound[0]; i++) assert_null(entry_scan(sound[i], strlen(sound[i]), &view));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (!entry_scan(wrong[i], strlen(wrong[i]), &view)) fail_msg("%s", wrong[i]);
}

static bool is(struct slice slice, const char *text)
{
    return slice.at && slice.length == strlen(text) && memcmp(slice.at, text, slice.length) == 0;
}

static void only_the_entrys_own_members_count(void **state)
{
    (void)state;
    static const char text[] = "{\"case\":\"c\",\"form\":{\"case\":\"no\",\"n\":9,\"sd\":[\"x\"]},\"kind\":\"step\",\"n\":2,"
                               "\"prev\":\"" HEX "\"," REC ",\"sd\":[\"" HEX "\",\"" OTHER "\"],\"v\":1}";
    struct entry_view view;
    assert_null(entry_scan(text, sizeof text - 1, &view));
    assert_true(is(view.kase, "c") && is(view.kind, "step") && is(view.prev, HEX) && is(view.rec, "2026-03-07T02:02:00.000Z"));
    assert_true(view.n == 2 && view.v == 1);
    struct hash one, two, none;
    char hex[HASH_HEX];
    assert_true(entry_next_digest(&view.sd, &one) && entry_next_digest(&view.sd, &two) && !entry_next_digest(&view.sd, &none));
    hash_hex(&two, hex);
    assert_string_equal(hex, OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_of_the_form),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(the_fast_check_agrees_with_the_slow_one),
        cmocka_unit_test(what_an_entry_needs),
        cmocka_unit_test(only_the_entrys_own_members_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
