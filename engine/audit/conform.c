/* A log against a flow: what each activity is called there, equal traces once, each aligned, and what is said of them. */
#include "audit/past.h"

#include "audit/net.h"
#include "base/text.h"
#include "case/kase.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Pairs of state and position: for one trace, for all of them, and what every trace gets. */
enum { NODES = 100000, ALL_NODES = 10000000, LEAST_NODES = 3000 };
enum { WORST = 10, DEVIATIONS = 20, FOREIGN_NAMES = 1000 };
#define UNSET   UINT32_MAX
#define IGNORED (UINT32_MAX - 1u)

struct variant {
    uint32_t first, length; /* in codes */
    uint32_t hash, next;
    uint32_t cases, sample, cost, lower, rank;
    uint32_t nodes; /* that the search may look at: the same each time it is asked */
    bool prefix, exact;
};
struct trace {
    uint32_t kase, session, variant;
};

struct conform {
    const struct past *past;
    const struct event_log *log;
    const struct chart *chart;
    const struct guan_sink *sink;
    struct guan_error *error;
    struct arena *arena, *row; /* of the whole; of one row */
    const char *process;
    struct net *net;
    uint32_t labels;
    const char **mapped; /* by number of a text: what the map calls it; NULL: not in it */
    uint32_t *code_of;   /* by 2 * number of a text, + 1 waived: a label, labels + number where unknown, IGNORED, UNSET */
    uint32_t *codes;
    uint32_t code_count;
    size_t code_capacity;
    struct variant *variants;
    uint32_t variant_count;
    size_t variant_capacity;
    uint32_t *slots, slot_count;
    struct trace *traces;
    uint32_t trace_count;
    size_t trace_capacity;
    uint32_t events, shortest;
    bool endless;              /* no way to an end: every trace is taken as one that goes on */
    uint32_t *extra, *missing; /* moves on the log by code; on the model by label; times cases */
};

static void *grow(void *items, size_t needed, size_t *capacity, size_t size)
{
    if (needed <= *capacity) return items;
    size_t more = *capacity * 2 < needed ? needed * 2 + 64 : *capacity * 2;
    void *bigger = memory_resize(items, more * size);
    if (bigger) *capacity = more;
    return bigger;
}

/* --- names -------------------------------------------------------------------------------------------------------------------
 */

/* CSV with the columns activity and name. */
static int read_map(struct conform *c, const char *file)
{
    struct csv *csv;
    struct csv_row row;
    bool found, header = false;
    size_t activity = 0, name = 1;
    FILE *stream = fopen(file, "rb");
    if (!stream) return error_set(c->error, GUAN_USAGE, "no-file", "the map \"%s\" cannot be read", file);
    int code = csv_open(stream, file, &csv, c->error);
    if (code != GUAN_OK) {
        fclose(stream);
        return code;
    }
    while ((code = csv_next(csv, &row, &found, c->error)) == GUAN_OK && found) {
        if (row.count < 2) {
            error_set(c->error, GUAN_USAGE, "map", "a row of the map has two fields");
            error_where(c->error, "%s:%llu:1", file, (unsigned long long)row.line);
            error_hint(c->error, "activity,name: as the log says, as the flow says; no name: not of this flow");
            code = GUAN_USAGE;
            break;
        }
        if (!header && strcmp(row.fields[0].text, "activity") == 0) {
            header = true;
            continue;
        }
        header = true;
        uint32_t known = log_find(c->log, row.fields[activity].text);
        if (known) c->mapped[known] = arena_text(c->arena, row.fields[name].text, row.fields[name].length);
    }
    csv_free(csv);
    fclose(stream);
    return code == GUAN_OK && arena_failed(c->arena) ? error_memory(c->error) : code;
}

/* What the flow would call it: without its own name in front. */
static const char *name_of(const struct conform *c, uint32_t activity)
{
    const char *text = c->mapped[activity] ? c->mapped[activity] : log_text(c->log, activity);
    size_t n = strlen(c->process);
    return n && strncmp(text, c->process, n) == 0 && text[n] == '.' ? text + n + 1 : text;
}

