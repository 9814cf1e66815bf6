/* Re-performance: what stories and commands recorded comes out again, before and after an erasure; what was changed by hand is
 * found and named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <sqlite3.h>
#include <unistd.h>

#include "case/replay.h"
#include "case/story.h"
#include "shop.h"

/* --- asking ------------------------------------------------------------------------------------------------------------------
 */

struct outcome {
    int code;
    struct value *difference; /* of the first case that differs */
    struct value *totals;
};

static struct outcome replay_all(struct guan *guan, struct arena *arena)
{
    struct guan_error error = {0};
    struct caught rows = {arena, NULL, value_list(arena)};
    struct guan_sink sink = {catch_answer, &rows};
    struct outcome outcome = {.code = guan_replay(guan, NULL, &sink, &error)};
    if (outcome.code != GUAN_OK && outcome.code != GUAN_TAMPERED) print_error("%s: %s\n", error.rule, error.text);
    outcome.totals = rows.answer;
    for (size_t i = 0; i < value_count(rows.all) && !outcome.difference; i++)
        outcome.difference = value_get(value_at(rows.all, i), "difference");
    return outcome;
}

static void print_difference(const struct value *difference)
{
    struct buffer text = {0};
    json_write(&text, difference);
    print_error("%.*s\n", (int)text.length, text.data ? text.data : "");
    buffer_release(&text);
}

static void assert_identical(struct guan *guan, struct arena *arena, int64_t given)
{
    struct outcome outcome = replay_all(guan, arena);
    if (outcome.difference) print_difference(outcome.difference);
    assert_int_equal(outcome.code, GUAN_OK);
    assert_int_equal(value_get_int(outcome.totals, "identical"), value_get_int(outcome.totals, "cases"));
    assert_true(value_get_int(outcome.totals, "cases") > 0);
    if (given >= 0) assert_int_equal(value_get_int(outcome.totals, "given"), given);
}

static void assert_differs(struct guan *guan, struct arena *arena, const char *where, const char *row, const char *key)
{
    struct outcome outcome = replay_all(guan, arena);
    assert_int_equal(outcome.code, GUAN_TAMPERED);
    assert_non_null(outcome.difference);
    if (!text_equal(value_get_text(outcome.difference, "where"), where) ||
        (key && !text_equal(value_get_text(outcome.difference, "key"), key)))
        print_difference(outcome.difference);
    assert_string_equal(value_get_text(outcome.difference, "where"), where);
    if (row) assert_string_equal(value_get_text(outcome.difference, "row"), row);
    if (key) assert_string_equal(value_get_text(outcome.difference, "key"), key);
}

struct ids {
    char id[16][64];
    size_t count;
};

static int collect_id(void *user, const struct case_row *row)
{
    struct ids *ids = user;
    if (strcmp(row->id, "-") == 0 || ids->count == 16) return GUAN_OK;
    snprintf(ids->id[ids->count++], sizeof ids->id[0], "%s", row->id);
    return GUAN_OK;
}

/* Secrets, disclosures and names: what an erasure takes away. */
static void erase_all(struct guan *guan)
{
    struct guan_error error = {0};
    struct ids ids = {.count = 0};
    assert_int_equal(store_begin(guan->store, true, &error), GUAN_OK);
    assert_int_equal(store_case_each(guan->store, NULL, collect_id, &ids, &error), GUAN_OK);
    for (size_t i = 0; i < ids.count; i++) assert_int_equal(store_erase(guan->store, ids.id[i], &error), GUAN_OK);
    assert_int_equal(store_commit(guan->store, &error), GUAN_OK);
}

/* --- stories -------------------------------------------------------------------------------------------------------------------
 */

static int after_story(void *user, struct guan *guan, struct guan_error *error)
{
    struct arena *arena = user;
    (void)error;
    assert_identical(guan, arena, 0);
    erase_all(guan);
    assert_identical(guan, arena, -1);
    return GUAN_OK;
}

static int quiet(void *user, const char *json, size_t length)
{
    (void)user, (void)json, (void)length;
    return 0;
}

