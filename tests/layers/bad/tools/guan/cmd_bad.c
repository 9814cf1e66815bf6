/* Knows too much. */
#include "base/json.h"
#include "cmd.h"
#include "guan.h"

int run(const char *text)
{
    return rand() + atol(text);
}
