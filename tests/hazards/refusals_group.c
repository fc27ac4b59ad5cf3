/*
 * Makes calls that the kernel must refuse for what the event at group_fd is, whichever way its fd
 * came to be that event's. Ways are arguments.
 */
#include "tests/hazards/refusals.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>

enum {
	HIGH = 1500, /* above the usual limit of open files */
	PAGES = 2,
	INHERITABLE = 1 << 0,
	CLOCKED = 1 << 1,
	BACKWARD = 1 << 2,
	MAPPED = 1 << 3,
	PINNED = 1 << 4,
	EXCLUSIVE = 1 << 5,
	ALONE = PERF_FLAG_FD_OUTPUT | PERF_FLAG_FD_NO_GROUP
};

/* What an event is asked for, and what its siblings must have alike. */
struct event {
	pid_t pid;
	int cpu;
	unsigned traits;
};

/* Two processes that do nothing, to be watched. */
static pid_t target, other_target;

static const union attr *
attr_of(struct event event)
{
	union attr *attr = user_only();

	attr->of.inherit = !!(event.traits & INHERITABLE);
	attr->of.use_clockid = !!(event.traits & CLOCKED);
	attr->of.clockid = event.traits & CLOCKED ? 1 : 0;
	attr->of.write_backward = !!(event.traits & BACKWARD);
	attr->of.pinned = !!(event.traits & PINNED);
	attr->of.exclusive = !!(event.traits & EXCLUSIVE);
	return attr;
}

static int
event_opened(struct event event, int group_fd, unsigned long flags)
{
	return opened(attr_of(event), event.pid, event.cpu, group_fd, flags);
}

static void
event_refused(const char *check, struct event event, int group_fd, unsigned long flags)
{
	refuse(check, attr_of(event), event.pid, event.cpu, group_fd, flags);
}

/* The event itself, with other traits. */
static struct event
with(struct event event, unsigned traits)
{
	event.traits ^= traits;
	return event;
}

static struct event
on_cpu(struct event event, int cpu)
{
	event.cpu = cpu;
	return event;
}

static struct event
of_task(struct event event, pid_t pid)
{
	event.pid = pid;
	return event;
}

/* One that differs from it in everything, for its fd to become this one's. */
static struct event
opposite(struct event event)
{
	event = with(event, INHERITABLE | CLOCKED | BACKWARD);
	event = on_cpu(event, event.cpu == -1 ? 1 : -1);
	return of_task(event, other_target);
}

/* Ways for an fd to come to be. */

static int
straight(struct event event)
{
	return event_opened(event, -1, 0);
}

static int
by_dup(struct event event)
{
	int fd = straight(event), copy = dup(fd);

	close(fd);
	return copy;
}

static int
by_dup2(struct event event)
{
	int over = straight(opposite(event)), fd = straight(event);

	must(dup2(fd, over) == over, "dup2");
	close(fd);
	return over;
}

static int
by_dup3(struct event event)
{
	int over = straight(opposite(event)), fd = straight(event);

	must(dup3(fd, over, O_CLOEXEC) == over, "dup3");
	close(fd);
	return over;
}

static int
high(struct event event)
{
	int fd = straight(event), copy = fcntl(fd, F_DUPFD_CLOEXEC, HIGH);

	close(fd);
	return copy;
}

/* The two have changed numbers. */
static int
swapped(struct event event)
{
	int other = straight(opposite(event)), fd = straight(event), spare = dup(other);

	must(dup2(fd, other) == other && dup2(spare, fd) == fd, "dup2");
	close(spare);
	return other;
}

static int
reused(struct event event)
{
	int other = straight(opposite(event)), fd;

	close(other);
	fd = straight(event);
	must(fd == other, "another number");
	return fd;
}

static int
reused_after_close_range(struct event event)
{
	int other = straight(opposite(event)), fd;

	must(!syscall(SYS_close_range, other, ~0U, 0), "close_range");
	fd = straight(event);
	must(fd == other, "another number");
	return fd;
}

