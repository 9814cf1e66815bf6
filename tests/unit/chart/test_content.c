/* Executable content, payloads, data, inline contents. */
#include "flow.h"

static const struct chart_exec *first_of(const struct chart *chart, uint32_t block)
{
    assert_int_not_equal(block, CHART_NONE);
    return chart->blocks[block] == CHART_NONE ? NULL : &chart->execs[chart->blocks[block]];
}

static void blocks_and_branches(void **unused)
{
    (void)unused;
    struct chart *chart =
        read_good(FLOW("<state id='a'>"
                       "<onentry><raise event='x'/><other xmlns='urn:else'/><if cond='p'><log label='1'/>"
                       "<elseif cond='q'/><else/><log label='3'/><log label='4'/></if><cancel sendid='s'/></onentry>"
                       "<onentry/><onexit><foreach array='list' item='i'><script>n = i</script></foreach></onexit>"
                       "<transition event='e'/></state>"));
    const struct chart_state *a = state_of(chart, "a");
    assert_int_equal(a->onentry.count, 2);
    assert_null(first_of(chart, a->onentry.first + 1));
    const struct chart_exec *exec = first_of(chart, a->onentry.first);
    assert_int_equal(exec->kind, CHART_RAISE);
    assert_string_equal(exec->as.raise.event, "x");
    exec = &chart->execs[exec->next]; /* what is foreign is passed over */
    assert_int_equal(exec->kind, CHART_IF);
    assert_int_equal(exec->as.choose.branches.count, 3);
    const struct chart_branch *branch = &chart->branches[exec->as.choose.branches.first];
    assert_string_equal(source_text(chart, branch[0].cond), "p");
    assert_string_equal(source_text(chart, branch[1].cond), "q");
    assert_int_equal(branch[2].cond, CHART_NONE);
    assert_null(first_of(chart, branch[1].block));
    const struct chart_exec *log = first_of(chart, branch[2].block);
    assert_string_equal(log->as.log.label, "3");
    assert_string_equal(chart->execs[log->next].as.log.label, "4");
    assert_int_equal(chart->execs[log->next].next, CHART_NONE);
    exec = &chart->execs[exec->next];
    assert_int_equal(exec->kind, CHART_CANCEL);
    assert_int_equal(exec->next, CHART_NONE);
    exec = first_of(chart, a->onexit.first);
    assert_int_equal(exec->kind, CHART_FOREACH);
    assert_null(exec->as.foreach.index);
    exec = first_of(chart, exec->as.foreach.block);
    assert_int_equal(exec->kind, CHART_RUN_SCRIPT);
    assert_int_equal(chart->exprs[exec->as.script].kind, CHART_SCRIPT);
    assert_int_equal(chart->transitions[a->transitions.first].content, CHART_NONE);
    chart_free(chart);
}

static int64_t delay_of(const char *delay)
{
    char text[600];
    snprintf(text, sizeof text, FLOW("<state><onentry><send event='e' delay='%s'/></onentry></state>"), delay);
    struct chart *chart = read_good(text);
    int64_t ms = chart->sends[0].delay;
    chart_free(chart);
    return ms;
}

static void delays(void **unused)
{
    (void)unused;
    assert_int_equal(delay_of("2s"), 2000);
    assert_int_equal(delay_of("150ms"), 150);
    assert_int_equal(delay_of(".5s"), 500);
    assert_int_equal(delay_of("1.5s"), 1500);
    assert_int_equal(delay_of("0.0015s"), 1);
    assert_int_equal(delay_of(" 0s "), 0);
    static const char *const bad[] = {"", "2", "s", "2 s", "-1s", "1.s", "PT2S", "2m", "2sm", "99999999999999999999s"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[600];
        snprintf(text, sizeof text, FLOW("<state><onentry><send event='e' delay='%s'/></onentry></state>"), bad[i]);
        assert_string_equal(read_bad(text).rule, "delay");
    }
}

static void payloads(void **unused)
{
    (void)unused;
    struct chart *chart = read_good(FLOW("<state id='a'><onentry><send event='e' namelist='x y.z'>"
                                         "<param name='p' expr='1'/><param name='q' location='x'/></send></onentry>"
                                         "<transition event='e' target='f'/></state>"
                                         "<final id='f'><donedata><content expr='x'/></donedata></final>"));
    const struct chart_payload *payload = &chart->sends[0].payload;
    assert_int_equal(payload->namelist.count, 2);
    assert_string_equal(payload->namelist.items[1], "y.z");
    assert_int_equal(payload->namelist_exprs.count, 2);
    assert_int_equal(chart->exprs[payload->namelist_exprs.first].kind, CHART_LOCATION);
    assert_int_equal(payload->params.count, 2);
    const struct chart_param *param = &chart->params[payload->params.first];
    assert_string_equal(source_text(chart, param[0].expr), "1");
    assert_int_equal(param[0].location, CHART_NONE);
    assert_string_equal(source_text(chart, param[1].location), "x");
    assert_int_equal(param[1].expr, CHART_NONE);
    assert_false(payload->has_content);
    assert_int_equal(payload->content_expr, CHART_NONE);
    const struct chart_payload *done = &chart->donedata[state_of(chart, "f")->donedata];
    assert_true(done->has_content);
    assert_string_equal(source_text(chart, done->content_expr), "x");
    assert_int_equal(state_of(chart, "a")->donedata, CHART_NONE);
    chart_free(chart);
}

