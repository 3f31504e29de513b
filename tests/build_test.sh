#!/bin/sh
# What make leaves: a hardened binary, an installation that works, a demo that
# ends by itself.
. ./lib.sh

again() { make -s -C .. BUILD="${BUILT%/*}" V="${BUILT##*/}" "$@" >"$D/made" 2>&1; }

test_the_release_is_hardened() {
	[ "${BUILT##*/}" = release ] || { skip 'not a release'; return; }
	readelf -hldW "$SOCKT" >"$D/elf"
	readelf --dyn-syms -W "$SOCKT" >"$D/symbols"
	assertTrue 'position-independent' "grep -q 'Type: *DYN' '$D/elf'"
	assertTrue 'RELRO' "grep -q GNU_RELRO '$D/elf'"
	assertTrue 'bound at once' "grep -q 'FLAGS.*NOW' '$D/elf'"
	assertTrue 'stack not executable' "grep -q 'GNU_STACK.* RW ' '$D/elf'"
	assertTrue 'stack protector' "grep -q __stack_chk_fail '$D/symbols'"
	assertTrue 'checked calls' "grep -q '_chk@' '$D/symbols'"
}

test_plain_use_needs_nothing_but_libc_and_libev() {
	[ "${BUILT##*/}" = release ] || { skip 'not a release'; return; }
	assertEquals 'libc.so.6 libev.so.4' "$(readelf -dW "$SOCKT" |
		sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -v libm | sort | xargs)"
}

test_an_installation_is_whole() {
	again install DESTDIR="$D/root" PREFIX=/usr
	assertEquals "$(cat "$D/made")" 0 $?
	root=$D/root/usr
	assertEquals "sockt $("$SOCKT" --version | sed -n '1s/sockt //p')" \
		"$("$root/bin/sockt" --version | head -n 1)"
	run "$root/bin/sockt" connect --tls --cert "$D/none" localhost 80
	assertEquals "it has TLS: $(cat "$D/err")" 2 "$rc"
	for c in '' -listen -connect -http-get -telnet -serve-static -port-check -show; do
		assertTrue "sockt$c.1" "[ -r '$root/share/man/man1/sockt$c.1' ]"
	done
	for f in man/man5/sockt-json.5 man/man7/sockt.7 \
		bash-completion/completions/sockt zsh/site-functions/_sockt \
		fish/vendor_completions.d/sockt.fish; do
		assertTrue "$f" "[ -r '$root/share/$f' ]"
	done
}

test_make_help_lists_what_can_be_made() {
	again help
	for target in all deps demo check check-all lint fuzz bench completions \
		install clean; do
		assertTrue $target "grep -q '^  make $target ' '$D/made'"
	done
}

test_the_demo_shows_a_conversation_and_ends() {
	run ./demo "$SOCKT"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	for line in '→ GET / HTTP/1.1' '← HTTP/1.1 200 OK' '← <h1>It works.</h1>' \
		'* closed' '#1 → 200 index.html'; do
		assertTrue "$line: $(cat "$D/out")" "grep -qF -e '$line' '$D/out'"
	done
}

. "$SHUNIT2"
