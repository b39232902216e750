# Completion of infra for bash: source <(infra completions bash)
_infra() {
    # bash cuts words at `=` and `:`; infra's own are those between blanks.
    local line="${COMP_LINE:0:COMP_POINT}" words=() word="" quote="" at char
    for ((at = 0; at < ${#line}; at++)); do
        char="${line:at:1}"
        if [[ -n $quote ]]; then
            if [[ $char == "$quote" ]]; then quote=""; else word+="$char"; fi
        elif [[ $char == "'" || $char == '"' ]]; then
            quote="$char"
        elif [[ $char == \\ ]]; then
            ((at++))
            word+="${line:at:1}"
        elif [[ $char == [[:space:]] ]]; then
            if [[ -n $word ]]; then words+=("$word"); fi
            word=""
        else
            word+="$char"
        fi
    done
    words+=("$word")
    # What bash itself takes for the word before the cursor: candidates must begin there.
    local cut="${word%"${2#[\"\']}"}" candidate
    COMPREPLY=()
    while IFS=$'\t' read -r candidate _; do
        case "$candidate" in
        :file)
            local IFS=$'\n'
            compopt -o filenames 2>/dev/null
            COMPREPLY+=($(compgen -f -- "${word#*=}"))
            ;;
        :dir)
            local IFS=$'\n'
            compopt -o filenames 2>/dev/null
            COMPREPLY+=($(compgen -d -- "${word#*=}"))
            ;;
        *)
            candidate="${candidate#"$cut"}"
            if [[ $candidate == *= || $candidate == *. ]]; then compopt -o nospace 2>/dev/null; fi
            if [[ -z $quote ]]; then printf -v candidate %q "$candidate"; fi
            COMPREPLY+=("$candidate")
            ;;
        esac
    done < <("${words[0]:-infra}" complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _infra infra
