/* SPDX-License-Identifier: MIT */
#include "proto/telnet_opt.h"

#include <strings.h>

#include "proto/telnet.h"

/* clang-format off */
static const struct telnet_opt opts[] = {
	{   0, "BINARY", 856, "all eight bits, line ends as they are",
	    "it will send all bytes as they are",
	    "send all bytes as they are" },
	{   1, "ECHO", 857, "the other end shows what is typed",
	    "it will echo what you type", "echo what it sends" },
	{   2, "RECONNECTION", 0, "move the connection elsewhere", NULL, NULL },
	{   3, "SUPPRESS-GO-AHEAD", 858, "talk at any time",
	    "talk at any time", "talk at any time" },
	{   4, "APPROX-MESSAGE-SIZE", 0, "size of messages", NULL, NULL },
	{   5, "STATUS", 859, "list of the options in force",
	    "it can list the options in force", "list the options in force" },
	{   6, "TIMING-MARK", 860, "a mark in the stream, to be answered",
	    "here is the mark", "answer when all before this is done" },
	{   7, "RCTE", 726, "remote controlled echo", NULL, NULL },
	{   8, "OUTPUT-LINE-WIDTH", 0, "width of lines", NULL, NULL },
	{   9, "OUTPUT-PAGE-SIZE", 0, "length of pages", NULL, NULL },
	{  10, "NAOCRD", 652, "what carriage return does", NULL, NULL },
	{  11, "NAOHTS", 653, "horizontal tab stops", NULL, NULL },
	{  12, "NAOHTD", 654, "what horizontal tab does", NULL, NULL },
	{  13, "NAOFFD", 655, "what form feed does", NULL, NULL },
	{  14, "NAOVTS", 656, "vertical tab stops", NULL, NULL },
	{  15, "NAOVTD", 657, "what vertical tab does", NULL, NULL },
	{  16, "NAOLFD", 658, "what line feed does", NULL, NULL },
	{  17, "EXTENDED-ASCII", 698, "nine-bit characters", NULL, NULL },
	{  18, "LOGOUT", 727, "end the session",
	    "it wants to log out", "log out" },
	{  19, "BYTE-MACRO", 735, "abbreviations", NULL, NULL },
	{  20, "DATA-ENTRY-TERMINAL", 1043, "forms", NULL, NULL },
	{  21, "SUPDUP", 736, "another terminal protocol", NULL, NULL },
	{  22, "SUPDUP-OUTPUT", 749, "its screen", NULL, NULL },
	{  23, "SEND-LOCATION", 779, "where the user is",
	    "it will tell where its user is", "tell where you are" },
	{  24, "TERMINAL-TYPE", 1091, "the kind of terminal",
	    "it will name its terminal", "tell me your kind of terminal" },
	{  25, "END-OF-RECORD", 885, "marks between records",
	    "it will mark the end of records", "mark the end of records" },
	{  26, "TACACS-UID", 927, "user number", NULL, NULL },
	{  27, "OUTPUT-MARKING", 933, "banners", NULL, NULL },
	{  28, "TTYLOC", 946, "number of the terminal", NULL, NULL },
	{  29, "3270-REGIME", 1041, "block terminals", NULL, NULL },
	{  30, "X.3-PAD", 1053, "parameters of a PAD", NULL, NULL },
	{  31, "NAWS", 1073, "size of the window",
	    "it will tell its window size", "tell me your window size" },
	{  32, "TERMINAL-SPEED", 1079, "speed of the line",
	    "it will tell its line speed", "tell me your line speed" },
	{  33, "REMOTE-FLOW-CONTROL", 1372, "who stops output, Ctrl-S",
	    "it will do flow control", "let me switch your flow control" },
	{  34, "LINEMODE", 1184, "lines edited at the client",
	    "it will edit lines", "edit lines for me" },
	{  35, "X-DISPLAY-LOCATION", 1096, "name of the X display",
	    "it will name its X display", "tell me your X display" },
	{  36, "ENVIRON", 1408, "environment variables (old form)",
	    "it will tell its environment", "tell me your environment" },
	{  37, "AUTHENTICATION", 2941, "proof of who one is",
	    "it can authenticate itself", "prove who you are" },
	{  38, "ENCRYPTION", 2946, "encryption of old",
	    "it can encrypt what it sends", "encrypt what you send" },
	{  39, "NEW-ENVIRON", 1572, "environment variables",
	    "it will tell its environment", "tell me your environment" },
	{  40, "TN3270E", 2355, "block terminals", NULL, NULL },
	{  41, "XAUTH", 0, "X authority", NULL, NULL },
	{  42, "CHARSET", 2066, "character set",
	    "let us agree on a character set", "agree on a character set" },
	{  43, "REMOTE-SERIAL-PORT", 0, "a serial port", NULL, NULL },
	{  44, "COM-PORT-CONTROL", 2217, "settings of a serial port",
	    "it can set up a serial port", "set up the serial port" },
	{  45, "SUPPRESS-LOCAL-ECHO", 0, "no local echo", NULL, NULL },
	{  46, "START-TLS", 0, "encryption by TLS",
	    "it can go on with TLS", "go on with TLS" },
	{  47, "KERMIT", 2840, "file transfer", NULL, NULL },
	{  48, "SEND-URL", 0, "addresses of pages", NULL, NULL },
	{  49, "FORWARD-X", 0, "X through telnet", NULL, NULL },
	{  69, "MSDP", 0, "facts about a game", NULL, NULL },
	{  70, "MSSP", 0, "facts about a game server", NULL, NULL },
	{  85, "MCCP1", 0, "compression (first form)", NULL, NULL },
	{  86, "MCCP2", 0, "compression from the server",
	    "it can compress what it sends", NULL },
	{  87, "MCCP3", 0, "compression from the client", NULL, NULL },
	{  90, "MSP", 0, "sounds of a game", NULL, NULL },
	{  91, "MXP", 0, "markup in a game", NULL, NULL },
	{  93, "ZMP", 0, "messages of a game", NULL, NULL },
	{ 138, "PRAGMA-LOGON", 0, "login of old", NULL, NULL },
	{ 139, "SSPI-LOGON", 0, "login of old", NULL, NULL },
	{ 140, "PRAGMA-HEARTBEAT", 0, "signs of life", NULL, NULL },
	{ 200, "ATCP", 0, "facts about a game", NULL, NULL },
	{ 201, "GMCP", 0, "facts about a game, in JSON", NULL, NULL },
	{ 255, "EXTENDED-OPTIONS-LIST", 861, "options above 255", NULL, NULL },
};

