#compdef infra
# Completion of infra for zsh: source <(infra completions zsh)
_infra() {
    local -a candidates described
    local line word
    for line in "${(@f)$(${words[1]} complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
        word="${line%%$'\t'*}"
        case "$word" in
            '') ;;
            :file) compset -P '*='; _files ;;
            :dir) compset -P '*='; _files -/ ;;
            *) candidates+=("$word"); described+=("${word}  ${line#*$'\t'}") ;;
        esac
    done
    (( $#candidates )) && compadd -l -d described -a candidates
}
if [[ $funcstack[1] == _infra ]]; then
    _infra "$@"
else
    compdef _infra infra
fi