/* P.S where P is a flow beside this one: what happens there is not this one's business. */
static bool of_another(const struct conform *c, const char *name)
{
    const char *dot = strchr(name, '.'), *file = c->past->asked->file, *slash = strrchr(file, '/');
    struct stat info;
    char path[4200];
    if (!dot && strcmp(name, c->process) == 0) return true; /* the flow as a whole */
    if (dot && c->log->journal) return true;
    int length = snprintf(path, sizeof path, "%.*s%.*s.scxml", slash ? (int)(slash - file + 1) : 0, file,
                          dot ? (int)(dot - name) : (int)strlen(name), name);
    return length > 0 && (size_t)length < sizeof path && stat(path, &info) == 0;
}

static uint32_t by_title(const struct conform *c, const char *name, bool waived)
{
    for (uint32_t label = 0; label < c->labels; label++) {
        const char *title = net_label_title(c->net, label);
        if (title && net_label_waived(c->net, label) == waived && strcmp(title, name) == 0)
            return net_label(c->net, net_label_name(c->net, label), waived);
    }
    return ALIGN_UNKNOWN;
}

static uint32_t code_of(struct conform *c, const struct log_event *event)
{
    bool waived = event->life == LOG_WAIVED;
    uint32_t *known = &c->code_of[2 * (size_t)event->activity + waived];
    if (event->life == LOG_OTHER) return IGNORED;
    if (*known != UNSET) return *known;
    const char *name = name_of(c, event->activity);
    uint32_t label = *name ? net_label(c->net, name, waived) : ALIGN_UNKNOWN;
    if (label == ALIGN_UNKNOWN && *name) label = by_title(c, name, waived);
    if (label != ALIGN_UNKNOWN) *known = label;
    else if (!*name || of_another(c, name)) *known = IGNORED;
    else *known = c->labels + event->activity;
    return *known;
}

/* --- traces ------------------------------------------------------------------------------------------------------------------
 */

static uint32_t hash_of(const uint32_t *codes, uint32_t length, bool prefix)
{
    uint64_t hash = prefix;
    for (uint32_t i = 0; i < length; i++) hash = (hash ^ codes[i]) * UINT64_C(0x9E3779B97F4A7C15), hash ^= hash >> 31;
    return (uint32_t)(hash >> 16);
}

static bool spread(struct conform *c)
{
    if (c->variant_count < c->slot_count) return true;
    uint32_t count = c->slot_count ? 2 * c->slot_count : 1024;
    uint32_t *slots = memory_resize(c->slots, count * sizeof *slots);
    if (!slots) return false;
    c->slots = slots;
    c->slot_count = count;
    memset(slots, 0xFF, count * sizeof *slots);
    for (uint32_t i = 0; i < c->variant_count; i++) {
        uint32_t *slot = &slots[c->variants[i].hash & (count - 1)];
        c->variants[i].next = *slot;
        *slot = i;
    }
    return true;
}

/* The codes at the end, from `first` on, are a trace: kept if they are new. */
static int add_trace(struct conform *c, uint32_t first, uint32_t kase, uint32_t session, bool prefix)
{
    uint32_t length = c->code_count - first, hash = hash_of(c->codes + first, length, prefix), v;
    if (!length) return GUAN_OK;
    if (!spread(c)) return error_memory(c->error);
    for (v = c->slots[hash & (c->slot_count - 1)]; v != UINT32_MAX; v = c->variants[v].next) {
        const struct variant *known = &c->variants[v];
        if (known->hash == hash && known->length == length && known->prefix == prefix &&
            memcmp(c->codes + known->first, c->codes + first, length * sizeof *c->codes) == 0)
            break;
    }
    if (v == UINT32_MAX) {
        struct variant *variants = grow(c->variants, c->variant_count + (size_t)1, &c->variant_capacity, sizeof *variants);
        if (!variants) return error_memory(c->error);
        c->variants = variants;
        v = c->variant_count++;
        uint32_t *slot = &c->slots[hash & (c->slot_count - 1)];
        variants[v] =
            (struct variant){.first = first, .length = length, .hash = hash, .next = *slot, .sample = kase, .prefix = prefix};
        *slot = v;
    } else {
        c->code_count = first;
    }
    struct trace *traces = grow(c->traces, c->trace_count + (size_t)1, &c->trace_capacity, sizeof *traces);
    if (!traces) return error_memory(c->error);
    c->traces = traces;
    traces[c->trace_count++] = (struct trace){kase, session, v};
    c->variants[v].cases++;
    c->events += length;
    return GUAN_OK;
}

