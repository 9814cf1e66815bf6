/* What an auditor waits for: a log of 10,000 cases and 250,000 events read from XES and from CSV, judged by a rule of each kind,
 * and aligned with a flow; one event in a hundred is left out, doubled or swapped, so that most runs that deviate do it in their
 * own way.
 *
 * usage: bench_log [CASES] [FLOW.scxml LOG] */
#include "guan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 25 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static unsigned dice(uint64_t *seed, unsigned sides)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (unsigned)(*seed >> 33) % sides;
}

static const char flow[] =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' name='sale' "
    "initial='reception' g:role='clerk'>"
    "<state id='reception'><g:step id='arrive' title='a'/><g:step id='greet' title='a' after='arrive'/>"
    "<g:step id='register' title='a' after='arrive'/><g:step id='rest' title='a' required='no' repeat='yes'/>"
    "<g:step id='interview' title='a' after='greet register'/><transition event='complete.reception' target='offer'/></state>"
    "<state id='offer'><g:step id='present' title='a'/><g:step id='drive' title='a' required='no' repeat='yes'/>"
    "<g:step id='finance' title='a' required='no' repeat='yes'/><g:step id='quote' title='a' repeat='yes' after='present'/>"
    "<g:step id='credit' title='a' when='case.credit'/>"
    "<transition event='sign' cond='form.quote' target='work'/><transition event='lost' target='over' g:gate='open'/></state>"
    "<parallel id='work'>"
    "<state id='car' initial='car_open'><state id='car_open'><g:step id='order' title='a'/><g:step id='pdi' title='a' "
    "after='order'/>"
    "<g:step id='clean' title='a' after='pdi'/><transition event='complete.car_open' target='car_done'/></state>"
    "<final id='car_done'/></state>"
    "<state id='papers' initial='papers_open'><state id='papers_open'><g:step id='invoice' title='a'/><g:step id='insure' "
    "title='a'/>"
    "<g:step id='plates' title='a' after='invoice insure'/><transition event='complete.papers_open' "
    "target='papers_done'/></state>"
    "<final id='papers_done'/></state>"
    "<transition event='done.state.work' target='delivery' g:gate='block'/></parallel>"
    "<state id='delivery'><g:step id='explain' title='a'/><g:step id='keys' title='a' after='explain'/><g:step id='photo' "
    "title='a' "
    "required='no'/><transition event='complete.delivery' target='care'/></state>"
    "<state id='care'><g:step id='call' title='a' required='no' repeat='yes'/><transition event='close' target='over'/></state>"
    "<final id='over'/></scxml>";

static const char rules[] =
    "<rules xmlns='urn:guan:1'>"
    "<rule id='r1' kind='precedes' first='arrive' of='greet'/><rule id='r2' kind='responds' of='sign' then='keys' within='P30D'/>"
    "<rule id='r3' kind='limit' of='call' max='3' within='P7D'/><rule id='r4' kind='limit' of='quote' max='20' within='P1D' "
    "by='actor' scope='dealer'/><rule id='r5' kind='min-gap' of='call' within='PT1H'/><rule id='r6' kind='max-gap' of='call' "
    "from='keys' within='P90D'/><rule id='r7' kind='separate' of='invoice keys'/><rule id='r8' kind='same-actor' of='arrive "
    "greet'/>"
    "<rule id='r9' kind='occurs' of='pdi'/><rule id='r10' kind='starts' of='arrive'/><rule id='r11' kind='ends' of='close lost'/>"
    "<rule id='r12' kind='next' of='explain' then='keys'/><rule id='r13' kind='alternates' of='order' then='pdi'/>"
    "<rule id='r14' kind='excludes' of='lost sign'/><rule id='r15' kind='authority' of='quote' role='clerk'/>"
    "<rule id='r16' kind='data' of='quote' check='form.amount &gt; 10'/><rule id='r17' kind='prohibit' of='finance' "
    "when='form.amount &gt; 900'/><rule id='r18' kind='share' of='rest' among='rest call' max='60' sample='4'/>"
    "<rule id='r19' kind='evidence' of='photo' evidence='jpeg'/><rule id='r20' kind='waiver' of='*' role='boss'/></rules>";

static const char *const orders[][EVENTS] = {
    {"arrive", "rest",  "greet", "register", "interview", "present", "drive",  "quote", "finance",
     "quote",  "sign",  "order", "invoice",  "pdi",       "insure",  "plates", "clean", "explain",
     "keys",   "photo", "x",     "call",     "call",      "call",    "close"},
    {"arrive",  "greet", "register", "rest",  "interview", "present", "quote", "drive", "drive",
     "credit",  "sign",  "insure",   "order", "invoice",   "plates",  "pdi",   "clean", "photo",
     "explain", "keys",  "call",     "call",  "call",      "call",    "close"},
    {"arrive", "register", "greet", "interview", "drive", "present", "finance", "quote",  "quote",
     "quote",  "sign",     "order", "pdi",       "clean", "invoice", "insure",  "plates", "explain",
     "keys",   "call",     "call",  "call",      "call",  "call",    "close"},
};