static void
send_fd(int to, int fd)
{
	char byte = 0, room[CMSG_SPACE(sizeof fd)] = {0};
	struct iovec text = {&byte, 1};
	struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1, .msg_control = room,
		.msg_controllen = sizeof room};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(header), &fd, sizeof fd);
	must(sendmsg(to, &message, 0) == 1, "sendmsg");
}

static int
receive_fd(int from)
{
	int fd = -1;
	char byte, room[CMSG_SPACE(sizeof fd)];
	struct iovec text = {&byte, 1};
	struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1, .msg_control = room,
		.msg_controllen = sizeof room};

	must(recvmsg(from, &message, 0) == 1, "recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
	return fd;
}

static int
sent(struct event event)
{
	int ends[2], over = straight(opposite(event)), fd = straight(event);

	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	send_fd(ends[0], fd);
	close(fd);
	close(over);
	fd = receive_fd(ends[1]);
	close(ends[0]);
	close(ends[1]);
	return fd;
}

/* A child's event, that we never opened. */
static int
sent_by_child(struct event event)
{
	int ends[2], over = straight(opposite(event)), fd;
	pid_t child;

	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	child = fork();
	if (child == 0) {
		send_fd(ends[0], straight(event));
		_exit(0);
	}
	waitpid(child, NULL, 0);
	fd = receive_fd(ends[1]);
	close(ends[0]);
	close(ends[1]);
	must(dup2(fd, over) == over, "dup2");
	close(fd);
	return over;
}

static int
taken_from_child(struct event event)
{
	int ends[2], fd = -1, pidfd;
	pid_t child;

	must(!pipe(ends), "pipe");
	child = fork();
	if (child == 0) {
		fd = straight(event);
		must(write(ends[1], &fd, sizeof fd) == sizeof fd, "write");
		pause();
	}
	must(read(ends[0], &fd, sizeof fd) == sizeof fd, "read");
	pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(pidfd);
	close(ends[0]);
	close(ends[1]);
	return fd;
}

static struct event wanted;
static int opened_there;

static int
open_there(void *unused)
{
	(void)unused;
	opened_there = straight(wanted);
	return 0;
}

static int
by_clone(struct event event, int flags)
{
	static _Alignas(16) char stack[1 << 16];
	pid_t child;

	wanted = event;
	child = clone(open_there, stack + sizeof stack, flags | SIGCHLD, NULL);
	must(child > 0, "clone");
	waitpid(child, NULL, 0);
	return opened_there;
}

/* It has our memory and our descriptors, as vfork's, which cannot open anything for us. */
static int
by_a_child_that_shares_all(struct event event)
{
	return by_clone(event, CLONE_VM | CLONE_FILES | CLONE_VFORK);
}

/* It has our descriptors, and its own memory of them. */
static int
by_a_child_that_shares_descriptors(struct event event)
{
	int over = straight(opposite(event));

	close(over);
	opened_there = over;
	by_clone(event, CLONE_FILES);
	return over;
}

static void *
open_in_thread(void *unused)
{
	open_there(unused);
	return NULL;
}

static int
by_thread(struct event event)
{
	pthread_t thread;

	wanted = event;
	must(!pthread_create(&thread, NULL, open_in_thread, NULL), "pthread_create");
	pthread_join(thread, NULL);
	return opened_there;
}

#ifdef __x86_64__
/* By an instruction of our own, which no preload sees. */
static int
unseen(struct event event)
{
	register long group_fd __asm__("r10") = -1;
	register long flags __asm__("r8") = 0;
	long fd;

	__asm__ volatile("syscall"
			 : "=a"(fd)
			 : "0"((long)SYS_perf_event_open), "D"(attr_of(event)),
			 "S"((long)event.pid), "d"((long)event.cpu), "r"(group_fd), "r"(flags)
			 : "rcx", "r11", "memory");
	must(fd >= 0, "an open by hand");
	return (int)fd;
}

static int
unseen_with_a_known_number(struct event event)
{
	int other = straight(opposite(event)), fd;

	close(other);
	fd = unseen(event);
	must(fd == other, "another number");
	return fd;
}

static int
unseen_over_a_known_one(struct event event)
{
	int over = straight(opposite(event)), fd = unseen(event);

	must(dup2(fd, over) == over, "dup2");
	close(fd);
	return over;
}
#endif

