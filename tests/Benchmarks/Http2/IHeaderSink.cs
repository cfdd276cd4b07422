namespace Krewe.Benchmarks.Http2;

/// <summary>Receives the headers of a block in order.</summary>
internal interface IHeaderSink
{
    void OnHeader(HeaderField field);
}
