/* Arenas, buffers and the injected fault. */
#include "base/memory.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_fault_counts_and_fails(void **state)
{
    (void)state;
    memory_fail_after(2);
    void *first = memory_alloc(1), *second = memory_alloc(1), *third = memory_resize(NULL, 1);
    assert_non_null(first);
    assert_null(second);
    assert_null(third);
    assert_int_equal(memory_fail_after(0), 3);
    void *fourth = memory_alloc(1);
    assert_non_null(fourth);
    assert_int_equal(memory_fail_after(0), 1);
    memory_free(first);
    memory_free(fourth);
}

static void test_alloc_is_zeroed(void **state)
{
    (void)state;
    unsigned char *block = memory_alloc(1000);
    for (size_t i = 0; i < 1000; i++) assert_int_equal(block[i], 0);
    memory_free(block);
}

static void test_arena_is_aligned_zeroed_and_apart(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    unsigned char *pieces[400];
    /* Sizes that cross every block size, with some that get a block of their own. */
    for (size_t i = 0; i < 400; i++) {
        size_t size = i % 50 == 49 ? 100000 : i * 7 % 600;
        pieces[i] = arena_alloc(arena, size);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % 16, 0);
        for (size_t b = 0; b < size; b++) assert_int_equal(pieces[i][b], 0);
        memset(pieces[i], (int)(i % 255) + 1, size);
    }
    for (size_t i = 0; i < 400; i++) {
        size_t size = i % 50 == 49 ? 100000 : i * 7 % 600;
        for (size_t b = 0; b < size; b++) assert_int_equal(pieces[i][b], i % 255 + 1);
    }
    assert_true(arena_size(arena) >= 8 * 100000);
    arena_free(arena);
}

static void test_arena_reset_zeroes_and_keeps_a_block(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    memset(arena_alloc(arena, 3000), 0xAA, 3000);
    arena_reset(arena);
    assert_int_equal(arena_size(arena), 0);
    memory_fail_after(0);
    unsigned char *again = arena_alloc(arena, 3000);
    assert_int_equal(memory_fail_after(0), 0); /* from the kept block */
    for (size_t i = 0; i < 3000; i++) assert_int_equal(again[i], 0);
    arena_alloc(arena, 1 << 20);
    arena_reset(arena);
    assert_non_null(arena_alloc(arena, 1));
    arena_free(arena);
}

static void test_arena_failure_is_sticky(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    memory_fail_after(1);
    assert_null(arena_alloc(arena, 10));
    memory_fail_after(0);
    assert_true(arena_failed(arena));
    assert_null(arena_alloc(arena, 10));
    assert_null(arena_printf(arena, "%d", 1));
    arena_reset(arena);
    assert_false(arena_failed(arena));
    assert_non_null(arena_alloc(arena, 10));
    assert_null(arena_alloc(arena, SIZE_MAX - 8));
    assert_true(arena_failed(arena));
    arena_free(arena);
    assert_true(arena_failed(NULL));
    assert_null(arena_alloc(NULL, 1));
    arena_free(NULL);
}

static void test_arena_text(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_string_equal(arena_text(arena, "abcdef", 3), "abc");
    assert_string_equal(arena_text(arena, "", 0), "");
    assert_string_equal(arena_printf(arena, "%s-%05d", "关", 42), "关-00042");
    assert_null(arena_text(arena, NULL, 0));
    assert_false(arena_failed(arena));
    arena_free(arena);
}

static void test_buffer(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    for (int i = 0; i < 1000; i++) {
        buffer_text(&buffer, "ab");
        buffer_byte(&buffer, 'c');
        buffer_printf(&buffer, "%d", i % 10);
        assert_int_equal(strlen(buffer.data), buffer.length);
    }
    assert_int_equal(buffer.length, 4000);
    assert_memory_equal(buffer.data + 36, "abc9abc0", 8);
    buffer_clear(&buffer);
    assert_int_equal(buffer.length, 0);
    assert_string_equal(buffer.data, "");
    buffer_add(&buffer, "x\0y", 3);
    assert_int_equal(buffer.length, 3);
    buffer_release(&buffer);
    assert_null(buffer.data);
    buffer_text(&buffer, "again");
    assert_string_equal(buffer.data, "again");
    buffer_release(&buffer);
}

static void test_buffer_failure_is_sticky(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_text(&buffer, "kept");
    memory_fail_after(1);
    buffer_printf(&buffer, "%200d", 1);
    memory_fail_after(0);
    assert_true(buffer.failed);
    buffer_text(&buffer, "more");
    assert_string_equal(buffer.data, "kept");
    buffer_release(&buffer);
    assert_false(buffer.failed);
    buffer_add(&buffer, "", SIZE_MAX - 1);
    assert_true(buffer.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault_counts_and_fails),
        cmocka_unit_test(test_alloc_is_zeroed),
        cmocka_unit_test(test_arena_is_aligned_zeroed_and_apart),
        cmocka_unit_test(test_arena_reset_zeroes_and_keeps_a_block),
        cmocka_unit_test(test_arena_failure_is_sticky),
        cmocka_unit_test(test_arena_text),
        cmocka_unit_test(test_buffer),
        cmocka_unit_test(test_buffer_failure_is_sticky),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