static void every_story_comes_out_again(void **state)
{
    (void)state;
    struct bundle *bundle = NULL;
    struct guan_error error = {0};
    struct guan_sink none = {quiet, NULL};
    size_t count = 0;
    DIR *dir = opendir(SOURCE_DIR "/tests/stories");
    assert_non_null(dir);
    assert_int_equal(bundle_read(SOURCE_DIR, &bundle, &error), GUAN_OK);
    for (struct dirent *item = readdir(dir); item; item = readdir(dir)) {
        char path[512];
        const char *title, *dot = strrchr(item->d_name, '.');
        int64_t failed;
        if (!dot || strcmp(dot, ".story") != 0) continue;
        struct arena *arena = arena_new();
        snprintf(path, sizeof path, "%s/tests/stories/%s", SOURCE_DIR, item->d_name);
        print_message("  %s\n", item->d_name);
        int code = story_run_then(bundle, path, NULL, arena, &none, &title, &failed, after_story, arena, &error);
        if (code != GUAN_OK) print_error("%s: %s\n", item->d_name, error.text);
        assert_int_equal(code, GUAN_OK);
        arena_free(arena);
        count++;
    }
    closedir(dir);
    bundle_free(bundle);
    assert_true(count > 0);
}

/* --- a shop where everything happens -----------------------------------------------------------------------------------------
 */

static const char flow[] =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' name='root' "
    "initial='life'><parallel id='life'>"
    "<state id='idle'>"
    "<g:step id='note' title='记录' required='no' repeat='yes' role='clerk' clause='C-1'>"
    "<g:field name='text' title='内容' type='text' check='#value &lt; 40'/>"
    "<g:field name='count' title='数' type='integer' required='no'/></g:step>"
    "<g:step id='people' title='来人' required='no' repeat='yes' role='clerk' clause='C-1' mode='warn'>"
    "<g:field name='who' title='谁' type='list' required='no'>"
    "<g:field name='called' title='名' type='text'/>"
    "<g:field name='age' title='岁' type='integer' personal='yes' min='18' required='no' clause='C-2'/></g:field>"
    "<g:field name='contacts' title='联系' type='contacts' required='no' min='1'/>"
    "<g:field name='likes' title='喜好' type='list' required='no'/>"
    "<g:field name='host' title='接待' type='text' required='no' default=\"form.note and form.note.text or 'nobody'\"/></g:step>"
    "<g:step id='sheet' title='单据' required='no' role='clerk' evidence='scan'/>"
    "<g:step id='sign' title='签' required='no' role='clerk' with='boss' clause='C-2' repeat='yes'/>"
    "<transition event='ping' type='internal' g:role='clerk customer' g:title='问'/>"
    "</state>"
    "<state id='visits' initial='none'><state id='none'><transition event='visit.arrive' target='some'/></state>"
    "<state id='some'><invoke id='visit' type='scxml' src='visit.scxml'/>"
    "<transition event='done.invoke.visit' target='none'/></state></state>"
    "</parallel></scxml>";

static const char hooks_first[] = "function validate(step, form, case)\n"
                                  "  if step.id == 'note' and form.text == 'verboten' then return false, 'GUARD_BLOCKED' end\n"
                                  "  if step.id == 'note' and form.text == 'good' then return true end\n"
                                  "end\n";
static const char hooks_second[] = "function validate(step, form, case)\n"
                                   "  if step.id == 'note' and form.text == 'good' then return false, 'GUARD_BLOCKED' end\n"
                                   "end\n";

/* The shop with this flow in place of its own. */
static void publish(struct guan *guan, const char *hooks)
{
    struct guan_error error = {0};
    struct bundle *shop = shop_bundle(hooks), *bundle = NULL;
    struct guan_sink none = {quiet, NULL};
    assert_int_equal(bundle_new(&bundle, &error), GUAN_OK);
    for (size_t i = 0; i < bundle_count(shop); i++) {
        const struct bundle_file *file = bundle_at(shop, i);
        bool root = strcmp(file->path, "processes/root.scxml") == 0;
        assert_int_equal(bundle_add(bundle, file->path, root ? flow : file->bytes, root ? strlen(flow) : file->length, &error),
                         GUAN_OK);
    }
    int code = guan_publish(guan, bundle, &none, &error);
    if (code != GUAN_OK) print_error("%s\n", error.text);
    assert_int_equal(code, GUAN_OK);
    bundle_free(bundle);
    bundle_free(shop);
}

