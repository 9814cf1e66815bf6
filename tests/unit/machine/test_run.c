/* `guan run`: files, events, the virtual clock, what is printed. */
#include "machine/run.h"

#include "world.h"

#include <sys/stat.h>
#include <unistd.h>

struct heard {
    char folder[64];
    struct buffer lines;
    int stop_after; /* -1: never */
    struct guan_error error;
};

static int hear(void *user, const char *line, size_t length)
{
    struct heard *heard = user;
    buffer_add(&heard->lines, line, length);
    buffer_byte(&heard->lines, '\n');
    return heard->stop_after >= 0 && heard->stop_after-- == 0;
}

static void path_of(const struct heard *heard, const char *name, char *path, size_t size)
{
    snprintf(path, size, "%s/%s", heard->folder, name);
}

static void write_file(const struct heard *heard, const char *name, const char *text)
{
    char path[200];
    path_of(heard, name, path, sizeof path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static int setup(void **state)
{
    struct heard *heard = calloc(1, sizeof *heard);
    if (heard == NULL) return 1;
    snprintf(heard->folder, sizeof heard->folder, "/tmp/guan-run-XXXXXX");
    heard->stop_after = -1;
    *state = heard;
    return mkdtemp(heard->folder) == NULL;
}

static int teardown(void **state)
{
    static const char *const files[] = {"a.scxml", "b.scxml", "c.lua", "sub/d.scxml", "sub"};
    struct heard *heard = *state;
    char path[200];
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        path_of(heard, files[i], path, sizeof path);
        remove(path);
    }
    int failed = rmdir(heard->folder);
    buffer_release(&heard->lines);
    free(heard);
    return failed;
}

static int run_with(struct heard *heard, const char *const *events, size_t count, bool trace, uint64_t microsteps)
{
    char path[200];
    path_of(heard, "a.scxml", path, sizeof path);
    buffer_clear(&heard->lines);
    struct run_options options = {.file = path, .events = events, .event_count = count, .trace = trace, .microsteps = microsteps};
    struct guan_sink sink = {hear, heard};
    return run_document(&options, &sink, &heard->error);
}

static const char *lines(struct heard *heard)
{
    return heard->lines.length == 0 ? "" : heard->lines.data;
}

static void a_document_that_ends(void **state)
{
    struct heard *heard = *state;
    write_file(heard, "a.scxml",
               SCXML("datamodel='lua'", "<state id='a'><onentry><log label='n' expr='{1, 2}'/><log/><send event='t' delay='1s'/>"
                                        "</onentry><transition event='t' target='f'/></state><final id='f'/>"));
    assert_int_equal(run_with(heard, NULL, 0, false, 0), GUAN_OK);
    assert_string_equal(lines(heard), "{\"log\":\"n\",\"value\":[1,2]}\n{\"log\":\"\",\"value\":null}\n{\"final\":\"f\"}\n");
}

static void events_come_before_time(void **state)
{
    struct heard *heard = *state;
    static const char *const events[] = {"go={\"n\":2}", "on"};
    write_file(heard, "a.scxml",
               SCXML("datamodel='lua'", "<state id='a'><onentry><send event='t' delay='1s'/></onentry>"
                                        "<transition event='go' cond='_event.data.n == 2' target='b'/></state>"
                                        "<state id='b'><transition event='on' target='c'/></state>"
                                        "<state id='c'><transition event='t' target='d'/></state><state id='d'/>"));
    assert_int_equal(run_with(heard, events, 2, false, 0), GUAN_OK);
    assert_string_equal(lines(heard), "{\"stable\":[\"d\"]}\n");
}

static void microsteps_are_traced(void **state)
{
    struct heard *heard = *state;
    static const char *const events[] = {"go"};
    write_file(heard, "a.scxml",
               SCXML("datamodel='lua' name='m'",
                     "<state id='a'><state id='a1'/>\n<transition event='go' target='b2 b3'/></state>"
                     "<parallel id='b'><state id='b1'><state id='b2'/></state><state id='b3'/></parallel>"));
    assert_int_equal(run_with(heard, events, 1, true, 0), GUAN_OK);
    assert_string_equal(
        lines(heard),
        "{\"microstep\":{\"entry\":[\"a\",\"a1\"],\"exit\":[],\"session\":\"m#1\",\"transitions\":[{\"line\":1,"
        "\"source\":\"scxml\",\"targets\":[\"a\"]}]}}\n"
        "{\"microstep\":{\"entry\":[\"b\",\"b1\",\"b2\",\"b3\"],\"event\":\"go\",\"exit\":[\"a1\",\"a\"],\"session\":\"m#1\","
        "\"transitions\":[{\"line\":2,\"source\":\"a\",\"targets\":[\"b2\",\"b3\"]}]}}\n"
        "{\"stable\":[\"b2\",\"b3\"]}\n");
}

static void errors_are_shown(void **state)
{
    struct heard *heard = *state;
    write_file(heard, "a.scxml",
               SCXML("datamodel='lua' name='m'", "<state id='a'><onentry>\n<assign location='x' expr='1'/></onentry></state>"));
    assert_int_equal(run_with(heard, NULL, 0, false, 0), GUAN_OK);
    assert_non_null(strstr(lines(heard), "{\"error\":\"error.execution\",\"session\":\"m#1\",\"text\":\""));
    assert_non_null(strstr(lines(heard), "a.scxml:2: "));
}

static void files_below_the_folder(void **state)
{
    struct heard *heard = *state;
    char path[200];
    path_of(heard, "sub", path, sizeof path);
    assert_int_equal(mkdir(path, 0700), 0);
    write_file(heard, "c.lua", "n = 5");
    write_file(heard, "b.scxml", SCXML("datamodel='lua'", "<final id='f'/>"));
    write_file(heard, "sub/d.scxml",
               SCXML("datamodel='lua'", "<state id='a'><invoke src='../b.scxml'/><transition event='error.communication' "
                                        "target='f'/><transition event='done.invoke' target='g'/></state><final id='f'>"
                                        "<donedata><param name='refused' expr='true'/></donedata></final><final id='g'/>"));
    write_file(heard, "a.scxml",
               SCXML("datamodel='lua'", "<script src='c.lua'/><state id='a'><invoke src='file:b.scxml' id='b'/>"
                                        "<transition event='done.invoke.b' cond='n == 5' target='s'/></state>"
                                        "<state id='s'><invoke src='sub/d.scxml'/><transition event='done.invoke' "
                                        "cond='_event.data.refused' target='e'/></state>"
                                        "<state id='e'><invoke src='/etc/passwd'/><transition event='error.communication' "
                                        "target='f'/></state><final id='f'/>"));
    assert_int_equal(run_with(heard, NULL, 0, false, 0), GUAN_OK);
    assert_non_null(strstr(lines(heard), "{\"final\":\"f\"}\n"));
}

static void what_is_refused(void **state)
{
    struct heard *heard = *state;
    static const char *const nameless[] = {"={}"}, *const no_json[] = {"e={"};
    assert_int_equal(run_with(heard, NULL, 0, false, 0), GUAN_NO);
    assert_string_equal(heard->error.rule, "no-file");
    write_file(heard, "a.scxml", "<scxml");
    assert_int_equal(run_with(heard, NULL, 0, false, 0), GUAN_NO);
    write_file(heard, "a.scxml", SCXML("", "<state id='a'/>"));
    assert_int_equal(run_with(heard, nameless, 1, false, 0), GUAN_USAGE);
    assert_int_equal(run_with(heard, no_json, 1, false, 0), GUAN_USAGE);
    write_file(heard, "a.scxml",
               SCXML("", "<state id='a'><transition target='b'/></state><state id='b'><transition target='a'/></state>"));
    assert_int_equal(run_with(heard, NULL, 0, false, 7), GUAN_NO);
    assert_string_equal(heard->error.rule, "endless-loop");
    assert_non_null(strstr(heard->error.text, " 7 microsteps"));
    write_file(
        heard, "a.scxml",
        SCXML("", "<state id='a'><onentry><send event='e' delay='1s'/></onentry><transition event='e' target='a'/></state>"));
    assert_int_equal(run_with(heard, NULL, 0, false, 0), GUAN_NO);
    assert_string_equal(heard->error.rule, "endless-timers");
}

static void the_sink_may_stop(void **state)
{
    struct heard *heard = *state;
    heard->stop_after = 1;
    write_file(
        heard, "a.scxml",
        SCXML("datamodel='lua'", "<state id='a'><onentry><log expr='1'/><log expr='2'/><log expr='3'/></onentry></state>"));
    assert_int_equal(run_with(heard, NULL, 0, false, 0), GUAN_OK);
    assert_string_equal(lines(heard), "{\"log\":\"\",\"value\":1}\n{\"log\":\"\",\"value\":2}\n");
}

static void memory_may_run_out(void **state)
{
    struct heard *heard = *state;
    static const char *const events[] = {"go={\"n\":[1,2]}"};
    write_file(heard, "a.scxml",
               SCXML("datamodel='lua'",
                     "<datamodel><data id='n' expr='{1}'/></datamodel><state id='a'><onentry><send event='t' delay='1s'/>"
                     "</onentry><invoke><content><scxml version='1.0'><final/></scxml></content></invoke>"
                     "<transition event='go'><assign location='n' expr='_event.data.n'/></transition>"
                     "<transition event='t' target='f'/></state><final id='f'/>"));
    int code = GUAN_FAILED;
    for (uint64_t n = 1; code != GUAN_OK; n++) {
        memory_fail_after(n);
        code = run_with(heard, events, 1, true, 0);
        memory_fail_after(0);
        if (code != GUAN_OK && n > 20000) fail_msg("%s", heard->error.text);
        heard->lines.failed = false;
    }
    assert_non_null(strstr(lines(heard), "{\"final\":\"f\"}\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_document_that_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(events_come_before_time, setup, teardown),
        cmocka_unit_test_setup_teardown(microsteps_are_traced, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_are_shown, setup, teardown),
        cmocka_unit_test_setup_teardown(files_below_the_folder, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(the_sink_may_stop, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_may_run_out, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
