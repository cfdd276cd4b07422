using System.Globalization;

namespace Krewe.Lab.Faults;

/// <summary>The wall clock of one member, which libfaketime moves while the member runs. The monotonic clock stays true.</summary>
internal sealed class WallClock
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    private const string Shared = "/dev/shm";

    private readonly string _offset;

    /// <param name="folder">Of the member.</param>
    public WallClock(string folder)
    {
        _offset = Path.Combine(folder, "clock");
        Set(TimeSpan.Zero);
    }

    public static bool IsInstalled => File.Exists(Library);

    /// <summary>Takes effect within a second, the time for which the library keeps what it read.</summary>
    public void Set(TimeSpan offset)
    {
        var next = _offset + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? "" : "+")}{(long)offset.TotalSeconds}\n"));
        File.Move(next, _offset, overwrite: true);
    }

    public void AddTo(IDictionary<string, string?> environment)
    {
        environment["LD_PRELOAD"] = Library;
        environment["FAKETIME_TIMESTAMP_FILE"] = _offset;
        environment["FAKETIME_CACHE_DURATION"] = "1";
        environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
    }

    /// <summary>Removes what the library leaves of a process that was killed.</summary>
    public static void Forget(int pid)
    {
        foreach (var left in Directory.EnumerateFiles(Shared, $"*faketime_s*_{pid}"))
        {
            File.Delete(left);
        }
    }
}
