/* Every limit in one place. Each has its own error where it is reached. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define LIMIT_FILE_BYTES       (16u * 1024u * 1024u) /* one definition file */
#define LIMIT_BUNDLE_FILES     2000u
#define LIMIT_XML_DEPTH        1000u
#define LIMIT_STATES           200000u
#define LIMIT_ATTRIBUTE_BYTES  65536u
#define LIMIT_DIAGNOSTICS      200u /* of one file; then "too many" */
#define LIMIT_JSON_DEPTH       64u
#define LIMIT_ENTRY_BYTES      65535u /* LEDGER: the length in a bundle is a u16 */
#define LIMIT_FIELDS           200u   /* of one command */
#define LIMIT_FIELD_BYTES      16384u
#define LIMIT_TEXT_ARGUMENT    4096u
#define LIMIT_LUA_INSTRUCTIONS 1000000u              /* of one command */
#define LIMIT_LUA_BYTES        (64u * 1024u * 1024u) /* of one Lua state */
#define LIMIT_MICROSTEPS       10000u                /* of one macrostep */
#define LIMIT_COMMAND_EVENTS   10000u                /* external events that one command may cause */
#define LIMIT_TERMS            64u                   /* occurrences of one deadline that are remembered */
#define LIMIT_MOMENTS          256u                  /* facts that one rule remembers */
#define LIMIT_SESSIONS         1000u                 /* of one case */
#define LIMIT_CALENDAR_EVENTS  20000u                /* of one calendar; a recurring one counts for each year */
#define LIMIT_EVIDENCE_BYTES   (256u * 1024u * 1024u)

#endif
