using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace Krewe.Silo.Tls;

/// <summary>Puts TLS between silos.</summary>
internal static class SiloTlsExtensions
{
    /// <summary>Every connection of the silo, to it and from it, goes through <paramref name="tls"/>.</summary>
    public static ISiloBuilder UseSiloTls(this ISiloBuilder silo, SiloTls tls) => silo.Configure<SiloConnectionOptions>(connections =>
    {
        connections.ConfigureSiloInboundConnection(builder => builder.Use(next => connection => tls.AcceptAsync(connection, next)));
        connections.ConfigureSiloOutboundConnection(builder => builder.Use(next => connection => tls.ConnectAsync(connection, next)));
        connections.ConfigureGatewayInboundConnection(builder => builder.Use(next => connection => tls.AcceptAsync(connection, next)));
    });
}
