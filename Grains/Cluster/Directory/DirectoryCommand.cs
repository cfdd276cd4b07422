using Krewe.Grains.Cluster.Codec;

namespace Krewe.Grains.Cluster.Directory;

/// <summary>Encodes and decodes commands on the grain directory: format version, kind, operands.</summary>
public readonly record struct DirectoryCommand
{
    /// <summary>Most registrations or silos that one command names.</summary>
    public const int MaxItems = 4096;
    private const byte FormatVersion = 1;

    public DirectoryCommandKind Kind { get; private init; }

    /// <summary>What to register.</summary>
    public DirectoryEntry? Entry { get; private init; }

    /// <summary>The registration that may be replaced; null if none may.</summary>
    public ActivationAddress? Previous { get; private init; }

    /// <summary>For leader-bound entries the term that they are for; they are refused in any other.</summary>
    public ulong Term { get; private init; }

    public IReadOnlyList<ActivationAddress> Activations { get; private init; }

    public IReadOnlyList<string> Silos { get; private init; }

    public static DirectoryCommand Register(DirectoryEntry entry, ActivationAddress? previous, ulong term) =>
        new() { Kind = DirectoryCommandKind.Register, Entry = entry, Previous = previous, Term = term, Activations = [], Silos = [] };

    public static DirectoryCommand Unregister(IReadOnlyList<ActivationAddress> activations)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(activations.Count, MaxItems);
        return new() { Kind = DirectoryCommandKind.Unregister, Activations = activations, Silos = [] };
    }

    public static DirectoryCommand RemoveSilos(IReadOnlyList<string> silos)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(silos.Count, MaxItems);
        return new() { Kind = DirectoryCommandKind.RemoveSilos, Silos = silos, Activations = [] };
    }

    public ReadOnlyMemory<byte> Encode()
    {
        FieldWriter writer = new FieldWriter().Byte(FormatVersion).Byte((byte)Kind);
        switch (Kind)
        {
            case DirectoryCommandKind.Register:
                Entry!.Encode(writer.UInt64(Term));
                writer.Byte(Previous is null ? (byte)0 : (byte)1);
                if (Previous is { } previous)
                {
                    writer.Guid(previous.ActivationId).Text(previous.Silo);
                }

                break;
            case DirectoryCommandKind.Unregister:
                writer.Int32(Activations.Count);
                foreach (ActivationAddress activation in Activations)
                {
                    writer.Bytes(activation.Grain.Encoded).Guid(activation.ActivationId).Text(activation.Silo);
                }

                break;
            case DirectoryCommandKind.RemoveSilos:
                writer.Int32(Silos.Count);
                foreach (string silo in Silos)
                {
                    writer.Text(silo);
                }

                break;
        }

        return writer.Written;
    }

    public static DirectoryCommand Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new FieldReader(payload);
        reader.Version(FormatVersion);
        var kind = (DirectoryCommandKind)reader.Byte();
        return kind switch
        {
            DirectoryCommandKind.Register => DecodeRegister(ref reader),
            DirectoryCommandKind.Unregister => DecodeUnregister(ref reader),
            DirectoryCommandKind.RemoveSilos => DecodeRemoveSilos(ref reader),
            _ => throw new InvalidDataException($"Unknown grain directory command {(byte)kind}."),
        };
    }

    private static DirectoryCommand DecodeRegister(ref FieldReader reader)
    {
        ulong term = reader.UInt64();
        DirectoryEntry entry = DirectoryEntry.Decode(ref reader);
        ActivationAddress? previous = reader.Byte() == 0 ? null : new(entry.Grain, reader.Guid(), reader.RequiredText());
        return Register(entry, previous, term);
    }

    private static DirectoryCommand DecodeUnregister(ref FieldReader reader)
    {
        var activations = new ActivationAddress[reader.Count()];
        for (int i = 0; i < activations.Length; i++)
        {
            activations[i] = new(GrainKey.Decode(reader.Bytes()), reader.Guid(), reader.RequiredText());
        }

        return Unregister(activations);
    }

    private static DirectoryCommand DecodeRemoveSilos(ref FieldReader reader)
    {
        var silos = new string[reader.Count()];
        for (int i = 0; i < silos.Length; i++)
        {
            silos[i] = reader.RequiredText();
        }

        return RemoveSilos(silos);
    }
}
