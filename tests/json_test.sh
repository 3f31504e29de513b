#!/bin/sh
# shellcheck disable=SC1090,SC1091,SC2154
# --json: every line of every command is what the schema, the tables and
# sockt-json(5) say.
. ./lib.sh
. ./told.sh
SCHEMA=../man/sockt.schema.json
PAGE=../man/sockt-json.5

check() { python3 peers/json_check.py "$@"; }

test_the_schema_is_fresh() {
	"$SOCKT" help schema | jq . >"$D/new"
	assertEquals "run 'make schema'" '' "$(diff "$SCHEMA" "$D/new" | head -5)"
}

test_every_line_of_every_command_is_valid() {
	for s in $(situations); do
		happen "$s" 2>/dev/null
		assertTrue "$s: no recording" "[ -s '$R/$s.ndjson' ]"
		assertFalse "$s: it did not end" "grep -qx 124 '$R/$s.rc'"
	done
	assertEquals '' "$(check "$SCHEMA" "$R"/*.ndjson 2>&1 | sed "s|$R/||")"
}

# Those that are missing here need a firewall or a terminal.
test_nearly_every_event_took_place() {
	check --seen "$SCHEMA" "$R"/*.ndjson >"$D/seen"
	"$SOCKT" help schema | jq -r '.oneOf[].properties.ev.const' | sort >"$D/all"
	assertEquals '' "$(comm -13 "$D/seen" "$D/all" |
		grep -vx 'afterlife\|denied\|mode\|unreachable')"
}

test_the_exit_status_is_in_the_summary() {
	for s in $(situations); do
		rc=$(cat "$R/$s.rc")
		assertEquals "$s" "$rc" "$(tail -n 1 "$R/$s.ndjson" | jq .exit)"
	done
}

test_show_tells_all_that_again() {
	for s in $(situations); do
		case $s in *_verbose | *_range) v=-v ;; *) v= ;; esac
		"$SOCKT" show --text $v "$R/$s.ndjson" >"$D/text" 2>"$D/err"
		assertEquals "$s, as text" '' "$(diff "$R/$s.text" "$D/text")"
		"$SOCKT" --json show "$R/$s.ndjson" >"$D/json" 2>>"$D/err"
		assertEquals "$s, as JSON" '' "$(diff "$R/$s.ndjson" "$D/json")"
		assertEquals "$s" '' "$(cat "$D/err")"
	done
}

test_what_the_schema_forbids() {
	line() { printf '{"ev":"signal","n":1,"t_ns":0,"wall":"2026-11-22T17:22:53.354537Z"%s}\n' "$1" >"$D/line"; }
	for more in ',"name":1' ',"who":"us"' ',"conn":0' ',"conn":"1"' \
		',"peer":{"ip":"x"}' ',"peer":{"ip":"::1","port":0}' ',"dir":"in"' \
		',"errno":111' ',"why":null'; do
		line "$more"
		assertTrue "$more" "check '$SCHEMA' '$D/line' | grep -q '^.*:1:.* in {'"
	done
	line ',"name":"SIGINT","open":0,"why":"x"'
	assertFalse 'a good one' "check '$SCHEMA' '$D/line' | grep ' in {'"
}

test_payload_comes_back_by_one_pipe() {
	head -c 300000 /dev/urandom >"$D/random"
	printf 'h\303\244lf\r\n\302\205\\\342\200\256"\tend' >"$D/words"
	for f in random words; do
		rm -f "$D/port"
		bg "$SOCKT" --json listen --port-file "$D/port" 127.0.0.1 0 \
			</dev/null >"$D/$f.json"
		us=$!
		await "$D/port"
		"$SOCKT" --json-file="$D/$f.sent" connect 127.0.0.1 "$(cat "$D/port")" \
			<"$D/$f" >"$D/got"
		await_end "$us"
		jq -r 'select(.ev=="received")|.b64//(.text|@base64)' "$D/$f.json" |
			base64 -d >"$D/back"
		assertBytes "$f, received" "$D/$f" "$D/back"
		jq -r 'select(.ev=="sent")|.b64//(.text|@base64)' "$D/$f.sent" |
			base64 -d >"$D/back"
		assertBytes "$f, sent" "$D/$f" "$D/back"
	done
}

test_events_of_the_page_have_the_keys_of_the_tables() {
	"$SOCKT" help schema | jq -r '
	["ev","n","t_ns","wall","conn","peer","errno","dir","crlf","detail","told","why"] as $c
	| .oneOf[].properties | .ev.const as $ev
	| [to_entries[] | select(.key as $k | $c | index($k) | not)
	    | select(.key != "local" or .value.type == "array")
	    | if .value.properties then .key as $o | .value.properties | keys_unsorted[]
		| "\($o).\(.)" else .key end
	    | select((endswith("_b64") | not) or . == "data_b64")]
	| .[] | "\($ev) \(.)"' | sort >"$D/tables"
	sed -n '/^\.Sh EVENTS/,/^\.Sh KEYS/p' "$PAGE" | awk '
	/^\.It Li / { ev = $3 }
	/^\.Va / { for (i = 2; i <= NF; i++) if ($i != ",") print ev, $i }' |
		sort >"$D/page"
	assertEquals '' "$(diff "$D/tables" "$D/page")"
}

test_the_page_describes_each_key_and_its_type() {
	cut -d' ' -f2 "$D/tables" | sort -u >"$D/keys"
	sed -n '/^\.Sh KEYS/,/^\.Sh LIMITS/s/^\.It Li \([^ ]*\) Pq .*/\1/p' "$PAGE" |
		sort >"$D/described"
	assertEquals '' "$(diff "$D/keys" "$D/described")"
	for type in number boolean string; do
		sed -n "/^\.Sh KEYS/,/^\.Sh LIMITS/s/^\.It Li \([^ ]*\) Pq $type$/\1/p" "$PAGE" |
			sort >"$D/page"
		"$SOCKT" help events | awk -v t=$type '$2 == t { print $1 }' | sort -u |
			grep -vx 'dir\|errno\|data_b64' >"$D/table"
		assertEquals "of type $type" '' "$(diff "$D/table" "$D/page")"
	done
}

. "$SHUNIT2"
