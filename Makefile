# sockt - 'make help' says what can be made.

VERSION = 0.1
PREFIX  = /usr/local
CFLAGS  = -O2 -g
-include config.mk			# yours, never committed

V       = release
BUILD   = build
B       = $(BUILD)/$(V)

WARN    = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	  -Wwrite-strings -Wformat=2 -Wvla -Wundef
FLAGS   = -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Ilib \
	  -DVERSION='"$(VERSION)"' -fno-strict-aliasing -MMD -MP $(WARN)
HARDEN  = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE

FLAGS_release = $(HARDEN)
LINK_release  = -pie -Wl,-z,relro,-z,now
FLAGS_asan    = -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
		-fno-sanitize-recover=all
FLAGS_tsan    = -O1 -fsanitize=thread
FLAGS_cov     = -O0 --coverage
ifdef CI
WARN   += -Werror
endif

LIB   = $(wildcard lib/*/*.c)
CMD   = $(wildcard cmd/*.c)
UNIT  = $(patsubst %.c,$B/%,$(wildcard tests/unit/*.c))
FUZZ  = $(patsubst %.c,$B/%,$(wildcard tests/fuzz/fuzz_*.c))
MAN   = $(wildcard man/*.[0-9])
OBJ   = $(LIB:%.c=$B/%.o) $(CMD:%.c=$B/%.o)
LINK  = $(CC) $(CFLAGS) $(FLAGS_$V) $(LDFLAGS) $(LINK_$V)

ifeq ($V,release)
all: sockt				## build ./sockt (V=asan, tsan, cov: build/V/sockt)
sockt: $B/sockt
	ln -f $< $@
else
all: $B/sockt
endif

$B/sockt: $(CMD:%.c=$B/%.o) $B/libsockt.a
	$(LINK) -o $@ $^ -lev $(LDLIBS)

$B/libsockt.a: $(LIB:%.c=$B/%.o)
	@rm -f $@
	$(AR) rcs $@ $^

$B/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(FLAGS) $(FLAGS_$V) -c -o $@ $<

$B/tests/unit/%: $B/tests/unit/%.o $B/libsockt.a
	$(LINK) -o $@ $^ -lev $(LDLIBS)

$B/tests/fuzz/fuzz_%: $B/tests/fuzz/fuzz_%.o $B/tests/fuzz/replay.o $B/libsockt.a
	$(LINK) -o $@ $^ -lev $(LDLIBS)

$B/cmd/sockt.o: $(CMD)		# rows for the commands that are there

.PHONY: all
.SECONDARY:
-include $(OBJ:.o=.d)
