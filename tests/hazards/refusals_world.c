/*
 * Makes calls that the kernel must refuse for what is around them: files, cgroups, namespaces,
 * filters, limits, memory.
 */
#include "tests/hazards/refusals.h"

#include <linux/hw_breakpoint.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/socket.h>

static char folder[] = "/tmp/peodump-world-XXXXXX";

static void
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	must(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), path);
	close(fd);
}

/* Steps that change the process run in one of their own. */
static void
in_child(void (*run)(void))
{
	int status;
	pid_t child = child_of(run);

	must(waitpid(child, &status, 0) == child, "waitpid");
	if (status)
		counts->wrong++;
}

/* Paths of uprobes */

static union attr *
uprobe(const char *path, uint64_t offset)
{
	static int type;
	union attr *attr = software();

	if (!type)
		type = pmu_type("uprobe");
	attr->of.type = (uint32_t)type;
	attr->of.config = 0;
	attr->words[7] = (uint64_t)(uintptr_t)path;
	attr->words[8] = offset;
	return attr;
}

static void
refuse_path(const char *check, const char *path)
{
	refuse_here(check, uprobe(path, 0));
}

static void
refuse_long_paths(void)
{
	static char path[8192];

	memset(path, 'x', 300);
	refuse_path("UP-NOENT", path); /* ENAMETOOLONG */
	memset(path, '/', sizeof path - 1);
	path[4095] = '\0';
	refuse_path("UP-REG", path);
	path[4095] = '/';
	refuse_path("UP-LONG", path);
	path[4096] = '\0';
	refuse_path("UP-LONG", path);
	path[4096] = '/';
	path[4097] = '\0';
	refuse_path("UP-LONG", path);
}

/* Strings at the end of what can be read. */
static void
refuse_unreadable_paths(void)
{
	size_t page = (size_t)getpagesize();
	char *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(memory != MAP_FAILED && !mprotect(memory + page, page, PROT_NONE), "mmap");
	memset(memory, '/', page);
	refuse_path("UP-FAULT", memory + page - 4);
	refuse_path("UP-FAULT", memory + page);
	memory[page - 1] = '\0';
	refuse_path("UP-REG", memory + page - 4);
	refuse_path("UP-PATH", memory + page - 1);
	refuse_path("UP-FAULT", (char *)8);
	refuse_path("UP-FAULT", (char *)(uintptr_t)0xffffffff81000000);
	munmap(memory, 2 * page);
}

static void
make_files(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "socket"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	must(!symlink("round", "about") && !symlink("about", "round"), "symlink");
	must(!symlink("nowhere", "lost") && !symlink(".", "here"), "symlink");
	must(!mkfifo("fifo", 0644) && !mkdir("directory", 0755), "mkfifo");
	must(!bind(fd, (struct sockaddr *)&name, sizeof name), "bind");
	close(fd);
	put("file", "text");
	put("empty", "");
}

static void
refuse_in_chroot(void)
{
	must(!chroot(".") && !chdir("/"), "chroot");
	refuse_path("UP-NOENT", "/bin/true");
	refuse_path("UP-NOENT", "/proc/self/exe");
	refuse_path("UP-REG", "/directory");
	refuse_path("UP-NOENT", "/about");
	refuse_here("UP-OFF", uprobe("/file", 5));
}

#if defined __x86_64__
/* No processor has an instruction that starts like this. */
__asm__(".text\n.globl no_instruction\nno_instruction:\n.byte 0x06, 0x06, 0x06, 0x06\n");
extern const char no_instruction[];
extern const char __executable_start[];
#endif

