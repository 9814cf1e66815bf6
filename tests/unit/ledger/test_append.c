/* Writing entries, reading a case's back, and personal values. */
#include "journal.h"

#include "base/limits.h"

#include <stdlib.h>

struct entries {
    char kinds[200];
    uint64_t last_n;
    int stop_after;
};

static int each_entry(void *user, const struct entry_row *row, const struct value *entry)
{
    struct entries *entries = user;
    assert_true(row->length > 0);
    assert_true((uint64_t)value_get_int(entry, "n") == ++entries->last_n);
    snprintf(entries->kinds + strlen(entries->kinds), sizeof entries->kinds - strlen(entries->kinds), "%d%s ", (int)row->index,
             value_get_text(entry, "kind"));
    return entries->stop_after && --entries->stop_after == 0 ? 42 : 0;
}

static void entries_form_a_chain(void **state)
{
    (void)state;
    struct journal j;
    journal_begin(&j, ":memory:");
    append_kind(&j, A, "open", 1);
    append_kind(&j, B, "open", 2);
    struct value *entry = an_entry(j.arena, "step", 3);
    value_set_text(j.arena, entry, "prev", "to be replaced");
    append(&j, A, entry);
    struct entry_row first, second;
    OK(store_entry(j.store, j.arena, 0, &first, &j.error));
    OK(store_entry(j.store, j.arena, 2, &second, &j.error));
    assert_true(first.back == UINT64_MAX && second.back == 0);
    struct hash leaf;
    char hex[HASH_HEX], expected[600];
    merkle_leaf(first.bytes, first.length, &leaf);
    assert_true(hash_equal(&leaf, &first.leaf));
    assert_string_equal(first.bytes,
                        "{\"actor\":\"staff:12\",\"at\":\"2026-03-07T02:01:00.000Z\",\"case\":\"a-260307-1\","
                        "\"cause\":\"01HV-5Z\",\"kind\":\"open\",\"n\":1,\"rec\":\"2026-03-07T02:01:00.001Z\",\"v\":1}");
    hash_hex(&leaf, hex);
    snprintf(expected, sizeof expected,
             "{\"actor\":\"staff:12\",\"at\":\"2026-03-07T02:03:00.000Z\",\"case\":\"a-260307-1\",\"cause\":\"01HV-5Z\","
             "\"kind\":\"step\",\"n\":2,\"prev\":\"%s\",\"rec\":\"2026-03-07T02:03:00.003Z\",\"v\":1}",
             hex);
    assert_string_equal(second.bytes, expected);
    assert_true(j.head.size == 3 && j.cases[A].n == 2 && j.cases[A].last == 2 && hash_equal(&j.cases[A].head, &second.leaf));
    char rec[INSTANT_TEXT];
    instant_format(j.cases[A].rec, rec);
    assert_string_equal(rec, "2026-03-07T02:03:00.003Z");
    journal_end(&j);
}

static void a_cases_entries_come_in_order(void **state)
{
    (void)state;
    struct journal j;
    journal_make(&j, ":memory:");
    OK(store_begin(j.store, false, &j.error));
    struct entries entries = {0};
    OK(ledger_case_each(j.store, &j.cases[A], j.arena, each_entry, &entries, &j.error));
    assert_string_equal(entries.kinds, "1open 2transition 4step 10step ");
    entries = (struct entries){.stop_after = 2};
    assert_int_equal(ledger_case_each(j.store, &j.cases[E], j.arena, each_entry, &entries, &j.error), 42);
    assert_string_equal(entries.kinds, "5open 6step ");
    struct case_row none = {.id = "x", .last = UINT64_MAX};
    OK(ledger_case_each(j.store, &none, j.arena, each_entry, NULL, &j.error));
    journal_end(&j);
}

static void a_broken_chain_is_not_read_past(void **state)
{
    (void)state;
    struct journal j;
    journal_make(&j, ":memory:");
    OK(store_begin(j.store, false, &j.error));
    struct case_row wrong = j.cases[A];
    struct entries entries = {0};
    wrong.n = 5;
    assert_int_equal(ledger_case_each(j.store, &wrong, j.arena, each_entry, &entries, &j.error), GUAN_TAMPERED);
    wrong.n = 3;
    assert_int_equal(ledger_case_each(j.store, &wrong, j.arena, each_entry, &entries, &j.error), GUAN_TAMPERED);
    wrong.n = 4;
    wrong.last = 99;
    assert_int_equal(ledger_case_each(j.store, &wrong, j.arena, each_entry, &entries, &j.error), GUAN_TAMPERED);
    wrong = j.cases[E];
    wrong.id = j.cases[A].id;
    assert_int_equal(ledger_case_each(j.store, &wrong, j.arena, each_entry, &entries, &j.error), GUAN_TAMPERED);
    assert_string_equal(j.error.rule, "ledger");
    assert_string_equal(entries.kinds, "");
    wrong = j.cases[A];
    wrong.head.bytes[0] ^= 1; /* the last entry's bytes are not those that the row was written for */
    assert_int_equal(ledger_case_each(j.store, &wrong, j.arena, each_entry, &entries, &j.error), GUAN_TAMPERED);
    assert_non_null(strstr(j.error.text, "was changed"));
    journal_end(&j);
}

