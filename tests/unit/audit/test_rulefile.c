/* Rule files: what is wrong with them, with its place; and every kind of rule, kept and broken, over small logs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/rulefile.h"
#include "shop.h"

/* --- files ---------------------------------------------------------------------------------------------------------------------
 */

struct problems {
    char text[4000];
};

static void note(void *user, const struct diagnostic *d)
{
    struct problems *problems = user;
    size_t used = strlen(problems->text);
    snprintf(problems->text + used, sizeof problems->text - used, "%u:%u %s;", d->place.line, d->place.col, d->rule);
    assert_true(d->text[0] && d->hint && d->hint[0]);
}

static void what_is_wrong_has_a_place(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        {"<rules xmlns='urn:guan:1'>\n<rule id='a' kind='precedes' first='x' of='y'/></rules>", ""},
        {"<rules>\n<rule id='a' kind='precedes' first='x' of='y'/></rules>", "1:1 unknown-root;"},
        {"<rules xmlns='urn:guan:1'/>", "1:1 no-rules;"},
        {"<rules xmlns='urn:guan:1'>\n <rul/></rules>", "1:1 no-rules;2:2 unknown-element;"},
        {"<rules xmlns='urn:guan:1'>\n<rule id='a' kind='preceeds' first='x' of='y'/></rules>", "2:14 unknown-kind;"},
        {"<rules xmlns='urn:guan:1'>\n<rule id='a' kind='precedes' of='y'/></rules>", "2:1 missing-attribute;"},
        {"<rules xmlns='urn:guan:1'>\n<rule id='a' kind='precedes' of='y' first='x' max='2'/></rules>", "2:47 rule-attribute;"},
        {"<rules xmlns='urn:guan:1'>\n<rule id='a' kind='prohibit' of='y' mode='warn'/></rules>", "2:37 rule-attribute;"},
        {"<rules xmlns='urn:guan:1'>\n<rule id='a' kind='limit' of='y' max='-1'/></rules>", "2:34 bad-number;"},
        {"<rules xmlns='urn:guan:1'>\n<rule id='a' kind='responds' of='y' then='x' within='2 days'/></rules>",
         "2:46 bad-duration;"},
        {"<rules xmlns='urn:guan:1'>\n<rule id='a' kind='separate' of='y'/></rules>", "2:30 of-one;"},
        {"<rules xmlns='urn:guan:1'>\n<rule id='a' kind='prohibit' of='y' when='form.x >'/></rules>", "2:37 lua-syntax;"},
        {"<rules xmlns='urn:guan:1'>\n<rule id='a' kind='prohibit' of=\"'y\"/></rules>", "2:30 open-quote;2:30 no-names;"},
        {"<rules xmlns='urn:guan:1'>\n<rule id='a' kind='prohibit' of='y' severity='bad'/></rules>", "2:37 bad-word;"},
        {"<rules xmlns='urn:guan:1'>\n<rule id='a' kind='prohibit' of='y'/>\n<rule id='a' kind='prohibit' of='y'/></rules>",
         "3:1 duplicate-rule;"},
        {"<!DOCTYPE rules>\n<rules xmlns='urn:guan:1'/>", "1:1 doctype;"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct arena *arena = arena_new();
        struct rulefile file;
        struct guan_error error = {0};
        struct problems problems = {""};
        int code = rulefile_read("r.xml", files[i][0], strlen(files[i][0]), arena, note, &problems, &file, &error);
        assert_string_equal(problems.text, files[i][1]);
        assert_int_equal(code, files[i][1][0] ? GUAN_NO : GUAN_OK);
        arena_free(arena);
    }
}

/* --- rules over a log
 * ------------------------------------------------------------------------------------------------------------ */

