# Completes peodump: its verbs, options and their values, then files, or the words of the command that it runs.

# The options of the tool, or of a verb, as their help tells them.
_peodump_options() {
	"$@" --help 2>/dev/null | grep -oE '^ +(-., )? *--[a-z-]+' | grep -oE -- '--[a-z-]+'
}

_peodump_verbs='run show diff fields explain help'

# The words that the value of a verb's option can be; one whose value may be missing has it behind a =.
_peodump_values() {
	[[ $2 != run && $3 == --color= ]] && echo auto always never
	case $2/${3%=} in
	run/-f | run/--format) echo c json ;;
	run/--fields | show/--fields) echo all set ;;
	show/--as) echo c json program table ;;
	diff/--ignore)
		echo life
		"$1" fields --json | grep -oE '\{"name": "[a-z_0-9]+", "(offset|type)"' | cut -d '"' -f 4
		;;
	run/-p | run/--pid) ps -e -o pid= ;;
	fields/-a | fields/--arch) "$1" fields --arch= 2>&1 | sed -n 's/.* none of: //p' | tr -d , ;;
	help/*) echo "$_peodump_verbs" ;;
	esac
}

# Where the command of run is, behind its options and their values.
_peodump_command() {
	local at=$1

	for (( ; at < COMP_CWORD; at++)); do
		case ${COMP_WORDS[at]} in
		--) ((at++)); break ;;
		-o | --output | -f | --format | --fields | --lib | -p | --pid)
			[[ ${COMP_WORDS[at + 1]} == = ]] && ((at++))
			((at++))
			;;
		-*) ;;
		*) break ;;
		esac
	done
	echo "$at"
}

_peodump_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

# Of words between commas, the last one.
_peodump_words() {
	local list=

	[[ $1 == *,* ]] && list=${1%,*},
	mapfile -t COMPREPLY < <(compgen -P "$list" -W "$2" -- "${1##*,}")
}

# The command and what follows it, as if it stood alone.
_peodump_run() {
	local word=$1 at=$2

	if ((at < COMP_CWORD)) && declare -F _command_offset >/dev/null; then
		_command_offset "$at"
	elif ((at == COMP_CWORD)) && [[ $word ]]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$word")
	elif ((at < COMP_CWORD)); then
		_peodump_files "$word"
	fi
}

_peodump() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local verb=run first=1 at values

	COMPREPLY=()
	if ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[1]} =~ ^(${_peodump_verbs// /|})$ ]]; then
		verb=${COMP_WORDS[1]} first=2
	fi
	[[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD - 2]}=
	[[ $word == = ]] && before=${COMP_WORDS[COMP_CWORD - 1]}= word=
	at=$(_peodump_command $first)
	values=$(_peodump_values "${COMP_WORDS[0]}" "$verb" "$before")
	((COMP_CWORD == 1)) && _peodump_words "$word" "$_peodump_verbs"
	[[ ${COMPREPLY[*]} ]] && return
	if [[ $verb == run ]] && ((at < COMP_CWORD)); then
		_peodump_run "$word" "$at"
	elif [[ $values ]]; then
		_peodump_words "$word" "$values"
	elif [[ $word == -* && ${COMP_WORDS[at - 1]} != -- ]]; then
		values=$(_peodump_options "${COMP_WORDS[0]}" "$verb")
		((COMP_CWORD == 1)) && values+=" $(_peodump_options "${COMP_WORDS[0]}")"
		_peodump_words "$word" "$values"
	elif [[ $verb == run && ! ${before%=} =~ ^(-o|--output|--lib)$ ]]; then
		_peodump_run "$word" "$at"
	elif [[ $verb != fields && ! ${before%=} =~ ^(--kernel|--call|--comm)$ ]]; then
		_peodump_files "$word"
	fi
}

complete -F _peodump peodump
