namespace Krewe.Silo.Configuration.Parsing;

/// <summary>What the program shall do after its command line was read.</summary>
internal enum ParseOutcome
{
    /// <summary>Start the member with <see cref="ParseResult.Options"/>.</summary>
    Start,

    /// <summary>Print <see cref="ParseResult.Text"/> on standard output and exit with 0.</summary>
    Print,

    /// <summary>Print <see cref="ParseResult.Text"/> on standard error and exit with <see cref="ParseResult.ExitCode"/>.</summary>
    Error,
}
