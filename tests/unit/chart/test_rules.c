/* Rules, and deadlines that recur or have a window: what of them is in the chart. */
#include "flow.h"

static const struct chart_rule *rule_of(const struct chart *chart, const char *id)
{
    for (uint32_t i = 0; i < chart->rule_count; i++)
        if (strcmp(chart->rules[i].id, id) == 0) return &chart->rules[i];
    fail_msg("no rule %s", id);
    return NULL;
}

static const struct chart_deadline *deadline_of(const struct chart *chart, const char *id)
{
    for (uint32_t i = 0; i < chart->deadline_count; i++)
        if (strcmp(chart->deadlines[i].id, id) == 0) return &chart->deadlines[i];
    fail_msg("no deadline %s", id);
    return NULL;
}

static void kinds(void **unused)
{
    (void)unused;
    struct chart *chart = read_good(
        HEAD
        "g:mode='warn'><g:rule id='root' kind='prohibit' of='s' title='T' when='x'/>"
        "<parallel id='p'><state id='a' g:mode='block'><g:step id='s'/><g:step id='t'/>"
        "<g:rule id='lim' kind='limit' of='s @marketing P.*' max='T-CAP' by='actor' sum='rows' within='P7D' severity='minor'/>"
        "<g:rule id='gap' kind='min-gap' of='s' within='PT48H' mode='warn' code='TOO_SOON'/>"
        "<g:rule id='max' kind='max-gap' of='s P.S' from='go' within='T-C[form.s.level]' until='P1Y'/></state>"
        "<state id='b'><g:rule id='share' kind='share' of='s' among='s t' max='50' sample='4' within='P30D' tunable='yes'/>"
        "<g:rule id='pre' kind='precedes' first='s t' of='t' once='yes' clause='C-1 C-2'/>"
        "<g:rule id='data' kind='data' of='t' check='form.t.n > 0' class='law'/>"
        "<g:rule id='two' kind='separate' of='s t'/><g:rule id='end' kind='max-gap' of='s' within='P3D' until='go P.S'/>"
        "<transition event='go'/></state></parallel></scxml>");
    static const char *const ids[] = {"root", "lim", "gap", "max", "share", "pre", "data", "two"};
    static const enum chart_rule_kind want[] = {CHART_RULE_PROHIBIT, CHART_RULE_LIMIT,   CHART_RULE_MIN_GAP,
                                                CHART_RULE_MAX_GAP,  CHART_RULE_SHARE,   CHART_RULE_PRECEDES,
                                                CHART_RULE_DATA,     CHART_RULE_SEPARATE};
    assert_int_equal(chart->rule_count, 9);
    for (size_t i = 0; i < 8; i++) assert_int_equal(rule_of(chart, ids[i])->kind, want[i]);

    const struct chart_rule *root = rule_of(chart, "root"), *lim = rule_of(chart, "lim"), *gap = rule_of(chart, "gap");
    assert_int_equal(root->state, 0);
    assert_int_equal(chart->states[0].rules.count, 1);
    assert_string_equal(root->title, "T");
    assert_string_equal(source_text(chart, root->when), "x");
    assert_int_equal(root->mode, CHART_MODE_WARN); /* the document's */
    assert_int_equal(root->klass, CHART_CLASS_STANDARD);
    assert_int_equal(root->severity, CHART_SEVERITY_DEFAULT);
    assert_int_equal(root->check, CHART_NONE);
    assert_int_equal(root->within_key, CHART_NONE);
    assert_null(root->within);
    assert_null(root->max);
    assert_null(root->by);
    assert_null(root->until);
    assert_null(root->code);
    assert_int_equal(lim->state, chart_state_by_id(chart, "a"));
    assert_int_equal(lim->mode, CHART_MODE_BLOCK);
    assert_int_equal(lim->of.count, 3);
    assert_string_equal(lim->of.items[1], "@marketing");
    assert_string_equal(lim->max, "T-CAP");
    assert_string_equal(lim->by, "actor");
    assert_string_equal(lim->sum, "rows");
    assert_string_equal(lim->within, "P7D");
    assert_int_equal(lim->severity, CHART_MINOR);
    assert_int_equal(gap->mode, CHART_MODE_WARN);
    assert_string_equal(gap->code, "TOO_SOON");

    const struct chart_rule *max = rule_of(chart, "max"), *share = rule_of(chart, "share"), *pre = rule_of(chart, "pre");
    assert_int_equal(max->mode, CHART_MODE_WARN); /* a timer blocks nothing */
    assert_string_equal(max->within, "T-C");
    assert_string_equal(source_text(chart, max->within_key), "form.s.level");
    assert_string_equal(max->until, "P1Y");
    assert_string_equal(max->from.items[0], "go");
    assert_null(rule_of(chart, "end")->until);
    assert_int_equal(rule_of(chart, "end")->ends.count, 2);
    assert_string_equal(rule_of(chart, "end")->ends.items[1], "P.S");
    assert_int_equal(share->sample, 4);
    assert_int_equal(share->among.count, 2);
    assert_true(share->tunable);
    assert_false(pre->tunable);
    assert_true(pre->once);
    assert_int_equal(pre->first.count, 2);
    assert_string_equal(pre->clauses.items[1], "C-2");
    const struct chart_rule *data = rule_of(chart, "data");
    assert_int_equal(data->klass, CHART_CLASS_LAW);
    assert_string_equal(source_text(chart, data->check), "form.t.n > 0");
    assert_int_equal(chart->exprs[data->check].kind, CHART_EXPRESSION);
    const struct chart_state *a = state_of(chart, "a"), *b = state_of(chart, "b");
    assert_int_equal(a->rules.count, 3);
    assert_string_equal(chart->rules[a->rules.first].id, "lim");
    assert_int_equal(b->rules.count, 5);
    assert_string_equal(chart->rules[b->rules.first + 4].id, "end");
    assert_int_equal(state_of(chart, "p")->rules.count, 0);
    chart_free(chart);
}

