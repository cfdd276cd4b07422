using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Krewe.Api.Gateway;

/// <summary>The HTTP request of an RPC that is called from inside this process.</summary>
internal static class LoopbackContext
{
    /// <param name="metadata">What the RPC sees as headers.</param>
    /// <param name="requests">Has the framed requests.</param>
    /// <param name="response">Takes the framed responses and the status.</param>
    /// <param name="cancellationToken">Fires when the client has gone.</param>
    public static DefaultHttpContext Create(
        IHeaderDictionary metadata, PipeReader requests, LoopbackResponse response, CancellationToken cancellationToken)
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = HttpMethods.Post, Headers = metadata });
        features.Set<IRequestBodyPipeFeature>(new LoopbackRequest(requests));
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(response);
        features.Set<IHttpResponseTrailersFeature>(response);
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = cancellationToken });
        return new DefaultHttpContext(features);
    }
}
