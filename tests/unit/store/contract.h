/* What every store has to do, through store.h alone. A driver's test includes this, says how its stores are made and opened
 * again, and runs contract_tests. */
#ifndef TESTS_STORE_CONTRACT_H
#define TESTS_STORE_CONTRACT_H

#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct {
    int (*make)(unsigned flags, struct store **out, struct guan_error *error);
    int (*again)(struct store **store,
                 struct guan_error *error); /* closes and opens; NULL: the store does not outlive its handle */
} contract;

/* One test: its store, and an arena. */
struct fixture {
    struct store *store;
    struct arena *arena;
    struct guan_error error;
};

static int fixture_set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.arena = arena_new()};
    *state = &fixture;
    return contract.make(0, &fixture.store, &fixture.error);
}

static int fixture_tear_down(void **state)
{
    struct fixture *f = *state;
    store_close(f->store);
    arena_free(f->arena);
    return 0;
}

#define OK(call)  assert_int_equal(call, GUAN_OK)
#define BEGIN(f)  OK(store_begin((f)->store, true, &(f)->error))
#define COMMIT(f) OK(store_commit((f)->store, &(f)->error))
#define REFUSED(f, call, expected, name)                                                                                         \
    do {                                                                                                                         \
        error_clear(&(f)->error);                                                                                                \
        assert_int_equal(call, expected);                                                                                        \
        assert_string_equal((f)->error.rule, name);                                                                              \
        assert_int_equal((f)->error.code, expected);                                                                             \
    } while (0)

static struct hash hash_of(const char *text)
{
    struct hash hash;
    hash_bytes(text, strlen(text), &hash);
    return hash;
}

static struct case_row a_case(const char *id)
{
    return (struct case_row){.id = id,
                             .dealer = "base",
                             .process = "journey",
                             .def = hash_of("def"),
                             .n = 3,
                             .last = 41,
                             .head = hash_of(id),
                             .rec = INT64_C(1772852520123),
                             .state = "{\"a\":1}",
                             .state_length = 7};
}

static void assert_case(const struct case_row *a, const struct case_row *b)
{
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->dealer, b->dealer);
    assert_string_equal(a->process, b->process);
    assert_true(hash_equal(&a->def, &b->def));
    assert_true(hash_equal(&a->key, &b->key));
    assert_true(hash_equal(&a->head, &b->head));
    assert_true(a->n == b->n && a->last == b->last && a->rec == b->rec && a->ended == b->ended);
    assert_int_equal(a->state_length, b->state_length);
    assert_memory_equal(a->state, b->state, a->state_length);
}

static void add_case(struct fixture *f, const char *id)
{
    struct case_row row = a_case(id);
    OK(store_case_add(f->store, &row, &f->error));
}

/* --- the store itself ---------------------------------------------------------------------------------------------- */

static void begins_with_its_own_case_secret_and_an_empty_ledger(void **state)
{
    struct fixture *f = *state;
    const char *secret, *none;
    OK(store_info(f->store, f->arena, "secret", &secret, &f->error)); /* outside a transaction is allowed */
    assert_non_null(secret);
    struct hash hash;
    assert_true(hash_from_hex(secret, &hash));
    OK(store_info(f->store, f->arena, "origin", &none, &f->error));
    assert_null(none);
    BEGIN(f);
    struct case_row own;
    OK(store_case(f->store, f->arena, "-", &own, &f->error));
    assert_true(own.n == 0 && own.last == UINT64_MAX);
    struct ledger_head head;
    OK(store_head(f->store, &head, &f->error));
    assert_true(head.size == 0);
    COMMIT(f);
}

static void keeps_its_flags(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(store_flags(f->store), 0);
    store_close(f->store);
    OK(contract.make(STORE_VIRTUAL | STORE_CLAIMED, &f->store, &f->error));
    assert_int_equal(store_flags(f->store), STORE_VIRTUAL | STORE_CLAIMED);
    if (!contract.again) return;
    OK(contract.again(&f->store, &f->error));
    assert_int_equal(store_flags(f->store), STORE_VIRTUAL | STORE_CLAIMED);
}

static void two_stores_have_two_secrets(void **state)
{
    struct fixture *f = *state;
    const char *first, *second;
    OK(store_info(f->store, f->arena, "secret", &first, &f->error));
    store_close(f->store);
    OK(contract.make(0, &f->store, &f->error));
    OK(store_info(f->store, f->arena, "secret", &second, &f->error));
    assert_string_not_equal(first, second);
}

