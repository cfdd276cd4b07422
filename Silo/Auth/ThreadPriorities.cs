using System.Runtime.InteropServices;

namespace Krewe.Silo.Auth;

/// <summary>.NET does not set priorities of threads on Linux; the system call does, for the calling thread alone.</summary>
internal static partial class ThreadPriorities
{
    private const int Process = 0;

    /// <summary>About a tenth of what an ordinary thread gets. With 19 a busy machine would let nobody in at all.</summary>
    private const int Background = 10;

    /// <summary>Lets the others run first. Best effort.</summary>
    public static void Lower()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(Process, 0, Background);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
