using System.Globalization;

namespace Krewe.Grains.Cluster.Directory;

/// <summary>Orleans' activation ids as the GUIDs that the directory and the write fence use.</summary>
public static class ActivationGuid
{
    private const int TextLength = 33;

    /// <summary>The GUID inside an activation id, whose public form is <c>@</c> and 32 hex digits.</summary>
    public static Guid From(ActivationId activationId)
    {
        Span<char> text = stackalloc char[TextLength];
        bool formatted = ((ISpanFormattable)activationId).TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        return formatted && length == TextLength ? Guid.ParseExact(text[1..], "N") : throw new FormatException($"Unexpected activation id {activationId}.");
    }
}
