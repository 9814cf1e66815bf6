/* Coverage: which clause is where, which story goes through it, how it stands in a store; and what no story shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "case/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NS "xmlns='urn:guan:1'"

static const char flow[] =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' name='wash'"
    " initial='wet' g:role='clerk' g:clause='C-1'>"
    "<state id='wet' g:clause='C-2 C-9'>"
    "<g:step id='soap' title='上泡' clause='C-2'><g:field name='colour' title='颜色' type='choice' of='red blue' required='no'"
    " clause='C-3'/><g:field name='who' title='谁' type='text' required='no' clause='C-4'/>"
    "<g:field name='parts' title='部位' type='list' required='no'><g:field name='part' title='部位' type='text' personal='no'"
    " clause='C-5'/></g:field></g:step>"
    "<g:step id='rinse' title='冲洗' clause='L-1' after='soap' waive-by='boss'>"
    "<g:deadline id='rinsed' within='PT1H' clause='C-6 L-1'/></g:step>"
    "<g:step id='shout' title='喊' required='no' repeat='yes' role='clerk|boss'/>"
    "<g:rule id='quiet' kind='limit' of='shout' max='1' within='PT1H' mode='warn' clause='C-7'/>"
    "<g:step id='scream' title='叫' required='no'><g:deadline id='screamed' within='PT1H' severity='none' "
    "clause='C-14'/></g:step><g:rule id='never' kind='prohibit' of='scream' clause='C-13'/>"
    "<transition event='complete.wet' target='dry'/>"
    "<transition event='give_up' target='out' g:gate='open' g:clause='C-8'/>"
    "</state><state id='dry'><transition event='leave' target='out'/></state><final id='out'/></scxml>";
static const char other_flow[] =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' name='other'>"
    "<state id='idle'><g:step id='nothing' title='无' clause='C-10'/><transition event='stop' target='end'/></state>"
    "<final id='end'/></scxml>";
static const char clauses[] =
    "<standard id='C' title='标准' " NS "><clause id='C-1' title='章' kind='heading'/>"
    "<clause id='C-2' title='步骤' parent='C-1' kind='step'/>"
    "<clause id='C-3' title='颜色' kind='field'/><clause id='C-4' title='谁' kind='field'/>"
    "<clause id='C-5' title='部位' kind='field'/><clause id='C-6' title='时限' kind='time'/>"
    "<clause id='C-7' title='频次' kind='frequency'/><clause id='C-8' title='放弃' kind='order'/>"
    "<clause id='C-9' title='只在状态' kind='order'/><clause id='C-10' title='没人做' kind='step'/>"
    "<clause id='C-11' title='目标' kind='aim' test='no' why='看不出'/>"
    "<clause id='C-12' title='没写进流程' kind='step'/>"
    "<clause id='C-13' title='不许叫' kind='prohibition'/><clause id='C-14' title='快叫' kind='time'/></standard>";
static const char law[] =
    "<standard id='L' title='法' class='law' " NS "><clause id='L-1' title='冲' class='standard'/></standard>";
static const char practice[] = "<standard id='P' title='惯例' class='practice' " NS "><clause id='P-1' title='随便'/></standard>";
static const char parameters[] =
    "<parameters " NS "><parameter id='T-LAG' type='duration' value='PT2H' basis='proposal' title='补录'/></parameters>";
static const char roles[] = "<roles " NS "><role id='clerk' title='店员'/><role id='boss' title='店长'/></roles>";
static const char dealer[] =
    "<dealer id='base' title='店' zone='Asia/Shanghai' " NS "><person id='staff:1' name='周敏' roles='clerk'/>"
    "<person id='staff:2' name='陈静' roles='boss'/></dealer>";

#define HEAD "process wash\ndealer base\n"
static const char good[] = "story 好好洗\n" HEAD "2026-03-07T10:00 周敏 wash.soap colour=red who=张三\n"
                           "2026-03-07T10:10 周敏 wash.rinse\n2026-03-07T10:11 周敏 wash.leave\nexpect findings none\n";
static const char parts[] = "story 部位\n" HEAD "2026-03-07T10:00 周敏 wash.soap parts=A(part=door)\n"
                            "2026-03-07T10:20 周敏 wash.give_up\nexpect findings none\n";
static const char loud[] =
    "story 吵\n" HEAD "2026-03-07T10:00 周敏 wash.shout\n2026-03-07T10:01 陈静 wash.shout\n2026-03-07T10:02 周敏 wash.soap\n"
    "2026-03-07T11:30 周敏 wash.rinse\n2026-03-07T11:31 周敏 wash.leave\n"
    "expect finding FREQ_EXCEEDED minor C-7\nexpect finding STEP_LATE minor C-6\n";
static const char wrong[] = "story 不通过\n" HEAD "2026-03-07T10:00 周敏 wash.soap parts=A(part=door)\nexpect state dry\n";
static const char waived[] = "story 免了\n" HEAD "2026-03-07T10:00 周敏 wash.soap\n"
                             "2026-03-07T10:01 陈静 waive wash.rinse reason=下雨\n2026-03-07T10:02 周敏 wash.leave\n";
static const char refused[] = "story 被拒\n" HEAD "2026-03-07T10:00 周敏 wash.rinse !refused\n2026-03-07T10:01 周敏 wash.scream "
                              "!refused C-13\n2026-03-07T10:05 周敏 wash.give_up\n";

struct world_of_test {
    char dir[64];
    struct arena *arena;
    struct value *rows; /* by clause; under "summary" the last */
    struct value *all;
};

