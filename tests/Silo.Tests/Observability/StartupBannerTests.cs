using Krewe.Silo.Observability;
using ParsingHelper = Krewe.Silo.Tests.Configuration.Parsing.Parsing;

namespace Krewe.Silo.Tests.Observability;

public sealed class StartupBannerTests
{
    [Fact]
    public void It_says_what_this_is_where_data_lies_and_which_urls_serve_what()
    {
        var options = ParsingHelper.Options("--name=m1", "--data-dir=/d/m1", "--wal-dir=/w", "--listen-metrics-urls=http://127.0.0.1:9000", "--unsafe-no-fsync");

        var lines = StartupBanner.Create(options, 0x8e9e05c52164694d, 0x0df818194e3a8c32).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Matches(@"^krewe \d+\.\d+\.\d+: .* etcd 3\.7\.1", lines[0]);
        Assert.Equal(
            [
                "  member   m1 (8e9e05c52164694d) of cluster df818194e3a8c32",
                "  data     /d/m1",
                "  log      /w",
                "  clients  http://localhost:2379  (gRPC; HTTP: /health /livez /readyz /version /metrics)",
                "  peers    http://localhost:2380",
                "  metrics  http://127.0.0.1:9000  (/metrics /health /livez /readyz)",
                "  unsafe   --unsafe-no-fsync is set: a power failure loses acknowledged writes",
            ],
            lines[1..]);
    }
}
