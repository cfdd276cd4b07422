namespace Krewe.Silo.Configuration.Flags;

internal static partial class FlagCatalog
{
    private static IEnumerable<FlagDefinition> Profiling()
    {
        const FlagGroup group = FlagGroup.Profiling;
        const string tracing = "exporting traces is not built yet";
        yield return new FlagDefinition(
            "enable-pprof", FlagKind.Boolean, "false", group,
            "Serve /debug/pprof/ on the client URLs")
            .NotYet("there is no pprof in .NET and its counterpart is not built yet");
        yield return new FlagDefinition(
            "metrics", FlagKind.Text, "basic", group,
            "How much /metrics shows; 'extensive' adds latency histograms of requests")
            .OneOf("basic", "extensive");
        yield return new("listen-metrics-urls", FlagKind.Urls, "", group, "More addresses that serve /metrics and the health paths");
        yield return new FlagDefinition(
            "enable-distributed-tracing", FlagKind.Boolean, "false", group,
            "Export OpenTelemetry traces")
            .NotYet(tracing);
        yield return new FlagDefinition(
            "distributed-tracing-address", FlagKind.Text, "localhost:4317", group,
            "Address of the trace collector")
            .NotYet(tracing);
        yield return new FlagDefinition(
            "distributed-tracing-service-name", FlagKind.Text, "etcd", group,
            "Service name in traces")
            .NotYet(tracing);
        yield return new FlagDefinition(
            "distributed-tracing-instance-id", FlagKind.Text, "", group,
            "Service instance in traces")
            .NotYet(tracing);
        yield return new FlagDefinition(
            "distributed-tracing-sampling-rate", FlagKind.Integer, "0", group,
            "Requests traced out of a million")
            .NotYet(tracing);
    }

    private static IEnumerable<FlagDefinition> Logging()
    {
        const FlagGroup group = FlagGroup.Logging;
        const string rotation = "log rotation is not built yet";
        const string rotationDefault = """{"maxsize": 100, "maxage": 0, "maxbackups": 0, "localtime": false, "compress": false}""";
        yield return new FlagDefinition(
            "logger", FlagKind.Text, "zap", group,
            "Kind of logger; only 'zap' (its format, not the library)")
            .OneOf("zap");
        yield return new(
            "log-outputs", FlagKind.TextList, "default", group,
            "Where logs go: 'default' and 'stderr', 'stdout', or file paths, comma separated");
        yield return new FlagDefinition(
            "log-level", FlagKind.Text, "info", group,
            "Lowest level that is logged")
            .OneOf("debug", "info", "warn", "error", "panic", "fatal");
        yield return new FlagDefinition("log-format", FlagKind.Text, "json", group, "Format of the logs").OneOf("json", "console");
        yield return new FlagDefinition(
            "enable-log-rotation", FlagKind.Boolean, "false", group,
            "Rotate the one log file")
            .NotYet(rotation);
        yield return new FlagDefinition(
            "log-rotation-config-json", FlagKind.Text, rotationDefault, group,
            "Settings of the rotation")
            .NotYet(rotation);
        yield return new FlagDefinition(
            "warning-apply-duration", FlagKind.Duration, "100ms", group,
            "Time of applying an entry that is worth a warning");
        yield return new(
            "warning-unary-request-duration", FlagKind.Duration, "300ms", group,
            "Time of answering a request that is worth a warning");
    }
}
