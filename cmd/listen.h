/*
 * listen - what the command line of sockt listen said, and what came of it:
 * shared by its files. listen.c has the options and the run,
 * listen_clients.c says who gets the clients, listen_udp.c is for --udp,
 * where there are none, listen_forward.c is for --forward, listen_wait.c about
 * how long nobody may call.
 */
#ifndef CMD_LISTEN_H
#define CMD_LISTEN_H

#include "groups.h"
#include "run/proxy_server.h"
#include "run/replies.h"
#include "run/udp_forward.h"

struct listen_cfg {
	struct offer_opts offer;
	struct gate_opts gate;
	struct sockopt	 sockopt;
	struct tls_opts	 tls;
	int		 timeout_ms;
	int		 accept_ms;
	struct stdio_opts io;
	bool		 keep, broker, chat;
	int		 service, per_client;	/* -1: none asked for */
	int		 send_proxy;	/* -1: none */
	struct datagrams_opts udp;
	struct addr	 group;		/* --join */
	unsigned	 interface;
	struct program_opts run;
	const char	*forward, *join;
	struct resolve	 onward_at;	/* --forward with --udp */
	struct tls_opts	 onward;	/* for --forward tls:HOST:PORT */
	struct sockopt	 onward_sockopt;	/* what of it holds there */
	int		 proxy;		/* -1: none asked for */
	struct proxy_login proxy_login;
	struct proxy_rules to;

	struct listener	 listener;
	listener_client	*client;	/* once somebody has called */
	ev_timer	 nobody;
	struct stdio	*stdio;		/* one client, our stdin and stdout */
	struct room	*room;		/* many clients */
	struct programs	*programs;	/* a program for each */
	struct workers	*workers;	/* a service for each */
	struct forwards	*forwards;	/* a connection onwards for each, */
	struct tls	*onward_tls;	/* with that; or NULL */
	struct proxies	*proxies;	/* to where each wants to go */
	struct datagrams *datagrams;	/* no clients, but senders */
	struct replies	*replies;	/* a service for those, */
	struct udp_forward *carried;	/* or onwards with them */
	unsigned	 clients;	/* so far; a room counts its own */
};

extern struct listen_cfg lcfg;

/*
 * Before the port is open: who gets the clients? *client is called for each,
 * with the session. -1: this cannot be, s->why has the cause.
 */
int	listen_clients(struct session *, listener_client **client) MUST_CHECK;
void	listen_clients_free(void);

/* A client was served by somebody else; without --keep it was the only one. */
void	listen_served(void *session, const struct why *);

/* One of the ways: --forward. */
int	listen_forward_check(struct session *) MUST_CHECK;
int	listen_forward(struct session *) MUST_CHECK;
/* With --udp: where to. */
int	listen_forward_udp(struct session *) MUST_CHECK;
void	listen_forward_free(void);

/* --accept-timeout: counts from now on, up to the first client. */
int	listen_wait_check(struct session *) MUST_CHECK;
listener_client *listen_wait(struct session *, listener_client *client);

/* The same for --udp; then, once the port is open, the conversation. */
int	listen_udp(struct session *) MUST_CHECK;
int	listen_udp_begin(struct session *) MUST_CHECK;

/* An option is for one conversation with our stdin and stdout. */
int	listen_one_alone(struct session *, const char *other) MUST_CHECK;

/* Of what several clients send, the bytes cannot be told apart in a pipe. */
int	listen_mixes(struct session *, const char *instead) MUST_CHECK;

#endif
