/* PEODUMP as the user may write it. */
#include "shim/settings.h"

#include "tests/shim/machine.h"

#include <sys/auxv.h>

static const struct settings *
parsed(const char *text)
{
	static struct settings settings;

	memset(&settings, 0, sizeof settings);
	settings.form = &form_c;
	settings_parse(&settings, text);
	return &settings;
}

/* What an out becomes for process 4711. */
static const char *
expanded(const char *out)
{
	static char path[SETTING_PATH_MAX];

	assert_true(settings_path(out, 4711, path, sizeof path));
	return path;
}

static const char *
repeated(const char *start, char byte, size_t length)
{
	static char text[3 * SETTING_PATH_MAX];

	strcpy(text, start);
	memset(text + strlen(start), byte, length);
	text[strlen(start) + length] = '\0';
	return text;
}

TEST(an_empty_value_asks_for_nothing)
{
	const struct settings *settings = parsed("");

	assert_ptr_equal(settings->form, &form_c);
	assert_int_equal(settings->selection, SELECT_ALL);
	assert_false(settings->rehearse);
	assert_false(settings->safe);
	assert_false(settings->probe);
	assert_false(settings->help);
	assert_string_equal(settings->out, "");
	assert_string_equal(settings->wrong, "");
}

TEST(format_is_json_or_c)
{
	assert_ptr_equal(parsed("format=json")->form, &form_json);
	assert_ptr_equal(parsed("format=c")->form, &form_c);
}

TEST(fields_is_all_or_set)
{
	assert_int_equal(parsed("fields=set")->selection, SELECT_SET);
	assert_int_equal(parsed("fields=all")->selection, SELECT_ALL);
}

TEST(rehearse_is_0_or_1)
{
	assert_true(parsed("rehearse=1")->rehearse);
	assert_false(parsed("rehearse=0")->rehearse);
	assert_string_equal(parsed("rehearse=0")->wrong, "");
}

TEST(safe_is_0_or_1)
{
	assert_true(parsed("safe=1")->safe);
	assert_false(parsed("safe=0")->safe);
	assert_string_equal(parsed("safe=0")->wrong, "");
}

TEST(probe_is_0_or_1)
{
	assert_true(parsed("probe=1")->probe);
	assert_false(parsed("probe=0")->probe);
	assert_string_equal(parsed("probe=0")->wrong, "");
	assert_string_equal(parsed("probe=2")->wrong, "probe=2");
}

TEST(help_is_0_or_1)
{
	assert_true(parsed("help=1")->help);
	assert_false(parsed("help=0")->help);
	assert_string_equal(parsed("help=0")->wrong, "");
}

TEST(out_is_a_file)
{
	assert_string_equal(parsed("out=/tmp/log.peo")->out, "/tmp/log.peo");
}

TEST(settings_are_joined_by_colons)
{
	const struct settings *settings = parsed("out=/tmp/log:format=json:fields=set:safe=1");

	assert_string_equal(settings->out, "/tmp/log");
	assert_ptr_equal(settings->form, &form_json);
	assert_int_equal(settings->selection, SELECT_SET);
	assert_true(settings->safe);
	assert_string_equal(settings->wrong, "");
}

TEST(the_last_of_two_settings_of_one_key_counts)
{
	assert_ptr_equal(parsed("format=json:format=c")->form, &form_c);
	assert_string_equal(parsed("out=/tmp/a:out=/tmp/b")->out, "/tmp/b");
}

TEST(empty_parts_mean_nothing)
{
	const struct settings *settings = parsed("::format=json:::fields=set::");

	assert_ptr_equal(settings->form, &form_json);
	assert_int_equal(settings->selection, SELECT_SET);
	assert_string_equal(settings->wrong, "");
}

TEST(a_value_may_hold_an_equals_sign)
{
	assert_string_equal(parsed("out=/tmp/a=b")->out, "/tmp/a=b");
}

TEST(an_unknown_key_is_told)
{
	assert_string_equal(parsed("colour=red")->wrong, "colour=red");
}

TEST(a_key_without_a_value_is_told)
{
	assert_string_equal(parsed("help")->wrong, "help");
	assert_string_equal(parsed("json")->wrong, "json");
}

TEST(a_key_must_be_spelt_whole)
{
	assert_string_equal(parsed("forma=json")->wrong, "forma=json");
	assert_string_equal(parsed("formats=json")->wrong, "formats=json");
	assert_string_equal(parsed("Format=json")->wrong, "Format=json");
	assert_string_equal(parsed(" format=json")->wrong, " format=json");
	assert_string_equal(parsed("=json")->wrong, "=json");
}

TEST(a_value_that_a_key_does_not_have_is_told)
{
	static const char *const wrong[] = {"format=xml", "format=", "format=jso", "format=jsonl",
		"fields=some", "fields=", "safe=2", "safe=", "safe=yes", "rehearse=2",
		"rehearse=", "help=11", "help=", "out="};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_string_equal(parsed(wrong[i])->wrong, wrong[i]);
}