static const struct telnet_cmd cmds[] = {
	{ TELNET_EOF, "EOF", "end of file" },
	{ TELNET_SUSP, "SUSP", "suspend the process" },
	{ TELNET_ABORT, "ABORT", "abort the process" },
	{ TELNET_EOR, "EOR", "end of record" },
	{ TELNET_SE, "SE", "end of a subnegotiation" },
	{ TELNET_NOP, "NOP", "nothing" },
	{ TELNET_DM, "DM", "data mark: what was urgent ends here" },
	{ TELNET_BRK, "BRK", "the break key" },
	{ TELNET_IP, "IP", "interrupt the process" },
	{ TELNET_AO, "AO", "abort output" },
	{ TELNET_AYT, "AYT", "are you there?" },
	{ TELNET_EC, "EC", "erase a character" },
	{ TELNET_EL, "EL", "erase the line" },
	{ TELNET_GA, "GA", "go ahead: your turn" },
	{ TELNET_SB, "SB", "begin of a subnegotiation" },
	{ TELNET_WILL, "WILL", "offers to, or says that it now does" },
	{ TELNET_WONT, "WONT", "refuses to, or says that it ended" },
	{ TELNET_DO, "DO", "asks the other to" },
	{ TELNET_DONT, "DONT", "asks the other not to" },
	{ TELNET_IAC, "IAC", "a data byte 255, doubled" },
};
/* clang-format on */

const struct telnet_opt *
telnet_opt(uint8_t code)
{
	for (size_t i = 0; i < NELEMS(opts); i++)
		if (opts[i].code == code)
			return &opts[i];
	return NULL;
}

const struct telnet_cmd *
telnet_cmd(uint8_t code)
{
	for (size_t i = 0; i < NELEMS(cmds); i++)
		if (cmds[i].code == code)
			return &cmds[i];
	return NULL;
}

static const char *
name_or_number(const char *known, uint8_t code, char name[TELNET_NAME_MAX])
{
	if (known != NULL)
		snprintf(name, TELNET_NAME_MAX, "%s", known);
	else
		snprintf(name, TELNET_NAME_MAX, "%u", code);
	return name;
}

const char *
telnet_opt_name(uint8_t code, char name[TELNET_NAME_MAX])
{
	const struct telnet_opt *o = telnet_opt(code);

	return name_or_number(o ? o->name : NULL, code, name);
}

const char *
telnet_cmd_name(uint8_t code, char name[TELNET_NAME_MAX])
{
	const struct telnet_cmd *c = telnet_cmd(code);

	return name_or_number(c ? c->name : NULL, code, name);
}

uint8_t
telnet_cmd_code(const char *name)
{
	for (size_t i = 0; i < NELEMS(cmds); i++)
		if (strcasecmp(cmds[i].name, name) == 0)
			return cmds[i].code;
	return 0;
}

void
telnet_meaning(uint8_t cmd, uint8_t opt, char *to, size_t size)
{
	const struct telnet_opt *o = telnet_opt(opt);
	const char *what = o ? o->help : "an option without a name here";

	if (cmd == TELNET_WILL)
		snprintf(to, size, "server offers: %s",
		    o && o->offer ? o->offer : what);
	else if (cmd == TELNET_DO)
		snprintf(to, size, "server asks: %s",
		    o && o->ask ? o->ask : what);
	else if (cmd == TELNET_WONT)
		snprintf(to, size, "server will not: %s", what);
	else
		snprintf(to, size, "server wants it off: %s", what);
}