static const struct way {
	int (*open)(struct event event);
	bool elsewhere; /* where pid 0 is another task */
	bool unseen;    /* by what we preload here */
} ways[] = {
	{straight, false, false},
	{by_dup, false, false},
	{by_dup2, false, false},
	{by_dup3, false, false},
	{high, false, false},
	{swapped, false, false},
	{reused, false, false},
	{reused_after_close_range, false, false},
	{sent, false, false},
	{sent_by_child, true, true},
	{taken_from_child, true, true},
	{by_a_child_that_shares_all, true, false},
	{by_a_child_that_shares_descriptors, true, true},
	{by_thread, true, false},
#ifdef __x86_64__
	{unseen, false, true},
	{unseen_with_a_known_number, false, true},
	{unseen_over_a_known_one, false, true},
#endif
};

/* What a leader refuses */

static void
refuse_nested(struct event event, int leader)
{
	int sibling = event_opened(event, leader, 0), copy = dup(sibling);

	event_refused("GRP-NESTED", event, sibling, 0);
	event_refused("GRP-NESTED", event, copy, 0);
	close(copy);
	close(sibling);
}

static void
refuse_siblings(struct event event, int leader)
{
	int other_cpu = event.cpu == -1 ? 0 : event.cpu == 0 ? 1 : -1;

	close(event_opened(event, leader, 0));
	if (event.pid != -1) {
		event_refused("GRP-INHERIT", with(event, INHERITABLE), leader, 0);
		event_refused("GRP-CTX", of_task(event, other_target), leader, 0);
	} else {
		event_refused("GRP-CTX", of_task(event, target), leader, 0);
	}
	if (event.cpu != -1 && event.pid != -1 && geteuid() == 0)
		event_refused("GRP-CTX", of_task(event, -1), leader, 0);
	event_refused("GRP-CLOCK", with(event, CLOCKED), leader, 0);
	if (event.pid != -1 || other_cpu != -1)
		event_refused("GRP-CPU", on_cpu(event, other_cpu), leader, 0);
	event_refused("GRP-PINNED", with(event, PINNED), leader, 0);
	event_refused("GRP-PINNED", with(event, EXCLUSIVE), leader, 0);
	refuse_nested(event, leader);
}

/* The call itself is wrong, and the group is not. */
static void
refuse_bystanders(struct event event, int leader)
{
	union attr *attr = (union attr *)attr_of(event);

	attr->of.config = 999;
	refuse("SW-CONFIG", attr, event.pid, event.cpu, leader, 0);
	attr = (union attr *)attr_of(event);
	attr->of.sample_period = 1ULL << 63;
	refuse("SYS-PERIOD", attr, event.pid, event.cpu, leader, 0);
	attr = (union attr *)attr_of(event);
	attr->of.use_clockid = 1;
	attr->of.clockid = 2;
	refuse("CLK-ID", attr, event.pid, event.cpu, leader, 0);
	refuse("SYS-FLAGS", attr_of(event), event.pid, event.cpu, leader, 1 << 4);
}

static void
refuse_output(struct event event, int leader, bool mapped)
{
	int other_cpu = event.cpu == -1 ? 0 : event.cpu == 0 ? 1 : -1;

	if (mapped) {
		close(event_opened(event, leader, ALONE));
		close(event_opened(event, leader, PERF_FLAG_FD_OUTPUT));
	} else {
		event_refused("OUT-NORB", event, leader, ALONE);
		event_refused("OUT-NORB", event, leader, PERF_FLAG_FD_OUTPUT);
	}
	event_refused("OUT-CLOCK", with(event, CLOCKED), leader, ALONE);
	event_refused("OUT-BACKWARD", with(event, BACKWARD), leader, ALONE);
	event_refused("OUT-BACKWARD", with(event, BACKWARD), leader, PERF_FLAG_FD_OUTPUT);
	if (event.pid != -1 || other_cpu != -1)
		event_refused("OUT-CPU", on_cpu(event, other_cpu), leader, ALONE);
	if (event.cpu == -1)
		event_refused("OUT-TASK", of_task(event, other_target), leader, ALONE);
	event_refused("GRP-CLOCK", with(event, CLOCKED), leader, PERF_FLAG_FD_OUTPUT);
}

