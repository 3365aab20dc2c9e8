#requires -Version 5.1
<#
.SYNOPSIS
    Asks what the plan needs to know at this site, and writes the answers to one JSON file.
.DESCRIPTION
    Read-only: it asks name servers, opens the SMTP ports of the plan's own servers, reads their
    greeting and says QUIT. It changes nothing, installs nothing and sends no mail. The file is taken
    into the plan with: bridgehead evidence PLAN FILE -o OUT
    Runs in Windows PowerShell 5.1 and in PowerShell 7 on Windows.
.PARAMETER Output
    The file to write; a dash writes to the console.
.PARAMETER InsideResolver
    The address of the inside resolver; default: the one that this machine asks.
.PARAMETER OutsideResolver
    The address of a resolver that gives the public DNS; default: outside questions are not asked.
.PARAMETER SkipSmtp
    Opens no SMTP port.
.PARAMETER TimeoutSeconds
    How long a connection, and then a greeting, is waited for.
#>
[CmdletBinding()]
param(
    [string]$Output = '__OUTPUT__',
    [string]$InsideResolver = '',
    [string]$OutsideResolver = '',
    [switch]$SkipSmtp,
    [ValidateRange(1, 300)][int]$TimeoutSeconds = 10
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$job = ConvertFrom-Json @'
__JOB__
'@

function Get-Utc {
    [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
}

function New-Answer($Question, [string]$Asked) {
    @{
        key = $Question.key; asked = $Asked; status = 'error'; lines = @(); ttl = $null
        rtt_ms = $null; note = ''; utc = (Get-Utc)
    }
}

function Get-RecordText($Record, [string]$Type) {
    switch ($Type) {
        'A' { [string]$Record.IPAddress }
        'AAAA' { [string]$Record.IPAddress }
        'MX' { '{0} {1}' -f $Record.Preference, $Record.NameExchange }
        'TXT' { $Record.Strings -join '' }
        default { [string]$Record.NameHost }
    }
}

function Get-NameStatus([Exception]$Fault) {
    if ($Fault -is [ComponentModel.Win32Exception]) {
        switch ($Fault.NativeErrorCode) {
            9003 { return 'no-such-name' }
            9501 { return 'no-data' }
            9701 { return 'no-data' }
            9002 { return 'server-failure' }
            9005 { return 'refused' }
            1460 { return 'timeout' }
        }
    }
    'error'
}

function Read-Name($Question, [string]$Server) {
    $asked = if ($Server) { $Server } else { 'the resolver of this machine' }
    $answer = New-Answer $Question $asked
    $arguments = @{
        Name = $Question.name + '.'; Type = $Question.type; DnsOnly = $true; NoHostsFile = $true
        ErrorAction = 'Stop'
    }
    if ($Server) { $arguments.Server = $Server }
    $watch = [Diagnostics.Stopwatch]::StartNew()
    try {
        $records = @(Resolve-DnsName @arguments)
        $answer.rtt_ms = [int]$watch.ElapsedMilliseconds
        $own = @($records | Where-Object {
                [string]$_.Section -eq 'Answer' -and [string]$_.Type -eq $Question.type
            })
        if ($own.Count -gt 0) {
            $answer.status = 'records'
            $answer.lines = @($own | ForEach-Object { Get-RecordText $_ $Question.type })
            $answer.ttl = [int64]($own | Measure-Object -Property TTL -Minimum).Minimum
        }
        else {
            $answer.status = 'no-data'
        }
    }
    catch {
        $answer.status = Get-NameStatus $_.Exception
        $answer.note = $_.Exception.Message
    }
    $answer
}

function Get-SocketStatus([Exception]$Fault) {
    $inner = $Fault
    while ($null -ne $inner.InnerException) { $inner = $inner.InnerException }
    if ($inner -is [Net.Sockets.SocketException]) {
        switch ([string]$inner.SocketErrorCode) {
            'ConnectionRefused' { return 'refused' }
            'TimedOut' { return 'timeout' }
            'HostUnreachable' { return 'no-route' }
            'NetworkUnreachable' { return 'no-route' }
            'ConnectionReset' { return 'closed' }
        }
    }
    'error'
}

function Read-Line($Stream, [int]$Limit) {
    $bytes = New-Object Collections.Generic.List[byte]
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while ($bytes.Count -lt $Limit -and $watch.Elapsed.TotalSeconds -lt $TimeoutSeconds) {
        $byte = $Stream.ReadByte()
        if ($byte -lt 0 -or $byte -eq 10) { break }
        $bytes.Add([byte]$byte)
    }
    [Text.Encoding]::ASCII.GetString($bytes.ToArray()).TrimEnd()
}

function Read-Greeting($Question) {
    $answer = New-Answer $Question ('{0}:{1}' -f $Question.address, $Question.port)
    $address = [Net.IPAddress]::Parse($Question.address)
    $client = New-Object Net.Sockets.TcpClient -ArgumentList $address.AddressFamily
    $watch = [Diagnostics.Stopwatch]::StartNew()
    try {
        if (-not $client.ConnectAsync($address, [int]$Question.port).Wait($TimeoutSeconds * 1000)) {
            $answer.status = 'timeout'
            $answer.note = Get-PathNote $Question
            return $answer
        }
        $stream = $client.GetStream()
        $stream.ReadTimeout = $TimeoutSeconds * 1000
        $answer.status = 'mute'
        $line = Read-Line $stream 4096
        $answer.rtt_ms = [int]$watch.ElapsedMilliseconds
        if ($line.Length -gt 0) {
            $answer.status = 'said'
            $answer.lines = @($line)
        }
        else {
            $answer.status = 'closed'
        }
        $farewell = [Text.Encoding]::ASCII.GetBytes("QUIT`r`n")
        $stream.Write($farewell, 0, $farewell.Length)
    }
    catch {
        $status = Get-SocketStatus $_.Exception
        if ($answer.status -eq 'error' -or $status -eq 'closed') { $answer.status = $status }
        $answer.note = $_.Exception.Message
    }
    finally {
        $client.Close()
    }
    $answer
}

# What else is known of the way to a port that does not open.
function Get-PathNote($Question) {
    try {
        $test = Test-NetConnection -ComputerName $Question.address -Port $Question.port -WarningAction SilentlyContinue
        'TCP {0}, ping {1}, from {2}' -f $test.TcpTestSucceeded, $test.PingSucceeded, $test.SourceAddress.IPAddress
    }
    catch {
        'no more is known: ' + $_.Exception.Message
    }
}

$answers = New-Object Collections.Generic.List[object]
foreach ($question in @($job.questions)) {
    if ($question.kind -eq 'smtp') {
        if (-not $SkipSmtp) { $answers.Add((Read-Greeting $question)) }
    }
    elseif ($question.side -eq 'inside') {
        $answers.Add((Read-Name $question $InsideResolver))
    }
    elseif ($OutsideResolver) {
        $answers.Add((Read-Name $question $OutsideResolver))
    }
}
$result = @{
    collector = 1; plan = $job.plan; phase_key = $job.phase_key; from = $job.from
    computer = [Environment]::MachineName; powershell = [string]$PSVersionTable.PSVersion
    utc = (Get-Utc); answers = $answers.ToArray()
}
$json = ConvertTo-Json -InputObject $result -Depth 6
if ($Output -eq '-') {
    $json
}
else {
    $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Output)
    [IO.File]::WriteAllText($path, $json, (New-Object Text.UTF8Encoding -ArgumentList $false))
    Write-Host ('{0} answers written to {1}' -f $answers.Count, $path)
}
