/* The allocator that tests can make fail, and growing buffers. */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one exception to "no globals": allocation functions have no handle to hang the fault on, and a fault set by one
 * test thread must not reach another. Always off outside of tests. */
static _Thread_local struct {
    uint64_t count;     /* since memory_fail_after was last called */
    uint64_t fail_from; /* 0: never */
} fault;

static bool allocation_fails(void)
{
    fault.count++;
    return fault.fail_from && fault.count >= fault.fail_from;
}

uint64_t memory_fail_after(uint64_t n)
{
    uint64_t count = fault.count;
    fault.count = 0;
    fault.fail_from = n;
    return count;
}

void *memory_alloc(size_t size)
{
    return allocation_fails() ? NULL : calloc(1, size ? size : 1);
}

void *memory_resize(void *old, size_t size)
{
    return allocation_fails() ? NULL : realloc(old, size ? size : 1);
}

void memory_free(void *block)
{
    free(block);
}

/* Room for `more` bytes and the terminator. */
static bool reserve(struct buffer *buffer, size_t more)
{
    if (buffer->failed) return false;
    if (more >= SIZE_MAX / 2 - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t needed = buffer->length + more + 1;
    if (needed <= buffer->capacity) return true;
    size_t capacity = buffer->capacity ? buffer->capacity * 2 : 64;
    if (capacity < needed) capacity = needed;
    char *data = memory_resize(buffer->data, capacity);
    if (!data) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
    if (length == 0 || !reserve(buffer, length)) return;
    memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text)
{
    if (text) buffer_add(buffer, text, strlen(text));
}

void buffer_byte(struct buffer *buffer, char byte)
{
    if (!reserve(buffer, 1)) return;
    buffer->data[buffer->length++] = byte;
    buffer->data[buffer->length] = '\0';
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0) buffer->failed = true;
    else if (length > 0 && reserve(buffer, (size_t)length)) {
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    if (buffer->data) buffer->data[0] = '\0';
}

void buffer_release(struct buffer *buffer)
{
    memory_free(buffer->data);
    *buffer = (struct buffer){0};
}
