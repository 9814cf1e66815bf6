#!/bin/sh
# What no story exercises has to stand in uncovered.tsv, with a reason; and what stands there has to be uncovered still.
#   uncovered.sh GUAN
# A line there: process, kind, id, reason; tabs between. The lines that `guan story --coverage` prints begin with the same three.
set -u
guan=$1
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tab=$(printf '\t')
"$guan" --lang en story --coverage "$here"/*.story >"$folder/told" || { grep '^not ok' "$folder/told"; echo "a story fails"; exit 1; }
grep -q '^# exercised ' "$folder/told" || { echo "no coverage was told"; exit 1; }
sed -n "s/^# \([^$tab]*$tab[^$tab]*$tab[^$tab]*\)$tab.*/\1/p" "$folder/told" | sort >"$folder/uncovered"
grep -v '^#' "$here/uncovered.tsv" | sed '/^$/d' >"$folder/rows"
failed=0
if grep -v "^[^$tab]*$tab[^$tab]*$tab[^$tab]*$tab[^$tab]" "$folder/rows"; then
    echo "^ uncovered.tsv: these lines are not process, kind, id, reason"
    failed=1
fi
cut -f 1-3 "$folder/rows" | sort >"$folder/allowed"
if comm -23 "$folder/uncovered" "$folder/allowed" | grep .; then
    echo "^ exercised by no story: write one, or put it into uncovered.tsv with the reason"
    failed=1
fi
if comm -13 "$folder/uncovered" "$folder/allowed" | grep .; then
    echo "^ a story exercises these now, or they are gone: delete them from uncovered.tsv"
    failed=1
fi
exit $failed
