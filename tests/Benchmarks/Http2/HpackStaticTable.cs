namespace Krewe.Benchmarks.Http2;

/// <summary>RFC 7541 appendix A. Indexes are one-based.</summary>
internal static class HpackStaticTable
{
    public const int Count = 61;
    public const int MethodPost = 3;
    public const int SchemeHttp = 6;
    public const int SchemeHttps = 7;
    public const int Authority = 1;
    public const int Path = 4;
    public const int ContentType = 31;
    public const int UserAgent = 58;

    private static readonly HeaderField[] Fields = Parse(
        """
        :authority
        :method GET
        :method POST
        :path /
        :path /index.html
        :scheme http
        :scheme https
        :status 200
        :status 204
        :status 206
        :status 304
        :status 400
        :status 404
        :status 500
        accept-charset
        accept-encoding gzip, deflate
        accept-language
        accept-ranges
        accept
        access-control-allow-origin
        age
        allow
        authorization
        cache-control
        content-disposition
        content-encoding
        content-language
        content-length
        content-location
        content-range
        content-type
        cookie
        date
        etag
        expect
        expires
        from
        host
        if-match
        if-modified-since
        if-none-match
        if-range
        if-unmodified-since
        last-modified
        link
        location
        max-forwards
        proxy-authenticate
        proxy-authorization
        range
        referer
        refresh
        retry-after
        server
        set-cookie
        strict-transport-security
        transfer-encoding
        user-agent
        vary
        via
        www-authenticate
        """);

    public static HeaderField Get(int index) => Fields[index - 1];

    private static HeaderField[] Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        return Array.ConvertAll(lines, line =>
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            return space < 0 ? new HeaderField(line, "") : new HeaderField(line[..space], line[(space + 1)..]);
        });
    }
}