static void
step_paths(void)
{
	union attr *attr;
	int held;

	if (pmu_type("uprobe") < 0 || geteuid())
		return;
	must(mkdtemp(folder) && !chdir(folder), folder);
	make_files();
	refuse_long_paths();
	refuse_unreadable_paths();
	refuse_path("UP-NOENT", "about"); /* ELOOP */
	refuse_path("UP-NOENT", "round/file");
	refuse_path("UP-NOENT", "lost");
	refuse_path("UP-NOENT", "missing");
	refuse_path("UP-NOENT", "file/below");
	refuse_path("UP-NOENT", "file/");
	refuse_path("UP-REG", "directory");
	refuse_path("UP-REG", "here/here/directory");
	refuse_path("UP-REG", "fifo");
	refuse_path("UP-REG", "socket");
	refuse_path("UP-REG", "/dev/null");
	refuse_path("UP-REG", ".");
	refuse_path("UP-EIO", "/proc/self/status");
	refuse_path("UP-EIO", "/proc/self/maps");
	refuse_here("UP-EIO", uprobe("/proc/self/status", 1 << 20));
	refuse_here("UP-OFF", uprobe("file", 5));
	refuse_here("UP-OFF", uprobe("empty", 1));
	refuse_here("UP-OFF", uprobe("here/file", 1ULL << 62));
	refuse_path("UP-PATH", "");
	refuse_path("UP-PATH", NULL);
	attr = uprobe("file", 0);
	attr->of.config = 1ULL << 32;
	refuse_here("UP-REFCTR", attr);
	attr->of.config = 0xffffffffULL << 32;
	refuse_here("UP-REFCTR", attr);
	held = opened(uprobe("file", 0), 0, -1, -1, 0);
	attr->of.config = 2ULL << 32;
	memcpy(&attr->words[7], &(uint64_t){(uint64_t)(uintptr_t)"file"}, 8);
	refuse_here("UP-REFCTR", attr); /* the one that is there has another */
	close(held);
#if defined __x86_64__
	refuse_here("UP-INSN", uprobe("/proc/self/exe", (uint64_t)(no_instruction - __executable_start)));
#endif
	attr = uprobe("file", 0);
	attr->of.sample_type = 1ULL << 50;
	refuse_here("CPY-STYPE", attr);
	refuse("SYS-ESRCH", uprobe("missing", 0), 0x7ffffff0, -1, -1, 0);
	refuse("UP-NOENT", uprobe("missing", 0), -1, 0, -1, 0);
	in_child(refuse_in_chroot);
	must(!chdir("/") && !system("rm -rf /tmp/peodump-world-*"), "rm");
}

/* Sizes, and where the memory ends */

static void
step_sizes(void)
{
	size_t page = (size_t)getpagesize();
	unsigned char *memory = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *end = memory + 2 * page;
	union attr *attr;

	must(memory != MAP_FAILED && !mprotect(end, page, PROT_NONE), "mmap");
	for (uint32_t size = 1; size < 64; size++) {
		attr = user_only();
		attr->of.size = size;
		refuse_here("CPY-SIZE", attr);
	}
	for (uint32_t size = 65; size <= 4096; size = size * 5 / 4 + 1) {
		attr = user_only();
		attr->of.size = size;
		close(opened(attr, 0, -1, -1, 0));
		if (size <= 160)
			continue;
		for (uint32_t at = 160; at < size; at = at * 2) {
			attr->of.size = size; /* the kernel wrote its own there */
			attr->bytes[at] = 0x80;
			refuse_here("CPY-TAIL", attr);
			attr->bytes[at] = 0;
		}
	}
	for (unsigned bit = 12; bit < 32; bit++) {
		attr = user_only();
		attr->of.size = 1U << bit | 8;
		refuse_here("CPY-SIZE", attr);
	}
	attr = user_only();
	for (size_t readable = 0; readable < 128; readable += 4) {
		attr->of.size = 128;
		memcpy(end - readable, attr, readable);
		refuse_here("CPY-FAULT", end - readable);
	}
	attr->of.size = 4097;
	memcpy(end - 64, attr, 64);
	refuse_here("CPY-SIZE", end - 64);
	attr->of.size = 63;
	memcpy(end - 64, attr, 64);
	refuse_here("CPY-SIZE", end - 64);
	attr->of.size = 4096;
	memcpy(end - 4092, attr, 4092);
	refuse_here("CPY-FAULT", end - 4092);
	munmap(memory, 3 * page);
}

/* Breakpoints */

static union attr *
breakpoint(uint32_t type, uint64_t address, uint64_t length)
{
	union attr *attr = user_only();

	attr->of.type = PERF_TYPE_BREAKPOINT;
	attr->of.config = 0;
	attr->of.bp_type = type;
	attr->words[7] = address;
	attr->words[8] = length;
	return attr;
}

