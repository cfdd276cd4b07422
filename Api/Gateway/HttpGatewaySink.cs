using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Gateway;

/// <summary>Answers a POST: one object, or a line for each.</summary>
internal sealed class HttpGatewaySink(HttpResponse response) : IGatewaySink
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public async ValueTask WriteAsync(int httpStatus, ReadOnlyMemory<byte> json, bool endsLine, CancellationToken cancellationToken)
    {
        if (!response.HasStarted)
        {
            response.StatusCode = httpStatus;
            response.ContentType = "application/json";
            response.ContentLength = endsLine ? null : json.Length;
        }

        await response.BodyWriter.WriteAsync(json, cancellationToken);
        if (endsLine)
        {
            await response.BodyWriter.WriteAsync(LineEnd, cancellationToken);
        }
    }
}
