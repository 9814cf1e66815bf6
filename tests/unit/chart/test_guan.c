/* Steps, fields, deadlines, short forms. */
#include "flow.h"

static const struct chart_step *step_of(const struct chart *chart, const char *id)
{
    uint32_t index = chart_step_by_id(chart, id);
    assert_int_not_equal(index, CHART_NONE);
    return &chart->steps[index];
}

static void defaults(void **unused)
{
    (void)unused;
    struct chart *chart =
        read_good(HEAD "g:role='clerk boss' g:mode='warn' g:clause='C-1 C-2' g:title='T' xml:lang='zh-CN'>"
                       "<state id='a'><g:step id='one'/><g:step id='two' offer='any' mode='block' role='guest'/>"
                       "<state id='b' g:role='nurse' g:mode='block'><g:step id='three' required='no' class='law'/></state>"
                       "</state></scxml>");
    assert_string_equal(chart->title, "T");
    assert_string_equal(chart->lang, "zh-CN");
    assert_int_equal(chart->clauses.count, 2);
    const struct chart_step *one = step_of(chart, "one"), *two = step_of(chart, "two"), *three = step_of(chart, "three");
    assert_true(one->required && !one->repeat);
    assert_int_equal(one->mode, CHART_MODE_WARN);
    assert_int_equal(one->roles.count, 2);
    assert_string_equal(one->roles.items[1], "boss");
    assert_int_equal(one->klass, CHART_CLASS_STANDARD);
    assert_int_equal(one->per, CHART_NONE);
    assert_null(one->message);
    assert_true(!two->required && two->repeat);
    assert_int_equal(two->mode, CHART_MODE_BLOCK);
    assert_string_equal(two->roles.items[0], "guest");
    assert_string_equal(three->roles.items[0], "nurse");
    assert_int_equal(three->mode, CHART_MODE_BLOCK);
    assert_int_equal(three->klass, CHART_CLASS_LAW);
    const struct chart_state *a = state_of(chart, "a");
    assert_int_equal(a->steps.count, 2);
    assert_int_equal(one->state, chart_state_by_id(chart, "a"));
    assert_int_equal(chart_step_by_id(chart, "four"), CHART_NONE);
    chart_free(chart);
}

static void references(void **unused)
{
    (void)unused;
    struct chart *chart =
        read_good(FLOW("<state id='a'><g:step id='x' after='y z' not-by='z' reopens='y' with='p q|r' waive-by='m'"
                       " evidence='sheet! photo' per='who' message='care' tunable='yes' when='a' done-when='b'>"
                       "<g:field name='n' type='integer'/><g:field name='who' personal='no'/></g:step>"
                       "<g:step id='y'/><g:step id='z'/></state>"));
    const struct chart_step *x = step_of(chart, "x");
    assert_int_equal(x->after.count, 2);
    assert_int_equal(chart->step_refs[x->after.first + 1], chart_step_by_id(chart, "z"));
    assert_int_equal(chart->step_refs[x->not_by_steps.first], chart_step_by_id(chart, "z"));
    assert_string_equal(x->not_by.items[0], "z");
    assert_int_equal(chart->step_refs[x->reopens.first], chart_step_by_id(chart, "y"));
    assert_string_equal(x->with.items[1], "q|r");
    assert_string_equal(x->evidence.items[0], "sheet!");
    assert_string_equal(x->message, "care");
    assert_true(x->tunable);
    assert_string_equal(source_text(chart, x->when), "a");
    assert_string_equal(source_text(chart, x->done_when), "b");
    assert_int_equal(x->per, chart_field_by_name(chart, &x->fields, "who"));
    assert_int_equal(chart_field_by_name(chart, &x->fields, "nobody"), CHART_NONE);
    chart_free(chart);
}

static void personal_by_type(void **unused)
{
    (void)unused;
    static const char *const personal[] = {"text",  "list",     "mobile", "landline", "wechat",
                                           "email", "contacts", "idno",   "document"};
    static const char *const open[] = {"integer", "decimal",  "money",    "boolean", "yes",
                                       "date",    "datetime", "duration", "vin",     "evidence"};
    struct buffer text = {0};
    buffer_text(&text, HEAD "><state><g:step id='s'><g:field name='plain'/><g:field name='open' personal='no'/>");
    for (size_t i = 0; i < 9; i++) buffer_printf(&text, "<g:field name='f%s' type='%s'/>", personal[i], personal[i]);
    for (size_t i = 0; i < 10; i++) buffer_printf(&text, "<g:field name='f%s' type='%s'/>", open[i], open[i]);
    buffer_text(&text, "<g:field name='fchoice' type='choice' of='a b' personal='yes'/></g:step></state></scxml>");
    struct chart *chart = read_good(text.data);
    const struct chart_field *field = &chart->fields[chart->steps[0].fields.first];
    assert_int_equal(chart->steps[0].fields.count, 22);
    assert_int_equal(field[0].type, CHART_TEXT);
    assert_true(field[0].personal && field[0].required);
    assert_false(field[1].personal);
    for (size_t i = 2; i < 21; i++) {
        assert_int_equal(field[i].personal, i < 11);
        assert_string_equal(field[i].name + 1, chart_type_name(field[i].type));
    }
    assert_true(field[21].personal);
    assert_int_equal(field[21].of.count, 2);
    chart_free(chart);
    buffer_release(&text);
}

