/* perf_event_open 1: perf[2145] thread 2145, Linux 6.18.1 x86_64 */
{
	struct perf_event_attr *attr = (void *)0x8; /* 0 bytes of 0x8 were read */
	pid_t pid = 0; /* the calling thread */
	int cpu = -1; /* any CPU */
	int group_fd = -1; /* its own leader */
	unsigned long flags = 0;
	int fd = -1; /* EFAULT: attr, or part of the attr.size bytes from there on, is not readable memory (CPY-FAULT) */
	/* pass a valid attr, and attr.size = sizeof of the struct it points to */
}
