/* Bundles: paths, hashes, catalogues, houses, folders; and all of it when memory runs out. */
#include "flow.h"

#include "chart/bundle.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NS " xmlns='urn:guan:1'"
/* One holiday, on the first of January of the year. */
#define ICS(year)                                                                                                                \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//ZH\r\nX-WR-CALNAME:h" year "\r\nX-GUAN-YEARS:" year "/" year "\r\n"       \
    "BEGIN:VEVENT\r\nUID:new-year\r\nDTSTAMP:20240101T000000Z\r\nSUMMARY:元旦\r\nCATEGORIES:HOLIDAY\r\n"                       \
    "DTSTART;VALUE=DATE:" year "0101\r\nDTEND;VALUE=DATE:" year "0102\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
static const char *const files[][2] = {
    {"processes/wash.scxml", HEAD "g:clause='CS-1 T-WASH'><datamodel><data id='x'/></datamodel><state id='a'>"
                                  "<g:step id='wash' clause='CS-1 LW-1' role='clerk'><g:field name='n' type='integer'/>"
                                  "<g:deadline within='T-WASH'/></g:step>"
                                  "<g:step id='tip' offer='any'><g:deadline on='holidays' window='-P1D/P0D'/></g:step>"
                                  "<g:rule id='r' kind='max-gap' of='wash dry.*' within='T-LEVEL[x]'/><invoke src='dry.scxml'/>"
                                  "<transition event='complete.a' target='f'/></state><final id='f'/></scxml>"},
    {"processes/dry.scxml", "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' name='dry'><script src='dry.lua'/>"
                            "<final/></scxml>"},
    {"processes/dry.lua", "function dry() return 1 end"},
    {"processes/standards/cs.xml", "<standard id='CS' class='practice'" NS "><clause id='CS-1' title='一'/></standard>"},
    {"processes/standards/lw.xml", "<standard id='LW'" NS "><clause id='LW-1' title='法' class='law' basis='law'/></standard>"},
    {"processes/parameters.xml", "<parameters" NS "><parameter id='T-WASH' type='duration' value='PT1H' basis='proposal'/>"
                                 "<parameter id='T-LEVEL' type='table' value='A=P7D B=P14D CC=PT48H'/></parameters>"},
    {"processes/roles.xml", "<roles" NS "><role id='clerk' title='C'/><role id='boss' title='B'/></roles>"},
    {"scripts/dealers/one/dealer.xml", "<dealer id='one' title='One' zone='Asia/Shanghai'" NS ">"
                                       "<person id='staff:1' name='周敏' login='zhou' roles='clerk boss'/>"
                                       "<parameter id='T-WASH' value='PT2H'/><parameter id='T-LEVEL' value='B=P10D'/></dealer>"},
    {"scripts/dealers/one/people.xml", "<people" NS "><person id='staff:2' name='林涛' roles='clerk'/></people>"},
    {"scripts/dealers/one/hooks.lua", "function guard(event, case) end"},
    {"processes/calendars/holidays.ics", ICS("2026")},
    {"processes/calendars/holidays-a.ics", ICS("2027")},
    {"scripts/dealers/one/holidays.ics", ICS("2028")},
    {"scripts/dealers/one/own.ics", ICS("2029")},
};
enum { FILES = sizeof files / sizeof *files };

static struct bundle *full(void)
{
    struct bundle *bundle;
    assert_int_equal(bundle_new(&bundle, NULL), GUAN_OK);
    for (size_t i = 0; i < FILES; i++)
        assert_int_equal(bundle_add(bundle, files[i][0], files[i][1], strlen(files[i][1]), NULL), GUAN_OK);
    return bundle;
}

/* The name of the process is that of its file; the flow of the tests is called "t". */
static void rename_flow(struct bundle *bundle)
{
    const struct chart *chart;
    assert_int_equal(bundle_chart(bundle, "wash", &chart, NULL), GUAN_OK);
    assert_string_equal(chart->name, "t");
}

