# shellcheck shell=sh disable=SC2034,SC2154
# screen.sh - a terminal for a suite: a tmux server of its own, with a shell in
# it. After lib.sh.

screens=0
tm() { tmux -L "sockt-$$-$screens" -f /dev/null "$@"; }

# screen COLUMNS ROWS - begins it; it does not outlive us, however we end
screen() {
	screens=$((screens + 1))
	tm new-session -d -x "$1" -y "$2" \
		"env PS1='READY ' LC_ALL=C.UTF-8 TERM=xterm sh" || return
	pids="$pids $(tm display-message -p '#{pid}')"
	[ -p "$D/alive" ] || { mkfifo "$D/alive"; exec 9<>"$D/alive"; }
	tm new-window -d "cat '$D/alive'; tmux kill-server"
	await_screen READY
	keys "ulimit -c 0; stty -g >$D/before" Enter
	await "$D/before"
}

keys() { tm send-keys "$@"; }
shown() { tm capture-pane -p -S -500 | tee "$D/screen"; }
on_screen() { shown | grep -qF -e "$1"; }
await_screen() { until_ok on_screen "$1"; }

# type_command COMMAND - on the screen; a prompt ENDn will come after it
ends=0
type_command() {
	ends=$((ends + 1))
	keys "PS1='END\$(($ends + 0)) '; clear; $1" Enter
}

# it has ended: sets $rc; the terminal is as it was
left() {
	rm -f "$D/rc" "$D/after"
	await_screen "END$ends"
	keys "echo \$? >$D/rc; stty -g >$D/after" Enter
	await "$D/after" && rc=$(cat "$D/rc")
	assertBytes "terminal restored" "$D/before" "$D/after"
}

# the process of sockt, which is a child of the pane's shell
sockt_pid() {
	pid=$(pgrep -n -P "$(tm display-message -p '#{pane_pid}')" -x sockt)
	[ -n "$pid" ]
}
is_stopped() { grep -q '^State:.T' "/proc/$pid/status"; }
