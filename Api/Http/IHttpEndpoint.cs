using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Http;

/// <summary>A plain HTTP resource.</summary>
internal interface IHttpEndpoint
{
    string Path { get; }

    /// <summary>Whether paths below <see cref="Path"/> are served too.</summary>
    bool HasSubPaths => false;

    /// <summary>Whether metrics listeners serve it (behaviour 315).</summary>
    bool OnMetricsListeners => true;

    /// <summary>Whether only GET is allowed (behaviour 312).</summary>
    bool GetOnly => true;

    Task HandleAsync(HttpContext http);
}