static void nested_fields(void **unused)
{
    (void)unused;
    struct chart *chart =
        read_good(FLOW("<state><g:step id='s'><g:field name='cars' type='list' min='1'>"
                       "<g:field name='make'/><g:field name='year' type='integer' min='1900' max='2100'/></g:field>"
                       "<g:field name='note' check='#value &lt; 9' default=\"'x'\" when='a' severity='major'"
                       " code='NOTE' info='need' class='practice' pattern='[a-z]+' clause='C-1'/></g:step></state>"));
    const struct chart_step *step = step_of(chart, "s");
    assert_int_equal(step->fields.count, 2);
    const struct chart_field *cars = &chart->fields[step->fields.first], *note = cars + 1;
    assert_int_equal(cars->fields.count, 2);
    const struct chart_field *year = &chart->fields[cars->fields.first + 1];
    assert_string_equal(year->name, "year");
    assert_string_equal(year->max, "2100");
    assert_string_equal(note->name, "note");
    assert_int_equal(chart->exprs[note->check].kind, CHART_CHECK);
    assert_string_equal(source_text(chart, note->initial), "'x'");
    assert_int_equal(note->severity, CHART_MAJOR);
    assert_string_equal(chart_severity_name(note->severity), "major");
    assert_string_equal(note->code, "NOTE");
    assert_string_equal(note->info, "need");
    assert_true(note->class_given);
    assert_int_equal(note->klass, CHART_CLASS_PRACTICE);
    assert_string_equal(chart_class_name(note->klass), "practice");
    assert_false(cars->class_given);
    assert_int_equal(cars->severity, CHART_SEVERITY_DEFAULT);
    assert_null(cars->info);
    chart_free(chart);
}

static void deadlines(void **unused)
{
    (void)unused;
    struct chart *chart =
        read_good(FLOW("<state id='a'><g:deadline within='P0D' severity='none'/><g:step id='s'>"
                       "<g:deadline within='T-X' from='s go P.S' take='first'/>"
                       "<g:deadline id='d' before='slot' lead='D-1@18:00' event='late' when='x' severity='info'/>"
                       "</g:step><transition event='go.there' target='a'/><transition event='go' target='a'/></state>"));
    const struct chart_state *a = state_of(chart, "a");
    assert_int_equal(a->deadlines.count, 1);
    const struct chart_deadline *own = &chart->deadlines[a->deadlines.first];
    assert_string_equal(own->id, "a.1");
    assert_string_equal(own->event, "deadline.missed.a.1");
    assert_int_equal(own->step, CHART_NONE);
    assert_int_equal(own->severity, CHART_SEVERITY_NONE);
    const struct chart_step *step = step_of(chart, "s");
    assert_int_equal(step->deadlines.count, 2);
    const struct chart_deadline *first = &chart->deadlines[step->deadlines.first], *second = first + 1;
    assert_string_equal(first->id, "s.1");
    assert_string_equal(first->within, "T-X");
    assert_int_equal(first->from.count, 3);
    assert_int_equal(first->take, CHART_TAKE_FIRST);
    assert_int_equal(first->step, chart_step_by_id(chart, "s"));
    assert_string_equal(second->event, "late");
    assert_string_equal(source_text(chart, second->before), "slot");
    assert_string_equal(second->lead, "D-1@18:00");
    assert_null(second->within);
    assert_string_equal(source_text(chart, second->when), "x");
    chart_free(chart);
}

static bool due_is_good(const char *within)
{
    char text[600];
    snprintf(text, sizeof text, FLOW("<state><g:deadline within='%s'/></state>"), within);
    struct chart_read_options options = {.file = "t.scxml"};
    struct chart *chart;
    int code = chart_read(text, strlen(text), &options, &chart, NULL);
    chart_free(chart);
    return code == GUAN_OK;
}