static void must(struct guan *guan, struct caught *caught, struct guan_command command, int wanted)
{
    struct guan_error error;
    int code = shop_do(guan, caught, &command, &error);
    if (code != wanted)
        print_error("%s at %s: %s\n", command.name ? command.name : "-", command.at ? command.at : "-", error.text);
    assert_int_equal(code, wanted);
}

static struct guan_command step(const char *kase, const char *name, const char *at, const struct guan_pair *fields, size_t count)
{
    return (struct guan_command){
        .verb = GUAN_STEP, .kase = kase, .name = name, .actor = "周敏", .at = at, .fields = fields, .field_count = count};
}

/* Steps with all kinds of personal values, a late entry, corrections, a waiver, refusals, timers, a new house in the middle. */
static const char *a_long_day(struct guan *guan, struct caught *caught)
{
    const char *kase = shop_case(guan, caught);
    const struct guan_pair good[] = {{"text", "good"}, {"count", "3"}}, bad[] = {{"text", "verboten"}},
                           party[] = {{"text", "王磊"}},
                           people[] = {{"who", "王磊(age=44),小王(age=12)"},
                                       {"contacts", "mobile:13800000001(valid),wechat:wl_camp01"},
                                       {"likes", "红,蓝"}},
                           shop[] = {{"channel", "shop"}}, data[] = {{"what", "anything"}, {"who", "王磊"}},
                           amended[] = {{"text", "better"}}, moved[] = {{"at", "2026-03-07T10:00:30"}},
                           too_long[] = {{"text", "0123456789012345678901234567890123456789x"}};
    struct guan_command command;
    must(guan, caught, step(kase, "note", "2026-03-07T10:01:00", good, 2), GUAN_OK);
    const int64_t note = value_get_int(caught->answer, "n");
    must(guan, caught, step(kase, "note", "2026-03-07T10:01:10", bad, 1), GUAN_NO);
    must(guan, caught, step(kase, "note", "2026-03-07T10:01:11", too_long, 1), GUAN_NO);
    must(guan, caught, step(kase, "note", "2026-03-07T10:01:20", party, 1), GUAN_OK);
    must(guan, caught, step(kase, "people", "2026-03-07T10:01:30", people, 3), GUAN_OK);
    assert_true(value_count(value_get(caught->answer, "findings")) > 0); /* one is twelve */
    must(guan, caught, step(kase, "visit.arrive", "2026-03-07T10:02:00", shop, 1), GUAN_OK);
    command = (struct guan_command){
        .verb = GUAN_SEND, .kase = kase, .name = "visit.leave", .actor = "周敏", .at = "2026-03-07T10:02:30"};
    must(guan, caught, command, GUAN_NO);
    command = (struct guan_command){
        .verb = GUAN_WAIVE, .kase = kase, .name = "visit.greet", .actor = "周敏", .at = "2026-03-07T10:02:40", .reason = "没空"};
    must(guan, caught, command, GUAN_NO);
    command = (struct guan_command){.verb = GUAN_SEND,
                                    .kase = kase,
                                    .name = "root.ping",
                                    .actor = "王磊",
                                    .by = "周敏",
                                    .at = "2026-03-07T10:02:45",
                                    .fields = data,
                                    .field_count = 2};
    must(guan, caught, command, GUAN_OK);
    must(guan, caught, (struct guan_command){.verb = GUAN_TICK, .until = "2026-03-07T10:10:00"}, GUAN_OK); /* greet was missed */
    publish(guan, hooks_second);
    must(guan, caught, step(kase, "note", "2026-03-07T10:11:00", good, 2), GUAN_NO);
    must(guan, caught, step(kase, "note", "2026-03-07T10:11:10", bad, 1), GUAN_OK);
    command = step(kase, "visit.greet", "2026-03-07T10:02:50", NULL, 0);
    command.rec = "2026-03-07T14:00:00"; /* late, and in time */
    must(guan, caught, command, GUAN_OK);
    command = (struct guan_command){.verb = GUAN_AMEND,
                                    .kase = kase,
                                    .entry = (uint64_t)note,
                                    .actor = "周敏",
                                    .at = "2026-03-07T14:01:00",
                                    .fields = amended,
                                    .field_count = 1,
                                    .reason = "听错了"};
    must(guan, caught, command, GUAN_OK);
    command.fields = moved;
    command.at = "2026-03-07T14:02:00";
    must(guan, caught, command, GUAN_OK);
    command.actor = "陈静";
    must(guan, caught, command, GUAN_NO);
    const char *const boss[] = {"陈静"}, *const customer[] = {"王磊"};
    command = step(kase, "sign", "2026-03-07T14:03:00", NULL, 0);
    command.with = boss;
    command.with_count = 1;
    must(guan, caught, command, GUAN_OK);
    command.with = customer;
    command.at = "2026-03-07T14:04:00";
    must(guan, caught, command, GUAN_NO);
    const struct guan_pair scan[] = {{"scan", "@" SOURCE_DIR "/README.md"}};
    must(guan, caught, step(kase, "sheet", "2026-03-07T14:04:30", scan, 1), GUAN_OK);
    command = (struct guan_command){
        .verb = GUAN_ASSIGN, .kase = kase, .name = "陈静", .actor = "陈静", .at = "2026-03-07T14:05:00", .reason = "休假"};
    must(guan, caught, command, GUAN_OK);
    must(guan, caught, step(kase, "visit.arrive", "2026-03-07T15:00:00", shop, 1), GUAN_OK);
    command = (struct guan_command){.verb = GUAN_WAIVE,
                                    .kase = kase,
                                    .name = "visit.greet",
                                    .actor = "陈静",
                                    .at = "2026-03-07T15:03:00",
                                    .reason = "客户赶时间"};
    must(guan, caught, command, GUAN_OK); /* after its timer fired in the same command */
    must(guan, caught, step(kase, "visit.arrive", "2026-03-07T16:00:00", shop, 1), GUAN_OK); /* a third: its timer waits */
    return kase;
}

