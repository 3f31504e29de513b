/* SPDX-License-Identifier: MIT */
#include "proto/service.h"

#include <strings.h>

enum { TCP = SERVICE_TCP, UDP = SERVICE_UDP, BOTH = TCP | UDP };

/* Ascending by port: service_by_port() halves it. */
/* clang-format off */
static const struct service services[] = {
	{ 7, BOTH, "echo", "", "sends back what it gets (RFC 862)" },
	{ 9, BOTH, "discard", "sink null",
	    "takes everything, answers nothing (RFC 863)" },
	{ 11, TCP, "systat", "users",
	    "who is logged in, in clear text (RFC 866)" },
	{ 13, BOTH, "daytime", "", "one line with the time of day (RFC 867)" },
	{ 17, BOTH, "qotd", "quote", "one quotation, then closes (RFC 865)" },
	{ 19, BOTH, "chargen", "ttytst source",
	    "an endless stream of characters (RFC 864)" },
	{ 20, TCP, "ftp-data", "", "the data half of FTP (RFC 959)" },
	{ 21, TCP, "ftp", "",
	    "file transfer, passwords in clear text (RFC 959)" },
	{ 22, TCP, "ssh", "", "remote login, encrypted (RFC 4253)" },
	{ 23, TCP, "telnet", "", "remote login in clear text (RFC 854)" },
	{ 25, TCP, "smtp", "mail", "mail from server to server (RFC 5321)" },
	{ 37, BOTH, "time", "timserver",
	    "seconds since 1900 in four bytes (RFC 868)" },
	{ 43, TCP, "whois", "nicname",
	    "who registered a name or address (RFC 3912)" },
	{ 49, BOTH, "tacacs", "", NULL },
	{ 53, BOTH, "domain", "dns",
	    "the Domain Name System: names to addresses (RFC 1035)" },
	{ 67, UDP, "bootps", "dhcp",
	    "DHCP server: hands out addresses (RFC 2131)" },
	{ 68, UDP, "bootpc", "", "DHCP client (RFC 2131)" },
	{ 69, UDP, "tftp", "",
	    "file transfer without login, for booting (RFC 1350)" },
	{ 70, TCP, "gopher", "",
	    "menus of documents, before the web (RFC 1436)" },
	{ 79, TCP, "finger", "", "who is this user (RFC 1288)" },
	{ 80, TCP, "http", "www", "the web, in clear text (RFC 9112)" },
	{ 88, BOTH, "kerberos", "kerberos5 krb5 kerberos-sec",
	    "tickets that prove who one is (RFC 4120)" },
	{ 102, TCP, "iso-tsap", "tsap", NULL },
	{ 104, TCP, "acr-nema", "", NULL },
	{ 110, TCP, "pop3", "pop-3",
	    "fetching mail, passwords in clear text (RFC 1939)" },
	{ 111, BOTH, "sunrpc", "portmapper rpcbind",
	    "tells on which port an RPC program listens (RFC 1833)" },
	{ 113, TCP, "auth", "ident authentication tap",
	    "who owns this connection (RFC 1413)" },
	{ 119, TCP, "nntp", "readnews untp", "Usenet news (RFC 3977)" },
	{ 123, UDP, "ntp", "", "sets clocks over the network (RFC 5905)" },
	{ 135, BOTH, "epmap", "loc-srv",
	    "tells on which port a DCE or Windows RPC program listens" },
	{ 137, UDP, "netbios-ns", "", "names of Windows machines (RFC 1002)" },
	{ 138, UDP, "netbios-dgm", "", NULL },
	{ 139, TCP, "netbios-ssn", "",
	    "Windows file sharing, the old way (RFC 1002)" },
	{ 143, TCP, "imap", "imap2", "mail kept on the server (RFC 9051)" },
	{ 161, UDP, "snmp", "", "asks network devices how they do (RFC 3411)" },
	{ 162, UDP, "snmptrap", "snmp-trap", NULL },
	{ 177, UDP, "xdmcp", "", NULL },
	{ 179, TCP, "bgp", "",
	    "routers tell each other the way through the internet (RFC 4271)" },
	{ 194, TCP, "irc", "", NULL },
	{ 199, TCP, "smux", "", NULL },
	{ 210, TCP, "z39-50", "z3950 wais", NULL },
	{ 319, UDP, "ptp-event", "", NULL },
	{ 320, UDP, "ptp-general", "", NULL },
	{ 389, BOTH, "ldap", "",
	    "directory of people and machines, in clear text (RFC 4511)" },
	{ 427, BOTH, "svrloc", "", NULL },
	{ 443, BOTH, "https", "",
	    "the web over TLS; over UDP it is HTTP/3 (RFC 9110)" },
	{ 444, TCP, "snpp", "", NULL },
	{ 445, TCP, "microsoft-ds", "smb", "Windows file sharing (SMB)" },
	{ 464, BOTH, "kpasswd", "", NULL },
	{ 465, TCP, "submissions", "smtps ssmtp urd",
	    "handing in mail over TLS (RFC 8314)" },
	{ 500, UDP, "isakmp", "ike", "key exchange of IPsec (RFC 7296)" },
	{ 502, TCP, "mbap", "modbus",
	    "Modbus: reads and sets industrial controllers, no login" },
	{ 512, TCP, "exec", "", NULL },
	{ 512, UDP, "biff", "comsat", NULL },
	{ 513, TCP, "login", "",
	    "rlogin: remote login in clear text (RFC 1282)" },
	{ 513, UDP, "who", "whod", NULL },
	{ 514, TCP, "shell", "cmd", "rsh: remote commands in clear text" },
	{ 514, UDP, "syslog", "",
	    "log lines, unencrypted and unacknowledged (RFC 5426)" },
	{ 515, TCP, "printer", "spooler lpd",
	    "print jobs, the old way (RFC 1179)" },
	{ 517, UDP, "talk", "", NULL },
	{ 518, UDP, "ntalk", "", NULL },
	{ 520, UDP, "router", "route routed rip",
	    "RIP: routers tell their neighbours the way (RFC 2453)" },
	{ 521, UDP, "ripng", "", NULL },
	{ 540, TCP, "uucp", "uucpd", NULL },
	{ 543, TCP, "klogin", "", NULL },
	{ 544, TCP, "kshell", "krcmd", NULL },
	{ 546, UDP, "dhcpv6-client", "", NULL },
	{ 547, UDP, "dhcpv6-server", "", NULL },
	{ 548, TCP, "afpovertcp", "afp", NULL },
	{ 554, BOTH, "rtsp", "",
	    "remote control for media streams (RFC 7826)" },
	{ 563, TCP, "nntps", "snntp", NULL },
	{ 587, TCP, "submission", "", "handing in mail (RFC 6409)" },
	{ 623, UDP, "asf-rmcp", "ipmi", NULL },
	{ 631, BOTH, "ipp", "cups", "printing over HTTP (RFC 8010)" },
	{ 636, TCP, "ldaps", "", "LDAP over TLS" },
	{ 646, BOTH, "ldp", "", NULL },
	{ 655, BOTH, "tinc", "", NULL },
	{ 706, TCP, "silc", "", NULL },
	{ 749, TCP, "kerberos-adm", "", NULL },
	{ 783, TCP, "spamd", "", NULL },
	{ 853, BOTH, "domain-s", "dot",
	    "DNS over TLS (RFC 7858), or over QUIC (RFC 9250)" },
	{ 860, TCP, "iscsi", "", NULL },
	{ 873, TCP, "rsync", "", "copies what has changed of files" },
	{ 989, TCP, "ftps-data", "", NULL },
	{ 990, TCP, "ftps", "", "FTP over TLS (RFC 4217)" },
	{ 992, TCP, "telnets", "", "telnet over TLS" },
	{ 993, TCP, "imaps", "", "IMAP over TLS (RFC 8314)" },
	{ 995, TCP, "pop3s", "", "POP3 over TLS (RFC 8314)" },
	{ 1080, TCP, "socks", "", "relays connections for others (RFC 1928)" },
	{ 1099, TCP, "rmiregistry", "", NULL },
	{ 1194, BOTH, "openvpn", "", "a VPN over TLS" },
	{ 1352, TCP, "lotusnote", "lotusnotes", NULL },
	{ 1433, TCP, "ms-sql-s", "mssql", "Microsoft SQL Server" },
	{ 1434, UDP, "ms-sql-m", "", NULL },
	{ 1524, TCP, "ingreslock", "", NULL },
	{ 1701, UDP, "l2tp", "l2f", NULL },
	{ 1723, TCP, "pptp", "", "a VPN with broken encryption (RFC 2637)" },
	{ 1812, UDP, "radius", "",
	    "asks a server whether a login is right (RFC 2865)" },
	{ 1813, UDP, "radius-acct", "radacct", NULL },
	{ 1883, TCP, "mqtt", "",
	    "messages of sensors and devices, in clear text" },
	{ 1900, UDP, "ssdp", "upnp",
	    "devices on the local network announce themselves" },
	{ 2000, TCP, "cisco-sccp", "", NULL },
	{ 2049, BOTH, "nfs", "", "Unix file sharing (RFC 7530)" },
	{ 2086, BOTH, "gnunet", "", NULL },
	{ 2375, TCP, "docker", "",
	    "controls Docker without a password: who reaches it owns the machine" },
	{ 2376, TCP, "docker-s", "", "controls Docker, over TLS" },
	{ 2379, TCP, "etcd-client", "", NULL },
	{ 2380, TCP, "etcd-server", "", NULL },
	{ 2401, TCP, "cvspserver", "", NULL },
	{ 2628, TCP, "dict", "", "looks up words in dictionaries (RFC 2229)" },
	{ 2947, TCP, "gpsd", "", NULL },
	{ 3050, TCP, "gds-db", "gds_db firebird", NULL },
	{ 3205, BOTH, "isns", "", NULL },
	{ 3260, TCP, "iscsi-target", "", "disks over the network (RFC 7143)" },
	{ 3306, TCP, "mysql", "mariadb", "MySQL and MariaDB databases" },
	{ 3389, TCP, "ms-wbt-server", "rdp", "Windows remote desktop" },
	{ 3478, BOTH, "stun", "turn",
	    "tells clients behind NAT their outer address (RFC 8489)" },
	{ 3493, BOTH, "nut", "", NULL },
	{ 3632, TCP, "distcc", "", NULL },
	{ 3689, TCP, "daap", "", NULL },
	{ 3690, TCP, "svn", "subversion", NULL },
	{ 3702, UDP, "ws-discovery", "", NULL },
	{ 4190, TCP, "sieve", "", NULL },
	{ 4369, TCP, "epmd", "", NULL },
	{ 4460, TCP, "ntske", "", NULL },
	{ 4500, UDP, "ipsec-nat-t", "", "IPsec through NAT (RFC 3948)" },
	{ 4569, UDP, "iax", "", NULL },
	{ 4789, UDP, "vxlan", "", NULL },
	{ 5004, UDP, "avt-profile-1", "rtp", NULL },
	{ 5060, BOTH, "sip", "", "sets up telephone calls (RFC 3261)" },
	{ 5061, TCP, "sips", "sip-tls", NULL },
	{ 5222, TCP, "xmpp-client", "jabber-client", "chat (RFC 6120)" },
	{ 5269, TCP, "xmpp-server", "jabber-server", NULL },
	{ 5349, BOTH, "stuns", "turns", NULL },
	{ 5351, UDP, "nat-pmp", "pcp", NULL },
	{ 5353, UDP, "mdns", "",
	    "names on the local network, without a server (RFC 6762)" },
	{ 5355, BOTH, "llmnr", "", NULL },
	{ 5432, TCP, "postgresql", "postgres", "PostgreSQL databases" },
	{ 5671, TCP, "amqps", "", NULL },
	{ 5672, TCP, "amqp", "", "message queues, as RabbitMQ's" },
	{ 5683, UDP, "coap", "", NULL },
	{ 5684, UDP, "coaps", "", NULL },
	{ 5900, TCP, "rfb", "vnc",
	    "VNC: screen, keyboard and mouse of a machine (RFC 6143)" },
	{ 5984, TCP, "couchdb", "", NULL },
	{ 5985, TCP, "wsman", "winrm", NULL },
	{ 5986, TCP, "wsmans", "", NULL },
	{ 6000, TCP, "x11", "x11-0",
	    "the X Window System: a screen for programs elsewhere" },
	{ 6001, TCP, "x11-1", "", NULL },
	{ 6379, TCP, "redis", "",
	    "Redis, a database in memory, often without a password" },
	{ 6514, BOTH, "syslog-tls", "", NULL },
	{ 6566, TCP, "sane-port", "sane saned", NULL },
	{ 6667, TCP, "ircd", "", "chat rooms, in clear text (RFC 1459)" },
	{ 6696, UDP, "babel", "", NULL },
	{ 6697, TCP, "ircs-u", "ircs", "chat rooms over TLS (RFC 7194)" },
	{ 8080, TCP, "http-alt", "webcache",
	    "a second web server, or a proxy" },
	{ 8140, TCP, "puppet", "", NULL },
	{ 8883, TCP, "secure-mqtt", "mqtts", "MQTT over TLS" },
	{ 9100, TCP, "pdl-datastream", "jetdirect",
	    "prints whatever is sent to it" },
	{ 9101, TCP, "bacula-dir", "", NULL },
	{ 9102, TCP, "bacula-fd", "", NULL },
	{ 9103, TCP, "bacula-sd", "", NULL },
	{ 9418, TCP, "git", "", "fetching repositories, without login" },
	{ 10050, TCP, "zabbix-agent", "", NULL },
	{ 10051, TCP, "zabbix-trapper", "", NULL },
	{ 10809, TCP, "nbd", "", NULL },
	{ 11112, TCP, "dicom", "", "pictures of medical scanners" },
	{ 11211, BOTH, "memcache", "memcached",
	    "memcached, a cache without a password" },
	{ 11371, TCP, "hkp", "", NULL },
	{ 24554, TCP, "binkp", "", NULL },
	{ 27017, TCP, "mongodb", "", "MongoDB databases" },
	{ 33434, UDP, "traceroute", "", NULL },
	{ 60177, TCP, "tfido", "", NULL },
};
/* clang-format on */

