/* What people at the counter ask: a field before it is recorded, lists of cases, a customer by a number; and the files that they
 * attach, against the record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "shop.h"

static const char visit[] =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' name='visit' "
    "initial='here' g:title='接待' g:role='clerk'><state id='here' g:title='接待中'>"
    "<g:step id='card' title='信息卡' clause='C-1' repeat='yes'><g:deadline id='soon' within='P1D' clause='C-1'/>"
    "<g:field name='channel' type='choice' of='shop phone'/>"
    "<g:field name='mobile' title='手机' type='mobile' when=\"form.card.channel == 'phone'\"/>"
    "<g:field name='count' type='integer' min='1' max='9' default='2'/>"
    "<g:field name='contacts' type='contacts' required='no'/>"
    "<g:field name='sheet' type='evidence' required='no'/></g:step>"
    "<g:step id='sign' title='签字' role='boss' after='card' clause='C-1'/>"
    "<g:step id='over' title='结束' required='no' role='clerk'/>"
    "<transition event='over' target='end' g:gate='open'/></state><final id='end'/></scxml>";

static const char dealer[] =
    "<dealer xmlns='urn:guan:1' id='base' title='店' zone='Asia/Shanghai'><person id='staff:1' name='周敏' "
    "login='zhoumin' roles='clerk'/><person id='staff:2' name='陈静' login='chenjing' roles='boss'/>"
    "<person id='staff:3' name='赵强' login='zhaoqiang' roles='clerk'/></dealer>";

static char folder[] = "/tmp/guan-counter-XXXXXX";
static char store_path[80];

static struct guan *counter_open(struct caught *caught)
{
    struct store *store = NULL;
    struct guan *guan = NULL;
    struct bundle *bundle = NULL;
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, caught};
    const struct {
        const char *path, *text;
    } files[] = {{"processes/visit.scxml", visit},
                 {"processes/standards/c.xml", shop_clauses},
                 {"processes/parameters.xml", shop_parameters},
                 {"processes/roles.xml", shop_roles},
                 {"scripts/dealers/base/dealer.xml", dealer}};
    caught->arena = arena_new();
    caught->all = value_list(caught->arena);
    unlink(store_path);
    assert_int_equal(store_open_new(store_path, STORE_VIRTUAL | STORE_CLAIMED, &store, &error), GUAN_OK);
    assert_int_equal(guan_attach(store, &guan, &error), GUAN_OK);
    assert_int_equal(bundle_new(&bundle, &error), GUAN_OK);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_int_equal(bundle_add(bundle, files[i].path, files[i].text, strlen(files[i].text), &error), GUAN_OK);
    int code = guan_publish(guan, bundle, &sink, &error);
    for (size_t i = 0; code != GUAN_OK && i < value_count(caught->all); i++)
        print_error("%s\n", value_get_text(value_at(caught->all, i), "text"));
    assert_int_equal(code, GUAN_OK);
    bundle_free(bundle);
    return guan;
}

static const char *new_case(struct guan *guan, struct caught *caught, const char *key, const char *name, const char *at)
{
    struct guan_error error;
    const struct guan_pair party = {name, "customer"};
    const struct guan_command command = {
        .verb = GUAN_OPEN, .name = "visit", .actor = "周敏", .at = at, .key = key, .parties = &party, .party_count = 1};
    assert_int_equal(shop_do(guan, caught, &command, &error), GUAN_OK);
    return value_get_text(caught->answer, "case");
}

static int record(struct guan *guan, struct caught *caught, const char *kase, const char *step, const struct guan_pair *fields,
                  size_t count, struct guan_error *error)
{
    const struct guan_command command = {.verb = GUAN_STEP,
                                         .kase = kase,
                                         .name = step,
                                         .actor = "周敏",
                                         .at = "2026-03-07T10:05:00",
                                         .fields = fields,
                                         .field_count = count};
    return shop_do(guan, caught, &command, error);
}

/* --- a field -----------------------------------------------------------------------------------------------------------------
 */

