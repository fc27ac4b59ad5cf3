/* perf_event_open 1: perf[2145] thread 2145, Linux 6.18.1 s390x */
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HW_CACHE,
		.size = 100,
		.config = PERF_COUNT_HW_CACHE_L1D | PERF_COUNT_HW_CACHE_OP_WRITE << 8 | PERF_COUNT_HW_CACHE_RESULT_MISS << 16,
		.sample_period = 0,
		.sample_type = 0,
		.read_format = 0,
		.disabled = 0,
		.inherit = 0,
		.pinned = 0,
		.exclusive = 0,
		.exclude_user = 0,
		.exclude_kernel = 1,
		.exclude_hv = 0,
		.exclude_idle = 0,
		.mmap = 0,
		.comm = 0,
		.freq = 0,
		.inherit_stat = 0,
		.enable_on_exec = 0,
		.task = 0,
		.watermark = 0,
		.precise_ip = 0,
		.mmap_data = 0,
		.sample_id_all = 0,
		.exclude_host = 0,
		.exclude_guest = 0,
		.exclude_callchain_kernel = 0,
		.exclude_callchain_user = 0,
		.mmap2 = 0,
		.comm_exec = 0,
		.wakeup_events = 0,
		.bp_type = 0,
		.config1 = 0,
		.config2 = 0,
		.branch_sample_type = 0,
		.sample_regs_user = 1ULL << PERF_REG_S390_PC,
		.sample_stack_user = 0,
		.clockid = 0,
		.sample_regs_intr = 0xab00000000000000ULL,
		/* of these 8 bytes only the first 4 were passed */
	};
	pid_t pid = 0; /* cgroup /machine.slice */
	int cpu = -1; /* any CPU */
	int group_fd = -1; /* its own leader */
	unsigned long flags = PERF_FLAG_PID_CGROUP;
	int fd = 3;
}
