using Krewe.Silo.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Cluster.Tests.Hosted;

/// <summary>The product's filter, but for what TestingHost itself asks of silos from its client.</summary>
internal sealed class HostedCallFilter : IIncomingGrainCallFilter
{
    private const string TestHooks = "Orleans.Runtime.TestHooks.ITestHooks";

    private readonly OutsideCallFilter _filter = new(NullLogger<OutsideCallFilter>.Instance, TimeProvider.System);

    public Task Invoke(IIncomingGrainCallContext context) => context.InterfaceName == TestHooks ? context.Invoke() : _filter.Invoke(context);
}