static void windows(void **unused)
{
    (void)unused;
    struct chart *chart = read_good(FLOW(
        "<state id='a'><g:step id='s' repeat='yes'>"
        "<g:deadline id='call' from='s' window='P2D/P3D'/><g:deadline id='day' on='holidays' window='-P1D/P0D' remind='PT12H'/>"
        "<g:deadline id='season' on='seasons' window='during' until='T-LONG'/>"
        "<g:deadline id='half' from='s' every='P6M' before='occurrence' lead='T-LEAD' until='P3Y'/>"
        "<g:deadline id='birth' fromexpr='b' every='P1Y' window='P0D/P0D'/>"
        "<g:deadline id='soon' from='s' take='each' within='min(PT1H, T-X)'/>"
        "<g:deadline id='level' within='T-C[form[&quot;s&quot;].a]'/><g:deadline id='seven' within='P7D' days='work'/>"
        "</g:step></state>"));
    const struct chart_deadline *call = deadline_of(chart, "call"), *day = deadline_of(chart, "day");
    assert_string_equal(call->window, "P2D/P3D");
    assert_null(call->within);
    assert_null(call->every);
    assert_null(call->on);
    assert_null(call->until);
    assert_null(call->remind);
    assert_false(call->work);
    assert_int_equal(call->within_key, CHART_NONE);
    assert_string_equal(day->on, "holidays");
    assert_string_equal(day->window, "-P1D/P0D");
    assert_string_equal(day->remind, "PT12H");
    assert_string_equal(deadline_of(chart, "season")->window, "during");
    assert_string_equal(deadline_of(chart, "season")->until, "T-LONG");
    const struct chart_deadline *half = deadline_of(chart, "half");
    assert_string_equal(half->every, "P6M");
    assert_string_equal(source_text(chart, half->before), "occurrence");
    assert_string_equal(half->lead, "T-LEAD");
    assert_string_equal(half->until, "P3Y");
    assert_int_equal(half->from.count, 1);
    assert_string_equal(source_text(chart, deadline_of(chart, "birth")->from_expr), "b");
    assert_int_equal(deadline_of(chart, "soon")->take, CHART_TAKE_EACH);
    assert_string_equal(deadline_of(chart, "soon")->within, "min(PT1H, T-X)");
    const struct chart_deadline *level = deadline_of(chart, "level");
    assert_string_equal(level->within, "T-C");
    assert_string_equal(source_text(chart, level->within_key), "form[\"s\"].a");
    assert_true(deadline_of(chart, "seven")->work);
    chart_free(chart);
}

/* Window values: months are as short or as long as they can be before an order is called wrong. */
static void window_values(void **unused)
{
    (void)unused;
    static const char *const good[] = {"P2D/P3D",  "P3D/P3D",  "-P1D/P0D", "P0D/P0D", "-P3D/-P1D", "P1M/P1M",
                                       "P28D/P1M", "P1M/P30D", "P1W/P8D",  "P1Y/P2Y", "T-X"};
    static const char *const bad[] = {"P3D/P2D", "P0D/-P1D", "-P1D/-P3D", "P2M/P31D", "P2D/", "/P2D",   "P2D/P3D/P4D",
                                      "2/3",     "PT1H/P1D", "P0D/PT1H",  "P1D",      "",     "during", "D+1@18:00/P2D"};
    char text[600];
    struct chart_read_options options = {.file = "t.scxml"};
    for (size_t i = 0; i < sizeof good / sizeof *good + sizeof bad / sizeof *bad; i++) {
        bool is_good = i < sizeof good / sizeof *good;
        const char *value = is_good ? good[i] : bad[i - sizeof good / sizeof *good];
        struct chart *chart;
        snprintf(text, sizeof text, FLOW("<state><g:step id='s'><g:deadline window='%s'/></g:step></state>"), value);
        int code = chart_read(text, strlen(text), &options, &chart, NULL);
        chart_free(chart);
        if ((code == GUAN_OK) != is_good) fail_msg("%s: code %d", value, code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds),
        cmocka_unit_test(windows),
        cmocka_unit_test(window_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
