using System.Buffers.Binary;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Krewe.Benchmarks.Http2;

/// <summary>Linux epoll(7), level-triggered.</summary>
internal sealed partial class Epoll : IDisposable
{
    private const int MaxEvents = 256;
    private const int Interrupted = 4;
    private const int CloseOnExec = 0x80000;
    private const int OperationAdd = 1;
    private const int OperationModify = 3;
    private const uint In = 0x1;
    private const uint Out = 0x4;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(ulong);

    private readonly int _descriptor = Check(Create(CloseOnExec));
    private readonly byte[] _events = new byte[MaxEvents * EventSize];

    public void Add(Socket socket, int index) => Control(OperationAdd, socket, index, In);

    public void Change(Socket socket, int index, bool wantsWrites) =>
        Control(OperationModify, socket, index, wantsWrites ? In | Out : In);

    /// <summary>Returns how many sockets are ready; 0 after the timeout.</summary>
    public int Wait(int timeoutMilliseconds)
    {
        var count = Wait(_descriptor, _events, MaxEvents, timeoutMilliseconds);
        return count < 0 && Marshal.GetLastPInvokeError() == Interrupted ? 0 : Check(count);
    }

    /// <summary>The index given to <see cref="Add"/> for the n-th ready socket.</summary>
    public int IndexOf(int position) =>
        BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan((position * EventSize) + DataOffset));

    public void Dispose() => _ = Close(_descriptor);

    private void Control(int operation, Socket socket, int index, uint interest)
    {
        Span<byte> item = stackalloc byte[EventSize];
        item.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(item, interest);
        BinaryPrimitives.WriteInt32LittleEndian(item[DataOffset..], index);
        Check(Control(_descriptor, operation, (int)socket.Handle, item));
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int descriptor, Span<byte> item);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, [Out] byte[] events, int maxEvents, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