struct out {
    FILE *xes, *csv;
    uint64_t seed;
};

static void put_event(struct out *out, unsigned kase, unsigned *minute, const char *activity)
{
    unsigned day = 1 + *minute / 1440 % 28, hour = *minute / 60 % 24, actor = dice(&out->seed, 20),
             amount = dice(&out->seed, 1000);
    char time[40];
    *minute += 1 + dice(&out->seed, 600);
    snprintf(time, sizeof time, "2026-03-%02uT%02u:%02u:00.000+08:00", day, hour, *minute % 60);
    fprintf(
        out->xes,
        "\t\t<event>\n\t\t\t<string key=\"concept:name\" value=\"%s\"/>\n\t\t\t<string key=\"lifecycle:transition\" "
        "value=\"complete\"/>\n\t\t\t<date key=\"time:timestamp\" value=\"%s\"/>\n\t\t\t<string key=\"org:resource\" "
        "value=\"staff:%u\"/>\n\t\t\t<string key=\"org:role\" value=\"clerk\"/>\n\t\t\t<int key=\"amount\" value=\"%u\"/>\n\t\t\t"
        "<string key=\"identity:id\" value=\"%u-%u-%u\"/>\n\t\t</event>\n",
        activity, time, actor, amount, kase, *minute, amount);
    fprintf(out->csv, "c%u,%s,%s,staff:%u,clerk,%u\n", kase, activity, time, actor, amount);
}

static void put_case(struct out *out, unsigned kase)
{
    const char *const *order = orders[dice(&out->seed, 3)];
    unsigned minute = dice(&out->seed, 10000);
    fprintf(out->xes, "\t<trace>\n\t\t<string key=\"concept:name\" value=\"c%u\"/>\n", kase);
    for (int i = 0; i < EVENTS; i++) {
        unsigned fault = dice(&out->seed, 300);
        if (fault != 0) put_event(out, kase, &minute, fault == 2 && i + 1 < EVENTS ? order[i + 1] : order[i]);
        if (fault == 1) put_event(out, kase, &minute, order[i]);
    }
    fputs("\t</trace>\n", out->xes);
}

static int count(void *user, const char *json, size_t length)
{
    char *last = user;
    snprintf(last, 600, "%.*s", (int)length, json);
    return 0;
}

static void measure(const char *what, const char *file, const char *log)
{
    char last[600] = "";
    struct guan_error error = {0};
    struct guan_sink sink = {count, last};
    const struct guan_past past = {.file = file, .log = log};
    double start = seconds();
    int code = guan_past(NULL, &past, &sink, &error);
    if (code > GUAN_NO) {
        fprintf(stderr, "bench_log: %s: %s %s\n", what, error.where, error.text);
        exit(4);
    }
    printf("%-32s %7.2f s\n  %s\n", what, seconds() - start, last);
}

static FILE *make(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file) exit(4);
    fputs(text, file);
    return file;
}

int main(int argc, char **argv)
{
    unsigned cases = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10000;
    char dir[] = "/tmp/bench-log-XXXXXX";
    struct out out = {.seed = UINT64_C(0x2026030710020001)};
    struct stat info;
    if (argc > 3) {
        measure("given", argv[2], argv[3]);
        return 0;
    }
    if (!mkdtemp(dir) || chdir(dir) != 0) return 4;
    out.xes = make("log.xes", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log xes.version=\"1849.2016\" "
                              "xmlns=\"http://www.xes-standard.org/\">\n");
    out.csv = make("log.csv", "case,activity,time,resource,role,amount\n");
    for (unsigned k = 0; k < cases; k++) put_case(&out, k);
    fputs("</log>\n", out.xes);
    fclose(out.xes);
    fclose(out.csv);
    fclose(make("one.xml", "<rules xmlns='urn:guan:1'><rule id='r' kind='prohibit' of='nothing'/></rules>"));
    fclose(make("rules.xml", rules));
    fclose(make("flow.scxml", flow));
    if (stat("log.xes", &info) == 0) printf("%u cases, %lld MiB of XES\n", cases, (long long)info.st_size >> 20);
    measure("XES read, one rule", "one.xml", "log.xes");
    measure("CSV read, one rule", "one.xml", "log.csv");
    measure("XES read, twenty rules", "rules.xml", "log.xes");
    measure("XES read, aligned with a flow", "flow.scxml", "log.xes");
    static const char *const files[] = {"log.xes", "log.csv", "one.xml", "rules.xml", "flow.scxml"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) unlink(files[i]);
    return rmdir(dir) == 0 ? 0 : 4;
}