static void write_file(char path[40], const char *end, const char *text)
{
    snprintf(path, 40, "/tmp/guan-rules-XXXXXX%s", end);
    int fd = mkstemps(path, (int)strlen(end));
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

/* What a rule says of each case: "c1=violated c2=due", the others not named; the rule's row is caught->answer. */
static void ask(struct caught *caught, const char *rule, const char *log, const struct guan_past *more, char out[400], int *code)
{
    char rules_path[40], log_path[40], text[2000];
    struct guan_past past = more ? *more : (struct guan_past){0};
    struct guan_sink sink = {catch_answer, caught};
    struct guan_error error = {0};
    snprintf(text, sizeof text, "<rules xmlns='urn:guan:1'><rule id='r' %s/></rules>", rule);
    write_file(rules_path, ".xml", text);
    write_file(log_path, ".csv", log);
    past.file = rules_path;
    past.log = log_path;
    caught->arena = arena_new();
    caught->all = value_list(caught->arena);
    *code = guan_past(NULL, &past, &sink, &error);
    if (*code > GUAN_NO) print_error("%s %s %s\n", error.rule, error.where, error.text);
    out[0] = 0;
    for (size_t i = 0; i < value_count(caught->all); i++) {
        const struct value *row = value_at(caught->all, i);
        const char *kase = value_get_text(row, "case");
        size_t used = strlen(out);
        if (value_get(row, "kind")) caught->answer = value_at(caught->all, i);
        if (kase) snprintf(out + used, 400 - used, "%s%s=%s", used ? " " : "", kase, value_get_text(row, "verdict"));
    }
    unlink(rules_path);
    unlink(log_path);
}

#define H                "case,activity,time,resource,role,lifecycle,evidence,amount,ended\n"
#define E(c, a, t)       c "," a ",2026-03-0" t ",,,,,,\n"
#define BY(c, a, t, who) c "," a ",2026-03-0" t "," who ",,,,,\n"
#define OPEN(c, a, t)    c "," a ",2026-03-0" t ",,,,,,false\n"

static void every_kind_is_kept_and_broken(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *log, *expected;
        int activations;
    } tries[] = {
        {"kind='prohibit' of='x'", H E("a", "y", "1") E("b", "x", "1"), "b=violated", 1},
        {"kind='prohibit' of='x' when='form.amount &gt; 5'", H "a,x,2026-03-01,,,,,5,\nb,x,2026-03-01,,,,,6,\n", "b=violated", 2},
        {"kind='limit' of='x' max='2' within='P2D'",
         H E("a", "x", "1") E("a", "x", "2") E("a", "x", "4") E("b", "x", "1T01:00") E("b", "x", "1T02:00")
             E("b", "x", "1T03:00"),
         "b=violated", 6},
        {"kind='limit' of='x' max='2' by='actor'",
         H BY("a", "x", "1", "p") BY("a", "x", "2", "p") BY("a", "x", "3", "q") BY("b", "x", "1", "p") BY("b", "x", "2", "p")
             BY("b", "x", "3", "p"),
         "b=violated", 6},
        {"kind='limit' of='x' max='10' sum='amount'",
         H "a,x,2026-03-01,,,,,4,\na,x,2026-03-01,,,,,6,\nb,x,2026-03-01,,,,,10.50,\n", "b=violated", 3},
        {"kind='limit' of='x' max='2' within='P1D' by='actor' scope='dealer'",
         H BY("a", "x", "1T01:00", "p") BY("b", "x", "1T02:00", "p") BY("c", "x", "1T03:00", "p") BY("d", "x", "1T04:00", "q")
             BY("e", "x", "3T02:00", "p"),
         "c=violated", 5},
        {"kind='limit' of='x' max='1' within='P2D'", H E("a", "x", "1") E("a", "x", "3") E("b", "x", "1") E("b", "x", "2"),
         "b=violated", 4}, /* what is a whole window ago is out of it */
        {"kind='limit' of='x' max='1' scope='dealer'", H E("a", "x", "3") E("b", "x", "1"), "a=violated", 2}, /* by time */
        {"kind='min-gap' of='x' within='P2D'", H E("a", "x", "1") E("a", "x", "3") E("b", "x", "1") E("b", "x", "2"),
         "b=violated", 2},
        {"kind='max-gap' of='x' from='s' within='P1D'",
         H E("a", "s", "1") E("a", "x", "2") E("a", "x", "3") E("b", "s", "1") E("b", "x", "3") OPEN("c", "s", "3")
             OPEN("d", "s", "1"),
         "b=violated c=due d=violated", 5},
        {"kind='max-gap' of='x' from='s' within='P1D' until='z'",
         H E("a", "s", "1") E("a", "z", "2") E("a", "x", "8") E("b", "s", "1") E("b", "z", "3"), "b=violated", 2},
        {"kind='share' of='x' among='x y' max='50' sample='2'",
         H E("a", "x", "1") E("a", "y", "2") E("a", "x", "3") E("a", "y", "4") E("b", "y", "1") E("b", "x", "2"), "a=violated",
         2},
        {"kind='precedes' first='x' of='y'",
         H E("a", "x", "1") E("a", "y", "2") E("b", "y", "1") E("b", "x", "2") E("c", "y", "1") E("c", "x", "1"), "b=violated",
         3},
        {"kind='precedes' first='x' of='y' within='P1D'", H E("a", "x", "1") E("a", "y", "2") E("b", "x", "1") E("b", "y", "3"),
         "b=violated", 2},
        {"kind='precedes' first='x' of='y' once='yes'", H E("a", "y", "1") E("a", "y", "2"), "a=violated", 1},
        {"kind='data' of='x' check='form.amount == 5'", H "a,x,2026-03-01,,,,,5,\nb,x,2026-03-01,,,,,6,\n", "b=violated", 2},
        {"kind='separate' of='x y'",
         H BY("a", "x", "1", "p") BY("a", "y", "2", "q") BY("b", "x", "1", "p") BY("b", "y", "2", "p"), "b=violated", 4},
        {"kind='same-actor' of='x y'",
         H BY("a", "x", "1", "p") BY("a", "y", "2", "p") BY("b", "x", "1", "p") BY("b", "y", "2", "q"), "b=violated", 4},
        {"kind='occurs' of='x'", H E("a", "x", "1") E("b", "y", "1") OPEN("c", "y", "1"), "b=violated c=pending", 3},
        {"kind='occurs' of='x' max='1'", H E("a", "x", "1") E("b", "y", "1") E("c", "x", "1") E("c", "x", "2"), "c=violated", 4},
        {"kind='occurs' of='x' within='P1D'",
         H E("a", "x", "1") E("b", "y", "1") E("b", "x", "3") OPEN("c", "y", "1") OPEN("d", "y", "3"),
         "b=violated c=violated d=due", 5},
        {"kind='starts' of='x'", H E("a", "x", "1") E("b", "y", "1") E("b", "x", "2"), "b=violated", 2},
        {"kind='ends' of='x'", H E("a", "x", "2") E("a", "y", "1") E("b", "x", "1") E("b", "y", "2") OPEN("c", "y", "1"),
         "b=violated c=pending", 3},
        {"kind='responds' of='x' then='y' within='P1D'",
         H E("a", "x", "1") E("a", "y", "2") E("b", "x", "1") E("b", "y", "3") E("c", "x", "1") OPEN("d", "x", "3")
             OPEN("e", "x", "1"),
         "b=violated c=violated d=due e=violated", 5},
        {"kind='responds' of='x' then='y'", H OPEN("a", "x", "1") E("b", "x", "1") E("b", "x", "2") E("b", "y", "3"), "a=pending",
         3},
        {"kind='next' of='x' then='y'",
         H E("a", "x", "1") E("a", "y", "2") E("b", "x", "1") E("b", "z", "2") E("b", "y", "3") OPEN("c", "x", "1"),
         "b=violated c=pending", 3},
        {"kind='alternates' of='x' then='y'",
         H E("a", "x", "1") E("a", "y", "2") E("a", "x", "3") E("a", "y", "4") E("b", "x", "1") E("b", "x", "2") E("b", "y", "3"),
         "b=violated", 4},
        {"kind='excludes' of='x y'", H E("a", "x", "1") E("a", "x", "2") E("b", "x", "1") E("b", "y", "2"), "b=violated", 3},
        {"kind='authority' of='x' role='boss'", H "a,x,2026-03-01,p,boss,,,,\nb,x,2026-03-01,p,clerk,,,,\n", "b=violated", 2},
        {"kind='evidence' of='x' evidence='photo'", H "a,x,2026-03-01,,,,sheet photo,,\nb,x,2026-03-01,,,,photos,,\n",
         "b=violated", 2},
        {"kind='waiver' of='x' role='boss' max='1'",
         H "a,x,2026-03-01,p,boss,manualskip,,,\nb,x,2026-03-01,p,clerk,manualskip,,,\nc,x,2026-03-01,p,boss,manualskip,,,\n"
           "c,x,2026-03-02,p,boss,manualskip,,,\nd,x,2026-03-01,p,clerk,,,,\n",
         "b=violated c=violated", 4},
        {"kind='waiver' of='x'", H "a,x,2026-03-01,p,boss,manualskip,,,\n", "a=violated", 1},
        /* a waived step answers, and asks for nothing; other parts of a life are not looked at unless they are named */
        {"kind='responds' of='x' then='y'",
         H "a,x,2026-03-01,,,manualskip,,,\nb,x,2026-03-01,,,,,,\nb,y,2026-03-02,,,manualskip,,,\n", "", 1},
        {"kind='prohibit' of='x+start'", H "a,x,2026-03-01,,,start,,,\nb,x,2026-03-01,,,complete,,,\n", "a=violated", 1},
        {"kind='prohibit' of='x'", H "a,x,2026-03-01,,,start,,,\n", "", 0},
        /* names */
        {"kind='prohibit' of='S'", H E("a", "P.S", "1") E("b", "P.T", "1") E("c", "P.Q.S", "1"), "a=violated", 1},
        {"kind='prohibit' of='P.*'", H E("a", "P.S", "1") E("b", "PP.T", "1"), "a=violated", 1},
        {"kind='prohibit' of=\"'pay it' z\"", H E("a", "pay it", "1") E("b", "pay", "1"), "a=violated", 1},
    };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct caught caught;
        char out[400];
        int code;
        ask(&caught, tries[i].rule, tries[i].log, NULL, out, &code);
        if (strcmp(out, tries[i].expected) != 0) print_error("%s\n", tries[i].rule);
        assert_string_equal(out, tries[i].expected);
        if (value_get_int(caught.answer, "activations") != tries[i].activations) print_error("%s\n", tries[i].rule);
        assert_int_equal(value_get_int(caught.answer, "activations"), tries[i].activations);
        assert_int_equal(value_get_bool(caught.answer, "vacuous"), tries[i].activations == 0);
        assert_int_equal(code, strstr(out, "violated") ? GUAN_NO : GUAN_OK);
        arena_free(caught.arena);
    }
}

