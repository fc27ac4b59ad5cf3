/* A machine without this header: nothing outside tests and examples may want it. */
#error "linux/hw_breakpoint.h is absent"
