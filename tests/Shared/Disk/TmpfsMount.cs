using System.Diagnostics;

namespace Krewe.Testing.Disk;

/// <summary>A small memory file system, for tests of a full disk. Needs root.</summary>
public sealed class TmpfsMount : IDisposable
{
    private readonly string _directory;

    private TmpfsMount(string directory) => _directory = directory;

    /// <summary>Mounts a file system of <paramref name="size"/> (as mount(8) takes it), or returns null if that isn't allowed.</summary>
    public static TmpfsMount? TryCreate(string directory, string size)
    {
        Directory.CreateDirectory(directory);
        return Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", directory)
            ? new TmpfsMount(directory)
            : null;
    }

    public void Dispose()
    {
        if (!Run("umount", _directory))
        {
            Run("umount", "-l", _directory);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
