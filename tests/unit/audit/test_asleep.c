/* Sessions that have ended sleep: what a command does not ask about is not read. Proved by rows that cannot be read: a command
 * that succeeds beside one has not looked, one that looks says that the record was touched and writes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "shop.h"

#define DAY "2026-03-07T"

static const char root[] =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' name='root' "
    "initial='life'><parallel id='life'>"
    "<state id='idle'>"
    "<g:step id='other' required='no' repeat='yes' role='clerk'/>"
    "<g:step id='note' required='no' repeat='yes' role='clerk' clause='C-1'/>"
    "<g:step id='thank' required='no' repeat='yes' role='clerk' done-when=\"form['visit.greet'].mood == 'good'\"/>"
    "<g:step id='total' required='no' repeat='yes' role='clerk' done-when=\"count('visit.greet', 'P7D') == 1\"/>"
    "</state>"
    "<state id='visits' initial='none'><state id='none'><transition event='visit.arrive' target='some'/></state>"
    "<state id='some'><invoke id='visit' type='scxml' src='visit.scxml'/>"
    "<transition event='done.invoke.visit' target='none'/></state></state>"
    "</parallel></scxml>";

/* `watch` is a rule of the flow as a whole: it holds when the visit is over, too. */
static const char visit[] =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' name='visit' "
    "initial='opening' g:role='clerk'>"
    "<g:rule id='watch' kind='separate' of='greet root.note' mode='warn' clause='C-2'/>"
    "<state id='opening'><g:step id='arrive' required='no'/><transition event='arrive' target='present'/></state>"
    "<state id='present'><g:step id='greet' clause='C-2'><g:field name='mood' type='choice' of='good bad'/></g:step>"
    "<transition event='complete.present' target='over'/></state>"
    "<final id='over'/></scxml>";

struct desk {
    struct caught caught;
    struct guan *guan;
    const char *kase, *facts; /* facts: as they were before they were spoiled */
    size_t facts_length;
    uint64_t greeted; /* n of the entry */
    struct guan_error error;
};

static struct guan *open_shop(struct caught *caught)
{
    const struct {
        const char *path, *text;
    } files[] = {{"processes/root.scxml", root},
                 {"processes/visit.scxml", visit},
                 {"processes/standards/c.xml", shop_clauses},
                 {"processes/parameters.xml", shop_parameters},
                 {"processes/roles.xml", shop_roles},
                 {"scripts/dealers/base/dealer.xml", shop_dealer}};
    struct store *store;
    struct guan *guan;
    struct bundle *bundle;
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, caught};
    *caught = (struct caught){.arena = arena_new()};
    caught->all = value_list(caught->arena);
    assert_int_equal(store_open_new(":memory:", STORE_VIRTUAL | STORE_CLAIMED, &store, &error), GUAN_OK);
    assert_int_equal(guan_attach(store, &guan, &error), GUAN_OK);
    assert_int_equal(bundle_new(&bundle, &error), GUAN_OK);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_int_equal(bundle_add(bundle, files[i].path, files[i].text, strlen(files[i].text), &error), GUAN_OK);
    assert_int_equal(guan_publish(guan, bundle, &sink, &error), GUAN_OK);
    bundle_free(bundle);
    return guan;
}

static int act(struct desk *desk, const char *name, const char *at, const char *field, const char *value)
{
    return shop_step(desk->guan, &desk->caught, desk->kase, name, at, field, value, &desk->error);
}

/* Writes the facts of an ended session's row, and gives what they were. */
static void write_facts(struct desk *desk, const char *session, const char *facts, size_t length)
{
    struct session_row *rows;
    size_t count;
    bool found = false;
    assert_int_equal(store_begin(desk->guan->store, true, &desk->error), GUAN_OK);
    assert_int_equal(store_sessions(desk->guan->store, desk->caught.arena, desk->kase, &rows, &count, &desk->error), GUAN_OK);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].id, session) != 0) continue;
        assert_true(rows[i].ended);
        desk->facts = rows[i].facts;
        desk->facts_length = rows[i].facts_length;
        rows[i].facts = facts;
        rows[i].facts_length = length;
        found = true;
        assert_int_equal(store_session_save(desk->guan->store, desk->kase, (uint32_t)i, &rows[i], &desk->error), GUAN_OK);
    }
    assert_true(found);
    assert_int_equal(store_commit(desk->guan->store, &desk->error), GUAN_OK);
}

static void spoil(struct desk *desk)
{
    write_facts(desk, "visit#1", "{", 1);
}

static void mend(struct desk *desk)
{
    write_facts(desk, "visit#1", desk->facts, desk->facts_length);
}

/* A visit that is over. */
static void begin(struct desk *desk)
{
    *desk = (struct desk){0};
    desk->guan = open_shop(&desk->caught);
    desk->kase = shop_case(desk->guan, &desk->caught);
    assert_int_equal(act(desk, "visit.arrive", DAY "10:01", NULL, NULL), GUAN_OK);
    assert_int_equal(act(desk, "visit.greet", DAY "10:02", "mood", "good"), GUAN_OK);
    desk->greeted = (uint64_t)value_get_int(desk->caught.answer, "n");
}

static void end(struct desk *desk)
{
    shop_close(desk->guan, &desk->caught);
}

static struct value *todo(struct desk *desk)
{
    struct guan_sink sink = {catch_answer, &desk->caught};
    desk->caught.answer = NULL;
    assert_int_equal(guan_todo(desk->guan, desk->kase, &sink, &desk->error), GUAN_OK);
    return value_get(desk->caught.answer, "sessions");
}

