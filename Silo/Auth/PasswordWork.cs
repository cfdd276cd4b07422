namespace Krewe.Silo.Auth;

/// <summary>One hash or check that waits for its turn.</summary>
/// <param name="user">Whose turn it takes.</param>
internal abstract class PasswordWork(string user)
{
    public string User { get; } = user;

    /// <summary>Its place in <see cref="PasswordQueue"/>; null once it was taken or dropped.</summary>
    public LinkedListNode<PasswordWork>? Place { get; set; }

    /// <summary>Callers that still want the answer. Changed under the gate of who owns the work.</summary>
    public int Askers { get; set; }

    /// <summary>Under which others who ask the same find it; empty for work that is never shared.</summary>
    public string Key { get; set; } = "";

    public abstract void Execute();
}
