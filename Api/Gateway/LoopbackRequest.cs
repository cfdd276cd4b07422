using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Krewe.Api.Gateway;

/// <summary>The framed requests of an RPC that is called from inside this process.</summary>
/// <param name="reader">Has the frames.</param>
internal sealed class LoopbackRequest(PipeReader reader) : IRequestBodyPipeFeature
{
    public PipeReader Reader => reader;
}