static void works_in_transactions_only(void **state)
{
    struct fixture *f = *state;
    struct case_row row = a_case("a");
    REFUSED(f, store_case_add(f->store, &row, &f->error), GUAN_FAILED, "store-transaction");
    REFUSED(f, store_case(f->store, f->arena, "-", &row, &f->error), GUAN_FAILED, "store-transaction");
    REFUSED(f, store_info_set(f->store, "k", "v", &f->error), GUAN_FAILED, "store-transaction");
    REFUSED(f, store_commit(f->store, &f->error), GUAN_FAILED, "store-transaction");
    store_rollback(f->store); /* nothing to do is fine */
    OK(store_begin(f->store, false, &f->error));
    REFUSED(f, store_begin(f->store, false, &f->error), GUAN_FAILED, "store-transaction");
    row = a_case("a");
    REFUSED(f, store_case_add(f->store, &row, &f->error), GUAN_FAILED, "store-transaction");
    REFUSED(f, store_erase(f->store, "a", &f->error), GUAN_FAILED, "store-transaction");
    OK(store_case(f->store, f->arena, "-", &row, &f->error));
    COMMIT(f);
    BEGIN(f);
    add_case(f, "a");
    COMMIT(f);
}

/* One of everything, for case "c". */
static void write_all(struct fixture *f)
{
    add_case(f, "c");
    const struct session_row session = {
        .id = "journey#1", .process = "journey", .snapshot = "{}", .snapshot_length = 2, .facts = "{}", .facts_length = 2};
    const struct timer_row timer = {.session = "journey#1", .name = "deadline:confirm", .instance = "", .due = 5, .body = "{}"};
    const struct entry_row entry = {.index = 0, .back = UINT64_MAX, .leaf = hash_of("leaf"), .bytes = "{}", .length = 2};
    struct ledger_head head = {.size = 1};
    head.frontier[0] = hash_of("leaf");
    const struct name_row name = {.id = "party:1", .name = "王磊", .role = "customer"};
    const struct hash hash = hash_of("blob"), digest = hash_of("digest");
    OK(store_info_set(f->store, "origin", "guan.example/x", &f->error));
    OK(store_blob_put(f->store, &hash, "blob", 4, &f->error));
    OK(store_session_save(f->store, "c", 1, &session, &f->error));
    OK(store_timer_set(f->store, "c", &timer, &f->error));
    OK(store_entry_add(f->store, &entry, &f->error));
    OK(store_head_save(f->store, &head, &f->error));
    OK(store_secret_put(f->store, "c", &digest, &f->error));
    OK(store_disclosure_put(f->store, "c", &digest, "WyJh", &f->error));
    OK(store_name_put(f->store, "c", &name, &f->error));
    OK(store_command_put(f->store, "cmd", "{}", 2, &f->error));
}

/* How much of write_all is there: 0 or 10, everything else is a half. */
static int count_all(struct fixture *f)
{
    int found = 0;
    size_t count, length;
    const char *text;
    struct case_row row;
    struct session_row *sessions;
    struct timer_row *timers;
    struct name_row *names;
    struct entry_row entry;
    struct ledger_head head;
    struct hash secret;
    const struct hash hash = hash_of("blob"), digest = hash_of("digest");
    OK(store_begin(f->store, false, &f->error));
    found += store_case(f->store, f->arena, "c", &row, NULL) == GUAN_OK;
    OK(store_info(f->store, f->arena, "origin", &text, &f->error));
    found += text != NULL;
    found += store_blob(f->store, f->arena, &hash, &text, &length, NULL) == GUAN_OK;
    OK(store_sessions(f->store, f->arena, "c", &sessions, &count, &f->error));
    found += count == 1;
    OK(store_timers(f->store, f->arena, "c", &timers, &count, &f->error));
    found += count == 1;
    found += store_entry(f->store, f->arena, 0, &entry, NULL) == GUAN_OK;
    OK(store_head(f->store, &head, &f->error));
    found += head.size == 1;
    found += store_secret(f->store, "c", &secret, NULL) == GUAN_OK;
    OK(store_disclosure(f->store, f->arena, "c", &digest, &text, &f->error));
    found += text != NULL;
    OK(store_names(f->store, f->arena, "c", &names, &count, &f->error));
    found += count == 1;
    OK(store_command_seen(f->store, f->arena, "cmd", &text, &length, &f->error));
    found += text != NULL;
    COMMIT(f);
    return found;
}

enum { ALL = 11 };

static void a_rollback_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    BEGIN(f);
    write_all(f);
    store_rollback(f->store);
    assert_int_equal(count_all(f), 0);
    BEGIN(f);
    write_all(f);
    COMMIT(f);
    assert_int_equal(count_all(f), ALL);
}

static void closing_without_commit_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    if (!contract.again) skip();
    BEGIN(f);
    write_all(f);
    OK(contract.again(&f->store, &f->error));
    assert_int_equal(count_all(f), 0);
}