static void what_cannot_be_computed_is_no_yes(void **state)
{
    (void)state;
    struct caught caught;
    char out[400];
    int code;
    ask(&caught, "kind='prohibit' of='x' when='form.amount &gt; 5'", H E("a", "x", "1"), NULL, out, &code);
    assert_string_equal(out, "");
    assert_int_equal(code, GUAN_NO);
    assert_int_equal(value_get_int(caught.answer, "errors"), 1);
    assert_non_null(strstr(value_get_text(caught.answer, "error"), "case a, event 1"));
    arena_free(caught.arena);
    ask(&caught, "kind='prohibit' of='x' when='(function() while true do end end)()'", H E("a", "x", "1"), NULL, out, &code);
    assert_int_equal(code, GUAN_NO);
    assert_int_equal(value_get_int(caught.answer, "errors"), 1);
    arena_free(caught.arena);
    ask(&caught, "kind='prohibit' of='x' when='os.exit(0)'", H E("a", "x", "1"), NULL, out, &code);
    assert_int_equal(value_get_int(caught.answer, "errors"), 1);
    arena_free(caught.arena);
}

static void since_and_cases_choose(void **state)
{
    (void)state;
    struct caught caught;
    char out[400];
    int code;
    const char *only = "b", *nobody = "q";
    const struct guan_past later = {.since = "2026-03-02"}, one = {.cases = &only, .case_count = 1},
                           none = {.cases = &nobody, .case_count = 1};
    static const char log[] = H E("a", "x", "1") E("b", "x", "3");
    ask(&caught, "kind='prohibit' of='x'", log, &later, out, &code);
    assert_string_equal(out, "b=violated");
    arena_free(caught.arena);
    ask(&caught, "kind='prohibit' of='x'", log, &one, out, &code);
    assert_string_equal(out, "b=violated");
    arena_free(caught.arena);
    ask(&caught, "kind='limit' of='x' max='1' scope='dealer'", log, &one, out, &code);
    assert_string_equal(out, "b=violated"); /* the other case counts, but is not told */
    arena_free(caught.arena);
    const char *first = "a";
    const struct guan_past other = {.cases = &first, .case_count = 1};
    ask(&caught, "kind='limit' of='x' max='1' scope='dealer'", log, &other, out, &code);
    assert_string_equal(out, "");
    arena_free(caught.arena);
    ask(&caught, "kind='prohibit' of='x'", log, &none, out, &code);
    assert_int_equal(code, GUAN_USAGE);
    arena_free(caught.arena);
}

