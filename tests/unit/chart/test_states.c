/* The tree of states, transitions, domains, initial and default transitions, lookups. */
#include "flow.h"

static void intervals_and_children(void **unused)
{
    (void)unused;
    struct chart *chart = read_good(FLOW("<state id='a'><history id='h'><transition target='a2'/></history>"
                                         "<state id='a1'/><state id='a2'><state id='a21'/></state></state><final/>"));
    assert_int_equal(chart->state_count, 7);
    assert_int_equal(chart->states[0].parent, CHART_NONE);
    assert_int_equal(chart->states[0].last, 6);
    const struct chart_state *a = state_of(chart, "a");
    assert_int_equal(a->kind, CHART_COMPOUND);
    assert_int_equal(a->last, 5);
    assert_int_equal(a->depth, 1);
    assert_int_equal(a->children.count, 3);
    assert_string_equal(chart->states[chart->children[a->children.first]].id, "h");
    assert_int_equal(a->histories.count, 1);
    assert_string_equal(chart->states[chart->children[a->histories.first]].id, "h");
    assert_int_equal(state_of(chart, "a2")->kind, CHART_COMPOUND);
    assert_int_equal(state_of(chart, "a1")->kind, CHART_ATOMIC);
    assert_int_equal(state_of(chart, "#6")->kind, CHART_FINAL); /* without an id: its number */
    assert_int_equal(chart_state_by_id(chart, "b"), CHART_NONE);
    assert_true(chart_is_descendant(chart, 5, 1));
    assert_false(chart_is_descendant(chart, 1, 1));
    assert_false(chart_is_descendant(chart, 6, 1));
    chart_free(chart);
}

static void initial_and_default_transitions(void **unused)
{
    (void)unused;
    struct chart *chart = read_good(FLOW(
        "<state id='a' initial='a2'><history id='h' type='deep'><transition target='a21'><log/></transition></history>"
        "<state id='a1'/><state id='a2'><initial><transition target='a22'><raise event='x'/></transition></initial>"
        "<state id='a21'/><state id='a22'/></state></state><state id='b'><history id='hb'><transition target='b1'/></history>"
        "<state id='b1'/><transition event='e' target='a'/></state>"));
    assert_int_equal(chart->transition_count, 1 + 6);
    assert_string_equal(target_of(chart, chart->states[0].initial), "a"); /* the first in document order */
    assert_string_equal(target_of(chart, state_of(chart, "a")->initial), "a2");
    assert_string_equal(target_of(chart, state_of(chart, "a2")->initial), "a22");
    assert_string_equal(target_of(chart, state_of(chart, "b")->initial), "b1"); /* not the history before it */
    const struct chart_state *h = state_of(chart, "h");
    assert_int_equal(h->kind, CHART_HISTORY_DEEP);
    assert_string_equal(target_of(chart, h->initial), "a21");
    assert_int_equal(chart->transitions[h->initial].content != CHART_NONE, 1);
    assert_int_equal(chart->transitions[state_of(chart, "a2")->initial].content != CHART_NONE, 1);
    for (uint32_t i = 0; i < chart->state_count; i++) { /* the pseudo ones are in nobody's span */
        const struct chart_state *state = &chart->states[i];
        assert_true(state->transitions.first + state->transitions.count <= 1);
        assert_int_equal(state->initial == CHART_NONE, state->kind == CHART_ATOMIC);
        if (state->initial != CHART_NONE) assert_true(state->initial >= 1);
    }
    chart_free(chart);
}

static void several_deep_initial_targets(void **unused)
{
    (void)unused;
    struct chart *chart = read_good(HEAD "initial='y2 x2'><parallel id='p'><state id='x'><state id='x1'/><state id='x2'/></state>"
                                         "<state id='y'><state id='y1'/><state id='y2'/></state></parallel></scxml>");
    const struct chart_transition *initial = &chart->transitions[chart->states[0].initial];
    assert_int_equal(initial->targets.count, 2);
    assert_string_equal(chart->states[chart->targets[initial->targets.first]].id, "y2");
    chart_free(chart);
}