static void what_is_committed_is_there_again(void **state)
{
    struct fixture *f = *state;
    if (!contract.again) skip();
    BEGIN(f);
    write_all(f);
    COMMIT(f);
    OK(contract.again(&f->store, &f->error));
    assert_int_equal(count_all(f), ALL);
}

static void nothing_hangs_on_a_case_that_is_not_there(void **state)
{
    struct fixture *f = *state;
    const struct timer_row timer = {.session = "s", .name = "n", .instance = "", .due = 5};
    BEGIN(f);
    OK(store_timer_set(f->store, "nobody", &timer, &f->error)); /* the case may come later in the transaction */
    error_clear(&f->error);
    assert_int_equal(store_commit(f->store, &f->error), GUAN_FAILED);
    BEGIN(f);
    instant due;
    OK(store_next_due(f->store, &due, &f->error));
    assert_true(due == INSTANT_NONE);
    OK(store_timer_set(f->store, "late", &timer, &f->error));
    OK(store_next_due(f->store, &due, &f->error));
    add_case(f, "late");
    OK(store_next_due(f->store, &due, &f->error));
    assert_true(due == 5);
    COMMIT(f);
}

/* --- small facts, bytes, commands ---------------------------------------------------------------------------------- */

static void info_is_replaced(void **state)
{
    struct fixture *f = *state;
    const char *value;
    BEGIN(f);
    OK(store_info_set(f->store, "def", "one", &f->error));
    OK(store_info_set(f->store, "def", "二", &f->error));
    OK(store_info(f->store, f->arena, "def", &value, &f->error));
    assert_string_equal(value, "二");
    COMMIT(f);
}

static void blobs_are_found_by_their_hash(void **state)
{
    struct fixture *f = *state;
    static const char bytes[] = "a\0b\xff";
    struct hash hash, empty, other = hash_of("something else");
    hash_bytes(bytes, 4, &hash);
    hash_bytes("", 0, &empty);
    const char *found;
    size_t length;
    BEGIN(f);
    OK(store_blob_put(f->store, &hash, bytes, 4, &f->error));
    OK(store_blob_put(f->store, &hash, bytes, 4, &f->error));
    OK(store_blob_put(f->store, &empty, NULL, 0, &f->error));
    OK(store_blob_put(f->store, &other, "not what it should be", 21, &f->error));
    COMMIT(f);
    OK(store_blob(f->store, f->arena, &hash, &found, &length, &f->error));
    assert_int_equal(length, 4);
    assert_memory_equal(found, bytes, 4);
    OK(store_blob(f->store, f->arena, &empty, &found, &length, &f->error));
    assert_int_equal(length, 0);
    REFUSED(f, store_blob(f->store, f->arena, &other, &found, &length, &f->error), GUAN_TAMPERED, "store-corrupt");
    other = hash_of("never put");
    REFUSED(f, store_blob(f->store, f->arena, &other, &found, &length, &f->error), GUAN_USAGE, "no-such-blob");
}

static void a_large_blob_comes_back_whole(void **state)
{
    struct fixture *f = *state;
    size_t size = 5u << 20, length;
    char *bytes = test_malloc(size);
    for (size_t i = 0; i < size; i++) bytes[i] = (char)(i * 31 >> 3);
    struct hash hash;
    hash_bytes(bytes, size, &hash);
    const char *found;
    BEGIN(f);
    OK(store_blob_put(f->store, &hash, bytes, size, &f->error));
    COMMIT(f);
    OK(store_blob(f->store, f->arena, &hash, &found, &length, &f->error));
    assert_int_equal(length, size);
    assert_memory_equal(found, bytes, size);
    test_free(bytes);
}

static void a_command_is_answered_once(void **state)
{
    struct fixture *f = *state;
    const char *answer;
    size_t length;
    BEGIN(f);
    OK(store_command_seen(f->store, f->arena, "x1", &answer, &length, &f->error));
    assert_null(answer);
    OK(store_command_put(f->store, "x1", "{\"ok\":true}", 11, &f->error));
    OK(store_command_seen(f->store, f->arena, "x1", &answer, &length, &f->error));
    assert_int_equal(length, 11);
    assert_memory_equal(answer, "{\"ok\":true}", 11);
    assert_int_equal(store_command_put(f->store, "x1", "{}", 2, &f->error), GUAN_FAILED);
    store_rollback(f->store);
}

/* --- cases --------------------------------------------------------------------------------------------------------- */

