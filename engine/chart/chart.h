/* A compiled process definition: SCXML 1.0 plus `urn:guan:1`. Immutable once read; shared by all its sessions.
 *
 * States stand in document order; state 0 is the <scxml> element. The descendants of state s are s+1 … s.last, so a subtree is an
 * interval and an exit set is an interval of the configuration. Everything else is an array that others index; CHART_NONE says
 * "none". Strings live as long as the chart. The interpreter reads the first half, `standard` the second (from struct chart_step
 * on). */
#ifndef CHART_CHART_H
#define CHART_CHART_H

#include "base/value.h"

#define CHART_NONE UINT32_MAX

struct chart_place {
    uint32_t line, col;
};
struct chart_span {
    uint32_t first, count;
}; /* consecutive elements of one array */
struct chart_names {
    const char *const *items;
    uint32_t count;
};

/* --- Lua in the document --------------------------------------------------------------------------------------- */

enum chart_lua {
    CHART_EXPRESSION, /* cond, expr, …expr, array, when, done-when, default, before, fromexpr */
    CHART_LOCATION,   /* assign location, idlocation, param location: something that can be assigned to */
    CHART_SCRIPT,     /* statements */
    CHART_CHECK       /* an expression that also sees `value` */
};
struct chart_expr {
    const char *source;
    size_t length;
    enum chart_lua kind;
    struct chart_place place;
};

/* Inline content of <data>, <assign>, <content>: text or markup. `expr` is the text as a Lua expression where it parses as one:
 * its value is taken unless it is nil; else the text, blanks folded. Markup keeps `text` as XML and has no `expr`. */
struct chart_text {
    const char *text; /* NULL: none */
    uint32_t expr;
    bool xml;
};

/* --- states and transitions ------------------------------------------------------------------------------------ */

enum chart_state_kind { CHART_ATOMIC, CHART_COMPOUND, CHART_PARALLEL, CHART_FINAL, CHART_HISTORY_SHALLOW, CHART_HISTORY_DEEP };
enum chart_gate { CHART_GATE_BLOCK, CHART_GATE_WARN, CHART_GATE_OPEN };
enum chart_mode { CHART_MODE_BLOCK, CHART_MODE_WARN };
enum chart_class { CHART_CLASS_LAW, CHART_CLASS_STANDARD, CHART_CLASS_PRACTICE, CHART_CLASS_DEALER }; /* strictest first */

struct chart_state {
    enum chart_state_kind kind;
    const char *id;   /* never NULL: a state without one is "#" and its number */
    uint32_t parent;  /* CHART_NONE for state 0 */
    uint32_t last;    /* the last descendant; itself if it has none */
    uint32_t depth;   /* 0 for state 0 */
    uint32_t initial; /* compound, history: the transition of <initial> / default history (its targets, content); set for every
                         compound */
    struct chart_span children;        /* chart->children: indexes of child states, histories included, in document order */
    struct chart_span transitions;     /* chart->transitions, in document order */
    struct chart_span onentry, onexit; /* chart->blocks */
    struct chart_span data;            /* chart->data declared in this state (late binding) */
    struct chart_span invokes;         /* chart->invokes */
    struct chart_span histories;       /* chart->children-like list: history states directly below (chart->children indexes) */
    uint32_t donedata;                 /* final: index in chart->donedata, or CHART_NONE */
    struct chart_place place;
    /* g: */
    const char *title;                 /* or NULL */
    struct chart_names clauses, roles; /* roles: the default for the steps inside (inherited already) */
    struct chart_span steps;           /* chart->steps owned by this state */
    struct chart_span deadlines;       /* chart->deadlines that stand in the state itself, not in a step */
    struct chart_span rules;
};

/* Event descriptors of one transition, in the document's order; "*" matches all. Trailing ".*" and "." are off. */
struct chart_descriptor {
    const char *name; /* "" for "*" */
    uint32_t length;
};