static void data_texts(void **unused)
{
    (void)unused;
    struct chart *chart = read_good(FLOW("<datamodel><data id='a'/><data id='b' expr='1'/><data id='c'> {1, 2} </data>"
                                         "<data id='d'>not lua here</data><data id='e' src='file:text.txt'/>"
                                         "<data id='f'><g:x y='1&amp;2'/></data><data id='g'>  </data></datamodel>"
                                         "<state id='s'><datamodel><data id='own' expr='2'/></datamodel></state>"));
    const struct chart_data *data = &chart->data[chart->states[0].data.first];
    assert_int_equal(chart->states[0].data.count, 7);
    assert_int_equal(data[0].expr, CHART_NONE);
    assert_null(data[0].text.text);
    assert_string_equal(source_text(chart, data[1].expr), "1");
    assert_string_equal(data[2].text.text, "{1, 2}");
    assert_string_equal(source_text(chart, data[2].text.expr), "{1, 2}");
    assert_int_equal(data[3].text.expr, CHART_NONE);
    assert_string_equal(data[3].text.text, "not lua here");
    assert_string_equal(data[4].text.text, "hello  there");
    assert_true(data[5].text.xml);
    assert_int_equal(data[5].text.expr, CHART_NONE);
    assert_non_null(strstr(data[5].text.text, "y='1&amp;2'"));
    assert_non_null(strstr(data[5].text.text, "xmlns:g=\"urn:guan:1\""));
    assert_null(data[6].text.text);
    assert_int_equal(state_of(chart, "s")->data.count, 1);
    assert_int_equal(chart->data[state_of(chart, "s")->data.first].state, 1);
    chart_free(chart);
}

/* Markup can be read on its own: the namespaces in scope are declared on it. */
static void inline_documents(void **unused)
{
    (void)unused;
    struct chart *chart = read_good(FLOW(
        "<state id='a'><invoke id='i'><content><!-- c --><scxml version='1.0' g:title='inner'><state id='in'/></scxml></content>"
        "<finalize/></invoke><onentry><assign location='x'><scxml version='1.0'><final/></scxml></assign></onentry></state>"));
    const struct chart_invoke *invoke = &chart->invokes[state_of(chart, "a")->invokes.first];
    assert_true(invoke->has_finalize);
    assert_int_equal(invoke->finalize, CHART_NONE);
    const struct chart *inner = invoke->payload.content_chart;
    assert_non_null(inner);
    assert_string_equal(inner->title, "inner");
    assert_int_equal(chart_state_by_id(inner, "in"), 1);
    assert_int_equal(chart_state_by_id(inner, "a"), CHART_NONE);
    assert_true(invoke->payload.content.xml);
    struct chart *alone = read_good(strstr(invoke->payload.content.text, "<scxml"));
    assert_int_equal(chart_state_by_id(alone, "in"), 1);
    chart_free(alone);
    alone = read_good(chart->execs[0].as.assign.text.text);
    assert_int_equal(alone->states[1].kind, CHART_FINAL);
    chart_free(alone);
    chart_free(chart);
}

static void entities_and_cdata(void **unused)
{
    (void)unused;
    struct chart *chart =
        read_good(FLOW("<script>a = 1 &lt; 2<![CDATA[ and 3 < 4]]></script>"
                       "<state><onentry><log label='&amp;&#38;&lt;&quot;' expr=\"'&amp;#38;'\"/></onentry></state>"));
    assert_string_equal(source_text(chart, chart->script), "a = 1 < 2 and 3 < 4");
    assert_string_equal(chart->execs[0].as.log.label, "&&<\"");
    assert_string_equal(source_text(chart, chart->execs[0].as.log.expr), "'&#38;'");
    chart_free(chart);
}

/* What the Recommendation leaves to run time must load. */
static void left_to_run_time(void **unused)
{
    (void)unused;
    struct chart *chart =
        read_good(FLOW("<state><onentry><foreach array='5' item=\"'continue'\"/><assign location='no.such' expr='1'/>"
                       "<send event='e' target='baz' type='unknown'/></onentry></state>"));
    assert_string_equal(chart->execs[0].as.foreach.item, "'continue'");
    chart_free(chart);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_and_branches), cmocka_unit_test(delays),           cmocka_unit_test(payloads),
        cmocka_unit_test(data_texts),          cmocka_unit_test(inline_documents), cmocka_unit_test(entities_and_cdata),
        cmocka_unit_test(left_to_run_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