struct day {
    struct caught caught;
    struct guan *guan;
    const char *kase;
    char path[64];
};

static void day_open(struct day *day, const char *name)
{
    snprintf(day->path, sizeof day->path, "/tmp/test_replay_%ld_%s.db", (long)getpid(), name);
    unlink(day->path);
    day->guan = shop_open(day->path, hooks_first, &day->caught);
    publish(day->guan, hooks_first);
    day->kase = a_long_day(day->guan, &day->caught);
}

static void day_close(struct day *day)
{
    static const char *const more[] = {"", "-wal", "-shm", "-journal", "-lock"};
    shop_close(day->guan, &day->caught);
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", day->path, more[i]);
        unlink(path);
    }
}

static void a_long_day_comes_out_again(void **state)
{
    (void)state;
    struct day day;
    day_open(&day, "day");
    assert_identical(day.guan, day.caught.arena, 0);
    /* What was typed and refused is gone then, and only that is taken as it stands: five refusals with their findings. */
    erase_all(day.guan);
    assert_identical(day.guan, day.caught.arena, 10);
    day_close(&day);
}

static void nothing_is_written(void **state)
{
    (void)state;
    struct day day;
    struct guan_error error = {0};
    struct ledger_head before, after;
    day_open(&day, "still");
    assert_int_equal(store_begin(day.guan->store, false, &error), GUAN_OK);
    assert_int_equal(store_head(day.guan->store, &before, &error), GUAN_OK);
    store_rollback(day.guan->store);
    assert_identical(day.guan, day.caught.arena, 0);
    assert_int_equal(store_begin(day.guan->store, false, &error), GUAN_OK);
    assert_int_equal(store_head(day.guan->store, &after, &error), GUAN_OK);
    store_rollback(day.guan->store);
    assert_int_equal(before.size, after.size);
    /* and the case goes on as before */
    must(day.guan, &day.caught, step(day.kase, "visit.greet", "2026-03-07T16:00:10", NULL, 0), GUAN_OK);
    assert_identical(day.guan, day.caught.arena, 0);
    day_close(&day);
}

/* The token of the last entry's text. */
static const char *last_token(struct day *day)
{
    struct guan_error error = {0};
    struct caught log = {day->caught.arena, NULL, value_list(day->caught.arena)};
    struct guan_sink sink = {catch_answer, &log};
    assert_int_equal(guan_log(day->guan, day->kase, &sink, &error), GUAN_OK);
    for (size_t i = value_count(log.all); i-- > 0;) {
        const char *token = value_get_text(value_get(value_at(log.all, i), "tok"), "form.text");
        if (token) return token;
    }
    return "";
}