/* The first row whose port is not below this one. */
static size_t
lower_bound(unsigned port)
{
	size_t from = 0, to = NELEMS(services);

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (services[mid].port < port)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

const struct service *
service_by_port(unsigned port, enum service_proto proto)
{
	size_t i = lower_bound(port);

	/* 512 to 514 mean one thing over TCP and another over UDP. */
	for (; i < NELEMS(services) && services[i].port == port; i++)
		if (services[i].protos & proto)
			return &services[i];
	return NULL;
}

/* Whether name is one of the words of list. */
static bool
among(const char *name, const char *list)
{
	size_t len = strlen(name);

	while (*list != '\0') {
		size_t n = strcspn(list, " ");

		if (n == len && strncasecmp(list, name, n) == 0)
			return true;
		list += n;
		list += *list == ' ';
	}
	return false;
}

/*
 * A walk over the whole table: names are looked up a few times per run, and
 * an index by name would be a second list to keep right.
 */
const struct service *
service_by_name(const char *name, enum service_proto proto)
{
	if (*name == '\0')
		return NULL;
	for (size_t i = 0; i < NELEMS(services); i++) {
		const struct service *s = &services[i];

		if ((s->protos & proto) == 0)
			continue;
		if (strcasecmp(s->name, name) == 0 || among(name, s->aliases))
			return s;
	}
	return NULL;
}

const char *
service_class(unsigned port)
{
	if (port < 1024)
		return "well-known";
	return port < 49152 ? "registered" : "dynamic";
}
