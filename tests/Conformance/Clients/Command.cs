using System.Diagnostics;
using System.Threading.Channels;

namespace Krewe.Conformance.Clients;

/// <summary>A program that runs against one server; killed by its process id when disposed.</summary>
internal sealed class Command : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private Command(Process process) => _process = process;

    /// <summary>Runs a program to its end.</summary>
    public static async Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, string? input = null, params (string Name, string Value)[] environment)
    {
        using var process = Start(program, arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            return new CommandResult(-1, await output, $"did not end within {Limit}: {await errors}");
        }

        return new CommandResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts a program that goes on until it is killed; its output comes line by line.</summary>
    public static Command Follow(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var command = new Command(Start(program, arguments, environment));
        command._process.OutputDataReceived += (_, e) => command.Take(e.Data);
        command._process.ErrorDataReceived += (_, _) => { };
        command._process.BeginOutputReadLine();
        command._process.BeginErrorReadLine();
        return command;
    }

    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>The next lines of output; fails when they don't come in time.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync(int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        var lines = new List<string>();
        while (lines.Count < count)
        {
            lines.Add(await _lines.Reader.ReadAsync(limit.Token));
        }

        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            _lines.Writer.TryComplete();
        }
        else
        {
            _lines.Writer.TryWrite(line);
        }
    }

    private static Process Start(string program, IEnumerable<string> arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }
}