TEST(a_wrong_value_leaves_the_default)
{
	const struct settings *settings =
		parsed("format=xml:fields=some:rehearse=2:safe=2:help=2:out=%x");

	assert_ptr_equal(settings->form, &form_c);
	assert_int_equal(settings->selection, SELECT_ALL);
	assert_false(settings->rehearse);
	assert_false(settings->safe);
	assert_false(settings->help);
	assert_string_equal(settings->out, "");
}

TEST(what_follows_a_wrong_setting_counts)
{
	assert_ptr_equal(parsed("colour=red:format=json")->form, &form_json);
}

TEST(the_first_wrong_setting_is_the_one_told)
{
	assert_string_equal(parsed("format=json:colour=red:safe=2")->wrong, "colour=red");
}

TEST(a_wrong_setting_that_is_too_long_is_cut)
{
	const char *text = repeated("colour=", 'r', 1000);
	const struct settings *settings = parsed(text);

	assert_int_equal(strlen(settings->wrong), sizeof settings->wrong - 1);
	assert_memory_equal(settings->wrong, text, sizeof settings->wrong - 1);
}

TEST(percent_p_is_the_process)
{
	assert_string_equal(expanded("/tmp/log.%p"), "/tmp/log.4711");
	assert_string_equal(expanded("/tmp/%p.%p"), "/tmp/4711.4711");
}

TEST(percent_percent_is_a_percent_sign)
{
	assert_string_equal(expanded("/tmp/100%%"), "/tmp/100%");
	assert_string_equal(expanded("/tmp/%%p"), "/tmp/%p");
}

TEST(percent_colon_is_a_colon)
{
	assert_string_equal(expanded("/tmp/a%:b"), "/tmp/a:b");
}

TEST(an_escaped_colon_does_not_end_a_setting)
{
	const struct settings *settings = parsed("out=/tmp/a%:b:format=json");

	assert_string_equal(expanded(settings->out), "/tmp/a:b");
	assert_ptr_equal(settings->form, &form_json);
}

TEST(a_colon_behind_an_escaped_percent_sign_ends_a_setting)
{
	const struct settings *settings = parsed("out=/tmp/100%%:format=json");

	assert_string_equal(expanded(settings->out), "/tmp/100%");
	assert_ptr_equal(settings->form, &form_json);
}

TEST(another_escape_means_nothing)
{
	assert_string_equal(parsed("out=/tmp/%x")->wrong, "out=/tmp/%x");
	assert_string_equal(parsed("out=/tmp/%")->wrong, "out=/tmp/%");
	assert_string_equal(parsed("out=/tmp/%x")->out, "");
}

TEST(the_longest_path_is_kept)
{
	const char *text = repeated("out=/", 'a', SETTING_PATH_MAX - 2);

	assert_string_equal(parsed(text)->out, text + strlen("out="));
}

TEST(a_path_that_is_too_long_is_told_and_not_cut)
{
	const struct settings *settings = parsed(repeated("out=/", 'a', SETTING_PATH_MAX - 1));

	assert_string_equal(settings->out, "");
	assert_memory_equal(settings->wrong, "out=/aaa", 8);
}

TEST(a_path_of_any_length_stays_within_its_room)
{
	static struct settings settings[2];

	for (size_t length = SETTING_PATH_MAX - 8; length < SETTING_PATH_MAX + 8; length++) {
		memset(settings, 0x5a, sizeof settings);
		settings[0].wrong[0] = '\0';
		settings_parse(settings, repeated("out=/", 'a', length));
		assert_true(strlen(settings->out) < SETTING_PATH_MAX);
		assert_int_equal(((unsigned char *)settings[0].sysfs)[0], 0x5a);
		assert_int_equal(((unsigned char *)&settings[1])[0], 0x5a);
	}
}

TEST(a_relative_path_starts_in_the_working_directory)
{
	char path[2 * SETTING_PATH_MAX];

	assert_non_null(getcwd(path, SETTING_PATH_MAX));
	strcat(path, "/logs/x.peo");
	assert_string_equal(parsed("out=logs/x.peo")->out, path);
}

TEST(a_relative_path_that_is_too_long_with_its_directory_is_told)
{
	const struct settings *settings = parsed(repeated("out=", 'a', SETTING_PATH_MAX - 2));

	assert_string_equal(settings->out, "");
	assert_memory_equal(settings->wrong, "out=aaa", 7);
}

TEST(an_expansion_that_does_not_fit_is_refused)
{
	char path[8];

	assert_true(settings_path("/tmp/%p", 12, path, sizeof path));
	assert_string_equal(path, "/tmp/12");
	assert_false(settings_path("/tmp/%p", 123, path, sizeof path));
}

TEST(an_expansion_stays_within_its_room)
{
	char path[9];

	path[8] = 'x';
	settings_path("/tmp/%p", 123456, path, 8);
	assert_int_equal(path[8], 'x');
	assert_int_equal(strnlen(path, 8), 7);
}