static bool is_ours(const struct conform *c, uint32_t session)
{
    const char *text = log_text(c->log, session);
    size_t n = strlen(c->process);
    return strncmp(text, c->process, n) == 0 && text[n] == '#';
}

/* One run of the flow: what happened in the session (0: any), and what others tell it. */
static int take_trace(struct conform *c, uint32_t kase, uint32_t session)
{
    const struct log_case *one = &c->log->cases[kase];
    uint32_t first = c->code_count;
    uint32_t *codes = grow(c->codes, c->code_count + (size_t)one->count, &c->code_capacity, sizeof *codes);
    if (!codes && one->count) return error_memory(c->error);
    c->codes = codes;
    for (uint32_t i = one->first; i < one->first + one->count; i++) {
        const struct log_event *event = &c->log->events[i];
        if (session && event->session && event->session != session && is_ours(c, event->session)) continue;
        uint32_t code = code_of(c, event);
        if (code != IGNORED) codes[c->code_count++] = code;
    }
    return add_trace(c, first, kase, session, one->open);
}

/* A case may run the flow several times, each in a session of its own; without sessions it is one run. */
static int take_case(struct conform *c, uint32_t kase)
{
    const struct log_case *one = &c->log->cases[kase];
    uint32_t taken = 0;
    int code = GUAN_OK;
    for (uint32_t i = one->first; i < one->first + one->count && code == GUAN_OK; i++) {
        uint32_t session = c->log->events[i].session;
        bool known = !session || !is_ours(c, session);
        for (uint32_t k = one->first; !known && k < i; k++) known = c->log->events[k].session == session;
        if (known) continue;
        code = take_trace(c, kase, session);
        taken++;
    }
    bool whole = !taken && (!one->process || strcmp(log_text(c->log, one->process), c->process) == 0);
    return code == GUAN_OK && whole ? take_trace(c, kase, 0) : code;
}

static int take_all(struct conform *c)
{
    int code = GUAN_OK;
    for (uint32_t k = 0; k < c->log->case_count && code == GUAN_OK; k++)
        if (c->past->wanted[k]) code = take_case(c, k);
    return code;
}

/* --- aligning ------------------------------------------------------------------------------------------------------------------
 */

static uint32_t most(const struct conform *c, const struct variant *v)
{
    return v->length + (v->prefix || c->endless ? 0 : c->shortest);
}

static void count_moves(struct conform *c, const struct variant *v, const struct align_result *result)
{
    for (uint32_t i = 0; i < result->move_count; i++) {
        const struct align_move *move = &result->moves[i];
        if (move->kind == ALIGN_LOG) c->extra[c->codes[v->first + move->event]] += v->cases;
        else if (move->kind == ALIGN_MODEL) c->missing[move->label] += v->cases;
    }
}

static int align_one(struct conform *c, struct aligner *aligner, struct variant *v, struct align_result *result)
{
    uint32_t *trace = arena_alloc(c->row, (v->length + (size_t)1) * sizeof *trace);
    uint32_t unknown = 0;
    if (!trace) return error_memory(c->error);
    for (uint32_t i = 0; i < v->length; i++) {
        trace[i] = c->codes[v->first + i] < c->labels ? c->codes[v->first + i] : ALIGN_UNKNOWN;
        unknown += trace[i] == ALIGN_UNKNOWN;
    }
    aligner_limit(aligner, v->nodes);
    int code = align(aligner, trace, v->length, v->prefix || c->endless, c->row, result, c->error);
    if (code != GUAN_OK) return code;
    v->cost = result->found ? result->cost : most(c, v);
    v->lower = net_is_cut(c->net) || !result->found ? unknown : result->lower; /* what is beyond the cut may be cheaper */
    v->exact = v->cost == v->lower;
    return GUAN_OK;
}

