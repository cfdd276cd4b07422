using System.IO.Pipelines;

namespace Krewe.Silo.Tls;

/// <summary>The two directions of a connection.</summary>
internal sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