struct chart_transition {
    uint32_t source;
    struct chart_span targets; /* chart->targets: state indexes */
    struct chart_span events;  /* chart->descriptors; empty: eventless */
    uint32_t cond;             /* chart->exprs or CHART_NONE */
    uint32_t content;          /* chart->blocks or CHART_NONE */
    bool internal;             /* type="internal", and legal as such: compound source, all targets inside */
    bool plain;                /* no target is a history state: `domain` is fixed */
    uint32_t domain;           /* CHART_NONE when targetless or not plain */
    struct chart_place place;
    /* g: */
    enum chart_gate gate;
    bool gate_given;
    struct chart_names roles, clauses;
    const char *title;
};

/* --- executable content ---------------------------------------------------------------------------------------- */

enum chart_exec_kind {
    CHART_RAISE,
    CHART_IF,
    CHART_FOREACH,
    CHART_LOG,
    CHART_ASSIGN,
    CHART_RUN_SCRIPT,
    CHART_SEND,
    CHART_CANCEL
};
struct chart_param {
    const char *name;
    uint32_t expr, location; /* one of the two */
    struct chart_place place;
};
struct chart_branch {
    uint32_t cond, block;
}; /* <else>: cond is CHART_NONE */

/* What <send>, <invoke> and <donedata> carry. */
struct chart_payload {
    struct chart_names namelist;       /* locations */
    struct chart_span namelist_exprs;  /* chart->exprs, one a name, CHART_LOCATION-like expressions */
    struct chart_span params;          /* chart->params */
    uint32_t content_expr;             /* chart->exprs or CHART_NONE */
    struct chart_text content;         /* text NULL: none */
    const struct chart *content_chart; /* inline <scxml> inside <content>, compiled; owned by this chart; or NULL */
    bool has_content;                  /* there was a <content> element */
};
struct chart_send {
    const char *event, *target, *type, *id; /* NULL: absent */
    uint32_t event_expr, target_expr, type_expr, id_location, delay_expr;
    int64_t delay; /* ms; 0 when absent */
    struct chart_payload payload;
};
struct chart_exec {
    enum chart_exec_kind kind;
    uint32_t next; /* the next of the same block, or CHART_NONE */
    struct chart_place place;
    union {
        struct {
            const char *event;
        } raise;
        struct {
            struct chart_span branches;
        } choose; /* chart->branches */
        struct {
            uint32_t array;
            const char *item, *index;
            uint32_t block;
        } foreach; /* index NULL: absent */
        struct {
            const char *label;
            uint32_t expr;
        } log;
        struct {
            uint32_t location, expr;
            struct chart_text text;
        } assign;        /* expr CHART_NONE: the text */
        uint32_t script; /* chart->exprs */
        uint32_t send;   /* chart->sends */
        struct {
            const char *sendid;
            uint32_t sendid_expr;
        } cancel;
    } as;
};
struct chart_data {
    const char *id;
    uint32_t state;
    uint32_t expr;          /* CHART_NONE: `text`, or neither: declared, nil */
    struct chart_text text; /* inline, or the file that src names */
    struct chart_place place;
};
struct chart_invoke {
    const char *type, *src, *id; /* NULL: absent */
    uint32_t type_expr, src_expr, id_location;
    uint32_t state;
    struct chart_payload payload;
    bool autoforward;
    uint32_t finalize; /* chart->blocks or CHART_NONE */
    bool has_finalize; /* an empty <finalize/> maps the namelist back */
    struct chart_place place;
};

/* --- g: what `standard` reads ---------------------------------------------------------------------------------- */

enum chart_type {
    CHART_TEXT,
    CHART_INTEGER,
    CHART_DECIMAL,
    CHART_MONEY,
    CHART_BOOLEAN,
    CHART_YES,
    CHART_CHOICE,
    CHART_LIST,
    CHART_DATE,
    CHART_DATETIME,
    CHART_DURATION,
    CHART_MOBILE,
    CHART_LANDLINE,
    CHART_WECHAT,
    CHART_EMAIL,
    CHART_CONTACTS,
    CHART_IDNO,
    CHART_VIN,
    CHART_DOCUMENT,
    CHART_EVIDENCE
};
/* Severities: info < minor < major < critical; NONE for a plain timer. */
enum chart_severity { CHART_SEVERITY_DEFAULT, CHART_SEVERITY_NONE, CHART_INFO, CHART_MINOR, CHART_MAJOR, CHART_CRITICAL };

