/* Calls what is banned, over
 * several lines, after a comment with gets( in it. */
#include "base/text.h"
#include "chart/chart.h"
// sprintf(a, b)

static const char text[] = "strcat(\"x\", y) /* ", quote = '"', tick = '\'';

void call(char *a, const char *b)
{
    strcpy(a, b);
    snprintf(a, 3, "%d", atoi(b)); /* only the second */
    if (a) strcat (a, b); // gets(a)
    my_strcpy(a, b);
    int strcpy_count = strtok;
    sscanf(b, "rand()", a);
    setlocale(LC_MESSAGES, "");
    setlocale(LC_ALL, "");
    time(0);
}
