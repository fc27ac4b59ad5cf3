# Completes peodump: its verbs, options and their values, then files, or the words of the command that it runs.

# The options of a verb, as its help tells them.
_peodump_options() {
	"$1" "$2" --help 2>/dev/null | grep -oE '^ +(-., )? *--[a-z-]+' | grep -oE -- '--[a-z-]+'
}

# The words that the value of an option can be.
_peodump_values() {
	case $1/$2 in
	run/-f | run/--format) echo c json ;;
	run/--fields | show/--fields) echo all set ;;
	show/--as) echo c json program table ;;
	show/--color | diff/--color) echo auto always never ;;
	esac
}

# Where the command of run is, behind its options and their values.
_peodump_command() {
	local at=$1

	for (( ; at < COMP_CWORD; at++)); do
		case ${COMP_WORDS[at]} in
		--) ((at++)); break ;;
		-o | --output | -f | --format | --fields | --lib)
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

_peodump_words() {
	mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
}

# The command and what follows it, as if it stood alone.
_peodump_run() {
	local word=$1 at=$2

	if ((at < COMP_CWORD)) && declare -F _command_offset >/dev/null; then
		_command_offset "$at"
	elif ((at == COMP_CWORD)); then
		mapfile -t COMPREPLY < <(compgen -c -- "$word")
	else
		_peodump_files "$word"
	fi
}

_peodump() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local verb=run first=1 at values

	COMPREPLY=()
	if ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[1]} =~ ^(run|show|diff|fields|explain)$ ]]; then
		verb=${COMP_WORDS[1]} first=2
	fi
	[[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD - 2]}
	[[ $word == = ]] && before=${COMP_WORDS[COMP_CWORD - 1]} word=
	at=$(_peodump_command $first)
	values=$(_peodump_values "$verb" "$before")
	if [[ $verb == run ]] && ((at < COMP_CWORD)); then
		_peodump_run "$word" "$at"
	elif [[ $values ]]; then
		_peodump_words "$word" "$values"
	elif [[ $word == -* && ${COMP_WORDS[at - 1]} != -- ]]; then
		_peodump_words "$word" "$(_peodump_options "${COMP_WORDS[0]}" "$verb")"
	elif [[ $verb == run && $before != -o && $before != --output && $before != --lib ]]; then
		_peodump_run "$word" "$at"
		((COMP_CWORD == 1)) && COMPREPLY+=($(compgen -W 'run show diff fields explain' -- "$word"))
	else
		_peodump_files "$word"
	fi
}

complete -F _peodump peodump
