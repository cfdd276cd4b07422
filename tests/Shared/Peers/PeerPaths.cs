namespace Krewe.Testing.Peers;

/// <summary>
/// Where the peers are that tests/peers/install.sh fetched. Each path can be overridden by a variable; a peer that is
/// absent skips the test with the reason, and never passes it.
/// </summary>
internal static class PeerPaths
{
    private static readonly string Cache =
        Variable("KREWE_PEERS")
        ?? Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(Home(), ".cache"), "krewe-peers");

    /// <summary>The newest etcd server that could be had: the reference of the conformance cases.</summary>
    public static string Etcd => Require("KREWE_PEER_ETCD", Path.Combine(Cache, "etcd-new/usr/bin/etcd"));

    /// <summary>etcdctl of the same release as <see cref="Etcd"/>.</summary>
    public static string Etcdctl => Require("KREWE_PEER_ETCDCTL", Path.Combine(Cache, "etcd-new/usr/bin/etcdctl"));

    /// <summary>etcdctl 3.4, which older distributions still install.</summary>
    public static string Etcdctl34 => Require("KREWE_PEER_ETCDCTL34", Path.Combine(Cache, "etcd-34/usr/bin/etcdctl"));

    /// <summary>The interpreter that Debian's python3-etcd3 is installed for.</summary>
    public static string Python => Require("KREWE_PEER_PYTHON", "/usr/bin/python3");

    /// <summary>An extra PYTHONPATH for an unpacked python3-etcd3.</summary>
    public static string PythonPath => Path.Combine(Cache, "python/usr/lib/python3/dist-packages");

    /// <summary>The node_modules folder that holds npm's etcd3.</summary>
    public static string NodeModules
    {
        get
        {
            var modules = Variable("KREWE_PEER_NODE_MODULES") ?? Path.Combine(Cache, "npm/node_modules");
            Assert.SkipUnless(Directory.Exists(Path.Combine(modules, "etcd3")), $"npm's etcd3 is not in {modules}: run tests/peers/install.sh");
            return modules;
        }
    }

    /// <summary>The Krewe binary: KREWE_BIN, else the Release build of Silo.</summary>
    /// <exception cref="FileNotFoundException">Krewe was not built: that fails the tests rather than skipping them.</exception>
    public static string Krewe
    {
        get
        {
            var path = Variable("KREWE_BIN") ?? Path.Combine(RepositoryPaths.Root, "Silo/bin/Release/net10.0/krewe");
            return File.Exists(path) ? path : throw new FileNotFoundException("Krewe is not built: build Silo in Release or set KREWE_BIN", path);
        }
    }

    /// <summary>Starts a member, the binary in KREWE_REAL, and a gateway to it where the member was asked to listen.</summary>
    public static string KreweBehindGateway => Path.Combine(RepositoryPaths.Root, "tests/peers/krewe-behind-gateway.sh");

    /// <summary>
    /// Set when KREWE_BIN is itself an etcd, which checks this harness: both sides must then agree in everything, so the
    /// declared deviations are not applied and Krewe-only cases are skipped.
    /// </summary>
    public static bool SelfCheck => Variable("KREWE_SELFCHECK") == "1";

    /// <summary>A positive integer from the environment, or the default.</summary>
    public static int Number(string variable, int otherwise) =>
        int.TryParse(Variable(variable), out var value) && value > 0 ? value : otherwise;

    private static string Require(string variable, string otherwise)
    {
        var path = Variable(variable) ?? otherwise;
        Assert.SkipUnless(File.Exists(path), $"{path} is absent: run tests/peers/install.sh or set {variable}");
        return path;
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string Home() => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
}
