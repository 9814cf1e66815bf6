/* Filling struct guan_error: fixed fields, cut at whole characters so that a message is always valid to print. */
#include "base/error.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(char *field, size_t size, const char *format, va_list arguments) GUAN_PRINTF(3, 0);

static void fill(char *field, size_t size, const char *format, va_list arguments)
{
    int wanted = vsnprintf(field, size, format, arguments);
    if (wanted < 0) field[0] = '\0';
    else if ((size_t)wanted >= size) field[text_cut(field, size - 1, size - 1)] = '\0';
}

int error_set(struct guan_error *error, int code, const char *rule, const char *format, ...)
{
    if (!error) return code;
    error_clear(error);
    error->code = code;
    snprintf(error->rule, sizeof error->rule, "%s", rule);
    va_list arguments;
    va_start(arguments, format);
    fill(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return code;
}

int error_where(struct guan_error *error, const char *format, ...)
{
    if (!error) return GUAN_FAILED;
    va_list arguments;
    va_start(arguments, format);
    fill(error->where, sizeof error->where, format, arguments);
    va_end(arguments);
    return error->code;
}

int error_hint(struct guan_error *error, const char *format, ...)
{
    if (!error) return GUAN_FAILED;
    va_list arguments;
    va_start(arguments, format);
    fill(error->hint, sizeof error->hint, format, arguments);
    va_end(arguments);
    return error->code;
}

int error_memory(struct guan_error *error)
{
    error_set(error, GUAN_FAILED, "memory", "there is not enough memory");
    error_hint(error, "close other programs or raise the memory limit, then try again");
    return GUAN_FAILED;
}

void error_clear(struct guan_error *error)
{
    if (error) memset(error, 0, sizeof *error);
}