static int collect(void *user, const char *json, size_t length)
{
    struct world_of_test *w = user;
    struct value *row;
    assert_int_equal(json_read(w->arena, json, length, &row, NULL), GUAN_OK);
    value_add(w->arena, w->all, row);
    const char *clause = value_get_text(row, "clause");
    if (clause) value_set(w->arena, w->rows, clause, row);
    if (value_get(row, "summary")) value_set(w->arena, w->rows, "summary", value_get(row, "summary"));
    return 0;
}

static void put(const struct world_of_test *w, const char *path, const char *text)
{
    char full[200];
    snprintf(full, sizeof full, "%s/%s", w->dir, path);
    for (char *slash = strchr(full + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(full, 0700);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int setup(void **state)
{
    struct world_of_test *w = calloc(1, sizeof *w);
    snprintf(w->dir, sizeof w->dir, "/tmp/guan-coverage-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    w->arena = arena_new();
    w->rows = value_map(w->arena);
    w->all = value_list(w->arena);
    put(w, "processes/wash.scxml", flow);
    put(w, "processes/other.scxml", other_flow);
    put(w, "processes/standards/c.xml", clauses);
    put(w, "processes/standards/l.xml", law);
    put(w, "processes/standards/p.xml", practice);
    put(w, "processes/parameters.xml", parameters);
    put(w, "processes/roles.xml", roles);
    put(w, "scripts/dealers/base/dealer.xml", dealer);
    put(w, "s/good.story", good);
    put(w, "s/parts.story", parts);
    put(w, "s/loud.story", loud);
    put(w, "s/wrong.story", wrong);
    put(w, "s/refused.story", refused);
    put(w, "s/waived.story", waived);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world_of_test *w = *state;
    char command[120];
    snprintf(command, sizeof command, "rm -r %s", w->dir);
    int code = system(command);
    arena_free(w->arena);
    free(w);
    return code;
}

/* Names of stories, in the folder s/. */
static int cover(struct world_of_test *w, struct guan *guan, const char *clause, const char *const *names, size_t count,
                 struct guan_error *error)
{
    const char *files[8];
    const struct guan_sink sink = {collect, w};
    for (size_t i = 0; i < count; i++) files[i] = arena_printf(w->arena, "%s/s/%s.story", w->dir, names[i]);
    const struct guan_coverage what = {.dir = w->dir, .stories = files, .story_count = count, .clause = clause};
    return guan_coverage(guan, &what, &sink, error);
}

static const char *status(struct world_of_test *w, const char *clause)
{
    return value_get_text(value_get(w->rows, clause), "status");
}

static const char *stories_of(struct world_of_test *w, const char *clause)
{
    const struct value *list = value_get(value_get(w->rows, clause), "stories");
    const char *all = "";
    for (size_t i = 0; i < value_count(list); i++) all = arena_printf(w->arena, "%s%s ", all, value_as_text(value_at(list, i)));
    return all;
}

static const char *places(struct world_of_test *w, const char *clause)
{
    const struct value *list = value_get(value_get(w->rows, clause), "encoded");
    const char *all = "";
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *one = value_at(list, i);
        all = arena_printf(w->arena, "%s%s:%s:%s:%s ", all, value_get_text(one, "process"), value_get_text(one, "kind"),
                           value_get_text(one, "state"), value_get_text(one, "id"));
    }
    return all;
}

static void by_clause(void **state)
{
    static const char *const all[] = {"good", "parts", "loud"};
    struct world_of_test *w = *state;
    struct guan_error error = {0};
    assert_int_equal(cover(w, NULL, NULL, all, 3, &error), GUAN_NO); /* C-10, C-12, C-13 */
    assert_string_equal(error.rule, "coverage");
    assert_string_equal(status(w, "C-1"), "heading");
    assert_string_equal(status(w, "C-11"), "untestable");
    assert_string_equal(value_get_text(value_get(w->rows, "C-11"), "why"), "看不出");
    assert_string_equal(status(w, "C-12"), "missing");
    assert_string_equal(status(w, "C-10"), "encoded");
    assert_string_equal(stories_of(w, "C-2"), "good parts loud ");
    assert_string_equal(stories_of(w, "C-3"), "good ");      /* a plain field */
    assert_string_equal(stories_of(w, "C-4"), "good ");      /* a personal one */
    assert_string_equal(stories_of(w, "C-5"), "parts ");     /* of a record */
    assert_string_equal(stories_of(w, "C-6"), "good loud "); /* met; missed */
    assert_string_equal(stories_of(w, "C-7"), "loud ");
    assert_string_equal(stories_of(w, "C-8"), "parts ");
    assert_string_equal(stories_of(w, "C-9"), "good parts loud "); /* nothing smaller cites it */
    assert_string_equal(places(w, "C-2"), "wash:state:wet:wet wash:step:wet:soap ");
    assert_string_equal(places(w, "C-5"), "wash:field:wet:soap.parts.part ");
    assert_string_equal(places(w, "C-6"), "wash:deadline:wet:rinsed ");
    assert_string_equal(places(w, "C-7"), "wash:rule:wet:quiet ");
    assert_string_equal(places(w, "C-8"), "wash:transition:wet:wet/give_up/out ");
    assert_null(value_get(value_get(w->rows, "C-2"), "stands"));
    assert_null(value_get(w->rows, "T-LAG")); /* a parameter is no clause of a standard */

    const struct value *summary = value_get(w->rows, "summary"), *gaps = value_get(summary, "gaps");
    assert_int_equal(value_get_int(summary, "clauses"), 16);
    assert_int_equal(value_get_int(summary, "testable"), 14);
    assert_int_equal(value_get_int(summary, "encoded"), 12);
    assert_int_equal(value_get_int(summary, "exercised"), 10);
    assert_int_equal(value_count(gaps), 3); /* not P-1: practice binds nobody */
    assert_string_equal(value_as_text(value_at(gaps, 0)), "C-10");
    assert_string_equal(value_as_text(value_at(gaps, 1)), "C-12");
}

/* C-2 stands on the state and on a step: entering the state is not doing the step. */
static void a_frame_is_not_enough(void **state)
{
    static const char *const one[] = {"refused"};
    struct world_of_test *w = *state;
    assert_int_equal(cover(w, NULL, NULL, one, 1, NULL), GUAN_NO);
    assert_string_equal(status(w, "C-2"), "encoded");
    assert_string_equal(status(w, "C-9"), "exercised");
    assert_string_equal(status(w, "L-1"), "encoded");    /* refused is not done */
    assert_string_equal(status(w, "C-13"), "exercised"); /* but the rule that refused had its say */
    assert_string_equal(status(w, "C-14"), "encoded");   /* and nothing else of what was refused */
}

static void a_waiver_is_no_exercise(void **state)
{
    static const char *const one[] = {"waived"};
    struct world_of_test *w = *state;
    assert_int_equal(cover(w, NULL, NULL, one, 1, NULL), GUAN_NO);
    assert_string_equal(status(w, "C-2"), "exercised");
    assert_string_equal(status(w, "L-1"), "encoded");
}

static void failing_stories_do_not_count(void **state)
{
    static const char *const two[] = {"wrong", "nowhere"};
    struct world_of_test *w = *state;
    assert_int_equal(cover(w, NULL, "C-5", two, 2, NULL), GUAN_NO);
    assert_string_equal(status(w, "C-5"), "encoded");
    const struct value *told = value_get(value_get(w->rows, "summary"), "stories");
    assert_int_equal(value_count(told), 2);
    assert_false(value_get_bool(value_at(told, 0), "ok"));
    assert_string_equal(value_get_text(value_at(told, 0), "title"), "不通过");
    assert_false(value_get_bool(value_at(told, 1), "ok"));
    assert_non_null(value_get_text(value_at(told, 1), "text"));
}

static void some_clauses(void **state)
{
    static const char *const one[] = {"good"};
    struct world_of_test *w = *state;
    struct guan_error error = {0};
    assert_int_equal(cover(w, NULL, "L", one, 1, &error), GUAN_OK); /* no gap in what was asked for */
    assert_int_equal(value_count(w->all), 2);
    assert_int_equal(cover(w, NULL, "C-1", one, 1, &error), GUAN_OK); /* not C-10 and on */
    assert_int_equal(value_count(w->all), 4);
    assert_int_equal(cover(w, NULL, "Q", one, 1, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "unknown-clause");
    assert_int_equal(cover(w, NULL, "C-22", one, 1, &error), GUAN_USAGE);
    assert_non_null(strstr(error.hint, "C-2")); /* the nearest */
}

/* --- with a store -------------------------------------------------------------------------------------------------------------
 */

static int nothing(void *user, const char *json, size_t length)
{
    (void)user;
    (void)json;
    (void)length;
    return 0;
}

static void does(struct guan *guan, enum guan_verb verb, const char *name, const char *actor, const char *at, const char *reason)
{
    const struct guan_sink sink = {nothing, NULL};
    struct guan_error error = {0};
    const struct guan_pair colour = {"colour", "red"};
    struct guan_command command = {.verb = verb, .kase = "key:1", .name = name, .actor = actor, .at = at, .reason = reason};
    if (verb == GUAN_OPEN) command.kase = NULL, command.key = "1";
    if (strcmp(name, "soap") == 0) command.fields = &colour, command.field_count = 1;
    int code = guan_command(guan, &command, &sink, &error);
    if (code != GUAN_OK) fail_msg("%s: %s", name, error.text);
}

static int64_t stand(struct world_of_test *w, const char *clause, const char *figure)
{
    return value_get_int(value_get(value_get(w->rows, clause), "stands"), figure);
}

static void in_a_store(void **state)
{
    struct world_of_test *w = *state;
    const struct guan_sink none = {nothing, NULL}, sink = {collect, w};
    struct guan_error error = {0};
    struct guan *guan;
    const char *store = arena_printf(w->arena, "%s/s.db", w->dir);
    assert_int_equal(guan_init(store, GUAN_VIRTUAL, &error), GUAN_OK);
    assert_int_equal(guan_open(store, &guan, &error), GUAN_OK);
    const struct guan_coverage empty = {.dir = NULL};
    assert_int_equal(guan_coverage(guan, &empty, &sink, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "nothing-deployed");
    assert_int_equal(guan_deploy(guan, w->dir, &none, &error), GUAN_OK);
    does(guan, GUAN_OPEN, "wash", "周敏", "2026-03-07T09:00", NULL);
    does(guan, GUAN_STEP, "shout", "周敏", "2026-03-07T09:01", NULL);
    does(guan, GUAN_STEP, "shout", "周敏", "2026-03-07T09:02", NULL);
    does(guan, GUAN_STEP, "soap", "周敏", "2026-03-07T09:03", NULL);
    does(guan, GUAN_STEP, "rinse", "周敏", "2026-03-07T10:30", NULL);
    int code = guan_coverage(guan, &empty, &sink, &error);
    if (code != GUAN_NO) fail_msg("%s %s", error.rule, error.text);
    assert_int_equal(code, GUAN_NO); /* the store's own definition, no stories */
    assert_int_equal(stand(w, "C-2", "done"), 1);
    assert_int_equal(stand(w, "C-3", "done"), 1);
    assert_int_equal(stand(w, "C-4", "done"), 0); /* not given */
    assert_int_equal(stand(w, "C-6", "late"), 1);
    assert_int_equal(stand(w, "C-6", "missed"), 0);
    assert_int_equal(stand(w, "C-7", "other"), 1);
    assert_int_equal(stand(w, "L-1", "done"), 1);
    assert_int_equal(stand(w, "C-8", "done"), 0);
    assert_string_equal(status(w, "C-2"), "encoded");
    guan_close(guan);
}

/* --- what no story shows ------------------------------------------------------------------------------------------------------
 */

static bool uncovered(struct world_of_test *w, const char *kind, const char *id)
{
    for (size_t i = 0; i < value_count(w->all); i++) {
        const struct value *row = value_get(value_at(w->all, i), "uncovered");
        if (text_equal(value_get_text(row, "kind"), kind) && text_equal(value_get_text(row, "id"), id)) return true;
    }
    return false;
}

static int64_t tell(struct world_of_test *w, const char *const *names, size_t count, int expected)
{
    const char *files[8];
    const struct guan_sink sink = {collect, w};
    for (size_t i = 0; i < count; i++) files[i] = arena_printf(w->arena, "%s/s/%s.story", w->dir, names[i]);
    w->all = value_list(w->arena);
    assert_int_equal(guan_stories(w->dir, files, count, &sink, NULL), expected);
    const struct value *last = value_get(value_at(w->all, value_count(w->all) - 1), "coverage");
    return value_get_int(last, "of") - value_get_int(last, "exercised");
}

static void leftovers(void **state)
{
    static const char *const first[] = {"good"}, *const all[] = {"good", "parts", "loud", "refused"};
    struct world_of_test *w = *state;
    tell(w, first, 1, GUAN_OK);
    assert_true(uncovered(w, "process", "other")); /* one line, not its states and steps */
    assert_false(uncovered(w, "step", "nothing"));
    assert_true(uncovered(w, "transition", "wet/give_up/out"));
    assert_false(uncovered(w, "transition", "wet/complete.wet/dry"));
    assert_false(uncovered(w, "state", "dry"));
    assert_true(uncovered(w, "step", "shout"));
    assert_false(uncovered(w, "step", "soap"));
    assert_true(uncovered(w, "waive", "rinse"));
    assert_false(uncovered(w, "waive", "soap")); /* nobody may */
    assert_false(uncovered(w, "deadline-met", "rinsed"));
    assert_true(uncovered(w, "deadline-missed", "rinsed"));
    assert_true(uncovered(w, "rule-judged", "quiet"));
    assert_true(uncovered(w, "rule-broken", "quiet"));
    assert_true(uncovered(w, "role", "boss"));
    assert_false(uncovered(w, "role", "clerk"));
    assert_int_equal(tell(w, all, 4, GUAN_OK), 4); /* the other flow, the waiver, what is refused always and its deadline */
    assert_true(uncovered(w, "process", "other"));
    assert_true(uncovered(w, "step", "scream"));
    assert_false(uncovered(w, "rule-broken", "never"));
    assert_true(uncovered(w, "waive", "rinse"));
}

static void failing_story_among_others(void **state)
{
    static const char *const two[] = {"wrong", "good"}, *const lost[] = {"nowhere"};
    struct world_of_test *w = *state;
    tell(w, two, 2, GUAN_NO);
    assert_false(uncovered(w, "step", "rinse"));
    tell(w, lost, 1, GUAN_NO);
    assert_true(uncovered(w, "process", "wash"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(by_clause, setup, teardown),
        cmocka_unit_test_setup_teardown(a_frame_is_not_enough, setup, teardown),
        cmocka_unit_test_setup_teardown(a_waiver_is_no_exercise, setup, teardown),
        cmocka_unit_test_setup_teardown(failing_stories_do_not_count, setup, teardown),
        cmocka_unit_test_setup_teardown(some_clauses, setup, teardown),
        cmocka_unit_test_setup_teardown(in_a_store, setup, teardown),
        cmocka_unit_test_setup_teardown(leftovers, setup, teardown),
        cmocka_unit_test_setup_teardown(failing_story_among_others, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
