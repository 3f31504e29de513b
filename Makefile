# sockt - 'make help' says what can be made.

VERSION = 0.1
PREFIX  = /usr/local
MODULES = shared
CFLAGS  = -O2 -g
-include config.mk			# yours, never committed

V       = release
BUILD   = build
Q       = @				# 'make Q=' shows the commands in full
B       = $(BUILD)/$V$(if $(filter linked,$(MODULES)),-linked)

WARN    = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	  -Wwrite-strings -Wformat=2 -Wvla -Wundef
FLAGS   = -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Ilib \
	  -DVERSION='"$(VERSION)"' -fno-strict-aliasing -MMD -MP $(WARN)
HARDEN  = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
SANE    = -O1 -fno-omit-frame-pointer -fno-sanitize-recover=all

FLAGS_release = $(HARDEN)
LINK_release  = -pie -Wl,-z,relro,-z,now
FLAGS_asan    = $(SANE) -fsanitize=address,undefined
FLAGS_tsan    = $(SANE) -fsanitize=thread
FLAGS_fuzz    = $(SANE) -fsanitize=address,undefined,fuzzer-no-link
FLAGS_cov     = -O0 --coverage
ifdef CI
WARN   += -Werror
endif

# A module is a shared object that is loaded on first use (lib/base/module.h),
# with a library of its own; 'make MODULES=linked' puts all into the binary.
OTHER = $(if $(filter linked,$(MODULES)),shared,linked)
LIB   = $(filter-out lib/base/module_$(OTHER).c,$(wildcard lib/*/*.c))
MOD   = $(patsubst %.c,$B/%.o,$(wildcard modules/*/*.c))
SO    = $(patsubst %,$B/%.so,$(wildcard modules/*))
PERCENT = %
LIBS_tls    = -lssl -lcrypto
LIBS_digest = -lcrypto
LIBS_edit   = -ledit
LIBS_json   = -ljansson
CMD   = $(wildcard cmd/*.c)
OBJ   = $(LIB:%.c=$B/%.o) $(CMD:%.c=$B/%.o) $(MOD)
UNIT  = $(patsubst %.c,$B/%,$(wildcard tests/unit/*.c))
FUZZ  = $(patsubst %.c,$B/%,$(wildcard tests/fuzz/fuzz_*.c))
MAN   = $(wildcard man/*.[157])
LINK  = $(CC) $(CFLAGS) $(FLAGS_$V) $(LDFLAGS) $(LINK_$V)

# What building takes, what checking takes, and who is talked to in the tests.
DEPS  = gcc libc6-dev make libev-dev libssl-dev libedit-dev libjansson-dev \
	shunit2 mandoc shellcheck valgrind strace clang clang-tidy libclang-rt-dev \
	zsh fish bash-completion tmux bsdutils util-linux iproute2 procps \
	nftables python3 python3-jsonschema jq openssl netcat-openbsd ncat \
	socat curl wget nginx-light haproxy inetutils-telnetd busybox-static \
	microsocks tinyproxy-bin tshark systemd ucspi-tcp

all: $B/sockt				## build ./sockt (V=asan, tsan, cov: build/V/sockt)
ifeq ($B,build/release)
	@ln -sf $B/sockt sockt
endif

ifeq ($(MODULES),linked)
$B/sockt: $(CMD:%.c=$B/%.o) $(MOD) $B/libsockt.a
	@echo "ld   $@"
	$Q$(LINK) -o $@ $^ -lev $(LIBS_tls) $(LIBS_digest) $(LIBS_edit) \
	    $(LIBS_json) $(LDLIBS)
else
$B/sockt: $(CMD:%.c=$B/%.o) $B/libsockt.a | $(SO)
	@echo "ld   $@"
	$Q$(LINK) -o $@ $^ -lev $(LDLIBS)
endif

$B/modules/%: FLAGS += -Imodules -fvisibility=hidden
$B/modules/%: FLAGS_$V += -fPIC
.SECONDEXPANSION:
$(SO): $B/modules/%.so: $$(filter $B/modules/$$*/$$(PERCENT).o,$(MOD))
	@echo "ld   $@"
	$Q$(filter-out -pie,$(LINK)) -shared -o $@ $^ $(LIBS_$*) $(LDLIBS)

$B/libsockt.a: $(LIB:%.c=$B/%.o)
	@rm -f $@
	$Q$(AR) rcs $@ $^

$B/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "cc   $<"
	$Q$(CC) $(CPPFLAGS) $(CFLAGS) $(FLAGS) $(FLAGS_$V) -c -o $@ $<

$B/tests/%: $B/tests/%.o $B/libsockt.a
	@echo "ld   $@"
	$Q$(LINK) -o $@ $^ -lev $(LDLIBS)
$(FUZZ): $B/tests/fuzz/replay.o
$B/tests/fuzz/fuzz_show $B/fuzz_show: $B/modules/json/json.o
$B/tests/fuzz/fuzz_show $B/fuzz_show: LDLIBS += $(LIBS_json)

$B/fuzz_%: $B/tests/fuzz/fuzz_%.o $B/libsockt.a
	$Q$(LINK) -fsanitize=fuzzer -o $@ $^ -lev $(LDLIBS)

$B/%.tidy: %.c $B/%.o .clang-tidy
	@clang-tidy --quiet --warnings-as-errors='*' $< -- $(FLAGS) \
	    -Xclang -analyzer-config -Xclang max-nodes=30000 2>/dev/null
	@touch $@

deps:					## install the Debian packages for building and testing
	@need=$$(for p in $(DEPS); do dpkg-query -Wf '$${Status}' $$p 2>&1 | \
	    grep -q 'ok installed' || echo $$p; done); [ -z "$$need" ] || { \
	apt-get -q update && DEBIAN_FRONTEND=noninteractive \
	    apt-get -qy install --no-install-recommends $$need; }

demo: all				## a page served and fetched, the conversation shown
	@tests/demo $(abspath $B/sockt)

check: all $(UNIT) $(FUZZ)		## run all tests (T=listen: those of that name)
	@SOCKT=$(abspath $B/sockt) BUILT=$(abspath $B) tests/run $T

check-all: check			## the same under ASan, UBSan and TSan; valgrind
	@$(MAKE) -s check V=asan
	@$(MAKE) -s check V=tsan
	@tests/valgrind $(abspath $B/sockt)

lint: $(OBJ) $(OBJ:.o=.tidy)		## floors, sizes, scripts, manuals, two compilers
	@$(MAKE) -s CC=clang CI=1 V=clang \
	    $(OBJ:$B/%=$(BUILD)/clang/%) $(UNIT:$B/%=$(BUILD)/clang/%.o)
	@tests/lint/layers
	@tests/lint/text
	@tests/lint/objects $B
	@shellcheck -s sh -S warning tests/run tests/*.sh tests/demo tests/valgrind \
	    tests/lint/* $(filter-out %.py,$(wildcard tests/bench/*)) .ci/run
	@mandoc -Tlint -Wwarning $(MAN)

fuzz:					## look for faults (T=http SECS=60)
	@$(MAKE) -s V=fuzz CC=clang $(BUILD)/fuzz/fuzz_$T
	@mkdir -p $(BUILD)/fuzz/found/$T
	$(BUILD)/fuzz/fuzz_$T -max_total_time=$(or $(SECS),60) -max_len=4096 \
	    -artifact_prefix=$(BUILD)/fuzz/ $(BUILD)/fuzz/found/$T tests/fuzz/corpus/$T

bench: all				## what it costs
	@tests/bench/startup $(abspath $B/sockt)
	@tests/bench/streams $(abspath $B/sockt)
	@tests/bench/sinks $(abspath $B/sockt)
	@tests/bench/forward $(abspath $B/sockt)
	@tests/bench/models $(abspath $B/sockt)
	@tests/bench/idle $(abspath $B/sockt)
	@tests/bench/programs $(abspath $B/sockt)

completions: all			## write completions/ anew
	@for s in bash zsh fish; do $B/sockt --dump-options | \
	    awk -v shell=$$s -f completions/generate.awk \
	    >completions/$$(echo sockt.$$s | sed 's/sockt.zsh/_sockt/'); done

schema: all				## write man/sockt.schema.json anew
	@$B/sockt help schema | jq . >man/sockt.schema.json

install: all				## into $(DESTDIR)$(PREFIX)
	install -D -m 755 $B/sockt $(DESTDIR)$(PREFIX)/bin/sockt
ifneq ($(MODULES),linked)
	install -d $(DESTDIR)$(PREFIX)/lib/sockt
	install -m 644 $(SO) $(DESTDIR)$(PREFIX)/lib/sockt
endif
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(DESTDIR)$(PREFIX)/share/man/man5 \
	    $(DESTDIR)$(PREFIX)/share/man/man7
	install -m 644 $(filter %.1,$(MAN)) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(filter %.5,$(MAN)) $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 644 $(filter %.7,$(MAN)) $(DESTDIR)$(PREFIX)/share/man/man7
	install -D -m 644 man/sockt.schema.json \
	    $(DESTDIR)$(PREFIX)/share/sockt/sockt.schema.json
	install -D -m 644 completions/sockt.bash \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/sockt
	install -D -m 644 completions/_sockt \
	    $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_sockt
	install -D -m 644 completions/sockt.fish \
	    $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/sockt.fish

clean:					## remove what was built
	rm -rf $(BUILD) sockt

help:					## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: all deps demo check check-all lint fuzz bench completions schema install clean help
.SECONDARY:
-include $(OBJ:.o=.d) $(UNIT:=.d) $(FUZZ:=.d)
