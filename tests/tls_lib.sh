# shellcheck shell=sh disable=SC2034,SC2154,SC2086
# tls_lib.sh - what suites about TLS share; read after lib.sh.
C=$(mktemp -d)		# certificates, for all tests; under TMPDIR, which goes
sh peers/tls_certs.sh "$C" || exit 2
unset SSLKEYLOGFILE
export SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/nonexistent

setUp() { rm -rf "${D:?}"/*; }

listening() { [ -n "$(ss -ltnH "sport = :$1")" ]; }

# peer [ask:CA] NAME ACTION... - see peers/tls_peer.py; sets $port
peer() {
	ask=
	case $1 in ask:*) ask=$1 && shift ;; esac
	name=$1
	shift
	rm -f "$D/port"
	# shellcheck disable=SC2086
	bg python3 peers/tls_peer.py "$D/port" $ask "$C/$name.pem" \
		"$C/$name.key" "$@" 2>"$D/peer"
	await "$D/port" && port=$(cat "$D/port")
}

# server WORD... - sockt listen --tls WORD..., with our stdin; sets $port, $us
server() {
	rm -f "$D/port"
	bg timeout 30 "$SOCKT" listen --local --tls --port-file "$D/port" \
		0 "$@" >"$D/heard" 2>"$D/said"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
}

# s_server WORD... - openssl's, sets $port
s_server() {
	port=$(free_port)
	bg timeout 30 openssl s_server -quiet -accept "127.0.0.1:$port" \
		-no-CAfile -no-CApath "$@" >"$D/served" 2>"$D/peer" </dev/null
	until_ok listening "$port"
}

# told WORD... - exactly that is on stderr
told() { assertEquals "sockt: $*" "$(cat "$D/err")"; }

# tls WORD... - connects to $port of localhost, trusting our CA
tls() { run "$SOCKT" connect --tls --ca-file "$C/ca.pem" "$@" </dev/null; }

pin_of() {
	echo "sha256:$(openssl x509 -in "$1" -pubkey -noout |
		openssl pkey -pubin -outform DER | sha256sum | cut -d ' ' -f 1)"
}

established() {
	[ -n "$(ss -tnH state established "sport = :$1")" ]
}
