/*
 * groups - options that several commands share, as rows for their tables.
 *
 * The same name means the same thing, takes the same argument and has the
 * same letter everywhere, because it is written once, here.
 */
#ifndef CMD_GROUPS_H
#define CMD_GROUPS_H

#include <sys/socket.h>

#include "cmd.h"
#include "net/gate.h"
#include "net/sockopt.h"
#include "net/tls.h"
#include "net/udp.h"
#include "proto/proxy_header.h"
#include "run/datagrams.h"
#include "run/offer.h"
#include "run/program.h"
#include "run/reach.h"
#include "run/stdio.h"

/* How the conversation is shown; taken before the command's name as well. */
#define OPTS_TALK							\
	OPT_GROUP("Conversation"),					\
	OPT_COUNT('v', "verbose", &talk_cfg.verbose,			\
	    "say more; twice: still more"),				\
	OPT_FLAG('q', "quiet", &talk_cfg.quiet, "say nothing but trouble"), \
	OPT_VALUE(0, "text", &talk_cfg.format, FORMAT_TEXT,		\
	    "show the conversation, even in a pipe"),			\
	OPT_VALUE(0, "raw", &talk_cfg.format, FORMAT_RAW,		\
	    "write received bytes as they are, terminal or not"),	\
	OPT_VALUE(0, "json", &talk_cfg.format, FORMAT_JSON,		\
	    "write every event as a line of JSON"),			\
	OPT_CHOICE(0, "color", &talk_cfg.color, "auto|always|never",	\
	    "colour the conversation"),					\
	OPT_CHOICE(0, "marks", &talk_cfg.marks, "auto|ascii|words",	\
	    "how to mark who speaks"),					\
	OPT_FLAG(0, "explain", &talk_cfg.explain,			\
	    "say in plain words what each event means"),		\
	OPT_MAYBE('x', "hex", &talk_cfg.hex, "[both|sent|received]",	\
	    "show payload in hex"),					\
	OPT_CHOICE(0, "hex-width", &talk_cfg.hex_width, "auto|8|16|32",	\
	    "bytes in a line of it"),					\
	OPT_FLAG(0, "ends", &talk_cfg.ends, "show every line end"),	\
	OPT_FLAG(0, "full", &talk_cfg.full,				\
	    "leave nothing out, however long"),				\
	OPT_STR(0, "json-file", &talk_cfg.json_file, "FILE",		\
	    "write every event to FILE as well, as JSON"),		\
	OPT_STR(0, "record", &talk_cfg.record, "FILE",			\
	    "record it for Wireshark (pcapng; - is stdout)"),		\
	OPT_FLAG(0, "record-keys", &talk_cfg.record_keys,		\
	    "with the keys of TLS: Wireshark then decrypts"),		\
	OPT_FLAG(0, "record-plain", &talk_cfg.record_plain,		\
	    "record what TLS carries, decrypted"),			\
	OPT_CHOICE(0, "payload", &talk_cfg.payload, "auto|b64|none",	\
	    "payload in JSON: text if it is, b64, none"),		\
	OPT_CHOICE(0, "time", &talk_cfg.time, "rel|delta|wall|none",	\
	    "what time a line begins with")

/* p: int *, AF_UNSPEC to begin with. */
#define OPTS_FAMILY(p)							\
	OPT_VALUE('4', "ipv4", p, AF_INET, "IPv4 only"),		\
	OPT_VALUE('6', "ipv6", p, AF_INET6, "IPv6 only")

/* Setter of --proxy: a password is seen by nobody any more, ps included. */
static inline const char *
set_proxy(const struct opt *o, const char *arg)
{
	struct proxy_secret secret = proxy_url_secret(arg);
	const char *wrong = proxy_url_parse(o->to, arg);

	memset((char *)(uintptr_t)arg + secret.at, '*', secret.n);
	return wrong;
}

/* n: int *, times more; ms: int *; 0: no more than once. */
#define OPTS_RETRY(n, ms)						\
	OPT_INT(0, "retry", n, 0, 1000000,				\
	    "if nobody is there yet, try N times more"),		\
	OPT_TIME(0, "wait", ms,						\
	    "try for so long until somebody is there")

/* p: struct reach_opts *, how to get to the other side. */
#define OPTS_REACH(p)							\
	OPTS_FAMILY(&(p)->family),					\
	OPT_STR('s', "source", &(p)->source, "ADDR",			\
	    "connect from here ([ADDRESS][:PORT], ours)"),	\
	OPT_CUSTOM(0, "proxy", OPT_TO(struct proxy_url, &(p)->proxy),	\
	    "URL", set_proxy,						\
	    "by way of this proxy (http, socks4, 4a, 5, 5h)"),		\
	OPT_TIME(0, "connect-timeout", &(p)->timeout_ms,		\
	    "give up connecting after this long (30)"),			\
	OPTS_RETRY(&(p)->retry, &(p)->wait_ms)