static void a_case_goes_on_after_an_erasure(void **state)
{
    (void)state;
    struct day day;
    const struct guan_pair text[] = {{"text", "later"}};
    day_open(&day, "later");
    must(day.guan, &day.caught, step(day.kase, "note", "2026-03-07T16:50:00", text, 1), GUAN_OK);
    const char *before = last_token(&day);
    must(day.guan, &day.caught, step(day.kase, "note", "2026-03-07T16:51:00", text, 1), GUAN_OK);
    assert_string_equal(before, last_token(&day));
    erase_all(day.guan);
    must(day.guan, &day.caught, step(day.kase, "note", "2026-03-07T17:00:00", text, 1), GUAN_OK);
    const char *after = last_token(&day);
    assert_string_not_equal(before, after);
    must(day.guan, &day.caught, step(day.kase, "note", "2026-03-07T17:01:00", text, 1), GUAN_OK);
    assert_string_not_equal(after, last_token(&day)); /* nothing is linked any more */
    assert_identical(day.guan, day.caught.arena, -1);
    day_close(&day);
}

static void memory_may_run_out(void **state)
{
    (void)state;
    struct day day;
    struct guan_error error = {0};
    struct guan_sink none = {quiet, NULL};
    int code = GUAN_FAILED;
    day_open(&day, "memory");
    for (uint64_t n = 1; code != GUAN_OK; n += 1 + n / 4) {
        memory_fail_after(n);
        code = guan_replay(day.guan, NULL, &none, &error);
        memory_fail_after(0);
        assert_true(code == GUAN_OK || code == GUAN_FAILED);
    }
    assert_identical(day.guan, day.caught.arena, 0);
    day_close(&day);
}

/* --- attacks
 * -------------------------------------------------------------------------------------------------------------------- */

static void change(struct day *day, const char *sql)
{
    sqlite3 *db;
    char *why = NULL;
    guan_close(day->guan);
    day->guan = NULL;
    assert_int_equal(sqlite3_open(day->path, &db), SQLITE_OK);
    int result = sqlite3_exec(db, sql, NULL, NULL, &why);
    if (result != SQLITE_OK) print_error("%s\n", why);
    assert_int_equal(result, SQLITE_OK);
    assert_true(sqlite3_total_changes(db) > 0);
    sqlite3_close(db);
    struct guan_error error = {0};
    int code = guan_open(day->path, &day->guan, &error);
    if (code != GUAN_OK) print_error("%s\n", error.text);
    assert_int_equal(code, GUAN_OK);
}

static void attack(const char *name, const char *sql, const char *where, const char *row, const char *key)
{
    struct day day;
    day_open(&day, name);
    assert_identical(day.guan, day.caught.arena, 0);
    change(&day, sql);
    assert_differs(day.guan, day.caught.arena, where, row, key);
    day_close(&day);
}

static void an_edited_snapshot_is_found(void **state)
{
    (void)state;
    attack("snapshot", "UPDATE sessions SET snapshot = replace(snapshot, '\"some\"', '\"none\"') WHERE id = 'root#1'", "session",
           "root#1", NULL);
}

static void edited_facts_are_found(void **state)
{
    (void)state;
    attack("facts", "UPDATE sessions SET facts = replace(facts, '\"by\":\"staff:1\"', '\"by\":\"staff:2\"') WHERE id = 'visit#3'",
           "session", "visit#3", NULL);
}

static void a_timer_that_is_gone_is_found(void **state)
{
    (void)state;
    attack("timer", "DELETE FROM timers", "timer", "visit#3 deadline:greet_in_time", "due");
}

static void a_timer_that_was_moved_is_found(void **state)
{
    (void)state;
    attack("moved", "UPDATE timers SET due = due + 60000", "timer", "visit#3 deadline:greet_in_time", "due");
}

static void another_owner_is_found(void **state)
{
    (void)state;
    attack("owner", "UPDATE cases SET state = replace(state, '\"owner\":\"staff:2\"', '\"owner\":\"staff:1\"') WHERE id <> '-'",
           "case", NULL, "state.owner");
}

static void deadlines_switched_off_are_found(void **state)
{
    (void)state;
    attack("off", "UPDATE cases SET due = NULL WHERE id <> '-'", "case", NULL, "due");
    attack("never", "UPDATE cases SET due = 0 WHERE id <> '-'", "case", NULL, "due");
}