/* --- over the journal
 * -------------------------------------------------------------------------------------------------------------- */

static int over_journal(struct guan *guan, struct caught *caught, const char *end, const char *text)
{
    char path[40];
    struct guan_sink sink = {catch_answer, caught};
    struct guan_error error = {0};
    write_file(path, end, text);
    const struct guan_past past = {.file = path};
    caught->all = value_list(caught->arena);
    int code = guan_past(guan, &past, &sink, &error);
    if (code > GUAN_NO) print_error("%s %s %s\n", error.rule, error.where, error.text);
    unlink(path);
    return code;
}

static void the_journal_is_judged(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    static const char rules[] =
        "<rules xmlns='urn:guan:1'><rule id='greeted' kind='responds' of='visit.arrive' then='visit.greet' "
        "within='T-LAG'/></rules>";
    shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error);
    assert_int_equal(over_journal(guan, &caught, ".xml", rules), GUAN_OK);
    const struct value *row = value_at(caught.all, 0);
    assert_string_equal(value_get_text(row, "verdict"), "due");
    assert_string_equal(value_get_text(row, "due"), "2026-03-07T04:02:00.000Z");
    assert_string_equal(value_get_text(row, "due_local"), "2026-03-07 12:02:00"); /* the dealer's */
    assert_string_equal(value_get_text(value_at(value_get(row, "events"), 0), "actor"), "周敏");
    assert_int_equal(over_journal(guan, &caught, ".scxml", shop_visit), GUAN_OK); /* a run that goes on */
    shop_step(guan, &caught, kase, "visit.greet", "2026-03-07T12:02:30", NULL, NULL, &error);
    assert_int_equal(over_journal(guan, &caught, ".xml", rules), GUAN_NO);
    assert_string_equal(value_get_text(value_at(caught.all, 0), "verdict"), "violated");
    shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T13:02:00", "channel", "shop", &error);
    shop_step(guan, &caught, kase, "visit.greet", "2026-03-07T13:02:30", NULL, NULL, &error);
    shop_step(guan, &caught, kase, "note", "2026-03-07T13:03:00", "text", "x", &error);
    assert_int_equal(over_journal(guan, &caught, ".scxml", shop_visit), GUAN_OK); /* two sessions, each a run */
    assert_int_equal(value_get_int(caught.answer, "traces"), 2);
    assert_int_equal(value_get_int(caught.answer, "variants"), 1);
    assert_int_equal(value_get_int(caught.answer, "aligned_events"), 4);
    assert_int_equal(over_journal(guan, &caught, ".scxml", shop_root), GUAN_OK); /* the root sees what it is told */
    assert_int_equal(value_get_int(caught.answer, "traces"), 1);
    assert_int_equal(value_get_int(caught.answer, "aligned_events"), 3);
    shop_close(guan, &caught);
}