static void a_case_is_kept_and_changed(void **state)
{
    struct fixture *f = *state;
    struct case_row row = a_case("c1"), found;
    row.key = hash_of("key");
    BEGIN(f);
    OK(store_case_add(f->store, &row, &f->error));
    OK(store_case(f->store, f->arena, "c1", &found, &f->error));
    assert_case(&row, &found);
    REFUSED(f, store_case_add(f->store, &row, &f->error), GUAN_USAGE, "case-exists");
    row.def = hash_of("another");
    row.n = 4;
    row.last = UINT64_MAX;
    row.head = hash_of("h");
    row.rec = -5;
    row.ended = true;
    row.state = "{}";
    row.state_length = 2;
    OK(store_case_save(f->store, &row, &f->error));
    OK(store_case(f->store, f->arena, "c1", &found, &f->error));
    assert_case(&row, &found);
    row.id = "c2";
    REFUSED(f, store_case_save(f->store, &row, &f->error), GUAN_USAGE, "no-such-case");
    REFUSED(f, store_case(f->store, f->arena, "c2", &found, &f->error), GUAN_USAGE, "no-such-case");
    COMMIT(f);
}

static void a_long_state_is_kept(void **state)
{
    struct fixture *f = *state;
    size_t size = 1u << 20;
    char *text = test_malloc(size);
    memset(text, 'x', size);
    struct case_row row = a_case("long"), found;
    row.state = text;
    row.state_length = size;
    BEGIN(f);
    OK(store_case_add(f->store, &row, &f->error));
    OK(store_case(f->store, f->arena, "long", &found, &f->error));
    assert_case(&row, &found);
    COMMIT(f);
    test_free(text);
}

static void a_case_is_found_by_what_its_id_begins_with(void **state)
{
    struct fixture *f = *state;
    struct case_row found;
    BEGIN(f);
    static const char *const ids[] = {"b1", "b12", "b2", "c\xc3\xa9z", "d1", "d2", "d3", "d4", "d5", "d6", "d7"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) add_case(f, ids[i]);
    OK(store_case_find(f->store, f->arena, "b2", &found, &f->error));
    assert_string_equal(found.id, "b2");
    OK(store_case_find(f->store, f->arena, "c", &found, &f->error));
    assert_string_equal(found.id, "c\xc3\xa9z");
    OK(store_case_find(f->store, f->arena, "b1", &found, &f->error)); /* whole, though b12 begins with it */
    assert_string_equal(found.id, "b1");
    REFUSED(f, store_case_find(f->store, f->arena, "b", &found, &f->error), GUAN_USAGE, "ambiguous-case");
    assert_non_null(strstr(f->error.text, "b1, b12, b2"));
    REFUSED(f, store_case_find(f->store, f->arena, "d", &found, &f->error), GUAN_USAGE, "ambiguous-case");
    assert_non_null(strstr(f->error.text, "d1, d2, d3, d4, d5, …"));
    assert_null(strstr(f->error.text, "d6"));
    REFUSED(f, store_case_find(f->store, f->arena, "", &found, &f->error), GUAN_USAGE, "ambiguous-case");
    REFUSED(f, store_case_find(f->store, f->arena, "b3", &found, &f->error), GUAN_USAGE, "no-such-case");
    REFUSED(f, store_case_find(f->store, f->arena, "%", &found, &f->error), GUAN_USAGE, "no-such-case");
    OK(store_case_find(f->store, f->arena, "-", &found, &f->error));
    COMMIT(f);
}

static void the_ledgers_own_case_is_no_customer(void **state)
{
    struct fixture *f = *state;
    struct case_row found;
    BEGIN(f);
    REFUSED(f, store_case_find(f->store, f->arena, "", &found, &f->error), GUAN_USAGE, "no-such-case");
    add_case(f, "only");
    OK(store_case_find(f->store, f->arena, "", &found, &f->error));
    assert_string_equal(found.id, "only");
    COMMIT(f);
}

static void the_newest_case_has_the_key(void **state)
{
    struct fixture *f = *state;
    struct case_row one = a_case("z"), two = a_case("a"), without = a_case("m"), found;
    struct hash none = {{0}};
    one.key = two.key = hash_of("key");
    BEGIN(f);
    OK(store_case_add(f->store, &one, &f->error));
    OK(store_case_add(f->store, &two, &f->error));
    OK(store_case_add(f->store, &without, &f->error));
    OK(store_case_by_key(f->store, f->arena, &one.key, &found, &f->error));
    assert_string_equal(found.id, "a");
    REFUSED(f, store_case_by_key(f->store, f->arena, &none, &found, &f->error), GUAN_USAGE, "no-such-case");
    two.key = none; /* erased */
    OK(store_case_save(f->store, &two, &f->error));
    OK(store_case_by_key(f->store, f->arena, &one.key, &found, &f->error));
    assert_string_equal(found.id, "z");
    COMMIT(f);
}

struct walk {
    char ids[200];
    int count, stop_after, stop_with;
};

static int walk_case(void *user, const struct case_row *row)
{
    struct walk *walk = user;
    snprintf(walk->ids + strlen(walk->ids), sizeof walk->ids - strlen(walk->ids), "%s ", row->id);
    return ++walk->count == walk->stop_after ? walk->stop_with : 0;
}