static int show(struct desk *desk)
{
    struct guan_sink sink = {catch_answer, &desk->caught};
    return guan_show(desk->guan, desk->kase, &sink, &desk->error);
}

static bool offered(const struct value *sessions, const char *name)
{
    for (size_t s = 0; s < value_count(sessions); s++) {
        const struct value *list = value_get(value_at(sessions, s), "todo");
        for (size_t i = 0; i < value_count(list); i++)
            if (text_equal(value_get_text(value_at(list, i), "step"), name)) return true;
    }
    return false;
}

/* --- what does not ask
 * ---------------------------------------------------------------------------------------------------------- */

static void what_is_over_is_not_read(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    spoil(&desk);
    assert_int_equal(act(&desk, "other", DAY "10:03", NULL, NULL), GUAN_OK);
    assert_true(offered(todo(&desk), "visit.arrive")); /* the flow may begin anew */
    assert_int_equal(show(&desk), GUAN_OK);            /* names what is over, no more */
    /* another visit, from its first step to its end */
    assert_int_equal(act(&desk, "visit.arrive", DAY "10:05", NULL, NULL), GUAN_OK);
    assert_false(offered(todo(&desk), "visit.arrive"));
    assert_int_equal(act(&desk, "visit.greet", DAY "10:06", "mood", "bad"), GUAN_OK);
    assert_int_equal(act(&desk, "other", DAY "10:07", NULL, NULL), GUAN_OK);
    /* what was spoiled is as it was: nothing of it was written */
    mend(&desk);
    assert_int_equal(desk.facts_length, 1);
    end(&desk);
}

/* --- what asks
 * ------------------------------------------------------------------------------------------------------------------ */

static uint64_t entries(struct desk *desk)
{
    struct case_row row;
    assert_int_equal(store_begin(desk->guan->store, false, &desk->error), GUAN_OK);
    assert_int_equal(store_case(desk->guan->store, desk->caught.arena, desk->kase, &row, &desk->error), GUAN_OK);
    store_rollback(desk->guan->store);
    return row.n;
}

/* Into the visit that is over, where it was done: once is enough. */
static int late(struct desk *desk)
{
    const struct guan_pair field = {"mood", "good"};
    struct guan_command command = {.verb = GUAN_STEP,
                                   .kase = desk->kase,
                                   .name = "visit.greet",
                                   .actor = "周敏",
                                   .at = DAY "10:01:30",
                                   .rec = DAY "10:20",
                                   .fields = &field,
                                   .field_count = 1};
    return shop_do(desk->guan, &desk->caught, &command, &desk->error);
}

static int amend(struct desk *desk)
{
    const struct guan_pair field = {"mood", "bad"};
    struct guan_command command = {.verb = GUAN_AMEND,
                                   .kase = desk->kase,
                                   .entry = desk->greeted,
                                   .actor = "周敏",
                                   .at = DAY "10:21",
                                   .fields = &field,
                                   .field_count = 1,
                                   .reason = "看错了"};
    return shop_do(desk->guan, &desk->caught, &command, &desk->error);
}

static int note(struct desk *desk) /* a rule of the visit looks at it */
{
    return act(desk, "note", DAY "10:22", NULL, NULL);
}

static int thank(struct desk *desk)
{
    return act(desk, "thank", DAY "10:23", NULL, NULL);
}

static int total(struct desk *desk)
{
    return act(desk, "total", DAY "10:24", NULL, NULL);
}

static void who_asks_is_told(void **state)
{
    static const struct {
        int (*ask)(struct desk *desk);
        int code;
    } asking[] = {{late, GUAN_USAGE}, {amend, GUAN_OK}, {note, GUAN_OK}, {thank, GUAN_OK}, {total, GUAN_OK}};
    (void)state;
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++) {
        struct desk desk;
        begin(&desk);
        uint64_t before = entries(&desk);
        spoil(&desk);
        assert_int_equal(asking[i].ask(&desk), GUAN_TAMPERED);
        assert_string_equal(desk.error.rule, "row");
        assert_int_equal(entries(&desk), before);
        mend(&desk);
        assert_int_equal(asking[i].ask(&desk), asking[i].code);
        end(&desk);
    }
}

/* --- what is answered is as if it had been awake
 * ----------------------------------------------------------------------------------- */

static void it_answers_as_ever(void **state)
{
    struct desk desk;
    (void)state;
    begin(&desk);
    assert_int_equal(act(&desk, "thank", DAY "10:03", NULL, NULL), GUAN_OK); /* the form of what is over */
    assert_true(offered(todo(&desk), "thank"));
    assert_int_equal(act(&desk, "total", DAY "10:04", NULL, NULL), GUAN_OK);
    /* who greeted also takes the note: the rule of the visit says so after the visit */
    assert_int_equal(act(&desk, "note", DAY "10:05", NULL, NULL), GUAN_OK);
    const struct value *finding = value_at(value_get(desk.caught.answer, "findings"), 0);
    assert_string_equal(value_get_text(finding, "code"), "ROLE_DENIED");
    /* corrected: the form says so to who asks next */
    assert_int_equal(amend(&desk), GUAN_OK);
    assert_int_equal(act(&desk, "thank", DAY "10:30", NULL, NULL), GUAN_OK);
    const struct value *sessions = todo(&desk);
    assert_true(offered(sessions, "thank"));
    end(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_over_is_not_read), cmocka_unit_test(who_asks_is_told),
                                       cmocka_unit_test(it_answers_as_ever)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
