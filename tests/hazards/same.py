"""The hazards of the library to preload that any other library of ours has to pass too."""

import harness

COMMON = """
	other_calls_cost_at_most_eight_instructions_more
	six_arguments_pass
	garbage_in_the_upper_halves_of_registers_is_not_shown
	the_callers_stack_is_not_written_above_the_return_address
	a_raw_clone_returns_on_its_new_stack
	an_interposer_before_ours_sees_all_calls
	a_constructor_that_runs_before_ours_can_call
	an_ifunc_resolver_can_call_before_we_are_relocated
	an_ifunc_resolver_can_open_an_event_before_we_are_relocated
	errno_is_kept_by_a_success_and_set_by_a_failure
	errno_is_kept_by_a_failed_write_of_ours
	errno_is_kept_in_four_processes_of_four_threads_under_a_timer_that_calls
	calls_after_handlers_that_jumped_out_of_thousands_are_dumped
	a_signal_handler_can_make_the_first_call
	a_vforked_child_can_make_the_first_call
	a_forked_child_is_named_as_the_caller
	a_thread_of_16_kib_can_make_the_first_call
	a_signal_stack_of_2_kib_can_make_the_first_call
	without_a_call_no_file_is_opened_or_created
	a_program_with_hardly_any_address_space_left_starts
	programs_that_rewrite_their_environment_keep_their_settings
	the_program_gets_the_same_descriptors
	a_file_that_replaces_stderr_is_not_written_to
	dumps_lost_to_a_missing_folder_are_counted_in_the_next
	a_missing_folder_is_one_warning
	a_sandbox_that_kills_on_all_but_write_and_exit_is_survived_with_safe
	a_setuid_program_is_left_alone
	a_setting_that_is_unknown_or_wrong_is_one_warning
""".split()


def keep(*more):
	"""Of the tests that test_hazards has, only those, and the ones named."""
	wanted = [*COMMON, *more]
	harness.tests[:] = [shared for shared in harness.tests if shared.__name__ in wanted]
	assert len(harness.tests) == len(wanted), "a hazard has another name now"