static void cases_come_in_order(void **state)
{
    struct fixture *f = *state;
    BEGIN(f);
    add_case(f, "b");
    add_case(f, "c");
    add_case(f, "a");
    struct walk walk = {0};
    OK(store_case_each(f->store, NULL, walk_case, &walk, &f->error));
    assert_string_equal(walk.ids, "- a b c ");
    walk = (struct walk){0};
    OK(store_case_each(f->store, "a", walk_case, &walk, &f->error));
    assert_string_equal(walk.ids, "b c ");
    walk = (struct walk){.stop_after = 2, .stop_with = 77};
    assert_int_equal(store_case_each(f->store, "-", walk_case, &walk, &f->error), 77);
    assert_string_equal(walk.ids, "a b ");
    COMMIT(f);
}

/* --- sessions, timers ---------------------------------------------------------------------------------------------- */

static void sessions_come_in_order_of_start(void **state)
{
    struct fixture *f = *state;
    struct session_row *rows;
    size_t count;
    const struct session_row root = {
        .id = "journey#1", .process = "journey", .snapshot = "{\"s\":1}", .snapshot_length = 7, .facts = "{}", .facts_length = 2};
    struct session_row child = {.id = "test-drive#1",
                                .parent = "journey#1",
                                .process = "test-drive",
                                .snapshot = "{\"t\":1}",
                                .snapshot_length = 7,
                                .facts = "{\"f\":1}",
                                .facts_length = 7};
    BEGIN(f);
    add_case(f, "c");
    add_case(f, "d");
    OK(store_sessions(f->store, f->arena, "c", &rows, &count, &f->error));
    assert_int_equal(count, 0);
    OK(store_session_save(f->store, "c", 10, &child, &f->error));
    OK(store_session_save(f->store, "c", 9, &root, &f->error));
    OK(store_session_save(f->store, "d", 9, &root, &f->error));
    child.ended = true;
    child.snapshot = NULL;
    child.snapshot_length = 0;
    OK(store_session_save(f->store, "c", 10, &child, &f->error));
    OK(store_sessions(f->store, f->arena, "c", &rows, &count, &f->error));
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].id, "journey#1");
    assert_null(rows[0].parent);
    assert_false(rows[0].ended);
    assert_int_equal(rows[0].snapshot_length, 7);
    assert_string_equal(rows[0].snapshot, "{\"s\":1}");
    assert_string_equal(rows[1].id, "test-drive#1");
    assert_string_equal(rows[1].parent, "journey#1");
    assert_string_equal(rows[1].process, "test-drive");
    assert_true(rows[1].ended);
    assert_null(rows[1].snapshot);
    assert_string_equal(rows[1].facts, "{\"f\":1}");
    assert_int_equal(rows[1].facts_length, 7);
    COMMIT(f);
}

static void many_sessions_come_back(void **state)
{
    struct fixture *f = *state;
    struct session_row *rows;
    size_t count;
    BEGIN(f);
    add_case(f, "c");
    for (uint32_t i = 0; i < 100; i++) {
        const struct session_row row = {.id = arena_printf(f->arena, "s#%u", i), .process = "p", .facts = "", .facts_length = 0};
        OK(store_session_save(f->store, "c", i, &row, &f->error));
    }
    OK(store_sessions(f->store, f->arena, "c", &rows, &count, &f->error));
    assert_int_equal(count, 100);
    for (uint32_t i = 0; i < 100; i++) assert_string_equal(rows[i].id, arena_printf(f->arena, "s#%u", i));
    COMMIT(f);
}

static void set_timer(struct fixture *f, const char *kase, const char *name, const char *instance, instant due)
{
    const struct timer_row row = {.session = "s", .name = name, .instance = instance, .due = due};
    OK(store_timer_set(f->store, kase, &row, &f->error));
}

static void timers_come_by_due_time(void **state)
{
    struct fixture *f = *state;
    struct timer_row *rows;
    size_t count;
    BEGIN(f);
    add_case(f, "c");
    add_case(f, "d");
    set_timer(f, "c", "b", "", 20);
    set_timer(f, "c", "a", "2", 20);
    set_timer(f, "c", "a", "1", 20);
    set_timer(f, "c", "z", "", -10);
    set_timer(f, "d", "a", "", 1);
    const struct timer_row with_body = {.session = "s", .name = "b", .instance = "", .due = 30, .body = "{\"x\":1}"};
    OK(store_timer_set(f->store, "c", &with_body, &f->error)); /* replaces */
    OK(store_timers(f->store, f->arena, "c", &rows, &count, &f->error));
    assert_int_equal(count, 4);
    assert_string_equal(rows[0].name, "z");
    assert_true(rows[0].due == -10);
    assert_null(rows[0].body);
    assert_string_equal(rows[1].instance, "1");
    assert_string_equal(rows[2].instance, "2");
    assert_string_equal(rows[3].name, "b");
    assert_true(rows[3].due == 30);
    assert_string_equal(rows[3].body, "{\"x\":1}");
    OK(store_timer_remove(f->store, "c", "s", "a", "1", &f->error));
    OK(store_timer_remove(f->store, "c", "s", "never", "", &f->error));
    OK(store_timers(f->store, f->arena, "c", &rows, &count, &f->error));
    assert_int_equal(count, 3);
    COMMIT(f);
}

