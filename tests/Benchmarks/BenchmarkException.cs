namespace Krewe.Benchmarks;

/// <summary>The run cannot give an honest figure: a wrong answer, too many errors, or a server that does not start.</summary>
internal sealed class BenchmarkException(string message, Exception? inner = null) : Exception(message, inner);
