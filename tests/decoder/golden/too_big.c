/* perf_event_open 1: perf[2145] thread 2145, Linux 6.18.1 x86_64 */
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = 152, /* the kernel wrote 136 here: the size it knows */
		.config = PERF_COUNT_SW_DUMMY,
		.sample_period = 0,
		.sample_type = 0,
		.read_format = 0,
		.disabled = 0,
		.inherit = 0,
		.pinned = 0,
		.exclusive = 0,
		.exclude_user = 0,
		.exclude_kernel = 0,
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
		.use_clockid = 0,
		.context_switch = 0,
		.write_backward = 0,
		.namespaces = 0,
		.ksymbol = 0,
		.bpf_event = 0,
		.aux_output = 0,
		.cgroup = 0,
		.text_poke = 0,
		.build_id = 0,
		.inherit_thread = 0,
		.remove_on_exec = 0,
		.sigtrap = 0,
		.defer_callchain = 0,
		.defer_output = 0,
		.__reserved_1 = 0x81, /* of the word 0x810000000000 */
		.wakeup_events = 0,
		.bp_type = 0,
		.config1 = 0,
		.config2 = 0,
		.branch_sample_type = 0,
		.sample_regs_user = 0,
		.sample_stack_user = 0,
		.clockid = 0,
		.sample_regs_intr = 0,
		.aux_watermark = 0,
		.sample_max_stack = 0,
		.__reserved_2 = 0,
		.aux_sample_size = 0,
		.aux_start_paused = 0,
		.aux_pause = 0,
		.aux_resume = 0,
		.sig_data = 0,
		.config3 = 0,
		.config4 = 0,
		/* bytes 144..151: 00 00 00 00 00 00 00 ff */
	};
	pid_t pid = 0; /* the calling thread */
	int cpu = -1; /* any CPU */
	int group_fd = -1; /* its own leader */
	unsigned long flags = 0;
	int fd = -1; /* E2BIG: attr has a non-zero field that is newer than this kernel's struct (CPY-TAIL) */
	/* zero what lies beyond the size that the kernel wrote into attr.size */
	/* after that: a reserved bit of attr is set: a flag newer than this kernel, or memory never cleared (CPY-RES) */
}
