/* Clauses: kinds, what no flow can test, retention; and that the catalogues that ship are whole. */
#include "flow.h"

#include "chart/bundle.h"

#define NS " xmlns='urn:guan:1'"

static const char *const files[][2] = {
    {"processes/wash.scxml", HEAD "><state id='a'><g:step id='wash' title='洗' role='clerk'/>"
                                  "<transition event='complete.a' target='f'/></state><final id='f'/></scxml>"},
    {"processes/standards/cs.xml",
     "<standard id='CS' title='标准'" NS "><clause id='CS-1' title='章' kind='heading'/>"
     "<clause id='CS-1.1' title='步' parent='CS-1' kind='time'/>"
     "<clause id='CS-1.2' title='愿' parent='CS-1' kind='aim' test='no' why='看不出'/>"
     "<clause id='CS-1.3' title='牌' kind='prohibition' test='no' why='店内'/><clause id='CS-1.4' title='无'/></standard>"},
    {"processes/parameters.xml",
     "<parameters" NS "><parameter id='T-KEEP' type='duration' value='P180D' basis='proposal'/></parameters>"},
    {"processes/roles.xml", "<roles" NS "><role id='clerk' title='C'/></roles>"},
    {"processes/retention.xml", "<retentions" NS "><retention id='lead' title='线索' from='wash.wash' keep='P1Y' erase='T-KEEP'"
                                " role='clerk' clause='CS-1.1 CS-1.2' basis='law'/></retentions>"},
    {"scripts/dealers/one/dealer.xml", "<dealer id='one' zone='Asia/Shanghai'" NS "/>"},
};

static struct bundle *full(void)
{
    struct bundle *bundle;
    assert_int_equal(bundle_new(&bundle, NULL), GUAN_OK);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_int_equal(bundle_add(bundle, files[i][0], files[i][1], strlen(files[i][1]), NULL), GUAN_OK);
    return bundle;
}

static void kinds(void **unused)
{
    (void)unused;
    struct bundle *bundle = full();
    const struct catalogue *catalogue = bundle_catalogue(bundle, NULL);
    assert_non_null(catalogue);
    const struct clause *heading = catalogue_clause(catalogue, "CS-1"), *timed = catalogue_clause(catalogue, "CS-1.1");
    const struct clause *aim = catalogue_clause(catalogue, "CS-1.2"), *sign = catalogue_clause(catalogue, "CS-1.3");
    assert_false(heading->testable);
    assert_null(heading->why);
    assert_true(timed->testable);
    assert_string_equal(timed->kind, "time");
    assert_string_equal(timed->standard, "CS");
    assert_string_equal(timed->standard_title, "标准");
    assert_false(aim->testable);
    assert_string_equal(aim->why, "看不出");
    assert_false(sign->testable);
    assert_string_equal(catalogue_clause(catalogue, "CS-1.4")->kind, "step");
    assert_true(catalogue_clause(catalogue, "CS-1.4")->testable);
    assert_null(catalogue_clause(catalogue, "T-KEEP")->standard); /* a clause too, of no standard */
    bundle_free(bundle);
}

static void retention(void **unused)
{
    (void)unused;
    struct bundle *bundle = full();
    const struct catalogue *catalogue = bundle_catalogue(bundle, NULL);
    assert_int_equal(catalogue_retention_count(catalogue), 1);
    const struct retention *row = catalogue_retention_at(catalogue, 0);
    assert_string_equal(row->from, "wash.wash");
    assert_string_equal(row->keep, "P1Y");
    assert_string_equal(row->erase, "T-KEEP");
    assert_string_equal(row->basis, "law");
    assert_int_equal(row->clauses.count, 2);
    assert_string_equal(row->clauses.items[1], "CS-1.2");
    assert_string_equal(row->roles.items[0], "clerk");
    for (size_t i = 0; i < bundle_count(bundle); i++) /* it may change while cases run */
        if (strcmp(bundle_at(bundle, i)->path, "processes/retention.xml") == 0) assert_true(bundle_at(bundle, i)->house);
    bundle_free(bundle);
}

/* Every clause of the catalogues that ship says its kind, and every one that no flow can test says why. */
static void shipped(void **unused)
{
    static const struct {
        const char *standard;
        size_t clauses;
    } whole[] = {{"CS", 98}, {"CR", 124}, {"LW", 54}, {"MP", 43}};
    (void)unused;
    struct bundle *bundle;
    size_t said = 0, clauses = 0;
    assert_int_equal(bundle_read(SOURCE_DIR, &bundle, NULL), GUAN_OK);
    for (size_t i = 0; i < bundle_count(bundle); i++) {
        const struct bundle_file *file = bundle_at(bundle, i);
        if (strncmp(file->path, "processes/standards/", 20) != 0) continue;
        for (const char *at = file->bytes; (at = strstr(at, "<clause ")) != NULL; at++) clauses++;
        for (const char *at = file->bytes; (at = strstr(at, " kind=\"")) != NULL; at++) said++;
    }
    assert_int_equal(said, clauses);
    const struct catalogue *catalogue = bundle_catalogue(bundle, NULL);
    assert_non_null(catalogue);
    for (size_t w = 0; w < sizeof whole / sizeof *whole; w++) {
        size_t count = 0;
        for (size_t i = 0; i < catalogue_clause_count(catalogue); i++) {
            const struct clause *clause = catalogue_clause_at(catalogue, i);
            if (clause->standard != NULL && strcmp(clause->standard, whole[w].standard) == 0) count++;
        }
        assert_int_equal(count, whole[w].clauses);
    }
    bundle_free(bundle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(kinds), cmocka_unit_test(retention), cmocka_unit_test(shipped)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
