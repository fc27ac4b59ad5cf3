# peodump. `make help` lists the targets.

CC ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
BUILD ?= build

ours = -std=gnu11 -I. -MMD -MP -Wall -Wextra -Wpedantic -Wshadow -Wconversion

# What runs inside the traced program: no libc, no calls that a compiler makes up, no stack to speak of.
inside = $(ours) -fPIC -fvisibility=hidden -ffreestanding -fno-builtin -fno-stack-protector \
	-U_FORTIFY_SOURCE -fno-asynchronous-unwind-tables -Wframe-larger-than=1024

tables = tables/tables.c
decoder = $(filter-out decoder/dump.c,$(wildcard decoder/*.c))
shim = $(wildcard shim/*.c) shim/entry.S
unparsed = $(filter-out decoder/parse.c decoder/format.c,$(decoder))

objects = $(patsubst %,$(BUILD)/%.o,$(basename $(1)))
shim_objects = $(sort $(call objects,$(tables) $(unparsed) $(shim)))

all: $(BUILD)/libpeodump.so $(BUILD)/libpeodecode.a	## build the library to preload and the library to link

$(BUILD)/libpeodump.so: $(shim_objects)
	$(CC) $(CFLAGS) $(LDFLAGS) -nostdlib -shared -Wl,-z,now,-z,noexecstack -Wl,-soname,libpeodump.so -o $@ $^

$(BUILD)/libpeodecode.a: $(call objects,$(tables) $(decoder)) $(BUILD)/decoder/dump.o
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/decoder/dump.o: decoder/dump.c
	@mkdir -p $(@D)
	$(CC) $(ours) -D_GNU_SOURCE -fPIC $(CFLAGS) -c -o $@ $<

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(inside) -c -o $@ $<

$(BUILD)/%.o: %.S
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
