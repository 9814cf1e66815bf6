/* A bundle of published files: each is fetched when it is used, and what does not come is told as it was told. */
#include "flow.h"

#include "chart/bundle.h"

#include <stdlib.h>

#define NS " xmlns='urn:guan:1'"

static const char *const files[][2] = {
    {"processes/wash.scxml",
     "<?xml version='1.0'?>\n<!-- <scxml g:title='not this'> -->\n" HEAD
     "g:title='a &lt; b > c'><script src='wash.lua'/><state id='a'><transition event='e' cond='x'/></state>"
     "</scxml>"},
    {"processes/dry.scxml", "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0'/>"},
    {"processes/wash.lua", "function wash() return 1 end"},
    {"processes/standards/cs.xml", "<standard id='CS'" NS "><clause id='CS-1' title='一'/></standard>"},
    {"processes/parameters.xml", "<parameters" NS "><parameter id='T-A' type='table' value='A=P7D B=P14D'/></parameters>"},
    {"processes/roles.xml", "<roles" NS "><role id='clerk' title='C'/></roles>"},
    {"scripts/dealers/one/dealer.xml", "<dealer id='one' title='One' zone='Asia/Shanghai'" NS "><person id='staff:1' name='周敏' "
                                       "roles='clerk'/><parameter id='T-A' value='B=P1D'/></dealer>"},
    {"scripts/dealers/one/hooks.lua", "function guard(event, case) end"},
};
enum { FILES = sizeof files / sizeof *files };

struct shelf {
    struct bundle *bundle;
    struct hash hashes[FILES];
    int fetched[FILES];
    size_t spoilt; /* FILES: none */
    struct guan_error error;
};

static int fetch(void *user, struct arena *arena, const struct hash *hash, const char **bytes, size_t *length,
                 struct guan_error *error)
{
    struct shelf *shelf = user;
    for (size_t i = 0; i < FILES; i++) {
        if (!hash_equal(hash, &shelf->hashes[i])) continue;
        if (i == shelf->spoilt) return error_set(error, GUAN_TAMPERED, "spoilt", "%s is spoilt", files[i][0]);
        shelf->fetched[i]++;
        *length = strlen(files[i][1]);
        *bytes = arena_text(arena, files[i][1], *length);
        return *bytes ? GUAN_OK : error_memory(error);
    }
    return error_set(error, GUAN_USAGE, "no-such-blob", "it is not there");
}

static void begin(struct shelf *shelf, size_t spoilt)
{
    *shelf = (struct shelf){.spoilt = spoilt};
    assert_int_equal(bundle_new_published(fetch, shelf, &shelf->bundle, NULL), GUAN_OK);
    for (size_t i = 0; i < FILES; i++) {
        assert_int_equal(hash_bytes(files[i][1], strlen(files[i][1]), &shelf->hashes[i]), GUAN_OK);
        assert_int_equal(bundle_add_published(shelf->bundle, files[i][0], &shelf->hashes[i], NULL), GUAN_OK);
    }
}

/* Those of the files that were fetched, each once: a letter a file. */
static void fetched(const struct shelf *shelf, const char *expected)
{
    char seen[FILES + 1] = "";
    for (size_t i = 0; i < FILES; i++) {
        assert_true(shelf->fetched[i] <= 1);
        seen[i] = shelf->fetched[i] ? 'x' : '.';
    }
    assert_string_equal(seen, expected);
}

static void what_is_not_used_is_not_read(void **unused)
{
    (void)unused;
    struct shelf shelf;
    const struct house *house;
    const struct chart *chart;
    const char *title;
    begin(&shelf, FILES);
    assert_int_equal(bundle_people(shelf.bundle, "one", &house, NULL), GUAN_OK);
    assert_string_equal(house_person(house, "周敏")->id, "staff:1");
    assert_string_equal(house->zone_name, "Asia/Shanghai");
    fetched(&shelf, "......x.");
    assert_int_equal(bundle_title(shelf.bundle, "wash", &title, NULL), GUAN_OK);
    assert_string_equal(title, "a < b > c");
    fetched(&shelf, "x.....x.");
    assert_int_equal(bundle_house(shelf.bundle, "one", &house, NULL), GUAN_OK);
    assert_string_equal(house_parameter(house, "T-A"), "A=P7D B=P1D");
    assert_non_null(house->hooks);
    fetched(&shelf, "x..xxxxx");
    assert_int_equal(bundle_chart(shelf.bundle, "wash", &chart, NULL), GUAN_OK);
    assert_string_equal(chart->title, "a < b > c");
    fetched(&shelf, "x.xxxxxx");
    assert_int_equal(bundle_title(shelf.bundle, "dry", &title, NULL), GUAN_OK);
    assert_null(title);
    assert_int_equal(bundle_title(shelf.bundle, "drx", &title, &shelf.error), GUAN_USAGE);
    assert_string_equal(shelf.error.rule, "unknown-process");
    bundle_free(shelf.bundle);
}

static void what_is_spoilt_is_told(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < FILES; i++) {
        struct shelf shelf;
        const struct house *house;
        const struct chart *chart;
        begin(&shelf, i);
        int code = bundle_house(shelf.bundle, "one", &house, &shelf.error);
        if (code == GUAN_OK) code = bundle_chart(shelf.bundle, "wash", &chart, &shelf.error);
        if (code == GUAN_OK) code = bundle_chart(shelf.bundle, "dry", &chart, &shelf.error);
        assert_int_equal(code, GUAN_TAMPERED);
        assert_string_equal(shelf.error.rule, "spoilt");
        assert_non_null(strstr(shelf.error.text, files[i][0]));
        bundle_free(shelf.bundle);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_used_is_not_read),
        cmocka_unit_test(what_is_spoilt_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