/* What an empty trace costs is the shortest way through the flow. */
static int measure(struct conform *c, struct aligner *aligner)
{
    struct align_result result;
    int code = align(aligner, NULL, 0, false, c->row, &result, c->error);
    c->endless = !net_ends(c->net) || !result.found;
    c->shortest = result.found ? result.cost : 0;
    return code;
}

/* Four times the even share of what is left: most traces need little. The same for the same log, on any machine. */
static uint32_t share_of(const struct aligner *aligner, uint32_t left)
{
    uint64_t done = aligner_work(aligner), share = done < ALL_NODES ? 4 * (ALL_NODES - done) / left : 0;
    return share > NODES ? NODES : share < LEAST_NODES ? LEAST_NODES : (uint32_t)share;
}

static int align_all(struct conform *c, struct aligner *aligner)
{
    int code = measure(c, aligner);
    for (uint32_t i = 0; i < c->variant_count && code == GUAN_OK; i++) {
        struct align_result result;
        arena_reset(c->row);
        c->variants[i].nodes = share_of(aligner, c->variant_count - i);
        code = align_one(c, aligner, &c->variants[i], &result);
        if (code == GUAN_OK) count_moves(c, &c->variants[i], &result);
    }
    return code;
}

/* --- what is said --------------------------------------------------------------------------------------------------------------
 */

static double fitness(uint32_t cost, uint32_t worst)
{
    return worst == 0 ? 1.0 : round((1.0 - (double)cost / (double)worst) * 10000.0) / 10000.0;
}

static const char *code_name(const struct conform *c, uint32_t code)
{
    return code < c->labels ? net_label_name(c->net, code) : log_text(c->log, code - c->labels);
}

static void put_name(const struct conform *c, struct value *map, uint32_t code)
{
    value_set_text(c->row, map, "activity", code_name(c, code));
    if (code >= c->labels) {
        value_set_bool(c->row, map, "unknown", true);
        return;
    }
    value_set_text(c->row, map, "title", net_label_title(c->net, code));
    if (net_label_waived(c->net, code)) value_set_bool(c->row, map, "waived", true);
}

static void put_costs(const struct conform *c, struct value *map, const struct variant *v)
{
    value_set_int(c->row, map, "cost", v->cost);
    if (!v->exact) value_set_int(c->row, map, "lower", v->lower);
    value_set(c->row, map, "fitness", value_real(c->row, fitness(v->cost, most(c, v))));
    value_set_bool(c->row, map, "exact", v->exact);
}

static int put_traces(struct conform *c)
{
    int code = GUAN_OK;
    for (uint32_t i = 0; i < c->trace_count && code == GUAN_OK; i++) {
        const struct variant *v = &c->variants[c->traces[i].variant];
        arena_reset(c->row);
        struct value *map = value_map(c->row);
        value_set_text(c->row, map, "case", log_text(c->log, c->log->cases[c->traces[i].kase].name));
        if (c->traces[i].session) value_set_text(c->row, map, "session", log_text(c->log, c->traces[i].session));
        value_set_int(c->row, map, "variant", v->rank);
        put_costs(c, map, v);
        code = answer_put(c->sink, map, c->error);
    }
    return code;
}

