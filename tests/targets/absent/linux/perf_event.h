/* A machine without this header: nothing outside tests and examples may want it. */
#error "linux/perf_event.h is absent"