static void
step_breakpoints(void)
{
#ifdef __x86_64__
	static const uint32_t types[] = {0, 5, 6, 7, 8, 255, 0xffffffff};
	static const uint64_t lengths[] = {0, 3, 5, 6, 7, 9, 12, 24, 1ULL << 32 | 1};
	static const uint64_t outside[] = {0x7ffffffff000, 0x800000000000, 0x900000000000,
		0xdead000000000000, 0x8000000000000000, 0xffff800000000000, 0xffffffff81000000};
	union attr *attr;

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		refuse_here("BP-TYPE", breakpoint(types[i], 0x1000, 8));
	refuse_here("BP-TYPE", breakpoint(HW_BREAKPOINT_R, 0x1000, 8));
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
		refuse_here("BP-LEN", breakpoint(HW_BREAKPOINT_W, 0x1000, lengths[i]));
	for (uint64_t length = 0; length < 20; length += length == 7 ? 2 : 1)
		refuse_here("BP-XLEN", breakpoint(HW_BREAKPOINT_X, 0x1000, length));
	for (uint64_t length = 2; length <= 8; length *= 2)
		for (uint64_t at = 1; at < length; at++)
			refuse_here("BP-ALIGN", breakpoint(HW_BREAKPOINT_RW, 0x1000 + at, length));
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
		refuse_here("BP-KERNEL", breakpoint(HW_BREAKPOINT_W, outside[i], 4));
	refuse_here("BP-WRAP", breakpoint(HW_BREAKPOINT_W, ~3ULL, 8));
	attr = breakpoint(HW_BREAKPOINT_W, 0x1000, 4);
	attr->of.sample_type = PERF_SAMPLE_BRANCH_STACK;
	attr->of.branch_sample_type = PERF_SAMPLE_BRANCH_USER | PERF_SAMPLE_BRANCH_ANY;
	refuse_here("BP-BRANCH", attr);
	attr = breakpoint(HW_BREAKPOINT_W, 0x1000, 4);
	attr->of.use_clockid = 1;
	refuse_here("CLK-NMI", attr);
	close(opened(breakpoint(HW_BREAKPOINT_X, 0x1003, 8), 0, -1, -1, 0));
	attr = breakpoint(HW_BREAKPOINT_X, 0x1003, 8);
	attr->of.use_clockid = 1;
	refuse_here("CLK-NMI", attr);
	for (int i = 0; i < 4; i++)
		opened(breakpoint(HW_BREAKPOINT_W, 0x1000, 4), 0, -1, -1, 0);
	refuse_here("BP-ENOSPC", breakpoint(HW_BREAKPOINT_W, 0x1000, 4));
	refuse_here("BP-ENOSPC", breakpoint(HW_BREAKPOINT_X, 0x1000, 8));
#endif
}

/* Cgroups */

static void
refuse_removed_cgroup(const char *root)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/peodump-%d", root, getpid());
	if (mkdir(path, 0755))
		return;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(opened(user_only(), fd, 0, -1, PERF_FLAG_PID_CGROUP));
	rmdir(path);
	refuse("CG-CSS", user_only(), fd, 0, -1, PERF_FLAG_PID_CGROUP);
	close(fd);
}

static void
refuse_cgroup_groups(const char *root)
{
	char path[128];
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC), other, leader, plain;

	snprintf(path, sizeof path, "%s/peodump-group-%d", root, getpid());
	if (mkdir(path, 0755))
		return;
	other = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	leader = opened(user_only(), fd, 0, -1, PERF_FLAG_PID_CGROUP);
	plain = opened(user_only(), -1, 0, -1, 0);
	close(opened(user_only(), fd, 0, leader, PERF_FLAG_PID_CGROUP));
	refuse("CG-GROUP", user_only(), other, 0, leader, PERF_FLAG_PID_CGROUP);
	refuse("CG-GROUP", user_only(), fd, 0, plain, PERF_FLAG_PID_CGROUP);
	refuse("GRP-CPU", user_only(), fd, 1, leader, PERF_FLAG_PID_CGROUP);
	close(leader);
	close(plain);
	close(other);
	close(fd);
	rmdir(path);
}