static int ask(struct guan *guan, struct caught *caught, const char *kase, const char *actor, const char *step, const char *field,
               const struct guan_pair *fields, size_t count)
{
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, caught};
    const struct guan_command command = {.verb = GUAN_STEP,
                                         .kase = kase,
                                         .name = step,
                                         .actor = actor,
                                         .at = "2026-03-07T10:05:00",
                                         .fields = fields,
                                         .field_count = count};
    caught->answer = NULL;
    int code = guan_field(guan, &command, field, &sink, &error);
    assert_int_equal(code, error.code);
    return code;
}

static void a_field_is_judged_as_the_record_would_be(void **state)
{
    (void)state;
    struct caught caught;
    struct guan *guan = counter_open(&caught);
    const char *kase = new_case(guan, &caught, "1", "王磊", "2026-03-07T10:00:00");
    static const struct {
        struct guan_pair pairs[2];
        size_t count;
        const char *reason; /* NULL: it will do */
    } cases[] = {
        {{{"channel", "shop"}}, 1, NULL},
        {{{"channel", "tram"}}, 1, "format"},
        {{{"channel", "phone"}, {"mobile", "13800000001"}}, 2, NULL},
        {{{"channel", "phone"}, {"mobile", "1380000000"}}, 2, "format"},
        {{{"count", "9"}}, 1, NULL},
        {{{"count", "0"}}, 1, "min"},
        {{{"count", "10"}}, 1, "max"},
        {{{"count", "two"}}, 1, "format"},
        {{{"sheet", "@/nowhere"}}, 1, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *field = cases[i].pairs[cases[i].count - 1].name;
        int code = ask(guan, &caught, kase, "周敏", "card", field, cases[i].pairs, cases[i].count);
        assert_int_equal(code, cases[i].reason ? GUAN_USAGE : GUAN_OK);
        const char *reason = value_get_text(caught.answer, "reason");
        if (cases[i].reason && *cases[i].reason) assert_string_equal(reason, cases[i].reason);
        /* the whole record says the same: what is refused alone is refused there */
        struct guan_pair all[3] = {{"channel", "shop"}, cases[i].pairs[cases[i].count - 1]};
        struct guan_error error;
        if (cases[i].reason && strcmp(field, "channel") != 0 && strcmp(field, "mobile") != 0)
            assert_int_not_equal(record(guan, &caught, kase, "card", all, 2, &error), GUAN_OK);
    }
    shop_close(guan, &caught);
}

static void a_field_says_whether_it_is_asked_for(void **state)
{
    (void)state;
    struct caught caught;
    struct guan *guan = counter_open(&caught);
    const char *kase = new_case(guan, &caught, "1", "王磊", "2026-03-07T10:00:00");
    const struct guan_pair shop = {"channel", "shop"}, phone = {"channel", "phone"};
    assert_int_equal(ask(guan, &caught, kase, "周敏", "card", "mobile", &shop, 1), GUAN_OK);
    assert_false(value_get_bool(caught.answer, "asked"));
    assert_int_equal(ask(guan, &caught, kase, "周敏", "card", "mobile", &phone, 1), GUAN_OK);
    assert_true(value_get_bool(caught.answer, "asked"));
    assert_true(value_get_bool(caught.answer, "required"));
    assert_true(value_get_bool(caught.answer, "personal"));
    assert_int_equal(ask(guan, &caught, kase, "周敏", "card", "count", &shop, 1), GUAN_OK);
    assert_string_equal(value_get_text(caught.answer, "default"), "2");
    assert_false(value_get_bool(caught.answer, "required"));
    shop_close(guan, &caught);
}

static void a_step_is_asked_about_and_nothing_is_recorded(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error = {0};
    struct guan *guan = counter_open(&caught);
    const char *kase = new_case(guan, &caught, "1", "王磊", "2026-03-07T10:00:00");
    assert_int_equal(ask(guan, &caught, kase, "周敏", "card", NULL, NULL, 0), GUAN_OK);
    assert_int_equal(value_count(value_get(caught.answer, "fields")), 5);
    assert_int_equal(ask(guan, &caught, kase, "陈静", "sign", NULL, NULL, 0), GUAN_NO);
    assert_string_equal(value_get_text(value_get(caught.answer, "refused"), "reason"), "after");
    assert_int_equal(ask(guan, &caught, kase, "周敏", "sign", NULL, NULL, 0), GUAN_NO);
    assert_string_equal(value_get_text(value_get(caught.answer, "refused"), "code"), "ROLE_DENIED");
    assert_int_equal(ask(guan, &caught, kase, "周敏", "crad", NULL, NULL, 0), GUAN_USAGE);
    assert_int_equal(ask(guan, &caught, kase, "nobody", "card", NULL, NULL, 0), GUAN_USAGE);
    struct caught log = {caught.arena, NULL, value_list(caught.arena)};
    struct guan_sink sink = {catch_answer, &log};
    assert_int_equal(guan_log(guan, kase, &sink, &error), GUAN_OK);
    assert_int_equal(value_count(log.all), 2); /* open, its transition */
    shop_close(guan, &caught);
}

/* --- lists -------------------------------------------------------------------------------------------------------------------
 */

static struct value *cases(struct guan *guan, struct caught *caught, const char *words, const char *actor, const char *due)
{
    struct guan_error error = {0};
    struct caught rows = {caught->arena, NULL, value_list(caught->arena)};
    struct guan_sink sink = {catch_answer, &rows};
    const struct guan_case_filter filter = {.words = words, .actor = actor, .due = due};
    int code = guan_cases(guan, &filter, &sink, &error);
    if (code != GUAN_OK) print_error("%s: %s\n", error.rule, error.text);
    assert_int_equal(code, GUAN_OK);
    return rows.all;
}

static void assign(struct guan *guan, struct caught *caught, const char *kase, const char *staff)
{
    struct guan_error error;
    const struct guan_command command = {
        .verb = GUAN_ASSIGN, .kase = kase, .name = staff, .actor = "陈静", .reason = "x", .at = "2026-03-07T10:05:00"};
    assert_int_equal(shop_do(guan, caught, &command, &error), GUAN_OK);
}

static void lists_are_by_whose_turn_it_is(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan_sink none = {NULL, NULL};
    struct guan *guan = counter_open(&caught);
    const char *one = new_case(guan, &caught, "1", "王磊", "2026-03-07T10:00:00");
    const char *two = new_case(guan, &caught, "2", "李娜", "2026-03-07T10:00:00");
    assert_int_equal(value_count(cases(guan, &caught, NULL, NULL, NULL)), 2);
    assert_int_equal(value_count(cases(guan, &caught, NULL, "周敏", NULL)), 2); /* a clerk's step is open in both */
    assert_int_equal(value_count(cases(guan, &caught, NULL, "陈静", NULL)), 2); /* and one of the boss */
    assign(guan, &caught, one, "陈静");
    struct value *mine = cases(guan, &caught, NULL, "陈静", NULL);
    assert_int_equal(value_count(mine), 2);
    const struct value *row = value_at(mine, strcmp(value_get_text(value_at(mine, 0), "case"), one) != 0);
    assert_string_equal(value_get_text(row, "owner"), "陈静");
    assert_string_equal(value_get_text(row, "customer"), "王磊");
    assert_string_equal(value_get_text(row, "phase"), "接待中");
    assert_string_equal(value_get_text(row, "what"), "信息卡");
    assert_int_equal(value_count(cases(guan, &caught, NULL, "周敏", NULL)), 2); /* the clerk's step is not the owner's to do */
    assign(guan, &caught, one, "周敏");
    struct value *others = cases(guan, &caught, NULL, "赵强", NULL); /* a clerk, too: the owner's own work is not hers to see */
    assert_int_equal(value_count(others), 1);
    assert_string_equal(value_get_text(value_at(others, 0), "case"), two);
    assign(guan, &caught, one, "陈静");
    const struct guan_pair shop = {"channel", "shop"};
    assert_int_equal(record(guan, &caught, one, "card", &shop, 1, &error), GUAN_OK);
    assert_int_equal(record(guan, &caught, two, "card", &shop, 1, &error), GUAN_OK);
    assert_int_equal(value_count(cases(guan, &caught, NULL, "周敏", NULL)), 0); /* only the boss's are left */
    assign(guan, &caught, two, "周敏");
    assert_int_equal(value_count(cases(guan, &caught, NULL, "周敏", NULL)), 1);
    assert_int_equal(record(guan, &caught, two, "over", NULL, 0, &error), GUAN_OK);
    assert_int_equal(value_count(cases(guan, &caught, NULL, "周敏", NULL)), 0); /* an ended one waits for nobody */
    const struct guan_case_filter nobody = {.actor = "nobody"};
    assert_int_equal(guan_cases(guan, &nobody, &none, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "unknown-actor");
    shop_close(guan, &caught);
}

static void lists_are_by_what_falls_due(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan_sink none = {NULL, NULL};
    struct guan *guan = counter_open(&caught);
    new_case(guan, &caught, "1", "王磊", "2026-03-07T10:00:00"); /* due at the end of the next day, in Shanghai */
    static const struct {
        const char *due;
        size_t count;
    } now[] = {{"today", 0}, {"tomorrow", 0}, {"week", 1}, {"2026-03-08", 0}, {"2026-03-09", 1}, {"late", 0}},
      later[] = {{"late", 1}, {"today", 0}, {"2026-03-09", 1}, {"week", 0}};
    for (size_t i = 0; i < sizeof now / sizeof *now; i++)
        assert_int_equal(value_count(cases(guan, &caught, NULL, NULL, now[i].due)), now[i].count);
    /* the clock goes on with another case; nobody has ticked, and the deadline is late all the same */
    new_case(guan, &caught, "2", "李娜", "2026-03-20T10:00:00");
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        struct value *rows = cases(guan, &caught, NULL, NULL, later[i].due);
        size_t count = 0;
        for (size_t r = 0; r < value_count(rows); r++)
            count += strcmp(value_get_text(value_at(rows, r), "customer"), "王磊") == 0;
        assert_int_equal(count, later[i].count);
    }
    const struct guan_case_filter wrong = {.due = "sometime"};
    assert_int_equal(guan_cases(guan, &wrong, &none, &error), GUAN_USAGE);
    shop_close(guan, &caught);
}

/* --- a customer by a number --------------------------------------------------------------------------------------------------
 */

static void a_customer_is_found_by_a_number_until_erased(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = counter_open(&caught);
    const char *kase = new_case(guan, &caught, "K-17", "王磊", "2026-03-07T10:00:00");
    new_case(guan, &caught, "K-18", "李娜", "2026-03-07T10:00:00");
    const struct guan_pair fields[] = {
        {"channel", "phone"}, {"mobile", "13800004711"}, {"contacts", "mobile:13900000815(valid),wechat:wl_camp01"}};
    assert_int_equal(value_count(cases(guan, &caught, "4711", NULL, NULL)), 0);
    assert_int_equal(record(guan, &caught, kase, "card", fields, 3, &error), GUAN_OK);
    static const char *const words[] = {"4711", "13800004711", "0815", "wl_camp", "王磊", "K-17"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct value *found = cases(guan, &caught, words[i], NULL, NULL);
        assert_int_equal(value_count(found), 1);
        assert_string_equal(value_get_text(value_at(found, 0), "case"), kase);
    }
    assert_int_equal(store_begin(guan->store, true, &error), GUAN_OK);
    assert_int_equal(store_erase(guan->store, kase, &error), GUAN_OK);
    assert_int_equal(store_commit(guan->store, &error), GUAN_OK);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_int_equal(value_count(cases(guan, &caught, words[i], NULL, NULL)), 0);
    shop_close(guan, &caught);
}

static void a_refused_number_is_not_found(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = counter_open(&caught);
    const char *kase = new_case(guan, &caught, "K-17", "王磊", "2026-03-07T10:00:00");
    const struct guan_pair fields[] = {{"channel", "phone"}, {"mobile", "13800004711"}, {"count", "10"}};
    assert_int_equal(record(guan, &caught, kase, "card", fields, 3, &error), GUAN_NO);
    assert_int_equal(value_count(cases(guan, &caught, "4711", NULL, NULL)), 0);
    shop_close(guan, &caught);
}

/* --- files -------------------------------------------------------------------------------------------------------------------
 */

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void evidence_path(const char *text, char out[300])
{
    struct hash hash;
    char hex[HASH_HEX];
    hash_bytes(text, strlen(text), &hash);
    hash_hex(&hash, hex);
    snprintf(out, 300, "%s.evidence/%.2s/%s", store_path, hex, hex);
}

static int verify(struct guan *guan, struct caught *caught, struct guan_error *error)
{
    struct guan_sink sink = {catch_answer, caught};
    error_clear(error);
    return guan_verify(guan, &sink, error);
}

static void a_file_is_kept_and_held_against_the_record(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct stat info, again;
    struct guan *guan = counter_open(&caught);
    char source[120], argument[130], kept[300];
    const char *kase = new_case(guan, &caught, "K-17", "王磊", "2026-03-07T10:00:00");
    snprintf(source, sizeof source, "%s/sheet.pdf", folder);
    snprintf(argument, sizeof argument, "@%s", source);
    write_file(source, "one page");
    evidence_path("one page", kept);
    const struct guan_pair fields[] = {{"channel", "shop"}, {"sheet", argument}};
    assert_int_equal(record(guan, &caught, kase, "card", fields, 2, &error), GUAN_OK);
    assert_int_equal(stat(kept, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(record(guan, &caught, kase, "card", fields, 2, &error), GUAN_OK);
    assert_int_equal(stat(kept, &again), 0);
    assert_int_equal(info.st_ino, again.st_ino); /* not written again */
    assert_int_equal(verify(guan, &caught, &error), GUAN_OK);

    write_file(kept, "two page"); /* of the same size */
    assert_int_equal(verify(guan, &caught, &error), GUAN_TAMPERED);
    const struct value *bad = value_get(caught.answer, "bad");
    assert_string_equal(value_get_text(bad, "case"), kase);
    assert_int_equal(value_get_int(bad, "n"), 3);
    assert_non_null(strstr(value_get_text(bad, "text"), kept));
    write_file(kept, "one page and more");
    assert_int_equal(verify(guan, &caught, &error), GUAN_TAMPERED);
    unlink(kept);
    assert_int_equal(verify(guan, &caught, &error), GUAN_TAMPERED);
    assert_int_equal(symlink(source, kept), 0);
    assert_int_equal(verify(guan, &caught, &error), GUAN_TAMPERED);
    assert_int_equal(record(guan, &caught, kase, "card", fields, 2, &error), GUAN_OK); /* puts it back in the link's place */
    assert_int_equal(verify(guan, &caught, &error), GUAN_OK);
    shop_close(guan, &caught);
}

static void what_is_no_file_is_not_taken(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = counter_open(&caught);
    const char *kase = new_case(guan, &caught, "K-17", "王磊", "2026-03-07T10:00:00");
    char source[120], link[120], pipe[120], argument[4][130];
    snprintf(source, sizeof source, "%s/a.txt", folder);
    snprintf(link, sizeof link, "%s/link", folder);
    snprintf(pipe, sizeof pipe, "%s/pipe", folder);
    write_file(source, "a");
    assert_int_equal(symlink(source, link), 0);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    snprintf(argument[0], sizeof argument[0], "@%s", link);
    snprintf(argument[1], sizeof argument[1], "@%s", pipe);
    snprintf(argument[2], sizeof argument[2], "@%s", folder);
    snprintf(argument[3], sizeof argument[3], "@%s/none", folder);
    for (size_t i = 0; i < 4; i++) {
        const struct guan_pair fields[] = {{"channel", "shop"}, {"sheet", argument[i]}};
        assert_int_equal(record(guan, &caught, kase, "card", fields, 2, &error), GUAN_USAGE);
        assert_string_equal(error.rule, "evidence");
    }
    unlink(link);
    unlink(pipe);
    shop_close(guan, &caught);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_judged_as_the_record_would_be),
        cmocka_unit_test(a_field_says_whether_it_is_asked_for),
        cmocka_unit_test(a_step_is_asked_about_and_nothing_is_recorded),
        cmocka_unit_test(lists_are_by_whose_turn_it_is),
        cmocka_unit_test(lists_are_by_what_falls_due),
        cmocka_unit_test(a_customer_is_found_by_a_number_until_erased),
        cmocka_unit_test(a_refused_number_is_not_found),
        cmocka_unit_test(a_file_is_kept_and_held_against_the_record),
        cmocka_unit_test(what_is_no_file_is_not_taken),
    };
    if (!mkdtemp(folder)) return 1;
    snprintf(store_path, sizeof store_path, "%s/guan.db", folder);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char remove[100];
    snprintf(remove, sizeof remove, "rm -rf '%s'", folder);
    if (system(remove) != 0) failed++;
    return failed;
}
