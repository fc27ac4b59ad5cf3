/* PMUs of machines made up in a folder: types to names, and configs to the PMU's own words. */
#include "shim/pmu.h"

#include "tests/shim/machine.h"

#include "decoder/host.h"
#include "shim/settings.h"

/* A file of a PMU, in sysfs's words. */
static void
pmu_put(const char *pmu, const char *file, const char *text)
{
	file_put(place("sys/bus/event_source/devices/%s/%s", pmu, file), text);
}

/* Something of that name which is there, and cannot be read as a file. */
static void
pmu_put_unreadable(const char *pmu, const char *file)
{
	pmu_put(pmu, place("%s/x", file) + strlen(folder) + 1, "");
}

/* The cpu PMU as Intel's is, in part. */
static void
cpu_put(void)
{
	pmu_put("cpu", "type", "4\n");
	pmu_put("cpu", "format/event", "config:0-7\n");
	pmu_put("cpu", "format/umask", "config:8-15\n");
	pmu_put("cpu", "format/inv", "config:23\n");
	pmu_put("cpu", "format/ldlat", "config1:0-15\n");
}

/* What the event of that config is called: pmu|event|alias. Words are joined by colons. */
ACT(tell)
{
	static struct pmu_room room;

	for (; *given; given++) {
		static uint64_t attr[CALL_ATTR_MAX / 8];
		static const int words[] = {1, 7, 8, 16, 17}; /* config, config1 .. config4 */
		char *at = *given;
		uint32_t head[2] = {(uint32_t)strtoul(at, &at, 0), 144};
		struct call call;

		memset(attr, 0, sizeof attr);
		memcpy(attr, head, sizeof head);
		for (size_t i = 0; *at == ':'; i++)
			attr[words[i]] = strtoull(at + 1, &at, 0);
		call_clear(&call);
		call.arch = HOST_ARCH;
		call.attr = (const unsigned char *)attr;
		call.readable = 144;
		call.pmu = pmu_name(head[0], &room);
		if (call.pmu[0])
			pmu_find_event(&call, &room);
		printf("%s|%s|%s\n", call.pmu, call.event, call.alias);
	}
}

#define tell_all(...) (sysfs_is_ours(), again("tell", __VA_ARGS__))

static void
sysfs_is_ours(void)
{
	settings_count = 0;
	setting("SYSFS_PATH=%s/sys", folder);
}

static void
assert_told(const char *event, const char *expected)
{
	tell_all(event);
	act_out[strcspn(act_out, "\n")] = '\0';
	assert_string_equal(act_out, expected);
}

/* A PMU of type 7 that has one format. */
static void
assert_told_with(const char *format, const char *event, const char *expected)
{
	pmu_put("pmu", "type", "7\n");
	pmu_put("pmu", "format/event", format);
	assert_told(event, expected);
}

/* --- names --- */

TEST(a_type_is_the_pmu_that_has_it)
{
	cpu_put();
	pmu_put("msr", "type", "10\n");
	pmu_put("msr", "format/event", "config:0-63\n");
	tell_all("4:0x3c", "10:2");
	assert_string_equal(act_out, "cpu|cpu/event=0x3c/|\nmsr|msr/event=0x2/|\n");
}

TEST(a_type_that_no_pmu_has_has_no_name)
{
	cpu_put();
	assert_told("5:1", "||");
}

TEST(without_sysfs_nothing_has_a_name)
{
	assert_told("4:0x3c", "||");
}

TEST(sysfs_without_pmus_has_no_names)
{
	file_put(place("sys/bus/event_source/devices/README"), "");
	assert_told("4:0x3c", "||");
}

TEST(the_highest_type_has_a_name)
{
	pmu_put("last", "type", "4294967295\n");
	assert_told("4294967295:1", "last|last/config=0x1/|");
}

TEST(a_pmu_whose_type_is_no_number_is_passed_over)
{
	pmu_put("empty", "type", "");
	pmu_put("word", "type", "none\n");
	pmu_put("good", "type", "0\n");
	assert_told("0:1", "good|good/config=0x1/|");
}

TEST(a_pmu_whose_type_cannot_be_read_is_passed_over)
{
	pmu_put_unreadable("bad", "type");
	cpu_put();
	assert_told("4:0x3c", "cpu|cpu/event=0x3c/|");
}

