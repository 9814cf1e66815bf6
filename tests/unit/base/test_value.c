/* Values: building, reading, comparing, and surviving a failing allocator. */
#include "base/value.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct value *sample(struct arena *arena)
{
    struct value *map = value_map(arena), *list = value_list(arena);
    for (int i = 0; i < 20; i++) value_add(arena, list, value_int(arena, i * i));
    value_set(arena, map, "list", list);
    value_set_text(arena, map, "name", "王磊");
    value_set_int(arena, map, "km", 12);
    value_set_bool(arena, map, "vip", true);
    value_set(arena, map, "real", value_real(arena, 0.5));
    value_set(arena, map, "none", value_null(arena));
    value_set(arena, map, "nul", value_text_n(arena, "a\0b", 3));
    value_set(arena, map, "said", value_printf(arena, "%d-%s", 7, "x"));
    return map;
}

static void test_build_and_read(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct value *map = sample(arena);
    assert_int_equal(value_count(map), 8);
    assert_int_equal(value_count(value_get(map, "list")), 20);
    assert_int_equal(value_as_int(value_at(value_get(map, "list"), 19)), 361);
    assert_null(value_at(value_get(map, "list"), 20));
    assert_string_equal(value_get_text(map, "name"), "王磊");
    assert_string_equal(value_get_text(map, "said"), "7-x");
    assert_int_equal(value_get_int(map, "km"), 12);
    assert_true(value_get_bool(map, "vip"));
    assert_int_equal(value_get(map, "nul")->as.text.length, 3);
    /* of another kind, absent, NULL */
    assert_null(value_get_text(map, "km"));
    assert_int_equal(value_get_int(map, "real"), 0);
    assert_false(value_get_bool(map, "km"));
    assert_null(value_get(map, "nothing"));
    assert_null(value_get(NULL, "x"));
    assert_null(value_at(map, 0));
    assert_int_equal(value_count(value_get(map, "km")), 0);
    arena_free(arena);
}

static void test_set_replaces_and_remove(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct value *map = sample(arena);
    value_set_int(arena, map, "km", 13);
    assert_int_equal(value_count(map), 8);
    assert_int_equal(value_get_int(map, "km"), 13);
    value_set(arena, map, "km", NULL);
    assert_int_equal(value_get_int(map, "km"), 13);
    value_set_text(arena, map, "absent", NULL);
    assert_int_equal(value_count(map), 8);
    value_remove(map, "name");
    value_remove(map, "nothing");
    assert_int_equal(value_count(map), 7);
    assert_null(value_get(map, "name"));
    assert_string_equal(map->as.map.items[0].key, "list");
    assert_string_equal(map->as.map.items[1].key, "km");
    char key[] = "mine";
    value_set_int(arena, map, key, 1);
    key[0] = 'f';
    assert_int_equal(value_get_int(map, "mine"), 1);
    arena_free(arena);
}

static void test_equal(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct value *a = sample(arena), *b = value_copy(arena, a);
    assert_ptr_not_equal(a, b);
    assert_true(value_equal(a, b));
    struct value *km = value_get(b, "km");
    value_remove(b, "km");
    assert_false(value_equal(a, b));
    value_set(arena, b, "km", km); /* now last: order does not count */
    assert_true(value_equal(a, b));
    value_get(b, "nul")->as.text.bytes = "a\0c";
    assert_false(value_equal(a, b));
    assert_false(value_equal(value_int(arena, 1), value_real(arena, 1.0)));
    assert_false(value_equal(a, NULL));
    assert_true(value_equal(NULL, NULL));
    struct value *left = value_map(arena), *right = value_map(arena); /* as many, but others */
    value_set_int(arena, left, "x", 1);
    value_set_int(arena, right, "y", 1);
    assert_false(value_equal(left, right));
    value_set_int(arena, right, "x", 1); /* all of the left, and more */
    assert_false(value_equal(left, right));
    arena_free(arena);
}

static void test_copy_is_deep(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct value *a = sample(arena), *b = value_copy(arena, a);
    value_get(a, "list")->as.list.items[0]->as.integer = 99;
    assert_int_equal(value_as_int(value_at(value_get(b, "list"), 0)), 0);
    arena_free(arena);
}

/* Fail allocation 1, 2, 3, … until it works: never a crash, and the arena says so. */
static void test_out_of_memory(void **state)
{
    (void)state;
    bool worked = false;
    for (uint64_t n = 1; !worked; n++) {
        memory_fail_after(n);
        struct arena *arena = arena_new();
        struct value *map = sample(arena), *list = value_list(arena);
        for (int i = 0; i < 100; i++) value_add(arena, list, value_copy(arena, map));
        memory_fail_after(0);
        worked = !arena_failed(arena);
        assert_true(worked || n < 1000);
        assert_true(n > 1 || !map);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_build_and_read), cmocka_unit_test(test_set_replaces_and_remove), cmocka_unit_test(test_equal),
        cmocka_unit_test(test_copy_is_deep),   cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
