using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Clients;

/// <summary>Clients of other languages run a script against etcd and Krewe and must print the same.</summary>
public sealed class ScriptTests
{
    [Fact(DisplayName = "python3-etcd3: KV, transactions, watches, leases, locks")]
    public Task Python() => CompareAsync(server =>
    {
        var target = server.Target.ClientUrl;
        return Command.RunAsync(
            PeerPaths.Python, [Script("python_etcd3.py"), target.Host, $"{target.Port}"], null, ("PYTHONPATH", PeerPaths.PythonPath));
    });

    [Fact(DisplayName = "npm etcd3: KV, transactions, watches, leases, locks, elections")]
    public Task Node() => CompareAsync(server =>
        Command.RunAsync("/usr/bin/env", ["node", Script("npm_etcd3.js"), server.ClientUrl], null, ("NODE_PATH", PeerPaths.NodeModules)));

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "scripts", name);

    private static async Task CompareAsync(Func<ServerProcess, Task<CommandResult>> run)
    {
        await using var pair = await ServerPair.StartAsync(unsafeNoFsync: true);
        var etcd = await run(pair.Etcd);
        // A client that can't be loaded here says nothing about a server.
        Assert.SkipWhen(etcd.Errors.Contains("ModuleNotFoundError", StringComparison.Ordinal) || etcd.ExitCode == 127, $"the client is absent: {etcd.Errors}");
        Assert.True(etcd.ExitCode == 0, $"the script fails against etcd itself:\n{etcd.Output}{etcd.Errors}");
        var krewe = await run(pair.Krewe);
        Assert.True(
            etcd.Output == krewe.Output && krewe.ExitCode == 0,
            $"--- etcd\n{etcd.Output}\n--- krewe (exit {krewe.ExitCode})\n{krewe.Output}{krewe.Errors}\n--- krewe's log\n{pair.Krewe.LogTail(15)}");
    }
}