TEST(a_pmu_without_a_type_is_passed_over)
{
	pmu_put("bad", "format/event", "config:0-7\n");
	cpu_put();
	assert_told("4:0x3c", "cpu|cpu/event=0x3c/|");
}

TEST(the_longest_pmu_name_is_whole_and_a_longer_one_passed_over)
{
	char longest[PMU_NAME_MAX], expected[2 * PMU_NAME_MAX + 32];

	memset(longest, 'p', PMU_NAME_MAX - 1);
	longest[PMU_NAME_MAX - 1] = '\0';
	pmu_put(longest, "type", "7\n");
	pmu_put(place("%sp", longest) + strlen(folder) + 1, "type", "8\n");
	tell_all("7:1", "8:1");
	snprintf(expected, sizeof expected, "%s|%s/config=0x1/|\n||\n", longest, longest);
	assert_string_equal(act_out, expected);
}

static void
expect_all_of(int count, char (*events)[16], char *expected)
{
	const char *given[700] = {"tell"};

	for (int i = 0; i < count; i++) {
		char name[32], type[16];

		snprintf(name, sizeof name, "uncore_cha_%d", i);
		snprintf(type, sizeof type, "%d\n", 1000 + i);
		pmu_put(name, "type", type);
		snprintf(events[i], sizeof *events, "%d:0x11", 1000 + i);
		given[i + 1] = events[i];
		expected += sprintf(expected, "%s|%s/config=0x11/|\n", name, name);
	}
	sysfs_is_ours();
	assert_ended_well(run_again(given));
}

TEST(of_six_hundred_pmus_each_has_its_name)
{
	static char events[600][16], expected[600 * 64];

	expect_all_of(600, events, expected);
	assert_string_equal(act_out, expected);
}

/* Between its two questions a module is loaded. */
ACT(tell_before_and_after)
{
	tell((char *const[]){given[0], NULL});
	must(rename(given[1], given[2]) == 0);
	tell((char *const[]){given[0], NULL});
}

TEST(of_pmus_of_one_type_the_same_one_is_told_each_time)
{
	char expected[64] = "";

	for (int i = 0; i < 8; i++)
		pmu_put(place("uncore_%d", i) + strlen(folder) + 1, "type", "20\n");
	tell_all("20:1", "20:1", "20:2", "20:1");
	memcpy(expected, act_out, strcspn(act_out, "|"));
	assert_memory_equal(expected, "uncore_", 7);
	for (char *line = strtok(act_out, "\n"); line; line = strtok(NULL, "\n")) {
		line[strcspn(line, "|")] = '\0';
		assert_string_equal(line, expected);
	}
}

TEST(a_pmu_that_comes_later_is_found)
{
	cpu_put();
	pmu_put("cpu", "type", "5\n");
	sysfs_is_ours();
	file_put(place("later/type"), "7\n");
	again("tell_before_and_after", "7:1", place("later"),
		place("sys/bus/event_source/devices/late"));
	assert_string_equal(act_out, "||\nlate|late/config=0x1/|\n");
}

/* --- formats --- */

TEST(a_format_of_one_range_is_its_bits)
{
	cpu_put();
	assert_told("4:0x1cd:30", "cpu|cpu/event=0xcd,umask=0x1,ldlat=30/|");
}

TEST(a_format_of_a_range_and_a_bit_is_one_number)
{
	assert_told_with("config:0-7,21\n", "7:0x2000cd", "pmu|pmu/event=0x1cd/|");
}

TEST(a_format_of_two_ranges_is_one_number)
{
	assert_told_with("config:0-7,32-35\n", "7:0xf000000cd", "pmu|pmu/event=0xfcd/|");
}

TEST(ranges_make_a_number_in_the_order_they_are_written)
{
	assert_told_with("config:32-35,0-7\n", "7:0xf000000cd", "pmu|pmu/event=0xcdf/|");
}

TEST(a_format_of_four_ranges_is_one_number)
{
	assert_told_with("config:0,8,16,24-31\n", "7:0xab010101", "pmu|pmu/event=0x55f/|");
}

TEST(a_format_may_be_the_whole_word)
{
	assert_told_with("config:0-63\n", "7:0xfedcba9876543210",
		"pmu|pmu/event=0xfedcba9876543210/|");
}

