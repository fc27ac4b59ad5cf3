# peodump. `make help` lists the targets.

CC ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
BUILD ?= build

ours = -std=gnu11 -I. -MMD -MP -Wall -Wextra -Wpedantic -Wshadow -Wconversion

frame = -Wframe-larger-than=1024
machine := $(shell $(CC) -dumpmachine)
entry = -I. -MMD -MP

# What runs inside the traced program: no libc, no calls that a compiler makes up, no stack to speak of.
inside = $(ours) -fPIC -fvisibility=hidden -ffreestanding -fno-builtin -fno-lto -fno-stack-protector -fdata-sections \
	-U_FORTIFY_SOURCE $(frame) $(if $(findstring aarch64,$(machine)),-mno-outline-atomics)

decoder = $(filter-out decoder/dump.c,$(wildcard decoder/*.c))
rendering = $(filter-out decoder/parse%.c decoder/format.c decoder/act%.c,$(decoder))
objects = $(patsubst %,$(BUILD)/%.o,$(basename $(1)))
acts = $(call objects,shim/act.c $(wildcard decoder/act*.c))
both = $(call objects,$(filter-out shim/preload.c shim/audit.c shim/life.c shim/act.c,$(wildcard shim/*.c)) $(rendering) tables/tables.c)
shim_objects = $(call objects,shim/preload.c shim/entry.S) $(both)
libraries = $(BUILD)/libpeodump.so $(BUILD)/libpeodump-life.so $(if $(filter x86_64% i386% i686% aarch64% riscv%,$(machine)),$(BUILD)/libpeodump-audit.so)

all: $(libraries) $(BUILD)/libpeodecode.a $(BUILD)/peodump	## build the libraries to preload and to audit with, the one to link, and the tool

$(BUILD)/libpeodump.so: $(shim_objects)
$(BUILD)/libpeodump-life.so: $(shim_objects) $(acts) $(call objects,shim/life.c)
$(BUILD)/libpeodump-audit.so: $(both) $(call objects,shim/audit.c) $(BUILD)/shim/entries.o
# What every program starts with: two segments instead of four, all small variables on one page, and what
# runs at load in front, where the linker has been.
$(libraries):
	$(CC) $(CFLAGS) $(LDFLAGS) -nostdlib -shared -Wl,-z,now,-z,noexecstack,-z,noseparate-code,--sort-section=alignment -Wl,-soname,$(@F) -o $@ $^

# The entry once for each libc that a process can have.
$(BUILD)/shim/entries.o: shim/entry.S
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(entry) -DAUDIT -c -o $@ $<

$(BUILD)/libpeodecode.a: $(call objects,tables/tables.c $(decoder) decoder/dump.c)
	rm -f $@ && $(AR) rcs $@ $^

# What both ways of catching share: names and facts of this machine, what is remembered, where dumps go.
shared = $(call objects,$(wildcard shim/facts*.c) $(addprefix shim/,act.c files.c names.c next.c opened.c outlet.c output.c \
	pmu.c probing.c rehearse.c reopen.c settings.c snapshot.c tracepoint.c))

# It starts in two thirds of the time without ld.so; where libc is not there to be linked so, with it.
static = $(shell echo 'int main(void) { return 0; }' | $(CC) $(CFLAGS) -static-pie -fPIE $(LDFLAGS) -o /dev/null -x c - 2>/dev/null && echo -static-pie)

$(BUILD)/peodump: $(call objects,$(wildcard cli/*.c)) $(shared) $(BUILD)/libpeodecode.a
	$(CC) $(CFLAGS) $(static) $(LDFLAGS) -o $@ $^

$(BUILD)/decoder/dump.o: inside = $(ours) -fPIC -D_GNU_SOURCE
$(BUILD)/cli/%.o: inside = $(ours) -fPIE -D_GNU_SOURCE

# Where the tool looks for an installed library; compiled anew when it changes.
$(BUILD)/cli/loading.o: inside = $(ours) -fPIE -D_GNU_SOURCE -DLIBDIR='"$(LIBDIR)"'
$(BUILD)/cli/loading.o: $(BUILD)/libdir
$(BUILD)/libdir: FORCE
	@mkdir -p $(@D)
	@echo '$(LIBDIR)' | cmp -s - $@ || echo '$(LIBDIR)' > $@
FORCE:

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(inside) -c -o $@ $<

$(BUILD)/%.o: %.S
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(entry) -c -o $@ $<

# Libraries for 32-bit programs, which ld.so takes none but.
$(BUILD)/i386/libpeodump.so $(BUILD)/i386/libpeodump-life.so $(BUILD)/i386/libpeodump-audit.so: all
	$(MAKE) BUILD=$(BUILD)/i386 CFLAGS='$(CFLAGS) -m32 -idirafter /usr/include/x86_64-linux-gnu' $@

## Tests

tests = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/tables/test_*.c tests/decoder/test_*.c tests/shim/test_*.c))
examples = $(patsubst %.c,$(BUILD)/%,$(wildcard examples/*.c))
victims = $(patsubst %.c,$(BUILD)/%,$(filter-out tests/hazards/test_% tests/hazards/lib_% tests/hazards/tracee.c,$(wildcard tests/hazards/*.c))) \
	$(patsubst %.c,$(BUILD)/%.so,$(wildcard tests/hazards/lib_*.c))
benches = $(patsubst %.c,$(BUILD)/%,$(filter-out tests/bench/lib_%,$(wildcard tests/bench/*.c))) \
	$(patsubst %.c,$(BUILD)/%.so,$(wildcard tests/bench/lib_*.c))
CMOCKA = -lcmocka
test_flags = $(ours) -D_GNU_SOURCE -pthread

$(BUILD)/tests/tables/%: tests/tables/%.c $(BUILD)/libpeodecode.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(test_flags) $(LDFLAGS) -o $@ $(filter %.c %.a %.o,$^) $(CMOCKA)

$(BUILD)/tests/decoder/%: tests/decoder/%.c $(BUILD)/libpeodecode.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(test_flags) $(LDFLAGS) -o $@ $(filter %.c %.a %.o,$^) $(CMOCKA)

# The shim within the test program: the program's own syscall() is then ours.
$(BUILD)/tests/shim/%: tests/shim/%.c $(shim_objects) $(acts)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(test_flags) $(LDFLAGS) -o $@ $(filter %.c %.a %.o,$^) $(CMOCKA)

$(BUILD)/tests/hazards/test_%: tests/hazards/test_%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(test_flags) $(LDFLAGS) -o $@ $< $(CMOCKA)

$(BUILD)/tests/%.so: tests/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(test_flags) -fPIC -shared -o $@ $<

$(BUILD)/tests/hazards/%: tests/hazards/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(test_flags) -o $@ $< -ldl

$(BUILD)/tests/bench/%: tests/bench/%.c $(BUILD)/libpeodecode.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(test_flags) -o $@ $(filter %.c %.a,$^)

$(BUILD)/examples/%: examples/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -std=gnu11 -Wall -Wextra -o $@ $<

deps:	## install what the tests need, with the system's package manager
	tests/deps

check: all $(tests) $(victims) $(examples)	## run every test
	tests/run $(tests) $(wildcard tests/*/test_*.py)

torture: all $(victims) $(examples)	## the hazards of running inside another program, each at its full size
	TORTURE=1 tests/run $(wildcard tests/hazards/test_*.py)

rebase: all $(tests)	## write the golden files anew; read them in `git diff`
	UPDATE=1 $(BUILD)/tests/decoder/test_golden
	REBASE=1 tests/run tests/cli/test_show.py

# Without the tools that watch from outside: those look for leaks where none can be.
sanitize:	## build with ASan and UBSan, and run the tests of tables, decoder and shim
	$(MAKE) BUILD=$(BUILD)/sanitize frame= CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined' sanitized

sanitized: $(tests)
	ASAN_OPTIONS=detect_leaks=0 tests/run $(tests)

analyse:	## gcc -fanalyzer, clang-tidy and cppcheck: what they find is explained in tests/analyse.explained
	tests/analyse

coverage:	## count the lines of tables/ and decoder/ that the tests run, and name those that they do not
	$(MAKE) BUILD=$(BUILD)/coverage CC=gcc frame= CFLAGS='-O0 -g --coverage' covered

covered: $(filter-out $(BUILD)/tests/shim/%,$(tests))
	find $(BUILD) -name '*.gcda' -delete
	tests/run $^ >$(BUILD)/log || { cat $(BUILD)/log; exit 1; }
	BUILD=$(BUILD) tests/coverage

targets:	## build the tests for other compilers and machines, and run them there
	tests/targets/run

# For one of those, whose programs run by themselves or under an EMULATOR. There the kernel is none of theirs.
target: all $(tests)
	tests/run $(tests)

natives = $(BUILD)/tests/shim/% %/test_btf
emulated: all $(filter-out $(natives),$(tests))
	tests/run $(filter-out $(natives),$(tests))

lint: all	## check the laws of the house, and that gcc and clang have no warning
	tests/lint
	$(MAKE) BUILD=$(BUILD)/gcc CC=gcc CFLAGS='-O2 -Werror' all
	$(MAKE) BUILD=$(BUILD)/clang CC=clang CFLAGS='-O2 -Werror' all

bench: all $(benches)	## what it all costs, beside what it did; REBASE=1 keeps the numbers
	tests/bench/run

fuzz:	## ten minutes of libFuzzer on the decoder, the parser, C source and the settings
	tests/fuzz/run

afl:	## four hours of AFL++ on the same
	ENGINE=afl SECONDS_EACH=3600 tests/fuzz/run

demo:	## show what peodump does, on the examples and on perf
	@echo building...
	@$(MAKE) -s all $(examples)
	@examples/demo

install: all	## install under PREFIX (and DESTDIR)
	install -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(LIBDIR)/pkgconfig' '$(DESTDIR)$(INCLUDEDIR)' \
		'$(DESTDIR)$(MANDIR)/man1' '$(DESTDIR)$(COMPLETIONDIR)' '$(DESTDIR)$(PREFIX)/share/peodump'
	install -m 755 $(BUILD)/peodump '$(DESTDIR)$(BINDIR)'
	install -m 755 $(libraries) '$(DESTDIR)$(LIBDIR)'
	install -m 644 $(BUILD)/libpeodecode.a '$(DESTDIR)$(LIBDIR)'
	sed 's|@LIBDIR@|$(LIBDIR)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|' decoder/peodecode.pc.in > '$(DESTDIR)$(LIBDIR)/pkgconfig/peodecode.pc'
	install -m 644 decoder/peodump.h '$(DESTDIR)$(INCLUDEDIR)'
	install -m 644 decoder/peodump.schema.json '$(DESTDIR)$(PREFIX)/share/peodump'
	install -m 644 cli/peodump.1 '$(DESTDIR)$(MANDIR)/man1'
	install -m 644 cli/completion.bash '$(DESTDIR)$(COMPLETIONDIR)/peodump'

uninstall:	## remove what install put there
	rm -f '$(DESTDIR)$(BINDIR)/peodump' '$(DESTDIR)$(LIBDIR)/libpeodump.so' '$(DESTDIR)$(LIBDIR)/libpeodump-life.so' \
		'$(DESTDIR)$(LIBDIR)/libpeodump-audit.so' '$(DESTDIR)$(LIBDIR)/libpeodecode.a' \
		'$(DESTDIR)$(LIBDIR)/pkgconfig/peodecode.pc' '$(DESTDIR)$(INCLUDEDIR)/peodump.h' \
		'$(DESTDIR)$(MANDIR)/man1/peodump.1' '$(DESTDIR)$(COMPLETIONDIR)/peodump' \
		'$(DESTDIR)$(PREFIX)/share/peodump/peodump.schema.json'
	-rmdir '$(DESTDIR)$(PREFIX)/share/peodump'

clean:	## remove everything that was built
	rm -rf $(BUILD)

help:	## list the targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/make \1\t\2/p' Makefile | expand -t 20

.PHONY: FORCE all deps check torture rebase sanitize sanitized analyse coverage covered targets target emulated lint bench fuzz afl demo install uninstall clean help
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