struct chart_field {
    const char *name, *title;
    enum chart_type type;
    bool required, personal;
    struct chart_names of;         /* choice */
    struct chart_names names;      /* of these values, for people; none, or as many */
    const char *min, *max;         /* as written, checked against the type, or of a number a parameter's name; NULL: absent */
    const char *pattern;           /* POSIX extended, anchored */
    uint32_t check, initial, when; /* chart->exprs or CHART_NONE; `initial` is the default= expression */
    struct chart_names clauses;
    enum chart_severity severity;
    const char *code; /* NULL: FIELD_INVALID */
    const char *info; /* basic contact need history, or NULL */
    bool class_given;
    enum chart_class klass;
    bool tunable;             /* given, or the step's; never of one that is law */
    struct chart_span fields; /* nested: records of a list; chart->fields */
    struct chart_place place;
};

enum chart_take { CHART_TAKE_LAST, CHART_TAKE_FIRST, CHART_TAKE_EACH };
struct chart_deadline {
    const char *id; /* never NULL: a deadline without one is its step's or state's id and its number */
    const char *title;
    uint32_t state, step; /* step CHART_NONE: stands in the state */
    const char *within;   /* a duration, D±N@HH:MM, a parameter's name, or min(…) of these; NULL: absent */
    uint32_t within_key;  /* within="T-X[expr]": the cell of a table parameter; chart->exprs or CHART_NONE */
    const char *lead;     /* a duration, D±N@HH:MM, or a parameter's name; goes with `before` */
    const char *window;   /* "P2D/P3D", "-P1D/P0D", "during", or a parameter's name; NULL: absent */
    const char *every;    /* recurs: a duration in months or days, or a parameter's name; NULL: once */
    const char *on;       /* recurs with the events of a calendar (its file's name without .ics) */
    const char *until;    /* ends the recurrence: a duration from the anchor, or a parameter's name */
    const char *remind;   /* a duration or a parameter's name: event "deadline.near.<id>" so long before the due time */
    bool work;            /* days="work": working days by the house's calendar "holidays" */
    uint32_t before, from_expr, when; /* chart->exprs; `before` may see `occurrence` where the deadline recurs */
    struct chart_names from;          /* anchors: step, event or P.S; empty: entry of the state */
    enum chart_take take;
    enum chart_severity severity;
    const char *event; /* raised when missed; default "deadline.missed.<id>" */
    struct chart_names clauses;
    struct chart_place place;
};

enum chart_rule_kind {
    CHART_RULE_PROHIBIT, /* `of` while `when` holds */
    CHART_RULE_LIMIT,    /* at most `max` of them (or a `sum` of a field) within a sliding window, by a key */
    CHART_RULE_MIN_GAP,  /* at least `within` between two */
    CHART_RULE_MAX_GAP,  /* at most `within` from the anchor to the first and between two: a timer */
    CHART_RULE_SHARE,    /* `of` at most `max` percent of `among` within the window, from `sample` on */
    CHART_RULE_PRECEDES, /* one of `first` before `of` */
    CHART_RULE_DATA,     /* `check` holds when `of` happens */
    CHART_RULE_SEPARATE  /* the steps of `of` have different actors */
};
struct chart_rule {
    const char *id, *title;
    enum chart_rule_kind kind;
    uint32_t state;                            /* armed while it is active */
    struct chart_names of, first, among, from; /* S, P.S, "P.*", "@class" of messages */
    const char *by;                            /* limit: "actor" or a field's name; NULL: the whole case */
    const char *sum;                           /* limit: a numeric field; NULL: count */
    const char *max;                           /* a number, or a parameter's name */
    const char *within;                        /* a duration or a parameter's name */
    uint32_t within_key;                       /* as in a deadline */
    uint32_t sample;                           /* share: not judged before so many of `among` */
    const char *until;                         /* max-gap: ends so long after the anchor; NULL: absent */
    struct chart_names ends;                   /* max-gap, in place of `until`: steps and events that end it */
    bool once;                                 /* precedes: only the first `of` is judged */
    uint32_t when, check;                      /* chart->exprs; judged as of the entry, with the session's functions */
    enum chart_mode mode;
    enum chart_class klass;
    enum chart_severity severity;
    const char *code; /* NULL: the kind's own */
    bool tunable;
    struct chart_names clauses;
    struct chart_place place;
};