TEST(a_format_may_be_the_last_bit)
{
	assert_told_with("config:63\n", "7:0x8000000000000000", "pmu|pmu/event=1/|");
}

TEST(a_format_may_be_in_any_config_word)
{
	assert_told_with("config1:0-31\n", "7:0:1", "pmu|pmu/event=0x1/|");
	assert_told_with("config2:0-31\n", "7:0:0:2", "pmu|pmu/event=0x2/|");
	assert_told_with("config3:0-31\n", "7:0:0:0:3", "pmu|pmu/event=0x3/|");
	assert_told_with("config4:0-31\n", "7:0:0:0:0:4", "pmu|pmu/event=0x4/|");
}

TEST(formats_stand_in_the_order_of_their_bits)
{
	pmu_put("pmu", "type", "7\n");
	pmu_put("pmu", "format/a", "config1:0-31\n");
	pmu_put("pmu", "format/b", "config:8-15\n");
	pmu_put("pmu", "format/c", "config:0-7\n");
	pmu_put("pmu", "format/d", "config1:32-63\n");
	assert_told("7:0x201:0x400000003", "pmu|pmu/c=0x1,b=0x2,a=0x3,d=0x4/|");
}

TEST(a_format_without_a_newline_is_one_too)
{
	assert_told_with("config:0-7", "7:0xcd", "pmu|pmu/event=0xcd/|");
}

TEST(a_zero_format_is_not_told)
{
	cpu_put();
	assert_told("4:0x100", "cpu|cpu/umask=0x1/|");
}

TEST(bits_of_config_that_no_format_names_are_config)
{
	cpu_put();
	assert_told("4:0x100000000cd", "cpu|cpu/event=0xcd,config=0x10000000000/|");
}

TEST(bits_of_config1_that_no_format_names_are_config1)
{
	assert_told_with("config:0-7\n", "7:0xcd:0x77", "pmu|pmu/event=0xcd,config1=0x77/|");
}

/* Intel's ldlat, frontend and offcore_rsp all start at bit 0 of config1, for different events. */
TEST(of_formats_of_the_same_bits_the_narrowest_that_holds_them_all_is_told)
{
	cpu_put();
	pmu_put("cpu", "format/frontend", "config1:0-23\n");
	pmu_put("cpu", "format/a_rsp", "config1:0-63\n");
	pmu_put("cpu", "format/offcore_rsp", "config1:0-63\n");
	tell_all("4:0x1cd:30", "4:0x1c6:0x400106", "4:0x1b7:0x3fb80408000");
	assert_shows(act_out, "cpu/event=0xcd,umask=0x1,ldlat=30/");
	assert_shows(act_out, "cpu/event=0xc6,umask=0x1,frontend=0x400106/");
	assert_shows(act_out, "rsp=0x3fb80408000/");
}

TEST(a_zero_config_is_event_zero)
{
	assert_told_with("config:0-63\n", "7:0", "pmu|pmu/event=0x0/|");
}

TEST(a_zero_config_of_switches_is_no_event)
{
	assert_told_with("config:0\n", "7:0", "pmu||");
}

TEST(a_zero_config_without_formats_is_no_event)
{
	pmu_put("pmu", "type", "7\n");
	assert_told("7:0", "pmu||");
}

TEST(a_config_without_formats_is_config)
{
	pmu_put("pmu", "type", "7\n");
	assert_told("7:0x1cd", "pmu|pmu/config=0x1cd/|");
}

TEST(a_format_that_means_nothing_is_passed_over)
{
	static const char *const wrong[] = {"", "nonsense\n", "confi:0-7\n", "config\n",
		"config0-7\n", "config:7-0\n", "config:0-64\n", "config:64\n", "config5:0-7\n",
		"config10:0-7\n", "config:0,1,2,3,4\n", "config:99999999999999999999999\n",
		"attr:0-7\n"};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_told_with(wrong[i], "7:0x41", "pmu|pmu/config=0x41/|");
}

TEST(a_format_without_bits_is_passed_over)
{
	assert_told_with("config:\n", "7:0x41", "pmu|pmu/config=0x41/|");
	assert_told_with("config:none\n", "7:0x41", "pmu|pmu/config=0x41/|");
	assert_told_with("config:0-\n", "7:0x41", "pmu|pmu/config=0x41/|");
}