static void
step_cgroups(void)
{
	static const char *const others[] = {"/", "/proc", "/sys", "/dev", "/tmp"};
	char root[] = "/tmp/peodump-cgroup-XXXXXX", file[128];
	int fd;

	if (geteuid())
		return;
	must(!unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "unshare");
	must(mkdtemp(root) && !mount("none", root, "cgroup2", 0, NULL), "cgroup2");
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		fd = open(others[i], O_RDONLY | O_CLOEXEC);
		refuse("CG-FD", user_only(), fd, 0, -1, PERF_FLAG_PID_CGROUP);
		close(fd);
	}
	snprintf(file, sizeof file, "%s/cgroup.procs", root);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	refuse("CG-FD", user_only(), fd, 0, -1, PERF_FLAG_PID_CGROUP);
	close(fd);
	fd = open(root, O_PATH | O_CLOEXEC);
	refuse("CG-FD", user_only(), fd, 0, -1, PERF_FLAG_PID_CGROUP);
	close(fd);
	refuse("CG-FD", user_only(), STDIN_FILENO, 0, -1, PERF_FLAG_PID_CGROUP);
	refuse("CG-FD", user_only(), 800, 0, -1, PERF_FLAG_PID_CGROUP);
	refuse("CG-FD", user_only(), -5, 0, -1, PERF_FLAG_PID_CGROUP);
	fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(opened(user_only(), fd, 0, -1, PERF_FLAG_PID_CGROUP));
	refuse("SYS-CGARGS", user_only(), fd, -1, -1, PERF_FLAG_PID_CGROUP);
	refuse("ALC-CPU", user_only(), fd, -2, -1, PERF_FLAG_PID_CGROUP);
	refuse("ALC-CPU", user_only(), fd, 5000, -1, PERF_FLAG_PID_CGROUP);
	close(fd);
	refuse_removed_cgroup(root);
	refuse_cgroup_groups(root);
	fd = open("/sys/fs/cgroup/cpu", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		refuse("CG-CSS", user_only(), fd, 0, -1, PERF_FLAG_PID_CGROUP);
	close(fd);
	umount2(root, MNT_DETACH);
	rmdir(root);
}

/* Filters */

enum {
	NUMBER,
	PID,
	CPU,
	GROUP_FD,
	OPEN_FLAGS,
	FLAGS_CLOEXEC = 8
};

/* Answers the call with that error if the argument has that value. */
static void
filter(int argument, uint32_t value, int error)
{
	static const uint32_t offsets[] = {
		[NUMBER] = offsetof(struct seccomp_data, nr),
		[PID] = offsetof(struct seccomp_data, args[1]),
		[CPU] = offsetof(struct seccomp_data, args[2]),
		[GROUP_FD] = offsetof(struct seccomp_data, args[3]),
		[OPEN_FLAGS] = offsetof(struct seccomp_data, args[4]),
	};
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsets[argument]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, argument ? value : SYS_perf_event_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof code / sizeof *code, code};

	must(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
			&& !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program),
		"no filter");
}

static int filter_error;

static void
refuse_by_number(void)
{
	union attr *attr;

	filter(NUMBER, 0, filter_error);
	refuse_here("SYS-SECCOMP", user_only());
	refuse_here("SYS-SECCOMP", software());
	attr = user_only();
	attr->of.sample_type = 1ULL << 40;
	refuse_here("SYS-SECCOMP", attr);
	attr = user_only();
	attr->of.config = 999;
	refuse_here("SYS-SECCOMP", attr);
	refuse("SYS-SECCOMP", user_only(), -1, 0, -1, 0);
	refuse("SYS-SECCOMP", user_only(), 0, -1, 77, FLAGS_CLOEXEC);
	refuse("SYS-SECCOMP", user_only(), 0, -1, -1, 1 << 10);
}