static void domains(void **unused)
{
    (void)unused;
    struct chart *chart = read_good(
        FLOW("<state id='a'><parallel id='p'><state id='x'><state id='x1'/><state id='x2'/>"
             "<transition event='out' target='x2'/><transition event='in' type='internal' target='x2'/><transition event='stay'/>"
             "<transition event='past' target='h'/></state><state id='y'/></parallel><state id='b'/>"
             "<history id='h'><transition target='b'/></history></state>"));
    const struct chart_state *x = state_of(chart, "x");
    assert_int_equal(x->transitions.count, 4);
    const struct chart_transition *t = &chart->transitions[x->transitions.first];
    assert_int_equal(t[0].domain, chart_state_by_id(chart, "a")); /* a parallel is never a domain */
    assert_false(t[0].internal);
    assert_true(t[1].internal);
    assert_int_equal(t[1].domain, chart_state_by_id(chart, "x"));
    assert_int_equal(t[2].domain, CHART_NONE);
    assert_int_equal(t[2].targets.count, 0);
    assert_true(t[2].plain);
    assert_false(t[3].plain);
    assert_int_equal(t[3].domain, CHART_NONE);
    chart_free(chart);
}

static bool matches(const struct chart *chart, uint32_t i, const char *event)
{
    return chart_descriptor_matches(&chart->descriptors[i], event, strlen(event));
}

static void descriptors(void **unused)
{
    (void)unused;
    struct chart *chart = read_good(FLOW("<state id='a'><transition event=' error.send  foo.* bar. *' target='a'/></state>"));
    assert_int_equal(chart->transitions[0].events.count, 4);
    assert_true(matches(chart, 0, "error.send"));
    assert_true(matches(chart, 0, "error.send.failed"));
    assert_false(matches(chart, 0, "error.sender"));
    assert_false(matches(chart, 0, "error"));
    assert_true(matches(chart, 1, "foo"));
    assert_true(matches(chart, 1, "foo.x"));
    assert_false(matches(chart, 1, "food"));
    assert_true(matches(chart, 2, "bar.x"));
    assert_true(matches(chart, 3, "anything"));
    chart_free(chart);
}

static void places_count_characters(void **unused)
{
    (void)unused;
    struct chart *chart = read_good("<?xml version='1.0'?>\r\n" FLOW("\n <!-- 关 --><state id='a'\n   g:title='关'><transition\n"
                                                                     "event='e' target='a'/></state>"));
    assert_int_equal(chart->states[1].place.line, 3);
    assert_int_equal(chart->states[1].place.col, 12);
    assert_int_equal(chart->transitions[0].place.line, 4);
    assert_int_equal(chart->transitions[0].place.col, 16);
    chart_free(chart);
}

static void hints(void **unused)
{
    (void)unused;
    struct guan_error error =
        read_bad(FLOW("<state id='waiting'/>\n<state id='b'><transition\n event='e' target='wating'/></state>"));
    assert_string_equal(error.rule, "unknown-target");
    assert_string_equal(error.where, "t.scxml:3:12");
    assert_string_equal(error.hint, "did you mean \"waiting\"?");
    error = read_bad(FLOW("<state id='a' clause='x'/>"));
    assert_string_equal(error.hint, "write g:clause");
    error = read_bad(FLOW("<state/><stat id='a'/>"));
    assert_string_equal(error.hint, "did you mean \"state\"?");
}

static void thousands_of_states_by_id(void **unused)
{
    (void)unused;
    struct buffer text = {0};
    buffer_text(&text, HEAD ">");
    for (int i = 0; i < 3000; i++)
        buffer_printf(&text, "<state id='s%d'><transition event='e' target='s%d'/></state>", i, (i + 1) % 3000);
    buffer_text(&text, "</scxml>");
    struct chart *chart = read_good(text.data);
    char id[20];
    for (uint32_t i = 0; i < 3000; i++) {
        snprintf(id, sizeof id, "s%u", i);
        assert_int_equal(chart_state_by_id(chart, id), i + 1);
    }
    chart_free(chart);
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_and_children),
        cmocka_unit_test(initial_and_default_transitions),
        cmocka_unit_test(several_deep_initial_targets),
        cmocka_unit_test(domains),
        cmocka_unit_test(descriptors),
        cmocka_unit_test(places_count_characters),
        cmocka_unit_test(hints),
        cmocka_unit_test(thousands_of_states_by_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