TEST(a_format_that_cannot_be_read_is_passed_over)
{
	pmu_put("pmu", "type", "7\n");
	pmu_put("pmu", "format/umask", "config:8-15\n");
	pmu_put_unreadable("pmu", "format/event");
	assert_told("7:0x1cd", "pmu|pmu/umask=0x1,config=0xcd/|");
}

TEST(an_event_that_is_too_long_is_not_told_by_half)
{
	pmu_put("pmu", "type", "7\n");
	pmu_put("pmu", "events/all", "config=0xffffffffffffffff\n");
	for (int bit = 0; bit < 64; bit++) {
		char file[64], format[32];

		snprintf(file, sizeof file, "format/a_format_of_some_length_%d", bit);
		snprintf(format, sizeof format, "config:%d\n", bit);
		pmu_put("pmu", file, format);
	}
	assert_told("7:0xffffffffffffffff", "pmu||");
}

/* --- aliases --- */

TEST(an_alias_with_the_same_words_names_the_event)
{
	cpu_put();
	pmu_put("cpu", "events/cycles", "event=0x3c\n");
	pmu_put("cpu", "events/loads", "event=0xd0,umask=0x81\n");
	tell_all("4:0x3c", "4:0x81d0");
	assert_string_equal(act_out,
		"cpu|cpu/event=0x3c/|cycles\n"
		"cpu|cpu/event=0xd0,umask=0x81/|loads\n");
}

TEST(an_alias_with_other_words_does_not_name_the_event)
{
	cpu_put();
	pmu_put("cpu", "events/cycles", "event=0x3c\n");
	pmu_put("cpu", "events/ref-cycles", "event=0x3c,umask=0x2\n");
	assert_told("4:0x13c", "cpu|cpu/event=0x3c,umask=0x1/|");
}

TEST(an_alias_names_the_event_whatever_its_parameter)
{
	cpu_put();
	pmu_put("cpu", "events/mem-loads", "event=0xcd,umask=0x1,ldlat=3\n");
	assert_told("4:0x1cd:30", "cpu|cpu/event=0xcd,umask=0x1,ldlat=30/|mem-loads");
}

TEST(an_alias_with_a_parameter_names_no_event_of_another_config)
{
	cpu_put();
	pmu_put("cpu", "events/mem-loads", "event=0xcd,umask=0x1,ldlat=3\n");
	assert_told("4:0x2cd:30", "cpu|cpu/event=0xcd,umask=0x2,ldlat=30/|");
}

TEST(an_alias_with_the_same_parameter_comes_first)
{
	cpu_put();
	pmu_put("cpu", "events/a-loads", "event=0xcd,umask=0x1,ldlat=3\n");
	pmu_put("cpu", "events/b-loads", "event=0xcd,umask=0x1,ldlat=30\n");
	pmu_put("cpu", "events/c-loads", "event=0xcd,umask=0x1,ldlat=300\n");
	assert_told("4:0x1cd:30", "cpu|cpu/event=0xcd,umask=0x1,ldlat=30/|b-loads");
}

TEST(an_alias_without_a_parameter_does_not_name_an_event_that_has_one)
{
	cpu_put();
	pmu_put("cpu", "events/loads", "event=0xcd,umask=0x1\n");
	assert_told("4:0x1cd:30", "cpu|cpu/event=0xcd,umask=0x1,ldlat=30/|");
}

TEST(a_term_of_an_alias_without_a_value_is_1)
{
	cpu_put();
	pmu_put("cpu", "events/stalls", "event=0xc0,inv\n");
	assert_told("4:0x8000c0", "cpu|cpu/event=0xc0,inv=1/|stalls");
}

TEST(an_alias_may_be_written_in_decimal_or_as_config)
{
	cpu_put();
	pmu_put("cpu", "events/decimal", "event=60\n");
	pmu_put("cpu", "events/whole", "config=0x1cd,config1=0x3\n");
	tell_all("4:60", "4:0x1cd:3");
	assert_shows(act_out, "/|decimal\n");
	assert_shows(act_out, "/|whole\n");
}

