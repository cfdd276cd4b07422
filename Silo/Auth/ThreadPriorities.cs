using System.Runtime.InteropServices;

namespace Krewe.Silo.Auth;

/// <summary>.NET does not set priorities of threads on Linux; the system call does, for the calling thread alone.</summary>
internal static partial class ThreadPriorities
{
    private const int Process = 0;
    private const int Nicest = 19;

    /// <summary>Lets this thread run when no other wants to. Best effort.</summary>
    public static void Lowest()
    {
        Thread.CurrentThread.Priority = ThreadPriority.Lowest;
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(Process, 0, Nicest);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
