using System.Text;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Http;

/// <summary>Writes text answers as Go's standard library writes them, which etcd's users see.</summary>
internal static class HttpText
{
    public const string Plain = "text/plain; charset=utf-8";

    public static Task WriteAsync(HttpContext http, int status, string body, string contentType = Plain)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(bytes).AsTask();
    }

    /// <summary>An error: a newline is added and content sniffing is forbidden (behaviour 307).</summary>
    public static Task WriteErrorAsync(HttpContext http, int status, string body)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return WriteAsync(http, status, body + "\n");
    }

    public static Task NotFoundAsync(HttpContext http) => WriteErrorAsync(http, StatusCodes.Status404NotFound, "404 page not found");

    public static Task MethodNotAllowedAsync(HttpContext http)
    {
        http.Response.Headers.Allow = HttpMethods.Get;
        return WriteErrorAsync(http, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
    }
}
