/* A sample can be drawn again by anybody: its ranks are recomputed here from the published recipe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "desk.h"

static struct value *sample(struct guan *guan, struct caught *caught, const struct guan_draw *draw)
{
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, caught};
    assert_int_equal(guan_sample(guan, draw, &sink, &error), GUAN_OK);
    return caught->answer;
}

static void hashed(const char *text, char out[HASH_HEX])
{
    struct hash hash;
    assert_int_equal(hash_bytes(text, strlen(text), &hash), GUAN_OK);
    hash_hex(&hash, out);
}

static void ten_cases(struct guan *guan, struct caught *caught)
{
    for (int i = 0; i < 10; i++) {
        struct guan_error error;
        char key[] = {(char)('a' + i), 0};
        struct guan_command open = {.verb = GUAN_OPEN, .name = "root", .actor = "周敏", .at = "2026-03-07T10:00:00", .key = key};
        assert_int_equal(shop_do(guan, caught, &open, &error), GUAN_OK);
    }
}

static void the_recipe_gives_the_ranks(void **state)
{
    (void)state;
    struct caught caught;
    char text[300], seed[HASH_HEX], rank[HASH_HEX];
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    ten_cases(guan, &caught);
    struct value *value = sample(guan, &caught, &(struct guan_draw){.count = 10, .number = "4711"}),
                 *items = value_get(value, "items");
    assert_int_equal(value_count(items), 10);
    snprintf(text, sizeof text, "%s:4711", value_get_text(value, "root"));
    hashed(text, seed);
    assert_string_equal(value_get_text(value, "seed"), seed);
    for (size_t i = 0; i < 10; i++) {
        snprintf(text, sizeof text, "%s:%s", seed, value_get_text(value_at(items, i), "case"));
        hashed(text, rank);
        assert_string_equal(value_get_text(value_at(items, i), "rank"), rank);
        if (i > 0) assert_true(strcmp(value_get_text(value_at(items, i - 1), "rank"), rank) < 0);
    }
    shop_close(guan, &caught);
}

static void a_smaller_sample_is_the_head_of_a_larger(void **state)
{
    (void)state;
    struct caught caught;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    ten_cases(guan, &caught);
    struct value *all = value_get(sample(guan, &caught, &(struct guan_draw){.count = 100, .number = "0"}), "items");
    assert_int_equal(value_count(all), 10);
    for (size_t n = 1; n < 10; n++) {
        struct value *few = value_get(sample(guan, &caught, &(struct guan_draw){.count = n, .number = "0"}), "items");
        assert_int_equal(value_count(few), n);
        for (size_t i = 0; i < n; i++) assert_true(value_equal(value_at(few, i), value_at(all, i)));
    }
    struct value *other = value_get(sample(guan, &caught, &(struct guan_draw){.count = 10, .number = "1"}), "items");
    assert_false(value_equal(other, all));
    shop_close(guan, &caught);
}

static void of_entries_that_cite_a_clause(void **state)
{
    (void)state;
    struct caught caught;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    desk_case(guan, &caught);
    struct value *value =
        sample(guan, &caught, &(struct guan_draw){.count = 50, .entries = true, .clause = "C-1", .number = "1"});
    assert_int_equal(value_get_int(value, "population"), 1);
    assert_string_equal(value_get_text(value_at(value_get(value, "items"), 0), "activity"), "root.note");
    value = sample(guan, &caught, &(struct guan_draw){.count = 50, .entries = true, .clause = "C", .number = "1"});
    assert_true(value_get_int(value, "population") > 1); /* all below it */
    assert_string_equal(value_get_text(value_get(value, "query"), "clause"), "C");
    assert_true(value_get_bool(value_get(value, "query"), "entries"));
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, &caught};
    assert_int_equal(guan_sample(guan, &(struct guan_draw){.count = 5, .clause = "C-3", .number = "1"}, &sink, &error),
                     GUAN_USAGE);
    assert_string_equal(error.rule, "unknown-clause");
    assert_non_null(strstr(error.hint, "C-"));
    assert_int_equal(guan_sample(guan, &(struct guan_draw){.count = 5}, &sink, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "no-number");
    shop_close(guan, &caught);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_recipe_gives_the_ranks),
        cmocka_unit_test(a_smaller_sample_is_the_head_of_a_larger),
        cmocka_unit_test(of_entries_that_cite_a_clause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