/* p: int *, enum proxy_header_version; -1 to begin with. */
#define OPT_SEND_PROXY(p)						\
	OPT_CHOICE(0, "send-proxy", p, PROXY_HEADER_NAMES,		\
	    "tell the other side who calls: a PROXY header")

/* p: struct sockopt *, for who wants to know a socket's own options. */
#define OPTS_SOCKET(p)							\
	OPT_GROUP("Socket"),						\
	OPT_STR(0, "interface", &(p)->interface, "NAME",		\
	    "by way of this network interface alone"),			\
	OPT_CUSTOM(0, "keepalive", OPT_TO(struct sockopt, p),		\
	    "[TIMES]", sockopt_set_keepalive,				\
	    "ask a silent peer: IDLE[,INTERVAL[,COUNT]]"),		\
	OPT_TIME(0, "user-timeout", &(p)->n[SOCKOPT_USER_TIMEOUT],	\
	    "broken if what we send is unanswered for so long"),	\
	OPT_CUSTOM(0, "dscp", OPT_TO(struct sockopt, p), "NAME",	\
	    sockopt_set_dscp, "treatment on the way: ef, af41, cs1 ... 63"), \
	OPT_INT(0, "ttl", &(p)->n[SOCKOPT_TTL], 1, SOCKOPT_TTL_MAX,	\
	    "how many routers what we send may pass"),			\
	OPT_INT(0, "min-ttl", &(p)->n[SOCKOPT_MIN_TTL], 1,		\
	    SOCKOPT_TTL_MAX, "drop what has less than that left of its"), \
	OPT_CUSTOM(0, "sndbuf", OPT_TO(int, &(p)->n[SOCKOPT_SNDBUF]),	\
	    "SIZE", sockopt_set_size, "the kernel's room for what we send"), \
	OPT_CUSTOM(0, "rcvbuf", OPT_TO(int, &(p)->n[SOCKOPT_RCVBUF]),	\
	    "SIZE", sockopt_set_size, "and for what we have not read yet"), \
	OPT_INT(0, "mss", &(p)->n[SOCKOPT_MSS], SOCKOPT_MSS_MIN,	\
	    SOCKOPT_MSS_MAX, "TCP segments of at most N bytes"),	\
	OPT_VALUE(0, "nagle", &(p)->n[SOCKOPT_NAGLE], 1,		\
	    "hold small writes back to join them"),			\
	OPT_STR(0, "congestion", &(p)->congestion, "NAME",		\
	    "TCP's congestion control: reno, cubic, bbr"),		\
	OPT_FLAG(0, "mptcp", &(p)->mptcp,				\
	    "Multipath TCP, where the other side has it, too")

/* The same p: for who has data at hand, or takes it, with the SYN. */
#define OPT_FAST_OPEN(p)						\
	OPT_FLAG(0, "fast-open", &(p)->fast_open,			\
	    "data goes with the SYN, if the other side agrees")

/* p: struct tls_opts *, what both sides of TLS have. */
#define OPTS_TLS_BOTH(p)						\
	OPT_FLAG(0, "tls", &(p)->on, "speak TLS"),			\
	OPT_STR(0, "cert", &(p)->cert, "FILE",				\
	    "our certificate and its chain (PEM)"),			\
	OPT_STR(0, "key", &(p)->key, "FILE",				\
	    "its private key (PEM)"),					\
	OPT_STR(0, "alpn", &(p)->alpn, "LIST",				\
	    "application protocols, as in h2,http/1.1"),		\
	OPT_CHOICE(0, "tls-min", &(p)->min, "1.2|1.3",			\
	    "the oldest version of TLS that will do"),			\
	OPT_STR(0, "key-log", &(p)->key_log, "FILE",			\
	    "append the secrets for Wireshark to FILE")

/* p: struct tls_opts *, a client and whom it trusts. */
#define OPTS_TLS(p)							\
	OPT_GROUP("TLS"),						\
	OPTS_TLS_BOTH(p),						\
	OPT_STR(0, "ca-file", &(p)->ca_file, "FILE",			\
	    "trust these authorities, not the system's"),		\
	OPT_STR(0, "pin", &(p)->pin, "sha256:HEX",			\
	    "trust the server by this digest of its key"),		\
	OPT_FLAG(0, "insecure", &(p)->insecure,				\
	    "whoever it is will do; say what was not checked"),		\
	OPT_STR(0, "server-name", &(p)->name, "NAME",			\
	    "ask for and expect this name instead of HOST")