static int put_variant(struct conform *c, struct aligner *aligner, struct variant *v)
{
    static const char *const kinds[] = {"both", "log", "flow"};
    struct align_result result;
    arena_reset(c->row);
    int code = align_one(c, aligner, v, &result);
    if (code != GUAN_OK) return code;
    struct value *map = value_map(c->row), *moves = value_list(c->row);
    value_set_int(c->row, map, "variant", v->rank);
    value_set_int(c->row, map, "cases", v->cases);
    value_set_text(c->row, map, "case", log_text(c->log, c->log->cases[v->sample].name));
    value_set_int(c->row, map, "length", v->length);
    if (v->prefix) value_set_bool(c->row, map, "open", true);
    put_costs(c, map, v);
    for (uint32_t i = 0; i < result.move_count; i++) {
        const struct align_move *move = &result.moves[i];
        struct value *one = value_map(c->row);
        value_set_text(c->row, one, "move", kinds[move->kind]);
        put_name(c, one, move->kind == ALIGN_MODEL ? move->label : c->codes[v->first + move->event]);
        value_add(c->row, moves, one);
    }
    value_set(c->row, map, "moves", moves);
    return answer_put(c->sink, map, c->error);
}

/* The most frequent first; a handful. */
static int put_deviations(struct conform *c)
{
    int code = GUAN_OK;
    size_t codes = (size_t)c->labels + c->log->text_count;
    for (int n = 0; n < DEVIATIONS && code == GUAN_OK; n++) {
        uint32_t *best = NULL;
        for (size_t i = 0; i < codes; i++)
            if (c->extra[i] > (best ? *best : 0)) best = &c->extra[i];
        for (size_t i = 0; i < c->labels; i++)
            if (c->missing[i] > (best ? *best : 0)) best = &c->missing[i];
        if (!best) break;
        bool extra = best >= c->extra && best < c->extra + codes;
        arena_reset(c->row);
        struct value *map = value_map(c->row);
        value_set_text(c->row, map, "deviation", extra ? "log" : "flow");
        put_name(c, map, (uint32_t)(extra ? best - c->extra : best - c->missing));
        value_set_int(c->row, map, "count", *best);
        *best = 0;
        code = answer_put(c->sink, map, c->error);
    }
    return code;
}

static int put_total(struct conform *c, uint32_t *misfits)
{
    uint64_t cost = 0, worst = 0;
    uint32_t fitting = 0, inexact = 0;
    for (uint32_t i = 0; i < c->variant_count; i++) {
        const struct variant *v = &c->variants[i];
        cost += (uint64_t)v->cost * v->cases;
        worst += (uint64_t)most(c, v) * v->cases;
        fitting += v->cost == 0 ? v->cases : 0;
        inexact += v->exact ? 0 : v->cases;
    }
    arena_reset(c->row);
    struct value *map = value_map(c->row);
    value_set_text(c->row, map, "flow", c->process);
    past_total(c->past, c->row, map);
    value_set_int(c->row, map, "traces", c->trace_count);
    value_set_int(c->row, map, "aligned_events", c->events);
    value_set_int(c->row, map, "variants", c->variant_count);
    value_set(c->row, map, "fitness",
              value_real(c->row, worst ? round((1.0 - (double)cost / (double)worst) * 10000.0) / 10000.0 : 1.0));
    value_set_int(c->row, map, "fitting", fitting);
    value_set_int(c->row, map, "inexact", inexact);
    value_set_int(c->row, map, "states", net_state_count(c->net));
    value_set_int(c->row, map, "shortest", c->shortest);
    value_set_bool(c->row, map, "endless", c->endless);
    *misfits = c->trace_count - fitting;
    return answer_put(c->sink, map, c->error);
}

