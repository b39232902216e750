# Completion of infra for fish: infra completions fish | source
function __infra_complete
    set -l words (commandline -opc)[2..] (commandline -ct)
    for line in (infra complete -- $words 2>/dev/null)
        switch $line
            case ':file*'
                __fish_complete_path (commandline -ct)
            case ':dir*'
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $line
        end
    end
end
complete -c infra -f -a '(__infra_complete)'
