#!/bin/sh
# What the shells offer at TAB, as the program sees this machine.
. ./lib.sh
. ./screen.sh
PATH=${SOCKT%/*}:$PATH
export PATH

# offered KIND [WORD...]
offered() { "$SOCKT" __complete "$@" 2>"$D/err"; }

# heard - a sockt that listens, on $port
heard() {
	rm -f "$D/port"
	bg "$SOCKT" listen -k --local --text --port-file "$D/port" 0 >"$D/out" 2>&1
	await "$D/port"
	port=$(cat "$D/port")
}

test_offers_ports_that_listen_with_their_program() {
	heard
	assertContains "$(offered port localhost)" "$port	sockt (pid "
	assertContains "$(offered port ::1)" "$port	sockt (pid "
	assertNotContains "$(offered port example.org)" "$port	"
	assertContains "$(offered port example.org)" "https	port 443"
	assertContains "$(offered port localhost htt)" "https	port 443"
}

# heard_udp - the same for datagrams
heard_udp() {
	rm -f "$D/port"
	bg "$SOCKT" listen -u --text --port-file "$D/port" 127.0.0.1 0 >"$D/out" \
		2>&1 0<>"$D/idle"
	await "$D/port"
	port=$(cat "$D/port")
}
oneTimeSetUp() { mkfifo "$D/idle"; }

test_offers_ports_under_every_name_of_this_machine() {
	heard
	assertContains "$(offered port "$(uname -n)")" "$port	sockt (pid "
	offered source | cut -f1 >"$D/addresses"
	assertTrue "no address" "[ -s '$D/addresses' ]"
	while read -r address; do
		assertContains "$address" "$(offered port "$address")" \
			"$port	sockt (pid "
	done <"$D/addresses"
	assertNotContains "$(offered port 192.0.2.1)" "$port	"
}

test_offers_ports_of_datagrams() {
	heard_udp
	assertContains "$(offered udp-port localhost)" "$port	sockt (pid "
	assertNotContains "$(offered port localhost)" "$port	sockt"
	assertContains "$(offered udp-port example.org)" "ntp	port 123"
}

test_offers_hosts_of_known_hosts() {
	mkdir -p "$D/.ssh"
	cat >"$D/.ssh/known_hosts" <<-'END'
		one.example,192.0.2.7 ssh-ed25519 AAAA
		|1|hashed|hashed ssh-ed25519 AAAA
		@revoked bad.example ssh-ed25519 AAAA
		[port.example]:22,$(id).example ssh-ed25519 AAAA
	END
	hosts=$(HOME=$D offered host)
	assertContains "$hosts" "one.example	known_hosts"
	assertContains "$hosts" "192.0.2.7	known_hosts"
	for no in hashed bad.example port.example '$(id)'; do
		assertNotContains "$hosts" "$no"
	done
}

test_offers_addresses_and_interfaces() {
	assertContains "$(offered source)" "127.0.0.1	lo"
	assertContains "$(offered interface)" "lo	interface 1"
}

test_never_fails_loudly() {
	for what in '' nonsense port host source interface; do
		HOME=/nonexistent "$SOCKT" __complete $what >"$D/said" 2>"$D/err"
		assertEquals "$what" 0 $?
		assertEquals "$what" '' "$(cat "$D/err")"
	done
}

# in_bash TYPE WORD... - COMPREPLY, a line each
in_bash() {
	COMP_TYPE=$1 bash --norc -c '
		. /usr/share/bash-completion/bash_completion
		. ../completions/sockt.bash
		COMP_TYPE=$0 COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		COMP_LINE=$* COMP_POINT=${#COMP_LINE}
		_sockt; printf "%s\n" "${COMPREPLY[@]}"' "$@" 2>/dev/null
}

test_bash_offers_what_listens() {
	[ -r /usr/share/bash-completion/bash_completion ] ||
		skip 'bash-completion is not installed'
	heard
	assertEquals "$port" "$(in_bash 9 sockt connect localhost "$port")"
	assertContains "$(in_bash 9 sockt connect localhost '')
" "$port
"
	assertContains "$(in_bash 9 sockt connect --source '')" 127.0.0.1
	assertContains "$(in_bash 9 sockt connect --interface '')" lo
	first=$port
	heard
	assertContains "$(in_bash 63 sockt connect localhost '')" \
		"$first  sockt (pid "
}

in_fish() { HOME=$D fish --no-config -c '
	source ../completions/sockt.fish
	complete -C $argv[1]' "$1"; }

test_bash_offers_ports_of_datagrams() {
	[ -r /usr/share/bash-completion/bash_completion ] ||
		{ skip 'bash-completion is not installed'; return; }
	heard_udp
	assertEquals "$port" "$(in_bash 9 sockt connect -u localhost "$port")"
	assertEquals '' "$(in_bash 9 sockt connect localhost "$port")"
}

test_fish_tells_operands_from_options() {
	command -v fish >/dev/null || { skip 'fish is not installed'; return; }
	heard
	for words in 'localhost --ttl 5' '--ttl 5 localhost' 'localhost -4'; do
		assertContains "$words" "$(in_fish "sockt connect $words ")" \
			"$port	sockt (pid "
	done
	assertContains "$(in_fish 'sockt connect --ttl 5 loc')" localhost
	heard_udp
	assertContains "$(in_fish 'sockt connect -u localhost ')" \
		"$port	sockt (pid "
	assertNotContains "$(in_fish 'sockt connect localhost ')" "$port	sockt"
}

# in_zsh LINE - types it and TAB; what is offered is on the screen
in_zsh() {
	keys C-u C-l
	keys -l "$1"
	keys Tab
}

# Its columns are as wide as the widest that listens on this machine.
listed() { shown | grep -q "^$1  *-- sockt (pid"; }

test_zsh_offers_what_listens() {
	command -v zsh >/dev/null || { skip 'zsh is not installed'; return; }
	screen 120 150
	keys 'PS1="ZSH " zsh -f' Enter
	await_screen 'ZSH '
	keys "fpath=($PWD/../completions \$fpath); autoload -U compinit" Enter
	keys "compinit -u -d '$D/zcompdump'; LISTMAX=1000; unsetopt LIST_AMBIGUOUS; echo LOA''DED" Enter
	await_screen LOADED
	heard
	heard			# of one alone there is no list
	in_zsh 'sockt connect localhost '
	until_ok listed "$port"
	in_zsh 'sockt connect --ttl 5 localhost -4 '
	until_ok listed "$port"
	heard_udp
	heard_udp
	in_zsh 'sockt connect -u localhost '
	until_ok listed "$port"
	in_zsh 'sockt conn'
	await_screen 'sockt connect'
	in_zsh 'sockt connect --connect-ti'
	await_screen '--connect-timeout='
}

test_fish_offers_what_listens() {
	command -v fish >/dev/null || skip 'fish is not installed'
	heard
	assertContains "$(in_fish 'sockt connect localhost ')" \
		"$port	sockt (pid "
	assertContains "$(in_fish 'sockt connect --source ')" 127.0.0.1
	assertContains "$(in_fish 'sockt connect local')" localhost
}

. "$SHUNIT2"
