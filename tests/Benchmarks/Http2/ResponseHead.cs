using System.Globalization;

namespace Krewe.Benchmarks.Http2;

/// <summary>What a gRPC client needs of a response's headers and trailers.</summary>
internal struct ResponseHead : IHeaderSink
{
    public ResponseHead() => Reset();

    /// <summary>0 until <c>:status</c> has come.</summary>
    public int HttpStatus { get; private set; }

    /// <summary>-1 until <c>grpc-status</c> has come.</summary>
    public int GrpcStatus { get; private set; }

    public string GrpcMessage { get; private set; } = "";

    public readonly bool IsOk => HttpStatus == 200 && GrpcStatus == 0;

    public void Reset()
    {
        HttpStatus = 0;
        GrpcStatus = -1;
        GrpcMessage = "";
    }

    public void OnHeader(HeaderField field)
    {
        switch (field.Name)
        {
            case ":status":
                HttpStatus = ParseCode(field);
                break;
            case "grpc-status":
                GrpcStatus = ParseCode(field);
                break;
            case "grpc-message":
                GrpcMessage = Uri.UnescapeDataString(field.Value);
                break;
        }
    }

    public override readonly string ToString() => $"HTTP {HttpStatus}, grpc-status {GrpcStatus} {GrpcMessage}";

    private static int ParseCode(HeaderField field) =>
        int.TryParse(field.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? code
            : throw new Http2Exception($"{field.Name} is not a number: {field.Value}");
}
