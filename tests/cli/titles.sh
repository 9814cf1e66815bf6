# Every title of the standards has its English, the catalogue has nothing else, and the command line shows it.
. "$(dirname "$0")/lib.sh"
for tool in xgettext msgmerge msgattrib; do
    command -v $tool >/dev/null || {
        echo "skipped: there is no $tool here"
        exit 77
    }
done

# The same words as in processes/po/README.md, which the message ends with.
cd "$source/processes" || exit 1
{ xgettext --its=po/titles.its --from-code=UTF-8 --add-location=file -o "$folder/titles.pot" ./*.scxml ./*.xml standards/*.xml &&
    msgmerge -q --no-wrap --no-fuzzy-matching -o "$folder/fresh.po" po/en.po "$folder/titles.pot"; } 2>"$folder/warnings" ||
    fail "titles are extracted" "$(head -n 5 "$folder/warnings")"
cd "$folder" || exit 1

# NAME OPTION: no message of the merged catalogue is of that kind.
none() {
    tests=$((tests + 1))
    msgattrib --no-wrap "$2" fresh.po | sed -n '/^#: /p; /^\(#~ \)\{0,1\}msgid "[^"]/p' >found
    [ -s found ] && fail "$1: processes/po/en.po" "$(head -n 20 found)" "to mend: the two commands of processes/po/README.md"
}
none "no title lacks its English" --untranslated
none "no translation is in doubt" --only-fuzzy
none "no translation of a title that is gone" --only-obsolete
tests=$((tests + 1))
[ "$(grep -c '^msgid' titles.pot)" -gt 900 ] || fail "hardly a title was found"
han="[$(printf '\344')-$(printf '\351')]" # the first bytes of Chinese characters
tests=$((tests + 1))
sed -n 's/^msgstr "\(.*\)"$/\1/p' fresh.po | LC_ALL=C grep "$han" >found && fail "Chinese in the English: processes/po/en.po" "$(head found)"

[ $failures -eq 0 ] || {
    finish
    exit 1
}

export GUAN_STORE="$folder/guan.db"
{ "$guan" init --virtual && "$guan" deploy "$source" &&
    "$guan" --as 周敏 --at 2026-03-07T10:01 open journey --dealer base --key K &&
    "$guan" --as 周敏 --at 2026-03-07T10:02 do key:K reception.arrive channel=showroom; } >opened 2>&1 || fail "a case" "$(cat opened)"
for query in "todo key:K" "show key:K" "log key:K" list "audit coverage LW-40"; do
    "$guan" --lang en $query >english 2>&1
    "$guan" --lang zh $query >chinese 2>&1
    tests=$((tests + 2))
    sed 's/周敏//g' english | LC_ALL=C grep "$han" >found && fail "$query: Chinese in English" "$(head -n 5 found)"
    LC_ALL=C grep -q "$han" chinese || fail "$query: no Chinese in Chinese" "$(head -n 5 chinese)"
done
"$guan" --json --lang en todo key:K >json
tests=$((tests + 1))
LC_ALL=C grep -q "\"title\":\"$han" json || fail "JSON was translated"
"$guan" --lang en --as 何勇 --at 2026-03-07T10:03 do key:K reception.greet >refused 2>&1
holds "a refusal" refused "is done by"
tests=$((tests + 1))
LC_ALL=C grep "$han" refused >found && fail "a title within a sentence" "$(cat found)"
finish
