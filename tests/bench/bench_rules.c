/* What rules cost as a case grows: the same message again and again through the rules of the journey, an hour apart, in
 * memory-speed commits; the first hundred against the last hundred.
 *
 * usage: bench_rules [MESSAGES] */
#include "case/kase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SAMPLE = 100, SETTLE = 600 };

static void die(const char *what, const struct guan_error *error)
{
    fprintf(stderr, "bench_rules: %s: %s\n", what, error ? error->text : "");
    exit(4);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values)
{
    double copy[SAMPLE];
    memcpy(copy, values, sizeof copy);
    qsort(copy, SAMPLE, sizeof *copy, by_value);
    return copy[SAMPLE / 2];
}

static int keep_case(void *user, const char *json, size_t length)
{
    const char *at = strstr(json, "\"case\":\"");
    if (at && length) snprintf(user, 32, "%.10s", at + 8);
    return 0;
}

static int drop(void *user, const char *json, size_t length)
{
    (void)user;
    (void)json;
    (void)length;
    return 0;
}

int main(int argc, char **argv)
{
    size_t messages = argc > 1 ? strtoul(argv[1], NULL, 10) : 1300;
    struct guan_error error = {0};
    struct store *store;
    struct guan *guan;
    char kase[32] = "";
    struct guan_sink none = {drop, NULL}, keep = {keep_case, kase};
    double *spent = calloc(messages + 1, sizeof *spent);
    if (!spent || messages < SETTLE + 2 * SAMPLE) die("too few messages", NULL);
    if (store_open_new(":memory:", STORE_VIRTUAL | STORE_CLAIMED, &store, &error) != GUAN_OK) die("store", &error);
    if (guan_attach(store, &guan, &error) != GUAN_OK || guan_deploy(guan, SOURCE_DIR, &none, &error) != GUAN_OK)
        die("deploy", &error);
    const struct guan_pair party = {"李娜", "customer"};
    struct guan_command open = {.verb = GUAN_OPEN,
                                .name = "journey",
                                .actor = "周敏",
                                .dealer = "base",
                                .at = "2026-01-01T09:00:00Z",
                                .parties = &party,
                                .party_count = 1};
    if (guan_command(guan, &open, &keep, &error) != GUAN_OK) die("open", &error);
    instant at = civil_days(2026, 1, 1) * MS_DAY + 10 * MS_HOUR;
    /* Two years are all that the calendar knows: the spacing fits the messages into them. */
    int64_t apart = 340 * MS_DAY / (int64_t)messages;
    for (size_t i = 0; i < messages; i++, at += apart) {
        char text[INSTANT_TEXT];
        instant_format(at, text);
        struct guan_command send = {.verb = GUAN_STEP, .kase = kase, .name = "message.marketing", .actor = "林涛", .at = text};
        double start = seconds();
        if (guan_command(guan, &send, NULL, &error) != GUAN_OK) die("send", &error);
        spent[i] = seconds() - start;
    }
    double first = median(spent), settled = median(spent + SETTLE), last = median(spent + messages - SAMPLE);
    printf("%zu messages through 6 rules: p50 of the first %d %.0f us, from %d on %.0f us, of the last %d %.0f us; last to "
           "settled %.2f\n",
           messages, (int)SAMPLE, first * 1e6, (int)SETTLE, settled * 1e6, (int)SAMPLE, last * 1e6, last / settled);
    guan_close(guan);
    free(spent);
    return 0;
}
