/* A clean record of 100,000 entries with checkpoints on the way verifies, in memory that does not grow with it, and tells how far
 * it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/desk.h"

enum { ENTRIES = 100000, CASES = 50, BATCH = 5000 };

struct many {
    struct store *store;
    struct guan *guan;
    struct arena *arena;
    struct ledger_head head;
    struct case_row own, cases[CASES];
    char ids[CASES][16];
    struct note_signer signer;
    struct guan_error error;
};

#define OK(m, call)                                                                                                              \
    if ((call) != GUAN_OK) fail_msg("%s: %s", #call, (m)->error.text)

static void append(struct many *m, struct case_row *kase, const char *kind, const char *key, uint64_t i)
{
    char rec[INSTANT_TEXT];
    struct value *entry = value_map(m->arena);
    instant_format((instant)(INT64_C(1772848920000) + (instant)i * 100), rec);
    value_set_text(m->arena, entry, "kind", kind);
    value_set_text(m->arena, entry, "rec", rec);
    value_set_text(m->arena, entry, "actor", "staff:12");
    value_set_text(m->arena, entry, "key", key);
    value_set_int(m->arena, entry, "count", (int64_t)i);
    OK(m, ledger_append(m->store, &m->head, kase, m->arena, entry, &m->error));
}

static void make_cases(struct many *m)
{
    OK(m, store_begin(m->store, true, &m->error));
    OK(m, store_case(m->store, m->arena, "-", &m->own, &m->error));
    for (size_t i = 0; i < CASES; i++) {
        snprintf(m->ids[i], sizeof m->ids[i], "case-%02u", (unsigned)i);
        m->cases[i] = (struct case_row){.id = m->ids[i], .dealer = "base", .process = "p", .state = "{}", .state_length = 2};
        OK(m, store_case_add(m->store, &m->cases[i], &m->error));
    }
}

static void name_key(struct many *m)
{
    const unsigned char seed[SEED_BYTES] = {3};
    struct buffer key = {0};
    OK(m, note_signer_make("guan.example/many", NOTE_ED25519, seed, &m->signer, &m->error));
    note_key_write(&key, &m->signer.key);
    append(m, &m->own, "key", key.data, 0);
    OK(m, store_info_set(m->store, "key", key.data, &m->error));
    buffer_release(&key);
    struct checkpoint_row row; /* a key that is named is sealed at once */
    OK(m, store_head_save(m->store, &m->head, &m->error));
    OK(m, sealed_make(m->guan, &m->signer, 1, &row, &m->error));
}

/* Saves the rows, seals, begins anew. */
static void batch(struct many *m, bool last)
{
    struct checkpoint_row row;
    for (size_t i = 0; i < CASES; i++) OK(m, store_case_save(m->store, &m->cases[i], &m->error));
    OK(m, store_case_save(m->store, &m->own, &m->error));
    OK(m, store_head_save(m->store, &m->head, &m->error));
    OK(m, sealed_make(m->guan, &m->signer, 1, &row, &m->error));
    OK(m, store_commit(m->store, &m->error));
    arena_reset(m->guan->arena);
    if (!last) OK(m, store_begin(m->store, true, &m->error));
}

static void watch(void *user, uint64_t done, uint64_t all)
{
    uint64_t *last = user;
    assert_true(done >= *last && done <= all && all == ENTRIES);
    *last = done;
}

static int take(void *user, const char *json, size_t length)
{
    struct many *m = user;
    struct value *answer;
    if (json_read(m->arena, json, length, &answer, &m->error)) return 1;
    assert_int_equal(value_get_int(answer, "entries"), ENTRIES);
    assert_int_equal(value_get_int(answer, "cases"), CASES);
    assert_int_equal(value_get_int(answer, "checkpoints"), ENTRIES / BATCH + 1);
    assert_int_equal(value_get_int(answer, "unsealed"), 0);
    return 0;
}

static void a_hundred_thousand_entries_verify(void **state)
{
    static struct many many;
    struct many *m = &many;
    char path[] = "/tmp/guan-many-XXXXXX", file[64], command[64];
    uint64_t done = 0;
    (void)state;
    assert_non_null(mkdtemp(path));
    snprintf(file, sizeof file, "%s/guan.db", path);
    OK(m, store_open_new(file, STORE_VIRTUAL, &m->store, &m->error));
    OK(m, guan_attach(m->store, &m->guan, &m->error));
    m->arena = arena_new();
    make_cases(m);
    name_key(m);
    struct arena *keep = m->arena; /* the rows' texts */
    m->arena = arena_new();
    for (uint64_t i = 1; i < ENTRIES; i++) {
        append(m, &m->cases[i * 7 % CASES], "step", NULL, i);
        if ((i + 1) % BATCH == 0) batch(m, i + 1 == ENTRIES);
        arena_reset(m->arena);
    }
    const struct guan_verify_options options = {.progress = watch, .user = &done};
    const struct guan_sink sink = {take, m};
    OK(m, guan_verify_against(m->guan, &options, &sink, &m->error));
    assert_int_equal(done, ENTRIES);
    assert_true(arena_size(m->guan->arena) < 1 << 20);
    guan_close(m->guan);
    arena_free(m->arena);
    arena_free(keep);
    snprintf(command, sizeof command, "rm -r %s", path);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_hundred_thousand_entries_verify)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