static void due_cases_come_earliest_first(void **state)
{
    struct fixture *f = *state;
    const char **ids;
    size_t count;
    instant next;
    BEGIN(f);
    OK(store_next_due(f->store, &next, &f->error));
    assert_true(next == INSTANT_NONE);
    add_case(f, "a");
    add_case(f, "b");
    add_case(f, "c");
    add_case(f, "d");
    set_timer(f, "a", "x", "", 30);
    set_timer(f, "a", "y", "", 31);
    set_timer(f, "b", "x", "", 10);
    set_timer(f, "b", "y", "", 50);
    set_timer(f, "c", "x", "", 20);
    set_timer(f, "d", "x", "", 51);
    OK(store_due(f->store, f->arena, 50, 10, &ids, &count, &f->error));
    assert_int_equal(count, 3);
    assert_string_equal(ids[0], "b");
    assert_string_equal(ids[1], "c");
    assert_string_equal(ids[2], "a");
    OK(store_due(f->store, f->arena, 50, 2, &ids, &count, &f->error));
    assert_int_equal(count, 2);
    OK(store_due(f->store, f->arena, 9, SIZE_MAX, &ids, &count, &f->error));
    assert_int_equal(count, 0);
    OK(store_next_due(f->store, &next, &f->error));
    assert_true(next == 10);
    const char *wrong = "";
    OK(store_due_wrong(f->store, f->arena, NULL, &wrong, &f->error)); /* a store that nobody touched */
    assert_null(wrong);
    OK(store_due_wrong(f->store, f->arena, "a", &wrong, &f->error));
    assert_null(wrong);
    COMMIT(f);
    BEGIN(f); /* the earliest goes, a later one comes, of several cases at a time */
    OK(store_timer_remove(f->store, "b", "s", "x", "", &f->error));
    set_timer(f, "c", "x", "", 60);
    set_timer(f, "d", "x", "", -1);
    set_timer(f, "c", "y", "", 40);
    OK(store_timer_remove(f->store, "a", "s", "x", "", &f->error));
    OK(store_timer_remove(f->store, "a", "s", "y", "", &f->error));
    COMMIT(f);
    OK(store_begin(f->store, false, &f->error));
    OK(store_due(f->store, f->arena, 100, 10, &ids, &count, &f->error));
    assert_int_equal(count, 3);
    assert_string_equal(ids[0], "d");
    assert_string_equal(ids[1], "c");
    assert_string_equal(ids[2], "b");
    OK(store_due(f->store, f->arena, 40, 10, &ids, &count, &f->error));
    assert_int_equal(count, 2);
    COMMIT(f);
    BEGIN(f);
    set_timer(f, "a", "z", "", -99);
    store_rollback(f->store);
    BEGIN(f);
    OK(store_next_due(f->store, &next, &f->error));
    assert_true(next == -1);
    COMMIT(f);
}

/* --- the journal --------------------------------------------------------------------------------------------------------------
 */

static int walk_entry(void *user, const struct entry_row *row)
{
    struct walk *walk = user;
    snprintf(walk->ids + strlen(walk->ids), sizeof walk->ids - strlen(walk->ids), "%d%.*s ", (int)row->index, (int)row->length,
             row->bytes);
    return ++walk->count == walk->stop_after ? walk->stop_with : 0;
}

