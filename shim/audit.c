/*
 * The other way in, for glibc's ld.so to load as LD_AUDIT says: every libc is met before anything
 * is bound to it, and its symbol `syscall` is moved to an entry of ours. So dlsym, RTLD_DEEPBIND,
 * dlmopen and function pointers all find us, where la_symbind is told of PLT entries and dlsym
 * alone; and bindings cost what they did.
 *
 * An auditing library has a namespace of its own, without a libc. ld.so relocates and initialises
 * it before it looks at the program.
 */
#include <link.h>
#include <linux/auxvec.h>
#include <linux/mman.h>
#include <stdbool.h>

#include "decoder/bytes.h"
#include "shim/next.h"
#include "shim/snapshot.h"
#include "shim/sys.h"

#define EXPORTED __attribute__((visibility("default")))

struct next shim_next[NEXT_MAX];

/* The symbol that leads to the entry of the same number, and its value since then. */
static struct adopted {
	ElfW(Sym) *symbol;
	ElfW(Addr) value;
} adopted[NEXT_MAX];

/* The entries of entry.S, in the order of their ways on. */
extern void *const shim_entries[NEXT_MAX];

/* What settings.c would have of the program's libc. */
char **environ;
unsigned long getauxval(unsigned long type);

/* Before the constructor that reads the settings. */
__attribute__((constructor(101))) static void
find_environment(int count, char **words, char **variables)
{
	(void)count;
	(void)words;
	environ = variables;
}

/*
 * The kernel puts it behind the environment, from which ld.so takes what is dangerous in a setuid
 * program: then there is more than one NULL in between.
 */
unsigned long
getauxval(unsigned long type)
{
	const unsigned long *word = (const unsigned long *)environ;

	while (*word)
		word++;
	while (!*word)
		word++;
	for (; word[0]; word += 2)
		if (word[0] == type)
			return word[1];
	return 0;
}

static ElfW(Addr)
dynamic_value(const struct link_map *object, ElfW(Sxword) tag)
{
	const ElfW(Dyn) *entry = object->l_ld;

	while (entry->d_tag != DT_NULL && entry->d_tag != tag)
		entry++;
	return entry->d_tag == tag ? entry->d_un.d_ptr : 0;
}

/* An address in the object, which ld.so has relocated where it may write; 0: it has none. */
static ElfW(Addr)
dynamic_address(const struct link_map *object, ElfW(Sxword) tag)
{
	ElfW(Addr) address = dynamic_value(object, tag);

	return address && address < object->l_addr ? address + object->l_addr : address;
}

static uint32_t
hash_of(const char *name)
{
	uint32_t hash = 5381;

	for (; *name; name++)
		hash = 33 * hash + (unsigned char)*name;
	return hash;
}

/* A symbol that the object defines, by its DT_GNU_HASH; NULL: there is none. */
static ElfW(Sym) *
symbol_find(const struct link_map *object, const char *name)
{
	const uint32_t *head = (const uint32_t *)dynamic_address(object, DT_GNU_HASH);
	ElfW(Sym) *symbols = (ElfW(Sym) *)dynamic_address(object, DT_SYMTAB);
	const char *strings = (const char *)dynamic_address(object, DT_STRTAB);
	const uint32_t *buckets, *chain;
	uint32_t hash = hash_of(name), at;

	if (!head || !symbols || !strings)
		return NULL;
	buckets = head + 4 + head[2] * (sizeof(ElfW(Addr)) / sizeof *head);
	chain = buckets + head[0];
	at = buckets[hash % head[0]];
	if (at < head[1])
		return NULL;
	for (;; at++) {
		uint32_t linked = chain[at - head[1]];

		if ((linked | 1) == (hash | 1) && text_equal(strings + symbols[at].st_name, name))
			return symbols[at].st_shndx == SHN_UNDEF ? NULL : &symbols[at];
		if (linked & 1)
			return NULL;
	}
}