TEST(an_alias_of_a_format_of_two_ranges_names_its_event)
{
	pmu_put("pmu", "events/split", "event=0xfcd\n");
	assert_told_with("config:0-7,32-35\n", "7:0xf000000cd", "pmu|pmu/event=0xfcd/|split");
}

TEST(an_alias_that_is_zero_names_event_zero)
{
	pmu_put("pmu", "events/tsc", "event=0x00\n");
	assert_told_with("config:0-63\n", "7:0", "pmu|pmu/event=0x0/|tsc");
}

TEST(a_scale_or_a_unit_is_no_alias)
{
	pmu_put("pmu", "events/energy.scale", "event=0x2\n");
	pmu_put("pmu", "events/energy.unit", "event=0x2\n");
	pmu_put("pmu", "events/energy.snapshot", "event=0x2\n");
	assert_told_with("config:0-7\n", "7:2", "pmu|pmu/event=0x2/|");
}

TEST(an_alias_with_a_term_that_is_no_format_is_passed_over)
{
	cpu_put();
	pmu_put("cpu", "events/a", "event=0x3c,frequency=0x0\n");
	pmu_put("cpu", "events/b", "frequency=1,event=0x3c\n");
	assert_told("4:0x3c", "cpu|cpu/event=0x3c/|");
}

TEST(an_alias_that_the_user_has_to_complete_is_passed_over)
{
	cpu_put();
	pmu_put("cpu", "events/a", "event=0x3c,umask=?\n");
	assert_told("4:0x3c", "cpu|cpu/event=0x3c/|");
}

TEST(an_alias_that_cannot_be_read_is_passed_over)
{
	cpu_put();
	pmu_put_unreadable("cpu", "events/a");
	pmu_put("cpu", "events/b", "event=0x3c\n");
	assert_told("4:0x3c", "cpu|cpu/event=0x3c/|b");
}

TEST(the_longest_name_of_an_alias_is_whole_and_a_longer_one_passed_over)
{
	char file[CALL_NAME_MAX + 16] = "events/", expected[CALL_NAME_MAX + 64];

	cpu_put();
	memset(file + 7, 'a', CALL_NAME_MAX - 1);
	pmu_put("cpu", file, "event=0x3c\n");
	snprintf(expected, sizeof expected, "cpu|cpu/event=0x3c/|%s\ncpu|cpu/event=0x3d/|\n",
		file + 7);
	strcat(file, "a");
	pmu_put("cpu", file, "event=0x3d\n");
	tell_all("4:0x3c", "4:0x3d");
	assert_string_equal(act_out, expected);
}

/* --- asked again --- */

TEST(the_same_event_is_told_the_same_again)
{
	cpu_put();
	pmu_put("cpu", "events/mem-loads", "event=0xcd,umask=0x1,ldlat=3\n");
	tell_all("4:0x1cd:30", "4:0x1cd:3", "4:0x1cd:30");
	assert_string_equal(act_out,
		"cpu|cpu/event=0xcd,umask=0x1,ldlat=30/|mem-loads\n"
		"cpu|cpu/event=0xcd,umask=0x1,ldlat=3/|mem-loads\n"
		"cpu|cpu/event=0xcd,umask=0x1,ldlat=30/|mem-loads\n");
}

TEST(of_two_hundred_events_each_is_told_right_and_again)
{
	static char events[200][16], expected[2 * 200 * 64];
	const char *given[402] = {"tell"};
	char *at = expected;

	cpu_put();
	for (int i = 0; i < 400; i++) {
		snprintf(events[i % 200], sizeof *events, "4:0x%x", i % 200 + 1);
		given[i + 1] = events[i % 200];
		at += sprintf(at, "cpu|cpu/event=0x%x/|\n", i % 200 + 1);
	}
	sysfs_is_ours();
	assert_ended_well(run_again(given));
	assert_string_equal(act_out, expected);
}

TEST(a_root_of_any_length_is_safe)
{
	char root[ROOT_MAX];

	snprintf(root, sizeof root, "sys");
	while (strlen(folder) + 1 + strlen(root) + 2 < ROOT_MAX - 1)
		strcat(root, "/.");
	cpu_put();
	setting("SYSFS_PATH=%s", place("%s", root));
	again("tell", "4:0x3c");
	assert_string_equal(act_out, "cpu|cpu/event=0x3c/|\n");
}
