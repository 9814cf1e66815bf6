/* A small journal to look at and to spoil: three cases and the ledger's own, their entries interleaved, with personal values. */
#ifndef TESTS_LEDGER_JOURNAL_H
#define TESTS_LEDGER_JOURNAL_H

#include "ledger/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, GUAN_OK)

struct journal {
    struct store *store;
    struct arena *arena;
    struct ledger_head head;
    struct case_row cases[4]; /* "-", a, b, e */
    struct guan_error error;
};

enum { OWN, A, B, E };

/* `minute` of 2026-03-07. */
static inline struct value *an_entry(struct arena *arena, const char *kind, int minute)
{
    struct value *entry = value_map(arena);
    value_set_text(arena, entry, "kind", kind);
    value_set(arena, entry, "rec", value_printf(arena, "2026-03-07T02:%02d:00.%03dZ", minute, minute));
    value_set(arena, entry, "at", value_printf(arena, "2026-03-07T02:%02d:00.000Z", minute));
    value_set_text(arena, entry, "actor", "staff:12");
    value_set_text(arena, entry, "cause", "01HV-5Z");
    return entry;
}

static inline void add_personal(struct journal *j, const char *kase, struct value *entry)
{
    unsigned char salt[16] = {0};
    memcpy(salt, &j->head.size, sizeof j->head.size);
    struct hash digest;
    char hex[HASH_HEX];
    const char *text;
    OK(personal_disclose(j->arena, salt, "form.note", value_text(j->arena, "王磊 came early"), &digest, &text, &j->error));
    OK(store_disclosure_put(j->store, kase, &digest, text, &j->error));
    hash_hex(&digest, hex);
    struct value *sd = value_list(j->arena);
    value_add(j->arena, sd, value_text(j->arena, hex));
    value_set(j->arena, entry, "sd", sd);
}

static inline void append(struct journal *j, int which, struct value *entry)
{
    OK(ledger_append(j->store, &j->head, &j->cases[which], j->arena, entry, &j->error));
}

static inline void append_kind(struct journal *j, int which, const char *kind, int minute)
{
    append(j, which, an_entry(j->arena, kind, minute));
}

static inline void append_personal(struct journal *j, int which, const char *kind, int minute)
{
    struct value *entry = an_entry(j->arena, kind, minute);
    add_personal(j, j->cases[which].id, entry);
    append(j, which, entry);
}

static inline void save(struct journal *j, size_t count)
{
    for (size_t i = 0; i < count; i++) OK(store_case_save(j->store, &j->cases[i], &j->error));
    OK(store_head_save(j->store, &j->head, &j->error));
    OK(store_commit(j->store, &j->error));
}

/* An open store with its cases and no entry; the transaction is left open. */
static inline void journal_begin(struct journal *j, const char *path)
{
    static const char *const ids[] = {"-", "a-260307-1", "b-260307-2", "e-260307-3"};
    *j = (struct journal){.arena = arena_new()};
    OK(store_open_new(path, STORE_VIRTUAL, &j->store, &j->error));
    OK(store_begin(j->store, true, &j->error));
    OK(store_case(j->store, j->arena, "-", &j->cases[0], &j->error));
    for (int i = A; i <= E; i++) {
        j->cases[i] = (struct case_row){.id = ids[i], .dealer = "base", .process = "journey", .state = "{}", .state_length = 2};
        OK(store_case_add(j->store, &j->cases[i], &j->error));
    }
}

/* 13 entries:  0 -   1 a   2 a   3 b   4 a   5 e   6 e   7 b   8 e   9 e(erase)   10 a   11 b   12 -  */
static inline void journal_make(struct journal *j, const char *path)
{
    journal_begin(j, path);
    append_kind(j, OWN, "publish", 0);
    append_personal(j, A, "open", 1);
    append_kind(j, A, "transition", 1);
    append_personal(j, B, "open", 2);
    append_kind(j, A, "step", 3);
    append_personal(j, E, "open", 4);
    append_personal(j, E, "step", 5);
    append_kind(j, B, "step", 6);
    append_kind(j, E, "step", 7);
    append_kind(j, E, "erase", 8);
    append_personal(j, A, "step", 9);
    append_kind(j, B, "step", 10);
    append_kind(j, OWN, "tick", 11);
    OK(store_erase(j->store, j->cases[E].id, &j->error));
    save(j, 4);
}

static void journal_end(struct journal *j)
{
    store_close(j->store);
    arena_free(j->arena);
}

#endif