static void *
mapping_of(int leader)
{
	void *buffer = mmap(NULL, PAGES * (size_t)getpagesize(), PROT_READ | PROT_WRITE, MAP_SHARED,
		leader, 0);

	must(buffer != MAP_FAILED, "mmap");
	return buffer;
}

/* Takes the leader. */
static void
refuse_all(struct event event, int leader)
{
	bool mapped = event.traits & MAPPED;
	void *buffer = mapped ? mapping_of(leader) : NULL;

	refuse_siblings(event, leader);
	refuse_bystanders(event, leader);
	refuse_output(event, leader, mapped);
	if (mapped)
		munmap(buffer, PAGES * (size_t)getpagesize());
	close(leader);
}

static void
wait_for(pid_t child)
{
	int status;

	must(waitpid(child, &status, 0) == child, "waitpid");
	if (status)
		counts->wrong++;
}

static pid_t
idle_process(void)
{
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return child;
}

static void
refuse_in_child(struct event event, int leader)
{
	pid_t child = fork();

	if (child == 0) {
		refuse_all(event, leader);
		exit(0);
	}
	wait_for(child);
}

static void
refuse_after_exec(struct event event, int leader)
{
	char text[5][16];
	pid_t child = fork();

	if (child) {
		wait_for(child);
		return;
	}
	fcntl(leader, F_SETFD, 0);
	snprintf(text[0], sizeof *text, "%d", leader);
	snprintf(text[1], sizeof *text, "%d", event.pid);
	snprintf(text[2], sizeof *text, "%d", event.cpu);
	snprintf(text[3], sizeof *text, "%u", event.traits);
	snprintf(text[4], sizeof *text, "%d", other_target);
	execl("/proc/self/exe", "refusals_group", "execed", text[0], text[1], text[2], text[3], text[4],
		NULL);
	_exit(1);
}

/* The buffer is another process's, of the same event. */
static void
refuse_output_of_a_child(struct event event)
{
	int leader = straight(event), ends[2];
	char byte = 0;
	pid_t child;

	must(!pipe(ends), "pipe");
	child = fork();
	if (child == 0) {
		mapping_of(leader);
		must(write(ends[1], &byte, 1) == 1, "write");
		pause();
	}
	close(ends[1]);
	must(read(ends[0], &byte, 1) == 1, "read");
	refuse_output(event, leader, true);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	refuse_output(event, leader, false);
	close(ends[0]);
	close(leader);
}

static void
refuse_in_ways(struct event event, bool not_seen)
{
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (ways[i].unseen == not_seen && (event.pid || !ways[i].elsewhere))
			refuse_all(event, ways[i].open(event));
}

static void
refuse_seen(struct event event)
{
	int leader;

	refuse_in_ways(event, false);
	if (!event.pid)
		return;
	/* An inherited one of every cpu has no buffer. */
	if (!(event.traits & INHERITABLE) || event.cpu != -1)
		refuse_output_of_a_child(with(event, event.traits & MAPPED));
	leader = straight(event);
	refuse_in_child(event, leader);
	close(leader);
}

static void
refuse_unseen(struct event event)
{
	int leader;

	refuse_in_ways(event, true);
	if (!event.pid)
		return;
	leader = straight(event);
	refuse_after_exec(event, leader);
	close(leader);
}