static void entries_keep_their_bytes(void **state)
{
    struct fixture *f = *state;
    struct entry_row row = {.back = UINT64_MAX, .length = 1, .node = hash_of("node")}, found;
    BEGIN(f);
    for (uint64_t i = 0; i < 4; i++) {
        row.index = i;
        row.bytes = i % 2 ? "b" : "a";
        row.leaf = hash_of(row.bytes);
        OK(store_entry_add(f->store, &row, &f->error));
        row.back = i;
    }
    OK(store_entry(f->store, f->arena, 0, &found, &f->error));
    assert_true(found.back == UINT64_MAX);
    OK(store_entry(f->store, f->arena, 3, &found, &f->error));
    assert_true(found.index == 3 && found.back == 2 && found.length == 1 && found.bytes[0] == 'b');
    assert_true(hash_equal(&found.leaf, &row.leaf) && hash_equal(&found.node, &row.node));
    REFUSED(f, store_entry(f->store, f->arena, 4, &found, &f->error), GUAN_USAGE, "no-such-entry");
    REFUSED(f, store_entry(f->store, f->arena, UINT64_MAX, &found, &f->error), GUAN_USAGE, "no-such-entry");
    struct walk walk = {0};
    OK(store_entry_each(f->store, 0, walk_entry, &walk, &f->error));
    assert_string_equal(walk.ids, "0a 1b 2a 3b ");
    walk = (struct walk){.stop_after = 2, .stop_with = 5};
    assert_int_equal(store_entry_each(f->store, 1, walk_entry, &walk, &f->error), 5);
    assert_string_equal(walk.ids, "1b 2a ");
    REFUSED(f, store_entry_add(f->store, &row, &f->error), GUAN_TAMPERED, "store-corrupt");
    COMMIT(f);
}

/* The roots are any hashes here: what they mean is the ledger's business. */
static void the_head_comes_back(void **state)
{
    struct fixture *f = *state;
    struct ledger_head head = {0}, found;
    for (uint64_t i = 0; i < 70; i++) {
        BEGIN(f);
        struct entry_row row = {.index = i, .back = UINT64_MAX, .bytes = "{}", .length = 2};
        row.leaf = hash_of(arena_printf(f->arena, "leaf %d", (int)i));
        unsigned height = 0;
        while (head.size >> height & 1) height++;
        head.frontier[height] = height ? hash_of(arena_printf(f->arena, "node %d", (int)i)) : row.leaf;
        if (height) row.node = head.frontier[height];
        for (unsigned k = 0; k < height; k++) head.frontier[k] = (struct hash){{0}};
        head.size++;
        OK(store_entry_add(f->store, &row, &f->error));
        OK(store_head_save(f->store, &head, &f->error));
        COMMIT(f);
        OK(store_begin(f->store, false, &f->error));
        OK(store_head(f->store, &found, &f->error));
        COMMIT(f);
        assert_memory_equal(&head, &found, sizeof head);
    }
    BEGIN(f);
    head.size++;
    REFUSED(f, store_head_save(f->store, &head, &f->error), GUAN_FAILED, "store-head");
    store_rollback(f->store);
}

/* --- personal data ------------------------------------------------------------------------------------------------- */

static void personal_data_are_erased_for_one_case_only(void **state)
{
    struct fixture *f = *state;
    struct hash secret = hash_of("s"), digest = hash_of("d"), found;
    const struct name_row party = {.id = "party:1", .name = "Wang Lei 王磊", .role = "customer"},
                          key = {.id = "key", .name = "100%_K", .role = NULL};
    struct name_row *rows;
    const char *text;
    size_t count;
    BEGIN(f);
    add_case(f, "c");
    add_case(f, "d");
    REFUSED(f, store_secret(f->store, "c", &found, &f->error), GUAN_USAGE, "no-such-secret");
    static const char *const cases[] = {"c", "d"};
    for (int i = 0; i < 2; i++) {
        OK(store_secret_put(f->store, cases[i], &secret, &f->error));
        OK(store_disclosure_put(f->store, cases[i], &digest, "WyJ4", &f->error));
        OK(store_name_put(f->store, cases[i], &party, &f->error));
    }
    OK(store_name_put(f->store, "c", &key, &f->error));
    OK(store_names(f->store, f->arena, "c", &rows, &count, &f->error));
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].id, "key");
    assert_null(rows[0].role);
    assert_string_equal(rows[1].name, "Wang Lei 王磊");
    assert_string_equal(rows[1].role, "customer");
    OK(store_disclosure(f->store, f->arena, "c", &digest, &text, &f->error));
    assert_string_equal(text, "WyJ4");
    OK(store_secret(f->store, "c", &found, &f->error));
    assert_true(hash_equal(&secret, &found));
    OK(store_erase(f->store, "c", &f->error));
    REFUSED(f, store_secret(f->store, "c", &found, &f->error), GUAN_USAGE, "no-such-secret");
    OK(store_disclosure(f->store, f->arena, "c", &digest, &text, &f->error));
    assert_null(text);
    OK(store_names(f->store, f->arena, "c", &rows, &count, &f->error));
    assert_int_equal(count, 0);
    OK(store_secret(f->store, "d", &found, &f->error));
    OK(store_disclosure(f->store, f->arena, "d", &digest, &text, &f->error));
    assert_string_equal(text, "WyJ4");
    OK(store_names(f->store, f->arena, "d", &rows, &count, &f->error));
    assert_int_equal(count, 1);
    COMMIT(f);
}