static void paths(void **unused)
{
    (void)unused;
    static const char *const bad[] = {"wash.scxml",
                                      "processes/a/b.scxml",
                                      "processes/../x.scxml",
                                      "processes/.x.scxml",
                                      "processes/x.exe",
                                      "/processes/x.scxml",
                                      "processes/.scxml",
                                      "scripts/dealers/x.xml",
                                      "scripts/dealers/../x.xml",
                                      "scripts/dealers/a/b/x.xml",
                                      "processes/standards/x.scxml",
                                      "processes/other.xml",
                                      "scripts/dealers/a b/x.xml",
                                      "processes/x y.scxml"};
    struct bundle *bundle;
    struct guan_error error = {0};
    assert_int_equal(bundle_new(&bundle, NULL), GUAN_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (bundle_add(bundle, bad[i], "", 0, &error) != GUAN_USAGE) fail_msg("%s is accepted", bad[i]);
        assert_string_equal(error.rule, "bundle-path");
    }
    assert_int_equal(bundle_add(bundle, "processes/calendars/2026.ics", "x", 1, NULL), GUAN_OK);
    assert_int_equal(bundle_add(bundle, "processes/calendars/2026.ics", "x", 1, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "duplicate-file");
    assert_true(bundle_at(bundle, 0)->house);
    assert_null(bundle_at(bundle, 0)->dealer);
    bundle_free(bundle);
}

/* The same lines as sha256sum and sort would give. */
static void hash_of(const size_t *which, size_t count, char out[HASH_HEX])
{
    char lines[FILES][200];
    for (size_t i = 0; i < count; i++) {
        struct hash hash;
        char hex[HASH_HEX];
        hash_bytes(files[which[i]][1], strlen(files[which[i]][1]), &hash);
        hash_hex(&hash, hex);
        snprintf(lines[i], sizeof lines[i], "%s  %s\n", hex, files[which[i]][0]);
    }
    struct buffer all = {0};
    for (size_t done = 0; done < count; done++) { /* the smallest that is left */
        size_t least = count;
        for (size_t i = 0; i < count; i++)
            if (lines[i][0] != '\0' && (least == count || strcmp(lines[i], lines[least]) < 0)) least = i;
        buffer_text(&all, lines[least]);
        lines[least][0] = '\0';
    }
    struct hash hash;
    hash_bytes(all.data, all.length, &hash);
    hash_hex(&hash, out);
    buffer_release(&all);
}

static void hashes(void **unused)
{
    (void)unused;
    static const size_t definition[] = {0, 1, 2, 3, 4}, house[] = {5, 6, 7, 8, 9, 10, 11, 12, 13};
    char want[HASH_HEX], is[HASH_HEX];
    struct bundle *bundle = full();
    struct hash hash;
    assert_int_equal(bundle_hash(bundle, &hash), GUAN_OK);
    hash_hex(&hash, is);
    hash_of(definition, 5, want);
    assert_string_equal(is, want);
    const struct house *one;
    assert_int_equal(bundle_house(bundle, NULL, &one, NULL), GUAN_OK);
    hash_hex(&one->hash, is);
    hash_of(house, 9, want);
    assert_string_equal(is, want);
    for (size_t i = 1; i < bundle_count(bundle); i++)
        assert_true(strcmp(bundle_at(bundle, i - 1)->path, bundle_at(bundle, i)->path) < 0);
    bundle_free(bundle);
}

static void catalogues(void **unused)
{
    (void)unused;
    struct bundle *bundle = full();
    const struct catalogue *catalogue = bundle_catalogue(bundle, NULL);
    assert_non_null(catalogue);
    assert_int_equal(catalogue_clause_count(catalogue), 4); /* parameters are clauses too */
    assert_int_equal(catalogue_clause(catalogue, "CS-1")->klass, CHART_CLASS_PRACTICE);
    assert_int_equal(catalogue_clause(catalogue, "LW-1")->klass, CHART_CLASS_LAW);
    assert_string_equal(catalogue_clause(catalogue, "LW-1")->basis, "law");
    assert_int_equal(catalogue_clause(catalogue, "T-WASH")->klass, CHART_CLASS_DEALER);
    assert_string_equal(catalogue_parameter(catalogue, "T-WASH")->value, "PT1H");
    assert_string_equal(catalogue_role(catalogue, "boss")->title, "B");
    assert_null(catalogue_clause(catalogue, "CS-2"));
    assert_null(catalogue_role(catalogue, "CS-1"));
    const struct chart *chart;
    assert_int_equal(bundle_chart(bundle, "wash", &chart, NULL), GUAN_OK);
    assert_int_equal(chart->steps[0].klass, CHART_CLASS_LAW); /* the strictest of its clauses */
    bundle_free(bundle);
}

static void charts(void **unused)
{
    (void)unused;
    struct bundle *bundle = full();
    struct guan_error error = {0};
    const struct chart *chart, *again;
    assert_int_equal(bundle_process_count(bundle), 2);
    assert_string_equal(bundle_process_at(bundle, 0), "dry");
    assert_int_equal(bundle_chart(bundle, "dry", &chart, &error), GUAN_OK);
    assert_string_equal(chart->exprs[chart->script].source, files[2][1]);
    assert_int_equal(bundle_chart(bundle, "dry", &again, NULL), GUAN_OK);
    assert_ptr_equal(chart, again);
    assert_int_equal(bundle_chart(bundle, "wahs", &chart, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "unknown-process");
    assert_string_equal(error.hint, "did you mean \"wash\"?");
    assert_int_equal(bundle_add(bundle, "processes/late.scxml", "", 0, &error), GUAN_USAGE);
    rename_flow(bundle);
    bundle_free(bundle);
}

static void houses(void **unused)
{
    (void)unused;
    struct bundle *bundle = full();
    struct guan_error error = {0};
    const struct house *house;
    assert_int_equal(bundle_dealer_count(bundle), 1);
    assert_string_equal(bundle_dealer_at(bundle, 0), "one");
    assert_int_equal(bundle_house(bundle, "one", &house, NULL), GUAN_OK);
    assert_string_equal(house->title, "One");
    assert_string_equal(zone_name(house->zone), "Asia/Shanghai");
    assert_string_equal(house_parameter(house, "T-WASH"), "PT2H"); /* the dealer's own */
    assert_null(house_parameter(house, "T-NONE"));
    assert_int_equal(house->person_count, 2);
    assert_string_equal(house_person(house, "staff:1")->name, "周敏");
    assert_string_equal(house_person(house, "zhou")->id, "staff:1");
    assert_string_equal(house_person(house, "林涛")->id, "staff:2");
    assert_int_equal(house_person(house, "zhou")->roles.count, 2);
    assert_null(house_person(house, "nobody"));
    assert_int_equal(house->hooks_length, strlen(files[9][1]));
    assert_int_equal(bundle_house(bundle, "two", &house, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "unknown-dealer");
    bundle_free(bundle);
}

static void tables(void **unused)
{
    (void)unused;
    struct bundle *bundle = full();
    const struct house *house;
    char cell[16], small[4];
    assert_int_equal(bundle_house(bundle, "one", &house, NULL), GUAN_OK);
    assert_string_equal(house_parameter(house, "T-LEVEL"), "A=P7D B=P10D CC=PT48H"); /* the rest is the catalogue's */
    assert_string_equal(house_cell(house, "T-LEVEL", "A", cell, sizeof cell), "P7D");
    assert_string_equal(house_cell(house, "T-LEVEL", "B", cell, sizeof cell), "P10D");
    assert_string_equal(house_cell(house, "T-LEVEL", "CC", cell, sizeof cell), "PT48H");
    assert_null(house_cell(house, "T-LEVEL", "C", cell, sizeof cell));
    assert_null(house_cell(house, "T-LEVEL", "", cell, sizeof cell));
    assert_null(house_cell(house, "T-LEVEL", NULL, cell, sizeof cell));
    assert_null(house_cell(house, "T-LEVEL", "B", small, sizeof small));
    assert_null(house_cell(house, "T-WASH", "A", cell, sizeof cell));
    assert_null(house_cell(house, "T-NONE", "A", cell, sizeof cell));
    bundle_free(bundle);
}

static void calendars(void **unused)
{
    (void)unused;
    static const char *const ids[] = {"holidays", "holidays-a", "own"}, *const names[] = {"h2028", "h2027", "h2029"};
    struct bundle *bundle = full();
    const struct house *house, *two;
    const char *dealer = "<dealer id='two' zone='Asia/Shanghai'" NS "/>";
    assert_int_equal(bundle_add(bundle, "scripts/dealers/two/dealer.xml", dealer, strlen(dealer), NULL), GUAN_OK);
    assert_int_equal(bundle_house(bundle, "one", &house, NULL), GUAN_OK);
    assert_int_equal(house->calendar_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(house->calendars[i].id, ids[i]);
        assert_string_equal(calendar_name(house_calendar(house, ids[i])), names[i]); /* the dealer's own before the shared */
    }
    assert_null(house_calendar(house, "seasons"));
    assert_null(house_calendar(house, NULL));
    assert_int_equal(bundle_house(bundle, "two", &two, NULL), GUAN_OK);
    assert_int_equal(two->calendar_count, 2);
    assert_string_equal(calendar_name(house_calendar(two, "holidays")), "h2026");
    assert_null(house_calendar(two, "own"));
    assert_ptr_equal(house_calendar(house, "holidays-a"), house_calendar(two, "holidays-a")); /* read once */
    bundle_free(bundle);
}

static void a_torn_calendar(void **unused)
{
    (void)unused;
    static const char *const paths[] = {"processes/calendars/torn.ics", "scripts/dealers/one/torn.ics"};
    const char *torn = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n";
    for (size_t i = 0; i < 2; i++) {
        struct bundle *bundle = full();
        struct guan_error error = {0};
        const struct house *house;
        assert_int_equal(bundle_add(bundle, paths[i], torn, strlen(torn), NULL), GUAN_OK);
        for (int again = 0; again < 2; again++) {
            error_clear(&error);
            assert_int_equal(bundle_house(bundle, "one", &house, &error), GUAN_NO);
            assert_string_equal(error.rule, "calendar");
            assert_int_equal(strncmp(error.where, paths[i], strlen(paths[i])), 0);
            assert_int_equal(error.where[strlen(paths[i])], ':');
        }
        bundle_free(bundle);
    }
}

/* --- folders -------------------------------------------------------------------------------------------------------------- */

static void make(const char *dir, const char *path, const char *text)
{
    char full_path[500];
    snprintf(full_path, sizeof full_path, "%s/%s", dir, path);
    for (char *slash = full_path + strlen(dir) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        mkdir(full_path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(full_path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void clear(const char *dir)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    assert_int_equal(system(command), 0);
}

static void folders(void **unused)
{
    (void)unused;
    char dir[] = "/tmp/guan-bundle-XXXXXX", path[300];
    struct guan_error error = {0};
    struct bundle *bundle;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(bundle_read(dir, &bundle, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "no-bundle");
    for (size_t i = 0; i < FILES; i++) make(dir, files[i][0], files[i][1]);
    make(dir, "processes/notes.txt", "not ours");
    make(dir, "processes/drafts/x.scxml", "not ours");
    make(dir, "processes/.hidden.scxml", "not ours");
    assert_int_equal(bundle_read(dir, &bundle, &error), GUAN_OK);
    assert_int_equal(bundle_count(bundle), FILES);
    bundle_free(bundle);
    snprintf(path, sizeof path, "%s/processes/link.scxml", dir);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_int_equal(bundle_read(dir, &bundle, &error), GUAN_NO);
    assert_string_equal(error.rule, "symlink");
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0); /* must not be waited for */
    assert_int_equal(bundle_read(dir, &bundle, &error), GUAN_NO);
    assert_string_equal(error.rule, "not-a-file");
    unlink(path);
    snprintf(path, sizeof path, "%s/scripts/dealers/two", dir);
    assert_int_equal(symlink("/etc", path), 0);
    assert_int_equal(bundle_read(dir, &bundle, &error), GUAN_NO);
    assert_string_equal(error.rule, "symlink");
    clear(dir);
}

/* --- memory ----------------------------------------------------------------------------------------------------------------- */

static int use(void)
{
    struct bundle *bundle = NULL;
    struct guan_error error = {0};
    const struct chart *chart;
    const struct house *house;
    struct hash hash;
    int code = bundle_new(&bundle, &error);
    for (size_t i = 0; i < FILES && code == GUAN_OK; i++)
        code = bundle_add(bundle, files[i][0], files[i][1], strlen(files[i][1]), &error);
    if (code == GUAN_OK) code = bundle_chart(bundle, "wash", &chart, &error);
    if (code == GUAN_OK) code = bundle_house(bundle, "one", &house, &error);
    if (code == GUAN_OK) code = bundle_hash(bundle, &hash);
    if (code == GUAN_OK) {
        code = bundle_check(bundle, NULL, NULL, &error);
        if (code == GUAN_NO && strcmp(error.rule, "process-name") == 0) code = GUAN_OK; /* the flow is called t */
    }
    bundle_free(bundle);
    return code;
}

/* Whichever allocation fails: GUAN_FAILED, nothing else, and nothing leaks. */
static void allocations_fail_one_by_one(void **unused)
{
    (void)unused;
    memory_fail_after(0);
    assert_int_equal(use(), GUAN_OK);
    uint64_t count = memory_fail_after(0);
    assert_true(count > 100);
    for (uint64_t n = 1; n <= count; n++) {
        memory_fail_after(n);
        int code = use();
        memory_fail_after(0);
        if (code != GUAN_FAILED)
            fail_msg("allocation %llu of %llu: code %d", (unsigned long long)n, (unsigned long long)count, code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths),      cmocka_unit_test(hashes),
        cmocka_unit_test(catalogues), cmocka_unit_test(charts),
        cmocka_unit_test(houses),     cmocka_unit_test(tables),
        cmocka_unit_test(calendars),  cmocka_unit_test(a_torn_calendar),
        cmocka_unit_test(folders),    cmocka_unit_test(allocations_fail_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