static int by_misfit(const void *a, const void *b)
{
    const struct variant *x = *(struct variant *const *)a, *y = *(struct variant *const *)b;
    if (x->cost * (uint64_t)(y->length + 1) != y->cost * (uint64_t)(x->length + 1))
        return x->cost * (uint64_t)(y->length + 1) > y->cost * (uint64_t)(x->length + 1) ? -1 : 1;
    if (x->cases != y->cases) return x->cases > y->cases ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

static int tell(struct conform *c, struct aligner *aligner)
{
    struct variant **order = arena_alloc(c->arena, (c->variant_count + (size_t)1) * sizeof(*order));
    size_t shown = c->past->asked->worst ? c->past->asked->worst : WORST;
    uint32_t misfits = 0;
    if (!order) return error_memory(c->error);
    for (uint32_t i = 0; i < c->variant_count; i++) order[i] = &c->variants[i];
    qsort(order, c->variant_count, sizeof(*order), by_misfit);
    for (uint32_t i = 0; i < c->variant_count; i++) order[i]->rank = i + 1;
    int code = put_traces(c);
    for (uint32_t i = 0; i < c->variant_count && i < shown && order[i]->cost && code == GUAN_OK; i++)
        code = put_variant(c, aligner, order[i]);
    if (code == GUAN_OK) code = put_deviations(c);
    if (code == GUAN_OK) code = put_total(c, &misfits);
    if (code == GUAN_OK && misfits)
        code = error_set(c->error, GUAN_NO, "conform", "%u run%s not fit the flow", misfits, misfits == 1 ? " does" : "s do");
    return code;
}

/* --- the whole
 * ------------------------------------------------------------------------------------------------------------------- */

/* Names of the log that transitions may take without spelling them out. */
static int make_net(struct conform *c)
{
    const char **names = arena_alloc(c->arena, FOREIGN_NAMES * sizeof *names);
    uint32_t count = 0;
    uint8_t *seen = memory_alloc(c->log->text_count);
    if (!names || !seen) {
        memory_free(seen);
        return error_memory(c->error);
    }
    for (uint32_t i = 0; i < c->log->event_count && count < FOREIGN_NAMES; i++) {
        uint32_t activity = c->log->events[i].activity;
        if (!seen[activity]) names[count++] = name_of(c, activity);
        seen[activity] = 1;
    }
    memory_free(seen);
    int code = net_new(c->chart, names, count, &c->net, c->error);
    if (code == GUAN_OK) c->labels = net_label_count(c->net);
    return code;
}

static int prepare(struct conform *c)
{
    size_t texts = c->log->text_count;
    const char *slash = strrchr(c->past->asked->file, '/'), *stem = slash ? slash + 1 : c->past->asked->file;
    c->arena = arena_new();
    c->row = arena_new();
    if (!c->arena || !c->row) return error_memory(c->error);
    c->process = c->chart->name[0] ? c->chart->name : arena_text(c->arena, stem, strcspn(stem, "."));
    c->mapped = arena_alloc(c->arena, texts * sizeof *c->mapped);
    c->code_of = arena_alloc(c->arena, 2 * texts * sizeof *c->code_of);
    if (!c->process || !c->mapped || !c->code_of) return error_memory(c->error);
    memset(c->code_of, 0xFF, 2 * texts * sizeof *c->code_of);
    int code = c->past->asked->map ? read_map(c, c->past->asked->map) : GUAN_OK;
    if (code == GUAN_OK) code = make_net(c);
    if (code != GUAN_OK) return code;
    c->extra = memory_alloc((c->labels + texts) * sizeof *c->extra);
    c->missing = memory_alloc((c->labels + (size_t)1) * sizeof *c->missing);
    return c->extra && c->missing ? GUAN_OK : error_memory(c->error);
}

int past_conform(const struct past *past, const struct chart *chart, const struct guan_sink *sink, struct guan_error *error)
{
    struct conform c = {.past = past, .log = past->log, .chart = chart, .sink = sink, .error = error};
    struct aligner *aligner = NULL;
    int code = prepare(&c);
    if (code == GUAN_OK) code = take_all(&c);
    if (code == GUAN_OK) {
        const struct align_model model = net_model(c.net);
        code = aligner_new(&model, NODES, &aligner, error);
    }
    if (code == GUAN_OK) code = align_all(&c, aligner);
    if (code == GUAN_OK) code = tell(&c, aligner);
    aligner_free(aligner);
    net_free(c.net);
    memory_free(c.codes);
    memory_free(c.variants);
    memory_free(c.slots);
    memory_free(c.traces);
    memory_free(c.extra);
    memory_free(c.missing);
    arena_free(c.arena);
    arena_free(c.row);
    return code;
}
