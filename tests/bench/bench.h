/* What every benchmark needs: giving up, clocks, medians, and catching a case's id. Included once a program. */
#ifndef BENCH_H
#define BENCH_H

#include "guan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BENCH_CASE = 32 };

_Noreturn static inline void bench_die(const char *what, const struct guan_error *error)
{
    fprintf(stderr, "bench: %s: %s %s\n", what, error ? error->where : "", error ? error->text : "");
    exit(4);
}

static inline void bench_must(int code, const char *what, const struct guan_error *error)
{
    if (code != GUAN_OK) bench_die(what, error);
}

static inline void *bench_alloc(size_t count, size_t size)
{
    void *room = calloc(count ? count : 1, size);
    if (!room) bench_die("memory", NULL);
    return room;
}

static inline double bench_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline double bench_seconds(void)
{
    return bench_clock(CLOCK_MONOTONIC);
}

/* Of the whole process, with the kernel's share. */
static inline double bench_cpu(void)
{
    return bench_clock(CLOCK_PROCESS_CPUTIME_ID);
}

static inline int bench_by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts a copy. */
static inline double bench_quantile(const double *values, size_t count, double q)
{
    double *sorted = bench_alloc(count, sizeof *sorted);
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, bench_by_value);
    double value = sorted[(size_t)(q * (double)(count - 1))];
    free(sorted);
    return value;
}

static inline double bench_median(const double *values, size_t count)
{
    return bench_quantile(values, count, 0.5);
}

/* Sinks: `user` of the first has BENCH_CASE bytes. */
static inline int bench_keep_case(void *user, const char *json, size_t length)
{
    const char *at = strstr(json, "\"case\":\"");
    if (at && length) snprintf(user, BENCH_CASE, "%.10s", at + 8);
    return 0;
}

static inline int bench_drop(void *user, const char *json, size_t length)
{
    (void)user;
    (void)json;
    (void)length;
    return 0;
}

/* A folder of its own, by mkdtemp; removed with what is in it. */
static inline void bench_remove(const char *folder)
{
    char command[300];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    if (system(command) != 0) bench_die("rm", NULL);
}

#endif
