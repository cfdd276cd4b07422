using System.Diagnostics;
using System.Globalization;
using Krewe.Silo.Storage;

namespace Krewe.Silo.Tests.Storage;

/// <summary>A process that writes is killed: the store is whole, at an index not before the last flush that was reported.</summary>
public sealed class StoreCrashTests : IDisposable
{
    private const int Kills = 6;
    private const string DirectoryVariable = "KREWE_STORE_CRASH_DIRECTORY";

    private static readonly RocksStoreOptions Options = new() { WriteBufferBytes = 256 * 1024, BlockCacheBytes = 1024 * 1024 };

    private readonly StoreDirectory _directory = new();

    private string Progress => Path.Join(_directory.Root, "flushed");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Killed_at_any_moment_the_store_is_whole_and_has_what_was_flushed()
    {
        Directory.CreateDirectory(_directory.Root);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var applied = 0UL;
        var lost = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var written = RunAndKill(applied, random);
            using var store = new RocksKeyspaceStore(_directory.Store, Options);
            Assert.True(store.AppliedIndex >= written.Flushed, $"seed {seed}, kill {kill}: at {store.AppliedIndex}, flushed {written.Flushed}");
            Assert.Equal(store.AppliedIndex, store.DurableIndex);
            StoreScript.AssertIsAtItsIndex(store);
            applied = store.AppliedIndex;
            lost += written.Applied > applied ? 1 : 0;
        }

        Assert.True(lost > 0, "no kill lost anything: the test does not test");
    }

    /// <summary>Runs in the child process only.</summary>
    [Fact(Explicit = true)]
    public void Write_until_killed()
    {
        var root = Environment.GetEnvironmentVariable(DirectoryVariable) ?? throw new InvalidOperationException("not a test of its own");
        using var progress = new FileStream(Path.Join(root, "flushed"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        using var store = new RocksKeyspaceStore(Path.Join(root, "store"), Options);
        using var batch = store.CreateBatch();
        var random = new Random();
        for (var index = store.AppliedIndex + 1; ; index++)
        {
            StoreScript.Write(store, batch, index);
            if (random.Next(300) == 0)
            {
                Report(progress, "f", store.Flush());
            }
            else if (index % 10 == 0)
            {
                Report(progress, "a", index);
            }
        }
    }

    private static void Report(FileStream progress, string what, ulong index)
    {
        progress.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what}{index}\n")));
        progress.Flush();
    }

    private (ulong Flushed, ulong Applied) RunAndKill(ulong applied, Random random)
    {
        File.Delete(Progress);
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(StoreCrashTests).Assembly.Location, "-explicit", "only", "-method", $"{typeof(StoreCrashTests).FullName}.{nameof(Write_until_killed)}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[DirectoryVariable] = _directory.Root;
        using var child = Process.Start(start)!;
        child.OutputDataReceived += static (_, _) => { };
        child.ErrorDataReceived += static (_, _) => { };
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        try
        {
            var goal = applied + (ulong)random.Next(500, 5_000);
            var found = SpinWait.SpinUntil(
                () =>
                {
                    Thread.Sleep(random.Next(1, 20)); // polls another process; the moment of the kill is meant to be arbitrary
                    return ReadProgress().Applied >= goal || child.HasExited;
                },
                TimeSpan.FromSeconds(120));
            Assert.True(found && !child.HasExited, "the child wrote too little");
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }

        return ReadProgress();
    }

    private (ulong Flushed, ulong Applied) ReadProgress()
    {
        if (!File.Exists(Progress))
        {
            return default;
        }

        using var reader = new StreamReader(new FileStream(Progress, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        ulong flushed = 0;
        ulong applied = 0;
        var lines = reader.ReadToEnd().Split('\n');
        foreach (var line in lines[..^1]) // the last may be incomplete
        {
            var index = ulong.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
            applied = Math.Max(applied, index);
            flushed = line[0] == 'f' ? index : flushed;
        }

        return (flushed, applied);
    }
}