static void another_key_of_the_dealer_is_found(void **state)
{
    (void)state;
    attack("key",
           "UPDATE cases SET key = zeroblob(32) WHERE key IS NOT NULL; UPDATE cases SET key = randomblob(32) WHERE id <> '-'",
           "case", NULL, "key");
}

static void a_name_that_is_gone_is_found(void **state)
{
    (void)state;
    attack("name", "DELETE FROM names WHERE id <> 'key'", "name", NULL, "role");
    attack("contact", "INSERT INTO names SELECT id, 'contact:x', '139', 'mobile' FROM cases WHERE id <> '-'", "name", "contact:x",
           "role");
}

static void a_case_whose_row_is_gone_is_found(void **state)
{
    (void)state;
    attack("row", "DELETE FROM cases WHERE id <> '-'", "case", NULL, NULL);
}

static void a_session_that_is_gone_is_found(void **state)
{
    (void)state;
    attack("gone", "DELETE FROM sessions WHERE id = 'visit#3'", "session", "visit#3", "id");
}

static void another_personal_value_is_found(void **state)
{
    (void)state;
    attack("value", "UPDATE disclosures SET text = (SELECT text FROM disclosures d WHERE d.digest <> disclosures.digest LIMIT 1)",
           "disclosure", NULL, "sd");
}

static void another_hook_is_found(void **state)
{
    (void)state;
    attack("hook",
           "UPDATE blobs SET bytes = CAST(replace(CAST(bytes AS TEXT), 'verboten', 'erlaubt!') AS BLOB) WHERE "
           "CAST(bytes AS TEXT) LIKE '%verboten%'",
           "definition", "scripts/dealers/base/hooks.lua", NULL);
}

static void another_flow_is_found(void **state)
{
    (void)state;
    attack("flow",
           "UPDATE blobs SET bytes = CAST(replace(CAST(bytes AS TEXT), 'PT1M', 'PT9M') AS BLOB) WHERE "
           "CAST(bytes AS TEXT) LIKE '%<scxml%PT1M%'",
           "definition", "processes/visit.scxml", NULL);
}

/* The file that the record names is there and sound, but what the entries say was not made by it. */
static void entries_of_another_hook_are_found(void **state)
{
    (void)state;
    struct day day;
    char sql[600];
    struct guan_error error = {0};
    const char *hex;
    day_open(&day, "swap");
    /* the second house's manifest named the first's files: as a manifest it is whole, its files are, too */
    assert_int_equal(store_info(day.guan->store, day.caught.arena, "house.base", &hex, &error), GUAN_OK);
    snprintf(sql, sizeof sql,
             "UPDATE blobs SET bytes = (SELECT b.bytes FROM blobs b WHERE CAST(b.bytes AS TEXT) LIKE '%%hooks.lua%%' AND "
             "b.hash <> x'%s' LIMIT 1) WHERE hash = x'%s'",
             hex, hex);
    change(&day, sql);
    assert_differs(day.guan, day.caught.arena, "definition", hex, NULL);
    day_close(&day);
}

/* --- not comparable
 * ---------------------------------------------------------------------------------------------------------------- */

/* Appends an entry as whoever can write the file could: well-formed, in the chain, in the tree. */
static void forge(struct day *day, const char *json)
{
    struct guan_error error = {0};
    struct ledger_head head;
    struct case_row row;
    struct value *entry;
    struct arena *arena = day->caught.arena;
    struct store *store = day->guan->store;
    assert_int_equal(store_begin(store, true, &error), GUAN_OK);
    assert_int_equal(store_case(store, arena, day->kase, &row, &error), GUAN_OK);
    assert_int_equal(store_head(store, &head, &error), GUAN_OK);
    assert_int_equal(json_read(arena, json, strlen(json), &entry, &error), GUAN_OK);
    if (!value_get(entry, "sem")) value_set_int(arena, entry, "sem", RECORD_SEM);
    assert_int_equal(ledger_append(store, &head, &row, arena, entry, &error), GUAN_OK);
    assert_int_equal(store_case_save(store, &row, &error), GUAN_OK);
    assert_int_equal(store_head_save(store, &head, &error), GUAN_OK);
    assert_int_equal(store_commit(store, &error), GUAN_OK);
}

