/* perf_event_open 1: perf[2145] thread 2145, Linux 6.18.1 x86_64 */
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = PERF_ATTR_SIZE_VER1,
		.config = 0,
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
		.wakeup_events = 0,
		.bp_type = HW_BREAKPOINT_RW,
		.bp_addr = 0x7ffd30a1c5d8,
		.bp_len = HW_BREAKPOINT_LEN_4,
	};
	pid_t pid = 0; /* the calling thread */
	int cpu = -1; /* any CPU */
	int group_fd = 3; /* opened by call 12 */
	unsigned long flags = 0;
	int fd = 4;
}