TEST(the_help_names_every_key)
{
	char text[4096];
	struct buf out = {.text = text, .size = sizeof text - 1};

	settings_help(&out);
	text[out.length] = '\0';
	assert_shows(text, "out=FILE");
	assert_shows(text, "format=c|json");
	assert_shows(text, "fields=all|set");
	assert_shows(text, "rehearse=0|1");
	assert_shows(text, "safe=0|1");
	assert_shows(text, "probe=0|1");
	assert_shows(text, "help=0|1");
	assert_shows(text, "%p");
	assert_shows(text, "%%");
	assert_shows(text, "%:");
}

/* --- settings_get: the environment at load --- */

ACT(show)
{
	const struct settings *settings = settings_get();

	printf("out %s\nform %s\nselection %s\nsafe %d\n"
	       "sysfs %s\ntracefs %s\nprocfs %s\nsecure %lu\n",
		settings->out, settings->form == &form_json ? "json" : "c",
		settings->selection == SELECT_SET ? "set" : "all", settings->safe, settings->sysfs,
		settings->tracefs, settings->procfs, getauxval(AT_SECURE));
	fflush(stdout);
	_exit(0); /* LeakSanitizer cannot look at a setuid program */
}

TEST(the_environment_is_read_at_load)
{
	setting("PEODUMP=out=/tmp/log:format=json:fields=set");
	again("show");
	assert_shows(act_out, "out /tmp/log\nform json\nselection set\nsafe 0\n");
}

ACT(rewrite_the_environment)
{
	setenv("PEODUMP", "format=c", 1);
	setenv("SYSFS_PATH", "/other", 1);
	show(given);
}

TEST(what_the_program_makes_of_its_environment_changes_nothing)
{
	setting("PEODUMP=format=json");
	setting("SYSFS_PATH=/machine/sys");
	again("rewrite_the_environment");
	assert_shows(act_out, "form json\n");
	assert_shows(act_out, "sysfs /machine/sys\n");
}

TEST(a_longer_variable_of_the_same_beginning_is_another_one)
{
	setting("PEODUMP_=format=json");
	setting("PEODUM=format=json");
	again("show");
	assert_shows(act_out, "form c\n");
}

TEST(the_file_systems_are_in_their_usual_places)
{
	again("show");
	assert_shows(act_out, "sysfs /sys\ntracefs \nprocfs /proc\n");
}

TEST(the_file_systems_can_be_put_elsewhere)
{
	setting("SYSFS_PATH=/a/sys");
	setting("TRACEFS_PATH=/a/tracing");
	setting("PROCFS_PATH=/a/proc");
	again("show");
	assert_shows(act_out, "sysfs /a/sys\ntracefs /a/tracing\nprocfs /a/proc\n");
}

TEST(an_empty_place_of_a_file_system_is_the_usual_one)
{
	setting("SYSFS_PATH=");
	setting("PROCFS_PATH=");
	again("show");
	assert_shows(act_out, "sysfs /sys\n");
	assert_shows(act_out, "procfs /proc\n");
}

TEST(a_place_of_a_file_system_that_is_too_long_is_the_usual_one)
{
	setting("SYSFS_PATH=%s", repeated("/", 'a', ROOT_MAX - 1));
	again("show");
	assert_shows(act_out, "sysfs /sys\n");
}

TEST(help_is_printed_at_start)
{
	setting("PEODUMP=help=1");
	again("show");
	assert_shows(act_err, "PEODUMP");
	assert_shows(act_err, "safe=0|1");
	assert_string_equal(act_err + strlen(act_err) - 4, " */\n");
}

TEST(without_help_nothing_is_said_at_start)
{
	setting("PEODUMP=colour=red");
	again("show");
	assert_string_equal(act_err, "");
}

static void
copy_program(const char *to)
{
	char bytes[65536];
	int from_fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to_fd = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	ssize_t length;

	while ((length = read(from_fd, bytes, sizeof bytes)) > 0)
		assert_int_equal(write(to_fd, bytes, (size_t)length), length);
	close(from_fd);
	close(to_fd);
}

/* Runs a copy of this program that belongs to nobody and has the bit set. */
ACT(show_as_setuid_program)
{
	execl(place("setuid"), "again", "show", NULL);
}

TEST(a_setuid_programs_environment_is_not_read)
{
	copy_program(place("setuid"));
	if (chown(place("setuid"), 65534, 65534) != 0)
		SKIP("no setuid program can be made here");
	assert_int_equal(chmod(place("setuid"), 04755), 0);
	setting("PEODUMP=out=/tmp/log:format=json");
	setting("SYSFS_PATH=/a/sys");
	again("show_as_setuid_program");
	if (!strstr(act_out, "secure 1\n"))
		SKIP("no setuid program can be made here");
	assert_shows(act_out, "out \nform c\n");
	assert_shows(act_out, "sysfs /sys\n");
}