/* What the segment of that address may be used for; 0: it cannot be told. */
static unsigned long
protection_of(const struct link_map *object, ElfW(Addr) address)
{
	const ElfW(Ehdr) *head = (const ElfW(Ehdr) *)object->l_addr;
	const ElfW(Phdr) *segment;

	if (!head || !bytes_equal(head->e_ident, ELFMAG, SELFMAG))
		return 0;
	segment = (const ElfW(Phdr) *)(object->l_addr + head->e_phoff);
	for (unsigned left = head->e_phnum; left; left--, segment++)
		if (segment->p_type == PT_LOAD
			&& address - object->l_addr - segment->p_vaddr < segment->p_memsz)
			return (segment->p_flags & PF_R ? PROT_READ : 0)
				| (segment->p_flags & PF_W ? PROT_WRITE : 0)
				| (segment->p_flags & PF_X ? PROT_EXEC : 0);
	return 0;
}

/* Symbols lie in memory that nobody may write to, and the page is this process's alone after it. */
static bool
symbol_move(const struct link_map *object, ElfW(Sym) *symbol, ElfW(Addr) value)
{
	ElfW(Addr) size = getauxval(AT_PAGESZ), page = (ElfW(Addr))&symbol->st_value & -size;
	unsigned long protection = protection_of(object, page);

	if (!protection
		|| SYS_FAILED(sys3(__NR_mprotect, page, size, PROT_READ | PROT_WRITE)))
		return false;
	symbol->st_value = value;
	sys3(__NR_mprotect, page, size, protection);
	return true;
}

/* Within the object: another of us has not been there before. */
static bool
symbol_unmoved(const struct link_map *object, const ElfW(Sym) *symbol)
{
	return symbol->st_value < (ElfW(Addr))object->l_ld - object->l_addr;
}

/* Whether the libc that an entry is for is still there: its symbol leads to the entry. */
static bool
in_use(const struct adopted *libc)
{
	ElfW(Addr) value;
	int pid = (int)sys0(__NR_getpid);

	return libc->symbol
		&& memory_read(pid, (uintptr_t)&libc->symbol->st_value, &value, sizeof value)
			== sizeof value
		&& value == libc->value;
}

/*
 * The number of an entry for another libc; NEXT_MAX: there is none. la_objclose is no help: ld.so
 * calls it at exit, too, while threads go on and call.
 */
static unsigned
unused_entry(void)
{
	unsigned at = 0;

	while (at < NEXT_MAX && in_use(&adopted[at]))
		at++;
	return at;
}

static bool
is_called(const struct link_map *object, const char *name)
{
	ElfW(Addr) soname = dynamic_value(object, DT_SONAME);

	return soname && text_equal((char *)dynamic_address(object, DT_STRTAB) + soname, name);
}

/* Leads an object's syscall() to an entry, if it is a libc and is not seen to already. */
static void
adopt(const struct link_map *object, ElfW(Sym) *symbol)
{
	const ElfW(Sym) *errno_location = symbol_find(object, "__errno_location");
	unsigned at = unused_entry();
	ElfW(Addr) value;

	if (!errno_location || at == NEXT_MAX || !symbol_unmoved(object, symbol))
		return;
	value = (ElfW(Addr))shim_entries[at] - object->l_addr;
	shim_next[at] = (struct next){
		.call = (long (*)(long, ...))(object->l_addr + symbol->st_value),
		.errno_location = (int *(*)(void))(object->l_addr + errno_location->st_value),
	};
	if (symbol_move(object, symbol, value))
		adopted[at] = (struct adopted){symbol, value};
}

EXPORTED unsigned
la_version(unsigned version)
{
	return version;
}

/*
 * Two of us would dump each call twice: a preload is left out, but for the one that tells what is
 * done with events, which has to see them opened. That one knows the program's own namespace, 0,
 * alone.
 */
EXPORTED unsigned
la_objopen(struct link_map *object, long space, uintptr_t *cookie)
{
	static bool preload_tells;
	ElfW(Sym) *symbol = symbol_find(object, "syscall");

	(void)cookie;
	if (!symbol)
		return 0;
	if (is_called(object, "libpeodump-life.so"))
		preload_tells = true;
	else if (is_called(object, "libpeodump.so"))
		symbol_move(object, symbol, 0);
	else if (!preload_tells || space != 0)
		adopt(object, symbol);
	return 0;
}
