namespace Krewe.Api.Gateway;

/// <summary>A JSON value is longer than the gateway takes.</summary>
internal sealed class JsonTooLargeException(long bytes, int maxBytes)
    : Exception($"grpc: received message larger than max ({bytes} vs. {maxBytes})");