static void another_sem_is_not_comparable(void **state)
{
    (void)state;
    struct day day;
    day_open(&day, "sem");
    forge(&day, "{\"cause\":\"x\",\"kind\":\"close\",\"rec\":\"2026-03-09T00:00:00.000Z\",\"sem\":99}");
    struct outcome outcome = replay_all(day.guan, day.caught.arena);
    assert_int_equal(outcome.code, GUAN_OK);
    assert_int_equal(value_get_int(outcome.totals, "not_comparable"), 1);
    assert_int_equal(value_get_int(outcome.totals, "identical"), 0);
    day_close(&day);
}

#define NOTE(MORE)                                                                                                               \
    "{\"actor\":\"staff:1\",\"at\":\"2026-03-07T08:00:30.000Z\",\"auth\":\"claimed\",\"cause\":\"f\",\"kind\":\"step\","         \
    "\"rec\":\"2026-03-07T08:00:30.000Z\",\"role\":\"clerk\",\"sess\":\"root#1\",\"state\":\"idle\",\"step\":\"note\"," MORE "}"

static void a_forged_entry_is_found(void **state)
{
    (void)state;
    struct day day;
    struct guan_error error = {0};
    struct guan_sink none = {quiet, NULL};
    day_open(&day, "forged");
    forge(&day, NOTE("\"clause\":[\"C-1\"],\"form\":{\"count\":7}"));
    assert_int_equal(guan_verify(day.guan, &none, &error), GUAN_OK);   /* the tree is sound */
    assert_differs(day.guan, day.caught.arena, "entry", NULL, "kind"); /* a note has a text */
    day_close(&day);
}

static void a_forged_consequence_is_found(void **state)
{
    (void)state;
    struct day day;
    day_open(&day, "consequence");
    forge(&day, NOTE("\"clause\":[\"C-2\"],\"form\":{\"text\":\"party:1\"},\"facts\":{\"text\":{\"check\":true}}"));
    assert_differs(day.guan, day.caught.arena, "entry", NULL, "clause");
    day_close(&day);
    day_open(&day, "finding");
    forge(&day,
          "{\"cause\":\"f\",\"code\":\"STEP_LATE\",\"fid\":\"F9\",\"kind\":\"finding\",\"rec\":\"2026-03-07T08:00:30.000Z\"}");
    assert_differs(day.guan, day.caught.arena, "entry", NULL, NULL);
    day_close(&day);
}

static void cases_are_asked_for_by_name(void **state)
{
    (void)state;
    struct day day;
    struct guan_error error = {0};
    const char *const names[] = {"no-such-case"};
    struct guan_replay_options options = {.cases = names, .case_count = 1};
    struct guan_sink none = {quiet, NULL};
    day_open(&day, "named");
    assert_int_equal(guan_replay(day.guan, &options, &none, &error), GUAN_USAGE);
    options.cases = &day.kase;
    assert_int_equal(guan_replay(day.guan, &options, &none, &error), GUAN_OK);
    day_close(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_story_comes_out_again),
        cmocka_unit_test(a_long_day_comes_out_again),
        cmocka_unit_test(nothing_is_written),
        cmocka_unit_test(a_case_goes_on_after_an_erasure),
        cmocka_unit_test(an_edited_snapshot_is_found),
        cmocka_unit_test(edited_facts_are_found),
        cmocka_unit_test(a_timer_that_is_gone_is_found),
        cmocka_unit_test(a_timer_that_was_moved_is_found),
        cmocka_unit_test(another_owner_is_found),
        cmocka_unit_test(deadlines_switched_off_are_found),
        cmocka_unit_test(another_key_of_the_dealer_is_found),
        cmocka_unit_test(a_name_that_is_gone_is_found),
        cmocka_unit_test(a_case_whose_row_is_gone_is_found),
        cmocka_unit_test(a_session_that_is_gone_is_found),
        cmocka_unit_test(another_personal_value_is_found),
        cmocka_unit_test(another_hook_is_found),
        cmocka_unit_test(another_flow_is_found),
        cmocka_unit_test(entries_of_another_hook_are_found),
        cmocka_unit_test(another_sem_is_not_comparable),
        cmocka_unit_test(a_forged_entry_is_found),
        cmocka_unit_test(a_forged_consequence_is_found),
        cmocka_unit_test(memory_may_run_out),
        cmocka_unit_test(cases_are_asked_for_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
