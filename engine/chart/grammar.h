/* Which elements and attributes there are, and what may stand where: SCXML 1.0, urn:guan:1, the catalogue files. */
#ifndef CHART_GRAMMAR_H
#define CHART_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCXML_NAMESPACE "http://www.w3.org/2005/07/scxml"
#define GUAN_NAMESPACE  "urn:guan:1"

enum space { SPACE_NONE, SPACE_SCXML, SPACE_GUAN, SPACE_OTHER };

enum tag {
    TAG_OTHER,
    TAG_TEXT,
    /* SCXML */
    TAG_SCXML,
    TAG_STATE,
    TAG_PARALLEL,
    TAG_FINAL,
    TAG_HISTORY,
    TAG_INITIAL,
    TAG_TRANSITION,
    TAG_ONENTRY,
    TAG_ONEXIT,
    TAG_DATAMODEL,
    TAG_DATA,
    TAG_INVOKE,
    TAG_FINALIZE,
    TAG_DONEDATA,
    TAG_CONTENT,
    TAG_PARAM,
    TAG_RAISE,
    TAG_IF,
    TAG_ELSEIF,
    TAG_ELSE,
    TAG_FOREACH,
    TAG_LOG,
    TAG_ASSIGN,
    TAG_SCRIPT,
    TAG_SEND,
    TAG_CANCEL,
    /* urn:guan:1 in flows */
    TAG_STEP,
    TAG_FIELD,
    TAG_DEADLINE,
    TAG_RULE,
    /* urn:guan:1 in catalogues and houses */
    TAG_STANDARD,
    TAG_CLAUSE,
    TAG_PARAMETERS,
    TAG_PARAMETER,
    TAG_ROLES,
    TAG_ROLE,
    TAG_RETENTIONS,
    TAG_RETENTION,
    TAG_DEALER,
    TAG_PEOPLE,
    TAG_PERSON,
    TAG_COUNT
};

/* Attribute lists are blank-separated; "id!" must be there. */
struct grammar {
    const char *name;
    enum space space;
    const char *attributes;
    const char *guan;  /* g: attributes */
    uint64_t children; /* bits by tag */
    bool open;         /* text and foreign markup are welcome inside */
};
const struct grammar *grammar_of(enum tag tag); /* NULL for TAG_OTHER and TAG_TEXT */
enum tag grammar_tag(enum space space, const char *name);
bool grammar_executable(enum tag tag);

struct node;
struct tree;
struct report;
/* Checks everything below `root` (not inside <content>, <data>, <assign>), and that the root is one of `roots` (bits by tag). */
bool grammar_check(const struct node *root, uint64_t roots, struct report *report);

#endif