/* Some calls are the filter's, and others the kernel's own. */
static void
refuse_by_pid(void)
{
	union attr *attr;

	filter(PID, (uint32_t)-1, filter_error);
	refuse("SYS-SECCOMP", user_only(), -1, 0, -1, 0);
	refuse("SYS-SECCOMP", user_only(), -1, -1, -1, 0);
	close(opened(user_only(), 0, -1, -1, 0));
	attr = user_only();
	attr->of.sample_type = 1ULL << 40;
	refuse_here("CPY-STYPE", attr);
	refuse("SYS-ESRCH", user_only(), -7, -1, -1, 0);
	refuse("GRP-FD", user_only(), 0, -1, 77, 0);
	if (kernel_forbidden())
		refuse_here("PERM-KERNEL", software());
	if (geteuid()) {
		attr = user_only();
		attr->of.namespaces = 1;
		refuse_here("PERM-NS", attr);
		refuse("CTX-PTRACE", user_only(), 1, -1, -1, 0);
	}
}

static void
refuse_by_flags(void)
{
	union attr *attr;

	filter(OPEN_FLAGS, FLAGS_CLOEXEC, filter_error);
	refuse("SYS-SECCOMP", user_only(), 0, -1, -1, FLAGS_CLOEXEC);
	attr = user_only();
	attr->of.config = 999;
	refuse_here("SW-CONFIG", attr);
	refuse("SYS-SECCOMP", attr, 0, -1, -1, FLAGS_CLOEXEC);
	if (kernel_forbidden())
		refuse_here("PERM-KERNEL", software());
}

/* An answer of 0 has the program believe that it got fd 0: no refusal, and it stays open. */
static void
succeed_by_filter(void)
{
	struct stat before, after;

	filter(GROUP_FD, (uint32_t)-2, 0);
	must(!fstat(0, &before), "fstat");
	refuse("SYS-FLAGS", user_only(), 0, -1, -1, 1 << 9);
	if (kernel_forbidden())
		refuse_here("PERM-KERNEL", software());
	must(!fstat(0, &after) && after.st_ino == before.st_ino, "standard input was closed");
}

static void
step_filters(void)
{
	static const int answers[] = {EPERM, ENOSYS, EACCES, EINVAL, ENOENT, EBADF, EMFILE, ENODEV, ESRCH,
		EOPNOTSUPP, EBUSY, 4095};

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		filter_error = answers[i];
		in_child(refuse_by_number);
		in_child(refuse_by_pid);
		in_child(refuse_by_flags);
	}
	in_child(succeed_by_filter);
}

/* Namespaces */

static void
refuse_in_user_namespace(void)
{
	union attr *attr;

	must(!unshare(CLONE_NEWUSER), "unshare");
	if (sysctl("perf_event_paranoid") < 2)
		return;
	refuse_here("PERM-KERNEL", software());
	refuse("CTX-CPU", user_only(), -1, 0, -1, 0);
	attr = user_only();
	attr->of.namespaces = 1;
	refuse_here("PERM-NS", attr);
	attr = user_only();
	attr->of.sample_type = PERF_SAMPLE_PHYS_ADDR;
	refuse_here("PERM-PHYS", attr);
	if (pmu_type("uprobe") >= 0) {
		attr = uprobe("/bin/true", 0);
		attr->of.exclude_kernel = 1;
		refuse_here("UP-PERM", attr);
	}
	refuse("CTX-PTRACE", user_only(), 1, -1, -1, 0);
	close(opened(user_only(), 0, -1, -1, 0));
}

static int leader;
static pid_t outside;

static void
refuse_in_inner(void)
{
	int own;
	pid_t child;
	union attr *attr;

	refuse("SYS-ESRCH", user_only(), outside, -1, -1, 0);
	child = fork();
	if (child == 0)
		_exit(0);
	waitid(P_PID, (id_t)child, NULL, WEXITED | WNOWAIT);
	refuse("CTX-EXITING", user_only(), child, -1, -1, 0);
	waitpid(child, NULL, 0);
	refuse("SYS-ESRCH", user_only(), child, -1, -1, 0);
	refuse("GRP-CTX", user_only(), 0, -1, leader, 0);
	refuse("GRP-CTX", user_only(), getpid(), -1, leader, 0);
	attr = user_only();
	attr->of.use_clockid = 1;
	attr->of.clockid = 1;
	refuse("GRP-CLOCK", attr, 0, -1, leader, 0);
	own = opened(user_only(), 0, -1, -1, 0);
	refuse("GRP-CPU", user_only(), 0, 0, own, 0);
	refuse("OUT-NORB", user_only(), 0, -1, own, PERF_FLAG_FD_OUTPUT | PERF_FLAG_FD_NO_GROUP);
	close(own);
}

