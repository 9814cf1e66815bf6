/* Memory that runs out at every single allocation: an error each time, never a crash, and no half of a verdict. */
#include "kit.h"

#define T "2026-03-07T"

static const char *const flow =
    "<state id='a' g:mode='warn'><g:step id='zero' clause='CS-3'/><g:step id='one' clause='CS-1' after='zero' repeat='yes' "
    "waive-by='floor_manager'>"
    "<g:field name='n' type='integer' max='5' check='value ~= 4'/><g:field name='list' type='list' personal='no'/>"
    "<g:field name='r' type='list' required='no'><g:field name='k' personal='no'/></g:field>"
    "<g:deadline id='d' within='PT10M' clause='CS-2'/></g:step>"
    "<g:step id='two' required='no' repeat='yes'><g:deadline id='each' from='one' take='each' within='min(PT4H, P1D)' "
    "remind='PT1H'/><g:deadline id='month' every='P1M' window='-P1D/P0D' when=\"in_hours('00:00', '24:00')\"/></g:step>"
    "<g:rule id='gap' kind='min-gap' of='one' within='PT1H' mode='warn' clause='CS-4'/>"
    "<g:rule id='sum' kind='limit' of='one' sum='n' max='5' by='list' within='P1D' mode='warn' clause='CS-5'/>"
    "<g:rule id='ban' kind='prohibit' of='one' when='_event.data.n == 9' mode='warn' clause='LW-1'/>"
    "<g:rule id='sync' kind='max-gap' of='one' within='PT1H' clause='CS-5'/><transition event='go' target='b' "
    "g:gate='warn'/></state><state "
    "id='b'/>";

struct attempt {
    struct kit *kit;
    struct arena *arena;
    struct tree *tree;
    struct session *session;
    struct world world;
    struct standard *standard;
    struct findings findings;
};

static const struct script_surroundings *surroundings(void *user, struct session *session)
{
    struct attempt *trial = user;
    trial->session = session;
    standard_attach(trial->standard, session);
    return standard_surroundings(trial->standard);
}

/* The case as it was saved, in an arena of its own whose first block is used up to `filler`. */
static void prepare(struct attempt *trial, size_t filler)
{
    struct kit *kit = trial->kit;
    const struct tree_host host = {.user = trial, .surroundings = surroundings};
    trial->arena = arena_new();
    arena_alloc(trial->arena, filler);
    trial->world = kit->world;
    trial->world.arena = trial->arena;
    trial->world.sessions = &trial->standard;
    trial->world.session_count = 1;
    trial->findings = (struct findings){0};
    const struct chart *chart = session_chart(kit->live[0]);
    script_budget(kit->script, 1000000);
    assert_int_equal(GUAN_OK, standard_new(&trial->world, chart, NULL, "flow#1", "flow", kit_json(kit, kit->rows[0].facts),
                                           &trial->standard, &kit->error));
    assert_int_equal(GUAN_OK, tree_new(kit->script, trial->arena, &host, &trial->tree, &kit->error));
    assert_int_equal(GUAN_OK, tree_restore(trial->tree, chart, "flow#1", NULL, kit_json(kit, kit->rows[0].snapshot),
                                           &trial->session, &kit->error));
}

static int attempt(struct attempt *trial)
{
    struct kit *kit = trial->kit;
    struct guan_pair pairs[] = {{"n", "9"}, {"list", "a,b"}, {"r", "x,y"}};
    struct actor actor = kit_actor(kit, "周敏"), manager = kit_actor(kit, "陈静");
    struct act act = {.step = "one", .actors = &actor, .actor_count = 1, .fields = pairs, .field_count = 3};
    struct act waiver = {.step = "one", .actors = &manager, .actor_count = 1};
    const struct effects nothing = {NULL, 0};
    struct record record;
    struct refusal refusal;
    struct timer_changes timers;
    const char *events[4];
    size_t count;
    uint32_t step;
    trial->world.actor = &actor;
    int code = standard_step(trial->standard, &act, 9, &record, &trial->findings, &refusal, &kit->error);
    struct fact fact = {trial->standard, "one", NULL, "staff:1", record.form, trial->world.at, 9, false};
    struct guan_pair change = {"n", "3"};
    struct act correction = {.actors = &actor, .actor_count = 1, .fields = &change, .field_count = 1};
    if (code == GUAN_OK) code = standard_judge(&trial->world, &fact, NULL, NULL, &trial->findings, &refusal, &kit->error);
    if (code == GUAN_OK)
        code = standard_amend(trial->standard, &correction, 9, 10, &record, &trial->findings, &refusal, &kit->error);
    if (code == GUAN_OK) code = standard_settled(trial->standard, &nothing, &timers, events, 4, &count, &kit->error);
    if (code == GUAN_OK) code = standard_waive(trial->standard, &waiver, 11, &step, &trial->findings, &refusal, &kit->error);
    if (code != GUAN_OK) return code;
    standard_save(trial->standard, trial->arena);
    standard_todo(trial->standard);
    standard_deadlines(trial->standard);
    return arena_failed(trial->arena) ? GUAN_FAILED : GUAN_OK;
}

static const char *const expected =
    "FIELD_INVALID open; ORDER_VIOLATION open; STEP_LATE remedied; PROHIBITED open; PROHIBITED withdrawn; OVERRIDE_USED waived";

static const char *codes(const struct attempt *trial)
{
    const char *text = "";
    for (size_t i = 0; i < trial->findings.count; i++)
        text = arena_printf(trial->arena, "%s%s%s %s", text, *text ? "; " : "", trial->findings.items[i].code,
                            trial->findings.items[i].status);
    return text;
}

static void test_every_allocation(void **state)
{
    struct kit kit;
    struct attempt trial = {.kit = &kit};
    size_t failed = 0;
    (void)state;
    kit_open(&kit, flow);
    kit_until(&kit, T "10:30");
    kit.world.at = kit.world.rec = kit_time(&kit, T "10:31", 16);
    /* An arena asks for memory a block at a time: how much of it is used already shifts where the next one is asked for. */
    for (size_t filler = 1; filler < 12000; filler += 48) {
        int code = GUAN_FAILED;
        for (uint64_t n = 1; code != GUAN_OK; n++) {
            prepare(&trial, filler);
            memory_fail_after(n);
            code = attempt(&trial);
            memory_fail_after(0);
            if (code == GUAN_OK) assert_string_equal(expected, codes(&trial));
            failed += code != GUAN_OK;
            tree_free(trial.tree);
            arena_free(trial.arena);
            if (n >= 2000) fail_msg("%s", kit.error.text);
        }
    }
    kit_close(&kit);
    assert_in_range(failed, 2000, 1000000); /* so many different places were reached */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
