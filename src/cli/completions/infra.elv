# Completion of infra for Elvish: eval (infra completions elvish | slurp)
use str
set edit:completion:arg-completer[infra] = {|@words|
    infra complete -- $@words[1..] 2>/dev/null | from-lines | each {|line|
        var candidate about = (str:split &max=2 "\t" $line"\t")
        if (or (eq $candidate :file) (eq $candidate :dir)) {
            edit:complete-filename $@words
        } else {
            edit:complex-candidate $candidate &display=$candidate" "(str:trim-space $about)
        }
    }
}
