using System.Net.Sockets;

namespace Krewe.Benchmarks.Http2.Transport;

/// <summary>The bytes below HTTP/2, in clear or in TLS. Nothing here waits: the connection's loop calls when the socket is ready.</summary>
internal interface ITransport : IDisposable
{
    /// <summary>What <see cref="Receive"/> returns when nothing has come.</summary>
    const int NotNow = -1;

    Socket Socket { get; }

    /// <summary>Whether <see cref="Send"/> takes anything; false during a handshake.</summary>
    bool IsOpen { get; }

    /// <summary>Whether bytes that were taken still wait for the socket.</summary>
    bool HasUnsent { get; }

    /// <summary>Whether bytes may be there though the socket will not say so again.</summary>
    bool MayHaveMore { get; }

    /// <summary>How the bytes are protected, for reports.</summary>
    string Security { get; }

    /// <summary>Returns the number of bytes, 0 at the end, <see cref="NotNow"/> if there are none yet; throws <see cref="Http2Exception"/>.</summary>
    /// <param name="destination">At least as large as an HTTP/2 frame.</param>
    int Receive(Span<byte> destination);

    /// <summary>Returns how many of the bytes were taken; 0 if none can be now. Throws <see cref="Http2Exception"/>.</summary>
    int Send(ReadOnlySpan<byte> bytes);

    /// <summary>Hands the socket what waits, as far as it takes it.</summary>
    void Flush();
}