/* p: struct tls_opts *, a server. */
#define OPTS_TLS_SERVER(p)						\
	OPT_GROUP("TLS"),						\
	OPTS_TLS_BOTH(p),						\
	OPT_STR(0, "client-ca", &(p)->ca_file, "FILE",			\
	    "want client certificates by these authorities")

/* p: struct offer_opts *, where to wait for callers and who may come in. */
#define OPTS_OFFER(p)							\
	OPTS_FAMILY(&(p)->family),					\
	OPT_FLAG(0, "local", &(p)->local,				\
	    "for programs on this machine only"),			\
	OPT_FLAG(0, "public", &(p)->public,				\
	    "on every address, for other machines as well"),		\
	OPT_STR(0, "port-file", &(p)->port_file, "FILE",		\
	    "write the port to FILE once listening")

/* p: struct program_opts *, a program that talks to the other side. */
#define OPTS_EXEC(p)							\
	OPT_STR('e', "exec", &(p)->exec, "CMD",				\
	    "run CMD, the connection being its stdin and stdout"),	\
	OPT_STR('c', "sh-exec", &(p)->sh_exec, "CMD",			\
	    "the same, through /bin/sh"),				\
	OPT_FLAG(0, "stderr", &(p)->with_stderr,			\
	    "and what it says on stderr goes there, too"),		\
	OPT_FLAG(0, "pty", &(p)->pty,					\
	    "on a terminal of its own, as shells want one")

/* Setter of --allow and --deny: collects lists. */
static inline const char *
add_gate_list(const struct opt *o, const char *arg)
{
	struct gate_list *l = o->to;

	if (l->n == NELEMS(l->text))
		return "one list too many";
	l->text[l->n++] = arg;
	return NULL;
}

/* p: struct gate_opts *, who may come in; max_clients is GATE_CLIENTS first. */
#define OPTS_GATE(p)							\
	OPT_CUSTOM(0, "allow", OPT_TO(struct gate_list, &(p)->allow),	\
	    "LIST", add_gate_list,					\
	    "only these addresses, networks, names may come in"),	\
	OPT_CUSTOM(0, "deny", OPT_TO(struct gate_list, &(p)->deny),	\
	    "LIST", add_gate_list, "these may not, even if allowed"),	\
	OPT_INT(0, "max-clients", &(p)->max_clients, 1, 1000000,	\
	    "turn away more clients than N at a time (10000)"),		\
	OPT_INT(0, "max-per-address", &(p)->max_per_address, 1, 1000000, \
	    "and more than N from the same address")

/* p: struct datagrams_opts *, UDP instead of TCP. */
#define OPTS_UDP(p)							\
	OPT_FLAG('u', "udp", &(p)->udp, "datagrams instead of a stream"), \
	OPT_INT(0, "datagram-size", &(p)->size, 1, UDP_MAX,		\
	    "cut input every N bytes, not at line ends")

/* p: struct stdio_opts *, one conversation with our stdin and stdout. */
#define OPTS_STDIO(p)							\
	OPT_CUSTOM(0, "send",						\
	    OPT_TO(struct dialogue_script, &(p)->script), "TEXT",	\
	    dialogue_add_send, "say this first; \\r, \\n, \\xHH are as in C"), \
	OPT_CUSTOM(0, "expect",						\
	    OPT_TO(struct dialogue_script, &(p)->script), "TEXT",	\
	    dialogue_add_expect,					\
	    "then wait for this; status 1 if it does not come"),	\
	OPT_SIZE(0, "rate", &(p)->pace.rate, 1, PACE_RATE_MAX,		\
	    "send no more than so many bytes a second"),		\
	OPT_TIME(0, "line-delay", &(p)->pace.line_ms,			\
	    "send a line at a time, so long apart"),			\
	OPT_SIZE(0, "read-bytes", &(p)->wanted, 1, INT64_MAX,		\
	    "leave once so many bytes have come"),	\
	OPT_TIME(0, "quit-after", &(p)->quit_ms,			\
	    "after our end, wait so long for theirs")

/* p: int *, milliseconds; 0: no limit. */
#define OPT_IDLE_TIMEOUT(p)						\
	OPT_TIME(0, "idle-timeout", p,					\
	    "give up after this long without a byte")
#define OPT_TIMEOUT(p)							\
	OPT_TIME(0, "timeout", p, "give up after this long altogether")

#endif