static void due_values(void **unused)
{
    (void)unused;
    static const char *const good[] = {"PT24H",
                                       "PT1M",
                                       "P0D",
                                       "P3D",
                                       "P1M",
                                       "P2Y",
                                       "P1W",
                                       "D-1@18:00",
                                       "D+0@24:00",
                                       "D+10@09:30",
                                       "T-GREET",
                                       "min(PT1H,P1D)",
                                       "min( T-A , D+1@18:00 ,P1M )",
                                       "T-A[form.x]"};
    static const char *const bad[] = {"",
                                      "P",
                                      "PT",
                                      "P1DT2H",
                                      "-P1D",
                                      "D@18:00",
                                      "D-1@25:00",
                                      "D-1@24:01",
                                      "D-1@18:60",
                                      "D-1@1:00",
                                      "3 days",
                                      "P1D@18:00",
                                      "min(PT1H)",
                                      "min(PT1H,)",
                                      "min(PT1H P1D)",
                                      "min(PT1H,P1D",
                                      "min(P1D,min(P2D,P3D))",
                                      "T-",
                                      "T-A[1",
                                      "T-A[1]x",
                                      "greet",
                                      "P1D/P2D",
                                      "T-A B"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!due_is_good(good[i])) fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (due_is_good(bad[i])) fail_msg("%s is accepted", bad[i]);
}

static void a_flow_in_one_state(void **unused)
{
    (void)unused;
    struct chart *chart =
        read_good(FLOW("<parallel id='p'><state id='visits' g:flow='reception' g:on='arrive contact_opened' g:again='yes'/>"
                       "<state id='drive' g:flow='test-drive' g:on='request'/></parallel>"));
    assert_int_equal(state_of(chart, "visits")->kind, CHART_COMPOUND);
    assert_string_equal(target_of(chart, state_of(chart, "visits")->initial), "visits.waiting");
    const struct chart_state *waiting = state_of(chart, "visits.waiting"), *running = state_of(chart, "visits.running");
    const struct chart_transition *start = &chart->transitions[waiting->transitions.first];
    assert_int_equal(start->events.count, 2);
    assert_string_equal(chart->descriptors[start->events.first].name, "reception.arrive");
    assert_string_equal(chart->descriptors[start->events.first + 1].name, "reception.contact_opened");
    assert_string_equal(target_of(chart, waiting->transitions.first), "visits.running");
    assert_int_equal(running->invokes.count, 1);
    const struct chart_invoke *invoke = &chart->invokes[running->invokes.first];
    assert_string_equal(invoke->id, "reception");
    assert_string_equal(invoke->type, "scxml");
    assert_string_equal(invoke->src, "reception.scxml");
    assert_string_equal(target_of(chart, running->transitions.first), "visits.waiting");
    assert_int_equal(chart_state_by_id(chart, "visits.over"), CHART_NONE);
    assert_string_equal(target_of(chart, state_of(chart, "drive.running")->transitions.first), "drive.over");
    assert_int_equal(state_of(chart, "drive.over")->kind, CHART_ATOMIC);
    chart_free(chart);
}

static void next_state(void **unused)
{
    (void)unused;
    struct chart *chart =
        read_good(FLOW("<state id='a' g:next='b'><g:step id='s'/><transition event='s'/></state><state id='b'/>"));
    const struct chart_state *a = state_of(chart, "a");
    assert_int_equal(a->transitions.count, 2);
    const struct chart_transition *next = &chart->transitions[a->transitions.first + 1];
    assert_string_equal(chart->descriptors[next->events.first].name, "complete.a");
    assert_string_equal(target_of(chart, a->transitions.first + 1), "b");
    assert_int_equal(next->gate, CHART_GATE_BLOCK);
    chart_free(chart);
}

static void gates(void **unused)
{
    (void)unused;
    struct chart *chart =
        read_good(FLOW("<state id='a'><transition event='x' target='a' g:gate='open' g:role='r' g:clause='C-1' g:title='X'/>"
                       "<transition event='y' target='a'/></state>"));
    const struct chart_transition *t = chart->transitions;
    assert_int_equal(t[0].gate, CHART_GATE_OPEN);
    assert_true(t[0].gate_given);
    assert_string_equal(t[0].roles.items[0], "r");
    assert_string_equal(t[0].clauses.items[0], "C-1");
    assert_string_equal(t[0].title, "X");
    assert_int_equal(t[1].gate, CHART_GATE_BLOCK);
    assert_false(t[1].gate_given);
    chart_free(chart);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),
        cmocka_unit_test(references),
        cmocka_unit_test(personal_by_type),
        cmocka_unit_test(nested_fields),
        cmocka_unit_test(deadlines),
        cmocka_unit_test(due_values),
        cmocka_unit_test(a_flow_in_one_state),
        cmocka_unit_test(next_state),
        cmocka_unit_test(gates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