static void
refuse_in_pid_namespace(void)
{
	outside = getppid();
	leader = opened(user_only(), 0, -1, -1, 0);
	must(!unshare(CLONE_NEWPID), "unshare");
	in_child(refuse_in_inner);
}

/* The leader's task has a number that here is another's. */
static void
refuse_in_second(void)
{
	leader = opened(user_only(), 0, -1, -1, 0);
	must(!unshare(CLONE_NEWPID), "unshare");
	in_child(refuse_in_inner);
}

static void
refuse_in_nested_pid_namespaces(void)
{
	must(!unshare(CLONE_NEWPID), "unshare");
	outside = 4000000;
	in_child(refuse_in_second);
}

static void
refuse_without_procfs(void)
{
	must(!unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "unshare");
	must(!mount("none", "/proc", "tmpfs", 0, NULL) && !mount("none", "/sys", "tmpfs", 0, NULL),
		"mount");
	refuse("SYS-ESRCH", user_only(), 0x7ffffff0, -1, -1, 0);
	refuse("ALC-CPU", user_only(), 0, 5000, -1, 0);
	refuse("GRP-FD", user_only(), 0, -1, 77, 0);
	refuse("SYS-FLAGS", user_only(), 0, -1, -1, 1 << 9);
	refuse_here("CPY-FAULT", (void *)8);
	leader = opened(user_only(), 0, -1, -1, 0);
	refuse("GRP-CPU", user_only(), 0, 0, leader, 0);
}

static void
step_namespaces(void)
{
	in_child(refuse_in_user_namespace);
	if (geteuid())
		return;
	in_child(refuse_in_pid_namespace);
	in_child(refuse_in_nested_pid_namespaces);
	in_child(refuse_without_procfs);
}

/* Limits */

