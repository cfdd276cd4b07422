namespace Krewe.Api.Hosting.Transport;

/// <summary>Marks a connection with the role of the listener that accepted it; requests inherit it.</summary>
internal sealed class ListenerFeature(ListenerRole role)
{
    public static readonly ListenerFeature Client = new(ListenerRole.Client);

    public static readonly ListenerFeature Metrics = new(ListenerRole.Metrics);

    public ListenerRole Role { get; } = role;
}
