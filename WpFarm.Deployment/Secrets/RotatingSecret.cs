using WpFarm.Deployment.Machine;

namespace WpFarm.Deployment.Secrets;

/// <summary>
/// A secret that is rotated to its next value. The next value is kept in a file beside it until the rotation is finished, so that a run
/// that was killed is finished with the same value. The secret's file is written in place: containers mount the file, and a mount would
/// keep showing a file that was replaced. Programs that read the secret on each use thus take the new value at once, without a restart.
/// </summary>
/// <param name="path">The secret's file.</param>
internal sealed class RotatingSecret(string path)
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead;

    /// <summary>True when a rotation has begun and has not finished.</summary>
    public bool IsUnderWay => File.Exists(Next);

    private string Next => path + ".next";

    public void GenerateNext()
    {
        if (!IsUnderWay)
            AtomicFile.Write(Next, SecretStore.NewValue(), OwnersOnly);
    }

    /// <summary>
    /// First phase: clients use the present value; servers accept the next one too. Does nothing when the rotation is in a later phase.
    /// </summary>
    public void AddNext()
    {
        var (next, first) = (File.ReadAllText(Next), File.ReadLines(path).First());
        if (first != next)
            SecretStore.WriteInPlace(path, $"{first}\n{next}");
    }

    /// <summary>Second phase: clients use the next value; servers accept the previous one too.</summary>
    public void UseNext()
    {
        var (next, first) = (File.ReadAllText(Next), File.ReadLines(path).First());
        if (first != next)
            SecretStore.WriteInPlace(path, $"{next}\n{first}");
    }

    /// <summary>Third phase: clients use, and servers accept, only the next value.</summary>
    public void DropPrevious() => SecretStore.WriteInPlace(path, File.ReadAllText(Next));

    public void Finish() => File.Delete(Next);
}
