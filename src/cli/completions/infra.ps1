# Completion of infra for PowerShell: infra completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName infra -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
    infra complete -- @words "$wordToComplete" 2>$null | ForEach-Object {
        $candidate, $about = $_ -split "`t", 2
        if ($candidate -eq ':file' -or $candidate -eq ':dir') {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
        } else {
            if (-not $about) { $about = $candidate }
            [System.Management.Automation.CompletionResult]::new($candidate, $candidate, 'ParameterValue', $about)
        }
    }
}
