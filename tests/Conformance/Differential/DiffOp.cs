using Google.Protobuf;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Differential;

/// <summary>One operation with its resolved request.</summary>
/// <param name="Stream">Index of the watch stream, for watch operations.</param>
internal sealed record DiffOp(DiffOpKind Kind, IMessage? Request = null, int Stream = 0)
{
    /// <summary>As the printed script shows it; revisions are absolute.</summary>
    public override string ToString() =>
        $"{Kind}{(Kind is DiffOpKind.WatchCreate or DiffOpKind.WatchCancel ? $" on stream {Stream}" : "")} {(Request is null ? "" : new Canon(0).Write(Request))}";
}