static void a_log_is_aligned_with_a_flow(void **state)
{
    (void)state;
    struct caught caught;
    char flow[40], log[40], map[40];
    struct guan_sink sink = {catch_answer, &caught};
    struct guan_error error = {0};
    write_file(flow, ".scxml", shop_visit);
    write_file(
        log, ".csv",
        "case,activity\na,到店\na,hello\nb,到店\nb,hello\nc,hello\nc,visit.arrive\nd,arrive\nd,dance\nd,hello\nd,smalltalk\n");
    write_file(map, ".csv", "activity,name\nhello,greet\nsmalltalk,\n");
    const struct guan_past past = {.file = flow, .log = log, .map = map};
    caught.arena = arena_new();
    caught.all = value_list(caught.arena);
    assert_int_equal(guan_past(NULL, &past, &sink, &error), GUAN_NO);
    const struct value *total = caught.answer, *worst = NULL;
    assert_int_equal(value_get_int(total, "traces"), 4);
    assert_int_equal(value_get_int(total, "variants"), 3);
    assert_int_equal(value_get_int(total, "fitting"), 2);
    assert_int_equal(value_get_int(total, "shortest"), 2);
    for (size_t i = 0; i < value_count(caught.all) && !worst; i++)
        if (value_get(value_at(caught.all, i), "moves")) worst = value_at(caught.all, i);
    assert_int_equal(value_get_int(worst, "cost"), 2);
    assert_string_equal(value_get_text(worst, "case"), "c");
    /* 1 - (0 + 0 + 2 + 1) / (4 + 4 + 4 + 5) */
    assert_true(value_get(total, "fitness")->as.real > 0.8234 && value_get(total, "fitness")->as.real < 0.8236);
    unlink(flow);
    unlink(log);
    unlink(map);
    arena_free(caught.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_has_a_place),
        cmocka_unit_test(every_kind_is_kept_and_broken),
        cmocka_unit_test(what_cannot_be_computed_is_no_yes),
        cmocka_unit_test(since_and_cases_choose),
        cmocka_unit_test(the_journal_is_judged),
        cmocka_unit_test(a_log_is_aligned_with_a_flow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
