using System.Collections;
using Krewe.Raft.Log;
using Krewe.Silo.Configuration.Parsing;
using Krewe.Silo.Gateway;
using Krewe.Silo.Hosting;
using Krewe.Silo.Observability;

if (GatewayCommandLine.After(args) is { } gatewayArguments)
{
    return await GatewayProgram.RunAsync(gatewayArguments);
}

var environment = Environment.GetEnvironmentVariables()
    .Cast<DictionaryEntry>()
    .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
var parsed = CommandLineParser.Parse(args, environment, File.ReadAllText);
if (parsed.Outcome != ParseOutcome.Start)
{
    var output = parsed.Outcome == ParseOutcome.Print ? Console.Out : Console.Error;
    output.WriteLine(parsed.Text);
    return parsed.ExitCode;
}

MemberState state;
try
{
    ListenCheck.RequireFree(parsed.Options!);
    state = MemberState.Open(parsed.Options!);
}
catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException
    or DiskFullException or DiskLockedException or WalCorruptionException)
{
    Console.Error.WriteLine($"krewe can't start: {e.Message}");
    return ParseResult.ExitCodeBadConfiguration;
}

using (state)
{
    await using var app = MemberHost.Build(state);
    Console.Error.Write(StartupBanner.Create(state.Options, state.Identity.MemberId, state.Identity.ClusterId));
    foreach (var warning in parsed.Warnings)
    {
        app.Logger.LogWarning("{Warning}", warning);
    }

    if (state.Log.Log.Opened.TornTail is { } torn)
    {
        app.Logger.LogWarning("cut {Bytes} bytes of a torn tail off {File} at {Offset}", torn.Bytes, torn.File, torn.Offset);
    }

    if (state.HasFinishedInstallation)
    {
        app.Logger.LogInformation("finished the installation of a snapshot at index {Index}", state.Log.Begin.Index);
    }

    app.Lifetime.ApplicationStarted.Register(() => app.Logger.LogInformation("ready to serve client requests"));
    try
    {
        await app.StartAsync();
        await app.WaitForShutdownAsync();
    }
    catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
    {
        // Told to stop before it was up, which may take long: a member waits for a quorum.
        await app.StopAsync();
    }
    catch (Exception e) when (ListenCheck.Explain(e) is { } reason)
    {
        // Somebody took an address since it was found free.
        Console.Error.WriteLine($"krewe can't start: {reason}");
        await app.StopAsync();
        return ParseResult.ExitCodeBadConfiguration;
    }
}

return Environment.ExitCode;
