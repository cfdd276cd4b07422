namespace Krewe.Testing.Disk;

/// <summary>The machine went down in the middle of an operation; everything on this disk object fails from then on.</summary>
public sealed class PowerLostException : Exception;
