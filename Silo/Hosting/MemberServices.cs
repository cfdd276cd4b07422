using System.Reflection;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Prefixes;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Krewe.Silo.Hosting;

/// <summary>
/// The services of the member that its silos share: all singletons of the keyspace and of this program. They outlive each silo, whose container
/// therefore gets the objects and neither makes nor disposes of them.
/// </summary>
internal sealed class MemberServices(IServiceCollection registered)
{
    private static readonly HashSet<Assembly> Shared = [typeof(IKeyspaceClient).Assembly, typeof(KeyspaceClient).Assembly, typeof(MemberServices).Assembly];

    /// <summary>Registers the objects of <paramref name="member"/> in a silo's container. Resolves those that are not made yet.</summary>
    public void AddTo(IServiceCollection silo, IServiceProvider member)
    {
        silo.TryAddSingleton(member.GetRequiredService<TimeProvider>());
        silo.TryAddSingleton(member.GetRequiredService<ILoggerFactory>());
        foreach (var type in registered.Where(IsShared).Select(service => service.ServiceType).Distinct())
        {
            silo.TryAdd(ServiceDescriptor.Singleton(type, member.GetRequiredService(type)));
        }
    }

    private static bool IsShared(ServiceDescriptor service) =>
        service.Lifetime == ServiceLifetime.Singleton && !service.IsKeyedService && !service.ServiceType.IsGenericTypeDefinition && Shared.Contains(service.ServiceType.Assembly);
}
