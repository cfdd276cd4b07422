using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Clients;

/// <summary>One etcdctl against one server; every command's normalised output and exit code become a transcript line.</summary>
internal sealed class EtcdctlRun(string etcdctl, ServerProcess server, OutputNormaliser normaliser)
{
    private static readonly (string, string)[] Environment = [("ETCDCTL_API", "3")];

    private readonly List<TranscriptLine> _lines = [];

    public IReadOnlyList<TranscriptLine> Lines => _lines;

    public OutputNormaliser Normaliser => normaliser;

    public string ClientUrl => server.ClientUrl;

    /// <summary>Runs a command line (split at spaces) and records what it printed.</summary>
    public Task<string> Do(string arguments, string? input = null) => DoArguments(arguments.Split(' '), input);

    /// <summary>Runs a command with exact arguments and records what it printed.</summary>
    public async Task<string> DoArguments(string[] arguments, string? input = null)
    {
        var result = await Command.RunAsync(etcdctl, [$"--endpoints={server.ClientUrl}", .. arguments], input, Environment);
        Record(string.Join(' ', arguments), $"exit {result.ExitCode} out {normaliser.Apply(result.Output)} err {normaliser.Apply(result.Errors)}");
        return result.Output;
    }

    /// <summary>Starts a command that goes on.</summary>
    public Command Follow(string arguments) =>
        Command.Follow(etcdctl, [$"--endpoints={server.ClientUrl}", .. arguments.Split(' ')], Environment);

    public void Record(string label, string text) => _lines.Add(new TranscriptLine(normaliser.Apply(label), text));
}