/* A sibling whose leader is closed leads itself, unless a process or a mapping still has that. */
static void
refuse_orphans(struct event event)
{
	int leader = straight(event), sibling = event_opened(event, leader, 0);
	pid_t child = idle_process();

	close(leader);
	event_refused("GRP-NESTED", event, sibling, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(event_opened(event, sibling, 0));
	event_refused("GRP-CLOCK", with(event, CLOCKED), sibling, 0);
	event_refused("GRP-PINNED", with(event, PINNED), sibling, 0);
	close(sibling);
}

static void
for_each_event(void (*refuse_it)(struct event event))
{
	target = idle_process();
	other_target = idle_process();

	const struct event events[] = {
		{target, -1, 0},
		{target, 0, 0},
		{target, -1, INHERITABLE},
		{target, 0, INHERITABLE | CLOCKED},
		{target, 1, BACKWARD},
		{target, -1, MAPPED},
		{target, 0, MAPPED | CLOCKED},
		{0, -1, 0},
		{0, 0, MAPPED},
		{-1, 0, 0},
		{-1, 1, MAPPED | BACKWARD},
	};

	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (events[i].pid != -1 || geteuid() == 0)
			refuse_it(events[i]);
}

static void
step_seen(void)
{
	for_each_event(refuse_seen);
}

static void
step_unseen(void)
{
	for_each_event(refuse_unseen);
}

static void
step_orphans(void)
{
	for_each_event(refuse_orphans);
}

/* Leaders whose task is no more */

/* As older kernels have it, a dead leader is one of another task. */
static void
refuse_dead(struct event event, int leader)
{
	long fd = event_open(attr_of(event), event.pid, event.cpu, leader, 0);
	int error = errno;

	must(fd < 0, "a dead leader leads");
	printf("%u %s %d\n", ++counts->made, error == ENODEV ? "GRP-DEAD" : "GRP-CTX", error);
}

static void
refuse_dead_task(bool reaped)
{
	struct event event = {idle_process(), -1, 0}, own = {0, -1, 0};
	int leader = straight(event);

	close(event_opened(event, leader, 0));
	kill(event.pid, SIGKILL);
	waitid(P_PID, (id_t)event.pid, NULL, WEXITED | WNOWAIT);
	if (reaped)
		waitpid(event.pid, NULL, 0);
	refuse_dead(own, leader);
	refuse_dead(on_cpu(own, 0), leader);
	close(leader);
	if (!reaped)
		waitpid(event.pid, NULL, 0);
}

static void
refuse_dead_thread(void)
{
	struct event own = {0, -1, 0};
	int leader = by_thread(own);

	usleep(20000);
	refuse_dead(own, leader);
	close(leader);
}

static void
refuse_removed_on_exec(void)
{
	union attr *attr;
	struct event event = {0, -1, 0}, own = event;
	int ends[2], leader;
	char byte;

	must(!pipe(ends), "pipe");
	event.pid = fork();
	if (event.pid == 0) {
		close(ends[1]);
		if (read(ends[0], &byte, 1) == 0)
			execlp("sleep", "sleep", "60", NULL);
		_exit(1);
	}
	attr = user_only();
	attr->words[WORD_FLAGS] |= 1ULL << BIT_REMOVE_ON_EXEC;
	leader = opened(attr, event.pid, -1, -1, 0);
	close(event_opened(event, leader, 0));
	close(ends[0]);
	close(ends[1]);
	usleep(100000);
	refuse_dead(event, leader);
	refuse_dead(own, leader);
	kill(event.pid, SIGKILL);
	waitpid(event.pid, NULL, 0);
	close(leader);
}

static void
step_dead(void)
{
	refuse_dead_task(false);
	refuse_dead_task(true);
	refuse_dead_thread();
	refuse_removed_on_exec();
}

/* Who may see nobody's processes. */
static void
step_nobody(void)
{
	become_nobody();
	prctl(PR_SET_DUMPABLE, 1);
}

/* What another image of this program was given. */
static void
go_on(char **given)
{
	struct event event = {atoi(given[1]), atoi(given[2]), (unsigned)atoi(given[3])};

	target = getppid();
	other_target = atoi(given[4]);
	refuse_all(event, atoi(given[0]));
	exit(counts->wrong != 0);
}

static char **given;

static void
step_execed(void)
{
	go_on(given);
}

int
main(int argc, char **argv)
{
	static const struct step steps[] = {
		{"execed", step_execed}, {"nobody", step_nobody}, {"seen", step_seen},
		{"unseen", step_unseen}, {"orphans", step_orphans}, {"dead", step_dead},
		{NULL, NULL},
	};
	struct rlimit limit = {2 * HIGH, 2 * HIGH};

	setrlimit(RLIMIT_NOFILE, &limit);
	given = argv + 2;
	return argc > 1 ? run_steps(steps, argv + 1) : 2;
}