static size_t find_names(struct fixture *f, const char *words, const char *first)
{
    const char **ids;
    size_t count;
    OK(store_name_find(f->store, f->arena, words, &ids, &count, &f->error));
    if (count) assert_string_equal(ids[0], first);
    return count;
}

static void names_are_found_by_words(void **state)
{
    struct fixture *f = *state;
    static const struct name_row c = {"party:1", "Wang Lei 王磊", "customer"}, c2 = {"party:2", "Wang Fang", "companion"},
                                 d = {"party:1", "100%_K\\", "customer"};
    BEGIN(f);
    add_case(f, "c");
    add_case(f, "d");
    OK(store_name_put(f->store, "c", &c, &f->error));
    OK(store_name_put(f->store, "c", &c2, &f->error));
    OK(store_name_put(f->store, "d", &d, &f->error));
    assert_int_equal(find_names(f, "wang", "c"), 1); /* once, though two of its names fit */
    assert_int_equal(find_names(f, " wang  磊 ", "c"), 1);
    assert_int_equal(find_names(f, "王", "c"), 1);
    assert_int_equal(find_names(f, "lei wang", ""), 0);
    assert_int_equal(find_names(f, "0%_k\\", "d"), 1);
    assert_int_equal(find_names(f, "0%k", ""), 0);
    assert_int_equal(find_names(f, "w_ng", ""), 0);
    assert_int_equal(find_names(f, "", "c"), 2);
    COMMIT(f);
}

/* --- when memory runs out ------------------------------------------------------------------------------------------------------
 */

static int read_much(struct fixture *f, struct arena *arena)
{
    struct case_row row;
    struct session_row *sessions;
    struct name_row *names;
    struct entry_row entry;
    const char **ids;
    size_t count;
    int code = store_case(f->store, arena, "c", &row, &f->error);
    if (!code) code = store_sessions(f->store, arena, "c", &sessions, &count, &f->error);
    if (!code) code = store_names(f->store, arena, "c", &names, &count, &f->error);
    if (!code) code = store_entry(f->store, arena, 0, &entry, &f->error);
    if (!code) code = store_due(f->store, arena, 99, 10, &ids, &count, &f->error);
    if (!code) code = store_name_find(f->store, arena, "王", &ids, &count, &f->error);
    if (!code) code = store_case_find(f->store, arena, "c", &row, &f->error);
    return code;
}

static void reading_without_memory_is_an_error(void **state)
{
    struct fixture *f = *state;
    BEGIN(f);
    write_all(f);
    COMMIT(f);
    int code = GUAN_FAILED;
    uint64_t n = 1;
    for (; code; n++) {
        struct arena *arena = arena_new();
        OK(store_begin(f->store, false, &f->error));
        memory_fail_after(n);
        code = read_much(f, arena);
        memory_fail_after(0);
        if (code) {
            assert_int_equal(code, GUAN_FAILED);
            assert_string_equal(f->error.rule, "memory");
            struct ledger_head head;
            REFUSED(f, store_head(f->store, &head, &f->error), GUAN_FAILED, "store-transaction"); /* only rollback is left */
        }
        store_rollback(f->store);
        arena_free(arena);
    }
    assert_true(n > 3);
}

#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

static const struct CMUnitTest contract_tests[] = {
    CONTRACT(begins_with_its_own_case_secret_and_an_empty_ledger),
    CONTRACT(keeps_its_flags),
    CONTRACT(two_stores_have_two_secrets),
    CONTRACT(works_in_transactions_only),
    CONTRACT(a_rollback_leaves_nothing),
    CONTRACT(closing_without_commit_leaves_nothing),
    CONTRACT(what_is_committed_is_there_again),
    CONTRACT(nothing_hangs_on_a_case_that_is_not_there),
    CONTRACT(info_is_replaced),
    CONTRACT(blobs_are_found_by_their_hash),
    CONTRACT(a_large_blob_comes_back_whole),
    CONTRACT(a_command_is_answered_once),
    CONTRACT(a_case_is_kept_and_changed),
    CONTRACT(a_long_state_is_kept),
    CONTRACT(a_case_is_found_by_what_its_id_begins_with),
    CONTRACT(the_ledgers_own_case_is_no_customer),
    CONTRACT(the_newest_case_has_the_key),
    CONTRACT(cases_come_in_order),
    CONTRACT(sessions_come_in_order_of_start),
    CONTRACT(many_sessions_come_back),
    CONTRACT(timers_come_by_due_time),
    CONTRACT(due_cases_come_earliest_first),
    CONTRACT(entries_keep_their_bytes),
    CONTRACT(the_head_comes_back),
    CONTRACT(personal_data_are_erased_for_one_case_only),
    CONTRACT(names_are_found_by_words),
    CONTRACT(reading_without_memory_is_an_error),
};

#endif