struct chart_step {
    const char *id, *title;
    uint32_t state; /* owner */
    struct chart_names clauses, roles, with, not_by, waive_by,
        evidence;                     /* roles: inherited already; evidence "x!": must be there */
    struct chart_span after, reopens; /* chart->step_refs: step indexes */
    struct chart_span not_by_steps;   /* chart->step_refs, the same as not_by */
    bool required, repeat, tunable;
    bool duty;                   /* towards the customer: no hook can refuse it, leave it out or put it off */
    uint32_t when, done_when;    /* chart->exprs or CHART_NONE */
    uint32_t per;                /* chart->fields index of the field, or CHART_NONE */
    const char *message;         /* class of outgoing message, or NULL */
    enum chart_mode mode;        /* inherited already */
    enum chart_class klass;      /* given, or the strictest of its clauses */
    struct chart_span fields;    /* chart->fields */
    struct chart_span deadlines; /* chart->deadlines */
    struct chart_place place;
};

struct chart {
    const char *name, *file, *title, *lang; /* name: the process; "" when it has none */
    bool lua;                               /* data model; false: null */
    bool early;                             /* binding */
    struct chart_names clauses, roles;
    uint32_t script; /* the document's <script>, an expr of kind CHART_SCRIPT, or CHART_NONE */

    const struct chart_state *states;
    uint32_t state_count;
    const struct chart_transition *transitions;
    uint32_t transition_count; /* those of <initial> and <history> are at the end */
    const uint32_t *targets;
    uint32_t target_count;
    const uint32_t *children;
    uint32_t child_count;
    const struct chart_descriptor *descriptors;
    uint32_t descriptor_count;
    const uint32_t *blocks;
    uint32_t block_count; /* first exec of each block, or CHART_NONE when empty */
    const struct chart_exec *execs;
    uint32_t exec_count;
    const struct chart_branch *branches;
    uint32_t branch_count;
    const struct chart_param *params;
    uint32_t param_count;
    const struct chart_send *sends;
    uint32_t send_count;
    const struct chart_payload *donedata;
    uint32_t donedata_count;
    const struct chart_invoke *invokes;
    uint32_t invoke_count;
    const struct chart_data *data;
    uint32_t data_count;
    const struct chart_expr *exprs;
    uint32_t expr_count;
    const struct chart_step *steps;
    uint32_t step_count;
    const uint32_t *step_refs;
    uint32_t step_ref_count;
    const struct chart_field *fields;
    uint32_t field_count;
    const struct chart_deadline *deadlines;
    uint32_t deadline_count;
    const struct chart_rule *rules;
    uint32_t rule_count;
};

/* CHART_NONE when there is none. Logarithmic or better. */
uint32_t chart_state_by_id(const struct chart *chart, const char *id);
uint32_t chart_step_by_id(const struct chart *chart, const char *id);
uint32_t chart_field_by_name(const struct chart *chart, const struct chart_span *fields, const char *name);
bool chart_is_descendant(const struct chart *chart, uint32_t state, uint32_t ancestor); /* proper */
bool chart_descriptor_matches(const struct chart_descriptor *descriptor, const char *event, size_t length);
const char *chart_class_name(enum chart_class klass);          /* "law" … */
const char *chart_severity_name(enum chart_severity severity); /* "info" …; "none" */
const char *chart_type_name(enum chart_type type);

#endif