static void a_chain_that_bites_its_tail_ends(void **state)
{
    (void)state;
    struct journal j;
    journal_begin(&j, ":memory:");
    const struct entry_row row = {.index = 0, .back = 0, .bytes = "{}", .length = 2};
    OK(store_entry_add(j.store, &row, &j.error));
    struct case_row endless = {.id = "x", .n = UINT64_C(1) << 60, .last = 0};
    assert_int_equal(ledger_case_each(j.store, &endless, j.arena, each_entry, NULL, &j.error), GUAN_TAMPERED);
    journal_end(&j);
}

/* Refused, and neither the ledger nor the case has moved. */
static void refused(struct journal *j, struct value *entry, int code, const char *rule)
{
    struct ledger_head head = j->head;
    struct case_row kase = j->cases[A];
    error_clear(&j->error);
    assert_int_equal(ledger_append(j->store, &j->head, &j->cases[A], j->arena, entry, &j->error), code);
    assert_string_equal(j->error.rule, rule);
    assert_memory_equal(&head, &j->head, sizeof head);
    assert_memory_equal(&kase, &j->cases[A], sizeof kase);
}

static void what_the_record_cannot_hold_is_refused(void **state)
{
    (void)state;
    struct journal j;
    journal_begin(&j, ":memory:");
    append_kind(&j, A, "open", 5);
    struct value *entry = an_entry(j.arena, "step", 5);
    value_set(j.arena, entry, "form", value_real(j.arena, 1.5));
    refused(&j, entry, GUAN_NO, "record-value");
    value_set(j.arena, entry, "form", value_null(j.arena));
    refused(&j, entry, GUAN_NO, "record-value");
    value_set_int(j.arena, entry, "form", INT64_C(1) << 53);
    refused(&j, entry, GUAN_NO, "record-value");
    refused(&j, an_entry(j.arena, "step", 4), GUAN_NO, "record-time");
    entry = an_entry(j.arena, "step", 6);
    value_set_text(j.arena, entry, "rec", "2026-03-07T02:06:00Z");
    refused(&j, entry, GUAN_FAILED, "entry");
    entry = an_entry(j.arena, "step", 6);
    value_remove(entry, "kind");
    refused(&j, entry, GUAN_FAILED, "entry");
    entry = an_entry(j.arena, "step", 6);
    value_set(j.arena, entry, "sd", value_list(j.arena));
    value_add(j.arena, value_get(entry, "sd"), value_text(j.arena, "no digest"));
    refused(&j, entry, GUAN_FAILED, "entry");
    append_kind(&j, A, "step", 5); /* the same moment is fine */
    static const char *const ids[] = {
        "", "with blank", "quote\"", "back\\slash", "王", "0123456789012345678901234567890123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        j.cases[A].id = ids[i];
        refused(&j, an_entry(j.arena, "step", 6), GUAN_USAGE, "case-id");
    }
    journal_end(&j);
}

static void an_entry_has_a_largest_size(void **state)
{
    (void)state;
    struct journal j;
    journal_begin(&j, ":memory:");
    append_kind(&j, A, "open", 1);
    struct entry_row row;
    OK(store_entry(j.store, j.arena, 0, &row, &j.error));
    append_kind(&j, A, "step", 2);
    OK(store_entry(j.store, j.arena, 1, &row, &j.error));
    size_t room = LIMIT_ENTRY_BYTES - row.length - strlen("\"text\":\"\",");
    char *text = calloc(1, room + 2);
    memset(text, 'x', room + 1);
    struct value *entry = an_entry(j.arena, "step", 3);
    value_set_text(j.arena, entry, "text", text);
    refused(&j, entry, GUAN_NO, "entry-too-large");
    text[room] = '\0';
    entry = an_entry(j.arena, "step", 3);
    value_set_text(j.arena, entry, "text", text);
    append(&j, A, entry);
    OK(store_entry(j.store, j.arena, 2, &row, &j.error));
    assert_int_equal(row.length, LIMIT_ENTRY_BYTES);
    free(text);
    journal_end(&j);
}

