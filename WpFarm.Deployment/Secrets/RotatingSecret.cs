using WpFarm.Deployment.Machine;

namespace WpFarm.Deployment.Secrets;

/// <summary>
/// A secret on its way to its next value, which is kept beside it until all is done: a run that was killed is finished with the same one.
/// The file itself is written in place. Containers hold it by a mount, which would go on showing a file that was replaced; and so those
/// who read it when they use it change over at once, without a restart.
/// </summary>
/// <param name="path">The secret's file.</param>
internal sealed class RotatingSecret(string path)
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead;

    /// <summary>A run has begun to change it, and has not come to the end.</summary>
    public bool IsUnderWay => File.Exists(Next);

    private string Next => path + ".next";

    public void Begin()
    {
        if (!IsUnderWay)
            AtomicFile.Write(Next, SecretStore.NewValue(), OwnersOnly);
    }

    /// <summary>Used: the present value. Accepted: the next one as well. Nothing, when it is further already.</summary>
    public void Offer()
    {
        var (next, first) = (File.ReadAllText(Next), File.ReadLines(path).First());
        if (first != next)
            WriteInPlace($"{first}\n{next}");
    }

    /// <summary>Used: the next value. Accepted: the one before as well.</summary>
    public void Turn()
    {
        var (next, first) = (File.ReadAllText(Next), File.ReadLines(path).First());
        if (first != next)
            WriteInPlace($"{next}\n{first}");
    }

    /// <summary>The next value alone.</summary>
    public void Settle() => WriteInPlace(File.ReadAllText(Next));

    public void End() => File.Delete(Next);

    /// <summary>In one piece: whoever reads at that moment finds a whole first line, the one or the other.</summary>
    private void WriteInPlace(string content)
    {
        File.SetUnixFileMode(path, SecretStore.ReadOnly | UnixFileMode.UserWrite);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(content));
            file.SetLength(content.Length);
            file.Flush(flushToDisk: true);
        }

        File.SetUnixFileMode(path, SecretStore.ReadOnly);
    }
}