static void
limit_files(rlim_t most)
{
	struct rlimit limit = {most, most};

	must(!setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

static void
step_limits(void)
{
	int held = opened(user_only(), 0, -1, -1, 0), high = fcntl(held, F_DUPFD, 700), null;
	union attr *attr = user_only();

	limit_files(512);
	refuse("GRP-CPU", user_only(), 0, 0, high, 0);
	refuse("GRP-PINNED", (attr->of.pinned = 1, attr), 0, -1, high, 0);
	for (null = 0; null >= 0;)
		null = open("/dev/null", O_RDONLY);
	refuse_here("SYS-EMFILE", user_only());
	refuse("SYS-EMFILE", user_only(), 0, 5000, -1, 0);
	refuse("SYS-EMFILE", user_only(), 0, -1, -9, 0);
	refuse("SYS-EMFILE", user_only(), 0x7ffffff0, -1, -1, 0);
	refuse_here("CPY-FAULT", (void *)8);
	refuse("SYS-FLAGS", user_only(), 0, -1, -1, 1 << 9);
	close(high);
	close(400);
	close(opened(user_only(), 0, -1, -1, 0));
	limit_files(0);
	refuse_here("SYS-EMFILE", user_only());
}

/* Targets */

static pid_t
waiting(void (*prepare)(void))
{
	int ends[2];
	char byte = 0;
	pid_t child;

	must(!pipe(ends), "pipe");
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prepare();
		must(write(ends[1], &byte, 1) == 1, "write");
		for (;;)
			pause();
	}
	must(read(ends[0], &byte, 1) == 1, "read");
	close(ends[0]);
	close(ends[1]);
	return child;
}

static void
hide(void)
{
	prctl(PR_SET_DUMPABLE, 0);
}

static void
nothing(void)
{
}

static void
refuse_of(const char *check, void (*prepare)(void), uint64_t flags)
{
	pid_t child = waiting(prepare);
	union attr *attr = user_only();

	attr->words[WORD_FLAGS] |= flags;
	if (check)
		refuse(check, attr, child, -1, -1, 0);
	else
		close(opened(attr, child, -1, -1, 0));
	kill(child, SIGKILL);
	waitid(P_PID, (id_t)child, NULL, WEXITED | WNOWAIT);
	waitpid(child, NULL, 0);
	refuse("SYS-ESRCH", attr, child, -1, -1, 0);
}

static void
step_targets(void)
{
	bool root = geteuid() == 0;
	pid_t zombie;

	prctl(PR_SET_DUMPABLE, 1);
	refuse_of(NULL, nothing, 0);
	refuse_of(root ? NULL : "CTX-PTRACE", hide, 0);
	zombie = waiting(nothing);
	kill(zombie, SIGKILL);
	waitid(P_PID, (id_t)zombie, NULL, WEXITED | WNOWAIT);
	refuse("CTX-EXITING", user_only(), zombie, -1, -1, 0);
	refuse("CTX-EXITING", user_only(), zombie, 0, -1, 0);
	waitpid(zombie, NULL, 0);
	if (!root) {
		refuse("CTX-PTRACE", user_only(), 1, -1, -1, 0);
		refuse("CTX-PTRACE", user_only(), 2, 0, -1, 0);
	}
	for (int pid = -1000; pid < -1; pid += 111)
		refuse("SYS-ESRCH", user_only(), pid, 0, -1, 0);
	refuse("SYS-ESRCH", user_only(), INT32_MIN, -1, -1, 0);
	refuse("SYS-ESRCH", user_only(), INT32_MAX, -1, -1, 0);
	refuse("ALC-CPU", user_only(), 0, INT32_MIN, -1, 0);
	refuse("ALC-CPU", user_only(), 0, INT32_MAX, -1, 0);
	refuse("ALC-CPU", user_only(), getpid(), 2000, -1, 0);
	refuse("GRP-FD", user_only(), 0, -1, INT32_MAX, 0);
	refuse("GRP-FD", user_only(), 0, -1, INT32_MIN, 0);
}

/* Tracepoints */

static union attr *
tracepoint(uint64_t id)
{
	union attr *attr = user_only();

	attr->of.type = PERF_TYPE_TRACEPOINT;
	attr->of.config = id;
	return attr;
}

static uint64_t switches;

static void
step_tracepoints(void)
{
	bool raw_allowed = geteuid() == 0 || sysctl("perf_event_paranoid") < 0;
	union attr *attr;

	if (!switches)
		return;
	for (unsigned bit = 16; bit < 32; bit++)
		refuse_here("TP-ID", tracepoint(1ULL << bit | switches));
	refuse_here("TP-ID", tracepoint(0));
	refuse_here("TP-ID", tracepoint(1ULL << 32));
	refuse_here("TP-ID", tracepoint(65535));
	refuse_here("TP-ID", tracepoint(switches | 1ULL << 40));
	attr = tracepoint(switches);
	attr->of.sample_type = PERF_SAMPLE_RAW;
	if (raw_allowed)
		close(opened(attr, 0, -1, -1, 0));
	else
		refuse_here("TP-RAW", attr);
	if (!raw_allowed)
		refuse_here("TP-FUNCPERM", tracepoint(1));
	attr = tracepoint(1);
	attr->of.sample_period = 1;
	refuse_here(raw_allowed ? "TP-FUNC" : "TP-FUNCPERM", attr);
	attr = tracepoint(switches);
	attr->of.use_clockid = 1;
	attr->of.clockid = 7;
	refuse_here("CLK-NMI", attr);
	attr->of.clockid = 4;
	close(opened(attr, 0, -1, -1, 0));
	attr->of.clockid = 5;
	refuse_here("CLK-ID", attr);
}

int
main(int argc, char **argv)
{
	static const struct step steps[] = {
		{"nobody", become_nobody}, {"paths", step_paths}, {"sizes", step_sizes},
		{"breakpoints", step_breakpoints}, {"cgroups", step_cgroups},
		{"filters", step_filters}, {"namespaces", step_namespaces}, {"limits", step_limits},
		{"targets", step_targets}, {"tracepoints", step_tracepoints}, {NULL, NULL},
	};

	switches = tracepoint_id();
	return argc > 1 ? run_steps(steps, argv + 1) : 2;
}