static void without_memory_nothing_is_appended(void **state)
{
    (void)state;
    struct journal j;
    journal_begin(&j, ":memory:");
    append_kind(&j, A, "open", 1);
    int code = GUAN_FAILED;
    uint64_t n = 1;
    for (; code; n++) {
        struct ledger_head head = j.head;
        struct arena *arena = arena_new();
        struct value *entry = an_entry(arena, "step", 5);
        memory_fail_after(n);
        code = ledger_append(j.store, &j.head, &j.cases[A], arena, entry, &j.error);
        memory_fail_after(0);
        arena_free(arena);
        if (!code) break;
        assert_string_equal(j.error.rule, "memory");
        assert_memory_equal(&head, &j.head, sizeof head);
        assert_true(j.cases[A].n == 1);
    }
    assert_true(n > 1);
    journal_end(&j);
}

/* --- personal values -----------------------------------------------------------------------------------------------------------
 */

static void a_disclosure_is_salted_canonical_json(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct guan_error error;
    unsigned char salt[16];
    for (unsigned char i = 0; i < 16; i++) salt[i] = i;
    struct hash digest;
    const char *text;
    char hex[HASH_HEX];
    OK(personal_disclose(arena, salt, "form.note", value_text(arena, "王磊\n"), &digest, &text, &error));
    /* base64url of ["AAECAwQFBgcICQoLDA0ODw","form.note","王磊\n"] with the line end as JSON escapes it */
    assert_string_equal(text, "WyJBQUVDQXdRRkJnY0lDUW9MREEwT0R3IiwiZm9ybS5ub3RlIiwi546L56OKXG4iXQ");
    hash_hex(&digest, hex);
    assert_string_equal(hex, "f5c1869cbfcd3dd6cc25ff6e4391e4a7e91e24db867c2cd23da9939749cfe111");
    salt[15]++;
    struct hash other;
    OK(personal_disclose(arena, salt, "form.note", value_text(arena, "王磊\n"), &other, &text, &error));
    assert_false(hash_equal(&digest, &other));
    assert_int_equal(personal_disclose(arena, salt, "x", value_real(arena, 0.5), &other, &text, &error), GUAN_NO);
    assert_string_equal(error.rule, "record-value");
    arena_free(arena);
}

/* RFC 9901, 4.2.3: the digest is over the text in base64url as it stands. */
static void the_digest_is_that_of_the_standard(void **state)
{
    (void)state;
    static const char published[] = "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
    struct hash digest;
    struct buffer text = {0};
    hash_bytes(published, sizeof published - 1, &digest);
    base64url_add(&text, digest.bytes, HASH_BYTES);
    assert_string_equal(text.data, "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY");
    buffer_release(&text);
}

static void equal_values_are_equal_tokens(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct guan_error error;
    struct hash secret, other;
    for (unsigned char i = 0; i < HASH_BYTES; i++) secret.bytes[i] = i;
    const char *token, *again;
    OK(personal_token(arena, &secret, value_text(arena, "王磊"), &token, &error));
    assert_string_equal(token, "~MXe4zpCsuzb_JTXz");
    struct value *map = value_map(arena), *list = value_list(arena);
    value_add(arena, list, value_bool(arena, true));
    value_set(arena, map, "b", list);
    value_set_int(arena, map, "a", 1);
    OK(personal_token(arena, &secret, map, &again, &error));
    assert_string_equal(again, "~2pEROxPeM_zTEBog");
    other = secret;
    other.bytes[0] ^= 1;
    OK(personal_token(arena, &other, value_text(arena, "王磊"), &again, &error));
    assert_string_not_equal(token, again);
    assert_int_equal(personal_token(arena, &secret, value_null(arena), &again, &error), GUAN_NO);
    arena_free(arena);
}

static void personal_values_without_memory(void **state)
{
    (void)state;
    struct hash secret = {{1}}, digest;
    unsigned char salt[16] = {0};
    struct guan_error error;
    const char *text;
    int code = GUAN_FAILED;
    for (uint64_t n = 1; code; n++) {
        struct arena *arena = arena_new();
        struct value *value = value_text(arena, "王磊");
        memory_fail_after(n);
        code = personal_disclose(arena, salt, "form.note", value, &digest, &text, &error);
        if (!code) code = personal_token(arena, &secret, value, &text, &error);
        memory_fail_after(0);
        if (code) assert_string_equal(error.rule, "memory");
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_form_a_chain),
        cmocka_unit_test(a_cases_entries_come_in_order),
        cmocka_unit_test(a_broken_chain_is_not_read_past),
        cmocka_unit_test(a_chain_that_bites_its_tail_ends),
        cmocka_unit_test(what_the_record_cannot_hold_is_refused),
        cmocka_unit_test(an_entry_has_a_largest_size),
        cmocka_unit_test(without_memory_nothing_is_appended),
        cmocka_unit_test(a_disclosure_is_salted_canonical_json),
        cmocka_unit_test(the_digest_is_that_of_the_standard),
        cmocka_unit_test(equal_values_are_equal_tokens),
        cmocka_unit_test(personal_values_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
